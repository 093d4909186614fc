"""Reads a model's free text as one of the options, by fixed rules: the same text always gives the same answer.

Refusals, contradictions and texts that name several options or none are no answer. Nothing is asked of another model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rls3.benchmarks.item import LETTERS, Item

Answer = int | float | None

_TOKENS = re.compile(r"</?s>|<\|[^|>]*\|>|<(?:eos|bos|pad|end_of_utterance|end_of_turn)>|[*`$]")
_ANSWER_TAG = re.compile(r"<answer>(.*?)</answer>", re.DOTALL | re.IGNORECASE)
_BOXED = re.compile(r"\\boxed\{(?:\\text\{)?\s*\(?([^{}()]*)\)?\s*\}?\}")
# The letter alone, as in: (b) or Option B.
_LONE_LETTER = re.compile(r"\W*(?:(?:option|choice|answer)\W+)?\(?([A-Za-z])\)?\W*", re.IGNORECASE)
# A letter and more at the start, as in: (B) left, or B. left
_LABELLED = re.compile(r"\(?([A-Z])(?:\)[.:]?|[.:])\s*(\S.*)")
# A conclusion, as in: the answer is (B), or I choose B
_CUE = re.compile(
    r"(?<![Nn]either )(?<![Nn]ot )\b(?:answer|option|choice|choose|select|pick)"
    r"(?:\s+(?:is|would be|should be|must be|to the question is))*\s*:?\s*\(?([A-Z])\)?(?![\w'])"
)
# A conclusion in words, as in: the answer is left.
_CUE_TEXT = re.compile(r"\banswer(?:\s+(?:is|would be|should be))?\s*:?\s*([^.\n]+)", re.IGNORECASE)
_BRACKETED = re.compile(r"\(([A-Z])\)")
# A letter by itself; A only where it cannot be the article.
_STANDALONE = re.compile(r"\b([B-Z])\b(?!')|\b(A)\b(?=\s*(?:[.,;:!?)]|\s(?:and|or)\b|$))")
_REFUSAL = re.compile(
    r"\b(?:sorry|can(?:not|'t)|unable|impossible|no idea|don't know|neither|none of the(?:se)?"
    r"|not (?:possible|clear|visible|enough))\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:not|never|neither|nor)\b|n't\b", re.IGNORECASE)
# What follows is what the answer is compared to.
_COMPARED = re.compile(r"\b(?:than|compared (?:to|with)|while|whereas|instead of)\b|, not\b", re.IGNORECASE)
_YES_AND_NO = re.compile(r"\b(?:yes|true)\s*(?:/|and|or)\s*(?:no|false)\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+(?:[.:][0-9]+)*|[A-Z](?![A-Za-z])")
# A capitalised word, or a sentence's first article: "A chair" has one, "A is closer" and "Box A" have none.
_CAPITALISED = re.compile(r"\b[A-Z][A-Za-z]+|^A(?=\s+(?!(?:is|was|has|seems|appears|looks|and|or)\b)[a-z])")
_STOPWORDS = frozenset(("a", "an", "the", "of", "in", "to", "is", "are", "it", "at"))
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def literal(given: str | int | float | bool, item: Item, *, indexed: bool) -> Answer:
    """An answer that needs no reading: a number, an option's own text, true or false, an option's index.

    Args:
        given: what the predictions file holds.
        item: the question.
        indexed: whether the benchmark's predictions are published as 0-based indices, so that a bare 1 is option 1.
    """
    if item.number is not None:
        return float(given) if isinstance(given, int | float) and not isinstance(given, bool) else None
    text = str(given).strip()
    if text in item.options:
        return item.options.index(text)
    if isinstance(given, bool):
        return _yes_no(text, item.options)
    if indexed and re.fullmatch(r"\d+(?:\.0)?", text) and (index := int(float(text))) < len(item.options):
        return index
    return None


def extract(text: str, options: Sequence[str]) -> int | None:
    """The option that `text` names.

    Tried in turn: the whole text is a letter or an option; it begins with a labelled option ("B. left"); it concludes
    ("the answer is B"); one bracketed letter in its last paragraph, or in all of it; the first sentence that names just
    one option.

    Args:
        text: what the model wrote.
        options: the options in the order their letters count.

    Returns:
        The option's index; None for a refusal, a contradiction, several options or none.
    """
    cleaned = _cleaned(text)
    if not cleaned or not options:
        return None
    whole = _whole(cleaned, options)
    if whole is not None:
        return whole
    if labelled := _LABELLED.match(cleaned):
        return _labelled(labelled, cleaned, options)
    for reader in (_concluded, _bracketed):
        if found := reader(cleaned, options):
            return found.pop() if len(found) == 1 else None
    return _mentioned(cleaned, options)


def _cleaned(text: str) -> str:
    """Without special tokens, markup and a chain of thought before the answer."""
    text = text.rpartition("</think>")[2]
    if tagged := _ANSWER_TAG.findall(text):
        text = tagged[-1]
    text = _BOXED.sub(r"The answer is \1.", text)
    return _TOKENS.sub("", text).replace("’", "'").strip()


def _whole(text: str, options: Sequence[str]) -> int | None:
    """The option that the text is, and nothing else."""
    plain = _plain(text)
    for index, option in enumerate(options):
        if plain in {_plain(form) for form in _forms(option)}:
            return index
    if (match := _LONE_LETTER.fullmatch(text)) and (index := LETTERS.index(match[1].upper())) < len(options):
        return index
    return _yes_no(plain, options)


def _labelled(match: re.Match[str], text: str, options: Sequence[str]) -> int | None:
    """The letter the text begins with, unless another option or letter is beside it or another answer follows."""
    index = LETTERS.index(match[1])
    if index >= len(options):
        return None
    beside = _whole(match[2], options)
    others = _in_range(_BRACKETED.findall(match[2]), options) | _concluded(text[match.end() :], options)
    return index if (beside is None or beside == index) and others <= {index} else None


def _concluded(text: str, options: Sequence[str]) -> set[int]:
    """Options that phrases such as "the answer is B" name; of several paragraphs with such phrases, the last."""
    for paragraph in (*reversed(text.split("\n\n")), text):
        if found := _in_range(_CUE.findall(paragraph), options):
            return found
        named = [_whole(phrase, options) for phrase in _CUE_TEXT.findall(paragraph)]
        if found := {index for index in named if index is not None}:
            return found
    return set()


def _bracketed(text: str, options: Sequence[str]) -> set[int]:
    """Options whose bracketed letter stands in the last paragraph; when that is not one, in the whole text."""
    last = _in_range(_BRACKETED.findall(text.split("\n\n")[-1]), options)
    return last if len(last) == 1 else _in_range(_BRACKETED.findall(text), options)


def _mentioned(text: str, options: Sequence[str]) -> int | None:
    """The option of the first sentence that names just one, unless a refusal comes first."""
    sentences = [sentence for sentence in re.split(r"(?<=[.!?])\s+|\n+", text) if sentence.strip()]
    stated = {index for sentence in sentences if (index := _whole(sentence, options)) is not None}
    for sentence in sentences:
        clause = _COMPARED.split(sentence)[0]
        if _REFUSAL.search(clause):
            return None
        named = _named(clause, options)
        if len(named) == 1:
            return named.pop() if stated <= named else None
    return None


def _named(clause: str, options: Sequence[str]) -> set[int]:
    """Options whose telling words, or else whose letters, the clause holds; none when it denies."""
    if all(_plain(option) in _YES_NO for option in options):
        plain = _plain(clause).split(" ")
        answer = _yes_no(plain[0], options)
        if answer is None and not _NEGATION.search(clause):
            answer = _yes_no(plain[-1], options)
        return set() if answer is None or _YES_AND_NO.search(clause) else {answer}
    words = _words(clause)
    hits = {index: _telling(option, options, words) for index, option in enumerate(options)}
    found = {index: form for index, form in hits.items() if form}
    kept = {index for index, form in found.items() if not any(form < other for other in found.values())}
    if kept:
        return set() if _NEGATION.search(clause) else kept
    return _in_range([b_to_z or a for b_to_z, a in _STANDALONE.findall(clause)], options)


def _telling(option: str, options: Sequence[str], words: frozenset[str]) -> frozenset[str]:
    """The words that tell an option from the others, when `words` holds them all; else none."""
    shared = frozenset.intersection(*map(_words, options))
    for form in _forms(option):
        own = _words(form) - shared
        telling = (own - _STOPWORDS) or own
        if telling and telling <= words:
            return telling
    return frozenset()


def _words(text: str) -> frozenset[str]:
    """Words in lower case, but single capitals stay: "Point A" names A, "a point" does not."""
    return frozenset(_WORD.findall(_CAPITALISED.sub(lambda match: match[0].lower(), text)))


def _forms(option: str) -> Iterator[str]:
    """An option and, for "on/above", each of its alternatives."""
    yield option
    if "/" in option and " " not in option:
        yield from option.split("/")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w'%.:-]*[\w%]", text.casefold()))


def _yes_no(word: str, options: Sequence[str]) -> int | None:
    """The option of the yes/no or true/false kind that means the same as `word`."""
    meant = _YES_NO.get(word.casefold())
    if meant is None:
        return None
    return next((index for index, option in enumerate(options) if _YES_NO.get(_plain(option)) is meant), None)


def _in_range(letters: Sequence[str], options: Sequence[str]) -> set[int]:
    return {index for letter in letters if (index := LETTERS.index(letter)) < len(options)}

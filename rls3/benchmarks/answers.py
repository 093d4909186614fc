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
_LONE_LETTER = re.compile(r"\W*(?:(?:option|choice|answer)\W+)?\(?([A-Za-z])\)?\W*", re.IGNORECASE)
_LABELLED = re.compile(r"\(?([A-Z])(?:\)[.:]?|[.:])\s*(\S.*)")
_CUE = re.compile(
    r"\b(?:answer|option|choice|choose|select|pick)(?:\s+(?:is|would be|should be|to the question is|must be))*"
    r"\s*:?\s*\n*\s*\(?([A-Z])\)?(?![\w'])"
)
_CUE_TEXT = re.compile(r"\banswer(?:\s+(?:is|would be|should be))?\s*:?\s*([^.\n]+)", re.IGNORECASE)
_BRACKETED = re.compile(r"\(([A-Z])\)")
_STANDALONE = re.compile(r"\b([B-Z])\b(?!')|\bA\b(?=\s*(?:[.,;:!?)]|$))")
_REFUSAL = re.compile(
    r"\b(?:sorry|can(?:not|'t)|unable|impossible|not (?:possible|clear|visible|enough)|none of (?:the|these)|neither)"
    r"\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:not|never|neither|nor)\b|n't\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+(?:[.:][0-9]+)*|[A-Z](?![A-Za-z])")
_STOPWORDS = frozenset(("a", "an", "the", "of", "in", "to", "is", "are", "it", "at"))
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def literal(given: str | int | float | bool, item: Item) -> Answer:
    """An answer that needs no reading: the option's own text, or its index in the published order.

    Booleans answer options of the yes/no kind. Whole numbers, also as text, are indices unless an option reads so.
    """
    if isinstance(given, bool):
        return _yes_no(str(given), item.options)
    if item.number is not None:
        return float(given) if isinstance(given, int | float) else None
    text = str(given).strip()
    if text in item.options:
        return item.options.index(text)
    return int(text) if text.isdigit() and int(text) < len(item.options) else None


def extract(text: str, options: Sequence[str]) -> int | None:
    """The option that `text` names.

    Tried in turn: the whole text is a letter or an option; it begins with a labelled option ("B. left"); it concludes
    ("the answer is B"); one bracketed letter in its last paragraph, or in all of it; one option in its first sentence,
    or in its last.

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
        found = reader(cleaned, options)
        if found:
            return found.pop() if len(found) == 1 else None
    if _REFUSAL.search(cleaned):
        return None
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
    """The letter the text begins with, unless the text beside it is another option or another answer follows."""
    index = LETTERS.index(match[1])
    if index >= len(options):
        return None
    beside = _whole(match[2], options)
    later = _concluded(text[match.end() :], options)
    return index if (beside is None or beside == index) and later <= {index} else None


def _concluded(text: str, options: Sequence[str]) -> set[int]:
    """Options that phrases such as "the answer is B" name; of several paragraphs with such a phrase, the last."""
    for paragraph in reversed([text, *text.split("\n\n")][1:]):
        found = _in_range(_CUE.findall(paragraph), options)
        if not found:
            named = [_whole(phrase, options) for phrase in _CUE_TEXT.findall(paragraph)]
            found = {index for index in named if index is not None}
        if found:
            return found
    return _in_range(_CUE.findall(text), options)


def _bracketed(text: str, options: Sequence[str]) -> set[int]:
    """Options whose bracketed letter stands in the last paragraph; when that is not one, in the whole text."""
    last = _in_range(_BRACKETED.findall(text.split("\n\n")[-1]), options)
    return last if len(last) == 1 else _in_range(_BRACKETED.findall(text), options)


def _mentioned(text: str, options: Sequence[str]) -> int | None:
    """The one option that the first sentence names, else the one that the last names."""
    sentences = [s for s in re.split(r"(?<=[.!?])\s+|\n+", text) if s.strip()]
    stated = {index for s in sentences if (index := _whole(s, options)) is not None}
    if len(stated) > 1:
        return None
    for sentence in (sentences[0], sentences[-1]):
        found = _named(sentence, options)
        if found:
            return found.pop() if len(found) == 1 and stated <= found else None
    return None


def _named(sentence: str, options: Sequence[str]) -> set[int]:
    """Options whose telling words, or else whose letters, the sentence holds; a denied one answers nothing."""
    first = _plain(sentence).split(" ")[0]
    if (answer := _yes_no(first, options)) is not None:
        return {answer}
    words = frozenset(_WORD.findall(_lowered(sentence)))
    telling = [[_telling(form, options) for form in _forms(option)] for option in options]
    found = {
        index: max(hits, key=len) for index, forms in enumerate(telling) if (hits := [f for f in forms if f <= words])
    }
    kept = {index for index, form in found.items() if not any(form < other for other in found.values())}
    if kept:
        return set(range(len(options))) if _NEGATION.search(sentence) else kept
    return _in_range([letter or "A" for letter in _STANDALONE.findall(sentence)], options)


def _telling(form: str, options: Sequence[str]) -> frozenset[str]:
    """The words of an option that tell it from the others."""
    words = frozenset(_WORD.findall(_lowered(form)))
    shared = frozenset.intersection(*(frozenset(_WORD.findall(_lowered(option))) for option in options))
    own = words - shared
    return (own - _STOPWORDS) or own or words


def _lowered(text: str) -> str:
    """Lower case, but single capitals stay: "Point A" names A, "a point" does not."""
    return re.sub(r"\b[A-Z][A-Za-z]+|\b[A-Z](?=\s+[a-z]+\s+(?:is|are)\b)", lambda m: m[0].lower(), text)


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
    return next(
        (i for i, option in enumerate(options) if meant is not None and _YES_NO.get(_plain(option)) is meant), None
    )


def _in_range(letters: Sequence[str], options: Sequence[str]) -> set[int]:
    return {index for letter in letters if (index := LETTERS.index(letter)) < len(options)}

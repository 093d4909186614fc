"""Reading a record's texts back: what each of them claims, and whether that holds in the record's own scene.

Texts are not parsed word by word: every statement that could be made with the objects of a question is put into words
in every paraphrase, and a text means those statements that read like it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from rls3.config import RelationConfig
from rls3.samples.record import Sample
from rls3.scene.facts import NO, YES, Fact
from rls3.scene.language import caption, negatives, question, terms_of, wording
from rls3.scene.language.answers import accepted_answers, short_answer
from rls3.scene.language.captions import fields, sentence, yes_no
from rls3.scene.language.direction import listed
from rls3.scene.language.questions import names_for
from rls3.scene.language.statements import Statement, truth_of
from rls3.scene.model import Scene
from rls3.scene.naming import Name, names_of, uniquely_named
from rls3.scene.relations.measure import bands

Holds = Callable[[Statement], bool]
Readings = Mapping[str, list[Statement]]
_MOST = 20
"""Counts up to which statements are made."""
_WORDS = {"nearer": (("nearer",), ("farther",)), "cause": (("object",), ("camera",))}
_PLACES = ("on", "under", "in")


def misreadings(sample: Sample, fact: Fact, scene: Scene, rule: RelationConfig, holds: Holds) -> Iterator[str]:
    """What is wrong with a record's question, options and caption.

    Args:
        sample: a valid record.
        fact: what it is about, derived anew.
        scene: of its picture.
        rule: the thresholds it was labelled by.
        holds: whether a statement is true in the scene.
    """
    if _plain(sample, fact, scene):
        yield from _plain_options(sample, fact)
        return
    names = names_for(fact, scene, names_of(scene, sample.colors))
    if names is None:
        yield "its objects have no names that tell them apart"
        return
    statements = _statements(fact, rule)
    captions = _readings(statements, lambda each: _sentences(each, names))
    yield from _judged("caption", sample.caption, captions, True, holds)
    match sample.kind:
        case "yes_no":
            wanted = sample.options[sample.answer] == "yes"
            asked = _readings(statements, lambda each: _yes_no_questions(each, names))
            yield from _judged("question", sample.question, asked, wanted, holds)
            if sample.asserted not in [each.value for each in asked.get(sample.question, ())]:
                yield f"question '{sample.question}' does not ask whether {sample.asserted} holds"
        case "caption_choice":
            for place, option in enumerate(sample.options):
                yield from _judged("option", option, captions, place == sample.answer, holds)
        case "multiple_choice":
            yield from _choice(sample, fact, rule, names, statements, holds)
        case "open":
            accepted = [accepted_answers(truth_of(fact), names, stem) for stem in _stems(fact, rule)]
            if sample.options not in accepted:
                yield f"accepted answers {sample.options} are not those of the truth {fact.value}"
        case _:
            yield f"there is no kind of question '{sample.kind}'"


def _choice(
    sample: Sample,
    fact: Fact,
    rule: RelationConfig,
    names: Mapping[str, Name],
    statements: Iterable[Statement],
    holds: Holds,
) -> Iterator[str]:
    truth = truth_of(fact)
    stems = [stem for stem in _stems(fact, rule) if sample.question in _questions(stem, truth, names, sample.options)]
    if not stems:
        yield f"question '{sample.question}' does not ask about {fact.predicate}"
        return
    alike = [s for s in statements if (s.word == truth.word if stems[0] == "which" else s.about == truth.about)]
    answers = _readings(alike, lambda each: [short_answer(each, names, stems[0])])
    for place, option in enumerate(sample.options):
        yield from _judged("option", option, answers, place == sample.answer, holds)


def _judged(what: str, text: str, readings: Readings, wanted: bool, holds: Holds) -> Iterator[str]:
    found = readings.get(text, [])
    if not found:
        yield f"{what} '{text}' says nothing that can be checked"
    elif any(holds(statement) != wanted for statement in found):
        yield f"{what} '{text}' is {'false' if wanted else 'true'} in its scene"


def _plain(sample: Sample, fact: Fact, scene: Scene) -> bool:
    """Whether a record asks where one thing is relative to another as runs do: by their nouns alone."""
    if fact.family != "direction" or sample.kind != "multiple_choice":
        return False
    subject, reference = (scene.by_id(object_id) for object_id in fact.about)
    plain = question(subject, reference), caption(subject, reference, truth_of(fact).terms)
    return (sample.question, sample.caption) == plain and all(uniquely_named(scene, o) for o in (subject, reference))


def _plain_options(sample: Sample, fact: Fact) -> Iterator[str]:
    for place, option in enumerate(sample.options):
        try:
            right = terms_of(option) == fact.value
        except ValueError as error:
            yield str(error)
            continue
        if right != (place == sample.answer):
            yield f"option '{option}' is {'true' if right else 'false'} in its scene"


def _readings(statements: Iterable[Statement], texts: Callable[[Statement], Iterable[str]]) -> Readings:
    found: dict[str, list[Statement]] = {}
    for statement in statements:
        for text in texts(statement):
            found.setdefault(text, []).append(statement)
    return found


def _sentences(statement: Statement, names: Mapping[str, Name]) -> set[str]:
    numbers = range(len(wording.SENTENCES[statement.word]))
    return {sentence(statement, names, n, described=colored) for n in numbers for colored in (False, True)}


def _yes_no_questions(statement: Statement, names: Mapping[str, Name]) -> set[str]:
    numbers = range(len(wording.YES_NO.get(statement.word, ())))
    return {yes_no(statement, names, n) for n in numbers}


def _stems(fact: Fact, rule: RelationConfig) -> list[str]:
    return [contrast.stem for contrast in negatives.choices(fact, bands(rule), np.random.default_rng(0))]


def _questions(stem: str, truth: Statement, names: Mapping[str, Name], options: tuple[str, ...]) -> list[str]:
    filled = fields(truth, names) | {"any": listed(options, "or"), "each": listed(options)}
    if stem == "which":
        filled["more"] = wording.MORE[truth.word].format_map(filled)
    return [template.format_map(filled) for template in wording.STEMS[stem]]


def _statements(fact: Fact, rule: RelationConfig) -> list[Statement]:
    """Everything that a question on the objects of a fact may claim."""
    truth = truth_of(fact)
    if truth.in_terms:
        choices = itertools.product(*(((), (one,), (other,)) for one, other in negatives.AXES))
        made = [replace(truth, value=sum(parts, ())) for parts in choices if any(parts)]
        turned = fact.family == "direction"
    elif fact.predicate == "nearest":
        made, turned = [replace(truth, value=(object_id,)) for object_id in fact.about], False
    elif fact.predicate in ("count", "band"):
        values = bands(rule) if fact.predicate == "band" else map(str, range(_MOST + 1))
        made, turned = [replace(truth, value=(value,)) for value in values], False
    elif fact.predicate in _WORDS:
        made, turned = [replace(truth, value=value) for value in _WORDS[fact.predicate]], fact.predicate == "nearer"
    else:
        predicates = _PLACES if fact.predicate in _PLACES else (fact.predicate,)
        made = [replace(truth, predicate=each, value=value) for each in predicates for value in (YES, NO)]
        turned = True
    orders = list(itertools.permutations(fact.about)) if turned else [fact.about]
    return [replace(statement, about=order) for statement in made for order in orders]

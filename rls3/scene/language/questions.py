"""From a fact to the questions that can be asked about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np

from rls3.config import RelationConfig
from rls3.scene.facts import Fact
from rls3.scene.language import negatives, wording
from rls3.scene.language.answers import accepted_answers, short_answer
from rls3.scene.language.captions import fields, sentence, yes_no
from rls3.scene.language.claims import claim_of, claims_of
from rls3.scene.language.direction import listed
from rls3.scene.language.model import Claim, Kind, Question
from rls3.scene.language.statements import Statement, truth_of
from rls3.scene.model import Scene
from rls3.scene.naming import Name, noun, plural
from rls3.scene.relations.measure import bands

YES_NO_OPTIONS = ("yes", "no")
_DEFAULT_RULE = RelationConfig()

T = TypeVar("T")


def questions_of(
    fact: Fact,
    scene: Scene,
    names: Mapping[str, Name | None],
    rng: np.random.Generator,
    rule: RelationConfig = _DEFAULT_RULE,
) -> tuple[Question, ...]:
    """Candidates of every kind on one answerable fact, each in a paraphrase of its own.

    A yes/no question comes with the truth and with a hard negative; which of them is asked is `Balance`'s choice.

    Args:
        fact: what is true.
        scene: the picture, or the later one of two.
        names: names of the objects in it, see `rls3.scene.naming.names_of`.
        rng: draws paraphrases, foils, and the order of options.
        rule: the thresholds the fact was found with.

    Returns:
        No question where an object of the fact has no name of its own, or only one that gives the answer away.
    """
    named = names_for(fact, scene, names)
    if named is None:
        return ()
    asker = _Asker(fact, named, rng, bands(rule))
    return (*asker.yes_no(), *asker.short(), asker.caption_choice())


def names_for(fact: Fact, scene: Scene, names: Mapping[str, Name | None]) -> dict[str, Name] | None:
    """The names of what a fact is about; None where one is missing or says itself what is asked."""
    if fact.predicate == "count":
        kind = noun(scene.by_id(fact.about[0]).type)
        alike = any(noun(other.type).endswith(f" {kind}") for other in scene.objects if other.id in names)
        return {fact.about[0]: Name(kind)} if plural(kind) and not alike else None
    if fact.predicate == "cause":  # to name the object would tell that it was one
        return {}
    found = {each: name for each in fact.about if (name := names.get(each)) is not None}
    if len(found) < len(set(fact.about)):
        return None
    telling = {"size": ("size",), "support": ("support",), "change": ("support",)}.get(fact.family, ())
    if any(name.by in telling or name.support in fact.about for name in found.values()):
        return None
    return found


def _same_but_value(one: Statement, other: Statement) -> bool:
    return one.predicate == other.predicate and one.about == other.about


class _Asker:
    """One fact, the names of its objects, and the draws."""

    def __init__(self, fact: Fact, names: Mapping[str, Name], rng: np.random.Generator, bands: Sequence[str]) -> None:
        self._fact, self._names, self._rng, self._bands = fact, names, rng, bands
        self._truth = truth_of(fact)

    def yes_no(self) -> Iterator[Question]:
        """Whether the truth holds, and whether another value does; a denial is not asked, only what it denies."""
        foils = [
            foil for foil in negatives.hard_negatives(self._fact, self._bands) if _same_but_value(foil, self._truth)
        ]
        for statement in (self._truth, self._one_of(foils)):
            if statement.word in wording.YES_NO:
                yield self._question(
                    "yes_no",
                    yes_no(statement, self._names, self._draw()),
                    YES_NO_OPTIONS,
                    int(statement != self._truth),
                    (claim_of(statement, self._names),),
                    statement.value,
                )

    def short(self) -> Iterator[Question]:
        """Multiple choice and open questions that ask for a contrast."""
        for contrast in negatives.choices(self._fact, self._bands, self._rng):
            order = self._rng.permutation(len(contrast.statements))
            shown = [contrast.statements[i] for i in order]
            answers = tuple(short_answer(each, self._names, contrast.stem) for each in shown)
            claims = claims_of(shown, self._names)
            answer = int(np.flatnonzero(order == 0)[0])
            yield self._question("multiple_choice", self._stem(contrast.stem, answers), answers, answer, claims)
            text = self._stem(contrast.stem, answers)
            if contrast.stem == "band":  # nobody would answer with a band unasked
                text = f"{text[:-1]}: {listed(answers, 'or')}?"
            accepted = accepted_answers(self._truth, self._names, contrast.stem)
            claims = (claims[answer], *claims[:answer], *claims[answer + 1 :])
            yield self._question("open", text, accepted, 0, claims)

    def caption_choice(self) -> Question:
        """Which of several sentences is true; they differ in exactly one thing."""
        statements = negatives.sentences(self._fact, self._bands, self._rng)
        order = self._rng.permutation(len(statements))
        shown = [statements[i] for i in order]
        paraphrase, described = self._draw(), self._rng.random() < 0.5
        texts = tuple(sentence(each, self._names, paraphrase, described=described) for each in shown)
        prompts = wording.CHANGE_PROMPTS if self._fact.family == "change" else wording.CAPTION_PROMPTS
        answer = int(np.flatnonzero(order == 0)[0])
        return self._question("caption_choice", self._one_of(prompts), texts, answer, claims_of(shown, self._names))

    def _question(
        self,
        kind: Kind,
        text: str,
        options: tuple[str, ...],
        answer: int,
        claims: tuple[Claim, ...],
        asserted: tuple[str, ...] | None = None,
    ) -> Question:
        caption = sentence(self._truth, self._names, self._draw(), described=self._rng.random() < 0.5)
        return Question(kind, text, options, answer, caption, self._fact, asserted or self._fact.value, claims)

    def _stem(self, stem: str, answers: Sequence[str]) -> str:
        """The question for a contrast; alternatives are mentioned in the order of the options."""
        filled = fields(self._truth, self._names) | {"any": listed(answers, "or"), "each": listed(answers)}
        if stem == "which":
            filled["more"] = wording.MORE[self._truth.word].format_map(filled)
        return self._one_of(wording.STEMS[stem]).format_map(filled)

    def _draw(self) -> int:
        return int(self._rng.integers(1 << 16))

    def _one_of(self, choices: Sequence[T]) -> T:
        return choices[int(self._rng.integers(len(choices)))]

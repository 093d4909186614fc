"""The chooser that keeps a text from giving its answer away.

Rooms are lopsided: lamps stand above, sofas are bigger, mugs are on tables. Asked as they come, questions could be
answered without a look at the picture. `Balance` plays the reader who does just that: a conditional logit over what the
text says of which nouns, learning from every candidate offered. A candidate that it finds the likelier to be right the
more it stands out is taken the more seldom, with the probability at which all answers of its text come equally often
(rejection sampling; the reader is a propensity model). What always is so is asked hardly ever.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from rls3.scene.language.model import Claim, Kind, Question

_INVERSE = {
    word: other
    for first, second in (
        ("direction:above", "direction:below"),
        ("direction:front", "direction:behind"),
        ("direction:left", "direction:right"),
        ("nearer", "farther"),
        ("bigger", "smaller"),
        ("taller", "shorter"),
        ("touching", "touching"),
    )
    for word, other in ((first, second), (second, first))
}
"""What a word says of the second thing: if the first is above it, it is below the first."""
LEARNING_RATE = 0.4


class Balance:
    """Chooses questions one after another so that no text predicts its answer, and all forms come equally often."""

    def __init__(self) -> None:
        self._weights: defaultdict[str, float] = defaultdict(float)
        self._squares: defaultdict[str, float] = defaultdict(float)
        self._asked: defaultdict[str, int] = defaultdict(int)
        self.examined = self.taken = 0

    def choose(self, candidates: Sequence[Question], rng: np.random.Generator) -> Question | None:
        """The next question, or None where each would make answers easier to guess than they are by now.

        Args:
            candidates: questions on one picture.
            rng: decides among equals and refuses.
        """
        order = rng.random(len(candidates))
        ranked = sorted(range(len(candidates)), key=lambda i: (self._asked[_form(candidates[i])], order[i]))
        coins = rng.random(len(candidates))
        for i in ranked:
            candidate = candidates[i]
            self.examined += 1
            if coins[i] < self._study(candidate):
                self._asked[_form(candidate)] += 1
                self.taken += 1
                return candidate
        return None

    def state(self) -> dict[str, Any]:
        """Everything learned and counted so far, fit for JSON; `restore` goes on from it as if never stopped."""
        return {
            "weights": dict(self._weights),
            "squares": dict(self._squares),
            "asked": dict(self._asked),
            "examined": self.examined,
            "taken": self.taken,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned, of another chooser too."""
        self._weights = defaultdict(float, state["weights"])
        self._squares = defaultdict(float, state["squares"])
        self._asked = defaultdict(int, state["asked"])
        self.examined, self.taken = state["examined"], state["taken"]

    def _study(self, question: Question) -> float:
        """The probability to take a question; learns from its answer."""
        cues = [list(_cues(claim, question.kind)) for claim in question.claims]
        if question.kind == "yes_no":
            cues.append([])
        logits = [sum(self._weights[cue] for cue in each) for each in cues]
        top = max(logits)
        odds = [math.exp(logit - top) for logit in logits]
        total = sum(odds)
        chances = [each / total for each in odds]
        for i, each in enumerate(cues):
            slope = (i == question.answer) - chances[i]
            for cue in each:
                self._squares[cue] += slope * slope
                self._weights[cue] += LEARNING_RATE * slope / math.sqrt(self._squares[cue] + 0.1)
        return min(chances) / chances[question.answer]


def _form(question: Question) -> str:
    return f"{question.kind}|{question.fact.family}|{question.fact.predicate}"


def _cues(claim: Claim, kind: Kind) -> Iterator[str]:
    """What a reader goes by: each word, of each of the things, and of each two of them."""
    for word in claim.words:
        yield word
        yield f"{kind}|{word}"
        inverse = _INVERSE.get(word, f"{word}~")
        if not claim.things:
            continue
        first, *others = claim.things
        yield f"{word}|{first.noun}"
        if first.by != "noun":
            yield f"{word}|{first.phrase}"
        for other in others:
            yield f"{inverse}|{other.noun}"
            if other.by != "noun":
                yield f"{inverse}|{other.phrase}"
            inverted = first.noun > other.noun
            yield f"{inverse}|{other.noun}|{first.noun}" if inverted else f"{word}|{first.noun}|{other.noun}"

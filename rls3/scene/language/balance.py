"""The chooser that keeps a text from giving its answer away.

Rooms are lopsided: lamps stand above, sofas are bigger, mugs are on tables. Asked as they come, questions could be
answered without a look at the picture. `Balance` plays the reader who does just that: a conditional logit over what the
text says of which nouns, learning from every candidate it looks at. The likelier the reader finds the right answer, the
more seldom the question is taken, just so that all answers to a text come equally often (rejection sampling with a
learned propensity). What slipped through while the reader was still learning counts against more of its kind.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

from rls3.scene.language.model import Claim, Kind, Question

LEARNING_RATE = 0.4
"""AdaGrad's step; faster follows the rooms, slower forgets less of other rooms."""
SURPLUS_WEIGHT = 0.25
"""Log-odds by which a cue counts for each standard deviation that its right answers are in excess; with much more, the
reader does worse than chance, which also tells something of the answers."""

_FIRST_SQUARES = 0.01
_OPPOSITES = (
    ("direction:above", "direction:below"),
    ("direction:front", "direction:behind"),
    ("direction:left", "direction:right"),
    ("nearer", "farther"),
    ("bigger", "smaller"),
    ("taller", "shorter"),
    ("touching", "touching"),
)
_INVERSE = {word: other for pair in _OPPOSITES for word, other in (pair, pair[::-1])}
"""What a word says of the second thing: if the first is above it, it is below the first."""


@dataclass(slots=True)
class _Cue:
    """What the reader knows of one cue.

    Attributes:
        weight: log-odds it adds to the options that show it.
        squares: sum of the squared slopes, for AdaGrad.
        surplus: how often it marked the right option of a question taken, beyond chance.
        taken: on how many options of questions taken it stood.
    """

    weight: float = 0.0
    squares: float = _FIRST_SQUARES
    surplus: float = 0.0
    taken: float = 0.0

    @property
    def log_odds(self) -> float:
        return self.weight + SURPLUS_WEIGHT * self.surplus / math.sqrt(self.taken + 1.0)


class Balance:
    """Chooses questions one after another so that no text predicts its answer, and all forms come equally often.

    Attributes:
        examined: how many candidates were looked at so far.
        taken: how many of them were chosen.
    """

    def __init__(self) -> None:
        self.examined = self.taken = 0
        self._cues: defaultdict[str, _Cue] = defaultdict(_Cue)
        self._asked: defaultdict[str, int] = defaultdict(int)

    def choose(self, candidates: Sequence[Question], rng: np.random.Generator) -> Question | None:
        """The next question, or None where each would make answers easier to guess.

        Candidates of the form (kind, family, predicate) asked least so far are looked at first.

        Args:
            candidates: questions on one picture.
            rng: decides among equals, and whether a candidate is taken.
        """
        forms = [_form(candidate) for candidate in candidates]
        draws = rng.random((len(candidates), 2)).tolist()
        for i in sorted(range(len(candidates)), key=lambda i: (self._asked[forms[i]], draws[i][0])):
            self.examined += 1
            if self._take(candidates[i], draws[i][1]):
                self._asked[forms[i]] += 1
                self.taken += 1
                return candidates[i]
        return None

    def state(self) -> dict[str, Any]:
        """Everything learned and counted so far, as JSON values; `restore` goes on from it as if never stopped."""
        return {
            "examined": self.examined,
            "taken": self.taken,
            "asked": dict(self._asked),
            "cues": {key: list(astuple(cue)) for key, cue in self._cues.items()},
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state` returned, in place of what was learned here."""
        self.examined, self.taken = state["examined"], state["taken"]
        self._asked = defaultdict(int, state["asked"])
        self._cues = defaultdict(_Cue, {key: _Cue(*values) for key, values in state["cues"].items()})

    def _take(self, question: Question, draw: float) -> bool:
        """Whether to take a question, by a uniform draw from 0..1; the reader learns its answer either way."""
        options = [[self._cues[key] for key in _keys(claim, question.kind)] for claim in question.claims]
        if question.kind == "yes_no":
            options.append([])  # "no" claims nothing
        chances = _softmax([sum(cue.log_odds for cue in cues) for cues in options])
        taken = draw < min(chances) / chances[question.answer]
        beliefs = _softmax([sum(cue.weight for cue in cues) for cues in options])
        for i, cues in enumerate(options):
            slope = (i == question.answer) - beliefs[i]
            for cue in cues:
                cue.squares += slope * slope
                cue.weight += LEARNING_RATE * slope / math.sqrt(cue.squares)
                if taken:
                    cue.surplus += (i == question.answer) - 1 / len(options)
                    cue.taken += 1
        return taken


def _form(question: Question) -> str:
    return f"{question.kind}|{question.fact.family}|{question.fact.predicate}"


def _keys(claim: Claim, kind: Kind) -> Iterator[str]:
    """The cues of a claim: each word, alone and of each of its things, and of each pair of them."""
    for word in claim.words:
        yield word
        yield f"{word}|in {kind}"
        inverse = _INVERSE.get(word, f"{word} of")
        for place, thing in enumerate(claim.things):
            said = inverse if place else word
            yield f"{said}|{thing.noun}"
            if thing.by != "noun":
                yield f"{said}|{thing.phrase}"
        for other in claim.things[1:]:
            first, second = claim.things[0].noun, other.noun
            yield f"{word}|{first}|{second}" if first <= second else f"{inverse}|{second}|{first}"


def _softmax(logits: Sequence[float]) -> list[float]:
    highest = max(logits)
    odds = [math.exp(logit - highest) for logit in logits]
    total = sum(odds)
    return [each / total for each in odds]

"""A VLM of which only its weakness is real: what a policy practises on before it meets one that has to be trained.

A policy that is to use what is known of a VLM must have met many, weak at different things. Real ones are few and
slow; here each is a handful of numbers drawn at random, and learns what it is shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rls3.samples.record import Sample
from rls3.samples.scores import Score
from rls3.sampling.knowledge import ASPECTS, aspects_of
from rls3.scene.edit import TERMS
from rls3.scene.figure import SIZES

MEAN_SKILL, SKILL_SPREAD, LUCK_SPREAD = 0.8, 2.0, 0.7
"""Of the normal distributions, in logits, from which skills and each sample's luck are drawn: far apart, so that where
a student is weak matters more than luck; ours."""
STEP = 0.02
"""How much a sample that was surely wrong adds to each of its skills, logits: a hundred half-known ones add 1; ours."""


@dataclass
class PracticeStudent:
    """Answers right with the logistic probability of its skill at the size plus its least skill at one of the terms.

    Attributes:
        skills: per aspect, logits.
        version: fits so far.
        rng: of each sample's luck.
    """

    skills: dict[str, float]
    version: int
    rng: np.random.Generator

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> PracticeStudent:
        """One with skills of its own."""
        skills = {aspect: float(rng.normal(MEAN_SKILL, SKILL_SPREAD)) for aspect in ASPECTS}
        return cls(skills, 0, rng)

    def score(self, samples: Sequence[Sample]) -> list[Score]:
        """What it makes of these valid samples; the wrong options share what the right one leaves."""
        return [self._score(sample) for sample in samples]

    def fit(self, samples: Sequence[Sample]) -> None:
        """Learn these samples: their aspects get better, the less known the more."""
        for sample in samples:
            step = STEP * (1.0 - _logistic(self._skill(sample)))
            for aspect in aspects_of(sample):
                self.skills[aspect] += step
        self.version += 1

    def weakness(self) -> dict[str, float]:
        """Error rate per aspect, 0..1, over all others of the other kind, without luck."""
        pairs = {
            (term, size): 1.0 - _logistic(self.skills[term] + self.skills[size]) for term in TERMS for size in SIZES
        }
        return {
            aspect: float(np.mean([error for pair, error in pairs.items() if aspect in pair])) for aspect in ASPECTS
        }

    def _skill(self, sample: Sample) -> float:
        size = 0.0 if sample.size is None else self.skills[sample.size]
        return size + min(self.skills[term] for term in sample.terms)

    def _score(self, sample: Sample) -> Score:
        right = _logistic(self._skill(sample) + float(self.rng.normal(0.0, LUCK_SPREAD)))
        others = len(sample.options) - 1
        probabilities = [(1.0 - right) / others] * len(sample.options)
        probabilities[sample.answer] = right
        return Score(sample.sample_id, tuple(probabilities), self.version)


def _logistic(logits: float) -> float:
    return 1.0 / (1.0 + math.exp(-logits))

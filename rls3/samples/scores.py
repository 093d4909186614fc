"""What a VLM made of samples: the one vocabulary in which trainer, samplers and tracking speak of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from rls3.samples.record import Sample
from rls3.scene.edit import TERMS
from rls3.scene.figure import SIZES


@dataclass(frozen=True)
class Score:
    """One sample's score.

    Attributes:
        sample_id: whose score it is.
        probabilities: softmax over the sample's options, in their order.
        vlm_version: version of the weights that gave it.
        reference: the same by a model that was fine-tuned on the feedback pool; None where nobody needs it.
    """

    sample_id: str
    probabilities: tuple[float, ...]
    vlm_version: int
    reference: tuple[float, ...] | None = None

    def success(self, sample: Sample) -> float:
        """Probability of the right option."""
        return self.probabilities[sample.answer]

    def correct(self, sample: Sample) -> bool:
        """Whether the right option is strictly the most probable (a tie is wrong)."""
        right = self.probabilities[sample.answer]
        return all(p < right for i, p in enumerate(self.probabilities) if i != sample.answer)


@dataclass(frozen=True)
class Tally:
    """Right answers out of questions asked."""

    correct: int
    total: int

    @property
    def accuracy(self) -> float:
        """Share of right answers, 0..1; NaN without questions."""
        return self.correct / self.total if self.total else float("nan")

    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval of the accuracy (Wilson 1927), 0..1."""
        n, z = self.total, 1.96
        if not n:
            return (0.0, 1.0)
        p = self.accuracy
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * float(np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)))
        return (max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half)))  # p within, whatever rounding does


@dataclass(frozen=True)
class Evaluation:
    """Accuracy of one VLM version on one pool of questions.

    Attributes:
        pool: "feedback" (its weakness steers the policy), "stopping" (ends fits early) or "report" (decides nothing).
        vlm_version: version of the weights.
        overall: over all questions.
        by_term: per relation term; a question counts under each of its one to three terms.
        by_source: per kind of scene asked about: "natural" (as spawned) or "rearranged" (after a random edit).
        by_room_type: per kind of room, such as "kitchen".
        by_term_count: per number of terms in the truth: "1", "2" or "3".
        by_size: per size of the subject compared with the reference's, one of `rls3.scene.figure.SIZES`.
    """

    pool: str
    vlm_version: int
    overall: Tally
    by_term: Mapping[str, Tally]
    by_source: Mapping[str, Tally] = field(default_factory=dict)
    by_room_type: Mapping[str, Tally] = field(default_factory=dict)
    by_term_count: Mapping[str, Tally] = field(default_factory=dict)
    by_size: Mapping[str, Tally] = field(default_factory=dict)

    def weakness(self) -> dict[str, float]:
        """Error rate, 0..1, per term and per size; 0.5 where there are no questions (nothing is known)."""
        hits = dict(self.by_term) | {size: self.by_size.get(size, Tally(0, 0)) for size in SIZES}
        return {name: 1.0 - tally.accuracy if tally.total else 0.5 for name, tally in hits.items()}


def tally(pool: str, vlm_version: int, samples: Sequence[Sample], scores: Sequence[Score]) -> Evaluation:
    """Count right answers overall and group by group; `scores[i]` belongs to `samples[i]`."""
    right = [score.correct(sample) for sample, score in zip(samples, scores, strict=True)]
    by_term: dict[str, Tally] = {}
    for term in TERMS:
        hits = [ok for ok, sample in zip(right, samples, strict=True) if term in sample.terms]
        by_term[term] = Tally(sum(hits), len(hits))
    return Evaluation(
        pool,
        vlm_version,
        Tally(sum(right), len(right)),
        by_term,
        by_source=_grouped(right, [sample.sampler for sample in samples]),
        by_room_type=_grouped(right, [sample.scene_type for sample in samples]),
        by_term_count=_grouped(right, [str(len(sample.terms)) for sample in samples]),
        by_size=_grouped(right, [sample.size for sample in samples]),
    )


def _grouped(right: Sequence[bool], groups: Sequence[str | None]) -> dict[str, Tally]:
    names = {group for group in groups if group is not None}
    hits = {name: [ok for ok, group in zip(right, groups, strict=True) if group == name] for name in names}
    return {name: Tally(sum(hits[name]), len(hits[name])) for name in sorted(hits)}

"""What can be worth something about a valid sample: pure functions of the sample, its score, and what is known.

Each is named as its weight in `rls3.config.RewardConfig`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rls3.samples.record import Sample
from rls3.samples.scores import Score
from rls3.sampling.knowledge import Knowledge, aspects_of, groups_of, kind_of
from rls3.scene.cells import cell_of


@dataclass(frozen=True)
class Case:
    """A valid sample, its score, and what is known when it is paid."""

    sample: Sample
    score: Score
    known: Knowledge

    @property
    def success(self) -> float:
        """Probability of the right option."""
        return self.score.success(self.sample)

    @property
    def cell(self) -> str:
        """The sample's relation cell."""
        return cell_of(self.sample.terms)


Signal = Callable[[Case], float]

LEAST_PROBABILITY = 1e-3
"""Losses are counted up to this probability, so that one hopeless sample does not outweigh a batch."""


def learnability(case: Case) -> float:
    """4p(1-p), 0..1: 1 where the VLM is unsure, 0 where it knows the answer or the sample is hopeless.

    Rutherford et al., "No Regrets: Sampling for Learnability", NeurIPS 2024; theirs is p(1-p) over several tries.
    """
    return 4.0 * case.success * (1.0 - case.success)


def difficulty(case: Case) -> float:
    """1-p, 0..1: how weak the VLM is at this very sample.

    RLS3's extrinsic reward ("the worse the VLM does, the higher"; Waite et al., ICCPS 2025). It also pays for wrong
    labels and for what cannot be learned (Karamcheti et al., "Mind Your Outliers", ACL 2021).
    """
    return 1.0 - case.success


def weakness(case: Case) -> float:
    """Mean error rate, 0..1, of the sample's relation terms and of its size on the feedback pool; ours."""
    aspects = aspects_of(case.sample)
    return sum(case.known.weakness[aspect] for aspect in aspects) / len(aspects)


def learning_progress(case: Case) -> float:
    """How much the VLM's accuracy in the sample's cell changed with its last fit, 0..1, for better or worse.

    Matiisen et al., "Teacher-Student Curriculum Learning", 2017: the absolute value, so that what is being forgotten is
    paid as well.
    """
    return abs(case.known.progress(case.cell))


def rho(case: Case) -> float:
    """Reducible hold-out loss, -1..1 (1 = ln 1000 nats): the VLM's loss less that of a model trained on held-out data.

    Mindermann et al., "Prioritized Training on Points that are Learnable, Worth Learning, and Not Yet Learnt", ICML
    2022. A wrong label is improbable for both models, what is known is for neither.

    Raises:
        ValueError: the score has no second probability.
    """
    reference = case.score.reference
    if reference is None:
        raise ValueError(
            f"the score of '{case.sample.sample_id}' has no reference probabilities, which reward.rho needs; "
            "have the trainer score with a model from rls3.vlm.reference"
        )
    return (_loss(case.success) - _loss(reference[case.sample.answer])) / -math.log(LEAST_PROBABILITY)


def entropy(case: Case) -> float:
    """Entropy of the answer over its greatest, 0..1; it does not look at the label.

    Askari-Hemmat et al., "Improving the Scaling Laws of Synthetic Data with Deliberate Practice", ICML 2025.
    """
    probabilities = case.score.probabilities
    nats = -sum(p * math.log(p) for p in probabilities if p > 0)
    return nats / math.log(len(probabilities)) if len(probabilities) > 1 else 0.0


def deficit(case: Case) -> float:
    """How far the sample's cell and its size lag behind their shares of the run's valid samples, -1..1, on average.

    Shares follow weakness (`rls3.sampling.knowledge.Knowledge.deficit`); negative for a flood.

    Ours: without it a policy settles on whatever is easiest to place (RLS3's own figures show above and below starved).
    """
    groups = groups_of(case.sample)
    return sum(case.known.deficit(group) for group in groups) / len(groups)


def novelty(case: Case) -> float:
    """1 / sqrt(1 + n), 0..1, for n valid samples so far of the same two object types in the same cell.

    A count-based exploration bonus: Strehl and Littman, 2008; Bellemare et al., NeurIPS 2016.
    """
    return 1.0 / math.sqrt(1.0 + case.known.kinds.get(kind_of(case.sample), 0))


SIGNALS: Mapping[str, Signal] = {
    signal.__name__: signal
    for signal in (learnability, difficulty, weakness, learning_progress, rho, entropy, deficit, novelty)
}


def margin_weight(margin_deg: float, full_margin_deg: float) -> float:
    """m: grows linearly from 0 at a relation boundary to 1 at `full_margin_deg` degrees from it."""
    return min(1.0, max(0.0, margin_deg) / full_margin_deg)


def _loss(probability: float) -> float:
    """Nats, up to that of LEAST_PROBABILITY."""
    return -math.log(max(probability, LEAST_PROBABILITY))

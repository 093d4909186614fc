"""The one place where signals become rewards: gated, weighted, normalised, and dropped when they went stale."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rls3.config import RewardConfig
from rls3.samples.record import Sample
from rls3.samples.scores import Score
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.rewards.signals import SIGNALS, Case, margin_weight
from rls3.scene.cells import cell_of

LEAST_DEVIATION = 0.05
"""Rewards that differ less than this are not blown up."""


@dataclass(frozen=True)
class Wage:
    """What one sample's edit is worth.

    Attributes:
        worth: by the formula of `rls3.sampling.rewards`; NaN when its score went stale.
        paid: what the policy is told: the worth, or how many deviations it lies over the mean of those so far by the
            same VLM version; NaN when stale.
    """

    worth: float
    paid: float

    @property
    def stale(self) -> bool:
        """Whether it is dropped: the VLM that scored it is no longer the present one."""
        return math.isnan(self.paid)


class Payroll:
    """Pays a run's samples, batch by batch, and takes in what they tell.

    Args:
        config: weights and normalisation.
        known: of the run so far; grows with every batch paid.
        episode_steps: length of an episode, for what is paid on its last step.
    """

    def __init__(self, config: RewardConfig, known: Knowledge, episode_steps: int) -> None:
        self.known = known
        self._config, self._episode_steps = config, episode_steps
        self._weights = {name: weight for name in SIGNALS if (weight := getattr(config, name))}
        self._worths = _Running(known.version)
        self._hardships: defaultdict[tuple[int, int], list[float]] = defaultdict(list)

    def pay(self, samples: Sequence[Sample], scores: Mapping[str, Score]) -> list[Wage]:
        """The wages of a batch, in its order.

        The VLM's statistics take in the whole batch first; what counts samples made counts one after the other, so that
        the second of two alike is less new.

        Args:
            samples: the batch, of which every valid sample was scored.
            scores: by sample id.

        Raises:
            ValueError: a valid sample without a score, or with another sample's score.
        """
        fresh = [self._take_in(sample, scores.get(sample.sample_id)) for sample in samples]
        worths = []
        for sample, current in zip(samples, fresh, strict=True):
            worths.append(self._worth(sample, scores.get(sample.sample_id)) if current else math.nan)
            if sample.valid:
                self.known.count_sample(sample)
        if not self._config.normalise:
            return [Wage(worth, worth) for worth in worths]
        self._worths.add(self.known.version, [worth for worth in worths if not math.isnan(worth)])
        return [Wage(worth, self._worths.normalised(worth)) for worth in worths]

    def _take_in(self, sample: Sample, score: Score | None) -> bool:
        """Add to what is known; whether the sample may be paid: it is invalid, or its score is not stale."""
        if not sample.valid:
            return True
        return self.known.note(sample, _own(sample, score))

    def _worth(self, sample: Sample, score: Score | None) -> float:
        worth = -self._config.invalid
        if sample.valid:
            case = Case(sample, _own(sample, score), self.known)
            gain = sum(weight * SIGNALS[name](case) for name, weight in self._weights.items())
            worth = self._config.feasible + margin_weight(sample.margin, self._config.full_margin_deg) * gain
        return worth + self._terminal(sample, score)

    def _terminal(self, sample: Sample, score: Score | None) -> float:
        """On an episode's last step: mean difficulty of its valid samples, weighed (RLS3's J2); 0 on other steps."""
        if not self._config.terminal:
            return 0.0
        episode = sample.slot, sample.episode
        if sample.valid and score is not None:
            self._hardships[episode].append(1.0 - score.success(sample))
        if sample.step < self._episode_steps - 1:
            return 0.0
        hardships = self._hardships.pop(episode, [])
        return self._config.terminal * sum(hardships) / len(hardships) if hardships else 0.0


def top_cell_share(samples: Sequence[Sample]) -> tuple[str, float]:
    """The cell that brought most of the worth of valid samples, and its share, 0..1; ("", 0) without any worth.

    A reward that one cell brings in is a policy that found one trick. Negative and stale worths do not count.
    """
    by_cell: defaultdict[str, float] = defaultdict(float)
    for sample in samples:
        if sample.valid and sample.reward > 0:
            by_cell[cell_of(sample.terms)] += sample.reward
    if not by_cell:
        return "", 0.0
    cell = max(by_cell, key=lambda name: by_cell[name])
    return cell, by_cell[cell] / sum(by_cell.values())


class _Running:
    """Mean and deviation of the worths by one VLM version (Welford 1962)."""

    def __init__(self, version: int) -> None:
        self._version, self._count, self._mean, self._squares = version, 0, 0.0, 0.0

    def add(self, version: int, worths: Sequence[float]) -> None:
        if version != self._version:
            self._version, self._count, self._mean, self._squares = version, 0, 0.0, 0.0
        for worth in worths:
            self._count += 1
            off = worth - self._mean
            self._mean += off / self._count
            self._squares += off * (worth - self._mean)

    def normalised(self, worth: float) -> float:
        deviation = math.sqrt(self._squares / self._count) if self._count else 0.0
        return (worth - self._mean) / max(deviation, LEAST_DEVIATION)


def _own(sample: Sample, score: Score | None) -> Score:
    """A valid sample's own score.

    Raises:
        ValueError: it is missing, or another sample's.
    """
    if score is None or score.sample_id != sample.sample_id:
        got = "no score" if score is None else f"the score of '{score.sample_id}'"
        raise ValueError(
            f"valid sample '{sample.sample_id}' came with {got}; score every valid sample before paying it"
        )
    return score

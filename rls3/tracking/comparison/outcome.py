"""What a comparison says: every arm with every student, and every arm against every other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rls3.tracking.comparison.statistics import Estimate, Reach


@dataclass(frozen=True)
class Curve:
    """A share over something: mean over seeds, with its interval, at the places `x`; all of one length."""

    x: tuple[float, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class ArmResult:
    """One arm with one student, over its finished seeds.

    Attributes:
        student, arm: which.
        seeds: finished.
        base, final: accuracy before the first and after the last round.
        gain: final - base.
        first_round: accuracy after the first round - base.
        finals, gains: the same by group and member, see `GROUPS`.
        valid_share: valid edits per edit.
        validity: the same round by round, over the edits tried by the end of each.
        rendered, trained, seconds: of a whole run, mean over seeds.
        curves: accuracy over "rendered", "trained" and "seconds".
        transfer: final accuracy on room types nothing was trained on - on those trained on; unknown without any such.
        chosen: valid samples of each set of terms in each round, see `chosen_terms`.
        sizes: valid samples of each size in each round, see `chosen_sizes`.
        text_only: what a reader without pictures gets right of its samples, see `rls3.tracking.comparison.guards`.
        top_cell_share: share of a round's reward that its best paid relation cell brought.
    """

    student: str
    arm: str
    seeds: tuple[int, ...]
    base: Estimate
    final: Estimate
    gain: Estimate
    first_round: Estimate
    finals: Mapping[str, Mapping[str, Estimate]]
    gains: Mapping[str, Mapping[str, Estimate]]
    valid_share: Estimate
    validity: Curve
    rendered: float
    trained: float
    seconds: float
    curves: Mapping[str, Curve]
    transfer: Estimate
    chosen: Sequence[Sequence[float]]
    sizes: Sequence[Sequence[float]]
    text_only: Estimate
    top_cell_share: float

    @property
    def worst(self) -> tuple[str, Estimate]:
        """The relation of the lowest final accuracy."""
        return min(self.finals["relation"].items(), key=lambda item: (_last(item[1].value), item[0]))

    @property
    def least_gain(self) -> tuple[str, Estimate]:
        """The relation that gained least."""
        return min(self.gains["relation"].items(), key=lambda item: (_last(item[1].value), item[0]))


@dataclass(frozen=True)
class Pair:
    """An arm against another one, its baseline, on the seeds that both finished.

    Attributes:
        student, arm, baseline: which.
        seeds: finished by both.
        difference: final accuracy of the arm - of the baseline.
        average: the same of the mean accuracies over all rounds: the area between their curves, over the budget.
        reach: rendered samples that both need for the baseline's best.
    """

    student: str
    arm: str
    baseline: str
    seeds: tuple[int, ...]
    difference: Estimate
    average: Estimate
    reach: Reach


@dataclass(frozen=True)
class Comparison:
    """All figures: every arm with every student, and all ordered pairs of arms per student."""

    arms: tuple[ArmResult, ...]
    pairs: tuple[Pair, ...]

    def to_json(self) -> dict[str, Any]:
        """As JSON values; what is not a finite number is null."""
        found: dict[str, Any] = _finite(asdict(self))
        for shown, arm in zip(found["arms"], self.arms, strict=True):
            shown["worst_relation"], shown["least_gaining_relation"] = arm.worst[0], arm.least_gain[0]
        return found

    def students(self) -> list[str]:
        """In the order of the grid."""
        return list(dict.fromkeys(arm.student for arm in self.arms))

    def of(self, student: str) -> list[ArmResult]:
        """A student's arms, in the order of the grid."""
        return [arm for arm in self.arms if arm.student == student]

    def pair(self, student: str, arm: str, baseline: str) -> Pair | None:
        """An arm against another one; None when no seed was finished by both."""
        wanted = (student, arm, baseline)
        return next((pair for pair in self.pairs if (pair.student, pair.arm, pair.baseline) == wanted), None)


def _last(value: float) -> float:
    return value if math.isfinite(value) else math.inf


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value

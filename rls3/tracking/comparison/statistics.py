"""Intervals over seeds, paired differences, and how many samples an arm needs to reach what another one reaches.

NumPy only. All intervals are 95 %. Means over two or more seeds, and paired differences, have Student's t interval
over seeds; the questions are the same for all seeds, so it tells what another seed would change, not what other
questions would. Seeds that agree exactly have no interval: they do not say how far others would differ. A single seed
has the interval of its questions instead: Wilson's of a share (1927), Newcombe's of a difference of two shares (1998,
his method 10). The ratio of sample counts has a paired bootstrap over seeds (Efron 1979, percentiles, expanded for
few seeds as Hesterberg 2015 does): an arm and its baseline are drawn with the same seeds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rls3.samples.scores import Tally

DRAWS = 10_000
"""Of the bootstrap."""
_T_975 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""97.5 % quantile of Student's t with 1, 2, ... 30 degrees of freedom."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval.

    Attributes:
        value: the figure; NaN when unknown.
        low, high: the interval; NaN when there is none.
        seeds: how many seeds it rests on.
    """

    value: float
    low: float
    high: float
    seeds: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval excludes "no difference"; False without an interval."""
        return self.low > 0 or self.high < 0


UNKNOWN = Estimate(math.nan, math.nan, math.nan, 0)


def t_quantile(degrees: int) -> float:
    """97.5 % quantile of Student's t; over 30 degrees of freedom by the first terms of its series (Fisher 1925)."""
    if degrees <= len(_T_975):
        return _T_975[degrees - 1]
    z = 1.959964
    return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)


def mean_band(values: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Mean over seeds with t interval: (mean, low, high), each (N,); bounds NaN for one seed or seeds that agree.

    Args:
        values: (S, N), a row per seed.
    """
    rows = np.asarray(values, float)
    mean = rows.mean(axis=0)
    if len(rows) < 2:
        return mean, np.full_like(mean, np.nan), np.full_like(mean, np.nan)
    spread = np.where(np.ptp(rows, axis=0) > 0, rows.std(axis=0, ddof=1), np.nan)
    half = t_quantile(len(rows) - 1) * spread / math.sqrt(len(rows))
    return mean, mean - half, mean + half


def mean_of(values: Sequence[float]) -> Estimate:
    """Mean of one figure per seed."""
    if not len(values) or not np.isfinite(values).all():
        return UNKNOWN
    (value,), (low,), (high,) = mean_band(np.reshape(values, (-1, 1)))
    return Estimate(float(value), float(low), float(high), len(values))


def share_of(tallies: Sequence[Tally]) -> Estimate:
    """A share, one tally per seed; the interval stays within 0 and 1."""
    if len(tallies) == 1 and tallies[0].total:
        return Estimate(tallies[0].accuracy, *tallies[0].interval(), 1)
    found = mean_of([tally.accuracy for tally in tallies])
    return Estimate(found.value, _clipped(found.low), _clipped(found.high), found.seeds)


def gain_of(before: Sequence[Tally], after: Sequence[Tally]) -> Estimate:
    """Difference of two shares, after - before; `before[i]` and `after[i]` are of one seed."""
    if len(before) == 1 and before[0].total and after[0].total:
        return _newcombe(before[0], after[0])
    return mean_of([b.accuracy - a.accuracy for a, b in zip(before, after, strict=True)])


def _newcombe(before: Tally, after: Tally) -> Estimate:
    (low_a, high_a), (low_b, high_b) = before.interval(), after.interval()
    a, b = before.accuracy, after.accuracy
    low = b - a - math.hypot(b - low_b, high_a - a)
    return Estimate(b - a, low, b - a + math.hypot(high_b - b, a - low_a), 1)


def _clipped(share: float) -> float:
    return min(1.0, max(0.0, share)) if math.isfinite(share) else share


@dataclass(frozen=True)
class Reach:
    """How many samples two arms need to reach the baseline's best mean accuracy.

    Attributes:
        level: that accuracy.
        baseline: samples the baseline needs.
        arm: samples the arm needs; infinite = it never did within `budget`.
        budget: samples of the whole run.
        ratio: baseline / arm, so that 2 means half as many samples; 0 stands for "never reached". Unknown where the
            baseline never rises above where both begin; drawn seeds of which that is true count as 1.
    """

    level: float
    baseline: float
    arm: float
    budget: float
    ratio: Estimate


def reach(samples: ArrayLike, arm: ArrayLike, baseline: ArrayLike, *, seed: int, draws: int = DRAWS) -> Reach:
    """Samples needed by arm and baseline, and their ratio with a bootstrap over seeds (none for a single seed).

    Args:
        samples: (N,) ascending sample counts at which both were measured, the first 0.
        arm, baseline: (S, N) accuracies; row s of both is the same seed.
        seed: of the bootstrap.
        draws: of the bootstrap.
    """
    x, a, b = (np.asarray(values, float) for values in (samples, arm, baseline))
    level, needed_b, needed_a, ratio = (
        float(found[0]) for found in _needed(x, a.mean(axis=0)[None], b.mean(axis=0)[None])
    )
    if needed_b == 0:
        return Reach(level, needed_b, needed_a, float(x[-1]), UNKNOWN)
    low = high = math.nan
    if len(a) > 1:
        picked = np.random.default_rng(seed).integers(len(a), size=(draws, len(a)))
        *_, ratios = _needed(x, a[picked].mean(axis=1), b[picked].mean(axis=1))
        tail = _expanded_tail(len(a))
        low, high = (float(value) for value in np.quantile(ratios, (tail, 1 - tail)))
    return Reach(level, needed_b, needed_a, float(x[-1]), Estimate(ratio, low, high, len(a)))


def _expanded_tail(seeds: int) -> float:
    """Share of the draws to leave out at each end: less than 2.5 %, as plain percentiles are too narrow."""
    z = math.sqrt(seeds / (seeds - 1)) * t_quantile(seeds - 1)
    return 0.5 * math.erfc(z / math.sqrt(2))


def _needed(x: Floats, arm: Floats, baseline: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Per row of two (B, N) sets of curves: the baseline's best, samples of baseline and arm, and their ratio."""
    level = baseline.max(axis=1)
    needed_b, needed_a = crossing(x, baseline, level), crossing(x, arm, level)
    ratio = np.divide(needed_b, needed_a, out=np.ones_like(needed_b), where=needed_a > 0)
    return level, needed_b, needed_a, ratio


def crossing(x: ArrayLike, curves: ArrayLike, level: ArrayLike) -> Floats:
    """Where each curve first reaches its level: (B,), infinite when never.

    A curve is made monotone (running maximum: what was reached stays reached) and is straight between measurements.

    Args:
        x: (N,) ascending.
        curves: (B, N).
        level: (B,).
    """
    places, wanted = np.asarray(x, float), np.asarray(level, float)
    best = np.maximum.accumulate(np.asarray(curves, float), axis=1)
    rows = np.arange(len(best))
    reached = best >= wanted[:, None]
    after = reached.argmax(axis=1)
    before = np.maximum(after - 1, 0)
    rise = best[rows, after] - best[rows, before]
    part = np.where(rise > 0, (wanted - best[rows, before]) / np.where(rise > 0, rise, 1.0), 0.0)
    found = places[before] + part * (places[after] - places[before])
    return np.where(reached.any(axis=1), found, np.inf)

"""Intervals and sample counts of comparisons, against figures worked out by hand or printed in papers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rls3.samples.scores import Tally
from rls3.tracking.comparison.statistics import (
    UNKNOWN,
    crossing,
    gain_of,
    mean_band,
    mean_of,
    reach,
    share_of,
    t_quantile,
)

SAMPLES = (0, 100, 200, 300)


def hundred(*correct: int) -> list[Tally]:
    return [Tally(count, 100) for count in correct]


def test_quantiles_of_t_are_the_printed_ones_and_go_on_smoothly() -> None:
    assert (t_quantile(1), t_quantile(4), t_quantile(30)) == (12.706, 2.776, 2.042)
    assert t_quantile(40) == pytest.approx(2.021, abs=5e-4)
    assert t_quantile(120) == pytest.approx(1.980, abs=5e-4)


def test_a_mean_over_seeds_has_its_t_interval() -> None:
    found = mean_of([1.0, 2.0, 3.0])  # deviation 1, so half the interval is 4.303 / sqrt(3)
    assert (found.value, found.low, found.high, found.seeds) == pytest.approx((2.0, -0.48434, 4.48434, 3), abs=1e-5)
    assert not found.excludes_zero
    assert mean_of([2.0, 2.1, 2.2]).excludes_zero
    mean, low, high = mean_band([[1.0, 0.0], [3.0, 0.0]])
    assert mean.tolist() == [2.0, 0.0]
    assert (low[0], high[0]) == pytest.approx((2 - 12.706, 2 + 12.706))
    assert np.isnan([low[1], high[1]]).all(), "seeds that agree do not say how far others would differ"


def test_seeds_that_agree_support_no_claim() -> None:
    agreed = gain_of(hundred(50, 50), hundred(60, 60))
    assert agreed.value == pytest.approx(0.1)
    assert math.isnan(agreed.low) and not agreed.excludes_zero


def test_a_share_keeps_within_0_and_1_and_a_single_seed_has_wilsons_interval() -> None:
    assert share_of(hundred(2, 90)).low == 0.0
    assert share_of(hundred(2, 90)).high == 1.0
    single = share_of(hundred(80))
    assert (single.low, single.high) == pytest.approx((0.7112, 0.8666), abs=1e-4)
    assert math.isnan(share_of([Tally(0, 0)]).value)


def test_gains_are_paired_by_seed() -> None:
    paired = gain_of(hundred(40, 50, 60), hundred(50, 61, 69))  # gains 10, 11, 9 points however far seeds are apart
    assert (paired.value, paired.low, paired.high) == pytest.approx((0.1, 0.1 - 0.02484, 0.1 + 0.02484), abs=1e-5)
    assert paired.excludes_zero


def test_a_single_seeds_gain_has_newcombes_interval() -> None:
    found = gain_of([Tally(48, 80)], [Tally(56, 70)])  # Newcombe 1998, table II (a), method 10: 0.0524 to 0.3339
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    assert found.excludes_zero


@pytest.mark.parametrize(
    ("curve", "level", "expected"),
    [
        ((0.5, 0.6, 0.7, 0.8), 0.65, 150.0),  # half-way between two rounds
        ((0.5, 0.6, 0.7, 0.8), 0.7, 200.0),  # in a round
        ((0.5, 0.7, 0.6, 0.8), 0.65, 75.0),  # what was reached stays reached
        ((0.5, 0.7, 0.6, 0.8), 0.75, 250.0),  # the running maximum is 0.7 until round 2
        ((0.5, 0.4, 0.4, 0.4), 0.5, 0.0),  # where it begins
        ((0.5, 0.6, 0.7, 0.7), 0.71, math.inf),
    ],
)
def test_where_a_curve_first_reaches_a_level(curve: tuple[float, ...], level: float, expected: float) -> None:
    assert crossing(SAMPLES, [curve], [level]).tolist() == pytest.approx([expected])


def test_reaching_the_baselines_best() -> None:
    quick, slow = [0.5, 0.7, 0.75, 0.75], [0.5, 0.52, 0.6, 0.55]
    found = reach(SAMPLES, [quick], [slow], seed=0)
    assert (found.level, found.baseline, found.arm) == pytest.approx((0.6, 200.0, 50.0))
    assert found.ratio.value == pytest.approx(4.0)
    assert math.isnan(found.ratio.low), "one seed has no bootstrap"


def test_an_arm_that_never_gets_there_counts_as_0() -> None:
    found = reach(SAMPLES, [[0.5, 0.52, 0.6, 0.55]], [[0.5, 0.7, 0.75, 0.75]], seed=0)
    assert (found.arm, found.budget, found.ratio.value) == (math.inf, 300.0, 0.0)


def test_there_is_no_ratio_to_a_baseline_that_only_loses() -> None:
    found = reach(SAMPLES, [[0.5, 0.6, 0.6, 0.6]] * 2, [[0.5, 0.4, 0.4, 0.4]] * 2, seed=0)
    assert (found.baseline, found.arm, found.ratio) == (0.0, 0.0, UNKNOWN), "all are there at once"


def test_the_bootstrap_draws_both_arms_with_the_same_seeds() -> None:
    rng = np.random.default_rng(0)
    level = rng.uniform(0, 0.2, (5, 1))  # seeds differ widely, arms hardly within a seed
    rise = np.array([0.0, 0.1, 0.2, 0.3])
    found = reach(SAMPLES, level + 2 * rise, level + rise, seed=0)
    assert (found.ratio.value, found.ratio.low, found.ratio.high) == pytest.approx((2.0, 2.0, 2.0))


def test_the_bootstrap_spans_what_seeds_could_give_and_repeats_itself() -> None:
    baseline = [[0.5, 0.6, 0.7, 0.8]] * 2
    arm = [[0.5, 0.8, 0.8, 0.8], [0.5, 0.65, 0.8, 0.8]]  # alone they need 100 and 200 of the baseline's 300
    found = reach(SAMPLES, arm, baseline, seed=3)
    assert found == reach(SAMPLES, arm, baseline, seed=3)
    assert (found.ratio.low, found.ratio.high) == pytest.approx((1.5, 3.0))

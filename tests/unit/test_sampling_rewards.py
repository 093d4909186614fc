"""The reward formula against numbers worked out by hand."""

from __future__ import annotations

import pytest

from rls3.config import RewardConfig
from rls3.samples.scores import Score
from rls3.sampling.rewards import coverage_deficit, edit_reward
from rls3.scene.edit import TERMS
from tests.factories import make_sample

CONFIG = RewardConfig(feasible=0.1, learnability=1.0, weakness=2.0, invalid=0.5, full_margin_deg=15.0)
EVEN = dict.fromkeys(TERMS, 0.0)
WEAKNESS = dict.fromkeys(TERMS, 0.0) | {"left": 0.2, "above": 0.6}


def score(probability: float, sample_id: str = "test-0") -> Score:
    rest = (1 - probability) / 3
    return Score(sample_id, (rest, probability, rest, rest), vlm_version=1)


@pytest.mark.parametrize(
    ("probability", "margin", "terms", "expected"),
    [
        (0.5, 15.0, ("left",), 0.1 + 1.0 + 2 * 0.2),
        (0.5, 22.5, ("left", "above"), 0.1 + 1.0 + 2 * 0.4),  # the margin counts no more than fully
        (0.25, 7.5, ("left",), 0.1 + 0.5 * (0.75 + 2 * 0.2)),
        (1.0, 15.0, ("right",), 0.1),  # known, and nothing weak about it
        (0.5, 0.0, ("above",), 0.1),  # on a boundary: only feasible
    ],
)
def test_reward_of_a_valid_sample(probability: float, margin: float, terms: tuple[str, ...], expected: float) -> None:
    sample = make_sample(margin=margin, terms=terms)
    assert edit_reward(sample, score(probability), WEAKNESS, EVEN, CONFIG) == pytest.approx(expected)


def test_an_invalid_sample_costs_and_is_never_paid_for_being_hard() -> None:
    sample = make_sample(invalid=("subject_occluded",), terms=("above",))
    assert edit_reward(sample, score(0.5), WEAKNESS, EVEN, CONFIG) == -0.5
    assert edit_reward(make_sample(invalid=("refused",), terms=()), None, WEAKNESS, EVEN, CONFIG) == -0.5


def test_a_valid_sample_needs_its_own_score() -> None:
    with pytest.raises(ValueError, match="'test-0' came with no score; score every valid sample"):
        edit_reward(make_sample(), None, WEAKNESS, EVEN, CONFIG)
    with pytest.raises(ValueError, match="'test-0' came with the score of 'other'"):
        edit_reward(make_sample(), score(0.5, "other"), WEAKNESS, EVEN, CONFIG)


def test_a_term_the_run_lacks_is_paid_and_one_that_floods_it_costs() -> None:
    deficit = coverage_deficit({"left": 0, "right": 2, "front": 10, "behind": 0, "above": 0, "below": 0})
    assert deficit == pytest.approx({"left": 1, "right": 0, "front": -1, "behind": 1, "above": 1, "below": 1})
    assert coverage_deficit(dict.fromkeys(TERMS, 0)) == EVEN

    def paid(*terms: str) -> float:
        return edit_reward(make_sample(terms=terms, margin=30.0), score(0.5), EVEN, deficit, CONFIG)

    even = edit_reward(make_sample(margin=30.0), score(0.5), EVEN, EVEN, CONFIG)
    assert paid("left") == pytest.approx(even + CONFIG.deficit)
    assert paid("front") == pytest.approx(even - CONFIG.deficit)
    assert paid("left", "front") == pytest.approx(even)

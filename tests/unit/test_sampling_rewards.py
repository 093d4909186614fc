"""Every signal against numbers worked out by hand, how they add up, and which of them chase wrong labels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from rls3.config import RewardConfig
from rls3.samples.record import Sample
from rls3.samples.scores import Score
from rls3.sampling.knowledge import ASPECTS, GroupScores, Knowledge, kind_of
from rls3.sampling.rewards import SIGNALS, Payroll, top_cell_share
from rls3.sampling.rewards.signals import Case
from rls3.scene.cells import CELLS
from tests.factories import make_sample

NOTHING = dict.fromkeys((*SIGNALS, "feasible", "invalid", "terminal"), 0.0)


def only(**weights: Any) -> RewardConfig:
    return RewardConfig(**(NOTHING | {"normalise": False} | weights))


def score(probability: float, sample_id: str = "test-0", version: int = 0, reference: float | None = None) -> Score:
    def all_options(p: float) -> tuple[float, ...]:
        return ((1 - p) / 3, p, (1 - p) / 3, (1 - p) / 3)

    return Score(sample_id, all_options(probability), version, None if reference is None else all_options(reference))


def worths(config: RewardConfig, *pairs: tuple[Sample, Score | None], known: Knowledge | None = None) -> list[float]:
    payroll = Payroll(config, known or Knowledge(), episode_steps=2)
    scores = {made.sample_id: own for made, own in pairs if own}
    return [wage.worth for wage in payroll.pay([made for made, _ in pairs], scores)]


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        ("learnability", 4 * 0.1 * 0.9),
        ("difficulty", 0.9),
        ("weakness", (0.2 + 0.6 + 0.1) / 3),
        ("learning_progress", 2 / 4 * 0.5),  # from 1.0 to 0.5, of which two fresh scores tell half
        ("rho", (math.log(0.4) - math.log(0.1)) / math.log(1000)),
        ("entropy", -(0.1 * math.log(0.1) + 0.9 * math.log(0.3)) / math.log(4)),
        ("deficit", (-1.0 + 0.25) / 2),  # a flood among cells; of sizes 1 where 4 x 0.1 / (0.1 + 4 x 0.05) are due
        ("novelty", 0.5),
    ],
)
def test_each_signal_is_what_it_says(signal: str, expected: float) -> None:
    sample = make_sample(terms=("above", "left"))
    known = Knowledge(weakness=dict.fromkeys(ASPECTS, 0.0) | {"left": 0.2, "above": 0.6, "alike": 0.1}, version=1)
    known.before["above_left"], known.fresh["above_left"] = GroupScores(3, 3.0, 0.0), GroupScores(2, 1.0, 2.0)
    known.made |= {"above_left": 1, "left": 3, "alike": 1, "larger": 3}
    known.kinds[kind_of(sample)] = 3
    assert SIGNALS[signal](Case(sample, score(0.1, reference=0.4), known)) == pytest.approx(expected)


def test_what_the_vlm_knows_and_what_is_hopeless_have_nothing_to_learn() -> None:
    found = [SIGNALS["learnability"](Case(make_sample(), score(p), Knowledge())) for p in (0.0, 0.5, 1.0)]
    assert found == [0.0, 1.0, 0.0]


def test_losses_are_bounded_and_rho_needs_the_second_model() -> None:
    hopeless = Case(make_sample(), score(0.0, reference=1.0), Knowledge())
    assert SIGNALS["rho"](hopeless) == pytest.approx(1.0)
    assert SIGNALS["rho"](Case(make_sample(), score(0.0, reference=0.0), Knowledge())) == 0.0
    with pytest.raises(ValueError, match=r"'test-0' has no reference probabilities, which reward\.rho needs; have the"):
        SIGNALS["rho"](Case(make_sample(), score(0.5), Knowledge()))


@pytest.mark.parametrize(("margin", "weight"), [(15.0, 1.0), (22.5, 1.0), (7.5, 0.5), (0.0, 0.0)])
def test_signals_are_weighted_added_and_gated_by_the_margin(margin: float, weight: float) -> None:
    config = only(feasible=0.1, learnability=1.0, difficulty=2.0, full_margin_deg=15.0)
    assert worths(config, (make_sample(margin=margin), score(0.5))) == pytest.approx([0.1 + weight * (1.0 + 2 * 0.5)])


def test_an_invalid_sample_costs_and_is_never_paid_for_being_hard() -> None:
    hidden, refused = make_sample(invalid=("subject_occluded",)), make_sample(invalid=("refused",), terms=())
    assert worths(RewardConfig(normalise=False), (hidden, score(0.1))) == [-0.5]
    assert worths(RewardConfig(normalise=False), (refused, None)) == [-0.5]


def test_a_valid_sample_needs_its_own_score() -> None:
    payroll = Payroll(RewardConfig(), Knowledge(), episode_steps=4)
    with pytest.raises(ValueError, match="'test-0' came with no score; score every valid sample"):
        payroll.pay([make_sample()], {})
    with pytest.raises(ValueError, match="'test-0' came with the score of 'other'"):
        payroll.pay([make_sample()], {"test-0": score(0.5, "other")})


def test_the_second_of_two_alike_is_less_new() -> None:
    alike = [make_sample(sample_id=f"s{n}", margin=30.0) for n in range(3)]
    other = make_sample(sample_id="s3", margin=30.0, reference_type="Pot")
    found = worths(only(novelty=1.0), *((made, score(0.5, made.sample_id)) for made in (*alike, other)))
    assert found == pytest.approx([1.0, 2**-0.5, 3**-0.5, 1.0])


def test_the_papers_reward_pays_the_mean_difficulty_of_an_episode_on_its_last_step() -> None:
    steps = [
        make_sample(sample_id=f"s{n}", slot=slot, episode=0, step=step, invalid=("floating",) if bad else ())
        for n, (slot, step, bad) in enumerate([(0, 0, False), (1, 0, True), (0, 1, False), (1, 1, True)])
    ]
    config = only(feasible=1.0, invalid=1.0, terminal=1.0)
    pairs = [(made, score(p, made.sample_id)) for made, p in zip(steps, (0.2, 0.1, 0.6, 0.1), strict=True)]
    assert worths(config, *pairs) == pytest.approx([1.0, -1.0, 1.0 + (0.8 + 0.4) / 2, -1.0])


def test_rewards_are_deviations_over_the_mean_of_one_version() -> None:
    payroll = Payroll(only(difficulty=1.0, invalid=1.0, normalise=True), Knowledge(), episode_steps=4)
    samples = [make_sample(sample_id=f"s{n}", margin=30.0) for n in range(2)]

    def paid(version: int, *successes: float) -> list[float]:
        scores = {s.sample_id: score(p, s.sample_id, version) for s, p in zip(samples, successes, strict=True)}
        return [wage.paid for wage in payroll.pay(samples, scores)]

    assert paid(0, 0.2, 0.6) == pytest.approx([1.0, -1.0])
    assert paid(0, 0.4, 0.4) == pytest.approx([0.0, 0.0])  # the running mean is 0.6 by now, as these are
    assert paid(1, 0.8, 0.9) == pytest.approx([1.0, -1.0])  # a better VLM begins anew
    assert paid(1, 0.85, 0.85) == pytest.approx([0.0, 0.0])


def test_a_reward_by_an_older_version_is_dropped_and_counts_for_coverage_only() -> None:
    known = Knowledge(version=3)
    payroll = Payroll(RewardConfig(), known, episode_steps=4)
    stale, fresh = make_sample(sample_id="old"), make_sample(sample_id="new", terms=("above",))
    scores = {"old": score(0.5, "old", version=2), "new": score(0.5, "new", version=3)}
    wages = payroll.pay([stale, fresh], scores)
    assert [wage.stale for wage in wages] == [True, False] and math.isnan(wages[0].worth)
    assert (known.fresh["left"].count, known.fresh["above"].count) == (0, 1)
    assert (known.made["left"], known.made["above"]) == (1, 1)


def test_the_cell_that_brings_most_of_the_reward_is_named() -> None:
    def paid(reward: float, *terms: str, **more: Any) -> Sample:
        return make_sample(terms=terms, reward=reward, **more)

    samples = [paid(1.0, "left"), paid(2.0, "left"), paid(1.0, "above"), paid(-3.0, "above"), paid(math.nan, "behind")]
    assert top_cell_share([*samples, paid(9.0, "below", invalid=("floating",))]) == ("left", 0.75)
    assert top_cell_share([]) == ("", 0.0)


CHASES = {
    "difficulty": True,
    "learnability": False,
    "entropy": False,
    "rho": False,
    "weakness": False,
    "learning_progress": False,
    "deficit": False,
    "novelty": False,
}


@pytest.mark.parametrize("signal", SIGNALS)
def test_which_reward_chases_wrong_labels(signal: str) -> None:
    """A toy student: sure in most cells, unsure in one; a tenth of the labels is wrong, and sure answers deny them.

    The best paid tenth should hold no more than its share of wrong labels. Difficulty is all wrong labels there.
    """
    rng = np.random.default_rng(0)
    samples, scores, wrong = [], {}, set()
    for number in range(600):
        cell = CELLS[int(rng.integers(len(CELLS)))]
        sample = make_sample(sample_id=f"s{number}", terms=tuple(cell.split("_")), margin=30.0)
        knows = 0.5 if cell == "left" else 0.95
        corrupt = rng.random() < 0.1
        if corrupt:
            wrong.add(sample.sample_id)
        right = (1 - knows) / 3 if corrupt else knows
        others = [knows, (1 - knows) / 3, (1 - knows) / 3] if corrupt else [(1 - knows) / 3] * 3
        beyond = 0.01 if corrupt else 0.97  # held-out data taught it the cell, and no wrong label
        probabilities = (others[0], right, *others[1:])
        reference = ((1 - beyond) / 3, beyond, (1 - beyond) / 3, (1 - beyond) / 3)
        samples.append(sample)
        scores[sample.sample_id] = Score(sample.sample_id, probabilities, 0, reference)
    order = rng.permutation(len(samples))  # ties are broken at random
    wages = Payroll(only(**{signal: 1.0}), Knowledge(), episode_steps=4).pay(samples, scores)
    best = sorted(order, key=lambda index: -wages[index].worth)[: len(samples) // 10]
    share = sum(samples[index].sample_id in wrong for index in best) / len(best)
    assert (share > 0.5) == CHASES[signal], f"{share:.0%} of the best paid labels are wrong"


def test_the_default_weights_pay_wrong_labels_less_than_difficulty_alone() -> None:
    """A wrong label in a cell the VLM knows has nothing to learn; the default pays learnable ones more."""
    learnable, wrong = (make_sample(sample_id=name, subject_type=name, margin=30.0) for name in ("learnable", "wrong"))
    for config, chased in ((only(difficulty=1.0), True), (RewardConfig(normalise=False), False)):
        found = worths(config, (wrong, score(0.02, "wrong")), (learnable, score(0.4, "learnable")))
        assert (found[0] > found[1]) == chased

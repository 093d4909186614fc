"""What the loop relies on, for every sampler: exact counts, fixed order, legal edits, rewards that may come late."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rls3.config import Config, load_config
from rls3.runtime.parts import build_sampler
from rls3.sampling.knowledge import ASPECTS, Knowledge
from rls3.sampling.sampler import Sampler
from rls3.scene.edit import TERMS
from tests.fakes import FakeStage

ALL = ("ppo", "random", "natural", "balanced", "hard", "bandit")
Make = Callable[..., tuple[Sampler, FakeStage]]


def config(name: str, seed: int = 0) -> Config:
    settings = [f"sampler.name={name}", f"seed={seed}", "sampler.episode_steps=3", "ppo.hidden=16", "ppo.minibatch=8"]
    return load_config([], [*settings, "loop.batch=16", "loop.samples_per_round=16"])


@pytest.fixture(params=ALL)
def make(request: pytest.FixtureRequest) -> Make:
    def build(seed: int = 0, num_slots: int = 3) -> tuple[Sampler, FakeStage]:
        stage = FakeStage(num_slots, valid=lambda edit: edit.placement != "below")
        sampler = build_sampler(config(request.param, seed), stage)
        assert sampler.name == request.param
        request.addfinalizer(sampler.close)
        return sampler, stage

    return build


def made_by(stage: FakeStage) -> dict[str, object]:
    """What was done for each sample: its edit, or a look without one."""
    return {**stage.edits, **dict.fromkeys(stage.looks, "look")}


def valid_of(stage: FakeStage, sample_id: str) -> bool:
    if sample_id in stage.looks:
        return stage.looks.index(sample_id) % 2 == 0
    return stage.edits[sample_id].placement != "below"


def test_collects_exactly_what_was_asked_and_loses_no_edit(make: Make) -> None:
    sampler, stage = make()
    batches = [sampler.collect(number) for number in (16, 1, 7, 16, 2)]
    assert [batch.attempted for batch in batches] == [16, 1, 7, 16, 2]
    ids = [sample_id for batch in batches for sample_id in batch.sample_ids]
    made = made_by(stage)
    assert len(set(ids)) == 42 and set(ids) <= set(made)
    assert len(made) - 42 < stage.num_slots  # at most one step of every slot is held for the next batch
    for batch in batches:
        assert batch.valid == sum(valid_of(stage, sample_id) for sample_id in batch.sample_ids)
    assert abs(sum(batch.restarts for batch in batches) - sum(not valid_of(stage, name) for name in made)) < 3
    with pytest.raises(ValueError, match=r"collect\(0\): a batch has at least 1 edit; set loop\.batch"):
        sampler.collect(0)


def test_edits_are_legal(make: Make) -> None:
    sampler, stage = make()
    sampler.collect(120)
    edits = stage.edits.values()
    if sampler.name == "natural":
        assert not edits and len(stage.looks) >= 120
        return
    assert {edit.subject_id for edit in edits} == {"Stool|1", "Pot|1", "Toaster|1"}
    assert {edit.reference_id for edit in edits} == {"Fridge|1", "Sink|1"}
    if sampler.name in ("balanced", "bandit"):  # no top near them is higher or lower, and they stand on the floor
        assert {edit.placement for edit in edits} == set(TERMS) - {"above", "below"}
    else:
        assert {edit.placement for edit in edits} == set(TERMS)
    assert {edit.view for edit in edits if edit.reference_id == "Fridge|1"} == {0, 1}
    assert {edit.view for edit in edits if edit.reference_id == "Sink|1"} == {1, 2, 3, 4}


def test_the_same_seed_makes_the_same_edits_through_learning(make: Make) -> None:
    def play(seed: int) -> list[tuple[tuple[str, ...], list[object]]]:
        sampler, stage = make(seed)
        seen = []
        for _ in range(3):
            batch = sampler.collect(16)
            seen.append((batch.sample_ids, [made_by(stage)[sample_id] for sample_id in batch.sample_ids]))
            sampler.learn({sample_id: float(i % 3) for i, sample_id in enumerate(batch.sample_ids)})
            sampler.observe(Knowledge(weakness=dict.fromkeys(ASPECTS, 0.3)))
        return seen

    first = play(0)
    assert first == play(0)
    if make()[0].name != "natural":  # whose seeds are the sessions'
        assert [edits for _, edits in first] != [edits for _, edits in play(1)]


def test_rewards_may_lag_and_each_batch_is_paid_once(make: Make) -> None:
    sampler, stage = make()
    one, two, three = (sampler.collect(8) for _ in range(3))
    started_at = sampler.version
    for batch, value in ((one, 1.0), (three, 3.0)):
        metrics = sampler.learn(dict.fromkeys(batch.sample_ids, value))
        assert metrics["reward_mean"] == value
    assert {stage.versions[sample_id] for sample_id in two.sample_ids} == {started_at}
    for wrong in (one.sample_ids, two.sample_ids[:-1], (*two.sample_ids, "stranger"), ("stranger",) * 8, ()):
        with pytest.raises(ValueError, match=r"belong to no unpaid batch \(unpaid: 8 from '.*'\); learn\(\) takes"):
            sampler.learn(dict.fromkeys(wrong, 0.0))
    sampler.learn(dict.fromkeys(reversed(two.sample_ids), 0.0))  # any order
    with pytest.raises(ValueError, match=r"\(unpaid: none\)"):
        sampler.learn(dict.fromkeys(two.sample_ids, 0.0))


def test_a_restored_sampler_goes_on_in_new_episodes(make: Make, tmp_path: Path) -> None:
    sampler, stage = make()
    sampler.observe(Knowledge(weakness=dict.fromkeys(ASPECTS, 0.9)))
    paid = sampler.collect(16)
    sampler.learn(dict.fromkeys(paid.sample_ids, 1.0))
    lost = sampler.collect(4)
    sampler.save(tmp_path / "a")

    def go_on(other: Sampler, other_stage: FakeStage) -> list[object]:
        other.restore(tmp_path / "a")
        assert other.version == sampler.version
        with pytest.raises(ValueError, match="unpaid: none"):
            other.learn(dict.fromkeys(lost.sample_ids, 0.0))
        batch = other.collect(9)
        assert batch.sample_ids[0].endswith("-000")
        other.learn(dict.fromkeys(batch.sample_ids, 0.5))
        return [made_by(other_stage)[sample_id] for sample_id in batch.sample_ids]

    assert go_on(*make(seed=5)) == go_on(*make(seed=6))  # nothing of the new sampler's own seed is left
    go_on(sampler, stage)


def test_refuses_a_weakness_that_is_none(make: Make) -> None:
    sampler, _ = make()
    with pytest.raises(ValueError, match="weakness of 'left' is None"):
        sampler.observe(Knowledge(weakness={}))


def test_a_stale_reward_is_paid_like_any_other_and_counts_for_nothing(make: Make) -> None:
    sampler, _ = make()
    ids = sampler.collect(16).sample_ids
    metrics = sampler.learn(dict.fromkeys(ids, 1.0) | dict.fromkeys(ids[:5], float("nan")))
    assert metrics["reward_mean"] == 1.0
    with pytest.raises(ValueError, match=r"\(unpaid: none\)"):
        sampler.learn(dict.fromkeys(ids, 1.0))

"""What the loop relies on, for every sampler: exact counts, fixed order, legal edits, rewards that may come late."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rls3.config import PpoConfig, SamplerConfig
from rls3.sampling.ppo.sampler import PPOSampler
from rls3.sampling.random import RandomSampler
from rls3.sampling.sampler import Sampler
from rls3.scene.edit import TERMS
from tests.fakes import FakeStage

CONFIG = SamplerConfig(episode_steps=3)
Make = Callable[..., tuple[Sampler, FakeStage]]


@pytest.fixture(params=["random", "ppo"])
def make(request: pytest.FixtureRequest) -> Make:
    def build(seed: int = 0, num_slots: int = 3) -> tuple[Sampler, FakeStage]:
        stage = FakeStage(num_slots, valid=lambda edit: edit.placement != "below")
        if request.param == "random":
            sampler: Sampler = RandomSampler(stage, CONFIG, seed=seed)
        else:
            sampler = PPOSampler(stage, CONFIG, PpoConfig(hidden=16, minibatch=8), batch=16, seed=seed)
        request.addfinalizer(sampler.close)
        return sampler, stage

    return build


def test_collects_exactly_what_was_asked_and_loses_no_edit(make: Make) -> None:
    sampler, stage = make()
    batches = [sampler.collect(number) for number in (16, 1, 7, 16, 2)]
    assert [batch.attempted for batch in batches] == [16, 1, 7, 16, 2]
    ids = [sample_id for batch in batches for sample_id in batch.sample_ids]
    assert len(set(ids)) == 42 and set(ids) <= set(stage.edits)
    assert len(stage.edits) - 42 < stage.num_slots  # at most one step of every slot is held for the next batch
    for batch in batches:
        edits = [stage.edits[sample_id] for sample_id in batch.sample_ids]
        assert batch.valid == sum(edit.placement != "below" for edit in edits)
    assert abs(sum(batch.restarts for batch in batches) - sum(e.placement == "below" for e in stage.edits.values())) < 3
    with pytest.raises(ValueError, match=r"collect\(0\): a batch has at least 1 edit; set loop\.batch"):
        sampler.collect(0)


def test_edits_are_legal(make: Make) -> None:
    sampler, stage = make()
    sampler.collect(60)
    edits = stage.edits.values()
    assert {edit.subject_id for edit in edits} == {"Stool|1", "Pot|1", "Toaster|1"}
    assert {edit.reference_id for edit in edits} == {"Fridge|1", "Sink|1"}
    assert {edit.placement for edit in edits} == set(TERMS)
    assert {edit.view for edit in edits if edit.reference_id == "Fridge|1"} == {0, 1}
    assert {edit.view for edit in edits if edit.reference_id == "Sink|1"} == {1, 2, 3, 4}


def test_the_same_seed_makes_the_same_edits_through_learning(make: Make) -> None:
    def play(seed: int) -> list[tuple[tuple[str, ...], list[object]]]:
        sampler, stage = make(seed)
        seen = []
        for _ in range(3):
            batch = sampler.collect(16)
            seen.append((batch.sample_ids, [stage.edits[sample_id] for sample_id in batch.sample_ids]))
            sampler.learn({sample_id: float(i % 3) for i, sample_id in enumerate(batch.sample_ids)})
            sampler.observe(dict.fromkeys(TERMS, 0.3))
        return seen

    first = play(0)
    assert first == play(0)
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
    sampler.observe(dict.fromkeys(TERMS, 0.9))
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
        return [other_stage.edits[sample_id] for sample_id in batch.sample_ids]

    assert go_on(*make(seed=5)) == go_on(*make(seed=6))  # nothing of the new sampler's own seed is left
    go_on(sampler, stage)


def test_refuses_a_weakness_that_is_none(make: Make) -> None:
    sampler, _ = make()
    with pytest.raises(ValueError, match="weakness of 'left' is None"):
        sampler.observe({})

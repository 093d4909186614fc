"""PPO learns from rewards that come after the sampling."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from rls3.config import PpoConfig, SamplerConfig
from rls3.errors import ConfigError
from rls3.sampling.knowledge import ASPECTS, Knowledge
from rls3.sampling.ppo.algorithm import EditPPOConfig, paid_stretches, step_infos
from rls3.sampling.ppo.policy_file import POLICY_FILE, load_policy, save_policy
from rls3.sampling.ppo.sampler import PPOSampler
from rls3.sampling.random import RandomSampler
from rls3.sampling.sampler import Sampler
from rls3.scene.edit import Edit
from rls3.scene.figure import volume
from tests.fakes import FakeStage, make_room

BATCH = 64


def mean_rewards(sampler: Sampler, stage: FakeStage, pays: dict[str, float], updates: int, lag: int = 0) -> list[float]:
    """Mean reward of each batch when a placement pays what `pays` says."""
    means, ahead = [], []
    for _ in range(updates):
        ahead.append(sampler.collect(BATCH))
        if len(ahead) > lag:
            ids = ahead.pop(0).sample_ids
            metrics = sampler.learn({name: pays.get(stage.edits[name].placement, 0.0) for name in ids})
            assert all(np.isfinite(value) for value in metrics.values())
            means.append(metrics["reward_mean"])
    return means


@pytest.mark.parametrize("lag", [0, 1])
def test_ppo_finds_the_placement_that_pays(lag: int) -> None:
    stage = FakeStage(4)
    sampler = PPOSampler(stage, SamplerConfig(), PpoConfig(), batch=BATCH, seed=0)
    learned = mean_rewards(sampler, stage, {"above": 1.0}, updates=20, lag=lag)
    sampler.close()
    baseline_stage = FakeStage(4)
    baseline = mean_rewards(
        RandomSampler(baseline_stage, SamplerConfig(), seed=0), baseline_stage, {"above": 1.0}, updates=5
    )
    assert np.mean(baseline) == pytest.approx(1 / 6, abs=0.06)
    assert np.mean(learned[:2]) < 0.5
    assert np.mean(learned[-3:]) > 0.8
    assert sampler.version == 20 - lag


def test_ppo_learns_to_go_where_the_weakness_is() -> None:
    """It need not learn anew when the weakness moves to a relation that was never paid before."""
    stage = FakeStage(4)
    sampler = PPOSampler(stage, SamplerConfig(), PpoConfig(), batch=BATCH, seed=0)

    def weak_at(term: str) -> dict[str, float]:
        weakness = dict.fromkeys(ASPECTS, 0.1) | {term: 0.9}
        sampler.observe(Knowledge(weakness=weakness))
        return weakness

    for update in range(24):
        mean_rewards(sampler, stage, weak_at(("left", "above", "front")[update // 2 % 3]), updates=1)
    weak_at("behind")
    sampler.collect(4)  # the observations in hand still show the old weakness
    ids = sampler.collect(BATCH).sample_ids
    sampler.close()
    assert np.mean([stage.edits[name].placement == "behind" for name in ids]) > 0.5


def test_ppo_learns_to_leave_edits_that_come_out_invalid() -> None:
    def fits(edit: Edit) -> bool:
        return edit.reference_id != "Sink|1" or edit.view != 3

    stage = FakeStage(4, valid=fits)
    sampler = PPOSampler(stage, SamplerConfig(), PpoConfig(), batch=BATCH, seed=1)
    valid = []
    for _ in range(15):
        batch = sampler.collect(BATCH)
        valid.append(batch.valid / BATCH)
        sampler.learn({name: 1.0 if fits(stage.edits[name]) else -0.5 for name in batch.sample_ids})
    sampler.close()
    assert np.mean(valid[:2]) < 0.95 < 0.97 < np.mean(valid[-3:])  # seven of eight at first


def bulkier(edit: Edit) -> bool:
    """Whether what was moved is larger than what it was moved beside."""
    bulk = {thing.id: volume(thing) for thing in make_room(spawn_seed=0).objects}
    return bulk[edit.subject_id] > bulk[edit.reference_id]


def test_ppo_learns_to_put_large_things_beside_small_ones() -> None:
    """Which reference pays depends on the subject: a stool beside a pot, but never a pot beside a stool."""

    def share(sampler: Sampler, stage: FakeStage, updates: int) -> list[float]:
        paid = []
        for _ in range(updates):
            ids = sampler.collect(BATCH).sample_ids
            rewards = {name: float(bulkier(stage.edits[name])) for name in ids}
            paid.append(sampler.learn(rewards)["reward_mean"])
        return paid

    def crowded() -> FakeStage:
        stage = FakeStage(4)
        stage.references = ("Fridge|1", "Sink|1", *stage.subjects)
        stage.views = ((0, 8),) * 5
        return stage

    stage, other = crowded(), crowded()
    sampler = PPOSampler(stage, SamplerConfig(), PpoConfig(), batch=BATCH, seed=0)
    learned = share(sampler, stage, updates=8)  # 512 edits
    sampler.close()
    drawn = share(RandomSampler(other, SamplerConfig(), seed=0), other, updates=8)
    assert np.mean(drawn) == pytest.approx(1 / 4, abs=0.06)  # 2 of 4 references of the stool, 1 of the pot's, 0
    assert np.mean(drawn[-2:]) < 0.4
    assert np.mean(learned[-2:]) > 0.8


def test_ppo_draws_from_its_own_stream() -> None:
    def edits(disturb: bool) -> list[Edit]:
        stage = FakeStage(2)
        sampler = PPOSampler(stage, SamplerConfig(), PpoConfig(hidden=16), batch=16, seed=3)
        for _ in range(2):
            if disturb:
                torch.rand(5)
                np.random.rand(5)
            batch = sampler.collect(16)
            sampler.learn(dict.fromkeys(batch.sample_ids, 0.0) | {batch.sample_ids[0]: 1.0})
        sampler.close()
        return list(stage.edits.values())

    torch.manual_seed(11)
    before = torch.get_rng_state()
    quiet = edits(disturb=False)
    assert torch.equal(torch.get_rng_state(), before)
    assert quiet == edits(disturb=True)


def test_uniform_edits_stay_legal_and_are_not_learned_from() -> None:
    stage = FakeStage(4)
    always = PPOSampler(stage, SamplerConfig(), PpoConfig(hidden=16, uniform_share=0.999), batch=16, seed=0)
    metrics = always.learn(dict.fromkeys(always.collect(16).sample_ids, 1.0))
    always.close()
    assert metrics == {"reward_mean": 1.0} and always.version == 0
    half = PPOSampler(FakeStage(4), SamplerConfig(), PpoConfig(hidden=16, uniform_share=0.5), batch=64, seed=0)
    ids = half.collect(64).sample_ids
    episodes = half._unpaid.pay(dict.fromkeys(ids, 0.0))
    drawn = [info["uniform"] for episode in episodes for info in step_infos(episode)]
    half.close()
    assert 16 < sum(drawn) < 48


def test_steps_without_a_reward_are_cut_out() -> None:
    sampler = PPOSampler(FakeStage(2), SamplerConfig(episode_steps=4), PpoConfig(hidden=16), batch=8, seed=0)
    ids = sampler.collect(8).sample_ids
    episodes = sampler._unpaid.pay(dict.fromkeys(ids, 0.0))
    rewards = {name: float(n) for n, name in enumerate(ids) if n not in (1, 4)}
    stretches = [stretch for episode in episodes for stretch in paid_stretches(episode, rewards)]
    sampler.close()
    assert [[info["sample_id"] for info in step_infos(stretch)] for stretch in stretches] == [
        [ids[0]], [ids[2], ids[3]], [ids[5], ids[6], ids[7]],
    ]  # fmt: skip
    assert [stretch.is_done for stretch in stretches] == [False, True, True]


def test_a_batch_whose_rewards_all_went_stale_changes_nothing() -> None:
    sampler = PPOSampler(FakeStage(2), SamplerConfig(), PpoConfig(hidden=16), batch=8, seed=0)
    metrics = sampler.learn(dict.fromkeys(sampler.collect(8).sample_ids, math.nan))
    assert math.isnan(metrics.pop("reward_mean")) and metrics == {} and sampler.version == 0
    ids = sampler.collect(8).sample_ids
    metrics = sampler.learn(dict.fromkeys(ids, 2.0) | {ids[3]: math.nan})
    sampler.close()
    assert metrics["reward_mean"] == 2.0 and np.isfinite(metrics["policy_loss"]) and sampler.version == 1


def test_train_without_collected_edits_says_what_to_call() -> None:
    stage = FakeStage(1)
    sampler = PPOSampler(stage, SamplerConfig(), PpoConfig(hidden=16), batch=8, seed=0)
    with pytest.raises(RuntimeError, match=r"call collect\(\) and then learn\(\) instead of train\(\)"):
        sampler._algorithm.train()
    sampler.close()


def test_rewards_may_lag_only_without_the_kl_term() -> None:
    config = EditPPOConfig()
    assert config.use_kl_loss is False and config.num_env_runners == 0


def test_a_policy_starts_where_another_run_ended_and_keeps_learning(tmp_path: Path) -> None:
    stage = FakeStage(4)
    teacher = PPOSampler(stage, SamplerConfig(), PpoConfig(), batch=BATCH, seed=0)
    mean_rewards(teacher, stage, {"above": 1.0}, updates=12)
    (tmp_path / "checkpoint" / "policy").mkdir(parents=True)
    teacher.save(tmp_path / "checkpoint" / "policy")
    teacher.close()
    first = {}
    for name, start in (("cold", None), ("warm", tmp_path), ("again", tmp_path / "checkpoint" / "policy")):
        other = FakeStage(4)
        pupil = PPOSampler(other, SamplerConfig(), PpoConfig(start=start), batch=BATCH, seed=5)
        assert pupil.version == 0
        first[name], *_, last = mean_rewards(pupil, other, {"above": 1.0}, updates=3)
        pupil.close()
        assert name == "cold" or last > 0.7
    assert first["cold"] < 0.4 < 0.6 < first["warm"] == first["again"]


def test_a_start_that_is_no_policy_or_another_ones_is_refused(tmp_path: Path) -> None:
    like = {"a": np.zeros((2, 3), np.float32)}
    with pytest.raises(
        ConfigError, match=r"holds no policy \(checkpoint/policy/policy\.safetensors or .*null for fresh"
    ):
        load_policy(tmp_path, like)
    save_policy({"a": np.zeros((2, 4), np.float32)}, tmp_path)
    with pytest.raises(
        ConfigError, match=r"policy of another shape \(a\); sampler\.max_subjects, .*ppo\.hidden must be"
    ):
        load_policy(tmp_path, like)
    (tmp_path / POLICY_FILE).write_bytes(b"nothing")
    with pytest.raises(ConfigError, match=r"policy\.safetensors' is damaged .*give another run, or null"):
        load_policy(tmp_path, like)


def test_the_packaged_policy_fits_the_default_configuration() -> None:
    stage = FakeStage(2)
    sampler = PPOSampler(stage, SamplerConfig(), PpoConfig(start=Path("rls3-policy")), batch=8, seed=0)
    assert sampler.collect(8).attempted == 8 and sampler.version == 0
    sampler.close()
    with pytest.raises(ConfigError, match=r"ppo\.start='rls3-polcy' holds no policy .*give 'rls3-policy', the folder"):
        PPOSampler(stage, SamplerConfig(), PpoConfig(start=Path("rls3-polcy")), batch=8, seed=0)

"""Fits learn, repeat and resume exactly, and count versions."""

import math
import signal
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from rls3.config import VlmConfig, load_config
from rls3.errors import ConfigError, ModelLoadError
from rls3.vlm.module import rate_share
from rls3.vlm.replay import Reservoir
from rls3.vlm.scorer import Scorer
from rls3.vlm.trainer import VLMTrainer
from rls3.vlm.vilt import new_vilt
from tests.factories import make_sample, squares

RED, BLUE = (200, 40, 40), (40, 60, 200)


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    new_vilt(hidden=32, layers=2, heads=2, seed=1).save(folder)
    return VlmConfig(base=str(folder), learning_rate=3e-3, batch_size=8, epochs=4)


def lesson(count=16, start=0):
    """Pictures of a red and a blue square: the mug (red) is left or right of the bowl (blue), by turns."""
    rng = np.random.default_rng(start)
    found = []
    for i in range(start, start + count):
        left = i % 2 == 0
        image = squares(RED, BLUE) if left else squares(BLUE, RED)
        noise = rng.integers(-20, 20, image.shape)
        found.append(
            make_sample(
                sample_id=f"s{i}",
                image=np.clip(image + noise, 0, 255).astype(np.uint8),
                terms=("left",) if left else ("right",),
                answer=1 if left else 0,
            )
        )
    return found


def weights_of(trainer, folder):
    trainer.save(folder)
    return load_file(folder / "model.safetensors")


def same(first, second):
    return all(np.array_equal(first[name], second[name]) for name in first)


def test_fitting_lowers_the_loss_and_raises_the_accuracy(config):
    trainer = VLMTrainer(config, seed=0)
    samples = lesson()
    before = trainer.evaluate("feedback", samples)
    results = [trainer.fit(samples) for _ in range(6)]
    after = trainer.evaluate("feedback", samples)
    assert results[-1].loss < 0.5 * results[0].loss
    assert after.overall.correct == 16 > before.overall.correct
    assert (before.vlm_version, after.vlm_version) == (0, 6)


def test_the_same_seed_and_samples_give_the_same_weights(config, tmp_path):
    torch.manual_seed(1)
    first = VLMTrainer(config, seed=7)
    first.fit(lesson())
    torch.manual_seed(2)
    second, other = VLMTrainer(config, seed=7), VLMTrainer(config, seed=8)
    second.fit(lesson())
    other.fit(lesson())
    learnt = weights_of(first, tmp_path / "first")
    assert same(learnt, weights_of(second, tmp_path / "second"))
    assert not same(learnt, weights_of(other, tmp_path / "other"))


def test_fitting_leaves_the_callers_random_state_alone(config):
    trainer = VLMTrainer(config, seed=0)
    torch.manual_seed(5)
    trainer.fit(lesson(8))
    drawn = torch.rand(3)
    torch.manual_seed(5)
    assert torch.equal(drawn, torch.rand(3))


def test_a_resumed_trainer_goes_on_exactly(config, tmp_path):
    straight = VLMTrainer(config, seed=3)
    straight.fit(lesson(8))
    straight.save(tmp_path / "middle")
    straight.fit(lesson(8, start=8))
    resumed = VLMTrainer(config, seed=3)
    resumed.restore(tmp_path / "middle")
    assert resumed.version == 1
    assert resumed.fit(lesson(8, start=8)).version == 2
    assert straight.score(lesson(4)) == resumed.score(lesson(4))
    assert same(weights_of(straight, tmp_path / "a"), weights_of(resumed, tmp_path / "b"))
    assert (tmp_path / "a" / "replay.npz").read_bytes() == (tmp_path / "b" / "replay.npz").read_bytes()


def test_a_saved_trainer_is_a_base(config, tmp_path):
    trainer = VLMTrainer(config, seed=0)
    trainer.fit(lesson(8))
    learnt = weights_of(trainer, tmp_path)
    again = VLMTrainer(VlmConfig(base=str(tmp_path)), seed=0)
    assert same(learnt, weights_of(again, tmp_path / "again")) and again.version == 0


def test_resuming_from_anything_else_is_refused(config, tmp_path):
    new_vilt(hidden=16, layers=1, heads=2, seed=1).save(tmp_path / "base")
    VLMTrainer(VlmConfig(base=str(tmp_path / "base")), seed=0).save(tmp_path / "other")
    trainer = VLMTrainer(config, seed=0)
    for folder in (tmp_path / "nothing", tmp_path / "other"):
        with pytest.raises(ModelLoadError, match=r"cannot be resumed from: .*vlm\.base=.*start a new run"):
            trainer.restore(folder)


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without GPU")
def test_ctrl_c_during_a_fit_is_ctrl_c_and_so_is_the_next(config, monkeypatch):
    def ctrl_c(*_):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("rls3.vlm.module.FineTuning.training_step", ctrl_c)
    trainer = VLMTrainer(config, seed=0)
    inherited = signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs are deaf to it
    try:
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                trainer.fit(lesson())
    finally:
        signal.signal(signal.SIGINT, inherited)


def test_a_gpu_that_is_not_there_is_refused(config):
    with pytest.raises(ConfigError, match=r"vlm\.accelerator='gpu', but .*use 'cpu' or 'auto'"):
        VLMTrainer(config.model_copy(update={"accelerator": "gpu"}), seed=0)


def test_more_devices_than_there_are_are_refused(config, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(ConfigError, match=r"vlm\.devices=4, but torch sees 1 .*runtime\.trainer_gpus"):
        VLMTrainer(config.model_copy(update={"accelerator": "auto", "devices": 4}), seed=0)


def test_sharding_is_refused_with_what_to_do_instead():
    with pytest.raises(ConfigError, match=r"vlm\.strategy='fsdp': sharded training is not offered.*use 'ddp'"):
        load_config([], ["vlm.strategy=fsdp"])


def test_invalid_samples_teach_nothing(config, tmp_path):
    trainer = VLMTrainer(config, seed=0)
    before = weights_of(trainer, tmp_path / "before")
    refused = make_sample(image=None, mask=None, options=(), answer=-1, terms=(), invalid=("refused",))
    result = trainer.fit([refused, make_sample(invalid=("too_far",))])
    assert (result.steps, result.version, math.isnan(result.loss)) == (0, 0, True)
    assert same(before, weights_of(trainer, tmp_path / "after"))


def test_replay_adds_its_share_of_earlier_samples(config):
    trainer = VLMTrainer(config, seed=0)  # replay_share 0.5, batch 8, 4 passes
    assert trainer.fit(lesson(16)).steps == 4 * 2
    assert trainer.fit(lesson(16, start=16)).steps == 4 * 4


def test_scores_carry_id_and_version(config):
    score = VLMTrainer(config, seed=0).score([make_sample(sample_id="x")])[0]
    assert (score.sample_id, score.vlm_version, len(score.probabilities)) == ("x", 0, 4)
    assert sum(score.probabilities) == pytest.approx(1.0)


def test_the_reservoir_keeps_a_uniform_sample():
    kept = np.zeros(40)
    for seed in range(300):
        reservoir = Reservoir(10, seed)
        reservoir.add(list(range(40)))
        kept[sorted(reservoir.draw(10))] += 1
    assert abs(kept[:10].mean() - kept[30:].mean()) < 12  # each is kept 75 times of 300 on average
    assert kept.sum() == 3000


def test_accumulated_passes_make_the_step_of_one_large_batch(config, tmp_path):
    whole = VLMTrainer(config.model_copy(update={"batch_size": 16, "epochs": 2}), seed=0)
    parts = VLMTrainer(config.model_copy(update={"batch_size": 4, "accumulate": 4, "epochs": 2}), seed=0)
    results = [trainer.fit(lesson()) for trainer in (whole, parts)]
    assert [result.steps for result in results] == [2, 2]
    first, second = weights_of(whole, tmp_path / "whole"), weights_of(parts, tmp_path / "parts")
    assert all(np.allclose(first[name], second[name], atol=1e-4) for name in first)


def test_a_clipped_gradient_cannot_exceed_its_norm(config):
    """AdamW divides by the gradient's size, so only a limit near its epsilon shows in what is learnt."""
    free, held = (
        VLMTrainer(config.model_copy(update={"gradient_clip": clip, "epochs": 2}), seed=0) for clip in (0.0, 1e-9)
    )
    assert free.fit(lesson()).loss != held.fit(lesson()).loss


def test_the_learning_rate_rises_and_then_falls_or_stays(config):
    def rates(**changes):
        return [rate_share(config.model_copy(update=changes), step, 10) for step in range(10)]

    cosine, constant = rates(warmup_share=0.2), rates(warmup_share=0.2, schedule="constant")
    assert cosine[:2] == constant[:2] == [1 / 3, 2 / 3]
    assert constant[2:] == [1.0] * 8
    assert cosine[2] == 1.0 and cosine[2:] == sorted(cosine[2:], reverse=True) and cosine[-1] < 0.05
    assert rates(warmup_share=0.0)[0] == 1.0


def test_a_fit_stops_when_held_out_answers_get_no_better_and_keeps_the_best_pass(config, tmp_path):
    """Questions with answers turned round: what is learnt makes them worse, so an early pass is the best."""
    turned = [replace(sample, answer=1 - sample.answer) for sample in lesson(12, start=100)]
    level = config.model_copy(update={"schedule": "constant", "warmup_share": 0.0, "epochs": 30})
    early = VLMTrainer(level.model_copy(update={"patience": 2}), seed=0)
    done = early.fit(lesson(), turned)
    assert done.epochs < 30 and done.steps == 2 * done.epochs
    assert early.evaluate("stopping", turned).overall.accuracy == pytest.approx(done.accuracy)
    best = VLMTrainer(level.model_copy(update={"epochs": done.epochs - 2}), seed=0)
    assert best.fit(lesson()).loss == done.loss
    assert same(weights_of(early, tmp_path / "early"), weights_of(best, tmp_path / "best"))


def test_a_fit_that_should_stop_early_needs_questions(config):
    with pytest.raises(ValueError, match=r"vlm\.patience=1 needs early-stopping questions"):
        VLMTrainer(config.model_copy(update={"patience": 1}), seed=0).fit(lesson(8))


def test_published_weights_make_another_scorer_answer_with_the_same_bits(config):
    trainer, scorer = VLMTrainer(config, seed=0), Scorer(config)
    trainer.fit(lesson(8))
    assert scorer.score(lesson(4)) != trainer.score(lesson(4))
    scorer.adopt(trainer.weights())
    assert scorer.score(lesson(4)) == trainer.score(lesson(4))

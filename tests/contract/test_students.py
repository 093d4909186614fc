"""What holds for every student: saved and loaded as it was, the same scores whatever the company, and it learns."""

import numpy as np
import pytest
import torch

from rls3.config import VlmConfig
from rls3.vlm.data import Sight, to_example
from rls3.vlm.student import load_student
from rls3.vlm.trainer import VLMTrainer
from rls3.vlm.vilt import new_vilt
from tests.factories import make_sample, squares
from tests.unit.model_factory import save_clip, save_llava, save_paligemma, save_siglip, scores_of

MAKERS = {
    "vilt": lambda folder: new_vilt(hidden=32, layers=2, heads=2, seed=5).save(folder),
    "clip": save_clip,
    "siglip": save_siglip,
    "llava": save_llava,
    "paligemma": save_paligemma,
}


@pytest.fixture(scope="module", params=MAKERS)
def folder(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / request.param
    MAKERS[request.param](path)
    return path


def left_or_right(count):
    """The mug is the red square: left of the bowl in every other picture."""
    made = []
    for i in range(count):
        colors = ((200, 40, 40), (40, 60, 200))[:: 1 if i % 2 else -1]
        side = "left" if i % 2 else "right"
        options = ("left", "right", "behind", "above")
        made.append(
            make_sample(
                sample_id=f"s{i}", image=squares(*colors), options=options, answer=options.index(side), terms=(side,),
                value=(side,), caption=f"the mug is to the {side} of the bowl",
            )
        )  # fmt: skip
    return made


def test_a_saved_student_comes_back_with_the_same_bits(folder, tmp_path):
    samples = left_or_right(3)
    first = load_student(VlmConfig(base=str(folder)))
    first.save(tmp_path / "copy")
    again = load_student(VlmConfig(base=str(tmp_path / "copy")))
    for a, b in zip(scores_of(first, samples), scores_of(again, samples), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_score_does_not_depend_on_the_company(folder):
    student = load_student(VlmConfig(base=str(folder)))
    samples = [
        *left_or_right(2),
        make_sample(question="where is the bowl relative to the mug ?", options=("left", "right and above"), answer=0),
    ]
    together = scores_of(student, samples)
    assert [len(scores) for scores in together] == [4, 4, 2]
    for sample, scores in zip(samples, together, strict=True):
        np.testing.assert_allclose(scores_of(student, [sample])[0], scores, atol=1e-4)


def test_it_learns_what_the_pictures_show(folder):
    trainer = VLMTrainer(VlmConfig(base=str(folder), learning_rate=3e-3, epochs=40, batch_size=8), seed=1)
    before = trainer.evaluate("report", left_or_right(8))
    trainer.fit(left_or_right(16))
    after = trainer.evaluate("report", left_or_right(8))
    assert after.overall.accuracy == 1.0 > before.overall.accuracy


def test_a_resumed_trainer_goes_on_with_the_same_bits(folder, tmp_path):
    config = VlmConfig(base=str(folder), learning_rate=1e-3, epochs=1, batch_size=8)
    first, second = VLMTrainer(config, seed=1), VLMTrainer(config, seed=1)
    first.fit(left_or_right(8))
    first.save(tmp_path)
    second.restore(tmp_path)
    results = [trainer.fit(left_or_right(12)) for trainer in (first, second)]
    assert results[0].loss == results[1].loss
    assert first.score(left_or_right(2)) == second.score(left_or_right(2))


@pytest.mark.parametrize("maker", [save_llava, save_paligemma])
def test_adapters_train_alone_and_are_saved_apart(maker, tmp_path):
    maker(tmp_path / "base")
    config = VlmConfig(base=str(tmp_path / "base"), lora_rank=4, learning_rate=1e-2, epochs=2, batch_size=8)
    trainer = VLMTrainer(config, seed=1)
    trainer.fit(left_or_right(8))
    trainer.save(tmp_path / "tuned")
    assert (tmp_path / "tuned" / "adapter_model.safetensors").stat().st_size < 100_000
    samples = left_or_right(2)
    tuned = scores_of(load_student(VlmConfig(base=str(tmp_path / "tuned"))), samples)
    base = scores_of(load_student(VlmConfig(base=str(tmp_path / "base"))), samples)
    for ours, scores, old in zip(trainer.score(samples), tuned, base, strict=True):
        np.testing.assert_allclose(ours.probabilities, np.exp(scores) / np.exp(scores).sum(), atol=1e-5)
        assert np.abs(scores - old).max() > 1e-4


def test_a_generative_score_is_the_mean_log_likelihood_of_the_options_tokens(tmp_path):
    """Against the model's own language-model loss on prompt and answer."""
    student = load_student(VlmConfig(base=str(save_llava(tmp_path))))
    sample = left_or_right(1)[0]
    scores = scores_of(student, [sample])[0]
    batch = student._encode([to_example(sample, Sight())], [sample.options[0]], ended=False)
    with torch.no_grad():
        loss = student.network(**batch).loss
    assert scores[0] == pytest.approx(-float(loss), abs=1e-5)


def test_gradient_checkpointing_runs_each_layer_twice_a_step(tmp_path):
    """Once forward and once more in the backward pass; both only where the network trains in training mode."""

    def runs(checkpointing):
        config = VlmConfig(base=str(save_llava(tmp_path)), gradient_checkpointing=checkpointing, epochs=1, batch_size=8)
        trainer, counted = VLMTrainer(config, seed=1), []
        layer = trainer._student.network.model.language_model.layers[0].input_layernorm
        layer.register_forward_pre_hook(lambda *_: counted.append(1))
        trainer.fit(left_or_right(8))
        return len(counted)

    assert (runs(False), runs(True)) == (1, 2)

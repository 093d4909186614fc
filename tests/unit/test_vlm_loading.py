"""A student comes back from disk as it was saved, and a wrong base is refused with what to do."""

import json

import numpy as np
import pytest
from transformers import ViltConfig, ViltForQuestionAnswering

from rls3.config import VlmConfig
from rls3.errors import ModelLoadError
from rls3.vlm.student import load_student
from rls3.vlm.tokenizer import build_tokenizer
from rls3.vlm.vilt import new_vilt
from tests.factories import make_sample
from tests.unit.model_factory import scores_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "tiny"
    new_vilt(hidden=32, layers=1, heads=2, seed=5).save(path)
    return path


def test_save_and_load_keep_every_bit(folder):
    sample = make_sample()
    saved = scores_of(new_vilt(hidden=32, layers=1, heads=2, seed=5), [sample])[0]
    assert np.array_equal(saved, scores_of(load_student(VlmConfig(base=str(folder))), [sample])[0])


def test_a_vilt_with_other_answers_gets_a_head_of_six_terms(folder, tmp_path):
    config = ViltConfig.from_pretrained(folder, num_labels=11)
    ViltForQuestionAnswering(config).save_pretrained(tmp_path)
    for name in ("processor_config.json", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    first, second = (scores_of(load_student(VlmConfig(base=str(tmp_path))), [make_sample()])[0] for _ in range(2))
    assert first.shape == (4,) and np.array_equal(first, second)


def test_nouns_are_single_tokens():
    tokenizer = build_tokenizer()
    words = tokenizer.convert_ids_to_tokens(tokenizer("Where is the coffee table, zebra?")["input_ids"])
    assert words == ["[CLS]", "where", "is", "the", "coffee table", ",", "[UNK]", "?", "[SEP]"]


def test_an_unknown_base_is_refused_with_the_choices():
    with pytest.raises(ModelLoadError, match=r"vlm\.base='no-such' is no model.*allowed: .*hub id.*change vlm\.base"):
        load_student(VlmConfig(base="no-such"))


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ModelLoadError, match=r"is a folder without config\.json; allowed: .*change vlm\.base"):
        load_student(VlmConfig(base=str(tmp_path)))


def test_another_kind_of_model_is_refused(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "resnet"}))
    with pytest.raises(ModelLoadError, match=r"a model of type 'resnet'; allowed: vilt, clip, .*change vlm\.base"):
        load_student(VlmConfig(base=str(tmp_path)))


def test_damaged_weights_are_refused(folder, tmp_path):
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"\xff" * 64)
    with pytest.raises(ModelLoadError, match=r"vlm\.base='.*' has damaged weights"):
        load_student(VlmConfig(base=str(tmp_path)))


def test_missing_weights_are_refused(folder, tmp_path):
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    with pytest.raises(ModelLoadError, match=r"vlm\.base='.*' cannot be loaded"):
        load_student(VlmConfig(base=str(tmp_path)))

"""The generated suite is read as a benchmark; what its model was trained on is looked for in it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from rls3.benchmarks.errors import BenchmarkDataError
from rls3.benchmarks.leaks import Provenance
from rls3.benchmarks.scorecard import score
from rls3.benchmarks.suite import SUITE_FILE, Rls3Suite
from rls3.config import load_config
from rls3.errors import ConfigError, SampleStoreError
from rls3.runtime.provenance import provenance_of_model, provenance_of_samples
from rls3.runtime.suite_files import suite_folder
from rls3.samples.ledger import Ledger
from rls3.scene.split import TRAIN_SCENES
from tests.factories import make_sample

RULES = Rls3Suite()


@pytest.fixture
def suite(tmp_path):
    """Three questions in two rooms, as `suite_folder` leaves them."""
    folder = tmp_path / "suite"
    mugs = {"terms": ("left",), "options": ("right", "left", "behind", "above"), "answer": 1, "sampler": "natural"}
    bowls = {
        "terms": ("above", "left"),
        "options": ("above and left", "above and right", "below and left", "above and behind"),
        "answer": 0,
        "caption": "the mug is above and to the left of the bowl",
        "sampler": "rearranged",
    }
    Ledger(folder).append(
        [
            make_sample(sample_id="a", scene_id="FloorPlan26", **mugs),
            make_sample(sample_id="b", scene_id="FloorPlan26", **bowls),
            make_sample(sample_id="c", scene_id="FloorPlan227", scene_type="living_room", **bowls),
        ],
        round_index=0,
    )
    (folder / SUITE_FILE).write_text(json.dumps({"pool": "report", "settings": {}, "notes": ["a note"]}))
    return folder


def test_a_question_counts_in_every_stratum_and_under_each_of_its_terms(suite):
    reading = RULES.read(suite)
    assert [item.id for item in reading.items] == ["a", "b", "c"] and reading.parts == {"report": 3}
    card = score(RULES, reading, {"a": "left", "b": "above and right", "c": "above and left"})
    values = {line.name: (line.value, line.units) for line in card.lines}
    assert values["accuracy"] == (pytest.approx(2 / 3), 3)
    assert values["relation: above"] == (0.5, 2) and values["relation: left"] == (pytest.approx(2 / 3), 3)
    assert values["room: living room"] == (1.0, 1) and values["terms: 2 of 3"] == (0.5, 2)
    assert values["arrangement: natural"] == (1.0, 1) and values["distance: 1.5 to 2.5 m"][1] == 3
    assert "a note" in card.notes


def test_pictures_are_the_samples_and_sentences_follow_the_options(suite):
    first, second, _ = RULES.read(suite).items
    assert np.array_equal(first.pictures[0].load(), make_sample().image)
    assert first.statements[1] == "the mug is to the left of the bowl"
    turned = second.shuffled(3)
    assert turned.options != second.options
    assert turned.statements[turned.answer] == "the mug is above and to the left of the bowl"
    assert dict(zip(turned.options, turned.statements, strict=True)) == dict(
        zip(second.options, second.statements, strict=True)
    )


def test_an_unfinished_suite_is_not_read(suite, tmp_path):
    with pytest.raises(BenchmarkDataError, match=r"holds no complete suite .* rls3 evaluate --benchmark rls3-suite"):
        RULES.read(tmp_path)
    (suite / SUITE_FILE).write_text(json.dumps({"pool": "report", "settings": {}}))
    with pytest.raises(BenchmarkDataError, match="holds no complete suite"):
        RULES.read(suite)


def test_folders_in_other_use_are_refused(suite, tmp_path):
    with pytest.raises(ConfigError, match=r"holds an rls3-suite of other settings .*suite.*; choose another --data"):
        suite_folder(load_config([]), suite, 1)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match=r"is not empty and holds no rls3-suite \('notes.txt'\)"):
        suite_folder(load_config([]), tmp_path, 1)


def test_without_a_folder_the_users_cache_is_taken_and_must_be_writable(tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(ConfigError, match=r"cannot keep held-out questions in '.*/rls3-suite/.*XDG_CACHE_HOME"):
        suite_folder(load_config([]), None, 1)


def test_leaking_items_are_named_counted_and_left_out_of_a_second_headline(suite):
    reading, answers = RULES.read(suite), {"a": "left", "b": "above and right", "c": "above and left"}
    card = score(RULES, reading, answers, training=Provenance.of_scenes(["FloorPlan26_physics", "FloorPlan3"]))
    assert card.leaks[0].items == ("a", "b")
    assert "leak: 2 items share a scene with training (FloorPlan26)" in card.notes
    assert card.headline.name == "accuracy" and card.headline.units == 3
    assert (card.lines[-1].name, card.lines[-1].value, card.lines[-1].units) == ("accuracy without leaks", 1.0, 1)
    assert json.loads(json.dumps(card.to_json()))["leaks"][0]["shared"] == ["FloorPlan26"]
    clean = score(RULES, reading, answers, training=Provenance.of_scenes(TRAIN_SCENES))
    assert clean.leaks == () and clean.lines[-1].name != "accuracy without leaks"


def test_the_provenance_of_a_model_is_that_of_its_run_and_of_what_the_run_began_with(tmp_path):
    run = tmp_path / "runs" / "one"
    Ledger(run / "samples").append([make_sample(scene_id="house_3")], round_index=0)
    (run / "config.yaml").write_text(load_config([]).to_yaml())
    model = run / "checkpoint" / "student"
    model.mkdir(parents=True)
    assert provenance_of_model(str(model)).scenes == {"house_3", *TRAIN_SCENES}
    assert provenance_of_samples(run) == provenance_of_model(str(model))
    assert provenance_of_samples(run / "samples").scenes == {"house_3"}
    assert provenance_of_model("rls3-vilt-base").scenes == set(TRAIN_SCENES)
    assert provenance_of_model("openai/clip-vit-base-patch32") is None
    with pytest.raises(SampleStoreError, match="does not exist"):
        provenance_of_samples(tmp_path / "nothing")

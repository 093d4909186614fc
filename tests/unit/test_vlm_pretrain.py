"""Pretraining repeats by seed, knows its mirror, and leaves a loadable model with an honest card."""

import dataclasses
import json
from importlib.resources import files
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from safetensors.numpy import load_file

from rls3.config import Config, VlmConfig
from rls3.config.vlm import PretrainConfig
from rls3.errors import ConfigError
from rls3.runtime import pretrain as job
from rls3.scene.edit import TERMS
from rls3.vlm.marks import marked
from rls3.vlm.pretrain import answer_accuracy, pretrain
from rls3.vlm.pretrain_card import Row, write_model_card
from rls3.vlm.pretrain_clip import ClipRecipe
from rls3.vlm.pretrain_data import Drawing, PretrainData, as_asked, mirrored_boxes, mirrored_patches, swap_sides
from rls3.vlm.pretrain_generative import GenerativeRecipe
from rls3.vlm.pretrain_vilt import ViltRecipe
from rls3.vlm.student import load_student, packaged_models
from tests.factories import make_sample, squares
from tests.unit.model_factory import scores_of

SMALL = {"hidden": 32, "layers": 3, "heads": 2, "batch": 16, "held_out": 0.25}
RECIPES = {
    "vilt": ViltRecipe(**SMALL),
    "clip": ClipRecipe(**SMALL, text_hidden=32, embedded=32),
    "generative": GenerativeRecipe(**SMALL, vision_layers=1),
}


LEFT, RIGHT = (0.125, 0.375, 0.375, 0.625), (0.625, 0.375, 0.875, 0.625)


@pytest.fixture(params=RECIPES)
def recipe(request):
    return RECIPES[request.param]


def toy(pictures=32):
    """Squares side by side: the mug is red and left in even pictures, blue and right in odd ones."""
    images = np.stack([squares() if i % 2 == 0 else squares()[:, ::-1] for i in range(pictures)])
    coverage = np.zeros((pictures, 8, 8, 2), bool)
    coverage[::2, 3:5, 1:3, 0] = coverage[::2, 3:5, 5:7, 1] = True
    coverage[1::2, 3:5, 1:3, 1] = coverage[1::2, 3:5, 5:7, 0] = True
    rows = np.arange(pictures)
    terms = np.zeros((pictures, 6), bool)
    terms[::2, TERMS.index("left")] = terms[1::2, TERMS.index("right")] = True
    return PretrainData(
        images=images,
        coverage=coverage.reshape(pictures, 64, 2),
        types=("Mug", "Bowl"),
        image=rows,
        question=("where is the mug relative to the bowl?",) * pictures,
        boxes=np.stack([(LEFT, RIGHT) if i % 2 == 0 else (RIGHT, LEFT) for i in range(pictures)]),
        subject=np.zeros(pictures, np.int64),
        reference=np.ones(pictures, np.int64),
        terms=terms,
    )


def test_a_run_repeats_by_seed_and_reports_what_it_did(recipe, tmp_path):
    seen = []
    reports = [
        pretrain(toy(), recipe, seed=seed, steps=3, out=tmp_path / name, progress=seen.append, report_every=2)
        for name, seed in (("first", 1), ("second", 1), ("other", 2))
    ]
    first, second, other = (load_file(tmp_path / n / "model.safetensors") for n in ("first", "second", "other"))
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert any(not np.array_equal(first[name], other[name]) for name in first)
    assert [p.step for p in seen[:2]] == [2, 3]
    assert (reports[0].pictures, reports[0].questions, reports[0].overall.total) == (24, 24, 8)
    assert reports[0].by_term["left"].total == 4 and reports[0].by_term["above"].total == 0
    student = load_student(VlmConfig(base=str(tmp_path / "first")))
    assert answer_accuracy(student, toy().split(recipe.held_out)[1])[0] == reports[0].overall


def test_it_learns(recipe, tmp_path):
    losses = []
    recipe = dataclasses.replace(recipe, learning_rate=3e-3)
    pretrain(toy(), recipe, seed=0, steps=120, out=tmp_path, progress=lambda p: losses.append(p.loss), report_every=60)
    assert losses[1] < 0.7 * losses[0]


def test_a_mirror_swaps_sides_in_patches_boxes_and_terms():
    data = toy(2)
    assert np.array_equal(mirrored_patches(data.coverage)[0], data.coverage[1])
    assert np.array_equal(mirrored_boxes(data.boxes)[0], data.boxes[1])
    assert np.array_equal(swap_sides(data.terms)[0], data.terms[1])


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match=r"PretrainData\.terms has shape \(4, 5\); needed: \(4, 6\)"):
        dataclasses.replace(toy(4), terms=np.zeros((4, 5), bool))


def test_the_card_states_origin_accuracy_and_weaknesses(tmp_path):
    report = pretrain(toy(8), RECIPES["vilt"], seed=4, steps=1, out=tmp_path)
    write_model_card(
        report, tmp_path, data="scenes x1-x20, seed 9", engine="rls3-engine 0.1.0", command="rls3 pretrain",
        suite=[Row("relation: left", 0.5, 0.25, 12)], weaknesses=("thin things",),
    )  # fmt: skip
    card = (tmp_path / "README.md").read_text()
    assert card.startswith("---\nlicense: apache-2.0")
    for part in (
        "scenes x1-x20, seed 9",
        "rls3-engine 0.1.0",
        "seed 4",
        "rls3 pretrain",
        "- thin things",
        "| left |",
        "| relation: left | 0.500 | 0.250 | 12 |",
    ):
        assert part in card
    assert json.loads((tmp_path / "config.json").read_text())["id2label"]["0"] == TERMS[0]


def test_half_of_a_batch_is_drawn_in_a_mirror():
    data = toy()
    drawn = Drawing(data, seed=3).draw(6)
    for row, flipped, image, terms in zip(drawn.rows, [True] * 3 + [False] * 3, drawn.images, drawn.terms, strict=True):
        side = data.image[row] % 2 != flipped  # the mug is left in even pictures, and in odd ones seen in a mirror
        assert np.array_equal(image, marked(data.images[int(side)], data.boxes[int(side)]))
        assert terms[TERMS.index("right")] == side


def test_grey_pictures_keep_their_questions_and_show_no_outline():
    blind = toy().blind()
    assert len(np.unique(blind.images)) == 1
    assert len(np.unique(as_asked(blind, np.arange(4)).images)) == 1
    assert np.array_equal(blind.terms, toy().terms)


def test_every_student_of_the_configuration_has_a_recipe():
    assert set(job.RECIPES) == set(get_args(PretrainConfig.model_fields["student"].annotation))


def test_a_folder_that_exists_is_left_alone(tmp_path):
    with pytest.raises(ConfigError, match="exists already; choose another --out folder"):
        job.pretrain_job(Config(), out=tmp_path, data=tmp_path / "data", processes=1)


@pytest.mark.parametrize("name", packaged_models())
def test_what_ships_is_small_loads_and_says_where_it_comes_from(name):
    folder = Path(str(files("rls3.vlm"))) / "base" / name
    assert (folder / "model.safetensors").stat().st_size <= 8_000_000
    card = (folder / "README.md").read_text()
    for part in (
        f"# {name}",
        "- Engine: rls3-engine",
        "seed",
        "- Command: `rls3 pretrain configs/",
        "Known weaknesses",
    ):
        assert part in card
    (scores,) = scores_of(load_student(VlmConfig(base=name)), [make_sample()])
    assert len(set(scores.tolist())) == len(scores) == 4

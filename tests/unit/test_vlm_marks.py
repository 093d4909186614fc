"""Outlines round what is asked about: where the masks are, of a width the picture can bear, kept with the model."""

from __future__ import annotations

import numpy as np
import pytest

from rls3.config import VlmConfig
from rls3.scene.model import MaskStats
from rls3.vlm.data import to_example
from rls3.vlm.marks import COLORS, box_of_stats, boxes_of_mask, marked
from rls3.vlm.student import load_student
from rls3.vlm.vilt import new_vilt
from tests.factories import make_sample
from tests.unit.model_factory import save_clip, save_llava

RED, BLUE = COLORS


def mask_of(subject: tuple[slice, slice], reference: tuple[slice, slice]) -> np.ndarray:
    mask = np.zeros((64, 128), np.uint8)
    mask[reference], mask[subject] = 2, 1
    return mask


def test_boxes_are_shares_of_width_and_height_and_agree_with_mask_statistics():
    mask = mask_of(np.s_[16:32, 0:64], np.s_[48:64, 64:128])
    assert boxes_of_mask(mask) == ((0.0, 0.25, 0.5, 0.5), (0.5, 0.75, 1.0, 1.0))
    assert box_of_stats(MaskStats.of(mask == 2), 128, 64) == boxes_of_mask(mask)[1]


@pytest.mark.parametrize("number", [1, 2])
def test_where_one_of_the_two_does_not_show_nothing_is_outlined(number):
    mask = mask_of(np.s_[16:32, 0:64], np.s_[48:64, 64:128])
    mask[mask == number] = 0
    assert boxes_of_mask(mask) == () == boxes_of_mask(None)
    grey = np.full((64, 64, 3), 90, np.uint8)
    assert np.array_equal(marked(grey, boxes_of_mask(mask)), grey)


def test_an_outline_runs_just_outside_its_box_and_leaves_what_is_inside():
    grey = np.full((64, 64, 3), 90, np.uint8)
    drawn = marked(grey, ((0.25, 0.25, 0.5, 0.5), (0.75, 0.75, 1.0, 1.0)))
    red = (drawn == RED).all(axis=2)
    assert np.argwhere(red).min() == 15 and np.argwhere(red).max() == 32
    assert red.sum() == 4 * 17
    assert (drawn[16:32, 16:32] == 90).all()
    assert (drawn == BLUE).all(axis=2)[47, 47:64].all()
    assert (grey == 90).all()


def test_lines_are_twice_as_wide_in_a_picture_of_twice_the_size():
    drawn = marked(np.zeros((224, 224, 3), np.uint8), ((0.25, 0.25, 0.5, 0.5),))
    assert (drawn[56:112, 54:56] == RED).all() and not drawn[60:108, 56:110].any()


@pytest.mark.parametrize(
    "save", [lambda f: new_vilt(hidden=32, layers=2, heads=2, seed=0).save(f), save_clip, save_llava]
)
def test_a_model_says_whether_it_wants_outlines_and_keeps_what_the_configuration_says(save, tmp_path):
    save(tmp_path / "base")
    made_so = load_student(VlmConfig(base=str(tmp_path / "base"))).sight.marked
    turned = load_student(VlmConfig(base=str(tmp_path / "base"), marked=not made_so))
    turned.save(tmp_path / "turned")
    assert load_student(VlmConfig(base=str(tmp_path / "turned"))).sight.marked is (not made_so)
    sample = make_sample()
    plain, outlined = (
        to_example(sample, load_student(VlmConfig(base=str(tmp_path / "base"), marked=m)).sight).image
        for m in (False, True)
    )
    assert not np.array_equal(plain, outlined)

from dataclasses import replace

import numpy as np
import pytest
from scene_factory import camera, scene, thing

from rls3.config import ValidityConfig
from rls3.scene.geometry import bounds, frame_part, polygon_area, project, projected_hull
from rls3.scene.model import MaskStats
from rls3.scene.reasons import reasons as reasons_of
from rls3.scene.relations import relation
from rls3.scene.table import Table
from rls3.scene.validity import REASONS, invalid_reasons, presentable

THRESHOLDS = ValidityConfig()
BOX = thing("Box", (0.6, 0.15, 0.5), (0.3, 0.3, 0.3))
STOOL = thing("Stool", (0.0, 0.25, 0.5), (0.4, 0.5, 0.4))


def reasons(subject=BOX, reference=STOOL, others=(), view=None, masks=None, thresholds=THRESHOLDS):
    seen = scene(subject, reference, *others, view=view, masks=masks)
    return invalid_reasons(seen, subject, reference, relation(subject, reference, seen.camera), thresholds)


def full_mask(item, share=1.0):
    x0, y0, x1, y1 = (int(v) for v in bounds(frame_part(projected_hull(item, camera()), camera())))
    area = polygon_area(projected_hull(item, camera()))
    return MaskStats(int(area * share), (x0, y0, x1, y1), False)


def test_projection_of_known_points():
    pixels, depth = project(np.array([[0.0, 1.5, 0.0], [0.0, 1.5, -5.0]]), camera(horizon=0.0))
    assert pixels[0] == pytest.approx((112.0, 112.0))
    assert depth == pytest.approx((2.0, -3.0))
    assert np.isnan(pixels[1]).all()
    down, _ = project(np.array([[0.0, 0.5, -1.0], [1.0, 1.5, 0.0]]), camera(horizon=45.0))
    assert down[0] == pytest.approx((112.0, 112.0))
    assert down[1, 0] > 112 and down[1, 1] < 112


def test_a_box_that_passes_the_camera_keeps_a_finite_outline():
    rug = thing("Rug", (0.0, 0.0, 0.0), (1.0, 0.01, 8.0))
    outline = projected_hull(rug, camera())
    assert np.isfinite(outline).all()
    assert 0 < polygon_area(frame_part(outline, camera())) <= 224 * 224


def test_a_plain_pair_is_valid_with_and_without_masks():
    assert reasons() == ()
    assert reasons(masks={BOX.id: full_mask(BOX, 0.9), STOOL.id: full_mask(STOOL, 0.4)}) == ()


@pytest.mark.parametrize(
    ("expected", "change"),
    [
        ("in_hand", {"subject": replace(BOX, held=True)}),
        ("structural", {"reference": replace(STOOL, type="Wall")}),
        ("behind_camera", {"subject": thing("Box", (0.0, 0.1, -4.0))}),
        ("subject_too_small", {"subject": thing("Box", (0.6, 0.005, 0.5), (0.01, 0.01, 0.01))}),
        ("subject_too_large", {"thresholds": ValidityConfig(max_pixels_share=0.005)}),
        ("subject_cut_by_frame", {"subject": thing("Box", (1.6, 0.15, 0.5), (0.3, 0.3, 0.3))}),
        ("too_far", {"thresholds": ValidityConfig(max_distance_m=1.0)}),
        ("ambiguous_relation", {"subject": thing("Box", (0.6, 0.15, 0.5 + 0.6 * 0.4), (0.3, 0.3, 0.3))}),
        ("name_not_unique", {"others": (thing("Stool", (-0.5, 0.25, 0.5), (0.4, 0.5, 0.4), number=1),)}),
        ("overlapping", {"subject": thing("Box", (0.2, 0.15, 0.5), (0.3, 0.3, 0.3))}),
        ("floating", {"subject": thing("Box", (0.6, 0.4, 0.5), (0.3, 0.3, 0.3))}),
        ("subject_occluded", {"masks": {BOX.id: full_mask(BOX, 0.05), STOOL.id: full_mask(STOOL)}}),
        ("subject_too_small", {"masks": {STOOL.id: full_mask(STOOL)}}),
    ],
)
def test_each_reason_is_found(expected, change):
    assert expected in REASONS
    assert expected in reasons(**change)


def test_a_table_top_and_a_claimed_shelf_bear_an_object():
    assert "floating" not in reasons(subject=thing("Box", (0.0, 0.6, 0.5), (0.2, 0.2, 0.2)))
    shelf = thing("ShelvingUnit", (0.6, 1.0, 0.5), (0.8, 2.0, 0.6), movable=False, receptacle=True)
    book = thing("Book", (0.6, 0.85, 0.5), (0.2, 0.1, 0.1))
    assert "floating" in reasons(subject=book, others=(shelf,))
    assert "floating" not in reasons(subject=replace(book, parents=(shelf.id,)), others=(shelf,))


def flaws(item, *others, masks=None, view=None):
    table = Table(scene(item, *others, masks=masks, view=view), THRESHOLDS)
    return reasons_of(int(table.flaws[0]))


def test_without_masks_what_boxes_may_hide_is_not_asked_about():
    assert flaws(BOX, STOOL) == ()
    screen = thing("Dresser", (0.5, 0.75, -0.3), (1.0, 1.5, 0.2), movable=False)
    assert flaws(BOX, screen) == ("subject_occluded",)
    assert flaws(BOX, replace(screen, type="Floor")) == ()
    drawer = thing("Drawer", (0.6, 0.16, 0.5), (0.5, 0.36, 0.5), movable=False, receptacle=True)
    assert "subject_occluded" in flaws(BOX, drawer)
    assert "subject_occluded" not in flaws(BOX, drawer, masks={BOX.id: full_mask(BOX)})
    on_a_shelf = thing("Shelf", (0.6, 0.5, 0.5), (0.8, 1.0, 0.6), movable=False, receptacle=True)
    assert "subject_occluded" not in flaws(BOX, on_a_shelf)


def test_masks_that_lie_where_nothing_is_give_a_foreign_frame_away():
    pictured = {BOX.id: full_mask(BOX), STOOL.id: full_mask(STOOL)}
    moved = {key: replace(mask, box=(0, 0, 9, 9)) for key, mask in pictured.items()}
    assert "foreign_frame" not in reasons(masks=pictured)
    assert "foreign_frame" in reasons(masks=moved)
    assert "foreign_frame" not in reasons(masks=pictured | {STOOL.id: moved[STOOL.id]})  # half of them: not most


def test_presentable_objects_are_named_unmistakably_and_seen_well():
    twin = thing("Stool", (-0.5, 0.25, 0.5), (0.4, 0.5, 0.4), number=1)
    assert presentable(scene(BOX, STOOL), THRESHOLDS) == (BOX, STOOL)
    assert presentable(scene(BOX, STOOL, twin), THRESHOLDS) == (BOX,)
    assert presentable(scene(replace(BOX, held=True), STOOL), THRESHOLDS) == (STOOL,)


def shown_share(mask):
    return Table(scene(STOOL, masks={STOOL.id: mask}), THRESHOLDS).visible[0]


def test_sparse_furniture_seen_whole_is_not_hidden_but_half_hidden_things_are():
    assert shown_share(full_mask(STOOL, 0.3)) > 0.8
    whole = full_mask(STOOL)
    half = MaskStats(
        whole.pixels // 4, (whole.box[0], whole.box[1], whole.box[2], (whole.box[1] + whole.box[3]) // 2), False
    )
    assert shown_share(half) < 0.55

"""Boxes and silhouettes as arrays, against the plain geometry of single boxes."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene_factory import scene, thing

from rls3.config import ValidityConfig
from rls3.scene.boxes import Boxes
from rls3.scene.geometry import footprints_overlap, frame_part, polygon_area, projected_hull
from rls3.scene.model import Camera
from rls3.scene.relations.support import agreement
from rls3.scene.silhouette import silhouettes, wireframes

VALIDITY = ValidityConfig()
place = st.floats(-2.0, 2.0)
extent = st.floats(0.05, 1.5)
box = st.tuples(st.tuples(place, place, place), st.tuples(extent, extent, extent), st.floats(0, 360), st.randoms())


def turned(center, size, yaw, shuffle=None):
    """A box turned about the vertical, its corners in any order."""
    sine, cosine = math.sin(math.radians(yaw)), math.cos(math.radians(yaw))
    corners = [
        (x * cosine + z * sine, y, z * cosine - x * sine)
        for x, y, z in itertools.product(*((-edge / 2, edge / 2) for edge in size))
    ]
    if shuffle is not None:
        shuffle.shuffle(corners)
    around = np.asarray(center) + np.array(corners)
    extents = tuple(float(v) for v in np.ptp(around, axis=0))
    return replace(thing("Box", tuple(map(float, center)), extents), corners=around)


@settings(max_examples=60, deadline=None)
@given(st.lists(box, min_size=1, max_size=4), st.floats(0, 360), st.floats(-30, 60))
def test_silhouettes_are_the_outlines_of_cut_boxes_also_round_the_camera(boxes, yaw, horizon):
    view = Camera((0.3, 0.1, -0.2), yaw, horizon, 70.0, 200, 120)
    things = [turned(*each) for each in boxes]
    found = silhouettes(Boxes.of(things), view, np.ones(len(things), bool))
    for row, item in enumerate(things):
        outline = projected_hull(item, view)
        assert found.whole[row] == pytest.approx(polygon_area(outline), rel=1e-4, abs=1e-3)
        assert found.inside[row] == pytest.approx(polygon_area(frame_part(outline, view)), rel=1e-4, abs=0.1)
        assert found.behind[row] == (len(outline) == 0)


def test_what_is_not_asked_about_has_no_silhouette():
    shapes = silhouettes(
        Boxes.of([thing("Box", (0, 1.5, 2)), thing("Box", (0, 1.5, 2))]), VIEW, np.array([True, False])
    )
    assert shapes.inside[0] > 0 and not shapes.behind.any()
    assert (shapes.whole[1], shapes.inside[1], *shapes.bounds[1]) == (0.0,) * 6


VIEW = Camera((0.0, 1.5, 0.0), 0.0, 0.0, 90.0, 200, 200)


def test_the_edges_of_a_box_in_the_picture():
    cube = Boxes.of([thing("Box", (0.0, 1.5, 2.0), (2.0, 2.0, 2.0)), thing("Box", (0.0, 1.5, -3.0))])
    lines = wireframes(cube, VIEW)
    near, far = (0, 200), (67, 133)  # of a face 1 m and one 3 m away
    wanted = {*itertools.product(near, near), *itertools.product(far, far)}
    assert {(round(x), round(y)) for x, y in lines[0].reshape(-1, 2).tolist()} == wanted
    assert np.isnan(lines[1]).all()


@settings(max_examples=60, deadline=None)
@given(box, box)
def test_outlines_overlap_as_those_of_single_boxes_do(first, second):
    a, b = turned(*first), turned(*second)
    overlap = Boxes.of([a, b]).overlap
    assert overlap == pytest.approx(overlap.T)
    if abs(overlap[0, 1]) > 1e-6:
        assert footprints_overlap(a, b) == (overlap[0, 1] > 0)


def test_how_far_a_middle_is_inside_a_turned_outline():
    diamond = turned((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), 45.0)
    inside = Boxes.of([diamond, thing("Mug", (0.5, 0.0, 0.0)), thing("Mug", (0.4, 0.0, 0.4))]).depth_inside
    assert inside[1, 0] == pytest.approx(0.5 - 0.5 / math.sqrt(2))
    assert inside[2, 0] == pytest.approx(0.5 - 0.8 / math.sqrt(2))


def test_claims_and_boxes_are_counted_where_they_agree_and_where_not():
    table = thing("DiningTable", (0.0, 0.4, 0.0), (1.2, 0.8, 0.8), movable=False, receptacle=True)
    chair = thing("Chair", (2.0, 0.45, 0.0), (0.5, 0.9, 0.5), movable=False, receptacle=True)

    def mug(*parents, x=0.0):
        return thing("Mug", (x, 0.85, 0.0), (0.1, 0.1, 0.1), parents=parents)

    def counted(*things):
        return vars(agreement(scene(table, chair, *things), VALIDITY))

    nothing = {"agreed": 0, "allowed": 0, "only_claimed": 0, "only_boxes": 0, "unclaimed": 0}
    assert counted(mug(table.id)) == nothing | {"agreed": 1}
    assert counted(mug()) == nothing | {"unclaimed": 1}
    assert counted(mug(chair.id)) == nothing | {"only_claimed": 1, "only_boxes": 1}
    assert counted(replace(mug(table.id), held=True)) == nothing
    basin = replace(thing("SinkBasin", (0.0, 0.7, 0.0), (0.5, 0.4, 0.5), movable=False), id="Sink|1|SinkBasin")
    sink = replace(thing("Sink", (0.0, 0.6, 0.0), (0.6, 0.6, 0.6), movable=False), id="Sink|1")
    plate = thing("Plate", (0.0, 0.55, 0.0), (0.2, 0.02, 0.2), parents=(basin.id,))
    assert vars(agreement(scene(sink, basin, plate), VALIDITY)) == nothing | {"agreed": 2}

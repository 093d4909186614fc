import math

import numpy as np
import pytest

from rls3.engine.geometry import Boxes, area, clip, footprint, forward, inside, rotation_matrix, within_convex


def test_yaw_is_clockwise_from_above_and_pitch_looks_down():
    ahead = rotation_matrix((0.0, 90.0, 0.0)) @ (0.0, 0.0, 1.0)
    np.testing.assert_allclose(ahead, (1.0, 0.0, 0.0), atol=1e-12)
    np.testing.assert_allclose(forward(90.0), ahead, atol=1e-12)
    down = rotation_matrix((30.0, 0.0, 0.0)) @ (0.0, 0.0, 1.0)
    np.testing.assert_allclose(down, (0.0, -0.5, math.cos(math.radians(30))), atol=1e-12)


def test_euler_order_is_z_then_x_then_y():
    turned = rotation_matrix((90.0, 90.0, 90.0)) @ (1.0, 0.0, 0.0)
    # z: x -> y; x: y -> z; y: z -> x
    np.testing.assert_allclose(turned, (1.0, 0.0, 0.0), atol=1e-12)


def test_bounds_of_a_turned_box():
    boxes = Boxes(np.zeros((1, 3)), np.array([[1.0, 1.0, 1.0]]), rotation_matrix((0.0, 45.0, 0.0))[None])
    np.testing.assert_allclose(boxes.reach[0], (math.sqrt(2), 1.0, math.sqrt(2)))
    assert boxes.upright[0]


def test_clip_of_two_squares():
    square = footprint(np.array([(x, 0.0, z) for x in (0.0, 1.0) for z in (0.0, 1.0)]))
    other = footprint(np.array([(x, 0.0, z) for x in (0.5, 2.0) for z in (0.25, 2.0)]))
    assert area(clip(square, other)) == pytest.approx(0.5 * 0.75)
    apart = [(5.0, 5.0), (6.0, 5.0), (6.0, 6.0)]
    assert area(clip(square, apart)) == 0.0


def test_inside_handles_concave_outlines():
    ell = [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0)]
    assert inside((0.5, 1.5), ell)
    assert not inside((1.5, 1.5), ell)


def test_margin_of_convex_containment():
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    assert within_convex((0.05, 0.5), square, 0.04)
    assert not within_convex((0.05, 0.5), square, 0.06)


def test_a_contact_of_less_than_an_area_carries_nothing():
    assert not within_convex((0.0, 0.0), ())
    assert not within_convex((0.0, 0.0), ((-1.0, 0.0), (1.0, 0.0)))

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scene_factory import thing

from rls3.config import RelationConfig
from rls3.scene.relations import relation_of_points, rise

OPPOSITE = {"left": "right", "right": "left", "front": "behind", "behind": "front", "above": "below", "below": "above"}
MIRROR = {"left": "right", "right": "left"}
coordinate = st.floats(-3, 3).map(lambda v: round(v, 3))
point = st.tuples(coordinate, coordinate, coordinate)
yaws = st.floats(0, 359)


def at(azimuth, elevation, distance=1.0):
    flat = distance * math.cos(math.radians(elevation))
    return (
        flat * math.sin(math.radians(azimuth)),
        distance * math.sin(math.radians(elevation)),
        flat * math.cos(math.radians(azimuth)),
    )


@pytest.mark.parametrize(
    ("azimuth", "elevation", "terms", "margin"),
    [
        (0, 0, ("behind",), 20),
        (90, 0, ("right",), 20),
        (180, 0, ("front",), 20),
        (270, 0, ("left",), 20),
        (45, 0, ("behind", "right"), 20),
        (135, 5, ("front", "right"), 15),
        (225, 0, ("front", "left"), 20),
        (315, -10, ("behind", "left"), 10),
        (20, 0, ("behind",), 2.5),
        (25, 0, ("behind", "right"), 2.5),
        (270, 40, ("above", "left"), 20),
        (270, -30, ("below", "left"), 10),
        (315, 40, ("above", "behind", "left"), 20),
        (10, 72, ("above", "behind"), 3),
        (10, 80, ("above",), 5),
        (123, -90, ("below",), 15),
    ],
)
def test_the_caption_rule_at_known_directions(azimuth, elevation, terms, margin):
    found = relation_of_points(at(azimuth, elevation), (0.0, 0.0, 0.0), 0.0)
    assert found.terms == terms
    assert found.margin == pytest.approx(margin, abs=1e-6)
    assert found.elevation == pytest.approx(elevation, abs=1e-6)
    if abs(elevation) < 90:
        assert found.azimuth == pytest.approx(azimuth, abs=1e-6)


def test_the_frame_is_the_viewers_not_the_worlds():
    east = (1.0, 0.0, 0.0)
    terms = [relation_of_points(east, (0.0, 0.0, 0.0), yaw).terms for yaw in (0, 90, 180, 270)]
    assert terms == [("right",), ("behind",), ("left",), ("front",)]


def test_the_boundaries_of_the_words_are_settings():
    narrow = RelationConfig(diagonal_from_deg=10.0, vertical_from_deg=40.0, vertical_cone_deg=5.0)

    def found(azimuth, elevation):
        result = relation_of_points(at(azimuth, elevation), (0.0, 0.0, 0.0), 0.0, narrow)
        return result.terms, result.margin

    assert found(20, 0) == (("behind", "right"), pytest.approx(10))
    assert found(275, 30) == (("left",), pytest.approx(5))
    assert found(45, 80) == (("above", "behind", "right"), pytest.approx(5))


def test_coinciding_centres_have_no_margin():
    assert relation_of_points((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), 30.0).margin == 0.0


@given(point, point, yaws)
def test_swapping_the_pair_gives_the_opposite_terms(a, b, yaw):
    forth = relation_of_points(a, b, yaw)
    assume(forth.margin > 1e-6)
    assert relation_of_points(b, a, yaw).terms == tuple(OPPOSITE[term] for term in forth.terms)


@given(point, point, yaws, yaws)
def test_turning_world_and_viewer_together_changes_nothing(a, b, yaw, turn):
    before = relation_of_points(a, b, yaw)
    assume(before.margin > 1e-6)

    def turned(p):
        sine, cosine = math.sin(math.radians(turn)), math.cos(math.radians(turn))
        return (p[0] * cosine + p[2] * sine, p[1], p[2] * cosine - p[0] * sine)

    after = relation_of_points(turned(a), turned(b), yaw + turn)
    assert after.terms == before.terms
    assert after.margin == pytest.approx(before.margin, abs=1e-5)


@given(point, point)
def test_a_mirror_swaps_left_and_right_only(a, b):
    before = relation_of_points(a, b, 0.0)
    assume(before.margin > 1e-6)
    after = relation_of_points((-a[0], a[1], a[2]), (-b[0], b[1], b[2]), 0.0)
    assert after.terms == tuple(MIRROR.get(term, term) for term in before.terms)


@given(st.floats(0, 360), st.floats(-89, 89), st.floats(0, 360), st.floats(0.01, 0.99))
def test_nothing_changes_within_the_margin(azimuth, elevation, direction, share):
    here = relation_of_points(at(azimuth, elevation), (0.0, 0.0, 0.0), 0.0)
    step = here.margin * share
    nearby = at(
        azimuth + step * math.cos(math.radians(direction)),
        max(-90.0, min(90.0, elevation + step * math.sin(math.radians(direction)))),
    )
    assert relation_of_points(nearby, (0.0, 0.0, 0.0), 0.0).terms == here.terms


def test_height_counts_only_as_far_as_a_box_is_clear_of_the_other():
    fridge = thing("Fridge", center=(0.0, 0.9, 0.0), size=(0.8, 1.8, 0.8))
    assert rise(0.3, 0.6, fridge) == pytest.approx(0.0)  # a plant on the floor before it
    assert rise(2.0, 0.4, fridge) == pytest.approx(1.1)  # a box on top of it
    assert rise(1.8, 0.4, fridge) == pytest.approx(0.9 * 0.5)  # half of it beside, half above


@given(st.floats(0, 3), st.floats(0.05, 2), st.floats(0, 3), st.floats(0.05, 2))
def test_swapping_the_boxes_turns_the_rise_round(low, height, other_low, other_height):
    a = thing("A", center=(0.0, low, 0.0), size=(1.0, height, 1.0))
    b = thing("B", center=(0.0, other_low, 0.0), size=(1.0, other_height, 1.0))
    assert rise(low, height, b) == pytest.approx(-rise(other_low, other_height, a))

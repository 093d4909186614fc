"""What is true of a scene: by hand, and under swaps, turns and mirrors."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene_factory import scene, thing

from rls3.config import ValidityConfig
from rls3.scene.boxes import Boxes
from rls3.scene.facts import FAMILIES, Fact
from rls3.scene.model import Camera, MaskStats
from rls3.scene.relations.between import between
from rls3.scene.relations.measure import bands
from rls3.scene.truth import facts_of, facts_of_change, restate

VALIDITY = ValidityConfig()
VIEW = Camera((0.0, 1.5, -4.0), 0.0, 10.0, 60.0, 224, 224)
TABLE = thing("DiningTable", (0.0, 0.4, 0.0), (1.2, 0.8, 0.8), movable=False, receptacle=True)
MUG = thing("Mug", (0.3, 0.85, 0.0), (0.1, 0.1, 0.1), receptacle=True, parents=(TABLE.id,))
BOWL = thing("Bowl", (-0.3, 0.85, 0.0), (0.2, 0.1, 0.2), receptacle=True, parents=(TABLE.id,))
EGG = thing("Egg", (-0.3, 0.84, 0.0), (0.06, 0.06, 0.06), parents=(BOWL.id,))
STOOL = thing("Stool", (0.0, 0.2, 0.1), (0.3, 0.4, 0.3), receptacle=True)
CHAIR = replace(thing("Chair", (1.5, 0.45, 0.0), (0.5, 0.9, 0.5), receptacle=True), front_yaw=270.0)
FRIDGE = replace(thing("Fridge", (-1.8, 0.9, 1.0), (0.7, 1.8, 0.7), movable=False, receptacle=True), front_yaw=180.0)
ROOM = scene(TABLE, MUG, BOWL, EGG, STOOL, CHAIR, FRIDGE, view=VIEW)


def stated(family, predicate, *about, here=ROOM, before=None):
    asked = Fact(family, predicate, tuple(each.id for each in about), (), "", 0.0, "none", 0.0)
    return restate(asked, here, VALIDITY, before)


@pytest.mark.parametrize(
    ("family", "predicate", "about", "value", "margin"),
    [
        ("direction", "direction", (MUG, FRIDGE), ("front", "right"), math.degrees(math.atan2(2.1, -1)) - 112.5),
        ("direction", "direction", (MUG, CHAIR), ("left",), 20.0),
        ("perspective", "direction", (TABLE, CHAIR), ("front",), 20.0),
        ("perspective", "direction", (MUG, FRIDGE), ("front", "left"), 67.5 - math.degrees(math.atan2(2.1, 1))),
        ("support", "on", (MUG, TABLE), ("yes",), 0.03),
        ("support", "on", (MUG, CHAIR), ("no",), 0.9),
        ("support", "under", (TABLE, MUG), ("yes",), 0.03),
        ("support", "under", (STOOL, TABLE), ("yes",), 0.03),
        ("support", "under", (MUG, TABLE), ("no",), 0.03),
        ("support", "in", (EGG, BOWL), ("yes",), 0.04),
        ("support", "in", (MUG, BOWL), ("no",), 0.45),
        ("support", "touching", (MUG, TABLE), ("yes",), 0.03),
        ("support", "touching", (MUG, CHAIR), ("no",), 0.87),
        ("between", "between", (BOWL, MUG, CHAIR), ("no",), 0.65),
        ("nearness", "nearer", (MUG, FRIDGE), ("nearer",), math.hypot(1.45, 4.65) - math.hypot(0.25, 0.6, 3.95)),
        ("nearness", "nearest", (CHAIR, FRIDGE), (CHAIR.id,), None),
        ("nearness", "band", (FRIDGE,), ("beyond 4 m",), math.hypot(1.8, 0.6, 5.0) - 4.0),
        ("nearness", "band", (MUG,), ("beyond 4 m",), math.hypot(0.3, 0.65, 4.0) - 4.0),
        ("size", "bigger", (FRIDGE, CHAIR), ("yes",), (0.7 * 1.8 * 0.7 / (0.5 * 0.9 * 0.5)) ** (1 / 3) - 1),
        ("size", "bigger", (CHAIR, FRIDGE), ("no",), (0.7 * 1.8 * 0.7 / (0.5 * 0.9 * 0.5)) ** (1 / 3) - 1),
        ("size", "taller", (CHAIR, MUG), ("yes",), 8.0),
        ("count", "count", (MUG,), ("1",), math.inf),
    ],
)
def test_what_is_true_of_a_room_that_was_worked_out_by_hand(family, predicate, about, value, margin):
    fact = stated(family, predicate, *about)
    assert fact.value == value
    if margin is not None:
        assert fact.margin == pytest.approx(margin, abs=1e-6)


def test_between_is_the_gap_seen_from_above_and_in_the_picture():
    left, right = (thing("Box", (x, 0.25, 0.0), (0.5, 0.5, 0.5), number=n) for n, x in enumerate((-1.0, 1.0)))
    ball, far = (thing("BasketBall", (0.1, 0.25, z), (0.3, 0.3, 0.3)) for z in (0.1, 2.0))
    amid = stated("between", "between", ball, left, right, here=scene(left, right, ball, view=VIEW))
    assert (amid.value, amid.margin) == (("yes",), pytest.approx(0.15))
    behind = stated("between", "between", far, left, right, here=scene(left, right, far, view=VIEW))
    assert (behind.value, behind.margin) == (("no",), pytest.approx(1.75))
    flat = replace(VIEW, position=(0.0, 0.25, -4.0), horizon=0.0)
    seeming = stated("between", "between", far, left, right, here=scene(left, right, far, view=flat))
    assert (seeming.value, seeming.margin) == (("no",), 0.0)  # in the picture it is between


def test_what_nobody_could_tell_is_not_decided():
    assert "ambiguous_relation" in stated("support", "on", EGG, BOWL).reasons  # in it: some would say on it
    assert "ambiguous_relation" in stated("support", "on", EGG, TABLE).reasons  # through the bowl
    assert "ambiguous_relation" in stated("support", "in", TABLE, FRIDGE).reasons  # a table is not put anywhere
    deep = thing("Sofa", (0.0, 0.4, 0.6), (3.0, 0.8, 2.4))
    nearer = stated("nearness", "nearer", deep, TABLE, here=scene(deep, TABLE, view=VIEW))
    assert (nearer.margin, nearer.answerable) == (0.0, False)  # its middle is farther, its side nearer


def test_the_simulators_claims_against_the_boxes_leave_a_pair_undecided():
    claimed_elsewhere = replace(MUG, parents=(CHAIR.id,))
    here = scene(TABLE, CHAIR, claimed_elsewhere, view=VIEW)
    for reference in (TABLE, CHAIR):
        assert "support_disputed" in stated("support", "on", MUG, reference, here=here).reasons
    unclaimed = scene(TABLE, CHAIR, replace(MUG, parents=()), view=VIEW)
    assert "support_disputed" not in stated("support", "on", MUG, TABLE, here=unclaimed).reasons


def test_bands_cover_all_distances_without_a_gap():
    assert bands(VALIDITY) == ("within 1 m", "1 to 2 m", "2 to 3 m", "3 to 4 m", "beyond 4 m")
    assert bands(ValidityConfig(distance_bands_m=(1.5,))) == ("within 1.5 m", "beyond 1.5 m")


def masked(*things, share=0.01):
    pixels = int(share * VIEW.width * VIEW.height)
    return {each.id: MaskStats(pixels, (100, 100, 120, 120), cut=False) for each in things}


def test_what_is_half_seen_is_not_counted():
    mugs = [thing("Mug", (x, 0.85, 0.0), (0.3, 0.3, 0.3), number=n) for n, x in enumerate((-0.3, 0.3))]
    whole = scene(*mugs, view=VIEW, masks=masked(*mugs))
    half = scene(*mugs, view=VIEW, masks=masked(mugs[0]) | masked(mugs[1], share=0.001))
    assert stated("count", "count", *mugs, here=whole).value == ("2",)
    assert "reference_too_small" in stated("count", "count", *mugs, here=half).reasons
    assert "without_masks" in stated("count", "count", *mugs, here=scene(*mugs, view=VIEW)).reasons
    proposed = list(facts_of(whole, VALIDITY, ("count",)))
    assert [(fact.about, fact.value) for fact in proposed] == [((mugs[0].id, mugs[1].id), ("2",))]


def test_what_moved_and_what_made_the_pictures_differ():
    x, y, z = MUG.center
    moved = replace(thing("Mug", (x + 0.2, y, z)), size=MUG.size)
    after = scene(TABLE, moved, view=VIEW)
    before = scene(TABLE, MUG, view=VIEW)
    facts = {fact.predicate: fact for fact in facts_of_change(before, after, VALIDITY)}
    assert (facts["moved"].value, facts["moved"].about) == (("right",), (MUG.id,))
    assert facts["moved"].margin == pytest.approx(20.0)
    assert (facts["cause"].value, facts["cause"].margin) == (("object",), pytest.approx(0.2))
    assert restate(facts["moved"], after, VALIDITY, before) == facts["moved"]

    turned = replace(VIEW, yaw=30.0)
    (cause,) = facts_of_change(before, scene(TABLE, MUG, view=turned), VALIDITY)
    assert (cause.value, cause.about, cause.margin) == (("camera",), (), pytest.approx(math.radians(30.0)))
    both = list(facts_of_change(before, scene(TABLE, moved, view=turned), VALIDITY))
    assert len(both) == 2 and not any(fact.answerable for fact in both)
    assert list(facts_of_change(before, before, VALIDITY)) == []


def test_what_cannot_be_restated_is_said():
    change = Fact("change", "moved", (MUG.id,), ("left",), "viewer", 1.0, "deg", 1.0)
    with pytest.raises(ValueError, match="'moved' is a change: the scene before it is needed"):
        restate(change, ROOM, VALIDITY)
    with pytest.raises(
        ValueError, match=r"no fact is called 'size heavier'; there are direction direction, .*change moved"
    ):
        restate(replace(change, family="size", predicate="heavier"), ROOM, VALIDITY)
    with pytest.raises(KeyError, match=r"scene 'FloorPlan1' has no object 'Pot\|9'"):
        restate(replace(change, family="nearness", predicate="band", about=("Pot|9",)), ROOM, VALIDITY)


def test_every_fact_of_a_room_is_restated_to_itself():
    facts = list(facts_of(ROOM, VALIDITY))
    assert {fact.family for fact in facts} == set(FAMILIES) - {"change"}
    for fact in facts[::7]:
        assert restate(fact, ROOM, VALIDITY) == fact


length = st.integers(-25, 25).map(lambda n: n / 10 + 0.013)
extent = st.integers(1, 10).map(lambda n: n / 10 + 0.007)
box = st.tuples(
    st.sampled_from(["Mug", "Box", "Chair", "Bowl", "Book", "DiningTable"]),
    st.tuples(length, extent, length),
    st.tuples(extent, extent, extent),
    st.sampled_from([0.0, 90.0, 180.0, 270.0]),
)
rooms = st.lists(box, min_size=3, max_size=4)
OPPOSITE = {"left": "right", "right": "left", "front": "behind", "behind": "front", "above": "below", "below": "above"}


def build(boxes, turn=0.0, mirror=1.0):
    """A room of boxes, all of it turned about the vertical by quarters, or seen in a mirror, camera included."""
    sine, cosine = round(math.sin(math.radians(turn))), round(math.cos(math.radians(turn)))

    def put(x, y, z):
        x *= mirror
        return (x * cosine + z * sine, y, z * cosine - x * sine)

    things = []
    for number, (kind, center, size, front) in enumerate(boxes):
        turned = size if turn % 180 == 0 else size[::-1]
        made = thing(kind, put(*center), turned, receptacle=True, number=number)
        things.append(replace(made, front_yaw=(mirror * front + turn) % 360 if kind == "Chair" else None))
    view = replace(VIEW, position=put(*VIEW.position), yaw=VIEW.yaw + turn)
    here = scene(*things, view=view)
    ids = [each.id for each in things]
    facts = facts_of(here, VALIDITY, ("direction", "perspective", "support", "nearness", "size"), about=ids)
    return {(fact.family, fact.predicate, fact.about): fact for fact in facts}


@settings(max_examples=40, deadline=None)
@given(rooms)
def test_swapping_subject_and_reference_inverts_the_relation(boxes):
    facts = build(boxes)
    for (family, predicate, about), fact in facts.items():
        swapped = facts.get((family, predicate, about[::-1]))
        if swapped is None or len(about) != 2 or family == "perspective" or fact.margin < 1e-6:
            continue
        assert swapped.margin == pytest.approx(fact.margin, abs=1e-6) or family == "support"
        if family == "direction":
            assert swapped.value == tuple(OPPOSITE[term] for term in fact.value)
        elif predicate == "touching":
            assert swapped.value == fact.value
        elif predicate == "nearer" or family == "size":
            assert swapped.value != fact.value
        elif predicate in ("on", "in", "under") and fact.value == ("yes",):
            assert swapped.value == ("no",)
        if predicate == "on" and fact.value == ("yes",):
            assert facts["support", "under", about[::-1]].value == ("yes",)


@settings(max_examples=40, deadline=None)
@given(rooms, st.sampled_from([90.0, 180.0, 270.0]))
def test_turning_world_and_camera_together_changes_nothing(boxes, turn):
    before, after = build(boxes), build(boxes, turn=turn)
    assert before.keys() == after.keys()
    for key, fact in before.items():
        assert after[key].margin == pytest.approx(fact.margin, abs=1e-6)
        if fact.margin > 1e-6:
            assert after[key].value == fact.value


@settings(max_examples=40, deadline=None)
@given(rooms)
def test_a_mirror_swaps_left_and_right_and_nothing_else(boxes):
    side = {"left": "right", "right": "left"}
    before, after = build(boxes), build(boxes, mirror=-1.0)
    assert before.keys() == after.keys()
    for key, fact in before.items():
        assert after[key].margin == pytest.approx(fact.margin, abs=1e-6)
        if fact.margin > 1e-6:
            assert after[key].value == tuple(side.get(term, term) for term in fact.value)


@settings(max_examples=40, deadline=None)
@given(rooms)
def test_between_does_not_care_for_the_order_of_the_two(boxes):
    found = Boxes.of([thing(kind, center, size) for kind, center, size, _ in boxes])
    one, two, three = (np.array([row]) for row in range(3))
    assert between(found, one, two, three) == pytest.approx(between(found, one, three, two))

"""What geometry rules out is impossible, and what is plainly possible stays on offer."""

from dataclasses import replace

import numpy as np
import pytest
from scene_factory import scene, thing

from rls3.scene.edit import DISTANCES, NUM_VIEWS, PLACEMENTS
from rls3.scene.feasibility import feasible

FLOOR = thing("Floor", (0.0, -0.05, 0.0), (8.0, 0.1, 8.0), movable=False, receptacle=True)
CHAIR = thing("Chair", (0.0, 0.45, 0.0), (0.5, 0.9, 0.5))
POT = thing("Pot", (2.0, 0.15, 2.0), (0.3, 0.3, 0.3))
EVERYWHERE = np.ones((1, NUM_VIEWS), np.bool_)


def legal(placement, subject, reference, *others, views=EVERYWHERE):
    """(NUM_VIEWS,) from where a placement is not ruled out."""
    found = feasible(scene(FLOOR, subject, reference, *others), [subject], [reference], views).edits
    assert found.shape == (1, 1, len(PLACEMENTS), NUM_VIEWS)
    return found[0, 0, PLACEMENTS.index(placement)]


@pytest.mark.parametrize("placement", ["left", "right", "front", "behind"])
def test_in_an_empty_room_there_is_room_on_every_side(placement):
    small = thing("Box", (0.0, 0.2, 0.0), (0.4, 0.4, 0.4))
    assert legal(placement, POT, small).all()


def test_a_wall_leaves_no_room_on_its_side_whoever_looks():
    walled = thing("Chair", (-3.7, 0.45, 0.0), (0.5, 0.9, 0.5))
    left = legal("left", thing("Stool", (2.0, 0.3, 2.0), (0.5, 0.6, 0.5)), walled)
    assert not left[0] and left[4]  # looking along +z, left is the wall; looking along -z, it is the room
    assert not legal("right", thing("Stool", (2.0, 0.3, 2.0), (0.5, 0.6, 0.5)), walled)[4]


def test_furniture_is_in_the_way_unless_it_is_a_table_to_stand_under():
    row = [(x, 0.45, -1.0) for x in (-1.0, 0.0, 1.0)]
    blocked = [thing("Dresser", place, (1.0, 0.9, 1.2), number=k) for k, place in enumerate(row)]
    tables = [thing("DiningTable", place, (1.0, 0.9, 1.2), number=k) for k, place in enumerate(row)]
    assert not legal("front", POT, CHAIR, *blocked)[0]
    assert legal("front", POT, CHAIR, *tables)[0]


def test_what_is_larger_hides_what_is_behind_it_and_before_it():
    fridge = thing("Fridge", (0.0, 0.9, 0.0), (0.8, 1.8, 0.8))
    assert not legal("behind", POT, fridge).any() and legal("front", POT, fridge).all()
    assert not legal("front", fridge, POT).any()


def test_vertical_placements_need_a_top_or_a_height():
    shelf = thing("Dresser", (0.0, 0.6, 0.0), (0.8, 1.2, 0.5), movable=False, receptacle=True)
    assert legal("on", POT, shelf).all() and not legal("above", POT, shelf).any()
    cupboard = thing("ShelvingUnit", (0.6, 0.9, 0.0), (0.6, 1.8, 0.5), movable=False, receptacle=True)
    low = thing("Vase", (0.0, 0.2, 0.0), (0.3, 0.4, 0.3))
    assert legal("above", POT, low, cupboard).all()
    assert legal("below", POT, thing("Vase", (0.0, 1.35, 0.0), (0.3, 0.3, 0.3)), shelf).all()
    assert not legal("below", CHAIR, POT).any()  # both on the floor
    loaded = thing("Television", (0.0, 1.5, 0.0), (0.7, 0.6, 0.4))
    assert not legal("on", POT, shelf, loaded).any()
    hung = thing("Towel", (0.0, 1.4, 0.0), (0.5, 0.7, 0.1))
    assert legal("under", POT, hung).all() and not legal("under", POT, CHAIR).any()


def test_between_needs_another_thing_and_room():
    other = thing("Stool", (1.6, 0.3, 0.0), (0.5, 0.6, 0.5))
    assert legal("between", POT, CHAIR, other).all()
    assert not legal("between", POT, CHAIR).any()
    assert not legal("between", POT, CHAIR, replace(other, type="Wall")).any()
    assert not legal("between", POT, CHAIR, other, thing("Dresser", (0.8, 0.4, 0.0), (0.6, 0.8, 0.6))).any()


def test_small_things_are_seen_from_near_and_large_ones_from_afar():
    def distances(subject, reference):
        found = feasible(scene(FLOOR, subject, reference), [subject], [reference], EVERYWHERE).distances[0, 0]
        return {name for name, possible in zip(DISTANCES, found, strict=True) if possible}

    mug, bowl = thing("Mug", (2.0, 0.08, 2.0), (0.16, 0.16, 0.16)), thing("Bowl", (0.0, 0.08, 0.0), (0.2, 0.16, 0.2))
    bed, desk = thing("Bed", (2.0, 0.3, 2.0), (1.9, 0.6, 1.5)), thing("Desk", (0.0, 0.4, 0.0), (1.3, 0.8, 0.7))
    assert distances(mug, bowl) == {"near"}
    assert distances(bed, desk) >= {"middle", "far"}


def test_what_would_be_too_small_in_the_picture_is_not_offered():
    fork = thing("Fork", (2.0, 0.01, 2.0), (0.15, 0.02, 0.03))
    sofa = thing("Sofa", (0.0, 0.4, 0.0), (2.0, 0.8, 0.9))
    assert not legal("left", fork, CHAIR).any() and not legal("left", CHAIR, fork).any()
    assert not legal("left", thing("Mug", (2.0, 0.06, 2.0), (0.12, 0.12, 0.12)), sofa).any()


def test_a_thing_is_not_put_beside_itself_or_its_own_load_and_not_where_nobody_sees_it():
    assert not feasible(scene(FLOOR, CHAIR), [CHAIR], [CHAIR], EVERYWHERE).edits.any()
    borne = thing("Pot", (0.0, 1.05, 0.0), (0.3, 0.3, 0.3), parents=(CHAIR.id,))
    assert not legal("left", CHAIR, borne).any() and legal("left", borne, CHAIR).any()
    seen = np.arange(NUM_VIEWS)[None] == 3
    assert legal("left", POT, CHAIR, views=seen).tolist() == seen[0].tolist()
    assert feasible(scene(FLOOR), [], [CHAIR], EVERYWHERE).edits.shape == (0, 1, len(PLACEMENTS), NUM_VIEWS)

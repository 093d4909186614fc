import math
from dataclasses import replace

import numpy as np
import pytest
from scene_factory import camera, scene, thing

from rls3.errors import ConfigError
from rls3.scene.edit import TERMS
from rls3.scene.placement import MAX_POINTS, MOST_OFF_DEG, target_points, turned
from rls3.scene.relations import relation_of_points
from rls3.scene.split import HELD_OUT_SEEDS, POOLS, TRAIN_SCENES, scene_type, spawn_seed, training_scenes

TABLE = thing("DiningTable", (0.0, 0.4, 0.0), (1.4, 0.8, 0.8), movable=False, receptacle=True)
MUG = thing("Mug", (0.3, 0.86, 0.1), (0.1, 0.12, 0.1), parents=(TABLE.id,))
BOWL = thing("Bowl", (-0.2, 0.85, 0.0), (0.2, 0.1, 0.2), parents=(TABLE.id,))
FLOOR = thing("Floor", (0.0, -0.01, 0.0), (8.0, 0.02, 8.0), movable=False)
CHAIR = thing("Chair", (2.0, 0.45, 0.0), (0.5, 0.9, 0.5))


@pytest.mark.parametrize("yaw", [0.0, 45.0, 90.0, 225.0])
@pytest.mark.parametrize("placement", TERMS)
def test_every_point_gives_the_wanted_relation(placement, yaw):
    shelf = thing("Shelf", (0.0, 1.4, 0.3), (1.0, 0.02, 0.2), movable=False, receptacle=True)
    room = scene(TABLE, MUG, BOWL, CHAIR, shelf)
    points = target_points(room, MUG, BOWL, placement, camera(yaw))
    assert 0 < len(points) <= MAX_POINTS
    for x, y, z in points:
        found = relation_of_points((x, y + 0.06, z), BOWL.center, yaw)
        assert placement in found.terms
        assert found.margin >= 5.0
    if placement not in ("above", "below"):
        x, y, z = points[0]
        assert not {"above", "below"} & set(relation_of_points((x, y + 0.06, z), BOWL.center, yaw).terms)


def test_nothing_is_put_outside_the_room():
    wall_side = thing("Chair", (-3.7, 0.45, 0.0), (0.5, 0.9, 0.5))
    assert target_points(scene(FLOOR, wall_side, MUG), MUG, wall_side, "left", camera()) == ()
    assert target_points(scene(FLOOR, wall_side, MUG), MUG, wall_side, "right", camera()) != ()


def test_diagonals_lead_for_some_edits_and_the_axis_for_others():
    firsts = set()
    for number in range(12):
        cup = thing("Cup", (0.5, 0.45, 0.0), (0.1, 0.9, 0.1), number=number)
        x, y, z = target_points(scene(FLOOR, CHAIR, cup), cup, CHAIR, "left", camera())[0]
        firsts.add(relation_of_points((x, y + 0.45, z), CHAIR.center, 0.0).terms)
    assert firsts == {("left",), ("behind", "left"), ("front", "left")}


def test_sideways_places_differ_in_angle_and_gap_and_the_same_edit_means_the_same():
    angles, gaps = [], []
    for number in range(60):
        cup = thing("Cup", (0.5 + number / 100, 0.45, 0.0), (0.1, 0.9, 0.1), number=1)
        points = target_points(scene(FLOOR, CHAIR, cup), cup, CHAIR, "left", camera())
        assert points == target_points(scene(FLOOR, CHAIR, cup), cup, CHAIR, "left", camera())
        x, _, z = points[0]
        angles.append(math.degrees(math.atan2(z - CHAIR.center[2], CHAIR.center[0] - x)) / 45.0)
        gaps.append(math.hypot(x - CHAIR.center[0], z - CHAIR.center[2]))
    off = np.array(angles) - np.round(angles)
    assert set(np.round(angles)) == {-1.0, 0.0, 1.0} and 0.2 < np.abs(off).max() <= MOST_OFF_DEG / 45.0 + 1e-6
    assert min(gaps) < 0.5 and max(gaps) > 1.5  # some beside it, some a walk away


def test_sideways_points_do_not_touch_the_reference():
    for x, _, z in target_points(scene(TABLE, CHAIR), CHAIR, TABLE, "left", camera()):
        assert x + 0.25 <= TABLE.center[0] - 0.7 or abs(z) >= 0.65


def test_on_is_the_top_and_above_a_higher_neighbour():
    shelf = thing("Shelf", (0.0, 1.4, 0.3), (1.0, 0.02, 0.2), movable=False, receptacle=True)
    room = scene(TABLE, MUG, BOWL, shelf)
    assert target_points(room, MUG, BOWL, "on", camera())[0] == pytest.approx((-0.2, 0.91, 0.0), abs=1e-6)
    assert {round(y, 2) for _, y, _ in target_points(room, MUG, BOWL, "above", camera())} == {1.42}
    assert target_points(scene(TABLE, MUG, BOWL), MUG, BOWL, "above", camera()) == ()


def test_under_is_the_floor_straight_below_what_is_high_enough():
    assert target_points(scene(TABLE, MUG, BOWL), MUG, BOWL, "under", camera()) == (pytest.approx((-0.2, 0.01, 0.0)),)
    assert target_points(scene(TABLE, MUG, CHAIR), MUG, CHAIR, "under", camera()) == ()


def test_between_is_half_way_to_the_nearest_thing_that_leaves_room():
    near, far = thing("Stool", (0.0, 0.3, 1.0), (0.5, 0.6, 0.5)), thing("Box", (0.0, 0.2, -2.0), (0.4, 0.4, 0.4))
    chair = thing("ArmChair", (0.0, 0.45, 0.0), (0.5, 0.9, 0.5))
    points = target_points(scene(FLOOR, chair, near, far, MUG), MUG, chair, "between", camera())
    assert points == (pytest.approx((0.0, 0.01, 0.5)),)
    wide = thing("GarbageCan", (2.0, 0.3, 2.0), (0.6, 0.6, 0.6))
    ((_, _, z),) = target_points(scene(FLOOR, chair, near, far, wide), wide, chair, "between", camera())
    assert z == pytest.approx(-1.025)
    assert target_points(scene(FLOOR, chair, MUG), MUG, chair, "between", camera()) == ()


def test_a_turned_thing_keeps_its_middle_and_turns_its_sides():
    long = replace(thing("Laptop", (1.0, 0.1, 2.0), (0.4, 0.2, 0.1)), position=(1.1, 0.0, 2.0), front_yaw=90.0)
    once = turned(long, 90)
    assert once.size == (0.1, 0.2, 0.4) and once.center == long.center
    assert once.position == pytest.approx((1.0, 0.0, 1.9))  # clockwise seen from above: +x turns to -z
    assert once.rotation == (0.0, 90.0, 0.0) and once.front_yaw == 180.0
    assert np.ptp(once.corners, axis=0) == pytest.approx(once.size)
    assert turned(long, 0) == long == replace(turned(turned(long, 180), 180), position=long.position)


def test_below_something_on_the_floor_needs_a_taller_reference():
    fridge = thing("Fridge", (0.0, 0.9, 0.0), (0.8, 1.8, 0.8), movable=False)
    assert all(y < 0.05 for _, y, _ in target_points(scene(fridge, MUG), MUG, fridge, "below", camera()))
    assert target_points(scene(CHAIR, MUG), CHAIR, thing("Plate", (0.0, 0.01, 0.0)), "below", camera()) == ()


def test_the_split_is_disjoint_and_mixed():
    assert {pool: len(scenes) for pool, scenes in POOLS.items()} == {"feedback": 12, "stopping": 8, "report": 20}
    assert len({*TRAIN_SCENES, *(scene for scenes in POOLS.values() for scene in scenes)}) == 120
    assert TRAIN_SCENES[:4] == ("FloorPlan1", "FloorPlan201", "FloorPlan301", "FloorPlan401")
    kinds = [scene_type(name) for name in ("FloorPlan30", "FloorPlan201", "FloorPlan315", "FloorPlan402", "house_3")]
    assert kinds == ["kitchen", "living_room", "bedroom", "bathroom", "house"]


def test_held_out_scenes_and_others_never_share_a_seed():
    for number in (0, 1, 7, 2**31 - 1, 2**31 - 2**20, 2**32 + 3):
        assert spawn_seed("FloorPlan26", number) in HELD_OUT_SEEDS
        assert spawn_seed("FloorPlan421_physics", number) in HELD_OUT_SEEDS
        assert 0 <= spawn_seed("FloorPlan7", number) < HELD_OUT_SEEDS.start
        assert spawn_seed("houses/one.json", number) not in HELD_OUT_SEEDS
    assert spawn_seed("FloorPlan1", 12345) == 12345


def test_training_scenes_resolve(tmp_path):
    house = tmp_path / "house_0.json"
    house.write_text("{}")
    assert training_scenes(("train",)) == TRAIN_SCENES
    assert training_scenes(("FloorPlan2", "FloorPlan2_physics", str(house))) == ("FloorPlan2", str(house))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("FloorPlan226", "scene 'FloorPlan226' of sim.scenes is held out for the report pool; plans 1-20"),
        ("FloorPlan21", "held out for the feedback pool"),
        ("FloorPlan324", "held out for the stopping pool"),
        ("Floorplan3", r"unknown scene 'Floorplan3' in sim.scenes \(did you mean 'FloorPlan3'\?\); allowed: train"),
        ("missing.json", "house file 'missing.json' of sim.scenes does not exist"),
    ],
)
def test_scenes_that_may_not_train_are_refused(name, message):
    with pytest.raises(ConfigError, match=message):
        training_scenes((name,))
    with pytest.raises(ConfigError, match="scenes is empty; give"):
        training_scenes(())

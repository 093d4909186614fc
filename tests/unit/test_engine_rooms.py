import hashlib
from collections import Counter

import numpy as np
import pytest

from rls3.engine.geometry import Boxes
from rls3.engine.navigation.walking import WalkSpace
from rls3.engine.physics.collision import Physics
from rls3.engine.physics.stability import at_rest
from rls3.engine.scenes import load_scene, scene_names
from rls3.engine.world.receptacles import containment

SAMPLE = ("FloorPlan1", "FloorPlan17", "FloorPlan205", "FloorPlan230", "FloorPlan301", "FloorPlan318", "FloorPlan412")


@pytest.fixture(scope="module", params=SAMPLE)
def world(request):
    return load_scene(request.param + "_physics")


def test_the_scene_names_are_ithors():
    names = scene_names()
    assert len(names) == len(set(names)) == 120
    assert {"FloorPlan1_physics", "FloorPlan30_physics", "FloorPlan201_physics", "FloorPlan430_physics"} <= set(names)
    with pytest.raises(ValueError, match="unknown scene 'FloorPlan31_physics'; FloorPlan1-30"):
        load_scene("FloorPlan31_physics")


def test_nothing_clips_floats_or_tips(world):
    physics = Physics(world)
    for item in world.active_objects():
        assert physics.collisions(item.boxes, {item.object_id}) == []
        assert at_rest(world, physics, item), item.object_id


def test_there_is_room_to_walk_and_enough_to_move(world):
    x, _, z = world.agents[0].position
    assert (x % 0.25, z % 0.25) == (0.0, 0.0)  # on the grid that Teleport demands
    assert len(WalkSpace(world, Physics(world), 0).reachable((x, z), 0.25, 0.0, None)) >= 30
    middle = {o.type.name for o in world.objects.values() if o.movable and sorted(o.model.size)[1] >= 0.12}
    assert len(middle) >= 8
    assert 25 <= len(world.objects) <= 60


def test_doors_and_windows_are_cut_into_the_walls(world):
    openings = [o for o in world.objects.values() if o.type.name in {"Doorway", "Window"}]
    assert {o.type.name for o in openings} == {"Doorway", "Window"}
    walls = Boxes.join([p.boxes for p in world.shell.pieces if p.name == "Wall"])
    for item in openings:
        inside = (walls.low < np.array(item.position)).all(axis=1) & (walls.high > np.array(item.position)).all(axis=1)
        assert not inside.any(), f"{item.object_id} hangs before an unbroken wall"
        assert not world.shell.contains(item.position[0], item.position[2])


def test_a_kitchen_is_fitted():
    world = load_scene("FloorPlan7_physics")
    kinds = Counter(o.type.name for o in world.objects.values())
    assert kinds["StoveBurner"] == kinds["StoveKnob"] == 4
    assert kinds["Fridge"] == kinds["Sink"] == kinds["SinkBasin"] == kinds["Faucet"] == 1
    assert kinds["Cabinet"] >= 4 and kinds["Drawer"] >= 3 and kinds["CounterTop"] >= 2
    (basin,) = (o for o in world.objects.values() if o.type.name == "SinkBasin")
    assert basin.object_id.endswith("|SinkBasin") and basin.object_id.startswith("Sink|")
    cold = [o.type.name for o in world.objects.values() if "Fridge" in str(containment(world).parents.get(o.object_id))]
    assert cold, "the fridge is empty"


def test_floorplan28_has_what_programs_for_ai2thor_look_for():
    world = load_scene("FloorPlan28_physics")
    assert world.agents[0].position == (-1.5, 0.901, -1.5)
    assert world.agents[0].yaw == 180.0
    assert {"Pot|-00.61|+00.80|-03.42", "SoapBottle|-00.84|+00.93|-03.76"} <= set(world.objects)
    assert {"Mug|-03.15|+00.82|-03.47", "Tomato|-03.13|+00.92|-00.39"} <= set(world.objects)
    space = WalkSpace(world, Physics(world), 0)
    free = [(-1.5, -1.0), (-1.5, -1.75), (-1.75, -1.5), (-1.25, -1.5), (-1.0, -2.25), (-1.0, -0.5)]
    free += [(-2.0, -2.5), (-2.75, -1.75), (-2.75, -1.25)]
    assert space.blockers(np.array(free)) == [None] * len(free)
    assert None not in space.blockers(np.array([(-1.5, -3.5), (-1.5, 0.0)]))
    assert 100 < len(space.reachable((-1.5, -1.5), 0.25, 0.0, None)) < 125


@pytest.mark.parametrize("held_out", ["FloorPlan21", "FloorPlan28", "FloorPlan226", "FloorPlan330", "FloorPlan423"])
def test_held_out_rooms_share_no_look_and_no_material_with_rooms_that_train(held_out):
    def worn(name):
        world = load_scene(f"{name}_physics")
        things = world.objects.values()
        parts = [*(p for o in things for p in o.model.parts), *(p for piece in world.shell.pieces for p in piece.parts)]
        return {o.asset_id for o in things} - {""}, {part.material for part in parts}

    looks, materials = worn(held_out)
    for training in ("FloorPlan20", "FloorPlan201", "FloorPlan305", "FloorPlan410"):
        other_looks, other_materials = worn(training)
        assert not looks & other_looks
        assert not materials & other_materials


def test_the_same_name_gives_the_same_room_and_another_name_another():
    def digest(name):
        rows = [
            (o.object_id, o.position, o.rotation, o.model.size, o.asset_id) for o in load_scene(name).objects.values()
        ]
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    assert digest("FloorPlan403_physics") == digest("FloorPlan403_physics") != digest("FloorPlan404_physics")

import hashlib

import pytest

from rls3.engine.navigation import WalkSpace
from rls3.engine.physics import Physics
from rls3.engine.placement import balance_point
from rls3.engine.scenes import load_scene, scene_names

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
        if item.type.name != "Floor" and not item.type.wall_mounted:
            support = physics.support(item.boxes, {item.object_id})
            x, _, z = balance_point(item)
            assert support.carries((x, z)), item.object_id


def test_there_is_room_to_walk_and_enough_to_move(world):
    x, _, z = world.agents[0].position
    assert (x % 0.25, z % 0.25) == (0.0, 0.0)  # on the grid that Teleport demands
    assert len(WalkSpace(world, Physics(world), 0).reachable((x, z), 0.25, 0.0, None)) >= 30
    middle = {o.type.name for o in world.objects.values() if o.movable and sorted(o.model.size)[1] >= 0.12}
    assert len(middle) >= 8
    assert 20 <= len(world.objects) <= 60


def test_the_same_name_gives_the_same_room_and_another_name_another():
    def digest(name):
        rows = [
            (o.object_id, o.position, o.rotation, o.model.size, o.asset_id) for o in load_scene(name).objects.values()
        ]
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    assert digest("FloorPlan403_physics") == digest("FloorPlan403_physics") != digest("FloorPlan404_physics")

"""Standing the things of a house on what is below them, and clear of each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from rls3.engine.physics.collision import CONTACT_GAP, Physics
from rls3.engine.physics.stability import at_rest
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.world import World

#: A child that stands inside its parent is raised at most this far, metres.
CHILD_LIFT = 0.4
#: Where the true size is known an object is moved at most this far to touch what it stands on, metres, unless it hangs
#: so high in the air that it must be meant to fall.
TRUE_SLACK = 0.015
FALL = 0.3
#: An object of typical size goes at most this far out of another one's way, metres.
NUDGE = 0.7


def settle_furniture(world: World, free: Collection[str], parents: Mapping[str, str]) -> None:
    """Stand everything on what is below it: within a hair's breadth where sizes are true, else wherever it fits.

    Args:
        world: the house's objects as its file places them.
        free: ids of the objects that stand by themselves.
        parents: id of the object that each child stands on or in.
    """
    physics = Physics(world)
    for item in sorted((world.objects[k] for k in free), key=lambda o: (o.bottom, o.object_id)):
        if _true(item):
            _settle_true(world, physics, item)
        else:
            _drop(world, physics, item, lift=0.05)
    for item in sorted((world.objects[k] for k in parents), key=lambda o: o.bottom):
        if _true(item):
            _settle_true(world, physics, item)
        elif item.movable:
            _stand_on_parent(world, physics, item, world.objects[parents[item.object_id]])
    for item in [o for o in world.objects.values() if not _true(o) and o.type.name != "Floor"]:
        _make_room(world, physics, world.objects[item.object_id], has_load=item.object_id in parents.values())
    for placed in list(world.objects.values()):
        if not at_rest(world, physics, placed):
            world.put(replace(placed, state=replace(placed.state, kinematic=True)))


def _true(item: SceneObject) -> bool:
    return item.size_source == "assetDatabase"


def _settle_true(world: World, physics: Physics, item: SceneObject) -> None:
    """Let an object of true size touch what is a hair's breadth below or above its foot, or fall out of the air."""
    gap = physics.drop(item.boxes, {item.object_id}, lift=TRUE_SLACK)
    if gap is not None and (gap <= TRUE_SLACK or gap > FALL):
        x, y, z = item.position
        world.put(item.at((x, y - gap, z)))


def _drop(world: World, physics: Physics, item: SceneObject, lift: float) -> None:
    """Lower an object, or raise it by up to `lift` metres, until it stands on something."""
    gap = physics.drop(item.boxes, {item.object_id}, lift=lift)
    if gap is not None:
        x, y, z = item.position
        world.put(item.at((x, y - gap, z)))


def _stand_on_parent(world: World, physics: Physics, item: SceneObject, parent: SceneObject) -> None:
    """Stand a child of typical size on its parent, on top where the real one has a shelf and this one is solid."""
    _drop(world, physics, item, lift=CHILD_LIFT)
    settled = world.objects[item.object_id]
    hit = physics.collisions(settled.boxes, {item.object_id})
    if parent.object_id in hit or settled.bottom < parent.bottom + 0.02:
        x, _, z = item.position
        height = float(parent.aabb[1][1]) + item.position[1] - item.bottom + CONTACT_GAP
        _drop(world, physics, item.at((x, height, z)), lift=CONTACT_GAP)


def _make_room(world: World, physics: Physics, item: SceneObject, *, has_load: bool) -> None:
    """Move an object of typical size that enters another one to the nearest free place: off its wall, or aside."""
    if not physics.collisions(item.boxes, {item.object_id}) or has_load:
        return
    if item.type.wall_mounted:
        offsets = [item.pose[:3, 2] * 0.01 * step for step in range(1, 13)]
    elif item.movable:
        angles = np.radians(np.arange(0, 360, 30))
        offsets = [np.array((r * np.sin(a), 0.0, r * np.cos(a))) for r in np.arange(0.05, NUDGE, 0.05) for a in angles]
    else:
        return
    for offset in offsets:
        moved = item.at(np.asarray(item.position) + offset)
        if not physics.collisions(moved.boxes, {item.object_id}) and at_rest(world, physics, moved):
            world.put(moved)
            return

"""Whether things stay where they are: centres of mass, and what they stand on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

import numpy as np

from rls3.engine.geometry import Boxes, Point, Vector, as_vector, hull_of, within_convex
from rls3.engine.physics.collision import CONTACT_GAP, STABLE_MARGIN, Physics
from rls3.engine.physics.loads import can_fall, load_of
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.world import World

#: What hangs on a wall may be this far before it, metres.
HANGING_REACH = 0.03
#: Massless types count as this heavy, kg.
MIN_MASS = 0.01


def at_rest(world: World, physics: Physics, item: SceneObject) -> bool:
    """Return whether an object stays where it is: it stands, hangs on what is behind it, is held, or cannot move.

    It stands when the centre of mass of it and all it carries is over what it stands on.
    """
    if not can_fall(item):
        return True
    load = load_of(world, physics, item)
    if physics.support(item.boxes, load.ids).carries(_center_of_mass((item, *load.carried))):
        return True
    if not item.type.wall_mounted:
        return False
    behind = item.pose[:3, :3] @ np.array((0.0, 0.0, -HANGING_REACH))
    return bool(physics.collisions(item.boxes.shifted(behind), {item.object_id}, tolerance=0.0))


def steady_carriers(world: World, physics: Physics, item: SceneObject, ignore: Collection[str]) -> list[SceneObject]:
    """Return the movable objects that an object stands on, directly or not, and that are at rest now.

    They may tip over when it comes or goes. Those of the ids to ignore are left out.
    """
    found: dict[str, SceneObject] = {}
    front = [item]
    while front:
        base = front.pop()
        for key in physics.support(base.boxes, {base.object_id, *ignore}).owners:
            below = world.objects.get(key)
            if below is not None and key not in found and can_fall(below):
                found[key] = below
                front.append(below)
    return [o for o in found.values() if at_rest(world, physics, o)]


def _center_of_mass(items: Sequence[SceneObject]) -> Point:
    masses = np.array([max(o.type.mass, MIN_MASS) for o in items])
    points = np.array([balance_point(o) for o in items])
    x, _, z = masses @ points / masses.sum()
    return (float(x), float(z))


def touched_by(changed: Sequence[SceneObject], objects: Sequence[SceneObject]) -> list[SceneObject]:
    """Return the objects that may have lost their support: those near enough to something that came, went or moved.

    Args:
        changed: what came or went, at its poses before and after.
        objects: those to choose from.
    """
    stirred, waiting = (np.array([o.aabb for o in items]).reshape(-1, 2, 3) for items in (changed, objects))
    low, high = stirred[:, 0] - HANGING_REACH, stirred[:, 1] + HANGING_REACH
    apart = ((waiting[:, None, 0] > high) | (waiting[:, None, 1] < low)).any(axis=2)
    return [o for o, alone in zip(objects, np.all(apart, axis=1).tolist(), strict=True) if not alone]


def balance_point(item: SceneObject) -> Vector:
    """Return where an object's weight acts, in the world, metres.

    It is the middle of its collision boxes' volume, drawn inside its base where it would lie outside: household things
    are weighted so that they stand on a flat floor.
    """
    return as_vector((item.pose @ np.array((*_local_balance_point(item.local_boxes), 1.0)))[:3])


@lru_cache(maxsize=512)
def _local_balance_point(boxes: Boxes) -> Vector:
    """Return the balance point of an object in its own frame, of its collision boxes there."""
    volume = boxes.halves.prod(axis=1)
    center = (boxes.centers * volume[:, None]).sum(axis=0) / volume.sum()
    lowest = np.flatnonzero(boxes.low[:, 1] < boxes.low[:, 1].min() + CONTACT_GAP)
    base = hull_of([point for i in lowest for point in boxes.outline(int(i))])
    middle = np.mean(base, axis=0)
    for share in np.linspace(0.0, 1.0, 21):
        x, z = (1 - share) * center[[0, 2]] + share * middle
        if within_convex((float(x), float(z)), base, 2 * STABLE_MARGIN):
            break
    return (float(x), float(center[1]), float(z))

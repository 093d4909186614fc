"""Letting things fall that lost their support, to where they stay."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rls3.engine.errors import ActionError
from rls3.engine.geometry import Point
from rls3.engine.physics.collision import Physics
from rls3.engine.physics.loads import Load, load_of
from rls3.engine.physics.placing import settle_load
from rls3.engine.physics.stability import at_rest
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.world import World

#: What cannot stay where it falls comes to rest at most this far from there, metres.
SPREAD = 1.5
_SPIRAL: tuple[Point, ...] = (
    (0.0, 0.0),
    *(
        (0.05 * ring * math.sin(math.radians(angle)), 0.05 * ring * math.cos(math.radians(angle)))
        for ring in range(1, round(SPREAD / 0.05) + 1)
        for angle in range(0, 360, 30)
    ),
)


def settle_down(world: World, physics: Physics, objects: Iterable[SceneObject]) -> None:
    """Let objects that lost their support fall, the lowest first, each with what it carries.

    One that would not stay where it lands comes to rest beside it, see `rest_nearby`.

    Raises:
        ActionError: there is no place for one; the scene may then be half changed.
    """
    ids = [o.object_id for o in objects]
    for _ in range(2 * len(ids) + 1):  # what falls may have held up another of them, which then falls in its turn
        loose = [world.objects[key] for key in ids if not at_rest(world, physics, world.objects[key])]
        if not loose:
            return
        rest_nearby(world, physics, min(loose, key=lambda o: o.bottom))
    raise ActionError(f"{', '.join(o.object_id for o in loose)} would keep falling off each other")


def rest_nearby(world: World, physics: Physics, item: SceneObject) -> None:
    """Let an object of the scene fall with what it carries, or come to rest in the nearest free place beside.

    It stays turned as it is where it can, else it is set upright.

    Raises:
        ActionError: there is no such place.
    """
    load = load_of(world, physics, item)
    if not any(_settled_at(world, physics, load, offset) for offset in _SPIRAL):
        raise ActionError(f"{item.object_id} would fall and finds no place to rest within {SPREAD:g} metres")


def _settled_at(world: World, physics: Physics, load: Load, offset: Point) -> bool:
    x, y, z = load.root.position
    pitch, yaw, roll = load.root.rotation
    for turned in dict.fromkeys(((pitch, yaw, roll), (0.0, yaw, 0.0))):
        try:
            settle_load(world, physics, load, (x + offset[0], y, z + offset[1]), turned)
        except ActionError:
            continue
        return True
    return False

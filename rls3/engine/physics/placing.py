"""Putting objects somewhere so that nothing clips, floats or tips over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from rls3.engine.errors import ActionError
from rls3.engine.geometry import Boxes, Vector
from rls3.engine.physics.collision import CONTACT_GAP, Physics
from rls3.engine.physics.loads import Load, load_of
from rls3.engine.physics.stability import at_rest, steady_carriers
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.world import World

#: Objects start this far above the wanted point, so that the surface itself is not in the way, metres.
START_GAP = 0.001
#: A wanted point may lie this far inside the surface; the object is raised, metres.
LIFT = 0.03
#: Whatever can be moved bears this many kilograms, and this many times its own mass.
BEARABLE_MASS = 5.0
BEARABLE_SHARE = 20.0


def check_movable(item: SceneObject) -> None:
    """Raise ActionError when actions may not move the object."""
    if not item.movable:
        raise ActionError(f"{item.object_id} is neither pickupable nor moveable and cannot be placed")
    if not item.present:
        raise ActionError(f"{item.object_id} is disabled or sliced and cannot be placed")
    if item.state.held_by is not None:
        raise ActionError(f"{item.object_id} is in the hand of agent {item.state.held_by}; put it down first")


def check_bounds(world: World, position: Sequence[float]) -> None:
    """Raise ActionError when a position lies outside the scene."""
    low, high = world.bounds()
    x, y, z = position
    inside = all(low[i] <= v <= high[i] for i, v in enumerate((x, y, z))) and world.shell.contains(x, z)
    if not inside:
        raise ActionError(f"Position coordinate ({x}, {y}, {z}) is not within scene bounds")


def place(
    world: World,
    physics: Physics,
    item: SceneObject,
    point: Sequence[float],
    rotation: Sequence[float],
    *,
    fall: bool = True,
    furthest: float = math.inf,
    load: Load | None = None,
) -> None:
    """Stand an object with the middle of its underside on `point`, or on the first surface below.

    Args:
        world: the scene; changed only on success.
        physics: of the same scene.
        item: an object, inside the scene or new to it.
        point: middle of the underside of its bounding box, metres.
        rotation: Unity Euler angles, degrees.
        fall: False leaves the object at the point, without support.
        furthest: how far it may fall below the point, metres.
        load: the object with what it carries, where that is not what stands on it in the scene.

    Raises:
        ActionError: something is in the way, or nothing below carries it.
    """
    check_bounds(world, point)
    if load is None:
        load = load_of(world, physics, item) if item.object_id in world.objects else Load(item, ())
    turned = item.at(point, rotation)
    height = float(point[1]) - turned.bottom + float(point[1])
    start = (float(point[0]), height + (START_GAP if fall else 0.0), float(point[2]))
    settle_load(world, physics, load, start, rotation, fall=fall, furthest=furthest)


def settle_load(
    world: World,
    physics: Physics,
    load: Load,
    center: Sequence[float],
    rotation: Sequence[float],
    *,
    fall: bool = True,
    furthest: float = math.inf,
) -> None:
    """Put an object and what it carries at a pose of the object's centre, let them fall, and keep the result.

    Raises:
        ActionError: as for `place`.
    """
    before = dict(world.objects)
    moved = load.at(center, rotation)
    if fall:
        moved = _landed(world, physics, load, moved, furthest)
    else:
        _check_free(world, physics, moved, load.ids)
    moved[0] = replace(moved[0], state=replace(moved[0].state, kinematic=not fall))
    carriers = steady_carriers(world, physics, moved[0], load.ids)
    for below in carriers:
        if (weight := sum(o.type.mass for o in moved)) > max(BEARABLE_MASS, BEARABLE_SHARE * below.type.mass):
            raise ActionError(f"{load.root.object_id} ({weight:g} kg) is too heavy to stand on {below.object_id}")
    if load.root.object_id in before:
        carriers += steady_carriers(world, physics, load.root, load.ids)
    for each in moved:
        world.put(each)
    for key in dict.fromkeys(o.object_id for o in (*moved, *carriers)):
        fallen = world.objects[key]
        if not at_rest(world, physics, fallen):
            on = ", ".join(physics.support(fallen.boxes, {key}).owners) or "an edge"
            world.replace_scene(world.shell, before)
            where = f"{load.root.object_id} is not stable at {_text(moved[0].position)}"
            raise ActionError(f"{where}: {key} would tip over on {on}")


def _landed(world: World, physics: Physics, load: Load, moved: list[SceneObject], furthest: float) -> list[SceneObject]:
    """Return the objects where they come to rest when they are let go.

    Raises:
        ActionError: something is in the way, or nothing below carries the first of them.
    """
    ignore, start = load.ids, moved[0].position
    lift = _needed_lift(physics, moved[0].boxes, ignore)
    moved = [_shifted(o, (0.0, lift, 0.0)) for o in moved]
    _check_free(world, physics, moved, ignore)
    gap = physics.drop(moved[0].boxes, ignore, lift=CONTACT_GAP)
    if gap is None:
        raise ActionError(f"nothing below {load.root.object_id} carries it at {_text(start)}")
    if gap > furthest + START_GAP:
        raise ActionError(f"{load.root.object_id} would fall {gap:.3f} metres from {_text(start)}")
    moved = [_shifted(o, (0.0, -gap, 0.0)) for o in moved]
    _check_free(world, physics, moved, ignore)
    return moved


def _needed_lift(physics: Physics, boxes: Boxes, ignore: frozenset[str]) -> float:
    gap = physics.drop(boxes, ignore, lift=LIFT)
    return START_GAP - gap if gap is not None and gap < START_GAP else 0.0


def _check_free(world: World, physics: Physics, moved: list[SceneObject], ignore: frozenset[str]) -> None:
    boxes = Boxes.join([o.boxes for o in moved])
    hit = physics.collisions(boxes, ignore)
    if hit:
        raise ActionError(f"Spawn area not clear ({hit[0]}) is in the way), can't place object at that point")
    agent = physics.agent_in_the_way(boxes)
    if agent is not None:
        raise ActionError(f"Spawn area not clear (agent {agent}) is in the way), can't place object at that point")
    x, z = moved[0].position[0], moved[0].position[2]
    if not world.shell.contains(x, z):
        raise ActionError(f"Position coordinate {_text(moved[0].position)} is not within scene bounds")


def _shifted(item: SceneObject, offset: Vector) -> SceneObject:
    x, y, z = item.position
    return item.at((x + offset[0], y + offset[1], z + offset[2]))


def _text(position: Sequence[float]) -> str:
    return "(" + ", ".join(f"{v:.3f}" for v in position) + ")"

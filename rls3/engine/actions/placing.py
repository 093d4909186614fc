"""Placing, teleporting and spawning objects."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from rls3.engine.actions.registry import PartialVector, action
from rls3.engine.errors import ActionError, ArgumentError
from rls3.engine.geometry import Vector
from rls3.engine.physics.holding import let_go
from rls3.engine.physics.loads import load_of
from rls3.engine.physics.placing import check_bounds, check_movable, place, settle_load
from rls3.engine.physics.settling import settle_down
from rls3.engine.physics.spawning import SpawnRequest, respawn
from rls3.engine.physics.stability import touched_by
from rls3.engine.session import Session
from rls3.engine.world.objects import SceneObject, object_id_for
from rls3.engine.world.receptacles import surfaces_of

#: Distance between the points of GetSpawnCoordinatesAboveReceptacle, metres.
GRID_SPACING = 0.1


@action()
def place_object_at_point(
    session: Session,
    object_id: str,
    position: PartialVector | None = None,
    positions: list[PartialVector] | None = None,
    rotation: PartialVector | None = None,
    force_kinematic: bool = False,
) -> None:
    """Stand an object on a point or on the surface below it; of several points the first that works."""
    if position is None and not positions:
        raise ArgumentError(
            "MissingArguments", "action: PlaceObjectAtPoint is missing the following arguments: position or positions"
        )
    item = session.object(object_id)
    check_movable(item)
    turned = _rotation(item, rotation)
    points = [_complete(point) for point in ([position] if position is not None else positions or [])]
    reasons = []
    for point in points:
        try:
            place(session.world, session.physics, item, point, turned, fall=not force_kinematic)
        except ActionError as error:
            reasons.append(str(error))
        else:
            return
    raise ActionError("; ".join(dict.fromkeys(reasons)))


@action()
def teleport_object(
    session: Session,
    object_id: str,
    position: PartialVector | None = None,
    rotation: PartialVector | float | None = None,
    x: float | None = None,
    y: float | None = None,
    z: float | None = None,
    force_action: bool = False,
    force_kinematic: bool = False,
    allow_teleport_out_of_hand: bool = False,
    make_unbreakable: bool = False,
) -> None:
    """Put an object's centre at a point; unless `forceKinematic`, it falls to the surface below.

    `forceAction` puts it there whatever is in the way and wherever it stands: the only way to make things overlap.
    """
    item = session.object(object_id)
    if item.state.held_by is not None and allow_teleport_out_of_hand:
        let_go(session.world, item.state.held_by)
        item = session.object(object_id)
    check_movable(item)
    if make_unbreakable:
        session.world.put(item.changed(unbreakable=True))
        item = session.object(object_id)
    given = dict(position or {})
    given.update({k: v for k, v in (("x", x), ("y", y), ("z", z)) if v is not None})
    target = _complete(PartialVector(given))
    turned = _rotation(item, PartialVector({"y": rotation}) if isinstance(rotation, float) else rotation)
    load = load_of(session.world, session.physics, item)
    if force_action:
        for each in load.at(target, turned):
            session.world.put(each)
        session.world.put(session.object(object_id).changed(kinematic=force_kinematic))
        return
    check_bounds(session.world, target)
    hit = session.physics.collisions(item.at(target, turned).boxes, load.ids)
    if hit:
        raise ActionError(f"{object_id} is colliding with {hit[0]} after teleport.")
    settle_load(session.world, session.physics, load, target, turned, fall=not force_kinematic)


@action(ignored=("placeStationary",))
def set_object_poses(session: Session, object_poses: list[dict[str, Any]]) -> None:
    """Set the poses of movable objects by name; those not named vanish, a name given again makes a copy.

    As with Unity, ids are made anew from the poses. Unlike there, a pose at which an object would enter another is
    refused, and what nothing carries falls. What keeps its pose is only looked at where something near it changed.
    """
    world = session.world
    for number in range(len(world.agents)):
        let_go(world, number)
    before = {o.name: o for o in world.objects.values() if o.movable}
    used: dict[str, int] = {}
    objects = {o.object_id: o for o in world.objects.values() if not o.movable}
    placed, moved = [], []
    for entry in object_poses:
        name, position, rotation = _pose_entry(entry)
        if name not in before:
            raise ActionError(f"No Pickupable or Moveable object of name {name} found in scene.")
        copies = used.setdefault(name, 0)
        used[name] += 1
        object_id = object_id_for(before[name].type.name, position)
        while object_id in objects:
            object_id += "_copy"
        item = before[name]
        stays = not copies and (item.position, item.rotation) == (position, rotation)
        if not stays:
            item = replace(item.at(position, rotation), name=f"{name}_copy_{copies}" if copies else name)
            moved.append(object_id)
        objects[object_id] = item if item.object_id == object_id else replace(item, object_id=object_id)
        placed.append(object_id)
    world.replace_scene(world.shell, objects)
    for object_id in moved:
        boxes = world.objects[object_id].boxes
        hit = session.physics.collisions(boxes, {object_id})
        agent = session.physics.agent_in_the_way(boxes)
        if hit or agent is not None:
            other = hit[0] if hit else f"agent {agent}"
            raise ActionError(f"objectPoses put {world.objects[object_id].name} into {other}")
    stayed = {world.objects[object_id].name for object_id in placed if object_id not in moved}
    stirred = [item for name, item in before.items() if name not in stayed] + [world.objects[key] for key in moved]
    settle_down(world, session.physics, touched_by(stirred, [world.objects[object_id] for object_id in placed]))


@action(query=True)
def get_spawn_coordinates_above_receptacle(
    session: Session, object_id: str, anywhere: bool = False
) -> list[dict[str, float]]:
    """Return a grid of points on a receptacle's surfaces; unless `anywhere`, those in front of the agent and near."""
    item = session.object(object_id)
    if not item.type.receptacle:
        raise ActionError(f"{object_id} is not a Receptacle object")
    points: list[Vector] = []
    for surface in surfaces_of(item):
        counts = [max(1, math.floor(2 * half / GRID_SPACING)) for half in surface.half_size]
        steps = [[(2 * k + 1) / n - 1 for k in range(n)] for n in counts]
        points += [surface.point(u, v) for u in steps[0] for v in steps[1]]
    if not anywhere:
        points = [p for p in points if _within_sight(session, p)]
    return [{"x": x, "y": y, "z": z} for x, y, z in points]


@action(ignored=("placeStationary",))
def initial_random_spawn(
    session: Session,
    random_seed: int = 0,
    force_visible: bool = False,
    num_placement_attempts: int = 5,
    num_duplicates_of_type: list[dict[str, Any]] | None = None,
    excluded_receptacles: list[str] | None = None,
    excluded_object_ids: list[str] | None = None,
    object_ids: list[str] | None = None,
    receptacle_object_ids: list[str] | None = None,
    allow_moveable: bool = False,
    allow_floor: bool = False,
) -> None:
    """Put pickupable objects on other receptacles at random; what finds no place stays where it is."""
    if num_placement_attempts <= 0:
        raise ActionError(f"numPlacementAttempts must be above 0, got {num_placement_attempts}")
    if random_seed < 0:
        raise ActionError(f"randomSeed must not be below 0, got {random_seed}")
    for object_id in (*(excluded_object_ids or ()), *(object_ids or ()), *(receptacle_object_ids or ())):
        session.object(object_id)
    request = SpawnRequest(
        seed=random_seed,
        attempts=num_placement_attempts,
        duplicates=_duplicates(num_duplicates_of_type or []),
        excluded_types=frozenset(excluded_receptacles or ()),
        excluded_ids=frozenset(excluded_object_ids or ()),
        object_ids=None if object_ids is None else frozenset(object_ids),
        receptacle_ids=None if receptacle_object_ids is None else frozenset(receptacle_object_ids),
        moveable=allow_moveable,
        floor=allow_floor,
        visible=force_visible,
    )
    respawn(session.world, session.physics, request)


def _duplicates(entries: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many objects of each type are wanted.

    Raises:
        ActionError: an entry is not of the form {"objectType": name, "count": number}.
    """
    try:
        wanted = {str(entry["objectType"]): int(entry["count"]) for entry in entries}
    except (KeyError, TypeError, ValueError) as error:
        raise ActionError(f"numDuplicatesOfType needs objectType and count in each entry, got {entries!r}") from error
    return wanted


def _complete(point: PartialVector) -> Vector:
    if missing := [axis for axis in "xyz" if axis not in point]:
        raise ArgumentError("MissingArguments", f"the position is missing the following arguments: {','.join(missing)}")
    return (point["x"], point["y"], point["z"])


def _rotation(item: SceneObject, rotation: PartialVector | None) -> Vector:
    if rotation is None:
        return item.rotation
    return (rotation.get("x", 0.0), rotation.get("y", 0.0), rotation.get("z", 0.0))


def _pose_entry(entry: Any) -> tuple[str, Vector, Vector]:
    try:
        position, rotation = (tuple(float(entry[key][axis]) for axis in "xyz") for key in ("position", "rotation"))
        return (
            str(entry["objectName"]),
            (position[0], position[1], position[2]),
            (rotation[0], rotation[1], rotation[2]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ActionError(
            f"objectPoses holds {entry!r}; each entry needs objectName, position and rotation with x, y and z"
        ) from error


def _within_sight(session: Session, point: Vector) -> bool:
    """Return whether a point is near the agent and inside its camera's horizontal field of view."""
    agent, settings = session.agent, session.settings
    dx, dz = point[0] - agent.position[0], point[2] - agent.position[2]
    if math.hypot(dx, dz) > settings.visibility_distance:
        return False
    bearing = (math.degrees(math.atan2(dx, dz)) - agent.yaw + 180) % 360 - 180
    half = math.tan(math.radians(settings.field_of_view) / 2) * session.width / session.height
    return abs(bearing) <= math.degrees(math.atan(half))

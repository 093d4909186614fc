"""Moving objects, and taking them out of the scene."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from rls3.engine.actions.registry import PartialVector, action
from rls3.engine.errors import ActionError, ArgumentError
from rls3.engine.geometry import Vector
from rls3.engine.placement import check_bounds, check_movable, fall_down, load_of, place, settle_load
from rls3.engine.receptacles import surfaces_of
from rls3.engine.session import Session
from rls3.engine.spawning import SpawnRequest, respawn
from rls3.engine.world import SceneObject, object_id_for

GRID_SPACING = 0.1


@action()
def place_object_at_point(
    session: Session,
    object_id: str,
    position: PartialVector | None = None,
    positions: list[Any] | None = None,
    rotation: PartialVector | None = None,
    force_kinematic: bool = False,
) -> None:
    """Stand an object on a point or on the surface below it; of several points the first that works."""
    if position is None and not positions:
        raise ArgumentError("MissingArguments", "action PlaceObjectAtPoint is missing argument(s): position")
    item = session.object(object_id)
    check_movable(item)
    turned = _rotation(item, rotation)
    points = [position] if position is not None else [PartialVector(p) for p in positions or []]
    reasons = []
    for point in points:
        try:
            place(session.world, session.physics, item, _complete(point), turned, fall=not force_kinematic)
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
) -> None:
    """Put an object's centre at a point; unless `forceKinematic`, it falls to the surface below."""
    item = session.object(object_id)
    check_movable(item)
    given = dict(position or {})
    given.update({k: v for k, v in (("x", x), ("y", y), ("z", z)) if v is not None})
    target = _complete(PartialVector(given))
    turned = _rotation(item, PartialVector({"y": rotation}) if isinstance(rotation, float) else rotation)
    load = load_of(session.world, session.physics, item)
    if force_action:
        for each in load.at(target, turned):
            session.world.put(each)
        return
    check_bounds(session.world, target)
    hit = session.physics.collisions(item.at(target, turned).boxes, load.ids)
    if hit:
        raise ActionError(f"{object_id} is colliding with {hit[0]} after teleport.")
    settle_load(session.world, session.physics, load, target, turned, fall=not force_kinematic)


@action()
def set_object_poses(
    session: Session,
    object_poses: list[Any],
    place_stationary: bool = True,  # noqa: ARG001 - poses are kept as given either way
) -> None:
    """Set the poses of movable objects by name; those not named vanish, a name given again makes a copy.

    As with Unity the poses are taken as they are, without any test, and ids are made anew from them.
    """
    by_name = {o.name: o for o in session.world.objects.values() if o.movable}
    used: dict[str, int] = {}
    placed: list[SceneObject] = []
    for entry in object_poses:
        name, position, rotation = _pose_entry(entry)
        if name not in by_name:
            raise ActionError(f"No Pickupable or Moveable object of name {name} found in scene.")
        item = by_name[name].at(position, rotation)
        if used.get(name):
            item = replace(item, name=f"{name}_copy_{used[name]}")
        used[name] = used.get(name, 0) + 1
        placed.append(item)
    kept = [o for o in session.world.objects.values() if not o.movable]
    objects = {o.object_id: o for o in kept}
    for item in placed:
        renamed = replace(item, object_id=object_id_for(item.type.name, item.position))
        while renamed.object_id in objects:
            renamed = replace(renamed, object_id=f"{renamed.object_id}_copy")
        objects[renamed.object_id] = renamed
    session.world.replace_scene(session.world.shell, objects)


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


@action()
def initial_random_spawn(
    session: Session,
    random_seed: int = 0,
    force_visible: bool = False,
    place_stationary: bool = True,  # noqa: ARG001 - objects are at rest either way
    num_placement_attempts: int = 5,
    num_duplicates_of_type: list[Any] | None = None,
    excluded_receptacles: list[Any] | None = None,
    excluded_object_ids: list[Any] | None = None,
    object_ids: list[Any] | None = None,
    receptacle_object_ids: list[Any] | None = None,
    allow_moveable: bool = False,
) -> None:
    """Put pickupable objects on other receptacles at random; what finds no place stays where it is."""
    if num_placement_attempts <= 0:
        raise ActionError(f"numPlacementAttempts must be above 0, got {num_placement_attempts}")
    if force_visible:
        raise ActionError("forceVisible is not available in this engine; leave it out or set it to False")
    if random_seed < 0:
        raise ActionError(f"randomSeed must not be below 0, got {random_seed}")
    request = SpawnRequest(
        seed=random_seed,
        attempts=num_placement_attempts,
        duplicates={str(d["objectType"]): int(d["count"]) for d in num_duplicates_of_type or []},
        excluded_types=frozenset(excluded_receptacles or ()),
        excluded_ids=frozenset(excluded_object_ids or ()),
        object_ids=None if object_ids is None else frozenset(object_ids),
        receptacle_ids=None if receptacle_object_ids is None else frozenset(receptacle_object_ids),
        moveable=allow_moveable,
    )
    respawn(session.world, session.physics, request)


@action()
def disable_object(session: Session, object_id: str) -> None:
    """Hide an object; what it carried falls down."""
    item = session.object(object_id)
    if not item.state.enabled:
        raise ActionError(f"{object_id} is already disabled")
    carried = load_of(session.world, session.physics, item).carried
    session.world.put(replace(item, state=replace(item.state, enabled=False)))
    fall_down(session.world, session.physics, carried)


@action()
def enable_object(session: Session, object_id: str) -> None:
    """Show a hidden object again, if its place is still free."""
    item = session.object(object_id)
    if item.state.enabled:
        raise ActionError(f"{object_id} is already enabled")
    hit = session.physics.collisions(item.boxes, {object_id})
    if hit:
        raise ActionError(f"{object_id} cannot be enabled: {hit[0]} is in its place")
    session.world.put(replace(item, state=replace(item.state, enabled=True)))


@action()
def remove_from_scene(
    session: Session,
    object_id: str | None = None,
    object_ids: list[Any] | None = None,
) -> None:
    """Take objects out of the scene for good; what they carried falls down."""
    wanted = [str(i) for i in ([object_id] if object_id is not None else object_ids or [])]
    if not wanted:
        raise ArgumentError("MissingArguments", "action RemoveFromScene is missing argument(s): objectId or objectIds")
    for each in wanted:
        carried = load_of(session.world, session.physics, session.object(each)).carried
        session.world.remove(each)
        fall_down(session.world, session.physics, carried)


def _complete(point: PartialVector) -> Vector:
    if missing := [axis for axis in "xyz" if axis not in point]:
        raise ArgumentError("MissingArguments", f"the position is missing: {', '.join(missing)}")
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

"""Ways to a place or to an object."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rls3.engine.actions.navigation import walk_space
from rls3.engine.actions.registry import PartialVector, action
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Point
from rls3.engine.navigation.paths import shortest_path
from rls3.engine.session import Session
from rls3.engine.sight.aiming import aim_at, facing
from rls3.engine.world.agents import AGENT_CENTER_Y
from rls3.engine.world.objects import SceneObject

#: How far the ends of a path may be from free floor unless the client says so, metres.
ALLOWED_ERROR = 0.0001


@action(query=True, ignored=("rotation",))
def get_shortest_path(
    session: Session,
    position: PartialVector | None = None,
    object_type: str | None = None,
    object_id: str | None = None,
    allowed_error: float = ALLOWED_ERROR,
) -> dict[str, Any]:
    """Return the corners of the shortest way to the nearest grid point from which an object is seen near enough."""
    item = _target(session, object_type, object_id)
    x, z = _start(session, position)
    space = walk_space(session)
    for place in space.reachable((x, z), session.settings.grid_size, 0.0, None):
        agent = replace(session.agent, position=(place[0], session.agent.position[1], place[1]))
        agent = facing(agent, item)
        if aim_at(session, agent.eye, item).shows_in(agent, session):
            return _record(shortest_path(space, (x, z), place, allowed_error), session)
    raise ActionError(f"No point on NavMesh near targetPosition: {item.object_id} is seen from no reachable place")


@action(query=True)
def get_shortest_path_to_point(
    session: Session,
    target: PartialVector,
    position: PartialVector | None = None,
    allowed_error: float = ALLOWED_ERROR,
) -> dict[str, Any]:
    """Return the corners of the shortest way to a point on the floor."""
    goal = (target.get("x", 0.0), target.get("z", 0.0))
    return _record(shortest_path(walk_space(session), _start(session, position), goal, allowed_error), session)


def _start(session: Session, position: PartialVector | None) -> Point:
    if position is None:
        return (session.agent.position[0], session.agent.position[2])
    return (position.get("x", 0.0), position.get("z", 0.0))


def _target(session: Session, object_type: str | None, object_id: str | None) -> SceneObject:
    if object_id is not None:
        return session.object(object_id)
    if object_type is None:
        raise ActionError("Cannot find sim object: give objectId or objectType")
    found = [o for o in session.world.active_objects() if o.type.name.lower() == object_type.replace(" ", "").lower()]
    if not found:
        raise ActionError(f"Object type {object_type} was not found in the scene.")
    if len(found) > 1:
        raise ActionError(f"Multiple objects of type {object_type} were found in the scene, cannot disambiguate.")
    return found[0]


def _record(corners: list[Point], session: Session) -> dict[str, Any]:
    floor = session.agent.position[1] - AGENT_CENTER_Y
    return {"corners": [{"x": x, "y": floor, "z": z} for x, z in corners], "status": "PathComplete"}

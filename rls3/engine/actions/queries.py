"""Questions about the scene and the picture, and what the metadata is limited to."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from rls3.engine.actions.registry import action
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Array
from rls3.engine.metadata.records import object_record, vector
from rls3.engine.pictures.picture import Picture
from rls3.engine.render.scene import RenderCamera
from rls3.engine.session import Session
from rls3.engine.sight.visibility import visible_objects
from rls3.engine.world.cameras import FAR

#: Rows and columns of the grid of rays of VisibleRange.
RANGE_RAYS = 5
#: Field of view of the one-pixel picture that stands for a ray, degrees.
RAY_VIEW = 0.01


@action(query=True)
def get_scene_bounds(session: Session) -> list[list[float]]:
    """Return the lower and the upper corner of the scene, metres."""
    low, high = session.bounds
    return [low.tolist(), high.tolist()]


@action(query=True)
def get_object_metadata(session: Session, object_ids: list[str]) -> list[dict[str, Any]]:
    """Return the records of some objects, without what depends on the agent."""
    return [dict(object_record(session.object(object_id))) for object_id in object_ids]


@action(query=True)
def object_type_to_object_ids(session: Session, object_type: str) -> list[str]:
    """Return the ids of all objects of a type; case and blanks do not matter."""
    wanted = object_type.replace(" ", "").lower()
    return [o.object_id for o in session.world.listed_objects() if o.type.name.lower() == wanted]


@action(query=True)
def get_visible_objects(
    session: Session, max_distance: float | None = None, third_party_camera_index: int | None = None
) -> list[str]:
    """Return the ids of the objects that the agent sees near enough, or of all that a third-party camera shows."""
    if third_party_camera_index is not None:
        count = len(session.world.cameras)
        if not 0 <= third_party_camera_index < count:
            raise ActionError(f"thirdPartyCameraIndex {third_party_camera_index} must in 0 <= index < {count}")
        shown = session.view.of_camera(session.world, third_party_camera_index, session.optics).names_in_view
        return [object_id for object_id in session.world.objects if object_id in shown]
    settings = session.settings
    if max_distance is not None:
        session.settings = replace(settings, visibility_distance=max_distance)
    try:
        picture = session.view.of_agent(session.world, session.active_agent, session.optics)
        seen = visible_objects(session, session.active_agent, picture)
    finally:
        session.settings = settings
    return [object_id for object_id in session.world.objects if object_id in seen]


@action(query=True)
def get_object_in_frame(session: Session, x: float, y: float, check_visible: bool = False) -> str:
    """Return the id of the object at a place of the picture, from (0, 0) top left to (1, 1) bottom right."""
    _check_place(x, y)
    picture = session.view.of_agent(session.world, session.active_agent, session.optics)
    name = picture.name_at(x, y)
    if name not in session.world.objects:
        raise ActionError(f"no sim objects found at ({x},{y})")
    if check_visible and name not in visible_objects(session, session.active_agent, picture):
        raise ActionError(f"target hit ({name}) at ({x}, {y}) is not currently Visible to Agent")
    return name


@action(query=True)
def get_coordinate_from_raycast(session: Session, x: float, y: float) -> dict[str, float]:
    """Return the world position of what is at a place of the picture, metres."""
    _check_place(x, y)
    point = _hit(session, x, y)
    return vector((0.0, 0.0, 0.0) if point is None else point)


@action(query=True)
def visible_range(session: Session) -> list[dict[str, float]]:
    """Return the agent's place and what a grid of rays through its picture hits, metres."""
    places = [(k + 0.5) / RANGE_RAYS for k in range(RANGE_RAYS)]
    hits = [_hit(session, x, y) for x in places for y in places]
    return [vector(session.agent.position), *(vector(hit) for hit in hits if hit is not None)]


def _check_place(x: float, y: float) -> None:
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise ActionError(f"x and y must be in [0:1] not (x={x:g}, y={y:g}).")


def _hit(session: Session, x: float, y: float) -> Array | None:
    """Return where the ray through a place of the agent's picture ends, None where it meets nothing."""
    agent = session.agent
    right, up, ahead = np.array(RenderCamera(agent.eye, agent.yaw, agent.horizon).axes())
    tangent = math.tan(math.radians(session.settings.field_of_view) / 2)
    across = (2 * x - 1) * tangent * session.width / session.height
    ray = ahead + across * right + (1 - 2 * y) * tangent * up
    ray /= np.linalg.norm(ray)
    camera = RenderCamera(
        agent.eye,
        math.degrees(math.atan2(ray[0], ray[2])),
        -math.degrees(math.asin(max(-1.0, min(1.0, float(ray[1]))))),
        fov=RAY_VIEW,
        far=FAR,
    )
    picture: Picture = session.view.look(session.world, camera, 1, 1)
    if picture.frame.ids[0, 0] < 0:
        return None
    point: Array = np.asarray(agent.eye) + float(picture.frame.depth[0, 0]) * ray
    return point


@action()
def set_object_filter(session: Session, object_ids: list[str]) -> None:
    """Limit the metadata's `objects` to these ids."""
    session.world.filter = frozenset(object_ids)


@action()
def set_object_filter_for_type(session: Session, object_types: list[str]) -> None:
    """Limit the metadata's `objects` to objects of these types."""
    session.world.filter = frozenset(k for k, o in session.world.objects.items() if o.type.name in object_types)


@action()
def reset_object_filter(session: Session) -> None:
    """Show all objects again."""
    session.world.filter = None


@action()
def set_random_seed(session: Session, seed: int) -> None:
    """Set the seed of actions that draw at random and have none of their own."""
    if seed < 0:
        raise ActionError(f"seed must not be below 0, got {seed}")
    session.seed = seed

"""What an agent sees: AI2-THOR's `visible`, decided from near-ness and from the pixels of a picture."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rls3.engine.geometry import Array, footprint_distances
from rls3.engine.pictures.picture import Picture
from rls3.engine.session import Session
from rls3.engine.world.objects import SceneObject


def visible_objects(
    session: Session, number: int, picture: Picture | None, among: frozenset[str] | None = None
) -> frozenset[str]:
    """Return the ids of the objects that an agent sees from near enough.

    Args:
        session: the scene, and the visibility scheme and distance of Initialize.
        number: the agent.
        picture: what it sees; without one that at hand serves, or else a small one, if anything is near.
        among: the ids that are asked about; None = all. A picture is rendered only for them.
    """
    if not session.initialized or among == frozenset():
        return frozenset()
    near = near_objects(session, number)
    if among is not None:
        near &= among
    if near and picture is None:
        picture = session.view.seen(session.world, number, session.optics)
    if picture is None:
        return frozenset()
    seen = near & picture.names_in_view
    if session.settings.visibility_scheme == "Collider":
        return seen
    return frozenset(name for name in seen if _point_within(session, number, picture, name))


def near_objects(session: Session, number: int) -> frozenset[str]:
    """Return the ids of the objects that come within the visibility distance of an agent.

    The Collider scheme measures seen from above, from the agent's axis to the collision boxes. The Distance scheme
    measures to what is seen, from the camera: this returns every object that can have such a point.
    """
    agent, reach = session.world.agents[number], session.settings.visibility_distance
    if session.settings.visibility_scheme == "Distance":
        eye = np.asarray(agent.eye)
        return frozenset(o.object_id for o in session.world.active_objects() if _reaches(o, eye, reach))
    axis = np.array([[agent.position[0], agent.position[2]]])
    near = {
        str(owner)
        for obstacles in (session.physics.obstacles(), session.physics.held())
        for owner in obstacles.owners[footprint_distances(obstacles.boxes, axis)[0] <= reach]
    }
    return frozenset(near & session.world.objects.keys())


def _reaches(item: SceneObject, eye: Array, reach: float) -> bool:
    low, high = item.aabb
    gap = np.maximum(np.maximum(low - eye, eye - high), 0.0)
    return bool(math.hypot(gap[0], gap[2]) <= reach and low[1] - eye[1] <= reach)


def _point_within(session: Session, number: int, picture: Picture, name: str) -> bool:
    return bool(within_reach(picture.points_of(name), session.world.agents[number].eye, session).any())


def within_reach(points: Array, eye: tuple[float, float, float], session: Session) -> NDArray[np.bool_]:
    """Return (n,) whether points are near enough for the Distance scheme."""
    reach = session.settings.visibility_distance
    offset = points - np.asarray(eye)
    return np.asarray((np.hypot(offset[:, 0], offset[:, 2]) <= reach) & (offset[:, 1] <= reach))

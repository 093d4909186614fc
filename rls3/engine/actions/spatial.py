"""Questions about where objects are to each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rls3.engine.actions.registry import PartialVector, action
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Array, Boxes, footprint, ray_distances
from rls3.engine.session import Session
from rls3.engine.world.objects import SceneObject

#: Rays that look for what carries an object start this far above its underside, metres.
LIFT = 0.001


@action(query=True, name="BBoxDistance")
def box_distance(session: Session, object_id0: str, object_id1: str, divisions: int = 3) -> float:
    """Return the distance between two objects' oriented boxes, metres, measured at points of a grid on their faces."""
    first, second = session.object(object_id0), session.object(object_id1)
    return min(_distance(first, second, divisions), _distance(second, first, divisions))


@action(query=True)
def check_unobstructed_path_between_object_centers(
    session: Session, object_id0: str, object_id1: str
) -> dict[str, Any]:
    """Return whether nothing is on the straight line between two objects' middles, and what is."""
    ends = [session.object(object_id).oriented_corners.mean(axis=0) for object_id in (object_id0, object_id1)]
    boxes, owners = _boxes(session)
    hits = ray_distances(boxes, ends[0], ends[1] - ends[0])
    order = [str(owners[k]) for k in np.argsort(hits, kind="stable") if hits[k] <= 1.0]
    between = [o for o in dict.fromkeys(order) if o in session.world.objects and o not in (object_id0, object_id1)]
    return {"adjacent": not between, "objectInWay": between}


@action(query=True)
def check_what_object_on(
    session: Session, object_id: str, divisions: int = 3, below_distance: float = 0.01
) -> str | None:
    """Return the id of the object that one stands on, None when nothing is below it."""
    return _carrier(session, session.object(object_id), divisions, below_distance)


@action(query=True)
def check_what_objects_on(
    session: Session, object_ids: list[str], divisions: int = 3, below_distance: float = 0.01
) -> dict[str, str | None]:
    """Return for each object the id of the one that it stands on."""
    items = [session.object(object_id) for object_id in object_ids]
    return {item.object_id: _carrier(session, item, divisions, below_distance) for item in items}


@action(query=True, name="Get2DSemanticHulls")
def get_hulls(
    session: Session, object_ids: list[str] | None = None, object_types: list[str] | None = None
) -> dict[str, list[list[float]]]:
    """Return objects' outlines seen from above as (x, z) corners of convex polygons, metres."""
    if object_ids is not None and object_types is not None:
        raise ActionError("Only one of objectIds and objectTypes can have a non-null value.")
    items = session.world.active_objects() if object_ids is None else [session.object(i) for i in object_ids]
    return {o.object_id: _hull(o) for o in items if object_types is None or o.type.name in object_types}


@action(query=True, name="Get2DSemanticHull")
def get_hull(session: Session, object_id: str) -> list[list[float]]:
    """Return one object's outline seen from above."""
    return _hull(session.object(object_id))


@action(query=True)
def perform_raycast(session: Session, origin: PartialVector, destination: PartialVector) -> dict[str, Any]:
    """Return the first thing on a straight line: its id (or a wall's name), the point hit and the distance, metres."""
    start, end = (np.array([v.get(axis, 0.0) for axis in "xyz"]) for v in (origin, destination))
    if not np.any(end - start):
        raise ActionError("origin and destination must differ")
    boxes, owners = _boxes(session)
    hits = ray_distances(boxes, start, end - start)
    nearest = int(hits.argmin()) if len(hits) else -1
    if nearest < 0 or hits[nearest] > 1.0:
        raise ActionError("The ray hits nothing between origin and destination")
    x, y, z = (float(v) for v in start + hits[nearest] * (end - start))
    length = float(hits[nearest] * np.linalg.norm(end - start))
    return {"objectHit": str(owners[nearest]), "point": {"x": x, "y": y, "z": z}, "distance": length}


def _boxes(session: Session) -> tuple[Boxes, NDArray[np.str_]]:
    obstacles = session.physics.obstacles()
    return obstacles.boxes, obstacles.owners


def _distance(item: SceneObject, other: SceneObject, divisions: int) -> float:
    """Return the least distance from the points on one box to another box."""
    turn, middle = other.pose[:3, :3], other.oriented_corners.mean(axis=0)
    local = (_face_points(item, divisions) - middle) @ turn
    gap = np.maximum(np.abs(local) - _half_size(other), 0.0)
    return float(np.linalg.norm(gap, axis=1).min())


def _face_points(item: SceneObject, divisions: int) -> Array:
    """Return the points of a grid on the faces of an object's oriented box, world coordinates."""
    if divisions < 2:
        raise ActionError(f"divisions must be >= 2 (currently equals {divisions}).")
    steps = np.linspace(-1.0, 1.0, divisions)
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    surface = grid[(np.abs(grid) > 1 - 1e-9).any(axis=1)] * _half_size(item)
    points: Array = surface @ item.pose[:3, :3].T + item.oriented_corners.mean(axis=0)
    return points


def _half_size(item: SceneObject) -> Array:
    low, high = np.asarray(item.model.bounds)
    return np.asarray((high - low) / 2)


def _carrier(session: Session, item: SceneObject, divisions: int, below: float) -> str | None:
    points = _face_points(item, divisions)
    lowest = points[np.argsort(points[:, 1], kind="stable")][: divisions**2]
    boxes, owners = _boxes(session)
    others = np.flatnonzero((owners != item.object_id) & np.isin(owners, list(session.world.objects)))
    boxes, owners = boxes.take(others), owners[others]
    for point in lowest if len(others) else ():
        hits = ray_distances(boxes, (point[0], point[1] + LIFT, point[2]), (0.0, -1.0, 0.0))
        if hits.min() <= below + LIFT:
            return str(owners[int(hits.argmin())])
    return None


def _hull(item: SceneObject) -> list[list[float]]:
    parts = [part.vertices for part in item.model.parts]
    points = np.concatenate(parts) @ item.pose[:3, :3].T + item.pose[:3, 3] if parts else item.oriented_corners
    return [[x, z] for x, z in footprint(points)]

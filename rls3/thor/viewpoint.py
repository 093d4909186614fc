"""Where the camera can stand to look at something from a wanted side, and how far down it must look."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from rls3.scene.edit import NUM_VIEWS
from rls3.scene.geometry import viewer_axes
from rls3.scene.model import SceneObject, Vec3

HORIZON_RANGE_DEG = (-30.0, 60.0)
EYE_ABOVE_AGENT_M = 0.675
"""Height of the standing camera over the agent's position."""
SIDEWAYS_TOLERANCE_M = 0.4
DEPTH_TOLERANCE_M = (-0.6, 0.6)
NEAREST_M = 0.6
_STRUCTURE_WITHOUT_SHADOW = ("Floor", "Ceiling")

Points = NDArray[np.float64]


def view_yaw(view: int) -> float:
    """Camera yaw of a view, degrees.

    Raises:
        ValueError: the view is not 0 .. NUM_VIEWS - 1.
    """
    if not 0 <= view < NUM_VIEWS:
        raise ValueError(f"view {view} does not exist; views are 0 .. {NUM_VIEWS - 1}")
    return view * 360.0 / NUM_VIEWS


def standing_places(reachable: Points, aim: Vec3, yaw: float, distance: float) -> list[Vec3]:
    """Reachable positions from which a camera of that yaw has the aim ahead of it, the nearest to the wish first.

    Args:
        reachable: (N, 3) agent positions, metres.
        aim: what the camera should have before it, metres.
        yaw: of the camera, degrees.
        distance: wanted distance of camera and aim, seen from above, metres.
    """
    if len(reachable) == 0:
        return []
    right, ahead = viewer_axes(yaw)
    offset = np.asarray(aim) - reachable
    sideways, depth = np.abs(offset @ np.asarray(right)), offset @ np.asarray(ahead)
    excess = depth - distance
    cost = np.abs(excess) + 2 * sideways
    close = (
        (sideways <= SIDEWAYS_TOLERANCE_M)
        & (excess >= DEPTH_TOLERANCE_M[0])
        & (excess <= DEPTH_TOLERANCE_M[1])
        & (depth >= NEAREST_M)
    )
    order = [int(i) for i in np.lexsort((reachable[:, 2], reachable[:, 0], cost.round(6))) if close[i]]
    return [(float(x), float(y), float(z)) for x, y, z in reachable[order]]


def eye_at(place: Vec3) -> Vec3:
    """Where the camera of an agent is that stands at a place, metres."""
    return (place[0], place[1] + EYE_ABOVE_AGENT_M, place[2])


def lines_are_free(
    eyes: Sequence[Vec3], end: Vec3, objects: Sequence[SceneObject], ignore: Collection[str]
) -> NDArray[np.bool_]:
    """(K,) from which of K points no box lies before another point.

    Boxes that hold either point are coarse outlines of things round them (an L-shaped counter) and do not count, nor do
    those named in `ignore`.
    """
    others = [o for o in objects if o.id not in ignore and o.type not in _STRUCTURE_WITHOUT_SHADOW]
    if not others or not eyes:
        return np.ones(len(eyes), np.bool_)
    start, stop = np.asarray(eyes)[:, None], np.asarray(end)
    centers, halves = np.array([o.center for o in others]), np.array([o.size for o in others]) / 2
    low, high = centers - halves, centers + halves
    holds = ((low <= start) & (start <= high)).all(axis=2) | ((low <= stop) & (stop <= high)).all(axis=1)
    step = np.where(np.abs(stop - start) < 1e-9, 1e-9, stop - start)
    first, second = (low - start) / step, (high - start) / step
    enter, leave = np.minimum(first, second).max(axis=2), np.maximum(first, second).min(axis=2)
    return np.asarray(~(~holds & (enter < leave) & (leave > 0) & (enter < 1)).any(axis=1))


def horizon_for(eye: Vec3, yaw: float, targets: Sequence[Vec3]) -> float:
    """Camera horizon, degrees, positive down, that puts the targets round the middle of the picture's height."""
    _, ahead = viewer_axes(yaw)
    angles = [
        math.degrees(
            math.atan2(eye[1] - y, max(0.05, (x - eye[0]) * ahead[0] + (z - eye[2]) * ahead[2])),
        )
        for x, y, z in targets
    ]
    lowest, highest = HORIZON_RANGE_DEG
    return round(min(max((min(angles) + max(angles)) / 2, lowest), highest), 2)

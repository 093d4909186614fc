"""How much of the picture the boxes of a scene's objects cover, for all objects at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rls3.scene.boxes import BOX_EDGES, Array, Boxes
from rls3.scene.geometry import NEAR, focal_length, to_camera
from rls3.scene.model import Camera

_PIXEL_AXES = np.array([1.0, -1.0]).reshape(2, 1, 1, 1)
_FACES = np.zeros((12, 6))
"""Which edges go round each face: 1 forwards, -1 backwards, so that every edge is gone once each way."""
for _face, (_forth, _back) in enumerate(
    [((0, 5), (1, 4)), ((3, 6), (2, 7)), ((2, 8), (0, 9)), ((1, 11), (3, 10)), ((4, 10), (6, 8)), ((7, 9), (5, 11))]
):
    _FACES[list(_forth), _face], _FACES[list(_back), _face] = 1, -1

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Silhouettes:
    """What the boxes of N objects cover of a picture.

    Attributes:
        whole: (N,) area of the outline in the unbounded picture, squared pixels; 0 behind the camera.
        inside: (N,) area of its part in the frame.
        bounds: (N, 4) x0, y0, x1, y1 of the outline kept within the frame, pixels; zeros where nothing is in it.
        behind: (N,) whether the whole box lies behind the camera.
    """

    whole: Array
    inside: Array
    bounds: Array
    behind: Flags


def silhouettes(boxes: Boxes, camera: Camera, asked: Flags) -> Silhouettes:
    """The silhouettes of boxes, cut where they pass the camera, in its picture.

    Args:
        boxes: N objects.
        camera: the pinhole.
        asked: (N,) objects of interest; all is 0 for the others.

    The faces of a convex body that look at the camera tile its outline, and so do those that look away: the outline's
    area is half of what all faces cover, and that of a face, or of its part in the frame, an integral along its edges.
    """
    ends, before = _edges(boxes.ordered[asked], camera)
    start, end = ends[:, :, 0], ends[:, :, 1]
    seen = before[:, 0] | before[:, 1]
    starts, finishes = start, np.where(seen, end, start)  # what lies behind adds nothing
    if (before[:, 0] != before[:, 1]).any():
        leaves, enters = _closing(start, end, before)
        starts, finishes = np.concatenate((start, leaves), axis=2), np.concatenate((finishes, enters), axis=2)
    integrals = np.array((_area(starts, finishes), _framed(starts, finishes, camera.width, camera.height)))
    count = len(asked)
    shapes = Silhouettes(np.zeros(count), np.zeros(count), np.zeros((count, 4)), np.zeros(count, bool))
    shapes.whole[asked], shapes.inside[asked] = _covered(integrals)
    shapes.bounds[asked] = _bounds(start, end, seen, camera)
    shapes.bounds[shapes.inside <= 0.0] = 0.0
    shapes.behind[asked] = ~np.logical_or.reduce(seen, axis=1)
    return shapes


def wireframes(boxes: Boxes, camera: Camera) -> Array:
    """(N, 12, 2, 2) both ends of the edges of boxes in the picture, pixels (x, y); NaN for edges behind the camera."""
    ends, before = _edges(boxes.ordered, camera)
    seen = before[:, 0] | before[:, 1]
    return np.asarray(np.where(seen[:, None], ends, np.nan).transpose(1, 3, 2, 0))


def _edges(corners: Array, camera: Camera) -> tuple[Array, Flags]:
    """The edges of boxes, by their corners (N, 8, 3) in order, cut at depth NEAR, in the picture.

    Returns:
        (2, N, 2, 12) x and y of both ends, pixels, meaningless for edges behind the camera, and (N, 2, 12) whether an
        end was before it, uncut.
    """
    points = to_camera(corners.reshape(-1, 3), camera).T.reshape(3, -1, 8)[:, :, BOX_EDGES.T]
    before = np.asarray(points[2] >= NEAR)
    if not before.all():
        start, end = points[:, :, 0], points[:, :, 1]
        fall = np.where(before[:, 0] == before[:, 1], 1.0, start[2] - end[2])
        cuts = start + (start[2] - NEAR) / fall * (end - start)
        points = np.where(before, points, cuts[:, :, None])
    scale = focal_length(camera) / np.maximum(points[2], NEAR)
    middle = np.array([camera.width / 2, camera.height / 2]).reshape(2, 1, 1, 1)
    return np.asarray(middle + points[:2] * (scale * _PIXEL_AXES)), before


def _bounds(start: Array, end: Array, seen: Flags, camera: Camera) -> Array:
    """(N, 4) x0, y0, x1, y1 round the edges (2, N, 12) that are seen, kept within the frame."""
    low = np.where(seen, np.minimum(start, end), np.inf).min(axis=2)
    high = np.where(seen, np.maximum(start, end), -np.inf).max(axis=2)
    limits = np.array([[camera.width], [camera.height]] * 2, np.float64)
    return np.asarray(np.minimum(np.maximum(np.concatenate((low, high)), 0.0), limits).T)


def _closing(start: Array, end: Array, before: Flags) -> tuple[Array, Array]:
    """(2, N, 6) from where the round of each face leaves the space before the camera to where it enters it again.

    Args:
        start, end: (2, N, 12) ends of the cut edges, pixels.
        before: (N, 2, 12) which ends are not cut.
    """
    way = before[:, 0].astype(np.float64) - before[:, 1]  # 1 for edges that leave, -1 for those that enter
    cuts = np.where(way > 0, end, start)
    both, balance = (cuts * np.abs(way)) @ np.abs(_FACES), (cuts * way) @ _FACES
    return (both + balance) / 2, (both - balance) / 2


def _covered(integrals: Array) -> Array:
    """(M, N) areas of outlines from integrals along 12 edges and, of cut boxes, 6 closing lines (M, N, 12 or 18)."""
    faces, closing = integrals[..., : len(_FACES)] @ _FACES, integrals[..., len(_FACES) :]
    if closing.size:
        return np.asarray((np.abs(faces + closing).sum(axis=2) + np.abs(closing.sum(axis=2))) / 2)
    return np.asarray(np.abs(faces).sum(axis=2) / 2)


def _area(start: Array, end: Array) -> Array:
    """Integrals of y over x along lines: round a polygon, its area."""
    (x0, y0), (x1, y1) = start, end
    return np.asarray((x1 - x0) * (y0 + y1) / 2)


def _framed(start: Array, end: Array, width: int, height: int) -> Array:
    """The same with x and y kept within the frame, pixels: round a polygon, the area of its part in the frame."""
    (x0, y0), (x1, y1) = start, end
    slope = (y1 - y0) / np.where(x1 == x0, 1.0, x1 - x0)
    left, right = x0.clip(0.0, width), x1.clip(0.0, width)
    low, high = y0 + slope * (left - x0), y0 + slope * (right - x0)
    climb = high - low
    level = np.abs(climb) < 1e-9
    low_sum, high_sum = (v.clip(0.0, height) ** 2 / 2 + height * np.maximum(v - height, 0.0) for v in (low, high))
    mean = np.where(level, low.clip(0.0, height), (high_sum - low_sum) / np.where(level, 1.0, climb))
    return np.asarray((right - left) * mean)

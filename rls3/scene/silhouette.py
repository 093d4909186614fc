"""How much of the picture the boxes of a scene's objects cover, for all objects at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rls3.scene.boxes import BOX_EDGES, Array, Boxes
from rls3.scene.geometry import NEAR, focal_length, to_camera
from rls3.scene.model import Camera

_START, _END = BOX_EDGES.T
_FACES = np.zeros((12, 6))
"""Which edges go round each face: 1 forwards, -1 backwards, so that every edge is gone once each way."""
for _face, (_forth, _back) in enumerate(
    [((0, 5), (1, 4)), ((3, 6), (2, 7)), ((2, 8), (0, 9)), ((1, 11), (3, 10)), ((4, 10), (6, 8)), ((7, 9), (5, 11))]
):
    _FACES[list(_forth), _face], _FACES[list(_back), _face] = 1, -1

Pixels = tuple[Array, Array]
Segments = tuple[Pixels, Pixels]
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


def silhouettes(boxes: Boxes, camera: Camera, skipped: Flags) -> Silhouettes:
    """The silhouettes of boxes, cut where they pass the camera, in its picture.

    Args:
        boxes: N objects.
        camera: the pinhole.
        skipped: (N,) objects of no interest, whose areas and bounds are left 0.

    The faces of a convex body that look at the camera tile its outline, and so do those that look away: the outline's
    area is half of what all faces cover, and that of a face, or of its part in the frame, an integral along its edges.
    """
    count, limit = len(boxes.center), (float(camera.width), float(camera.height))
    corners = to_camera(boxes.ordered.reshape(-1, 3), camera).reshape(count, 8, 3)
    before = corners[:, :, 2] >= NEAR
    x, y = _pixels(corners, camera)
    edges = (x[:, _START], y[:, _START]), (x[:, _END], y[:, _END])
    whole, inside = _covered(_area(edges)), _covered(_framed(edges, *limit))
    bounds = _bounds(x, y, *limit)
    behind = np.asarray(~before.any(axis=1))
    passing = np.flatnonzero(~before.all(axis=1) & ~behind & ~skipped)
    if len(passing):
        edges, closing = _cut(corners[passing], before[passing], camera)
        whole[passing] = _covered(_area(edges), _area(closing))
        inside[passing] = _covered(_framed(edges, *limit), _framed(closing, *limit))
        (start_x, start_y), (end_x, end_y) = edges
        ends = np.concatenate((start_x, end_x), axis=1), np.concatenate((start_y, end_y), axis=1)
        bounds[passing] = _bounds(*ends, *limit)
    nothing = behind | skipped
    whole[nothing] = inside[nothing] = 0.0
    bounds[inside <= 0.0] = 0.0
    return Silhouettes(whole, inside, bounds, behind)


def _covered(edges: Array, closing: Array | None = None) -> Array:
    """(N,) area of outlines from integrals along edges (N, 12) and along what closes cut faces (N, 6)."""
    faces = edges @ _FACES
    if closing is None:
        return np.asarray(np.abs(faces).sum(axis=1) / 2)
    return np.asarray((np.abs(faces + closing).sum(axis=1) + np.abs(closing.sum(axis=1))) / 2)


def wireframes(boxes: Boxes, camera: Camera) -> Array:
    """(N, 12, 2, 2) both ends of the edges of boxes in the picture, pixels (x, y); NaN for edges behind the camera."""
    corners = to_camera(boxes.ordered.reshape(-1, 3), camera).reshape(-1, 8, 3)
    starts, ends, seen = _edges_before(corners, corners[:, :, 2] >= NEAR)
    drawn = np.stack([np.stack(_pixels(points, camera), axis=-1) for points in (starts, ends)], axis=2)
    return np.asarray(np.where(seen[:, :, None, None], drawn, np.nan))


def _edges_before(corners: Array, before: Flags) -> tuple[Array, Array, Flags]:
    """(N, 12, 3) starts and ends of edges cut at depth NEAR, and (N, 12) which edges are not wholly behind it."""
    start_before, end_before = before[:, _START], before[:, _END]
    cuts = _cuts(corners, before)
    start = np.where(start_before[..., None], corners[:, _START], cuts)
    end = np.where(end_before[..., None], corners[:, _END], cuts)
    return start, end, start_before | end_before


def _cuts(corners: Array, before: Flags) -> Array:
    """(N, 12, 3) where edges pass depth NEAR; meaningless for those that do not."""
    starts, ends = corners[:, _START], corners[:, _END]
    fall = np.where(before[:, _START] != before[:, _END], starts[..., 2] - ends[..., 2], 1.0)
    return np.asarray(starts + ((starts[..., 2] - NEAR) / fall)[..., None] * (ends - starts))


def _cut(corners: Array, before: Flags, camera: Camera) -> tuple[Segments, Segments]:
    """The edges of boxes cut at depth NEAR, and the segments that close the faces there.

    An edge that lies behind shrinks to a point of one that does not, so that it adds nothing.

    Args:
        corners: (N, 8, 3) in the camera's frame.
        before: (N, 8) whether a corner is in front of the cut; some are, some are not.
        camera: the pinhole.
    """
    some = corners[np.arange(len(corners)), before.argmax(axis=1)][:, None]
    start, end, seen = _edges_before(corners, before)
    start, end = (np.where(seen[..., None], points, some) for points in (start, end))
    way = (before[:, _START].astype(np.float64) - before[:, _END])[..., None] * _FACES  # 1 where a face's round leaves
    x, y = _pixels(_cuts(corners, before), camera)
    leaving, entering = (
        (np.einsum("ne,nef->nf", x, mask), np.einsum("ne,nef->nf", y, mask)) for mask in (way > 0, way < 0)
    )
    return (_pixels(start, camera), _pixels(end, camera)), (leaving, entering)


def _bounds(x: Array, y: Array, width: float, height: float) -> Array:
    """(N, 4) x0, y0, x1, y1 round points (N, K), kept within the frame."""
    sides = np.array([x.min(axis=1), y.min(axis=1), x.max(axis=1), y.max(axis=1)]).T
    return np.asarray(np.minimum(np.maximum(sides, 0.0), (width, height, width, height)))


def _pixels(points: Array, camera: Camera) -> Pixels:
    scale = focal_length(camera) / np.maximum(points[..., 2], NEAR)
    return camera.width / 2 + points[..., 0] * scale, camera.height / 2 - points[..., 1] * scale


def _area(segments: Segments) -> Array:
    """Integrals of y over x along segments: round a polygon, its area."""
    (x0, y0), (x1, y1) = segments
    return np.asarray((x1 - x0) * (y0 + y1) / 2)


def _framed(segments: Segments, width: float, height: float) -> Array:
    """The same with x and y kept within the frame, pixels: round a polygon, the area of its part in the frame."""
    (x0, y0), (x1, y1) = segments
    slope = (y1 - y0) / np.where(x1 == x0, 1.0, x1 - x0)
    start, end = x0.clip(0.0, width), x1.clip(0.0, width)
    low, high = y0 + slope * (start - x0), y0 + slope * (end - x0)
    climb = high - low
    level = np.abs(climb) < 1e-9
    low_sum, high_sum = (v.clip(0.0, height) ** 2 / 2 + height * np.maximum(v - height, 0.0) for v in (low, high))
    mean = np.where(level, low.clip(0.0, height), (high_sum - low_sum) / np.where(level, 1.0, climb))
    return np.asarray((end - start) * mean)

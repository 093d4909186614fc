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
    start, end, leaves, enters, seen = _edges(boxes, camera)
    closing_start, closing_end = _closing(np.where(leaves, end, start), leaves.astype(np.float64) - enters)
    starts = np.concatenate((start, closing_start), axis=2)
    ends = np.concatenate((np.where(seen, end, start), closing_end), axis=2)  # what lies behind adds nothing
    whole, inside = _covered(_area(starts, ends)), _covered(_framed(starts, ends, camera.width, camera.height))
    low = np.where(seen, np.minimum(start, end), np.inf).min(axis=2)
    high = np.where(seen, np.maximum(start, end), -np.inf).max(axis=2)
    limits = np.array([[camera.width], [camera.height]], np.float64)
    bounds = np.concatenate((low, high)).clip(0.0, np.concatenate((limits, limits))).T
    whole[skipped] = inside[skipped] = 0.0
    bounds[inside <= 0.0] = 0.0
    return Silhouettes(whole, inside, bounds, np.asarray(~seen.any(axis=1)))


def wireframes(boxes: Boxes, camera: Camera) -> Array:
    """(N, 12, 2, 2) both ends of the edges of boxes in the picture, pixels (x, y); NaN for edges behind the camera."""
    start, end, _, _, seen = _edges(boxes, camera)
    drawn = np.where(seen, np.stack((start, end)), np.nan)
    return np.asarray(drawn.transpose(2, 3, 0, 1))


def _edges(boxes: Boxes, camera: Camera) -> tuple[Array, Array, Flags, Flags, Flags]:
    """The edges of boxes cut at depth NEAR, in the picture.

    Returns:
        (2, N, 12) x and y of starts and of ends, pixels, and (N, 12) which edges leave the space before the camera,
        which enter it, and which are in it at all; pixels of the others mean nothing.
    """
    corners = to_camera(boxes.ordered.reshape(-1, 3), camera).reshape(-1, 8, 3)
    before = corners[:, :, 2] >= NEAR
    starts, ends = corners[:, _START], corners[:, _END]
    start_before, end_before = before[:, _START], before[:, _END]
    leaves, enters = start_before & ~end_before, end_before & ~start_before
    fall = np.where(leaves | enters, starts[..., 2] - ends[..., 2], 1.0)
    cuts = starts + ((starts[..., 2] - NEAR) / fall)[..., None] * (ends - starts)
    start = _pixels(np.where(enters[..., None], cuts, starts), camera)
    end = _pixels(np.where(leaves[..., None], cuts, ends), camera)
    return start, end, leaves, enters, start_before | end_before


def _closing(cuts: Array, way: Array) -> tuple[Array, Array]:
    """(2, N, 6) from where the round of each face leaves the space before the camera to where it enters it again.

    Args:
        cuts: (2, N, 12) where edges are cut, pixels.
        way: (N, 12) 1 for edges that leave, -1 for those that enter, 0 for uncut ones.
    """
    both, balance = (cuts * np.abs(way)) @ np.abs(_FACES), (cuts * way) @ _FACES
    return (both + balance) / 2, (both - balance) / 2


def _covered(integrals: Array) -> Array:
    """(N,) area of outlines from integrals along 12 edges and the closing lines of 6 faces (N, 18)."""
    edges, closing = integrals[:, : len(_FACES)], integrals[:, len(_FACES) :]
    return np.asarray((np.abs(edges @ _FACES + closing).sum(axis=1) + np.abs(closing.sum(axis=1))) / 2)


def _pixels(points: Array, camera: Camera) -> Array:
    """(2, N, K) x and y of points (N, K, 3) in the camera's frame."""
    scale = focal_length(camera) / np.maximum(points[..., 2], NEAR)
    return np.array((camera.width / 2 + points[..., 0] * scale, camera.height / 2 - points[..., 1] * scale))


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

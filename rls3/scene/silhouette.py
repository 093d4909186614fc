"""How much of the picture the boxes of a scene's objects cover, for all objects at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rls3.scene.boxes import Array, Boxes
from rls3.scene.geometry import NEAR, bounds, focal_length, frame_part, outline_of, polygon_area, to_camera
from rls3.scene.model import Camera

_BITS = np.array([(c & 1, c >> 1 & 1, c >> 2) for c in range(8)], np.float64)
_EDGES = np.array([(0, 1), (2, 3), (4, 5), (6, 7), (0, 2), (1, 3), (4, 6), (5, 7), (0, 4), (1, 5), (2, 6), (3, 7)])
"""Start and end corner of each edge of a box whose corner c is the first one plus the edges named by the bits of c."""
_FACES = np.zeros((len(_EDGES), 6))
"""Which edges go round each face, and which way."""
for _face, _round in enumerate(
    [(0, 5, 1, 4), (2, 7, 3, 6), (0, 9, 2, 8), (1, 11, 3, 10), (4, 10, 6, 8), (5, 11, 7, 9)]
):
    _FACES[list(_round), _face] = (1, 1, -1, -1)


@dataclass(frozen=True)
class Silhouettes:
    """What the boxes of N objects cover of a picture.

    Attributes:
        whole: (N,) area of the outline in the unbounded picture, squared pixels; 0 behind the camera.
        inside: (N,) area of its part in the frame.
        bounds: (N, 4) x0, y0, x1, y1 round that part, pixels; zeros for none.
        behind: (N,) whether the whole box lies behind the camera.
        depth: (N,) depth of the box's middle along the optical axis, metres.
    """

    whole: Array
    inside: Array
    bounds: Array
    behind: NDArray[np.bool_]
    depth: Array


def silhouettes(boxes: Boxes, camera: Camera) -> Silhouettes:
    """The silhouettes of boxes in the picture of a camera.

    The faces that look at the camera tile the outline of a box, and so do those that look away: the outline's area is
    half of what all six cover, and each face's part in the frame is an integral along its edges.
    """
    count = len(boxes.center)
    first, edges = boxes.corners[:, :1], boxes.edges
    seen = to_camera((first + _BITS @ edges).reshape(-1, 3), camera).reshape(count, 8, 3)
    depth = seen[:, :, 2]
    scale = focal_length(camera) / np.maximum(depth, NEAR)
    x = camera.width / 2 + seen[:, :, 0] * scale
    y = camera.height / 2 - seen[:, :, 1] * scale
    limit = (float(camera.width), float(camera.height))
    (x0, x1), (y0, y1) = ((v[:, _EDGES[:, 0]], v[:, _EDGES[:, 1]]) for v in (x, y))
    whole = np.abs(((x1 - x0) * (y0 + y1) / 2) @ _FACES).sum(axis=1) / 2
    inside = np.abs(_framed(x0, y0, x1, y1, *limit) @ _FACES).sum(axis=1) / 2
    corners = (x.min(axis=1), y.min(axis=1), x.max(axis=1), y.max(axis=1))
    around = np.stack([v.clip(0.0, limit[i % 2]) for i, v in enumerate(corners)], axis=1)
    behind = (depth < NEAR).all(axis=1)
    whole[behind] = 0.0
    for index in np.flatnonzero((depth < NEAR).any(axis=1) & ~behind):
        outline = outline_of(boxes.corners[index], camera)  # a box that passes the camera must be cut first
        part = frame_part(outline, camera)
        whole[index], inside[index], around[index] = polygon_area(outline), polygon_area(part), bounds(part)
    inside[behind] = 0.0
    around[inside <= 0.0] = 0.0
    return Silhouettes(whole, inside, around, behind, to_camera(boxes.center, camera)[:, 2])


def _framed(x0: Array, y0: Array, x1: Array, y1: Array, width: float, height: float) -> Array:
    """Integral of y over x along edges, both kept within the frame: round a polygon, the area of its part in the frame.

    Args:
        x0, y0, x1, y1: ends of the edges, pixels, all of one shape.
        width, height: of the frame, pixels.
    """
    slope = (y1 - y0) / np.where(x1 == x0, 1.0, x1 - x0)
    start, end = x0.clip(0.0, width), x1.clip(0.0, width)
    low, high = y0 + slope * (start - x0), y0 + slope * (end - x0)
    climb = high - low
    level = np.abs(climb) < 1e-9
    low_sum, high_sum = (v.clip(0.0, height) ** 2 / 2 + height * np.maximum(v - height, 0.0) for v in (low, high))
    mean = np.where(level, low.clip(0.0, height), (high_sum - low_sum) / np.where(level, 1.0, climb))
    return np.asarray((end - start) * mean)

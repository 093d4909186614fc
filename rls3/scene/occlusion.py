"""How much of each object may be hidden behind others, from boxes alone: for pictures without masks.

Boxes are larger than what is in them, so this tells more hidden than is: what it lets pass is safe to ask about.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rls3.scene.boxes import Array, Boxes
from rls3.scene.model import Camera

_SAMPLES = np.stack(np.meshgrid(*3 * [(-0.8, 0.0, 0.8)], indexing="ij"), axis=-1).reshape(-1, 3)
"""Points of a box, in half extents from its middle: a little inside, where there is something to see."""


def hidden_share(boxes: Boxes, camera: Camera, blocking: NDArray[np.bool_]) -> Array:
    """(N,) share of each box's sample points whose line to the camera passes another box.

    Boxes in one another do not hide each other: who is on a shelf is not behind it. Nor does a box round the camera.

    Args:
        boxes: N objects.
        camera: the viewer.
        blocking: (N,) objects that can hide others.
    """
    points = boxes.center[:, None] + _SAMPLES * boxes.size[:, None] / 2
    eye = np.asarray(camera.position)
    ray = points - eye
    ray = np.where(np.abs(ray) < 1e-9, 1e-9, ray)
    low, high = boxes.center[blocking] - boxes.size[blocking] / 2, boxes.center[blocking] + boxes.size[blocking] / 2
    first, last = ((side - eye) / ray[:, :, None] for side in (low, high))  # (N, points, blockers, 3)
    enters, leaves = np.minimum(first, last).max(axis=3), np.maximum(first, last).min(axis=3)
    apart = (boxes.common.min(axis=0)[:, blocking] <= 0)[:, None]
    hides = apart & (enters > 0) & (enters < 1) & (enters < leaves)
    return np.asarray(hides.any(axis=2).mean(axis=1))

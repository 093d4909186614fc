"""How much of each object may be hidden behind others, from boxes alone: for pictures without masks.

Boxes are larger than what is in them, so this tells more hidden than is: what it lets pass is safe to ask about.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from rls3.scene.boxes import Array, Boxes
from rls3.scene.model import Camera

_SAMPLES = np.array([(0.0, 0.0, 0.0), *itertools.product((-0.8, 0.8), repeat=3)])
"""Points of a box, in half extents from its middle: a little inside, where there is something to see."""


def hidden_share(boxes: Boxes, camera: Camera, blocking: NDArray[np.bool_]) -> Array:
    """(N,) share of each box's sample points whose line to the camera passes another box.

    Boxes in one another do not hide each other: who is on a shelf is not behind it. Nor does a box round the camera.

    Args:
        boxes: N objects.
        camera: the viewer.
        blocking: (N,) objects that can hide others.
    """
    enters, leaves = [], []  # (N, samples, blockers): where each line is between the sides of a box, by axis
    for axis, eye in enumerate(camera.position):
        middle, half = boxes.middle[axis], boxes.half[axis]
        ray = middle[:, None] + _SAMPLES[:, axis] * half[:, None] - eye
        step = 1.0 / np.where(np.abs(ray) < 1e-9, 1e-9, ray)[:, :, None]
        centered, reach = (middle[blocking] - eye) * step, half[blocking] * np.abs(step)
        enters.append(centered - reach)
        leaves.append(centered + reach)
    first = np.maximum(np.maximum(enters[0], enters[1]), enters[2])
    last = np.minimum(np.minimum(leaves[0], leaves[1]), leaves[2])
    apart = (boxes.common.min(axis=0)[:, blocking] <= 0)[:, None]
    hides = apart & (first > 0) & (first < 1) & (first < last)
    return np.asarray(hides.any(axis=2).mean(axis=1))

"""How far away a camera should stand so that two things fill the picture without being cut by it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rls3.scene.edit import Distance
from rls3.scene.model import SceneObject

Array = NDArray[np.float64]

DISTANCE_RANGE_M = (0.9, 3.0)
DISTANCE_FACTORS: dict[Distance, float] = {"near": 0.75, "middle": 1.0, "far": 1.35}
"""Of an edit's three distances, times the usual one."""
SHOWN_SHARE = 0.006
"""Share of a square picture that either thing should fill at least: somewhat more than the least that is valid."""
_SURROUNDINGS_M, _BETWEEN_M = 0.8, 0.4
_FILL = 0.8


def camera_distance(
    reference: SceneObject, field_of_view: float, subject: SceneObject | None = None, gap: float = 0.0
) -> float:
    """How far the camera should stand from what it looks at, metres, seen from above.

    So far that the reference and the room beside it, for a subject of that size, fill most of the picture, but no
    farther than where the smaller of the two still fills SHOWN_SHARE of it.

    Args:
        reference: what is looked at.
        field_of_view: vertical, degrees.
        subject: what will stand beside it.
        gap: between the two, metres; small ones count as `_BETWEEN_M`.
    """
    if subject is None:
        return float(_clipped(max(reference.size) + _SURROUNDINGS_M, math.inf, field_of_view))
    sizes = np.array([reference.size, subject.size])
    return float(pair_distance(sizes[0], sizes[1], field_of_view, gap))


def pair_distance(references: Array, subjects: Array, field_of_view: float, gap: float = 0.0) -> Array:
    """`camera_distance` of many pairs at once: (...) metres from sizes (..., 3), metres, that broadcast."""
    room = np.maximum(subjects.max(axis=-1) + max(_BETWEEN_M, gap), _SURROUNDINGS_M)
    return _clipped(references.max(axis=-1) + room, np.minimum(_face(references), _face(subjects)), field_of_view)


def _clipped(wide: Array | float, face: Array | float, field_of_view: float) -> Array:
    """From where what is `wide` fills most of the picture, and a face that long and wide enough of it, metres."""
    opening = 2 * math.tan(math.radians(field_of_view) / 2)
    wanted = np.minimum(wide / (opening * _FILL), face / (opening * math.sqrt(SHOWN_SHARE)))
    return np.asarray(np.clip(wanted, *DISTANCE_RANGE_M))


def _face(sizes: Array) -> Array:
    """(...) root of the area that a box (..., 3) shows from its wider side, metres."""
    return np.asarray(np.sqrt(np.maximum(sizes[..., 0], sizes[..., 2]) * sizes[..., 1]))

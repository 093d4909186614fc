"""Between which two things something would fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rls3.scene.model import Scene, SceneObject
from rls3.scene.naming import STRUCTURAL_TYPES

FARTHEST_M = 2.5
SPARE_M = 0.1
"""Room that is left on both sides together, metres."""
LEVEL_M = 0.3
"""What two things may differ in the height of their undersides to have something between them, metres."""


def partners(scene: Scene, subjects: Sequence[SceneObject], references: Sequence[SceneObject]) -> NDArray[np.intp]:
    """(S, R) rows of `scene.objects`: the nearest thing that leaves room for the subject between; -1 = none.

    Args:
        scene: the room.
        subjects: what would go between.
        references: one side.
    """
    middle, half = (np.array([field(o) for o in scene.objects]) for field in (_center, _half))
    mine, theirs = np.array([_half(o) for o in subjects]), np.array([_half(o) for o in references])
    places = np.array([_center(o) for o in references])
    whole = np.array([o.type not in STRUCTURAL_TYPES and not o.held for o in scene.objects])
    apart = np.linalg.norm(places[:, None, ::2] - middle[:, ::2], axis=2)  # (R, N)
    lift = np.abs((places - theirs)[:, None, 1] - (middle - half)[:, 1])
    gap = apart - theirs[:, None, ::2].max(axis=2) - half[:, ::2].max(axis=1)
    near = whole & (apart <= FARTHEST_M) & (lift <= LEVEL_M)
    fits = near & (gap >= 2 * mine[:, None, None, ::2].max(axis=3) + SPARE_M)  # (S, R, N)
    for row, subject in enumerate(subjects):
        fits[row] &= np.array([o.id != subject.id and subject.id not in o.parents for o in scene.objects])
    nearest = np.where(fits, apart, np.inf).argmin(axis=2)
    return np.where(fits.any(axis=2), nearest, -1)


def _center(thing: SceneObject) -> tuple[float, float, float]:
    return thing.center


def _half(thing: SceneObject) -> tuple[float, float, float]:
    x, y, z = thing.size
    return (x / 2, y / 2, z / 2)

"""Which of two things people locate by the other.

Speakers name the place of a small, movable thing (the figure) by a large, lasting one (the ground): "the bike is beside
the house", hardly ever "the house is beside the bike" (Talmy, "How Language Structures Space", 1983). So captions of
natural pictures are lopsided even where pictures are not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, get_args

from rls3.config import ValidityConfig
from rls3.scene.model import Scene, SceneObject
from rls3.scene.validity import askable_pairs

GROUND_RATIO = 10.0
"""How many times the figure's volume the ground has at least; ours: a mug by its table, not a chair by a desk."""

Size = Literal["much_smaller", "smaller", "alike", "larger", "much_larger"]
"""How a subject's volume compares with its reference's. What people seldom say, models seldom read: "where is the
table relative to the mug?"."""

SIZES: tuple[Size, ...] = get_args(Size)
SIZE_RATIOS = (1 / GROUND_RATIO, 1 / 2, 2.0, GROUND_RATIO)
"""Ratios of volumes at which one of `SIZES` ends and the next begins."""


def is_figure(subject: SceneObject, reference: SceneObject) -> bool:
    """Whether people would say where `subject` is by `reference`."""
    return volume(subject) * GROUND_RATIO <= volume(reference)


def spoken_pairs(scene: Scene, thresholds: ValidityConfig) -> Iterator[tuple[SceneObject, SceneObject]]:
    """Figure and ground of everything people might say about a picture, of things that it shows well."""
    return (pair for pair in askable_pairs(scene, thresholds) if is_figure(*pair))


def size_of(subject: SceneObject, reference: SceneObject) -> Size:
    """How the subject's volume compares with the reference's."""
    ratio = volume(subject) / max(volume(reference), 1e-9)
    ends = (0.0, *SIZE_RATIOS, math.inf)
    return next(size for size, (low, high) in zip(SIZES, pairwise(ends), strict=True) if low <= ratio < high)


def volume(thing: SceneObject) -> float:
    """Of the axis-aligned box, cubic metres."""
    x, y, z = thing.size
    return x * y * z

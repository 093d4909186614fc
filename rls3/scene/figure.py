"""Which of two things people locate by the other.

Speakers name the place of a small, movable thing (the figure) by a large, lasting one (the ground): "the bike is beside
the house", hardly ever "the house is beside the bike" (Talmy, "How Language Structures Space", 1983). So captions of
natural pictures are lopsided even where pictures are not.
"""

from __future__ import annotations

from rls3.scene.model import SceneObject

GROUND_RATIO = 2.0
"""How many times the figure's volume the ground has at least; ours: between things more alike, either serves."""


def is_figure(subject: SceneObject, reference: SceneObject) -> bool:
    """Whether people would say where `subject` is by `reference`: its bounding box has at most half the volume."""
    return volume(subject) * GROUND_RATIO <= volume(reference)


def volume(thing: SceneObject) -> float:
    """Of the axis-aligned box, cubic metres."""
    x, y, z = thing.size
    return x * y * z

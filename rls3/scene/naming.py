"""What objects are called, and whether the name says which one is meant."""

from __future__ import annotations

import re

from rls3.scene.geometry import frame_part, polygon_area, projected_hull
from rls3.scene.model import Scene, SceneObject

STRUCTURAL_TYPES = frozenset({"Floor", "Wall", "Ceiling", "Undefined"})
"""Parts of the building: too large to be left or right of anything, so neither subject nor reference."""

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def noun(object_type: str) -> str:
    """The English name of an AI2-THOR object type: "CoffeeTable" -> "coffee table", "TVStand" -> "tv stand"."""
    return _WORD_STARTS.sub(" ", object_type).lower()


def shows(scene: Scene, thing: SceneObject) -> bool:
    """Whether any part of an object shows: by its mask where the picture has masks, else by its projected box."""
    if scene.masks is not None:
        return thing.id in scene.masks and scene.masks[thing.id].pixels > 0
    return polygon_area(frame_part(projected_hull(thing, scene.camera), scene.camera)) > 0.0


def uniquely_named(scene: Scene, thing: SceneObject) -> bool:
    """Whether no other object of the type shows in the picture; parts of the building are never uniquely named."""
    if thing.type in STRUCTURAL_TYPES:
        return False
    return not any(o.type == thing.type and o.id != thing.id and shows(scene, o) for o in scene.objects)

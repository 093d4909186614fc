"""What objects are called, and whether the name says which one is meant.

A name is the noun alone where that suffices; else with what sets the object apart from those it could be taken for: its
material, its size, its colour, or what it stands on. An object nothing sets apart has no name and is not asked about.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal

from rls3.scene.geometry import footprints_overlap, frame_part, polygon_area, projected_hull
from rls3.scene.model import Scene, SceneObject

STRUCTURAL_TYPES = frozenset({"Floor", "Wall", "Ceiling", "Undefined"})
"""Parts of the building: too large to be left or right of anything, so neither subject nor reference."""

LEAST_SIZE_RATIO = 1.4
"""How many times larger, in the cube root of the box's volume, "the larger mug" is than the next one."""
MAX_SUPPORT_GAP = 0.03
"""How far the bottom of "the mug on the desk" may be from the desk's top, metres."""

_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SLICED = re.compile(r"^(.+)(Sliced|Cracked)$")
_PLURAL_NOUNS = frozenset({"blinds", "boots", "curtains"})
_MASS_NOUNS = frozenset({"aluminum foil", "bread", "lettuce", "shower glass", "toilet paper"})
_IRREGULAR_PLURALS = {"knife": "knives", "shelf": "shelves"}
_MATERIAL_ADJECTIVES = {
    "Ceramic": "ceramic",
    "Fabric": "fabric",
    "Glass": "glass",
    "Leather": "leather",
    "Metal": "metal",
    "Paper": "paper",
    "Plastic": "plastic",
    "Rubber": "rubber",
    "Stone": "stone",
    "Wood": "wooden",
}

Distinction = Literal["noun", "material", "size", "color", "support"]


@dataclass(frozen=True)
class Name:
    """What one object of a picture is called.

    Attributes:
        noun: "coffee table".
        by: what sets it apart from the others.
        adjective: its material, size or colour, where that sets it apart: "wooden", "smaller", "red".
        place: where it is, where that sets it apart: "on the desk".
        support: id of the object that the place mentions; None where it mentions none.
        color: its colour by the pixels; None where that is not known.
    """

    noun: str
    by: Distinction = "noun"
    adjective: str = ""
    place: str = ""
    support: str | None = None
    color: str | None = None

    @property
    def phrase(self) -> str:
        """ "wooden chair", "smaller mug", "mug on the desk"."""
        return " ".join(filter(None, (self.adjective, self.noun, self.place)))

    @property
    def definite(self) -> str:
        """ "the wooden chair"."""
        return f"the {self.phrase}"

    @property
    def described(self) -> str:
        """The definite phrase with the colour where it is known: "the red wooden chair", "the smaller red mug"."""
        color = self.color if self.by != "color" else None
        adjectives = (self.adjective, color) if self.by == "size" else (color, self.adjective)
        return " ".join(filter(None, ("the", *adjectives, self.noun, self.place)))

    @property
    def plural(self) -> bool:
        """Whether verbs take their plural form: "the boots are"."""
        return self.noun in _PLURAL_NOUNS


@lru_cache(maxsize=1024)
def noun(object_type: str) -> str:
    """The English name of an AI2-THOR object type: "CoffeeTable" -> "coffee table", "AppleSliced" -> "apple slice"."""
    if part := _SLICED.match(object_type):
        whole = noun(part[1])
        return f"{whole} slice" if part[2] == "Sliced" else f"cracked {whole}"
    return _WORD_STARTS.sub(" ", object_type).lower()


def plural(name: str) -> str | None:
    """The plural of a noun: "knife" -> "knives"; None for what is not counted ("bread", "boots")."""
    if name in _PLURAL_NOUNS | _MASS_NOUNS:
        return None
    *first, last = name.split(" ")
    if last in _IRREGULAR_PLURALS:
        last = _IRREGULAR_PLURALS[last]
    elif last.endswith(("s", "x", "ch", "sh")) or last in ("potato", "tomato"):
        last += "es"
    elif last.endswith("y") and last[-2] not in "aeiou":
        last = last[:-1] + "ies"
    else:
        last += "s"
    return " ".join([*first, last])


def shows(scene: Scene, thing: SceneObject) -> bool:
    """Whether any part of an object shows: by its mask where the picture has masks, else by its projected box."""
    if scene.masks is not None:
        return thing.id in scene.masks and scene.masks[thing.id].pixels > 0
    return polygon_area(frame_part(projected_hull(thing, scene.camera), scene.camera)) > 0.0


def uniquely_named(scene: Scene, thing: SceneObject) -> bool:
    """Whether nothing else in the picture goes by the noun of a thing; parts of the building are never named."""
    return thing.type not in STRUCTURAL_TYPES and not any(_rivals(thing, o) and shows(scene, o) for o in scene.objects)


def names_of(scene: Scene, image_colors: Mapping[str, str] | None = None) -> dict[str, Name | None]:
    """A name for every object in view, parts of the building and what is in hand apart.

    Args:
        scene: what the picture shows.
        image_colors: object id -> its colour in the picture, see `rls3.scene.colors`.

    Returns:
        Object id -> its name; None where nothing sets it apart from another object in view. Names of different objects
        differ.
    """
    colors = image_colors or {}
    seen = [o for o in scene.objects if o.type not in STRUCTURAL_TYPES and not o.held and shows(scene, o)]
    rivals = {thing.id: [o for o in seen if _rivals(thing, o)] for thing in seen}
    plain = [thing for thing in seen if not rivals[thing.id]]
    return {thing.id: _name(thing, rivals[thing.id], plain, colors) for thing in seen}


def _rivals(thing: SceneObject, other: SceneObject) -> bool:
    """Whether the noun of a thing also fits another: a wine bottle is a bottle."""
    name, other_name = noun(thing.type), noun(other.type)
    return other.id != thing.id and (other_name == name or other_name.endswith(f" {name}"))


def _name(
    thing: SceneObject, rivals: Sequence[SceneObject], plain: Sequence[SceneObject], colors: Mapping[str, str]
) -> Name | None:
    """What tells a thing from its rivals first, in the order of `Distinction`; `plain`: what the noun alone names."""
    named = partial(Name, noun(thing.type), color=colors.get(thing.id))
    if not rivals:
        return named()
    if material := _own_material(thing, rivals):
        return named("material", material)
    if size := _own_size(thing, rivals):
        return named("size", size)
    if (color := colors.get(thing.id)) and all(colors.get(o.id, color) != color for o in rivals):
        return named("color", color)
    support = _support(thing, plain)
    if support is not None and all(_support(o, [support]) is None for o in rivals):
        return named("support", place=f"on the {noun(support.type)}", support=support.id)
    return None


def _own_material(thing: SceneObject, rivals: Sequence[SceneObject]) -> str | None:
    """The adjective of a thing's only material, where no rival has any of that material or of none known."""
    if len(thing.materials) != 1 or thing.materials[0] not in _MATERIAL_ADJECTIVES:
        return None
    if any(not o.materials or thing.materials[0] in o.materials for o in rivals):
        return None
    return _MATERIAL_ADJECTIVES[thing.materials[0]]


def _own_size(thing: SceneObject, rivals: Sequence[SceneObject]) -> str | None:
    """ "smaller" of two, "largest" of several; None for the middle ones, or without a clear ratio."""
    if any(o.type != thing.type for o in rivals):
        return None
    own, others = _extent(thing), [_extent(o) for o in rivals]
    if own >= LEAST_SIZE_RATIO * max(others):
        return "larger" if len(others) == 1 else "largest"
    if own * LEAST_SIZE_RATIO <= min(others):
        return "smaller" if len(others) == 1 else "smallest"
    return None


def _extent(thing: SceneObject) -> float:
    x, y, z = thing.size
    return math.cbrt(x * y * z)


def _support(thing: SceneObject, candidates: Sequence[SceneObject]) -> SceneObject | None:
    """The candidate that a thing stands on, by the claim of the simulator and by the boxes."""
    bottom = float(thing.corners[:, 1].min())
    for other in candidates:
        gap = abs(bottom - float(other.corners[:, 1].max()))
        if other.id in thing.parents and gap <= MAX_SUPPORT_GAP and footprints_overlap(thing, other):
            return other
    return None

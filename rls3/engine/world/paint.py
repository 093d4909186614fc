"""Other materials in place of an object's own (RandomizeMaterials, RandomizeColors).

AI2-THOR chooses among the materials of its asset store, split into train, val, test and external ones and tagged with
the room types they suit. Here each kind of surface has a list of procedural materials, split and tagged by a hash.
"""

from __future__ import annotations

import colorsys
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from rls3.assets import materials
from rls3.assets.material_names import material_for
from rls3.assets.materials import shaded
from rls3.assets.model import Material, Part

ROOM_TYPES = ("bedroom", "bathroom", "livingroom", "kitchen", "robothor")
#: Shares of the materials, per cent, in the order of their hashes.
_SPLITS = (("train", 45), ("val", 65), ("test", 80), ("external", 100))
#: Factors of the brightnesses that each material comes in.
_SHADES = (0.55, 0.8, 1.0, 1.25)
_COLOR_WORDS = ("Oak", "Walnut", "Cherry", "Maple", "Grey", "White", "Beige", "Black", "Blue", "Green", "Red", "Teal")
_FLOORS = tuple(material_for(color + kind) for color in _COLOR_WORDS for kind in ("Planks", "Tile", "Carpet", "Marble"))
_WALLS = tuple(material_for(color + kind) for color in _COLOR_WORDS for kind in ("Drywall", "Brick", "Tile"))


def _shades(base: Iterable[Material]) -> tuple[Material, ...]:
    return tuple(shaded(material, factor) for material in base for factor in _SHADES)


#: What surfaces of each kind can get: the kind is a material's name, or Floor or Wall.
FAMILIES: Mapping[str, tuple[Material, ...]] = MappingProxyType(
    {
        "Floor": _FLOORS,
        "Wall": _WALLS,
        "Wood": _shades(materials.WOODS),
        "Fabric": _shades((*materials.FABRICS, *materials.LINENS)),
        "Leather": _shades(materials.LEATHERS),
        "Plastic": _shades(materials.PLASTICS),
        "Ceramic": _shades(materials.CERAMICS),
        "Stone": _shades(materials.STONES),
        "Metal": _shades(materials.METALS),
    }
)


@dataclass(frozen=True)
class Palette:
    """Which materials may be chosen: of which splits, and for which room types."""

    splits: frozenset[str]
    rooms: frozenset[str]

    def of(self, family: str) -> list[Material]:
        """Return the materials of a family that may be chosen."""
        return [
            material
            for number, material in enumerate(FAMILIES[family])
            if _split(family, number) in self.splits and not self.rooms.isdisjoint(_rooms(family, number))
        ]

    def count(self) -> int:
        """Return the number of all materials that may be chosen."""
        return sum(len(self.of(family)) for family in FAMILIES)


@dataclass(frozen=True)
class Paint:
    """How the materials of one thing are replaced.

    Attributes:
        materials: seed of the choice of other materials of the same kind, None to keep them.
        palette: what they are chosen from.
        colors: seed of the choice of other colours, None to keep them.
    """

    materials: int | None = None
    palette: Palette | None = None
    colors: int | None = None


@dataclass(frozen=True, eq=False)
class _Parts:
    """A key by identity: meshes have no hash, and the cache must keep them alive while their address is the key."""

    parts: tuple[Part, ...]

    def __hash__(self) -> int:
        return id(self.parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Parts) and other.parts is self.parts


def painted_parts(parts: tuple[Part, ...], paint: Paint | None, owner: str) -> tuple[Part, ...]:
    """Return parts in their paint, always the same object for the same arguments.

    Args:
        parts: of an object or a piece of the shell.
        paint: the replacement, None for none.
        owner: type of the object or name of the piece: a Floor or Wall gets materials that floors or walls have.
    """
    if paint is None:
        return parts
    return _painted_parts(_Parts(parts), paint, owner if owner in ("Floor", "Wall") else None)


@lru_cache(maxsize=1024)
def _painted_parts(key: _Parts, paint: Paint, family: str | None) -> tuple[Part, ...]:
    return tuple(
        replace(part, material=_painted(part.material, paint, family or part.material.name)) for part in key.parts
    )


def _painted(material: Material, paint: Paint, family: str) -> Material:
    if material.emission > 0 or material.pattern == "glass":
        return material
    if paint.materials is not None and paint.palette is not None and family in FAMILIES:
        choices = [m for m in paint.palette.of(family) if m != material]
        if choices:
            material = choices[_generator(paint.materials, material).integers(len(choices))]
    if paint.colors is not None:
        hue, saturation = _generator(paint.colors, material).uniform((0.0, 0.25), (1.0, 0.85))
        value = max(0.15, *material.color)
        red, green, blue = colorsys.hsv_to_rgb(float(hue), float(saturation), value)
        material = replace(material, color=(red, green, blue), accent=(red * 0.7, green * 0.7, blue * 0.7))
    return material


def _generator(seed: int, material: Material) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(repr(material).encode())])


def _split(family: str, number: int) -> str:
    share = zlib.crc32(f"{family} {number}".encode()) % 100
    return next(name for name, end in _SPLITS if share < end)


def _rooms(family: str, number: int) -> Collection[str]:
    """Return two of the five room types."""
    code = zlib.crc32(f"{number} {family}".encode())
    return [ROOM_TYPES[(code + step) % len(ROOM_TYPES)] for step in (0, 1 + code // 8 % 4)]

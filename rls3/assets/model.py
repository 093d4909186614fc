"""What a built household object is: parts with materials, collision boxes and support surfaces.

Object frame: metres, Unity axes (left-handed, +x right, +y up, +z front), origin at the centre of the
bounding box. An object whose type has a front faces +z.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Pattern = Literal[
    "plain",
    "wood",
    "planks",
    "tile",
    "brick",
    "marble",
    "fabric",
    "carpet",
    "stripes",
    "metal",
    "ceramic",
    "glass",
    "paper",
    "leaf",
    "picture",
]
Rgb = tuple[float, float, float]
Corner = tuple[float, float, float]


@dataclass(frozen=True)
class Material:
    """A procedural surface.

    Attributes:
        name: name shown in AI2-THOR's `salientMaterials` or in a house file, e.g. "Wood".
        pattern: which procedural texture the renderer evaluates in object space.
        color: main reflectance, linear RGB, each 0..1.
        accent: second reflectance of the pattern (grain, grout, weave), linear RGB, each 0..1.
        scale: size of one pattern period, metres.
        gloss: strength of the specular lobe, 0 (matt) to 1 (polished).
        emission: light given off by the surface itself, 0 (none) to 1 (a lit lamp shade).
    """

    name: str
    pattern: Pattern
    color: Rgb
    accent: Rgb
    scale: float = 0.1
    gloss: float = 0.0
    emission: float = 0.0


@dataclass(frozen=True)
class Part:
    """One closed mesh of one material: vertices (n, 3) float32, metres; faces (m, 3) int32, outward counter-clockwise
    when seen in a right-handed plot of the same numbers (the renderer turns normals towards the viewer anyway)."""

    vertices: NDArray[np.float32]
    faces: NDArray[np.int32]
    material: Material


@dataclass(frozen=True)
class CollisionBox:
    """An axis-aligned box of the object frame, metres."""

    center: tuple[float, float, float]
    half_size: tuple[float, float, float]


@dataclass(frozen=True)
class Surface:
    """A horizontal rectangle that can carry objects.

    Attributes:
        height: y in the object frame, metres.
        center: (x, z) in the object frame, metres.
        half_size: (x, z) half extents, metres.
        clearance: free height above it, metres (infinite for a table top).
        inside: whether it lies behind a door or under a lid, so that it is reached only while the object is open.
    """

    height: float
    center: tuple[float, float]
    half_size: tuple[float, float]
    clearance: float = float("inf")
    inside: bool = False


@dataclass(frozen=True)
class Condition:
    """What shows of an object's state besides how far it is open; types that lack a property ignore it.

    Attributes:
        filled: the liquid in it ("water", "coffee", "wine"), None when it is empty.
        dirty: whether it has stains.
        broken: whether it lies in shards, or its glass is cracked.
        cooked: whether it is browned.
        on: whether its lamp, screen, flame, heat or water is on.
        used_up: whether nothing of what it holds is left.
    """

    filled: str | None = None
    dirty: bool = False
    broken: bool = False
    cooked: bool = False
    on: bool = False
    used_up: bool = False


CLEAN = Condition()


@dataclass(frozen=True)
class AssetModel:
    """A built object of one type.

    Attributes:
        object_type: name of the type.
        variant: which of its looks.
        size: box (x, y, z), metres, of the clean object as it rests: shut, but laptops and cartons open. The origin of
            the object frame is the middle of that box, however far the object is open.
        parts: its meshes.
        collision: boxes that nothing may enter.
        surfaces: what carries other objects.
        reach: low and high corner of the box round it as it is, where that is not the resting one.
        levels: heights above its foot at which it was asked to carry things, metres.
    """

    object_type: str
    variant: int
    size: tuple[float, float, float]
    parts: tuple[Part, ...]
    collision: tuple[CollisionBox, ...]
    surfaces: tuple[Surface, ...]
    reach: tuple[Corner, Corner] | None = None
    levels: tuple[float, ...] = ()

    @property
    def bounds(self) -> tuple[Corner, Corner]:
        """Low and high corner of the box round the object as it is, metres, object frame."""
        if self.reach is not None:
            return self.reach
        x, y, z = (length / 2 for length in self.size)
        return (-x, -y, -z), (x, y, z)

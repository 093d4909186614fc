"""The static shell of a room: floor, ceiling, and walls with rectangular holes for doors and windows. World metres."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from rls3.assets.model import Material, Part
from rls3.assets.primitives import Mesh, box, prism

SLAB_THICKNESS = 0.05
Hole = tuple[float, float, float, float]


def _part(mesh: Mesh, material: Material) -> Part:
    return Part(mesh.vertices.astype(np.float32), mesh.faces, material)


def floor(polygon: Sequence[tuple[float, float]], y: float, material: Material) -> Part:
    """Return a slab under the simple polygon of (x, z) points whose top is at height `y`."""
    return _part(prism(polygon, SLAB_THICKNESS).moved(y=y - SLAB_THICKNESS), material)


def ceiling(polygon: Sequence[tuple[float, float]], y: float, material: Material) -> Part:
    """Return a slab over the simple polygon of (x, z) points whose underside is at height `y`."""
    return _part(prism(polygon, SLAB_THICKNESS).moved(y=y), material)


def wall(
    start: tuple[float, float],
    end: tuple[float, float],
    height: float,
    thickness: float,
    holes: Sequence[Hole],
    material: Material,
    *,
    base: float = 0.0,
) -> list[Part]:
    """Return the boxes of a straight wall around its holes.

    Args:
        start: (x, z) of the wall's first end, on its middle line.
        end: (x, z) of its other end.
        height: metres above `base`.
        thickness: metres, half to each side of the middle line.
        holes: (u0, v0, u1, v1) rectangles: u metres along the wall from `start`, v metres above `base`. They are cut
            to the wall; those that miss it are left out.
        material: of every part.
        base: height of the wall's foot.

    Raises:
        ValueError: the ends coincide, or a hole's corners are in the wrong order.
    """
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    if length < 1e-6:
        raise ValueError(f"a wall needs two different ends, got {start} twice; leave such a wall out")
    for u0, v0, u1, v1 in holes:
        if u1 <= u0 or v1 <= v0:
            raise ValueError(f"a wall hole is (u0, v0, u1, v1) with u0 < u1 and v0 < v1, got {(u0, v0, u1, v1)}")
    clipped = [(max(u0, 0.0), max(v0, 0.0), min(u1, length), min(v1, height)) for u0, v0, u1, v1 in holes]
    clipped = [hole for hole in clipped if hole[0] < hole[2] and hole[1] < hole[3]]
    yaw = math.degrees(math.atan2(start[1] - end[1], end[0] - start[0]))
    parts = []
    for u0, v0, u1, v1 in _solid_rectangles(length, height, clipped):
        panel = box(u1 - u0, v1 - v0, thickness).moved((u0 + u1) / 2, (v0 + v1) / 2)
        parts.append(_part(panel.turned("y", yaw).moved(start[0], base, start[1]), material))
    return parts


def _solid_rectangles(length: float, height: float, holes: Sequence[Hole]) -> list[Hole]:
    """Cut the wall into columns at the holes' edges and each column into the stretches between its holes."""
    edges = sorted({0.0, length, *(u for hole in holes for u in (hole[0], hole[2]))})
    solid: list[Hole] = []
    for u0, u1 in itertools.pairwise(edges):
        middle, level = (u0 + u1) / 2, 0.0
        for _, v0, _, v1 in sorted((h for h in holes if h[0] < middle < h[2]), key=lambda h: h[1]):
            if v0 > level:
                solid.append((u0, level, u1, v0))
            level = max(level, v1)
        if level < height:
            solid.append((u0, level, u1, height))
    return solid

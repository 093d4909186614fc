"""Bars along paths, and raised outlines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rls3.assets.polygons import triangulate
from rls3.assets.primitives.mesh import Mesh, Vector, outward


def sweep(path: Sequence[Vector], radius: float | Sequence[float], *, sides: int = 8, closed: bool = False) -> Mesh:
    """Return a round bar along `path`; `radius` is one number or one per point."""
    points = np.asarray(path, dtype=np.float64)
    count = len(points)
    radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), (count,))
    ahead, behind = np.roll(points, -1, axis=0), np.roll(points, 1, axis=0)
    if not closed:
        ahead[-1], behind[0] = points[-1], points[0]
    tangent = ahead - behind
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-12)
    normal = np.cross(tangent[0], (0.0, 1.0, 0.0) if abs(tangent[0][1]) < 0.9 else (1.0, 0.0, 0.0))
    angle = np.arange(sides) * 2 * np.pi / sides
    vertices = []
    for k in range(count):
        normal = normal - tangent[k] * (normal @ tangent[k])
        normal /= max(float(np.linalg.norm(normal)), 1e-12)
        other = np.cross(tangent[k], normal)
        vertices.append(points[k] + radii[k] * (np.outer(np.cos(angle), normal) + np.outer(np.sin(angle), other)))
    flat = np.concatenate(vertices)
    faces = []
    for k in range(count if closed else count - 1):
        low, high = k * sides, (k + 1) % count * sides
        for i in range(sides):
            j = (i + 1) % sides
            faces += [(low + i, low + j, high + j), (low + i, high + j, high + i)]
    if not closed:
        last = (count - 1) * sides
        faces += [(0, i + 1, i) for i in range(1, sides - 1)]
        faces += [(last, last + i, last + i + 1) for i in range(1, sides - 1)]
    return outward(flat, faces)


def arc(radius: float, start: float, stop: float, *, points: int = 10, plane: str = "xy") -> list[Vector]:
    """Return points of a circular arc about the origin, degrees from the plane's first axis to its second."""
    angle = np.radians(np.linspace(start, stop, points))
    first, second = ("xyz".index(name) for name in plane)
    out = np.zeros((points, 3))
    out[:, first], out[:, second] = radius * np.cos(angle), radius * np.sin(angle)
    return [(float(x), float(y), float(z)) for x, y, z in out]


def prism(outline: Sequence[tuple[float, float]], height: float) -> Mesh:
    """Return the simple polygon `outline` of (x, z) points, convex or not, raised from y = 0 to `height`."""
    count = len(outline)
    base = np.array([(x, 0.0, z) for x, z in outline])
    faces = []
    for a, b, c in triangulate(outline):
        faces += [(a, b, c), (a + count, c + count, b + count)]
    top_first = triangulate(outline)[0]
    forward = (top_first[1] - top_first[0]) % count < (top_first[2] - top_first[0]) % count
    for i in range(count):
        j = (i + 1) % count
        side = [(i, i + count, j + count), (i, j + count, j)]
        faces += side if forward else [(a, c, b) for a, b, c in side]
    return outward(np.concatenate((base, base + np.array((0.0, height, 0.0)))), faces)

"""Closed triangle meshes that builders put together: boxes, lathed and swept solids, prisms, cushions.

Metres, y up. Every function returns a closed, outward oriented `Mesh`; solids that stand have their base at y = 0,
`box`, `rounded_box`, `ellipsoid` and `torus` are centred on the origin.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rls3.assets.polygons import triangulate

Vector = tuple[float, float, float]


class Mesh(NamedTuple):
    """Vertices (n, 3) float64, metres, and faces (m, 3) int32."""

    vertices: NDArray[np.float64]
    faces: NDArray[np.int32]

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Mesh:
        """Return the mesh shifted by (x, y, z) metres."""
        return Mesh(self.vertices + np.array((x, y, z)), self.faces)

    def scaled(self, x: float, y: float, z: float) -> Mesh:
        """Return the mesh stretched about the origin; the factors must be positive."""
        return Mesh(self.vertices * np.array((x, y, z)), self.faces)

    def turned(self, axis: str, degrees: float) -> Mesh:
        """Return the mesh turned about the axis "x", "y" or "z" through the origin, Unity's sense of rotation."""
        angle = np.radians(degrees)
        first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
        out = self.vertices.copy()
        out[:, first] = np.cos(angle) * self.vertices[:, first] - np.sin(angle) * self.vertices[:, second]
        out[:, second] = np.sin(angle) * self.vertices[:, first] + np.cos(angle) * self.vertices[:, second]
        return Mesh(out, self.faces)

    def tapered(self, bottom: float, top: float) -> Mesh:
        """Return the mesh with x and z scaled by `bottom` at its lowest and by `top` at its highest height."""
        y = self.vertices[:, 1]
        low, high = y.min(), y.max()
        factor = bottom + (top - bottom) * (y - low) / max(high - low, 1e-9)
        return Mesh(self.vertices * np.stack((factor, np.ones_like(factor), factor), axis=1), self.faces)


def _outward(vertices: ArrayLike, faces: ArrayLike) -> Mesh:
    points = np.asarray(vertices, dtype=np.float64)
    triangles = np.asarray(faces, dtype=np.int32).reshape(-1, 3)
    a, b, c = (points[triangles[:, i]] for i in range(3))
    if np.einsum("ij,ij->i", a, np.cross(b, c)).sum() < 0:
        triangles = np.ascontiguousarray(triangles[:, ::-1])
    return Mesh(points, triangles)


def box(x: float, y: float, z: float) -> Mesh:
    """Return a box of the given size, centred on the origin."""
    corners = np.array([(i, j, k) for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)], dtype=np.float64)
    quads = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
    faces = [triangle for a, b, c, d in quads for triangle in ((a, b, c), (a, c, d))]
    return _outward(corners * np.array((x, y, z)) / 2, faces)


def rounded_box(x: float, y: float, z: float, radius: float, *, segments: int = 3) -> Mesh:
    """Return a box with rounded edges, centred; an odd number of `segments` keeps the sides flat, an even one puffs."""
    half = np.array((x, y, z)) / 2
    radius = min(radius, float(half.min()) * 0.98)
    ticks = np.tan(np.linspace(-np.pi / 4, np.pi / 4, segments + 1))
    index: dict[tuple[int, int, int], int] = {}
    points: list[Vector] = []
    faces: list[tuple[int, int, int]] = []

    def vertex(cell: tuple[int, int, int]) -> int:
        if cell not in index:
            index[cell] = len(points)
            points.append((ticks[cell[0]], ticks[cell[1]], ticks[cell[2]]))
        return index[cell]

    for axis in range(3):
        for side in (0, segments):
            for i in range(segments):
                for j in range(segments):
                    ring = []
                    for di, dj in ((0, 0), (1, 0), (1, 1), (0, 1)):
                        cell = [i + di, j + dj]
                        cell.insert(axis, side)
                        ring.append(vertex((cell[0], cell[1], cell[2])))
                    if (side == 0) != (axis == 1):
                        ring.reverse()
                    faces += [(ring[0], ring[1], ring[2]), (ring[0], ring[2], ring[3])]
    direction = np.array(points)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    # An odd number of segments has no vertex in the middle of a side: stretch so that the sides lie where they should.
    direction /= np.abs(direction).max()
    sign = np.where(np.abs(direction) < 1e-9, 0.0, np.sign(direction))
    return _outward(sign * (half - radius) + radius * direction, faces)


def lathe(profile: Sequence[tuple[float, float]], *, sides: int = 20, ring: bool = False) -> Mesh:
    """Return the solid that the profile of (radius, height) points sweeps about the y axis.

    The profile starts and ends on the axis (missing axis points are added), or closes on itself when `ring`.
    """
    points = list(profile)
    if not ring:
        if points[0][0] > 1e-9:
            points.insert(0, (0.0, points[0][1]))
        if points[-1][0] > 1e-9:
            points.append((0.0, points[-1][1]))
    angle = np.arange(sides) * 2 * np.pi / sides
    vertices: list[Vector] = []
    rows: list[list[int]] = []
    for radius, height in points:
        first = len(vertices)
        if radius <= 1e-9:
            vertices.append((0.0, height, 0.0))
            rows.append([first] * sides)
        else:
            vertices += [(radius * np.sin(a), height, radius * np.cos(a)) for a in angle]
            rows.append([first + i for i in range(sides)])
    faces = []
    for k in range(len(rows) - (0 if ring else 1)):
        low, high = rows[k], rows[(k + 1) % len(rows)]
        for i in range(sides):
            j = (i + 1) % sides
            faces += [(low[i], low[j], high[j]), (low[i], high[j], high[i])]
    return _outward(vertices, [f for f in faces if len(set(f)) == 3])


def smooth(profile: Sequence[tuple[float, float]], *, steps: int = 3) -> list[tuple[float, float]]:
    """Return the profile with `steps` points per stretch along a Catmull-Rom curve; radii are kept at 0 or above."""
    points = np.array([profile[0], *profile, profile[-1]], dtype=np.float64)
    out = []
    for k in range(1, len(points) - 2):
        a, b, c, d = points[k - 1 : k + 3]
        for t in np.arange(steps) / steps:
            out.append(
                0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
            )
    return [(max(float(r), 0.0), float(h)) for r, h in [*out, points[-1]]]


def cylinder(radius: float, height: float, *, sides: int = 20) -> Mesh:
    """Return a cylinder standing on y = 0."""
    return lathe([(radius, 0.0), (radius, height)], sides=sides)


def cone(bottom: float, top: float, height: float, *, sides: int = 20) -> Mesh:
    """Return a cone or its frustum with the given radii, standing on y = 0."""
    return lathe([(bottom, 0.0), (top, height)], sides=sides)


def tube(outer: float, inner: float, height: float, *, sides: int = 24) -> Mesh:
    """Return a hollow cylinder open at both ends, standing on y = 0."""
    return lathe([(outer, 0.0), (outer, height), (inner, height), (inner, 0.0)], sides=sides, ring=True)


def vessel(outside: Sequence[tuple[float, float]], wall: float, *, floor: float = 0.0, sides: int = 24) -> Mesh:
    """Return a hollow vessel: `outside` (radius, height) from the base to the rim, `wall` metres thick."""
    bottom = outside[0][1] + max(floor, wall)
    inner = [(max(r - wall, 1e-3), max(h, bottom)) for r, h in reversed(outside)]
    kept = [p for i, p in enumerate(inner) if i == 0 or p[1] < inner[i - 1][1] - 1e-9]
    if kept[-1][1] > bottom + 1e-9:
        kept.append((kept[-1][0], bottom))
    return lathe([*outside, *kept], sides=sides)


def ellipsoid(x: float, y: float, z: float, *, sides: int = 16, rows: int = 8) -> Mesh:
    """Return an ellipsoid with the given diameters, centred."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, rows + 1)
    profile = [(float(np.cos(a)) * 0.5 if 0 < i < rows else 0.0, float(np.sin(a)) * 0.5) for i, a in enumerate(angle)]
    return lathe(profile, sides=sides).scaled(x, y, z)


def torus(radius: float, thickness: float, *, sides: int = 24, rows: int = 8) -> Mesh:
    """Return a lying ring: `radius` to the middle of its round section, `thickness` the section's radius; centred."""
    angle = np.arange(rows) * 2 * np.pi / rows
    return lathe(
        [(radius + thickness * float(np.cos(a)), thickness * float(np.sin(a))) for a in angle], sides=sides, ring=True
    )


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
    return _outward(flat, faces)


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
    return _outward(np.concatenate((base, base + np.array((0.0, height, 0.0)))), faces)


def cushion(x: float, y: float, z: float, *, cells: int = 8) -> Mesh:
    """Return a stuffed cushion lying flat: thick in the middle, thin at the seam, centred."""
    ticks = np.sin(np.linspace(-np.pi / 2, np.pi / 2, cells + 1))
    vertices: list[Vector] = []
    sheet: dict[tuple[int, int, int], int] = {}
    for side in (1, -1):
        for i, u in enumerate(ticks):
            for j, v in enumerate(ticks):
                if side < 0 and (i in (0, cells) or j in (0, cells)):
                    sheet[side, i, j] = sheet[1, i, j]
                    continue
                sheet[side, i, j] = len(vertices)
                bulge = ((1 - u**4) * (1 - v**4)) ** 0.5
                pull = 1 - 0.07 * (1 - abs(u) ** 2) * abs(v) ** 6
                push = 1 - 0.07 * (1 - abs(v) ** 2) * abs(u) ** 6
                vertices.append((u * push * x / 2, side * bulge * y / 2, v * pull * z / 2))
    faces = []
    for side in (1, -1):
        for i in range(cells):
            for j in range(cells):
                a, b = sheet[side, i, j], sheet[side, i + 1, j]
                c, d = sheet[side, i + 1, j + 1], sheet[side, i, j + 1]
                # The diagonal meets the corner of the seam, so that no triangle lies in the seam's own plane.
                along = (2 * i < cells) == (2 * j < cells)
                pair = [(a, c, b), (a, d, c)] if along else [(a, d, b), (b, d, c)]
                faces += pair if side > 0 else [(p, r, q) for p, q, r in pair]
    return _outward(vertices, faces)

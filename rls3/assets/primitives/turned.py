"""Solids of revolution about the y axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rls3.assets.primitives.mesh import Mesh, Vector, outward


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
    return outward(vertices, [f for f in faces if len(set(f)) == 3])


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

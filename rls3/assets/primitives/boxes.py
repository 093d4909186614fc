"""Boxes and cushions."""

from __future__ import annotations

import numpy as np

from rls3.assets.primitives.mesh import Mesh, Vector, outward


def box(x: float, y: float, z: float) -> Mesh:
    """Return a box of the given size, centred on the origin."""
    corners = np.array([(i, j, k) for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)], dtype=np.float64)
    quads = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
    faces = [triangle for a, b, c, d in quads for triangle in ((a, b, c), (a, c, d))]
    return outward(corners * np.array((x, y, z)) / 2, faces)


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
    return outward(sign * (half - radius) + radius * direction, faces)


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
    return outward(vertices, faces)

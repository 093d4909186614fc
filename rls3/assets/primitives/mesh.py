"""Triangle meshes and their rigid and stretching motions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


def outward(vertices: ArrayLike, faces: ArrayLike) -> Mesh:
    """Return the closed mesh of vertices and faces, its faces turned so that they are seen from outside."""
    points = np.asarray(vertices, dtype=np.float64)
    triangles = np.asarray(faces, dtype=np.int32).reshape(-1, 3)
    a, b, c = (points[triangles[:, i]] for i in range(3))
    if np.einsum("ij,ij->i", a, np.cross(b, c)).sum() < 0:
        triangles = np.ascontiguousarray(triangles[:, ::-1])
    return Mesh(points, triangles)

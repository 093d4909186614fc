"""Preparing meshes for the kernels: joined parts, smooth corner normals, and one device mesh per model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import warp as wp
from numpy.typing import NDArray

from rls3.assets.model import AssetModel, Material, Part

#: Faces that meet at a sharper angle keep an edge between them.
CREASE_DEGREES = 48.0
#: Meshes with more faces are not tested for being convex.
CONVEX_FACES = 64
#: From this emission on a surface lets a light behind it through: a lamp's shade does not darken its room.
LIT = 0.3
Model = AssetModel | tuple[Part, ...]


def corner_normals(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return (3 * faces, 3) unit normals: at each corner the area-weighted mean of the faces around the vertex whose
    directions differ from the corner's face by less than the crease angle."""
    a, b, c = (vertices[faces[:, i]].astype(np.float64) for i in range(3))
    weighted = np.cross(b - a, c - a)
    length = np.linalg.norm(weighted, axis=1, keepdims=True)
    unit = weighted / np.maximum(length, 1e-20)
    corner_vertex = faces.reshape(-1)
    order = np.argsort(corner_vertex, kind="stable")
    counts = np.bincount(corner_vertex, minlength=len(vertices))
    starts = np.cumsum(counts) - counts
    repeat = counts[corner_vertex]
    own = np.repeat(np.arange(len(corner_vertex)), repeat)
    within = np.arange(len(own)) - np.repeat(np.cumsum(repeat) - repeat, repeat)
    other = order[np.repeat(starts[corner_vertex], repeat) + within]
    keep = np.einsum("ij,ij->i", unit[own // 3], unit[other // 3]) > np.cos(np.radians(CREASE_DEGREES))
    total = np.zeros((len(corner_vertex), 3))
    np.add.at(total, own[keep], weighted[other[keep] // 3])
    norm = np.linalg.norm(total, axis=1, keepdims=True)
    flat = np.repeat(unit, 3, axis=0)
    return np.where(norm > 1e-20, total / np.maximum(norm, 1e-20), flat).astype(np.float32)


def is_solid(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> bool:
    """Return whether a mesh is closed and its faces look outwards: every edge is run through once in each direction."""
    places = np.unique(np.round(vertices * 1e5).astype(np.int64) @ (1, 1 << 21, 1 << 42), return_inverse=True)[1]
    ends = places[faces]
    start, end = ends.reshape(-1), np.roll(ends, -1, axis=1).reshape(-1)
    there, back = np.sort(start * len(vertices) + end), np.sort(end * len(vertices) + start)
    a, b, c = (vertices[faces[:, i]].astype(np.float64) for i in range(3))
    return np.array_equal(there, back) and float(np.einsum("ij,ij->", a, np.cross(b, c))) > 0.0


def is_convex(vertices: NDArray[np.float32], faces: NDArray[np.int32]) -> bool:
    """Return whether no vertex lies 0.1 mm in front of any face; of meshes with many faces it is not known."""
    if len(faces) > CONVEX_FACES:
        return False
    a, b, c = (vertices[faces[:, i]].astype(np.float64) for i in range(3))
    normals = np.cross(b - a, c - a)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-20)
    return bool((normals @ vertices.T - np.einsum("ij,ij->i", normals, a)[:, None]).max() < 1e-4)


@dataclass(frozen=True, eq=False)
class Shape:
    """What of a mesh does not depend on its materials.

    Attributes:
        parts: held, so that the identities of their arrays stay their own.
        mesh: the `warp.Mesh`.
        points: (3 * faces, 3) float32 positions of the faces' corners.
        normals: (3 * faces, 3) float32 corner normals.
        solid: (faces,) int32, 1 for faces whose back is never seen from outside.
        convex: whether it surely is convex, so that it casts no shadow on itself.
        corners: (8, 3) float64 corners of the bounding box in the object's frame.
    """

    parts: tuple[Part, ...]
    mesh: Any
    points: NDArray[np.float32]
    normals: NDArray[np.float32]
    solid: NDArray[np.int32]
    convex: bool
    corners: NDArray[np.float64]

    @classmethod
    def of(cls, parts: tuple[Part, ...], device: str) -> Shape:
        """Join the parts and upload them."""
        offsets = np.cumsum([0, *(len(part.vertices) for part in parts[:-1])])
        vertices = np.concatenate([part.vertices for part in parts])
        faces = np.concatenate(
            [part.faces + np.int32(offset) for part, offset in zip(parts, offsets, strict=True)], dtype=np.int32
        )
        mesh = wp.Mesh(
            points=wp.array(vertices, dtype=wp.vec3, device=device),
            indices=wp.array(faces.reshape(-1), dtype=wp.int32, device=device),
        )
        low, high = vertices.min(axis=0), vertices.max(axis=0)
        corners = np.array([(x, y, z) for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
        closed = np.array([is_solid(part.vertices, part.faces) for part in parts], dtype=np.int32)
        return cls(
            parts,
            mesh,
            vertices[faces.reshape(-1)],
            corner_normals(vertices, faces),
            np.repeat(closed, [len(part.faces) for part in parts]),
            is_convex(vertices, faces),
            corners.astype(np.float64),
        )


@dataclass(frozen=True, eq=False)
class DeviceMesh:
    """A model's mesh on the device.

    Attributes:
        model: the model, held so that its identity stays its own.
        shape: its geometry; models that differ in materials alone share one.
        materials: (faces,) int32 rows of the material table.
        opaque: whether all of it stops light.
    """

    model: Model
    shape: Shape
    materials: NDArray[np.int32]
    opaque: bool


class MeshStore:
    """Uploads each shape once and numbers the materials that models use."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._meshes: dict[int, DeviceMesh] = {}
        self._shapes: dict[tuple[int, ...], Shape] = {}
        self.materials: dict[Material, int] = {}

    def get(self, model: Model) -> DeviceMesh:
        """Return the model's device mesh, uploading it on first use.

        Raises:
            ValueError: the model has no parts.
        """
        known = self._meshes.get(id(model))
        if known is None:
            known = self._meshes[id(model)] = self._made(model)
        return known

    def keep(self, used: set[int]) -> None:
        """Forget the models whose `id` is not in `used` once they are many more than those in use."""
        if len(self._meshes) > 4 * len(used) + 256:
            self._meshes = {key: mesh for key, mesh in self._meshes.items() if key in used}
            shown = {id(mesh.shape) for mesh in self._meshes.values()}
            self._shapes = {key: shape for key, shape in self._shapes.items() if id(shape) in shown}

    def _made(self, model: Model) -> DeviceMesh:
        parts = model.parts if isinstance(model, AssetModel) else model
        if not parts:
            raise ValueError("an instance needs at least one part; leave instances without a mesh out of the scene")
        geometry = tuple(id(array) for part in parts for array in (part.vertices, part.faces))
        shape = self._shapes.get(geometry)
        if shape is None:
            shape = self._shapes[geometry] = Shape.of(parts, self._device)
        rows = [self.materials.setdefault(part.material, len(self.materials)) for part in parts]
        return DeviceMesh(
            model,
            shape,
            np.repeat(np.array(rows, dtype=np.int32), [len(part.faces) for part in parts]),
            all(part.material.pattern != "glass" and part.material.emission < LIT for part in parts),
        )

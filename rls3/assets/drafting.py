"""How a builder describes an object: a `Draft` gathers parts, collision boxes, surfaces; `finish` fits it to a size."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rls3.assets.model import AssetModel, CollisionBox, Material, Part, Surface
from rls3.assets.primitives import Mesh, box, rounded_box

MAX_COLLISION_BOXES = 12
Choice = TypeVar("Choice")
Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class Spec:
    """What to build: the type, the wanted size (x, y, z) in metres, and the number of the variant."""

    object_type: str
    size: tuple[float, float, float]
    variant: int

    def choice(self, key: str, options: Sequence[Choice]) -> Choice:
        """Return one of the options: neighbouring variants take different ones, types start at different places."""
        return options[(zlib.crc32(f"{self.object_type}/{key}".encode()) + self.variant) % len(options)]

    def number(self, key: str, low: float, high: float) -> float:
        """Return a number in [low, high) that depends on type, variant and key only."""
        code = zlib.crc32(f"{self.object_type}/{self.variant}/{key}".encode())
        return low + (high - low) * code / 2**32


@dataclass
class Draft:
    """An object under construction; builders stand it on y = 0 around x = z = 0 with its front to +z."""

    meshes: list[tuple[Mesh, Material]] = field(default_factory=list)
    solids: list[Bounds] = field(default_factory=list)
    surfaces: list[Surface] = field(default_factory=list)

    def add(self, mesh: Mesh, material: Material, *, solid: bool = True) -> None:
        """Add a closed mesh; its bounding box is a collision box unless `solid` is False."""
        self.meshes.append((mesh, material))
        if solid:
            self.solids.append((mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)))

    def block(
        self,
        size: tuple[float, float, float],
        at: tuple[float, float, float],
        material: Material,
        *,
        rounding: float = 0.0,
        solid: bool = True,
    ) -> None:
        """Add a box of `size` whose base centre is at `at`, with edges rounded by `rounding` metres."""
        size = (max(size[0], 1e-4), max(size[1], 1e-4), max(size[2], 1e-4))
        mesh = rounded_box(*size, rounding) if rounding > 0 else box(*size)
        self.add(mesh.moved(at[0], at[1] + size[1] / 2, at[2]), material, solid=solid)

    def obstacle(self, size: tuple[float, float, float], at: tuple[float, float, float]) -> None:
        """Add an invisible collision box of `size` whose base centre is at `at`."""
        half = np.array((size[0] / 2, 0.0, size[2] / 2))
        self.solids.append((np.array(at) - half, np.array(at) + half + np.array((0.0, size[1], 0.0))))

    def basin(self, size: tuple[float, float, float], at: tuple[float, float, float], wall: float) -> None:
        """Add the collision boxes of an open hollow box and its inner floor as a surface."""
        x, y, z = size
        self.obstacle((x, wall, z), at)
        for side in (-1, 1):
            self.obstacle((wall, y, z), (at[0] + side * (x - wall) / 2, at[1], at[2]))
            self.obstacle((x, y, wall), (at[0], at[1], at[2] + side * (z - wall) / 2))
        self.surface(at[1] + wall, (x - 2 * wall, z - 2 * wall), center=(at[0], at[2]))

    def surface(
        self,
        height: float,
        extent: tuple[float, float],
        *,
        center: tuple[float, float] = (0.0, 0.0),
        clearance: float = math.inf,
    ) -> None:
        """Declare a horizontal rectangle of full `extent` (x, z) that carries objects."""
        self.surfaces.append(Surface(height, center, (max(extent[0], 0.0) / 2, max(extent[1], 0.0) / 2), clearance))


def _merged(solids: list[Bounds]) -> list[Bounds]:
    """Join the boxes whose union adds the least empty volume until no more than the allowed number are left."""
    boxes = [
        one
        for i, one in enumerate(solids)
        if not any(
            j != i and (other[0] <= one[0]).all() and (other[1] >= one[1]).all() and (j < i or not _same(one, other))
            for j, other in enumerate(solids)
        )
    ]
    while len(boxes) > MAX_COLLISION_BOXES:
        low, high = (np.array([pair[side] for pair in boxes]) for side in (0, 1))
        volume = np.prod(high - low, axis=1)
        joined = np.prod(np.maximum(high[:, None], high) - np.minimum(low[:, None], low), axis=2)
        waste = joined - volume[:, None] - volume
        np.fill_diagonal(waste, np.inf)
        i, j = sorted(int(k) for k in np.unravel_index(int(np.argmin(waste)), waste.shape))
        boxes[i] = (np.minimum(low[i], low[j]), np.maximum(high[i], high[j]))
        del boxes[j]
    return boxes


def _same(a: Bounds, b: Bounds) -> bool:
    return bool((a[0] == b[0]).all() and (a[1] == b[1]).all())


def _triple(values: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])


def finish(draft: Draft, spec: Spec) -> AssetModel:
    """Fit the draft to the wanted bounding box exactly, centre it on the origin and join parts of one material."""
    points = np.concatenate([mesh.vertices for mesh, _ in draft.meshes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = np.array(spec.size) / np.maximum(high - low, 1e-9)
    middle = (low + high) / 2
    groups: dict[Material, list[Mesh]] = {}
    for mesh, material in draft.meshes:
        groups.setdefault(material, []).append(mesh)
    parts = []
    for material, meshes in groups.items():
        offsets = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes[:-1])])
        vertices = ((np.concatenate([mesh.vertices for mesh in meshes]) - middle) * scale).astype(np.float32)
        faces = np.concatenate([mesh.faces + offset for mesh, offset in zip(meshes, offsets, strict=True)])
        faces = faces.astype(np.int32)
        vertices.setflags(write=False)
        faces.setflags(write=False)
        parts.append(Part(vertices, faces, material))
    half = np.array(spec.size) / 2
    solids = [
        (np.clip((a - middle) * scale, -half, half), np.clip((b - middle) * scale, -half, half))
        for a, b in (draft.solids or [(low, high)])
    ]
    collision = tuple(CollisionBox(_triple((a + b) / 2), _triple((b - a) / 2)) for a, b in _merged(solids))
    surfaces = tuple(
        Surface(
            float((surface.height - middle[1]) * scale[1]),
            (
                float((surface.center[0] - middle[0]) * scale[0]),
                float((surface.center[1] - middle[2]) * scale[2]),
            ),
            (float(surface.half_size[0] * scale[0]), float(surface.half_size[1] * scale[2])),
            float(surface.clearance * scale[1]),
        )
        for surface in draft.surfaces
    )
    return AssetModel(spec.object_type, spec.variant, spec.size, tuple(parts), collision, surfaces)

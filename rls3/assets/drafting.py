"""How a builder describes an object: a `Draft` gathers parts, collision boxes, surfaces; `finish` fits it to a size."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rls3.assets.materials import toned
from rls3.assets.model import CLEAN, AssetModel, CollisionBox, Condition, Material, Part, Surface
from rls3.assets.primitives import Mesh, box, rounded_box

MAX_COLLISION_BOXES = 12
#: A surface nearer than this to a wanted level is that level, metres.
LEVEL_REACH = 0.015
#: A wanted level may lie this far above the object: what stands there was measured a little too high, metres.
LEVEL_ABOVE = 0.06
Choice = TypeVar("Choice")
Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class Spec:
    """What to build.

    Attributes:
        object_type: name of the type.
        size: wanted box (x, y, z), metres.
        variant: which of its looks.
        openness: 0 (shut) to 1 (wide open).
        condition: what else shows of its state.
        levels: heights above its foot at which it is to carry things, metres; empty for what is usual.
    """

    object_type: str
    size: tuple[float, float, float]
    variant: int
    openness: float = 0.0
    condition: Condition = CLEAN
    levels: tuple[float, ...] = ()

    def level(self, usual: float) -> float:
        """Return the height of a seat or bed: the highest of the wanted levels near the usual one, metres."""
        near = [level for level in self.levels if 0.4 * usual < level < 1.6 * usual]
        return max(near, default=usual)

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

    def bounds(self) -> Bounds:
        """Return the low and high corner round all meshes."""
        points = np.concatenate([mesh.vertices for mesh, _ in self.meshes])
        return points.min(axis=0), points.max(axis=0)

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
        inside: bool = False,
    ) -> None:
        """Declare a horizontal rectangle of full `extent` (x, z) that carries objects, `inside` what closes or not."""
        half = (max(extent[0], 0.0) / 2, max(extent[1], 0.0) / 2)
        self.surfaces.append(Surface(height, center, half, clearance, inside))

    def slide(self, part: Draft, by: tuple[float, float, float]) -> None:
        """Add a moving part, such as a drawer, shifted by (x, y, z) metres."""
        shift = np.array(by)
        self.meshes += [(mesh.moved(*by), material) for mesh, material in part.meshes]
        self.solids += [(low + shift, high + shift) for low, high in part.solids]
        self.surfaces += [
            replace(s, height=s.height + by[1], center=(s.center[0] + by[0], s.center[1] + by[2]))
            for s in part.surfaces
        ]

    def hang(self, part: Draft, hinge: tuple[float, float, float], axis: str, degrees: float) -> None:
        """Add a moving part, such as a door, turned about the axis ("x", "y" or "z") through `hinge`."""
        x, y, z = hinge
        self.meshes += [
            (mesh.moved(-x, -y, -z).turned(axis, degrees).moved(x, y, z), material) for mesh, material in part.meshes
        ]
        for low, high in part.solids:
            for a, b in _strips(low, high, axis) if degrees % 90 else [(low, high)]:
                corners = box(*(b - a)).vertices + (a + b) / 2 - np.array(hinge)
                turned = Mesh(corners, np.empty((0, 3), np.int32)).turned(axis, degrees).moved(x, y, z).vertices
                self.solids.append((turned.min(axis=0), turned.max(axis=0)))


def _strips(low: NDArray[np.float64], high: NDArray[np.float64], axis: str) -> list[Bounds]:
    """Cut a box into three across the axis, so that the boxes round its turned pieces stay close to them."""
    across = [k for k in range(3) if k != "xyz".index(axis)]
    long = max(across, key=lambda k: high[k] - low[k])
    step = np.zeros(3)
    step[long] = (high - low)[long] / 3
    return [(low + k * step, high - (2 - k) * step) for k in range(3)]


def merged_boxes(solids: list[Bounds]) -> list[Bounds]:
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


@dataclass(frozen=True)
class Fit:
    """How drafted coordinates become the object's: `(point - middle) * scale`; found for the resting object."""

    middle: NDArray[np.float64]
    scale: NDArray[np.float64]

    @staticmethod
    def of(draft: Draft, size: tuple[float, float, float]) -> Fit:
        """Return the fit that gives the draft exactly the wanted bounding box, centred on the origin."""
        low, high = draft.bounds()
        return Fit((low + high) / 2, np.array(size) / np.maximum(high - low, 1e-9))

    def apply(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return drafted points (n, 3) or (3,) in the object's frame."""
        fitted: NDArray[np.float64] = (points - self.middle) * self.scale
        return fitted

    def surface(self, surface: Surface) -> Surface:
        """Return a drafted surface in the object's frame."""
        x, y, z = self.apply(np.array((surface.center[0], surface.height, surface.center[1])))
        sx, sy, sz = self.scale
        half = (float(surface.half_size[0] * sx), float(surface.half_size[1] * sz))
        return Surface(float(y), (float(x), float(z)), half, float(surface.clearance * sy), surface.inside)


def finish(draft: Draft, spec: Spec, fit: Fit) -> AssetModel:
    """Turn a draft into a model: fitted, parts of one material joined, collision boxes no more than allowed."""
    low, high = (fit.apply(corner) for corner in draft.bounds())
    groups: dict[Material, list[Mesh]] = {}
    for mesh, material in draft.meshes:
        groups.setdefault(toned(material, spec.variant), []).append(mesh)
    solids = [
        (np.maximum(fit.apply(a), low), np.minimum(fit.apply(b), high)) for a, b in draft.solids or [draft.bounds()]
    ]
    half = np.array(spec.size) / 2
    surfaces = [fit.surface(surface) for surface in draft.surfaces]
    resting = bool(np.allclose(low, -half, atol=1e-6) and np.allclose(high, half, atol=1e-6))
    return AssetModel(
        object_type=spec.object_type,
        variant=spec.variant,
        size=spec.size,
        parts=tuple(_part(meshes, material, fit) for material, meshes in groups.items()),
        collision=tuple(CollisionBox(_triple((a + b) / 2), _triple((b - a) / 2)) for a, b in merged_boxes(solids)),
        surfaces=(*surfaces, *_at_levels(spec, surfaces)),
        reach=None if resting else (_triple(low), _triple(high)),
        levels=spec.levels,
    )


def _at_levels(spec: Spec, surfaces: Sequence[Surface]) -> list[Surface]:
    """Return surfaces for the wanted levels that none of an object's own ones is near."""
    x, y, z = spec.size
    heights = [level - y / 2 for level in spec.levels]
    far = [height for height in heights if all(abs(height - surface.height) > LEVEL_REACH for surface in surfaces)]
    return [Surface(height, (0.0, 0.0), (x / 2, z / 2)) for height in far if -y / 2 < height < y / 2 + LEVEL_ABOVE]


def _part(meshes: Sequence[Mesh], material: Material, fit: Fit) -> Part:
    offsets = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes[:-1])])
    vertices = fit.apply(np.concatenate([mesh.vertices for mesh in meshes])).astype(np.float32)
    faces = np.concatenate([mesh.faces + offset for mesh, offset in zip(meshes, offsets, strict=True)]).astype(np.int32)
    vertices.setflags(write=False)
    faces.setflags(write=False)
    return Part(vertices, faces, material)

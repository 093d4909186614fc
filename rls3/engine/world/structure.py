"""Floors, walls and ceilings as pieces of a scene."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rls3.assets.model import AssetModel, CollisionBox, Material, Part, Surface
from rls3.assets.shell import SLAB_THICKNESS, Hole, ceiling, floor, wall
from rls3.engine.geometry import Boxes, Point, Vector, rotation_matrix
from rls3.engine.world.objects import FLOOR_TYPE, SceneObject
from rls3.engine.world.shell import ShellPiece

#: Metres.
WALL_THICKNESS = 0.1
#: The ground is taken this thick for collisions, metres, so that nothing slips under it.
GROUND_THICKNESS = 0.5


def floor_object(object_id: str, name: str, polygon: Sequence[Point], material: Material) -> SceneObject:
    """Return a room's floor, top at height 0, as AI2-THOR's object of type Floor."""
    part = floor(polygon, 0.0, material)
    low, high = part.vertices.min(axis=0).astype(float), part.vertices.max(axis=0).astype(float)
    center, size = (low + high) / 2, high - low
    moved = replace(part, vertices=(part.vertices - center).astype(np.float32))
    top = SLAB_THICKNESS / 2
    fields = [
        ((x0 + x1) / 2 - center[0], (z0 + z1) / 2 - center[2], (x1 - x0) / 2, (z1 - z0) / 2)
        for x0, z0, x1, z1 in rectangles(polygon)
    ]
    deep = GROUND_THICKNESS / 2
    model = AssetModel(
        object_type="Floor",
        variant=0,
        size=(float(size[0]), float(size[1]), float(size[2])),
        parts=(moved,),
        collision=tuple(CollisionBox((x, top - deep, z), (dx, deep, dz)) for x, z, dx, dz in fields),
        surfaces=tuple(Surface(top, (x, z), (dx, dz)) for x, z, dx, dz in fields),
    )
    kind = replace(FLOOR_TYPE, salient_materials=(material.name,))
    return SceneObject(object_id, name, kind, model, (float(center[0]), float(center[1]), float(center[2])))


def rectangles(polygon: Sequence[Point]) -> list[tuple[float, float, float, float]]:
    """Cut a polygon of axis-parallel edges into rectangles (x0, z0, x1, z1); any other polygon gives its bounds."""
    edges = list(zip(polygon, [*polygon[1:], polygon[0]], strict=True))
    xs = sorted({x for x, _ in polygon})
    if any(abs(a[0] - b[0]) > 1e-6 and abs(a[1] - b[1]) > 1e-6 for a, b in edges):
        zs = [z for _, z in polygon]
        return [(xs[0], min(zs), xs[-1], max(zs))]
    found = []
    for x0, x1 in itertools.pairwise(xs):
        middle = (x0 + x1) / 2
        crossed = sorted(a[1] for a, b in edges if min(a[0], b[0]) < middle < max(a[0], b[0]))
        found += [(x0, z0, x1, z1) for z0, z1 in zip(crossed[::2], crossed[1::2], strict=True)]
    return found


def ceiling_piece(key: str, polygon: Sequence[Point], height: float, material: Material) -> ShellPiece:
    """Return a ceiling whose underside is at `height`, metres."""
    part = ceiling(polygon, height, material)
    low, high = part.vertices.min(axis=0).astype(float), part.vertices.max(axis=0).astype(float)
    return ShellPiece(key, "Ceiling", (part,), _aligned(low, high))


def wall_piece(
    key: str,
    start: Point,
    end: Point,
    height: float,
    holes: Sequence[Hole],
    material: Material,
    *,
    thickness: float = WALL_THICKNESS,
    base: float = 0.0,
) -> ShellPiece:
    """Return a straight wall with its middle line from `start` to `end`, (x, z) metres.

    Args:
        key: unique name.
        start: one end.
        end: the other end.
        height: metres.
        holes: (u0, v0, u1, v1) metres along the wall and above the floor.
        material: of the wall.
        thickness: metres.
        base: height of its foot, metres.
    """
    parts = wall(start, end, height, thickness, holes, material, base=base)
    yaw = math.degrees(math.atan2(start[1] - end[1], end[0] - start[0]))
    return ShellPiece(key, "Wall", tuple(parts), _panels(parts, yaw))


def fixture_piece(key: str, name: str, model: AssetModel, position: Vector, yaw: float = 0.0) -> ShellPiece:
    """Return a built thing, such as a kitchen range, as a fixed piece: its middle at `position`, turned by `yaw`."""
    turn = rotation_matrix((0.0, yaw, 0.0))
    parts = tuple(
        replace(part, vertices=(part.vertices.astype(np.float64) @ turn.T + position).astype(np.float32))
        for part in model.parts
    )
    centers = np.array([box.center for box in model.collision]).reshape(-1, 3) @ turn.T + position
    halves = np.array([box.half_size for box in model.collision]).reshape(-1, 3)
    return ShellPiece(key, name, parts, Boxes(centers, halves, np.broadcast_to(turn, (len(centers), 3, 3))))


def _panels(parts: Sequence[Part], yaw: float) -> Boxes:
    """Return the collision boxes of box-shaped parts that are turned by `yaw`."""
    turn = rotation_matrix((0.0, yaw, 0.0))
    centers, halves = [], []
    for part in parts:
        local = part.vertices.astype(np.float64) @ turn
        low, high = local.min(axis=0), local.max(axis=0)
        centers.append(turn @ ((low + high) / 2))
        halves.append((high - low) / 2)
    if not parts:
        return Boxes.empty()
    return Boxes(np.array(centers), np.array(halves), np.broadcast_to(turn, (len(parts), 3, 3)))


def _aligned(low: np.ndarray, high: np.ndarray) -> Boxes:
    return Boxes(((low + high) / 2)[None], ((high - low) / 2)[None], np.eye(3)[None])

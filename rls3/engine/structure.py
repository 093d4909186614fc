"""Floors, walls and ceilings as pieces of a scene."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rls3.assets.model import AssetModel, CollisionBox, Material, Part, Surface
from rls3.assets.shell import SLAB_THICKNESS, Hole, ceiling, floor, wall
from rls3.engine.geometry import Boxes, Point, rotation_matrix
from rls3.engine.world import FLOOR_TYPE, SceneObject, ShellPiece

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
    half = (size[0] / 2, size[2] / 2)
    model = AssetModel(
        object_type="Floor",
        variant=0,
        size=(float(size[0]), float(size[1]), float(size[2])),
        parts=(moved,),
        collision=(CollisionBox((0.0, top - GROUND_THICKNESS / 2, 0.0), (half[0], GROUND_THICKNESS / 2, half[1])),),
        surfaces=(Surface(top, (0.0, 0.0), half),),
    )
    kind = replace(FLOOR_TYPE, salient_materials=(material.name,))
    return SceneObject(object_id, name, kind, model, (float(center[0]), float(center[1]), float(center[2])))


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
    """
    parts = wall(start, end, height, thickness, holes, material)
    yaw = math.degrees(math.atan2(start[1] - end[1], end[0] - start[0]))
    return ShellPiece(key, "Wall", tuple(parts), _panels(parts, yaw))


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

"""What is built into a room: fixtures, rugs, and doors and windows in its walls."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rls3.assets.catalogue import build_scenery
from rls3.assets.materials import toned
from rls3.assets.model import AssetModel, Material
from rls3.assets.shell import floor
from rls3.engine.geometry import Boxes, Point, Vector
from rls3.engine.rooms.builder import WALL_GAP, RoomBuilder
from rls3.engine.rooms.style import INWARD_YAW, WallHole
from rls3.engine.rooms.unfinished import ShellFrame
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.structure import WALL_THICKNESS, fixture_piece

#: Floor before a door that stays free, metres, and depth before a window where nothing may rise above its sill.
DOOR_CLEARANCE = 0.85
WINDOW_CLEARANCE = 0.35
RUG_THICKNESS = 0.004


def build_in(
    room: RoomBuilder, name: str, size: Vector, variant: int, wall: str, along: float, bottom: float = 0.0
) -> ShellFrame:
    """Build a thing of `SCENERY` of a size (x, y, z), metres, into the room, its back at a wall; return where."""
    model = build_scenery(name, size, variant + room.style.first_variant)
    x, z = room.style.place(wall, along, model.size[2] / 2 + WALL_GAP)
    y = bottom + model.size[1] / 2
    key = f"{name}_{len(room.fixtures)}"
    room.fixtures.append(fixture_piece(key, name, model, (x, y, z), INWARD_YAW[wall]))
    room.rebuild()
    return ShellFrame((x, y, z), (0.0, INWARD_YAW[wall], 0.0))


def lay_carpet(room: RoomBuilder, size: Point, spot: Point, yaw: float, material: Material) -> None:
    """Lay a rug, middle at `spot` (x, z): thin enough for things to stand on the floor through it."""
    x, z = size
    corners = [(-x / 2, -z / 2), (x / 2, -z / 2), (x / 2, z / 2), (-x / 2, z / 2)]
    part = floor(corners, 0.0, toned(material, room.style.first_variant))
    model = AssetModel("Rug", 0, (x, RUG_THICKNESS, z), (part,), (), ())
    piece = fixture_piece(f"Rug_{len(room.fixtures)}", "Rug", model, (spot[0], RUG_THICKNESS, spot[1]), yaw)
    room.fixtures.append(piece)
    room.rebuild()


def fit_opening(room: RoomBuilder, item: SceneObject, wall: str, along: float, bottom: float) -> SceneObject | None:
    """Cut a hole into a wall and fit a door or window into it; None when another one or an object is in the way."""
    width, height, _ = item.model.size
    hole = WallHole(wall, along, width, bottom, bottom + height)
    if abs(along) + width / 2 > room.style.length(wall) / 2 - 0.1 or hole.top > room.style.height - 0.05:
        return None
    if any(h.wall == wall and abs(h.along - along) < (h.width + width) / 2 + 0.15 for h in room.holes):
        return None
    x, z = room.style.place(wall, along, -WALL_THICKNESS / 2)
    fitted = item.at((x, bottom + height / 2, z), (0.0, INWARD_YAW[wall], 0.0))
    door = bottom == 0.0
    clearance = DOOR_CLEARANCE if door else WINDOW_CLEARANCE
    shift = fitted.pose[:3, :3] @ np.array((0.0, 0.0, WALL_THICKNESS / 2 + clearance / 2))
    half = np.array([[width / 2 - 0.02, height / 2 - 0.02, clearance / 2 - 0.01]])
    before = Boxes((np.asarray(fitted.position) + shift)[None], half, fitted.pose[None, :3, :3])
    if room.physics.collisions(before):
        return None
    room.holes.append(hole)
    room.reserved = Boxes.join([room.reserved, before])
    room.rebuild()
    return room.add(replace(fitted, state=replace(fitted.state, kinematic=True)))

"""The walls of a house, with their holes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rls3.engine.geometry import Point, forward, inside
from rls3.engine.houses.records import HouseRecord, OpeningRecord, WallRecord
from rls3.engine.world.shell import Room, ShellPiece
from rls3.engine.world.structure import WALL_THICKNESS, wall_piece

#: A house's walls are planes: those between rooms become slabs of this thickness on each room's side, metres.
INNER_THICKNESS = 0.003
#: Walls to the outside begin this far inside their room, so that they cover the ends of other rooms' walls, metres.
SKIN = 0.001


def inner_walls(record: HouseRecord, rooms: Sequence[Room]) -> list[ShellPiece]:
    """Return the walls of the rooms round their holes; outer faces are never seen from inside and are left out."""
    pieces = []
    for line in record.walls.values():
        if line.exterior or line.length < 1e-3:
            continue
        holes = [_hole(o, line) for o in record.openings if line.wall_id in (o.wall0, o.wall1)]
        thickness, shift = _slab(line, rooms)
        start, end = ((p[0] + shift[0], p[1] + shift[1]) for p in (line.start, line.end))
        key, height, material = line.wall_id, line.height, line.material
        pieces.append(wall_piece(key, start, end, height, holes, material, thickness=thickness, base=line.base))
    return pieces


def _hole(record: OpeningRecord, line: WallRecord) -> tuple[float, float, float, float]:
    """Return an opening's rectangle in a wall's own coordinates: it is given along wall0, mirrored on wall1."""
    u0, v0, u1, v1 = record.hole
    if line.wall_id == record.wall1 and line.wall_id != record.wall0:
        u0, u1 = line.length - u1, line.length - u0
    return (u0, v0, u1, v1)


def _slab(line: WallRecord, rooms: Sequence[Room]) -> tuple[float, Point]:
    """Return a wall's thickness and how far its middle lies from its plane: inside the house a thin slab on its own
    room's side, so that what hangs on the plane is not in it, and outwards a thick one."""
    yaw = math.degrees(math.atan2(line.end[0] - line.start[0], line.end[1] - line.start[1]))
    nx, _, nz = forward(yaw + 90.0)
    x, z = (line.start[0] + line.end[0]) / 2, (line.start[1] + line.end[1]) / 2
    own = next(room for room in rooms if room.room_id == line.room_id)
    sign = 1.0 if inside((x + 0.05 * nx, z + 0.05 * nz), own.polygon) else -1.0
    beyond = (x - sign * 0.05 * nx, z - sign * 0.05 * nz)
    shared = any(inside(beyond, room.polygon) for room in rooms)
    outside, within = (0.0, INNER_THICKNESS) if shared else (WALL_THICKNESS, SKIN)
    shift = sign * (within - outside) / 2
    return within + outside, (shift * nx, shift * nz)

"""Standing things in relation to others: beside and before them, around tables, and scattered over surfaces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rls3.engine.rooms.builder import RoomBuilder
from rls3.engine.world.objects import SceneObject


def beside(room: RoomBuilder, item: SceneObject, base: SceneObject, side: int, gap: float = 0.03) -> SceneObject | None:
    """Stand an object next to one at a wall, with the backs in line; `side` is 1 (its left) or -1 (its right)."""
    offset = np.array(
        (
            side * (base.model.size[0] / 2 + gap + item.model.size[0] / 2),
            item.model.size[1] / 2 - base.model.size[1] / 2,
            item.model.size[2] / 2 - base.model.size[2] / 2,
        )
    )
    x, y, z = base.pose[:3, :3] @ offset + np.asarray(base.position)
    placed = item.at((x, y, z), base.rotation)
    half = placed.aabb[1] - placed.aabb[0]
    cx, cz = room.style.center
    spare = (room.style.width / 2 - abs(x - cx) - half[0] / 2, room.style.depth / 2 - abs(z - cz) - half[2] / 2)
    return room.add(placed) if min(spare) > 0 and room.free(placed) else None


def before(
    room: RoomBuilder, item: SceneObject, base: SceneObject, gap: float, turn: float = 180.0, shift: float = 0.0
) -> SceneObject | None:
    """Stand an object in front of another, turned by `turn` degrees against it, `shift` metres to its side."""
    reach = base.model.size[2] / 2 + gap + item.model.size[2] / 2
    x, _, z = base.pose[:3, :3] @ np.array((shift, 0.0, reach)) + np.asarray(base.position)
    return room.stand(item, float(x), float(z), base.rotation[1] + turn)


def chairs_around(room: RoomBuilder, table: SceneObject, count: int, kind: str = "Chair") -> None:
    """Stand seats at the sides of a table, their fronts to it, partly under it."""
    half_x, half_z = table.model.size[0] / 2, table.model.size[2] / 2
    seats = [(-0.25, 1, 180.0), (0.25, -1, 0.0), (0.25, 1, 180.0), (-0.25, -1, 0.0)]
    for share, side, turn in seats[:count]:
        seat = room.make(kind)
        for tuck in (0.12, 0.02, -0.1):
            local = np.array((share * 2 * half_x, 0.0, side * (half_z + seat.model.size[2] / 2 - tuck)))
            x, _, z = table.pose[:3, :3] @ local + np.asarray(table.position)
            if room.stand(seat, float(x), float(z), table.rotation[1] + turn) is not None:
                break


def scatter(
    room: RoomBuilder, names: Sequence[str], bases: Sequence[SceneObject | None], count: int, *, inside: bool = False
) -> None:
    """Stand objects of the first `count` types on any of the bases that are there."""
    usable = [b for b in bases if b is not None]
    for name in list(names)[:count]:
        item = room.make(name)
        for index in room.random.permutation(len(usable)):
            if room.on(item, usable[index], inside=inside) is not None:
                break

"""Houses from AI2-THOR's templates: rooms, doors and objects drawn as characters on a grid of one-metre cells.

The plan reads like a map: x runs along a row, z from the last row to the first. `0` is outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rls3.engine.assets import AssetDatabase
from rls3.engine.house_records import HouseError, Record

CELL = 1.0
OUTSIDE = "0"
WALL_HEIGHT = 3.0
DOOR_SIZE = (0.95, 2.05)
#: Steps (column, row) to a cell's neighbours, and the corners of the edge between them, in metres from the cell's low
#: corner, in the order that has the room on its right.
_SIDES = (
    ((0, -1), (0.0, 1.0), (1.0, 1.0)),
    ((1, 0), (1.0, 1.0), (1.0, 0.0)),
    ((0, 1), (1.0, 0.0), (0.0, 0.0)),
    ((-1, 0), (0.0, 0.0), (0.0, 1.0)),
)
Grid = list[list[str]]
Corner = tuple[float, float]


@dataclass(frozen=True)
class Edge:
    """A straight stretch of a room's outline: corners (x, z), metres, and the room beyond it."""

    start: Corner
    end: Corner
    beyond: str


def house_from_template(template: Mapping[str, Any], assets: AssetDatabase) -> dict[str, Any]:
    """Return the house (schema 1.0.0) that a template describes.

    Raises:
        HouseError: a layout is not rectangular, or names a room, door or object that the template does not describe.
    """
    root = Record(template, "")
    layout = _grid(root.text("layout"), "layout")
    rooms = root.record("rooms")
    names = sorted({cell for row in layout for cell in row} - {OUTSIDE})
    if not names:
        raise HouseError("layout", "holds no room; draw one with a character other than 0")
    for name in names:
        if name not in rooms.values:
            raise HouseError("layout", f"draws room '{name}', which 'rooms' lacks; it has {', '.join(rooms.values)}")
    layouts = template.get("objectsLayouts") or []
    plans = [_grid(str(text), f"objectsLayouts[{number}]") for number, text in enumerate(layouts)]
    outlines = {name: _outline(layout, name) for name in names}
    for number, plan in enumerate(plans):
        if (len(plan), len(plan[0])) != (len(layout), len(layout[0])):
            raise HouseError(f"objectsLayouts[{number}]", "must have as many rows and columns as 'layout'")
    return {
        "id": root.text("id", "house_0"),
        "rooms": [_room(rooms.record(name), name, outlines[name]) for name in names],
        "walls": [wall for name in names for wall in _walls(rooms.record(name), name, outlines[name])],
        "doors": _doors(root.record("holes"), layout, plans, outlines),
        "windows": [],
        "objects": _objects(root.record("objects"), layout, plans, assets),
        "proceduralParameters": dict(root.record("proceduralParameters").values),
        "metadata": dict(root.record("metadata").values),
    }


def _grid(text: str, where: str) -> Grid:
    rows = [line.split() for line in text.strip().splitlines()]
    if not rows or len({len(row) for row in rows}) != 1:
        raise HouseError(where, "must have rows of equal length, cells apart by blanks")
    return rows


def _outline(layout: Grid, name: str) -> list[Edge]:
    """Return the room's outline as whole straight stretches, in order round the room."""
    count = len(layout)
    steps: dict[Corner, list[Edge]] = {}
    for row, cells in enumerate(layout):
        for column, cell in enumerate(cells):
            if cell != name:
                continue
            for (dx, dy), a, b in _SIDES:
                r, c = row + dy, column + dx
                beyond = layout[r][c] if 0 <= r < count and 0 <= c < len(cells) else OUTSIDE
                if beyond != name:
                    x, z = column * CELL, (count - 1 - row) * CELL
                    edge = Edge((x + a[0], z + a[1]), (x + b[0], z + b[1]), beyond)
                    steps.setdefault(edge.start, []).append(edge)
    start = min(steps)
    ring, at = [], start
    while steps.get(at):
        ring.append(steps[at].pop())
        at = ring[-1].end
    if any(steps.values()):
        raise HouseError("layout", f"draws room '{name}' in several pieces or round another; a room is one piece")
    return _joined(ring)


def _joined(ring: list[Edge]) -> list[Edge]:
    joined: list[Edge] = []
    for edge in ring:
        last = joined[-1] if joined else None
        if last is not None and last.beyond == edge.beyond and _straight(last, edge):
            joined[-1] = Edge(last.start, edge.end, edge.beyond)
        else:
            joined.append(edge)
    if len(joined) > 1 and joined[0].beyond == joined[-1].beyond and _straight(joined[-1], joined[0]):
        joined[0] = Edge(joined.pop().start, joined[0].end, joined[0].beyond)
    return joined


def _straight(first: Edge, second: Edge) -> bool:
    return (first.start[0] == second.end[0]) or (first.start[1] == second.end[1])


def _room(record: Record, name: str, outline: list[Edge]) -> dict[str, Any]:
    floor = record.record("floorTemplate")
    y = record.number("floorYPosition", 0.0)
    return {
        "id": name,
        "roomType": floor.text("roomType", "Room"),
        "floorMaterial": dict(floor.record("floorMaterial").values) or {"name": "GreyFloor"},
        "floorPolygon": [{"x": edge.start[0], "y": y, "z": edge.start[1]} for edge in outline],
        "ceilings": [],
        "children": [],
    }


def _walls(record: Record, name: str, outline: list[Edge]) -> list[dict[str, Any]]:
    height = record.number("wallHeight", WALL_HEIGHT)
    material = dict(record.record("wallTemplate").record("material").values)
    return [
        {
            "id": _wall_id(name, edge),
            "roomId": name,
            "material": material or {"name": "WhiteDrywall"},
            "polygon": [{"x": x, "y": y, "z": z} for y in (0.0, height) for x, z in (edge.start, edge.end)],
        }
        for edge in outline
    ]


def _wall_id(name: str, edge: Edge) -> str:
    (x0, z0), (x1, z1) = edge.start, edge.end
    return f"wall|{name}|{x0:.2f}|{z0:.2f}|{x1:.2f}|{z1:.2f}"


def _doors(holes: Record, layout: Grid, plans: list[Grid], outlines: Mapping[str, list[Edge]]) -> list[dict[str, Any]]:
    """Return a door for each symbol of `holes` drawn over two neighbouring cells of different rooms.

    Plans may repeat each other's doors.
    """
    doors = []
    for symbol in holes.values:
        record = holes.record(symbol)
        drawn = {_cells_of(symbol, plan) for plan in plans}
        for cells in sorted(drawn - {()}):
            if len(cells) != 2:
                raise HouseError(f"holes.{symbol}", f"must be drawn over the two cells it joins, not over {len(cells)}")
            doors.append(_door(record, symbol, cells, layout, outlines))
    return doors


def _cells_of(symbol: str, plan: Grid) -> tuple[tuple[int, int], ...]:
    return tuple((r, c) for r, row in enumerate(plan) for c, cell in enumerate(row) if cell == symbol)


def _door(
    record: Record, symbol: str, cells: tuple[tuple[int, int], ...], layout: Grid, outlines: Mapping[str, list[Edge]]
) -> dict[str, Any]:
    rooms = [layout[r][c] for r, c in cells]
    first = record.text("room0", rooms[0])
    (r0, c0), (r1, c1) = cells if rooms[0] == first else cells[::-1]
    other = layout[r1][c1]
    x = ((c0 + c1) / 2 + 0.5) * CELL
    z = (len(layout) - 1 - (r0 + r1) / 2 + 0.5) * CELL
    wall0 = _edge_at(outlines.get(first, []), x, z)
    wall1 = _edge_at(outlines.get(other, []), x, z)
    if wall0 is None:
        raise HouseError(f"holes.{symbol}", f"does not lie on a wall of room '{first}'")
    along = abs(x - wall0.start[0]) + abs(z - wall0.start[1])
    width, height = DOOR_SIZE
    return {
        "id": f"door|{symbol}|{first}|{other}",
        "assetId": record.text("assetId", "Doorway_1"),
        "openness": record.number("openness", 0.0),
        "openable": True,
        "room0": first,
        "room1": other if wall1 is not None else first,
        "wall0": _wall_id(first, wall0),
        "wall1": _wall_id(other, wall1) if wall1 is not None else _wall_id(first, wall0),
        "holePolygon": [
            {"x": along - width / 2, "y": 0.0, "z": 0.0},
            {"x": along + width / 2, "y": height, "z": 0.0},
        ],
    }


def _edge_at(outline: list[Edge], x: float, z: float) -> Edge | None:
    for edge in outline:
        (x0, z0), (x1, z1) = edge.start, edge.end
        if min(x0, x1) <= x <= max(x0, x1) and min(z0, z1) <= z <= max(z0, z1):
            return edge
    return None


def _objects(known: Record, layout: Grid, plans: list[Grid], assets: AssetDatabase) -> list[dict[str, Any]]:
    """Return an object for each cell that holds a symbol of `objects`, standing in its cell's middle."""
    found: list[dict[str, Any]] = []
    taken: dict[str, int] = {}
    for plan in plans:
        for row, cells in enumerate(plan):
            for column, symbol in enumerate(cells):
                if symbol not in known.values:
                    continue
                record = known.record(symbol)
                number = taken[symbol] = taken.get(symbol, -1) + 1
                found.append(_object(record, symbol, number, (row, column), len(layout), assets))
    return found


def _object(
    record: Record, symbol: str, number: int, cell: tuple[int, int], rows: int, assets: AssetDatabase
) -> dict[str, Any]:
    asset_id = record.text("assetId")
    size = assets.find(asset_id, asset_id).size
    dx, dy, dz = record.vector("position", (0.0, 0.0, 0.0))
    row, column = cell
    x, z = (column + 0.5) * CELL + dx, (rows - 1 - row + 0.5) * CELL + dz
    return {
        "id": symbol if number == 0 else f"{symbol}_{number}",
        "assetId": asset_id,
        "kinematic": bool(record.values.get("kinematic", False)),
        "position": {"x": x, "y": max(dy, 0.0) + size[1] / 2, "z": z},
        "rotation": record.values.get("rotation") or {"x": 0.0, "y": 0.0, "z": 0.0},
        "children": [],
    }

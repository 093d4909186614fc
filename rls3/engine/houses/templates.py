"""Houses from AI2-THOR's templates: rooms, doors and objects drawn on floor plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rls3.engine.houses.assets import AssetDatabase
from rls3.engine.houses.fields import HouseError, Record
from rls3.engine.houses.floor_plan import CELL, OUTSIDE, Cell, Edge, Grid, cells_of, edge_at, outline_of, read_plan

WALL_HEIGHT = 3.0
DOOR_SIZE = (0.95, 2.05)


def house_from_template(template: Mapping[str, Any], assets: AssetDatabase) -> dict[str, Any]:
    """Return the house (schema 1.0.0) that a template describes.

    Raises:
        HouseError: a layout is not rectangular, or names a room, door or object that the template does not describe.
    """
    root = Record(template, "")
    layout = read_plan(root.text("layout"), "layout")
    rooms = root.record("rooms")
    names = sorted({cell for row in layout for cell in row} - {OUTSIDE})
    if not names:
        raise HouseError("layout", "holds no room; draw one with a character other than 0")
    for name in names:
        if name not in rooms.values:
            raise HouseError("layout", f"draws room '{name}', which 'rooms' lacks; it has {', '.join(rooms.values)}")
    layouts = template.get("objectsLayouts") or []
    plans = [read_plan(str(text), f"objectsLayouts[{number}]") for number, text in enumerate(layouts)]
    outlines = {name: outline_of(layout, name) for name in names}
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
        drawn = {cells_of(symbol, plan) for plan in plans}
        for cells in sorted(drawn - {()}):
            if len(cells) != 2:
                raise HouseError(f"holes.{symbol}", f"must be drawn over the two cells it joins, not over {len(cells)}")
            doors.append(_door(record, symbol, cells, layout, outlines))
    return doors


def _door(
    record: Record, symbol: str, cells: tuple[Cell, ...], layout: Grid, outlines: Mapping[str, list[Edge]]
) -> dict[str, Any]:
    rooms = [layout[r][c] for r, c in cells]
    first = record.text("room0", rooms[0])
    (r0, c0), (r1, c1) = cells if rooms[0] == first else cells[::-1]
    other = layout[r1][c1]
    x = ((c0 + c1) / 2 + 0.5) * CELL
    z = (len(layout) - 1 - (r0 + r1) / 2 + 0.5) * CELL
    wall0 = edge_at(outlines.get(first, []), x, z)
    wall1 = edge_at(outlines.get(other, []), x, z)
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


def _object(record: Record, symbol: str, number: int, cell: Cell, rows: int, assets: AssetDatabase) -> dict[str, Any]:
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

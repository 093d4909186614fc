"""Reading a ProcTHOR house (schema 1.0.0) and checking what it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rls3.assets.material_names import is_known, material_for
from rls3.assets.model import Material
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Vector, area
from rls3.engine.houses.fields import HouseError, Record
from rls3.engine.houses.records import EXTERIOR, HouseRecord, ObjectRecord, OpeningRecord, RoomRecord, WallRecord

#: A wall may reach this far below the floor, metres.
FLOOR_DEPTH = 0.05


def read_house(house: Mapping[str, Any]) -> HouseRecord:
    """Return the house as records.

    Raises:
        HouseError: something is missing, of the wrong kind, or refers to what is not there.
        ActionError: a material is unknown: "Invalid materials: ...".
    """
    root = Record(house, "")
    room_records, wall_records = root.records("rooms", required=True), root.records("walls", required=True)
    if not room_records:
        raise HouseError("rooms", "is empty; a house needs at least one room with id, floorPolygon and floorMaterial")
    parameters = root.record("proceduralParameters")
    _check_materials(room_records, wall_records, parameters)
    rooms = tuple(_room(record) for record in room_records)
    known = {room.room_id for room in rooms}
    walls = [_wall(record, known) for record in wall_records]
    faces = {wall.wall_id: wall for wall in walls}
    openings = [_opening(r, faces, known, window=False) for r in root.records("doors")]
    openings += [_opening(r, faces, known, window=True) for r in root.records("windows")]
    objects = tuple(_object(record) for record in root.records("objects"))
    _check_ids(rooms, openings, objects)
    ceiling = _material(parameters, "ceilingMaterial", "WhiteCeiling")
    return HouseRecord(rooms, faces, tuple(openings), objects, ceiling, parameters, root.record("metadata"))


def _check_materials(rooms: list[Record], walls: list[Record], parameters: Record) -> None:
    """Raise ActionError that lists every material no look can be found for, as AI2-THOR does."""
    records = [room.record("floorMaterial") for room in rooms] + [wall.record("material") for wall in walls]
    records.append(parameters.record("ceilingMaterial"))
    names = [str(record.values["name"]) for record in records if record.values.get("name") is not None]
    unknown = dict.fromkeys(name for name in names if not is_known(name))
    if unknown:
        listed = ", ".join(f"'{name}'" for name in unknown)
        raise ActionError(
            f"Invalid materials: {listed}. A material's name must tell its kind or its colour, as in "
            "'WoodFloorsCrossRED' or 'WhiteDrywall'"
        )


def _material(record: Record, key: str, default: str) -> Material:
    """Return the material {name, color}; a colour is used as it is."""
    given = record.record(key)
    material = material_for(given.text("name", default))
    if given.values.get("color") is None:
        return material
    color = given.record("color")
    red, green, blue = (min(max(color.number(channel), 0.0), 1.0) ** 2.2 for channel in "rgb")
    return replace(material, color=(red, green, blue), accent=(red, green, blue))


def _room(record: Record) -> RoomRecord:
    corners = [(p.number("x"), p.number("z")) for p in record.records("floorPolygon", required=True)]
    if len(corners) < 3 or abs(area(corners)) < 1e-4:
        raise HouseError(
            f"{record.where}.floorPolygon", f"needs three or more points that enclose an area, got {corners}"
        )
    floor = _material(record, "floorMaterial", "GreyFloor")
    return RoomRecord(record.text("id"), record.text("roomType", "Room"), tuple(corners), floor)


def _wall(record: Record, rooms: set[str]) -> WallRecord:
    points = [p.xyz() for p in record.records("polygon", required=True)]
    if len(points) < 4:
        raise HouseError(f"{record.where}.polygon", f"needs four points, two below and two above, got {len(points)}")
    base, top = min(y for _, y, _ in points), max(y for _, y, _ in points)
    feet = [point for point in points if point[1] - base < 1e-6]
    if len(feet) != 2 or base < -FLOOR_DEPTH:
        raise HouseError(
            f"{record.where}.polygon",
            f"reaches from {base:g} to {top:g} m; a wall stands on its floor by two corners, its height above 0",
        )
    (x0, _, z0), (x1, _, z1) = feet
    wall_id, room_id = record.text("id"), record.text("roomId", "")
    if EXTERIOR not in wall_id and room_id not in rooms:
        raise HouseError(record.where, f"names room '{room_id}', which the house lacks; its rooms: {_listed(rooms)}")
    material = _material(record, "material", "WhiteDrywall")
    return WallRecord(wall_id, room_id, (x0, z0), (x1, z1), base, top - base, material)


def _opening(record: Record, walls: Mapping[str, WallRecord], rooms: set[str], *, window: bool) -> OpeningRecord:
    for key in ("wall0", "wall1"):
        name = record.text(key)
        if name not in walls and EXTERIOR not in name:  # a house under construction may lack its outer faces
            raise HouseError(record.where, f"names {key} '{name}', which the house lacks; its walls: {_listed(walls)}")
    for key in ("room0", "room1"):
        name = record.text(key, "")
        if name and name not in rooms:
            raise HouseError(record.where, f"names {key} '{name}', which the house lacks; its rooms: {_listed(rooms)}")
    corners = [(p.number("x"), p.number("y")) for p in record.records("holePolygon", required=True)[:2]]
    (u0, v0), (u1, v1) = corners if len(corners) == 2 else ((0.0, 0.0), (0.0, 0.0))
    if u1 <= u0 or v1 <= v0:
        raise HouseError(
            f"{record.where}.holePolygon", f"needs two points, the lower first, with a positive size, got {corners}"
        )
    if record.text("wall0") not in walls:
        raise HouseError(record.where, f"must have a wall of a room as wall0, got '{record.text('wall0')}'")
    return OpeningRecord(
        opening_id=record.text("id"),
        asset_id=record.text("assetId", "Window_1" if window else "Doorway_1"),
        window=window,
        wall0=record.text("wall0"),
        wall1=record.text("wall1"),
        hole=(u0, v0, u1, v1),
        openness=_openness(record) or 0.0,
    )


def _object(record: Record) -> ObjectRecord:
    on, dirty = record.values.get("isOn"), record.values.get("isDirty")
    return ObjectRecord(
        object_id=record.text("id"),
        asset_id=record.text("assetId"),
        position=record.vector("position"),
        rotation=_rotation(record),
        kinematic=bool(record.values.get("kinematic", False)),
        openness=_openness(record),
        on=None if on is None else bool(on),
        dirty=bool(dirty),
        children=tuple(_object(child) for child in record.records("children")),
    )


def _rotation(record: Record) -> Vector:
    """Return Euler angles from {x, y, z} or from a template's {axis, degrees} about the upright axis."""
    given = record.record("rotation")
    if "degrees" in given.values:
        return (0.0, given.number("degrees") * (1.0 if given.record("axis").number("y", 1.0) >= 0 else -1.0), 0.0)
    return given.xyz() if given.values else (0.0, 0.0, 0.0)


def _openness(record: Record) -> float | None:
    if record.values.get("openness") is None:
        return None
    value = record.number("openness")
    if not 0 <= value <= 1:
        raise HouseError(record.where, f"has an openness of {value:g}; it must be within 0 and 1")
    return value


def _check_ids(rooms: tuple[RoomRecord, ...], openings: list[OpeningRecord], objects: tuple[ObjectRecord, ...]) -> None:
    ids = [room.room_id for room in rooms] + [opening.opening_id for opening in openings]
    front = list(objects)
    while front:
        record = front.pop()
        ids.append(record.object_id)
        front += record.children
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise HouseError("objects", f"holds the id '{each}' twice; ids must be unique in a house")
        seen.add(each)


def _listed(names: Mapping[str, Any] | set[str]) -> str:
    ordered = sorted(names)
    return ", ".join(ordered[:6]) + (", ..." if len(ordered) > 6 else "")

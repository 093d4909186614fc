"""Houses in ProcTHOR's format (schema 1.0.0) as scenes of this engine."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rls3.assets.catalogue import build
from rls3.assets.materials import material_for
from rls3.assets.model import Material
from rls3.engine.agents import AGENT_CENTER_Y, Agent
from rls3.engine.assets import Asset, AssetDatabase
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Point, Vector, area, forward, inside
from rls3.engine.navigation import WalkSpace
from rls3.engine.physics import CONTACT_GAP, Physics
from rls3.engine.render.scene import DirectionalLight, Lighting, PointLight
from rls3.engine.structure import ceiling_piece, floor_object, wall_piece
from rls3.engine.world import ObjectState, Room, SceneObject, Shell, ShellPiece, World, type_of

#: A house's walls are planes; each becomes a slab of this thickness on its own room's side, metres.
WALL_THICKNESS = 0.012
#: Unity's intensity of a ProcTHOR ceiling light times this is the renderer's.
LIGHT_FACTOR = 1.8
#: Standing objects whose middle is higher than typical by less than this are stood on the floor, metres.
FLOOR_SLACK = 0.35
#: A child that stands inside its parent is raised at most this far, metres.
CHILD_LIFT = 0.4
GRID = 0.25


@dataclass(frozen=True)
class BuiltHouse:
    """A house ready to replace a scene."""

    shell: Shell
    objects: dict[str, SceneObject]
    agent: Agent


@dataclass(frozen=True)
class WallLine:
    """A wall of a house: its ends (x, z) in the order of the hole coordinates, its height and its room."""

    wall_id: str
    room_id: str
    start: Point
    end: Point
    height: float
    material: Material

    @property
    def length(self) -> float:
        """Length, metres."""
        return math.dist(self.start, self.end)


@dataclass
class HouseBuilder:
    """Builds the scene of one house.

    Args:
        assets: sizes and types of its assets.
        house: the house as read from JSON.
    """

    assets: AssetDatabase
    house: Mapping[str, Any]
    _objects: dict[str, SceneObject] = field(default_factory=dict)
    _parents: dict[str, str] = field(default_factory=dict)

    def build(self) -> BuiltHouse:
        """Return the house.

        Raises:
            ActionError: the house lacks something or holds an asset of unknown type.
        """
        try:
            return self._build()
        except (KeyError, TypeError, IndexError) as error:
            raise ActionError(
                f"Exception creating house: {type(error).__name__}: {error}. It must follow ProcTHOR's schema 1.0.0"
            ) from error

    def _build(self) -> BuiltHouse:
        lines = {w["id"]: _wall_line(w) for w in self.house["walls"]}
        height = max((w.height for w in lines.values()), default=2.6)
        rooms = tuple(_room(r, height) for r in self.house["rooms"])
        for number, record in enumerate(self.house["rooms"]):
            floor = floor_object(record["id"], record["id"], rooms[number].polygon, _material(record["floorMaterial"]))
            self._put(floor)
        pieces = self._walls(lines, {r.room_id: r for r in rooms})
        top = _material(self.house.get("proceduralParameters", {}).get("ceilingMaterial") or {"name": "WhiteCeiling"})
        pieces += [ceiling_piece(f"ceiling|{r.room_id}", r.polygon, r.height, top) for r in rooms]
        shell = Shell(tuple(pieces), rooms, _lighting(self.house, rooms))
        for record in [*self.house.get("doors", []), *self.house.get("windows", [])]:
            self._opening(record, lines)
        for record in self.house.get("objects", []):
            self._object(record, None)
        world = World("Procedural", shell, self._objects.values())
        self._settle(world)
        return BuiltHouse(shell, world.objects, self._agent(world))

    def _put(self, item: SceneObject) -> None:
        if item.object_id in self._objects:
            raise ActionError(f"the house holds two objects with the id {item.object_id}; ids must be unique")
        self._objects[item.object_id] = item

    def _walls(self, lines: Mapping[str, WallLine], rooms: Mapping[str, Room]) -> list[ShellPiece]:
        """Return the inner walls with their door holes; outer faces are never seen from inside and are left out."""
        pieces = []
        for line in lines.values():
            room = rooms.get(line.room_id)
            if room is None or line.length < 1e-3 or "exterior" in line.wall_id:
                continue
            holes = []
            for door in self.house.get("doors", []):
                if line.wall_id in (door.get("wall0"), door.get("wall1")) and _passable(door):
                    (u0, v0), (u1, v1) = _hole(door, line)
                    holes.append((u0, v0, u1, v1))
            shift = _inward(line, room.polygon)
            start, end = ((p[0] + shift[0], p[1] + shift[1]) for p in (line.start, line.end))
            pieces.append(
                wall_piece(line.wall_id, start, end, line.height, holes, line.material, thickness=WALL_THICKNESS)
            )
        return pieces

    def _opening(self, record: Mapping[str, Any], lines: Mapping[str, WallLine]) -> None:
        """Add a door or window as an object in its wall."""
        line = lines[record["wall0"]]
        (u0, v0), (u1, v1) = _hole(record, line)
        share = (u0 + u1) / 2 / line.length
        x, z = (a + share * (b - a) for a, b in zip(line.start, line.end, strict=True))
        yaw = math.degrees(math.atan2(line.start[1] - line.end[1], line.end[0] - line.start[0]))
        kind = "Window" if "window" in record["assetId"].lower() or record["id"].startswith("window") else "Doorway"
        shape = "Doorframe" if kind == "Doorway" and _passable(record) else kind
        depth = type_of(kind).size[2]
        model = build(shape, size=(u1 - u0, v1 - v0, depth), variant=Asset.variant(record["assetId"]))
        self._put(
            SceneObject(
                object_id=record["id"],
                name=record["id"],
                type=type_of("Doorframe" if "frame" in record["assetId"].lower() else kind),
                model=model,
                position=(x, (v0 + v1) / 2, z),
                rotation=(0.0, yaw % 360.0, 0.0),
                asset_id=record["assetId"],
                size_source="assetDatabase" if record["assetId"] in self.assets.known else "typical",
                state=ObjectState(openness=float(record.get("openness") or 0.0)),
            )
        )

    def _object(self, record: Mapping[str, Any], parent: str | None) -> None:
        """Add an object and its children."""
        asset = self.assets.find(str(record["assetId"]), str(record["id"]))
        kind = type_of(asset.object_type)
        x, y, z = _vector(record["position"])
        if asset.source == "typical" and parent is None and not kind.wall_mounted:
            on_floor = asset.size[1] / 2
            y = on_floor if abs(y - on_floor) < FLOOR_SLACK else y
        self._put(
            SceneObject(
                object_id=record["id"],
                name=record["id"],
                type=kind,
                model=build(asset.object_type, size=asset.size, variant=Asset.variant(str(record["assetId"]))),
                position=(x, y, z),
                rotation=_vector(record.get("rotation") or {"x": 0, "y": 0, "z": 0}),
                asset_id=str(record["assetId"]),
                size_source=asset.source,
                state=ObjectState(openness=float(record.get("openness") or 0.0)),
            )
        )
        if parent is not None:
            self._parents[record["id"]] = parent
        for child in record.get("children", []):
            self._object(child, record["id"])

    def _settle(self, world: World) -> None:
        """Stand every child on the surface below it, and everything else that floats a little, on what is below."""
        physics = Physics(world)
        loose = [o for o in world.objects.values() if o.movable and o.object_id not in self._parents and o.bottom < 0.1]
        for item in loose:
            _drop(world, physics, item, lift=0.05)
        for item in sorted((world.objects[k] for k in self._parents), key=lambda o: o.bottom):
            _drop(world, physics, item, lift=CHILD_LIFT)
            parent = world.objects[self._parents[item.object_id]]
            settled = world.objects[item.object_id]
            if (
                parent.object_id in physics.collisions(settled.boxes, {item.object_id})
                or settled.bottom < parent.bottom + 0.02
            ):
                # A parent of typical size may be solid where the real one has a shelf: the child goes on top.
                x, _, z = item.position
                height = float(parent.aabb[1][1]) + item.position[1] - item.bottom + CONTACT_GAP
                _drop(world, physics, item.at((x, height, z)), lift=CONTACT_GAP)

    def _agent(self, world: World) -> Agent:
        """Return the agent at the house's own pose, or at the free grid point nearest the largest room's middle."""
        given = self.house.get("metadata", {}).get("agent")
        if given:
            x, _, z = _vector(given["position"])
            yaw = float((given.get("rotation") or {}).get("y", 0.0))
            return Agent(
                (x, AGENT_CENTER_Y, z), yaw, float(given.get("horizon", 0.0)), bool(given.get("standing", True))
            )
        if not world.shell.rooms:
            return Agent()
        room = max(world.shell.rooms, key=lambda r: abs(area(r.polygon)))
        corners = np.array(room.polygon)
        low, high = np.ceil(corners.min(axis=0) / GRID), np.floor(corners.max(axis=0) / GRID)
        cells = [(i * GRID, k * GRID) for i in np.arange(low[0], high[0] + 1) for k in np.arange(low[1], high[1] + 1)]
        blocked = WalkSpace(world, Physics(world), 0).blockers(np.array(cells).reshape(-1, 2))
        free = [c for c, b in zip(cells, blocked, strict=True) if b is None and inside(c, room.polygon)]
        if not free:
            return Agent()
        middle = corners.mean(axis=0)
        x, z = min(free, key=lambda c: math.dist(c, middle))
        return replace(Agent(), position=(float(x), AGENT_CENTER_Y, float(z)))


def _drop(world: World, physics: Physics, item: SceneObject, lift: float) -> None:
    gap = physics.drop(item.boxes, {item.object_id}, lift=lift)
    if gap is not None:
        x, y, z = item.position
        world.put(item.at((x, y - gap, z)))


def _vector(record: Mapping[str, Any]) -> Vector:
    return (float(record["x"]), float(record["y"]), float(record["z"]))


def _material(record: Any) -> Material:
    """Return a material from `{name, color}` or a name; a colour is used as it is."""
    if isinstance(record, str):
        return material_for(record)
    material = material_for(str(record["name"]))
    color = record.get("color")
    if not color:
        return material
    red, green, blue = (float(color[c]) ** 2.2 for c in "rgb")
    return replace(material, color=(red, green, blue), accent=(red, green, blue))


def _room(record: Mapping[str, Any], height: float) -> Room:
    polygon = tuple((float(p["x"]), float(p["z"])) for p in record["floorPolygon"])
    return Room(record["id"], polygon, str(record.get("roomType", "")), height)


def _wall_line(record: Mapping[str, Any]) -> WallLine:
    foot = sorted(record["polygon"], key=lambda p: float(p["y"]))
    start, end = ((float(p["x"]), float(p["z"])) for p in foot[:2])
    height = float(foot[-1]["y"]) - float(foot[0]["y"])
    return WallLine(record["id"], str(record.get("roomId", "")), start, end, height, _material(record["material"]))


def _hole(record: Mapping[str, Any], line: WallLine) -> tuple[Point, Point]:
    """Return the corners of an opening in a wall's own coordinates: they are given along wall0, mirrored on wall1."""
    (u0, v0), (u1, v1) = ((float(p["x"]), float(p["y"])) for p in record["holePolygon"][:2])
    u0, u1, v0, v1 = min(u0, u1), max(u0, u1), min(v0, v1), max(v0, v1)
    if line.wall_id == record["wall1"] and line.wall_id != record["wall0"]:
        u0, u1 = line.length - u1, line.length - u0
    return (u0, v0), (u1, v1)


def _passable(record: Mapping[str, Any]) -> bool:
    """Return whether a door is an open way between two rooms."""
    if record.get("room0") == record.get("room1") or "window" in str(record.get("assetId", "")).lower():
        return False
    return "frame" in str(record["assetId"]).lower() or float(record.get("openness") or 0.0) > 0.5


def _inward(line: WallLine, polygon: Sequence[Point]) -> Point:
    """Return half the wall's thickness as an offset into its room."""
    yaw = math.degrees(math.atan2(line.end[0] - line.start[0], line.end[1] - line.start[1]))
    nx, _, nz = forward(yaw + 90.0)
    middle = ((line.start[0] + line.end[0]) / 2, (line.start[1] + line.end[1]) / 2)
    sign = 1.0 if inside((middle[0] + 0.05 * nx, middle[1] + 0.05 * nz), polygon) else -1.0
    return (sign * nx * WALL_THICKNESS / 2, sign * nz * WALL_THICKNESS / 2)


def _lighting(house: Mapping[str, Any], rooms: Sequence[Room]) -> Lighting:
    """Return the house's lights; a house without point lights gets one in the middle of each room."""
    points, sun = [], None
    for light in house.get("proceduralParameters", {}).get("lights", []):
        rgb = light.get("rgb") or {"r": 1.0, "g": 1.0, "b": 1.0}
        color = (float(rgb["r"]), float(rgb["g"]), float(rgb["b"]))
        if light["type"] == "point":
            power = float(light.get("intensity", 0.75)) * LIGHT_FACTOR
            points.append(PointLight(_vector(light["position"]), color, power, float(light.get("range", 12.0))))
        elif light["type"] == "directional":
            pitch, yaw, _ = _vector(light["rotation"])
            flat, down = math.cos(math.radians(pitch)), -math.sin(math.radians(pitch))
            x, _, z = forward(yaw)
            sun = DirectionalLight((x * flat, down, z * flat), color, 0.6 * float(light.get("intensity", 1.0)))
    if not points:
        for room in rooms:
            x, z = np.mean(np.array(room.polygon), axis=0)
            points.append(PointLight((float(x), room.height - 0.3, float(z))))
    return Lighting(points=tuple(points), sun=sun)

"""Houses in ProcTHOR's format (schema 1.0.0) as scenes of this engine."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rls3.assets.catalogue import build
from rls3.engine.agents import AGENT_CENTER_Y, Agent
from rls3.engine.assets import Asset, AssetDatabase
from rls3.engine.geometry import Point, area, forward, inside
from rls3.engine.house_light import house_lighting
from rls3.engine.house_records import HouseError, HouseRecord, ObjectRecord, OpeningRecord, WallRecord, read_house
from rls3.engine.navigation import WalkSpace
from rls3.engine.physics import CONTACT_GAP, Physics
from rls3.engine.placement import at_rest
from rls3.engine.structure import WALL_THICKNESS, ceiling_piece, floor_object, wall_piece
from rls3.engine.world import ObjectState, Room, SceneObject, Shell, ShellPiece, World, type_of

#: A house's walls are planes: those between rooms become slabs of this thickness on each room's side, metres.
INNER_THICKNESS = 0.003
#: Walls to the outside begin this far inside their room, so that they cover the ends of other rooms' walls, metres.
SKIN = 0.001
#: Standing objects whose middle is higher than typical by less than this are stood on the floor, metres.
FLOOR_SLACK = 0.35
#: A child that stands inside its parent is raised at most this far, metres.
CHILD_LIFT = 0.4
#: Where the true size is known an object is moved at most this far to touch what it stands on, metres, unless it hangs
#: so high in the air that it must be meant to fall.
TRUE_SLACK = 0.015
FALL = 0.3
#: An object of typical size goes at most this far out of another one's way, metres.
NUDGE = 0.7
#: What is nearer to the ground than this stands on it, even where the file pins it in place, metres.
STANDING = 0.1
GRID = 0.25


@dataclass(frozen=True)
class BuiltHouse:
    """A house ready to replace a scene."""

    shell: Shell
    objects: dict[str, SceneObject]
    agent: Agent


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
    _free: set[str] = field(default_factory=set)

    def build(self) -> BuiltHouse:
        """Return the house.

        Raises:
            ActionError: the house lacks something or holds an asset of unknown type.
        """
        record = read_house(self.house)
        height = max((wall.base + wall.height for wall in record.walls.values()), default=2.6)
        rooms = tuple(Room(r.room_id, r.polygon, r.kind, height) for r in record.rooms)
        for room in record.rooms:
            self._put(floor_object(room.room_id, room.room_id, room.polygon, room.floor))
        pieces = self._walls(record, {room.room_id: room for room in rooms})
        pieces += [ceiling_piece(f"ceiling|{r.room_id}", r.polygon, r.height, record.ceiling) for r in rooms]
        shell = Shell(tuple(pieces), rooms, house_lighting(record.parameters, rooms))
        for opening in record.openings:
            self._opening(opening, record.walls[opening.wall0])
        for item in record.objects:
            self._object(item, None)
        world = World("Procedural", shell, self._objects.values())
        world.agents = []
        self._settle(world)
        self._hang_doors(world)
        world.agents = [Agent()]
        return BuiltHouse(shell, world.objects, self._agent(world, record))

    def _put(self, item: SceneObject) -> None:
        self._objects[item.object_id] = item

    def _walls(self, record: HouseRecord, rooms: Mapping[str, Room]) -> list[ShellPiece]:
        """Return the inner walls round their holes; outer faces are never seen from inside and are left out."""
        pieces = []
        for line in record.walls.values():
            if line.exterior or line.length < 1e-3:
                continue
            holes = [_hole(o, line) for o in record.openings if line.wall_id in (o.wall0, o.wall1)]
            thickness, shift = _slab(line, list(rooms.values()))
            start, end = ((p[0] + shift[0], p[1] + shift[1]) for p in (line.start, line.end))
            pieces.append(
                wall_piece(
                    line.wall_id,
                    start,
                    end,
                    line.height,
                    holes,
                    line.material,
                    thickness=thickness,
                    base=line.base,
                )
            )
        return pieces

    def _opening(self, record: OpeningRecord, line: WallRecord) -> None:
        """Add a door or window as an object in its wall."""
        u0, v0, u1, v1 = record.hole
        share = (u0 + u1) / 2 / line.length
        x, z = (a + share * (b - a) for a, b in zip(line.start, line.end, strict=True))
        yaw = math.degrees(math.atan2(line.start[1] - line.end[1], line.end[0] - line.start[0]))
        kind = type_of("Window" if record.window else "Doorframe" if record.frame_only else "Doorway")
        size = (u1 - u0, v1 - v0, kind.size[2])
        state = replace(ObjectState.of(kind), openness=record.openness if kind.openable else 0.0, kinematic=True)
        variant = Asset.variant(record.asset_id)
        self._put(
            SceneObject(
                object_id=record.opening_id,
                name=record.opening_id,
                type=kind,
                model=build(kind.name, size=size, variant=variant, openness=state.openness),
                position=(x, line.base + (v0 + v1) / 2, z),
                rotation=(0.0, yaw % 360.0, 0.0),
                asset_id=record.asset_id,
                size_source="assetDatabase" if record.asset_id in self.assets.known else "typical",
                state=state,
            )
        )

    def _object(self, record: ObjectRecord, parent: str | None) -> None:
        """Add an object and its children."""
        asset = self.assets.find(record.asset_id, record.object_id)
        kind = type_of(asset.object_type)
        x, y, z = record.position
        true = asset.source == "assetDatabase"
        if not true and parent is None and not kind.wall_mounted:
            on_floor = asset.size[1] / 2
            y = on_floor if abs(y - on_floor) < FLOOR_SLACK else y
        foot = y - asset.size[1] / 2
        levels = tuple(self._foot(child) - foot for child in record.children) if true else ()
        item = SceneObject(
            object_id=record.object_id,
            name=record.object_id,
            type=kind,
            model=build(asset.object_type, size=asset.size, variant=Asset.variant(record.asset_id), levels=levels),
            position=(x, y, z),
            rotation=record.rotation,
            asset_id=record.asset_id,
            size_source=asset.source,
            state=ObjectState.of(kind),
        )
        wanted: dict[str, Any] = {"dirty": record.dirty and kind.dirtyable}
        if record.openness is not None and kind.openable:
            wanted["openness"] = record.openness
        if record.on is not None and kind.toggleable:
            wanted["toggled"] = record.on
        self._put(item.changed(**wanted))
        if parent is not None:
            self._parents[record.object_id] = parent
        elif (kind.pickupable or kind.moveable) and (not record.kinematic or foot < STANDING):
            self._free.add(record.object_id)
        for child in record.children:
            self._object(child, record.object_id)

    def _foot(self, record: ObjectRecord) -> float:
        return record.position[1] - self.assets.find(record.asset_id, record.object_id).size[1] / 2

    def _settle(self, world: World) -> None:
        """Stand everything on what is below it: within a hair's breadth where sizes are true, else wherever it fits."""
        physics = Physics(world)
        for item in sorted((world.objects[k] for k in self._free), key=lambda o: (o.bottom, o.object_id)):
            if _true(item):
                _settle_true(world, physics, item)
            else:
                _drop(world, physics, item, lift=0.05)
        for item in sorted((world.objects[k] for k in self._parents), key=lambda o: o.bottom):
            if _true(item):
                _settle_true(world, physics, item)
            elif item.movable:
                _stand_on_parent(world, physics, item, world.objects[self._parents[item.object_id]])
        for item in [o for o in world.objects.values() if not _true(o) and o.type.name != "Floor"]:
            _make_room(world, physics, world.objects[item.object_id], has_load=item.object_id in self._parents.values())
        for placed in list(world.objects.values()):
            if not at_rest(world, physics, placed):
                world.put(replace(placed, state=replace(placed.state, kinematic=True)))

    def _hang_doors(self, world: World) -> None:
        """Turn open doors whose leaf would enter something to the other side, or leave out the leaf."""
        physics = Physics(world)
        for item in [o for o in world.objects.values() if o.type.name == "Doorway" and o.state.openness > 0]:
            x, yaw, z = item.rotation
            frame = replace(item, model=build("Doorframe", size=item.model.size, variant=item.model.variant))
            for candidate in (item, item.at(item.position, (x, (yaw + 180.0) % 360.0, z)), frame):
                world.put(candidate)
                if not physics.collisions(candidate.boxes, {candidate.object_id}):
                    break

    def _agent(self, world: World, record: HouseRecord) -> Agent:
        """Return the agent at the house's own pose, or at the free grid point nearest the largest room's middle."""
        given = record.metadata.record("agent")
        if given.values:
            x, _, z = given.vector("position")
            yaw = given.record("rotation").number("y", 0.0)
            standing = bool(given.values.get("standing", True))
            return Agent((x, AGENT_CENTER_Y, z), yaw, given.number("horizon", 0.0), standing)
        room = max(world.shell.rooms, key=lambda r: abs(area(r.polygon)))
        corners = np.array(room.polygon)
        low, high = np.ceil(corners.min(axis=0) / GRID), np.floor(corners.max(axis=0) / GRID)
        cells = [(i * GRID, k * GRID) for i in np.arange(low[0], high[0] + 1) for k in np.arange(low[1], high[1] + 1)]
        blocked = WalkSpace(world, Physics(world), 0).blockers(np.array(cells).reshape(-1, 2))
        free = [c for c, b in zip(cells, blocked, strict=True) if b is None and inside(c, room.polygon)]
        if not free:
            raise HouseError(
                "objects", f"leave no floor of {room.room_id} free for an agent; give metadata.agent a place"
            )
        middle = corners.mean(axis=0)
        x, z = min(free, key=lambda c: math.dist(c, middle))
        return replace(Agent(), position=(float(x), AGENT_CENTER_Y, float(z)))


def _true(item: SceneObject) -> bool:
    return item.size_source == "assetDatabase"


def _settle_true(world: World, physics: Physics, item: SceneObject) -> None:
    """Let an object of true size touch what is a hair's breadth below or above its foot, or fall out of the air."""
    gap = physics.drop(item.boxes, {item.object_id}, lift=TRUE_SLACK)
    if gap is not None and (gap <= TRUE_SLACK or gap > FALL):
        x, y, z = item.position
        world.put(item.at((x, y - gap, z)))


def _drop(world: World, physics: Physics, item: SceneObject, lift: float) -> None:
    """Lower an object, or raise it by up to `lift` metres, until it stands on something."""
    gap = physics.drop(item.boxes, {item.object_id}, lift=lift)
    if gap is not None:
        x, y, z = item.position
        world.put(item.at((x, y - gap, z)))


def _stand_on_parent(world: World, physics: Physics, item: SceneObject, parent: SceneObject) -> None:
    """Stand a child of typical size on its parent, on top where the real one has a shelf and this one is solid."""
    _drop(world, physics, item, lift=CHILD_LIFT)
    settled = world.objects[item.object_id]
    hit = physics.collisions(settled.boxes, {item.object_id})
    if parent.object_id in hit or settled.bottom < parent.bottom + 0.02:
        x, _, z = item.position
        height = float(parent.aabb[1][1]) + item.position[1] - item.bottom + CONTACT_GAP
        _drop(world, physics, item.at((x, height, z)), lift=CONTACT_GAP)


def _make_room(world: World, physics: Physics, item: SceneObject, *, has_load: bool) -> None:
    """Move an object of typical size that enters another one to the nearest free place: off its wall, or aside."""
    if not physics.collisions(item.boxes, {item.object_id}) or has_load:
        return
    if item.type.wall_mounted:
        offsets = [item.pose[:3, 2] * 0.01 * step for step in range(1, 13)]
    elif item.movable:
        angles = np.radians(np.arange(0, 360, 30))
        offsets = [np.array((r * np.sin(a), 0.0, r * np.cos(a))) for r in np.arange(0.05, NUDGE, 0.05) for a in angles]
    else:
        return
    for offset in offsets:
        moved = item.at(np.asarray(item.position) + offset)
        if not physics.collisions(moved.boxes, {item.object_id}) and at_rest(world, physics, moved):
            world.put(moved)
            return


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

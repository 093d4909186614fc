"""Houses in ProcTHOR's format (schema 1.0.0) as scenes of this engine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rls3.assets.catalogue import build
from rls3.engine.geometry import area, inside
from rls3.engine.houses.assets import Asset, AssetDatabase
from rls3.engine.houses.fields import HouseError
from rls3.engine.houses.light import house_lighting
from rls3.engine.houses.openings import hang_doors, opening_object
from rls3.engine.houses.reading import read_house
from rls3.engine.houses.records import HouseRecord, ObjectRecord
from rls3.engine.houses.settling import settle_furniture
from rls3.engine.houses.walls import inner_walls
from rls3.engine.navigation.walking import WalkSpace
from rls3.engine.physics.collision import Physics
from rls3.engine.world.agents import AGENT_CENTER_Y, Agent
from rls3.engine.world.objects import ObjectState, SceneObject, type_of
from rls3.engine.world.shell import Room, Shell
from rls3.engine.world.structure import ceiling_piece, floor_object
from rls3.engine.world.world import World

#: Standing objects whose middle is higher than typical by less than this are stood on the floor, metres.
FLOOR_SLACK = 0.35
#: What is nearer to the ground than this stands on it, even where the file pins it in place, metres.
STANDING = 0.1
#: The agent starts on a grid of this spacing, metres.
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
    _objects: dict[str, SceneObject] = field(default_factory=dict, init=False)
    _parents: dict[str, str] = field(default_factory=dict, init=False)
    _free: set[str] = field(default_factory=set, init=False)

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
        pieces = inner_walls(record, rooms)
        pieces += [ceiling_piece(f"ceiling|{r.room_id}", r.polygon, r.height, record.ceiling) for r in rooms]
        shell = Shell(tuple(pieces), rooms, house_lighting(record.parameters, rooms))
        for opening in record.openings:
            self._put(opening_object(opening, record.walls[opening.wall0], self.assets))
        for item in record.objects:
            self._object(item, None)
        world = World("Procedural", shell, self._objects.values())
        world.agents = []
        settle_furniture(world, self._free, self._parents)
        hang_doors(world)
        world.agents = [Agent()]
        return BuiltHouse(shell, world.objects, self._agent(world, record))

    def _put(self, item: SceneObject) -> None:
        self._objects[item.object_id] = item

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

    def _agent(self, world: World, record: HouseRecord) -> Agent:
        """Return the agent at the house's own pose, or at the free grid point nearest the largest room's middle."""
        given = record.metadata.record("agent")
        if given.values:
            x, _, z = given.vector("position")
            yaw = given.record("rotation").number("y", 0.0)
            standing = bool(given.values.get("standing", True))
            return Agent((x, AGENT_CENTER_Y, z), yaw, given.number("horizon", 0.0), standing)
        room = max(world.shell.rooms, key=lambda r: abs(area(r.polygon)))
        cells = WalkSpace(world, Physics(world), 0).free_cells(room.polygon, GRID)
        free = [cell for cell in cells if inside(cell, room.polygon)]
        if not free:
            raise HouseError(
                "objects", f"leave no floor of {room.room_id} free for an agent; give metadata.agent a place"
            )
        middle = np.mean(room.polygon, axis=0)
        x, z = min(free, key=lambda c: math.dist(c, middle))
        return Agent((x, AGENT_CENTER_Y, z))

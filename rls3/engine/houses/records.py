"""What a house file says, as checked records."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rls3.assets.model import Material
from rls3.engine.geometry import Point, Vector
from rls3.engine.houses.fields import Record

#: Walls with this in their id are the outer faces of a house.
EXTERIOR = "exterior"


@dataclass(frozen=True)
class RoomRecord:
    """A room: its outline of (x, z) points, metres."""

    room_id: str
    kind: str
    polygon: tuple[Point, ...]
    floor: Material


@dataclass(frozen=True)
class WallRecord:
    """A wall: its ends (x, z) in the order of the hole coordinates, metres, and the room it faces."""

    wall_id: str
    room_id: str
    start: Point
    end: Point
    base: float
    height: float
    material: Material

    @property
    def length(self) -> float:
        """Length, metres."""
        return math.dist(self.start, self.end)

    @property
    def exterior(self) -> bool:
        """Whether it is an outer face of the house."""
        return EXTERIOR in self.wall_id


@dataclass(frozen=True)
class OpeningRecord:
    """A door or window: `hole` is (u0, v0, u1, v1) along `wall0` from its start, metres."""

    opening_id: str
    asset_id: str
    window: bool
    wall0: str
    wall1: str
    hole: tuple[float, float, float, float]
    openness: float

    @property
    def frame_only(self) -> bool:
        """Whether it is a passage without a leaf."""
        return "frame" in self.asset_id.lower()


@dataclass(frozen=True)
class ObjectRecord:
    """An object: `position` is the middle of its box, metres; rotation in degrees; `children` stand on it."""

    object_id: str
    asset_id: str
    position: Vector
    rotation: Vector
    kinematic: bool
    openness: float | None
    on: bool | None
    dirty: bool
    children: tuple[ObjectRecord, ...]


@dataclass(frozen=True)
class HouseRecord:
    """A whole house as its file says, checked."""

    rooms: tuple[RoomRecord, ...]
    walls: Mapping[str, WallRecord]
    openings: tuple[OpeningRecord, ...]
    objects: tuple[ObjectRecord, ...]
    ceiling: Material
    parameters: Record
    metadata: Record

"""The shell of a scene: its rooms, walls and ceilings, and its own light."""

from __future__ import annotations

from dataclasses import dataclass, field

from rls3.assets.model import Part
from rls3.engine.geometry import Boxes, Point, inside
from rls3.engine.render.scene import Lighting
from rls3.engine.world.paint import Paint


@dataclass(frozen=True, eq=False)
class ShellPiece:
    """A wall, ceiling or other fixed piece that is no object; `name` is its class in segmentation images, `paint` how
    its materials are replaced."""

    key: str
    name: str
    parts: tuple[Part, ...]
    boxes: Boxes
    paint: Paint | None = None


@dataclass(frozen=True)
class Room:
    """The outline of one room: simple (x, z) polygon, metres, and what it is used as."""

    room_id: str
    polygon: tuple[Point, ...]
    kind: str
    height: float


@dataclass(frozen=True, eq=False)
class Shell:
    """What never moves while a scene lasts."""

    pieces: tuple[ShellPiece, ...]
    rooms: tuple[Room, ...]
    lighting: Lighting = field(default_factory=Lighting)

    def contains(self, x: float, z: float) -> bool:
        """Return whether a point seen from above lies in one of the rooms."""
        return any(inside((x, z), room.polygon) for room in self.rooms)

    @property
    def height(self) -> float:
        """Height of the highest ceiling, metres."""
        return max((room.height for room in self.rooms), default=2.6)

"""Size, surfaces and light of a generated room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rls3.assets.material_names import material_for
from rls3.assets.materials import toned
from rls3.assets.model import Material
from rls3.engine.geometry import Point
from rls3.engine.render.scene import Lighting, PointLight
from rls3.engine.world.objects import SceneObject, object_id_for
from rls3.engine.world.shell import Room, Shell, ShellPiece
from rls3.engine.world.structure import WALL_THICKNESS, ceiling_piece, floor_object, wall_piece

#: Least and greatest width and depth by kind of room, metres.
SIZES = {
    "kitchen": ((4.0, 5.5), (3.75, 5.0)),
    "living_room": ((5.0, 6.5), (4.25, 5.5)),
    "bedroom": ((4.25, 5.5), (4.0, 5.0)),
    "bathroom": ((3.5, 4.5), (3.25, 4.0)),
}
FLOORS = {
    "kitchen": ("WhiteTile", "GreyTile", "BeigeTile", "OakPlanks", "BlackWhiteChecker", "StoneTile"),
    "living_room": ("OakPlanks", "WalnutPlanks", "MaplePlanks", "GreyCarpet", "CherryHardwood", "BeigeCarpet"),
    "bedroom": ("OakPlanks", "BeigeCarpet", "WalnutPlanks", "BlueCarpet", "GreyCarpet", "MaplePlanks"),
    "bathroom": ("WhiteTile", "BlueTile", "GreyTile", "MarbleStone", "BeigeTile", "GreenTile"),
}
WALLS = (
    "WhiteDrywall",
    "CreamDrywall",
    "SageDrywall",
    "BlueDrywall",
    "GreyDrywall",
    "RoseDrywall",
    "YellowDrywall",
    "MintDrywall",
    "LavenderDrywall",
)
#: Yaw that looks into the room from the middle of each wall, degrees.
INWARD_YAW = {"south": 0.0, "east": 270.0, "north": 180.0, "west": 90.0}


@dataclass(frozen=True)
class WallHole:
    """A rectangle cut out of a wall: `along` from the wall's middle to its own, all metres."""

    wall: str
    along: float
    width: float
    bottom: float
    top: float


@dataclass(frozen=True)
class RoomStyle:
    """The look of one room; width along x and depth along z in metres, `center` is (x, z) of its middle.

    `first_variant` is added to the variants of all that is in it: 0, or `HELD_OUT` in rooms that no model trains on.
    """

    width: float
    depth: float
    height: float
    floor: Material
    wall: Material
    ceiling: Material
    lighting: Lighting
    center: Point = (0.0, 0.0)
    first_variant: int = 0

    @staticmethod
    def draw(kind: str, generator: np.random.Generator, first_variant: int = 0) -> RoomStyle:
        """Draw the look of a room of a kind."""
        (w0, w1), (d0, d1) = SIZES[kind]
        width, depth = (
            float(low + 0.25 * generator.integers(0, round((high - low) / 0.25) + 1))
            for low, high in ((w0, w1), (d0, d1))
        )
        height = float(generator.uniform(2.45, 2.8))
        return RoomStyle(
            width=width,
            depth=depth,
            height=height,
            floor=toned(material_for(FLOORS[kind][generator.integers(len(FLOORS[kind]))]), first_variant),
            wall=toned(material_for(WALLS[generator.integers(len(WALLS))]), first_variant),
            ceiling=toned(material_for("WhiteCeiling"), first_variant),
            lighting=_lighting(width, depth, height, generator),
            first_variant=first_variant,
        )

    def outline(self) -> list[Point]:
        """Return the floor's corners (x, z), counter-clockwise in a right-handed plot."""
        x, z = self.width / 2, self.depth / 2
        return [(self.center[0] + sx * x, self.center[1] + sz * z) for sx, sz in ((-1, -1), (1, -1), (1, 1), (-1, 1))]

    def length(self, wall: str) -> float:
        """Return how long a wall is on the inside, metres."""
        return self.width if wall in ("north", "south") else self.depth

    def place(self, wall: str, along: float, out: float) -> Point:
        """Return the point (x, z) at `along` metres from a wall's middle, `out` metres into the room."""
        x, z = {
            "north": (along, self.depth / 2 - out),
            "south": (along, out - self.depth / 2),
            "east": (self.width / 2 - out, along),
            "west": (out - self.width / 2, along),
        }[wall]
        return (self.center[0] + x, self.center[1] + z)

    def floor_object(self) -> SceneObject:
        """Return the room's floor."""
        object_id = object_id_for("Floor", (self.center[0], 0.0, self.center[1]))
        return floor_object(object_id, "Floor", self.outline(), self.floor)

    def shell(self, kind: str, holes: Sequence[WallHole] = (), pieces: Sequence[ShellPiece] = ()) -> Shell:
        """Return walls round their holes, ceiling, light, and further fixed pieces."""
        walls = [self._wall(number, name, holes) for number, name in enumerate(INWARD_YAW)]
        top = ceiling_piece("Ceiling_0", self.outline(), self.height, self.ceiling)
        room = Room("room|0", tuple(self.outline()), kind, self.height)
        return Shell((*walls, top, *pieces), (room,), self.lighting)

    def _wall(self, number: int, name: str, holes: Sequence[WallHole]) -> ShellPiece:
        # North and south walls reach round the corners, east and west ones fit between them.
        reach = self.length(name) / 2 + (WALL_THICKNESS if name in ("north", "south") else 0.0)
        start, end = (self.place(name, side * reach, -WALL_THICKNESS / 2) for side in (-1, 1))
        cut = [
            (h.along - h.width / 2 + reach, h.bottom, h.along + h.width / 2 + reach, h.top)
            for h in holes
            if h.wall == name
        ]
        return wall_piece(f"Wall_{number}", start, end, self.height, cut, self.wall)


def _lighting(width: float, depth: float, height: float, generator: np.random.Generator) -> Lighting:
    """Draw one or two ceiling lamps of a warm to cool white, and the ambient light."""
    warmth = float(generator.uniform(0.0, 1.0))
    color = (1.0, 0.98 - 0.10 * warmth, 0.95 - 0.25 * warmth)
    strength = float(generator.uniform(0.75, 1.15))
    lamps = 2 if width * depth > 22 else 1
    spots = [0.0] if lamps == 1 else [-width / 4, width / 4]
    shift = [float(v) for v in generator.uniform(-0.4, 0.4, 2)]
    points = tuple(PointLight((x + shift[0], height - 0.3, shift[1]), color, strength / lamps**0.5) for x in spots)
    ambient = float(generator.uniform(0.42, 0.58))
    return Lighting(points=points, ambient=(ambient, ambient, ambient * 1.03))

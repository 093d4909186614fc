"""Size, surfaces and light of a generated room."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rls3.assets.materials import material_for
from rls3.assets.model import Material
from rls3.engine.geometry import Point
from rls3.engine.render.scene import Lighting, PointLight
from rls3.engine.structure import WALL_THICKNESS, ceiling_piece, floor_object, wall_piece
from rls3.engine.world import Room, SceneObject, Shell, object_id_for

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


@dataclass(frozen=True)
class RoomStyle:
    """The look of one room; width along x and depth along z in metres, the room's middle is the origin."""

    width: float
    depth: float
    height: float
    floor: Material
    wall: Material
    ceiling: Material
    lighting: Lighting

    @staticmethod
    def draw(kind: str, generator: np.random.Generator) -> RoomStyle:
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
            floor=material_for(FLOORS[kind][generator.integers(len(FLOORS[kind]))]),
            wall=material_for(WALLS[generator.integers(len(WALLS))]),
            ceiling=material_for("WhiteCeiling"),
            lighting=_lighting(width, depth, height, generator),
        )

    def outline(self) -> list[Point]:
        """Return the floor's corners (x, z), counter-clockwise in a right-handed plot."""
        x, z = self.width / 2, self.depth / 2
        return [(-x, -z), (x, -z), (x, z), (-x, z)]

    def build(self, kind: str) -> tuple[Shell, SceneObject]:
        """Return the room's shell and its floor."""
        outline = self.outline()
        overlap = WALL_THICKNESS / 2
        x, z = self.width / 2 + overlap, self.depth / 2 + overlap
        sides = [
            ((-x - overlap, -z), (x + overlap, -z)),
            ((x, -z + overlap), (x, z - overlap)),
            ((x + overlap, z), (-x - overlap, z)),
            ((-x, z - overlap), (-x, -z + overlap)),
        ]
        walls = [wall_piece(f"Wall_{i}", a, b, self.height, (), self.wall) for i, (a, b) in enumerate(sides)]
        top = ceiling_piece("Ceiling_0", outline, self.height, self.ceiling)
        room = Room("room|0", tuple(outline), kind, self.height)
        floor = floor_object(object_id_for("Floor", (0.0, 0.0, 0.0)), "Floor", outline, self.floor)
        return Shell((*walls, top), (room,), self.lighting), floor


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

"""Furnishing a room piece by piece: every piece stands on something and touches nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from rls3.assets.catalogue import build
from rls3.assets.types import OBJECT_TYPES
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Boxes, Vector
from rls3.engine.physics import Physics
from rls3.engine.placement import place
from rls3.engine.receptacles import surfaces_of
from rls3.engine.rooms.style import RoomStyle
from rls3.engine.world import SceneObject, World, object_id_for

VARIANTS = 6
WALL_GAP = 0.01
HANGING_GAP = 0.08
TRIES = 24
#: Inward yaw of an object whose back is at each wall, and the wall's direction: (yaw, normal axis, sign).
WALLS = {"north": 180.0, "south": 0.0, "east": 270.0, "west": 90.0}


@dataclass
class RoomBuilder:
    """A room under construction.

    Attributes:
        world: the room so far.
        physics: of the same world.
        style: its size and look.
        random: where all choices come from.
    """

    world: World
    style: RoomStyle
    random: np.random.Generator
    physics: Physics = field(init=False)
    _count: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.physics = Physics(self.world)

    def make(
        self, object_type: str, scale: tuple[float, float] = (0.92, 1.1), size: Vector | None = None
    ) -> SceneObject:
        """Return a new object of a type, not yet in the room, in a random variant and size about its typical one."""
        kind = OBJECT_TYPES[object_type]
        factor = float(self.random.uniform(*scale))
        wide = float(self.random.uniform(0.96, 1.04))
        x, y, z = size or (kind.size[0] * factor * wide, kind.size[1] * factor, kind.size[2] * factor / wide)
        variant = int(self.random.integers(VARIANTS))
        number = self._count.get(object_type, 0) + 1
        self._count[object_type] = number
        model = build(object_type, size=(x, y, z), variant=variant)
        return SceneObject(
            object_id=f"{object_type}#{number}",
            name=f"{object_type}_{number}",
            type=kind,
            model=model,
            position=(0.0, 0.0, 0.0),
            asset_id=f"{object_type}_{variant}",
        )

    def add(self, item: SceneObject) -> SceneObject:
        """Put an object into the room as it is, with the id that belongs to its position."""
        object_id = object_id_for(item.type.name, item.position)
        while object_id in self.world.objects:
            object_id += "_1"
        named = SceneObject(object_id, item.name, item.type, item.model, item.position, item.rotation, item.asset_id)
        self.world.put(named)
        return named

    def at_wall(
        self,
        item: SceneObject,
        wall: str | None = None,
        along: float | None = None,
        *,
        height: float | None = None,
        front: float = 0.0,
    ) -> SceneObject | None:
        """Stand an object with its back to a wall, or hang it there.

        Args:
            item: from `make`.
            wall: north, south, east or west; None tries all in random order.
            along: middle along the wall, metres from the room's middle; None tries random places.
            height: of its middle above the floor when it hangs; None stands it on the floor.
            front: free depth demanded before it, metres.

        Returns:
            The object in the room, None when there is no place.
        """
        walls = [wall] if wall else [list(WALLS)[i] for i in self.random.permutation(len(WALLS))]
        for name in walls:
            for _ in range(1 if along is not None else TRIES // 2):
                placed = self._against(item, name, along, height)
                if placed is not None and self.free(placed, front, 0.0 if height is None else HANGING_GAP):
                    return self.add(placed)
        return None

    def _against(self, item: SceneObject, wall: str, along: float | None, height: float | None) -> SceneObject | None:
        width, _, deep = item.model.size
        yaw = WALLS[wall]
        across, reach = (
            (self.style.width, self.style.depth) if wall in ("north", "south") else (self.style.depth, self.style.width)
        )
        slack = across / 2 - width / 2 - WALL_GAP
        if slack < 0:
            return None
        along = float(self.random.uniform(-slack, slack)) if along is None else along
        if abs(along) > slack + 1e-9:
            return None
        out = reach / 2 - deep / 2 - WALL_GAP
        y = item.model.size[1] / 2 if height is None else height
        x, z = {"north": (along, out), "south": (along, -out), "east": (out, along), "west": (-out, along)}[wall]
        return item.at((x, y, z), (0.0, yaw, 0.0))

    def free(self, item: SceneObject, front: float = 0.0, margin: float = 0.0) -> bool:
        """Return whether an object only stands on things.

        Args:
            item: an object at its place.
            front: free depth demanded before it, metres.
            margin: free space demanded beside it, metres.
        """
        boxes = item.boxes
        if margin:
            boxes = Boxes(boxes.centers, boxes.halves + np.array((margin, margin, 0.0)), boxes.rotations)
        if front > 0:
            half = np.asarray(item.model.size) / 2
            ahead = item.pose[:3, :3] @ np.array((0.0, 0.0, half[2] + front / 2))
            clear = Boxes(
                (np.asarray(item.position) + ahead)[None],
                np.array([[half[0] * 0.8, half[1] - 0.02, front / 2]]),
                item.pose[None, :3, :3],
            )
            boxes = Boxes.join([boxes, clear])
        return not self.physics.collisions(boxes)

    def on_floor(
        self, item: SceneObject, around: tuple[float, float] | None = None, spread: float = 1.5
    ) -> SceneObject | None:
        """Stand an object anywhere on the floor, or within `spread` metres of a point; None when there is no place."""
        for _ in range(TRIES):
            half_x = self.style.width / 2 - item.model.size[0] / 2 - 0.05
            half_z = self.style.depth / 2 - item.model.size[2] / 2 - 0.05
            x, z = self.random.uniform(-1, 1, 2) * (half_x, half_z)
            if around is not None:
                shift = self.random.uniform(-spread, spread, 2)
                x, z = np.clip(around[0] + shift[0], -half_x, half_x), np.clip(around[1] + shift[1], -half_z, half_z)
            placed = self._stand(item, (float(x), 0.0, float(z)), self._yaw(item))
            if placed is not None:
                return placed
        return None

    def stand(self, item: SceneObject, x: float, z: float, yaw: float) -> SceneObject | None:
        """Stand an object on the floor at a place; None when it is taken."""
        return self._stand(item, (x, 0.0, z), yaw)

    def on(
        self, item: SceneObject, base: SceneObject, region: Sequence[float] = (-1.0, 1.0, -1.0, 1.0)
    ) -> SceneObject | None:
        """Stand an object on one of another's surfaces.

        Args:
            item: from `make`.
            base: an object of the room.
            region: part of the surface, u0, u1, v0, v1 within -1..1 of its half sizes, for the object's middle.

        Returns:
            The object in the room, None when there is no place.
        """
        surfaces = [s for s in surfaces_of(base) if item.model.size[1] < s.clearance]
        if not surfaces:
            return None
        for _ in range(TRIES // 2):
            surface = surfaces[int(self.random.integers(len(surfaces)))]
            margin = [
                max(0.0, 1 - max(item.model.size[0], item.model.size[2]) / 2 / max(half, 1e-6))
                for half in surface.half_size
            ]
            u, v = (float(self.random.uniform(region[2 * i], region[2 * i + 1])) * margin[i] for i in range(2))
            turn = base.rotation[1] + float(self.random.uniform(-25, 25))
            placed = self._stand(item, surface.point(u, v), turn)
            if placed is not None:
                return placed
        return None

    def _stand(self, item: SceneObject, point: Vector, yaw: float) -> SceneObject | None:
        before = set(self.world.objects)
        try:
            place(self.world, self.physics, item, point, (0.0, yaw % 360.0, 0.0))
        except ActionError:
            return None
        (key,) = set(self.world.objects) - before
        placed = self.world.objects[key]
        self.world.remove(key)
        if abs(placed.bottom - point[1]) > 0.02:  # it slid past the surface and landed on something lower
            return None
        return self.add(placed)

    def _yaw(self, item: SceneObject) -> float:
        """Return a yaw that turns an object's front to the room's middle, or any yaw when it has none."""
        if item.type.has_front:
            return float(self.random.uniform(0, 360))
        return float(self.random.integers(0, 24)) * 15.0

    def beside(self, item: SceneObject, base: SceneObject, side: int, gap: float = 0.03) -> SceneObject | None:
        """Stand an object next to one at a wall, with the backs in line; `side` is 1 (its left) or -1 (its right)."""
        offset = np.array(
            (
                side * (base.model.size[0] / 2 + gap + item.model.size[0] / 2),
                item.model.size[1] / 2 - base.model.size[1] / 2,
                item.model.size[2] / 2 - base.model.size[2] / 2,
            )
        )
        x, y, z = base.pose[:3, :3] @ offset + np.asarray(base.position)
        placed = item.at((x, y, z), base.rotation)
        half = placed.aabb[1] - placed.aabb[0]
        room = (self.style.width / 2 - abs(x) - half[0] / 2, self.style.depth / 2 - abs(z) - half[2] / 2)
        return self.add(placed) if min(room) > 0 and self.free(placed) else None

    def before(
        self, item: SceneObject, base: SceneObject, gap: float, turn: float = 180.0, shift: float = 0.0
    ) -> SceneObject | None:
        """Stand an object in front of another, turned by `turn` degrees against it, `shift` metres to its side."""
        reach = base.model.size[2] / 2 + gap + item.model.size[2] / 2
        x, _, z = base.pose[:3, :3] @ np.array((shift, 0.0, reach)) + np.asarray(base.position)
        return self.stand(item, float(x), float(z), base.rotation[1] + turn)

    def chairs_around(self, table: SceneObject, count: int, kind: str = "Chair") -> None:
        """Stand seats at the sides of a table, their fronts to it, partly under it."""
        half_x, half_z = table.model.size[0] / 2, table.model.size[2] / 2
        seats = [(-0.25, 1, 180.0), (0.25, -1, 0.0), (0.25, 1, 180.0), (-0.25, -1, 0.0)]
        for share, side, turn in seats[:count]:
            seat = self.make(kind)
            for tuck in (0.12, 0.02, -0.1):
                local = np.array((share * 2 * half_x, 0.0, side * (half_z + seat.model.size[2] / 2 - tuck)))
                x, _, z = table.pose[:3, :3] @ local + np.asarray(table.position)
                if self.stand(seat, float(x), float(z), table.rotation[1] + turn) is not None:
                    break

    def chance(self, probability: float) -> bool:
        """Return True with a probability."""
        return bool(self.random.random() < probability)

    def pick(self, names: Sequence[str], count: int) -> list[str]:
        """Return some of the names, in random order, each once."""
        order = self.random.permutation(len(names))[: math.floor(count)]
        return [names[i] for i in order]

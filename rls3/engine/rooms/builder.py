"""Furnishing a room piece by piece: every piece stands on something and touches nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rls3.assets.catalogue import build
from rls3.assets.types import OBJECT_TYPES
from rls3.assets.variants import asset_id
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Array, Boxes, Vector, pose_matrix
from rls3.engine.physics.collision import Physics
from rls3.engine.physics.placing import place
from rls3.engine.rooms.style import INWARD_YAW, RoomStyle, WallHole
from rls3.engine.world.objects import ObjectState, SceneObject, object_id_for
from rls3.engine.world.receptacles import surfaces_of
from rls3.engine.world.shell import ShellPiece
from rls3.engine.world.world import World

#: Looks that are drawn from, per type.
VARIANTS = 6
#: Space left behind what stands at a wall, and beside what hangs there, metres.
WALL_GAP = 0.01
HANGING_GAP = 0.08
#: Places tried for an object.
TRIES = 24
WALLS = tuple(INWARD_YAW)


@dataclass(frozen=True)
class ShellFrame:
    """Where the middle of a built-in thing is: position, metres, and Unity Euler angles, degrees."""

    position: Vector
    rotation: Vector

    @property
    def pose(self) -> Array:
        """(4, 4) matrix from its own to world coordinates."""
        return pose_matrix(self.position, self.rotation)


@dataclass
class RoomBuilder:
    """A room under construction.

    Attributes:
        world: the room so far.
        physics: of the same world.
        style: its size and look.
        kind: what it is used as.
        random: where all choices come from.
        holes: cut into its walls.
        reserved: space before doors and windows that furniture keeps out of.
        fixtures: what is built in without being an object.
    """

    world: World
    style: RoomStyle
    kind: str
    random: np.random.Generator
    physics: Physics = field(init=False)
    holes: list[WallHole] = field(default_factory=list)
    reserved: Boxes = field(default_factory=Boxes.empty)
    fixtures: list[ShellPiece] = field(default_factory=list)
    _count: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.physics = Physics(self.world)

    def make(
        self,
        object_type: str,
        scale: tuple[float, float] = (0.92, 1.1),
        size: Vector | None = None,
        variant: int | None = None,
    ) -> SceneObject:
        """Return a new object of a type, not yet in the room, in a random variant and size about its typical one.

        Args:
            object_type: name of the type.
            scale: least and greatest multiple of the typical size.
            size: box (x, y, z), metres, in place of that.
            variant: below `HELD_OUT`; None draws one. Held-out rooms take the held-out one in its place.
        """
        kind = OBJECT_TYPES[object_type]
        factor = float(self.random.uniform(*scale))
        wide = float(self.random.uniform(0.96, 1.04))
        x, y, z = size or (kind.size[0] * factor * wide, kind.size[1] * factor, kind.size[2] * factor / wide)
        drawn = int(self.random.integers(VARIANTS)) if variant is None else variant
        variant = drawn + self.style.first_variant
        number = self._count.get(object_type, 0) + 1
        self._count[object_type] = number
        model = build(object_type, size=(x, y, z), variant=variant)
        return SceneObject(
            object_id=f"{object_type}#{number}",
            name=f"{object_type}_{number}",
            type=kind,
            model=model,
            position=(0.0, 0.0, 0.0),
            asset_id=asset_id(object_type, variant),
            state=ObjectState.of(kind),
        )

    def add(self, item: SceneObject, object_id: str | None = None) -> SceneObject:
        """Put an object into the room as it is, with the id that belongs to its position unless one is given."""
        object_id = object_id or object_id_for(item.type.name, item.position)
        while object_id in self.world.objects:
            object_id += "_1"
        named = replace(item, object_id=object_id)
        self.world.put(named)
        return named

    def rebuild(self) -> None:
        """Build the shell anew round its holes, with all fixtures."""
        shell = self.style.shell(self.kind, self.holes, self.fixtures)
        self.world.replace_scene(shell, self.world.objects)

    def at_wall(
        self,
        item: SceneObject,
        wall: str | None = None,
        along: float | None = None,
        *,
        height: float | None = None,
        front: float = 0.0,
        margin: float | None = None,
    ) -> SceneObject | None:
        """Stand an object with its back to a wall, or hang it there.

        Args:
            item: from `make`.
            wall: north, south, east or west; None tries all in random order.
            along: middle along the wall, metres from the wall's middle; None tries random places.
            height: of its middle above the floor when it hangs; None stands it on the floor.
            front: free depth demanded before it, metres.
            margin: free space demanded beside it, metres; None for what suits it.

        Returns:
            The object in the room, None when there is no place.
        """
        walls = [wall] if wall else [WALLS[i] for i in self.random.permutation(len(WALLS))]
        beside = margin if margin is not None else 0.0 if height is None else HANGING_GAP
        for name in walls:
            for _ in range(1 if along is not None else TRIES // 2):
                placed = self._against(item, name, along, height)
                if placed is not None and self.free(placed, front, beside):
                    hangs = replace(placed.state, kinematic=height is not None)
                    return self.add(replace(placed, state=hangs))
        return None

    def _against(self, item: SceneObject, wall: str, along: float | None, height: float | None) -> SceneObject | None:
        width, tall, deep = item.model.size
        slack = self.style.length(wall) / 2 - width / 2 - WALL_GAP
        if slack < 0:
            return None
        along = float(self.random.uniform(-slack, slack)) if along is None else along
        if abs(along) > slack + 1e-9:
            return None
        x, z = self.style.place(wall, along, deep / 2 + WALL_GAP)
        return item.at((x, tall / 2 if height is None else height, z), (0.0, INWARD_YAW[wall], 0.0))

    def fix(
        self,
        item: SceneObject,
        base: SceneObject | ShellFrame,
        offset: Vector,
        *,
        part_of: SceneObject | None = None,
    ) -> SceneObject | None:
        """Put an object exactly where it belongs, such as a tap on its sink, and let it hang there.

        Args:
            item: from `make`.
            base: whose frame the offset is in, and whose yaw it gets.
            offset: of the middles, metres.
            part_of: the object whose part it is, which AI2-THOR says by its id, as in `Sink|...|SinkBasin`.

        Returns:
            The object in the room, None when something is in the way.
        """
        x, y, z = base.pose[:3, :3] @ np.array(offset) + np.asarray(base.position)
        placed = item.at((x, y, z), base.rotation)
        if self.physics.collisions(placed.boxes):
            return None
        placed = replace(placed, state=replace(placed.state, kinematic=True))
        return self.add(placed, None if part_of is None else f"{part_of.object_id}|{item.type.name}")

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
        return self._outside_reserved(item) and not self.physics.collisions(boxes)

    def _outside_reserved(self, item: SceneObject) -> bool:
        low, high = item.aabb
        into = (low < self.reserved.high - 0.01).all(axis=1) & (high > self.reserved.low + 0.01).all(axis=1)
        return not into.any()

    def on_floor(
        self, item: SceneObject, around: tuple[float, float] | None = None, spread: float = 1.5
    ) -> SceneObject | None:
        """Stand an object anywhere on the floor, or within `spread` metres of a point; None when there is no place."""
        for _ in range(TRIES):
            half = np.array((self.style.width - item.model.size[0], self.style.depth - item.model.size[2])) / 2 - 0.05
            spot = self.random.uniform(-1, 1, 2) * half
            if around is not None:
                spot = np.clip(np.array(around) + self.random.uniform(-spread, spread, 2), -half, half)
            x, z = spot + np.array(self.style.center)
            placed = self._stand(item, (float(x), 0.0, float(z)), self._yaw(item))
            if placed is not None:
                return placed
        return None

    def stand(self, item: SceneObject, x: float, z: float, yaw: float, level: float = 0.0) -> SceneObject | None:
        """Stand an object on the floor, or on what is at another height, at a place; None when it is taken."""
        return self._stand(item, (x, level, z), yaw)

    def on(
        self,
        item: SceneObject,
        base: SceneObject,
        region: Sequence[float] = (-1.0, 1.0, -1.0, 1.0),
        *,
        inside: bool = False,
    ) -> SceneObject | None:
        """Stand an object on one of another's surfaces.

        Args:
            item: from `make`.
            base: an object of the room.
            region: part of the surface, u0, u1, v0, v1 within -1..1 of its half sizes, for the object's middle.
            inside: whether to put it behind the other's door or lid.

        Returns:
            The object in the room, None when there is no place.
        """
        surfaces = [
            s
            for s, of_model in zip(surfaces_of(base), base.model.surfaces, strict=True)
            if item.model.size[1] < s.clearance and of_model.inside == inside
        ]
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
        # It may have missed the surface and landed on something lower.
        if abs(placed.bottom - point[1]) > 0.02 or not self._outside_reserved(placed):
            return None
        return self.add(placed)

    def _yaw(self, item: SceneObject) -> float:
        """Return a yaw that turns an object's front to the room's middle, or any yaw when it has none."""
        if item.type.has_front:
            return float(self.random.uniform(0, 360))
        return float(self.random.integers(0, 24)) * 15.0

    def chance(self, probability: float) -> bool:
        """Return True with a probability."""
        return bool(self.random.random() < probability)

    def pick(self, names: Sequence[str], count: int) -> list[str]:
        """Return some of the names, in random order, each once."""
        order = self.random.permutation(len(names))[: math.floor(count)]
        return [names[i] for i in order]

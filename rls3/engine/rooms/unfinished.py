"""A room under construction: what is in it, what things are made for it, and what they would touch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rls3.assets.catalogue import build
from rls3.assets.types import OBJECT_TYPES
from rls3.assets.variants import asset_id
from rls3.engine.geometry import Array, Boxes, Vector, pose_matrix
from rls3.engine.physics.collision import Physics
from rls3.engine.rooms.style import RoomStyle, WallHole
from rls3.engine.world.objects import ObjectState, SceneObject, object_id_for
from rls3.engine.world.shell import ShellPiece
from rls3.engine.world.world import World

#: Looks that are drawn from, per type.
VARIANTS = 6


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
class UnfinishedRoom:
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
        return self.outside_reserved(item) and not self.physics.collisions(boxes)

    def outside_reserved(self, item: SceneObject) -> bool:
        """Return whether an object keeps out of the space before doors and windows."""
        low, high = item.aabb
        into = (low < self.reserved.high - 0.01).all(axis=1) & (high > self.reserved.low + 0.01).all(axis=1)
        return not into.any()

    def chance(self, probability: float) -> bool:
        """Return True with a probability."""
        return bool(self.random.random() < probability)

    def pick(self, names: Sequence[str], count: int) -> list[str]:
        """Return some of the names, in random order, each once."""
        order = self.random.permutation(len(names))[: math.floor(count)]
        return [names[i] for i in order]

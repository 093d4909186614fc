"""Furnishing a room piece by piece: every piece stands on something and touches nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rls3.engine.errors import ActionError
from rls3.engine.geometry import Vector
from rls3.engine.physics.placing import place
from rls3.engine.rooms.style import INWARD_YAW
from rls3.engine.rooms.unfinished import UnfinishedRoom
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.receptacles import surfaces_of

#: Space left behind what stands at a wall, and beside what hangs there, metres.
WALL_GAP = 0.01
HANGING_GAP = 0.08
#: Places tried for an object.
TRIES = 24
WALLS = tuple(INWARD_YAW)


class RoomBuilder(UnfinishedRoom):
    """Finds places in a room, and puts things there."""

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
        if abs(placed.bottom - point[1]) > 0.02 or not self.outside_reserved(placed):
            return None
        return self.add(placed)

    def _yaw(self, item: SceneObject) -> float:
        """Return a yaw that turns an object's front to the room's middle, or any yaw when it has none."""
        if item.type.has_front:
            return float(self.random.uniform(0, 360))
        return float(self.random.integers(0, 24)) * 15.0

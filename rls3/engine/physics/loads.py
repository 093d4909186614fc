"""Objects with what they carry, which moves with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rls3.engine.errors import ActionError
from rls3.engine.geometry import Array, euler_angles
from rls3.engine.physics.collision import CONTACT_GAP, Physics
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.world import World


@dataclass(frozen=True)
class Load:
    """An object and everything it carries, which moves with it."""

    root: SceneObject
    carried: tuple[SceneObject, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Ids of all of them."""
        return frozenset((self.root.object_id, *(o.object_id for o in self.carried)))

    def at(self, position: Sequence[float], rotation: Sequence[float]) -> list[SceneObject]:
        """Return all of them with the root at another pose.

        Raises:
            ActionError: the root would be tilted and spill what it carries.
        """
        moved = self.root.at(position, rotation)
        if not self.carried:
            return [moved]
        turn: Array = moved.pose @ np.linalg.inv(self.root.pose)
        if min(abs(turn[1, 1] - 1), abs(moved.pose[1, 1] - 1)) > 1e-9:
            names = ", ".join(o.object_id for o in self.carried)
            raise ActionError(f"{self.root.object_id} cannot be tilted while it carries {names}; move those first")
        poses = [turn @ o.pose for o in self.carried]
        others = [o.at(p[:3, 3], euler_angles(p[:3, :3])) for o, p in zip(self.carried, poses, strict=True)]
        return [moved, *others]


def load_of(world: World, physics: Physics, item: SceneObject) -> Load:
    """Return an object with everything that stands on it, directly or not."""
    carried: dict[str, SceneObject] = {}
    front = [item]
    while front:
        base = front.pop()
        low, high = base.aabb
        for other in world.objects_within(low - CONTACT_GAP, high + CONTACT_GAP):
            if other.object_id in carried or other is item or not can_fall(other):
                continue
            if base.object_id in physics.support(other.boxes, {other.object_id}).owners:
                carried[other.object_id] = other
                front.append(other)
    return Load(item, tuple(carried.values()))


def can_fall(item: SceneObject) -> bool:
    """Return whether an object falls when nothing carries it: it can be moved, and is neither held nor hung up."""
    return item.movable and item.present and not item.state.kinematic and item.state.held_by is None

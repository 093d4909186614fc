"""Putting objects somewhere so that nothing clips, floats or tips over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rls3.engine.errors import ActionError
from rls3.engine.geometry import Array, Boxes, Vector, footprint, hull_of, within_convex
from rls3.engine.physics import CONTACT_GAP, STABLE_MARGIN, Physics
from rls3.engine.world import SceneObject, World

#: Objects start this far above the wanted point, so that the surface itself is not in the way, metres.
START_GAP = 0.001
#: A wanted point may lie this far inside the surface; the object is raised, metres.
LIFT = 0.03


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
        if abs(turn[1, 1] - 1) > 1e-9:
            names = ", ".join(o.object_id for o in self.carried)
            raise ActionError(f"{self.root.object_id} cannot be tilted while it carries {names}; move those first")
        yaw = float(rotation[1]) - self.root.rotation[1]
        others = [
            o.at((turn @ np.array([*o.position, 1.0]))[:3], (o.rotation[0], o.rotation[1] + yaw, o.rotation[2]))
            for o in self.carried
        ]
        return [moved, *others]


def load_of(world: World, physics: Physics, item: SceneObject) -> Load:
    """Return an object with everything that stands on it, directly or not."""
    carried: dict[str, SceneObject] = {}
    front = [item]
    while front:
        base = front.pop()
        low, high = base.aabb
        for other in world.active_objects():
            if other.object_id in carried or other is item or not other.movable or other.state.kinematic:
                continue
            other_low, other_high = other.aabb
            apart = (other_low > high + CONTACT_GAP).any() or (other_high < low - CONTACT_GAP).any()
            if apart or other_low[1] < low[1] + CONTACT_GAP:
                continue
            if base.object_id in physics.support(other.boxes, {other.object_id}).owners:
                carried[other.object_id] = other
                front.append(other)
    return Load(item, tuple(carried.values()))


def check_movable(item: SceneObject) -> None:
    """Raise ActionError when actions may not move the object."""
    if not item.movable:
        raise ActionError(f"{item.object_id} is neither pickupable nor moveable and cannot be placed")


def check_bounds(world: World, position: Sequence[float]) -> None:
    """Raise ActionError when a position lies outside the scene."""
    low, high = world.bounds()
    x, y, z = position
    inside = all(low[i] <= v <= high[i] for i, v in enumerate((x, y, z))) and world.shell.contains(x, z)
    if not inside:
        raise ActionError(f"Position coordinate ({x}, {y}, {z}) is not within scene bounds")


def place(
    world: World,
    physics: Physics,
    item: SceneObject,
    point: Sequence[float],
    rotation: Sequence[float],
    *,
    fall: bool = True,
) -> None:
    """Stand an object with the middle of its underside on `point`, or on the first surface below.

    Args:
        world: the scene; changed only on success.
        physics: of the same scene.
        item: an object, inside the scene or new to it.
        point: middle of the underside of its bounding box, metres.
        rotation: Unity Euler angles, degrees.
        fall: False leaves the object at the point, without support.

    Raises:
        ActionError: something is in the way, or nothing below carries it.
    """
    check_bounds(world, point)
    known = item.object_id in world.objects
    load = load_of(world, physics, item) if known else Load(item, ())
    turned = item.at(point, rotation)
    height = float(point[1]) - turned.bottom + float(point[1])
    start = (float(point[0]), height + (START_GAP if fall else 0.0), float(point[2]))
    settle_load(world, physics, load, start, rotation, fall=fall)


def settle_load(
    world: World, physics: Physics, load: Load, center: Sequence[float], rotation: Sequence[float], *, fall: bool = True
) -> None:
    """Put an object and what it carries at a pose of the object's centre, let them fall, and keep the result.

    Raises:
        ActionError: as for `place`.
    """
    ignore = load.ids
    moved = load.at(center, rotation)
    if fall:
        lift = _needed_lift(physics, moved[0].boxes, ignore)
        moved = [_shifted(o, (0.0, lift, 0.0)) for o in moved]
    _check_free(world, physics, moved, ignore)
    if fall:
        gap = physics.drop(moved[0].boxes, ignore, lift=CONTACT_GAP)
        if gap is None:
            raise ActionError(f"nothing below {load.root.object_id} carries it at {_text(center)}")
        moved = [_shifted(o, (0.0, -gap, 0.0)) for o in moved]
        _check_free(world, physics, moved, ignore)
        support = physics.support(moved[0].boxes, ignore)
        x, _, z = balance_point(moved[0])
        if not support.carries((x, z)):
            on = ", ".join(support.owners) or "an edge"
            raise ActionError(f"{load.root.object_id} is not stable at {_text(center)}: it would tip over on {on}")
    root = moved[0]
    world.put(replace(root, state=replace(root.state, kinematic=not fall)))
    for each in moved[1:]:
        world.put(each)


def balance_point(item: SceneObject) -> Vector:
    """Return where an object's weight acts, in the world, metres.

    It is the middle of its collision boxes' volume, drawn inside its base where it would lie outside: household things
    are weighted so that they stand on a flat floor.
    """
    boxes = item.at((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)).boxes
    volume = boxes.halves.prod(axis=1)
    center = (boxes.centers * volume[:, None]).sum(axis=0) / volume.sum()
    lowest = np.flatnonzero(boxes.low[:, 1] < boxes.low[:, 1].min() + CONTACT_GAP)
    base = hull_of([point for i in lowest for point in footprint(boxes.corners(int(i)))])
    middle = np.mean(base, axis=0)
    for share in np.linspace(0.0, 1.0, 21):
        x, z = (1 - share) * center[[0, 2]] + share * middle
        if within_convex((float(x), float(z)), base, 2 * STABLE_MARGIN):
            break
    x, y, z = (item.pose @ np.array((x, center[1], z, 1.0)))[:3]
    return (float(x), float(y), float(z))


def fall_down(world: World, physics: Physics, objects: Iterable[SceneObject]) -> None:
    """Let objects whose support went away fall straight down, the lowest first."""
    for item in sorted(objects, key=lambda o: o.bottom):
        gap = physics.drop(item.boxes, {item.object_id})
        if gap is not None and gap > CONTACT_GAP:
            world.put(_shifted(item, (0.0, -gap, 0.0)))


def _needed_lift(physics: Physics, boxes: Boxes, ignore: frozenset[str]) -> float:
    gap = physics.drop(boxes, ignore, lift=LIFT)
    return START_GAP - gap if gap is not None and gap < START_GAP else 0.0


def _check_free(world: World, physics: Physics, moved: list[SceneObject], ignore: frozenset[str]) -> None:
    boxes = Boxes.join([o.boxes for o in moved])
    hit = physics.collisions(boxes, ignore)
    if hit:
        raise ActionError(f"Spawn area not clear ({hit[0]}) is in the way), can't place object at that point")
    agent = physics.agent_in_the_way(boxes)
    if agent is not None:
        raise ActionError(f"Spawn area not clear (agent {agent}) is in the way), can't place object at that point")
    x, z = moved[0].position[0], moved[0].position[2]
    if not world.shell.contains(x, z):
        raise ActionError(f"Position coordinate {_text(moved[0].position)} is not within scene bounds")


def _shifted(item: SceneObject, offset: Vector) -> SceneObject:
    x, y, z = item.position
    return item.at((x + offset[0], y + offset[1], z + offset[2]))


def _text(position: Sequence[float]) -> str:
    return "(" + ", ".join(f"{v:.3f}" for v in position) + ")"

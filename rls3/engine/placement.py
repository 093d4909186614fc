"""Putting objects somewhere so that nothing clips, floats or tips over."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rls3.engine.errors import ActionError
from rls3.engine.geometry import Array, Boxes, Point, Vector, euler_angles, footprint, hull_of, within_convex
from rls3.engine.physics import CONTACT_GAP, STABLE_MARGIN, Physics
from rls3.engine.world import SceneObject, World

#: Objects start this far above the wanted point, so that the surface itself is not in the way, metres.
START_GAP = 0.001
#: A wanted point may lie this far inside the surface; the object is raised, metres.
LIFT = 0.03
#: What hangs on a wall may be this far before it, metres.
HANGING_REACH = 0.03
#: What cannot stay where it falls comes to rest at most this far from there, metres.
SPREAD = 1.5
#: Whatever can be moved bears this many kilograms, and this many times its own mass.
BEARABLE_MASS = 5.0
BEARABLE_SHARE = 20.0
#: Massless types count as this heavy, kg.
MIN_MASS = 0.01
_SPIRAL: tuple[Point, ...] = (
    (0.0, 0.0),
    *(
        (0.05 * ring * math.sin(math.radians(angle)), 0.05 * ring * math.cos(math.radians(angle)))
        for ring in range(1, round(SPREAD / 0.05) + 1)
        for angle in range(0, 360, 30)
    ),
)


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
        for other in world.active_objects():
            if other.object_id in carried or other is item or not _can_fall(other):
                continue
            other_low, other_high = other.aabb
            if (other_low > high + CONTACT_GAP).any() or (other_high < low - CONTACT_GAP).any():
                continue
            if base.object_id in physics.support(other.boxes, {other.object_id}).owners:
                carried[other.object_id] = other
                front.append(other)
    return Load(item, tuple(carried.values()))


def _can_fall(item: SceneObject) -> bool:
    return item.movable and item.present and not item.state.kinematic and item.state.held_by is None


def at_rest(world: World, physics: Physics, item: SceneObject) -> bool:
    """Return whether an object stays where it is: it stands, hangs on what is behind it, is held, or cannot move.

    It stands when the centre of mass of it and all it carries is over what it stands on.
    """
    if not _can_fall(item):
        return True
    load = load_of(world, physics, item)
    if physics.support(item.boxes, load.ids).carries(_center_of_mass((item, *load.carried))):
        return True
    if not item.type.wall_mounted:
        return False
    behind = item.pose[:3, :3] @ np.array((0.0, 0.0, -HANGING_REACH))
    return bool(physics.collisions(item.boxes.shifted(behind), {item.object_id}, tolerance=0.0))


def steady_carriers(world: World, physics: Physics, item: SceneObject, ignore: Collection[str]) -> list[SceneObject]:
    """Return the movable objects that an object stands on, directly or not, and that are at rest now.

    They may tip over when it comes or goes. Those of the ids to ignore are left out.
    """
    found: dict[str, SceneObject] = {}
    front = [item]
    while front:
        base = front.pop()
        for key in physics.support(base.boxes, {base.object_id, *ignore}).owners:
            below = world.objects.get(key)
            if below is not None and key not in found and _can_fall(below):
                found[key] = below
                front.append(below)
    return [o for o in found.values() if at_rest(world, physics, o)]


def _center_of_mass(items: Sequence[SceneObject]) -> Point:
    masses = np.array([max(o.type.mass, MIN_MASS) for o in items])
    points = np.array([balance_point(o) for o in items])
    x, _, z = masses @ points / masses.sum()
    return (float(x), float(z))


def check_movable(item: SceneObject) -> None:
    """Raise ActionError when actions may not move the object."""
    if not item.movable:
        raise ActionError(f"{item.object_id} is neither pickupable nor moveable and cannot be placed")
    if not item.present:
        raise ActionError(f"{item.object_id} is disabled or sliced and cannot be placed")
    if item.state.held_by is not None:
        raise ActionError(f"{item.object_id} is in the hand of agent {item.state.held_by}; put it down first")


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
    furthest: float = math.inf,
    load: Load | None = None,
) -> None:
    """Stand an object with the middle of its underside on `point`, or on the first surface below.

    Args:
        world: the scene; changed only on success.
        physics: of the same scene.
        item: an object, inside the scene or new to it.
        point: middle of the underside of its bounding box, metres.
        rotation: Unity Euler angles, degrees.
        fall: False leaves the object at the point, without support.
        furthest: how far it may fall below the point, metres.
        load: the object with what it carries, where that is not what stands on it in the scene.

    Raises:
        ActionError: something is in the way, or nothing below carries it.
    """
    check_bounds(world, point)
    if load is None:
        load = load_of(world, physics, item) if item.object_id in world.objects else Load(item, ())
    turned = item.at(point, rotation)
    height = float(point[1]) - turned.bottom + float(point[1])
    start = (float(point[0]), height + (START_GAP if fall else 0.0), float(point[2]))
    settle_load(world, physics, load, start, rotation, fall=fall, furthest=furthest)


def settle_load(
    world: World,
    physics: Physics,
    load: Load,
    center: Sequence[float],
    rotation: Sequence[float],
    *,
    fall: bool = True,
    furthest: float = math.inf,
) -> None:
    """Put an object and what it carries at a pose of the object's centre, let them fall, and keep the result.

    Raises:
        ActionError: as for `place`.
    """
    before = dict(world.objects)
    moved = load.at(center, rotation)
    if fall:
        moved = _landed(world, physics, load, moved, furthest)
    else:
        _check_free(world, physics, moved, load.ids)
    moved[0] = replace(moved[0], state=replace(moved[0].state, kinematic=not fall))
    carriers = steady_carriers(world, physics, moved[0], load.ids)
    for below in carriers:
        if (weight := sum(o.type.mass for o in moved)) > max(BEARABLE_MASS, BEARABLE_SHARE * below.type.mass):
            raise ActionError(f"{load.root.object_id} ({weight:g} kg) is too heavy to stand on {below.object_id}")
    if load.root.object_id in before:
        carriers += steady_carriers(world, physics, load.root, load.ids)
    for each in moved:
        world.put(each)
    for key in dict.fromkeys(o.object_id for o in (*moved, *carriers)):
        fallen = world.objects[key]
        if not at_rest(world, physics, fallen):
            on = ", ".join(physics.support(fallen.boxes, {key}).owners) or "an edge"
            world.replace_scene(world.shell, before)
            where = f"{load.root.object_id} is not stable at {_text(moved[0].position)}"
            raise ActionError(f"{where}: {key} would tip over on {on}")


def _landed(world: World, physics: Physics, load: Load, moved: list[SceneObject], furthest: float) -> list[SceneObject]:
    """Return the objects where they come to rest when they are let go.

    Raises:
        ActionError: something is in the way, or nothing below carries the first of them.
    """
    ignore, start = load.ids, moved[0].position
    lift = _needed_lift(physics, moved[0].boxes, ignore)
    moved = [_shifted(o, (0.0, lift, 0.0)) for o in moved]
    _check_free(world, physics, moved, ignore)
    gap = physics.drop(moved[0].boxes, ignore, lift=CONTACT_GAP)
    if gap is None:
        raise ActionError(f"nothing below {load.root.object_id} carries it at {_text(start)}")
    if gap > furthest + START_GAP:
        raise ActionError(f"{load.root.object_id} would fall {gap:.3f} metres from {_text(start)}")
    moved = [_shifted(o, (0.0, -gap, 0.0)) for o in moved]
    _check_free(world, physics, moved, ignore)
    return moved


def settle_down(world: World, physics: Physics, objects: Iterable[SceneObject]) -> None:
    """Let objects that lost their support fall, the lowest first, each with what it carries.

    One that would not stay where it lands comes to rest beside it, see `rest_nearby`.

    Raises:
        ActionError: there is no place for one; the scene may then be half changed.
    """
    ids = [o.object_id for o in objects]
    for _ in range(2 * len(ids) + 1):  # what falls may have held up another of them, which then falls in its turn
        loose = [world.objects[key] for key in ids if not at_rest(world, physics, world.objects[key])]
        if not loose:
            return
        rest_nearby(world, physics, min(loose, key=lambda o: o.bottom))
    raise ActionError(f"{', '.join(o.object_id for o in loose)} would keep falling off each other")


def touched_by(changed: Sequence[SceneObject], objects: Iterable[SceneObject]) -> list[SceneObject]:
    """Return the objects that may have lost their support: those near enough to something that came, went or moved.

    Args:
        changed: what came or went, at its poses before and after.
        objects: those to choose from.
    """
    if not changed:
        return []
    low, high = (np.array(corners) for corners in zip(*(o.aabb for o in changed), strict=True))
    low, high = low - HANGING_REACH, high + HANGING_REACH
    return [o for o in objects if ((o.aabb[0] <= high).all(axis=1) & (o.aabb[1] >= low).all(axis=1)).any()]


def rest_nearby(world: World, physics: Physics, item: SceneObject) -> None:
    """Let an object of the scene fall with what it carries, or come to rest in the nearest free place beside.

    It stays turned as it is where it can, else it is set upright.

    Raises:
        ActionError: there is no such place.
    """
    load = load_of(world, physics, item)
    if not any(_settled_at(world, physics, load, offset) for offset in _SPIRAL):
        raise ActionError(f"{item.object_id} would fall and finds no place to rest within {SPREAD:g} metres")


def _settled_at(world: World, physics: Physics, load: Load, offset: Point) -> bool:
    x, y, z = load.root.position
    pitch, yaw, roll = load.root.rotation
    for turned in dict.fromkeys(((pitch, yaw, roll), (0.0, yaw, 0.0))):
        try:
            settle_load(world, physics, load, (x + offset[0], y, z + offset[1]), turned)
        except ActionError:
            continue
        return True
    return False


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

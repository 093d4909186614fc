"""Changes of an object's shape in its place: a door opens, a vase breaks, bread falls into slices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rls3.assets.catalogue import build
from rls3.assets.types import OBJECT_TYPES
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Array
from rls3.engine.physics.collision import Physics
from rls3.engine.physics.loads import Load, load_of
from rls3.engine.physics.settling import rest_nearby, settle_down
from rls3.engine.world.objects import ObjectState, SceneObject
from rls3.engine.world.receptacles import REACH, WorldSurface, surfaces_of
from rls3.engine.world.world import World

#: A moving door is looked at in steps of this openness.
SWEEP = 0.25
#: What each type falls into: the type of a piece, and how many of them.
PIECES = {
    "Apple": ("AppleSliced", 4),
    "Bread": ("BreadSliced", 5),
    "Egg": ("EggCracked", 1),
    "Lettuce": ("LettuceSliced", 4),
    "Potato": ("PotatoSliced", 4),
    "Tomato": ("TomatoSliced", 4),
}


def reshape(world: World, physics: Physics, item: SceneObject, **state: Any) -> None:
    """Change an object's state; what stands on it follows its surfaces, or falls when they are gone.

    Args:
        world: the scene, which may be half changed when the change fails.
        physics: of the same scene.
        item: an object of the scene.
        state: fields of `ObjectState`.

    Raises:
        ActionError: the new shape would enter something, or what stands on it would.
    """
    changed = item.changed(**state)
    if changed.model is item.model or not item.present:
        world.put(changed)
        return
    load = load_of(world, physics, item)
    moved = [_following(o, item, changed) for o in load.carried]
    _check_sweep(physics, item, changed, load)
    for each in (changed, *moved):
        world.put(each)
    for each in moved:
        hit = physics.collisions(each.boxes, {each.object_id})
        if hit:
            raise ActionError(f"{hit[0]} is in the way of {each.object_id}, which stands on {item.object_id}")
    settle_down(world, physics, [changed, *moved])


def _check_sweep(physics: Physics, item: SceneObject, changed: SceneObject, load: Load) -> None:
    """Raise ActionError when something is in the way of the object on its way to the changed shape."""
    start, end = item.state.openness, changed.state.openness
    count = max(1, round(abs(end - start) / SWEEP))
    for share in np.linspace(0.0, 1.0, count + 1)[1:]:
        shape = changed.changed(openness=start + float(share) * (end - start)) if start != end else changed
        hit = physics.collisions(shape.boxes, load.ids)
        agent = physics.agent_in_the_way(shape.boxes)
        if agent is not None:
            hit.append(f"agent {agent}")
        if hit:
            raise ActionError(f"{hit[0]} is in the way of {item.object_id}")


def _following(other: SceneObject, item: SceneObject, changed: SceneObject) -> SceneObject:
    """Return an object that stands on `item` at the same place of the same surface of the changed one."""
    before, after = surfaces_of(item), surfaces_of(changed)
    if len(before) != len(after):
        return other
    below = [
        n for n, surface in enumerate(before) if other.bottom > surface.frame[1, 3] - REACH and _is_over(surface, other)
    ]
    if not below:
        return other
    nearest = max(below, key=lambda n: before[n].frame[1, 3])
    shift: Array = after[nearest].frame[:3, 3] - before[nearest].frame[:3, 3]
    x, y, z = np.asarray(other.position) + shift
    return other.at((x, y, z)) if np.abs(shift).max() > 1e-9 else other


def _is_over(surface: WorldSurface, other: SceneObject) -> bool:
    x, _, z = surface.frame[:3, :3].T @ (np.asarray(other.position) - surface.frame[:3, 3])
    return bool(abs(x) <= surface.half_size[0] and abs(z) <= surface.half_size[1])


def cut(world: World, physics: Physics, item: SceneObject) -> None:
    """Put an object's pieces in its place, side by side along its longest axis; what stood on it falls.

    Raises:
        ActionError: a piece finds no place; the scene may then be half changed.
    """
    kind, count = PIECES[item.type.name]
    size = list(item.model.size)
    axis = 0 if size[0] >= size[2] else 2
    length = size[axis]
    size[axis] = length / count
    load = load_of(world, physics, item)
    world.put(item.changed(sliced=True))
    pieces = []
    for number in range(count):
        offset = np.zeros(3)
        offset[axis] = ((number + 0.5) / count - 0.5) * length
        x, y, z = (item.pose @ np.array((*offset, 1.0)))[:3]
        pieces.append(
            SceneObject(
                object_id=f"{item.object_id}|{kind}_{number}",
                name=f"{item.name}_{kind}_{number}",
                type=OBJECT_TYPES[kind],
                model=build(kind, size=(size[0], size[1], size[2]), variant=item.model.variant),
                position=(float(x), float(y), float(z)),
                rotation=item.rotation,
                asset_id=item.asset_id,
                size_source=item.size_source,
                state=replace(ObjectState.of(OBJECT_TYPES[kind]), paint=item.state.paint),
            )
        )
    for piece in pieces:
        world.put(piece)
    for piece in pieces:
        if physics.collisions(piece.boxes, {piece.object_id}):  # its corners may reach farther than the whole thing's
            rest_nearby(world, physics, piece)
    settle_down(world, physics, [*pieces, *load.carried])

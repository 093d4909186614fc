"""What agents hold: it moves with the hand, keeps clear of the room, and is let go again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from rls3.engine.errors import ActionError
from rls3.engine.geometry import Array, Boxes, euler_angles
from rls3.engine.physics.collision import Physics
from rls3.engine.world.hands import Hand
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.world import World


def held_objects(world: World, agent: int) -> list[SceneObject]:
    """Return what an agent has in its hand, and after it what that carries."""
    root = world.agents[agent].hand.holds
    held = [o for o in world.objects.values() if o.state.held_by == agent]
    return sorted(held, key=lambda o: o.object_id != root)


def take(world: World, agent: int, objects: Iterable[SceneObject]) -> None:
    """Put an object, the first, into an agent's hand together with what it carries; `follow` then moves them there."""
    taken = [o.changed(held_by=agent, kinematic=False) for o in objects]
    for item in taken:
        world.put(item)
    holder = world.agents[agent]
    world.agents[agent] = replace(holder, hand=replace(holder.hand, holds=taken[0].object_id))


def let_go(world: World, agent: int) -> list[SceneObject]:
    """Empty an agent's hand, which goes back to its usual place; return what it held, still where it was."""
    released = [o.changed(held_by=None) for o in held_objects(world, agent)]
    for item in released:
        world.put(item)
    world.agents[agent] = replace(world.agents[agent], hand=Hand())
    return released


def follow(world: World, physics: Physics, *, free: bool = True) -> None:
    """Bring what agents hold to where their hands are now.

    Args:
        world: the scene; changed only on success.
        physics: of the same scene.
        free: whether a held object must not enter anything on arrival.

    Raises:
        ActionError: what is held would hit something.
    """
    for number, agent in enumerate(world.agents):
        if agent.hand.holds is None:
            continue
        held = held_objects(world, number)
        shift: Array = agent.hand_pose @ np.linalg.inv(held[0].pose)
        if np.abs(shift - np.eye(4)).max() < 1e-7:
            continue
        moved = [_moved(o, shift) for o in held]
        hit = physics.collisions(Boxes.join([o.boxes for o in moved]), {o.object_id for o in moved}) if free else []
        if hit:
            raise ActionError(f"a held item: {held[0].object_id} will collide with something: {hit[0]} is in the way")
        for item in moved:
            world.put(item)


def _moved(item: SceneObject, shift: Array) -> SceneObject:
    pose = shift @ item.pose
    return item.at(pose[:3, 3], euler_angles(pose[:3, :3]))

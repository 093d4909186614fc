"""Letting go of what the hand holds: dropping and throwing."""

from __future__ import annotations

import math

import numpy as np

from rls3.engine.actions.registry import action
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Boxes, forward
from rls3.engine.metadata.records import vector
from rls3.engine.physics.holding import let_go
from rls3.engine.physics.settling import settle_down
from rls3.engine.session import Session

#: ThrowObject's force acts this long, seconds; the flight is followed in steps of the same length.
THROW_STEP = 0.02
THROW_STEPS = 250
GRAVITY = 9.81


@action(need="hands", ignored=("forceAction",))
def drop_hand_object(session: Session) -> dict[str, float]:
    """Let go of what the hand holds: it falls to the surface below, or beside that where it would not stay.

    Returns:
        Where it came to rest, metres.
    """
    return _dropped(session)


@action(need="hands", ignored=("forceAction",))
def drop_held_object(session: Session) -> dict[str, float]:
    """Do as DropHandObject, by the newer name."""
    return _dropped(session)


def _dropped(session: Session) -> dict[str, float]:
    if session.agent.hand.holds is None:
        raise ActionError("nothing in hand to drop!")
    released = let_go(session.world, session.active_agent)
    settle_down(session.world, session.physics, released[:1])
    return vector(session.object(released[0].object_id).position)


@action(need="hands", ignored=("forceAction",))
def throw_object(session: Session, move_magnitude: float = 50.0) -> None:
    """Throw what the hand holds where the camera looks: it flies until it hits something, and comes to rest below.

    Args:
        session: the scene.
        move_magnitude: force in newtons during one step of the simulation.
    """
    if session.agent.hand.holds is None:
        raise ActionError("Nothing in Hand to Throw!")
    if move_magnitude < 0:
        raise ActionError(f"moveMagnitude must not be below 0 newtons, got {move_magnitude}")
    flying = let_go(session.world, session.active_agent)
    ids = {o.object_id for o in flying}
    agent = session.agent
    pitch = math.radians(agent.horizon)
    dx, _, dz = forward(agent.yaw)
    speed = move_magnitude * THROW_STEP / flying[0].type.mass
    velocity = speed * np.array((dx * math.cos(pitch), -math.sin(pitch), dz * math.cos(pitch)))
    for _ in range(THROW_STEPS):
        velocity[1] -= GRAVITY * THROW_STEP
        moved = [o.at(np.asarray(o.position) + velocity * THROW_STEP) for o in flying]
        boxes = Boxes.join([o.boxes for o in moved])
        outside = not session.world.shell.contains(moved[0].position[0], moved[0].position[2])
        if outside or session.physics.collisions(boxes, ids) or session.physics.agent_in_the_way(boxes) is not None:
            break
        flying = moved
    for each in flying:
        session.world.put(each)
    settle_down(session.world, session.physics, flying[:1])

"""Moving and turning the hand with what it holds."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from rls3.engine.actions.conversion import PartialVector
from rls3.engine.actions.hands import check_holds
from rls3.engine.actions.registry import action
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Vector, as_vector, euler_angles, rotation_matrix
from rls3.engine.physics.holding import follow, held_objects
from rls3.engine.session import Session

#: An agent's arm is this long, metres.
REACH = 1.5


@action(need="hands", ignored=("forceVisible",))
def move_held_object(session: Session, ahead: float = 0.0, right: float = 0.0, up: float = 0.0) -> None:
    """Move the hand, metres along the agent's own directions."""
    check_holds(session, "move")
    agent = session.agent
    body, camera = rotation_matrix((0.0, agent.yaw, 0.0)), rotation_matrix((agent.horizon, agent.yaw, 0.0))
    shift = camera.T @ body @ np.array((right, up, ahead))
    position = as_vector(np.asarray(agent.hand.position) + shift)
    if math.dist(position, (0.0, 0.0, 0.0)) > REACH:
        raise ActionError(f"The hand would be farther than {REACH:g} metres from the camera: {position}")
    session.agent = replace(agent, hand=replace(agent.hand, position=position))
    follow(session.world, session.physics)


@action(need="hands")
def rotate_held_object(
    session: Session,
    pitch: float | None = None,
    yaw: float | None = None,
    roll: float | None = None,
    rotation: PartialVector | None = None,
) -> None:
    """Turn the hand by angles about the agent's axes, degrees, or to a rotation in the hand's own frame."""
    check_holds(session, "rotate")
    angles = (pitch, yaw, roll)
    if (rotation is None) == all(a is None for a in angles):
        raise ActionError("RotateHeldObject needs either rotation, or some of pitch, yaw and roll")
    agent = session.agent
    if rotation is not None:
        turned: Vector = (rotation.get("x", 0.0), rotation.get("y", 0.0), rotation.get("z", 0.0))
    else:
        dx, dy, dz = (a or 0.0 for a in angles)
        before = rotation_matrix(agent.hand.rotation)
        turn = rotation_matrix((0.0, dy, 0.0)) @ rotation_matrix((dx, 0.0, 0.0)) @ rotation_matrix((0.0, 0.0, -dz))
        turned = euler_angles(turn @ before)
    carried = held_objects(session.world, session.active_agent)[1:]
    if carried and abs(rotation_matrix(turned)[1, 1] - 1) > 1e-9:
        raise ActionError(f"the held item cannot be tilted while it carries {carried[0].object_id}")
    session.agent = replace(agent, hand=replace(agent.hand, rotation=turned))
    follow(session.world, session.physics)


def _register_move(name: str, axis: str, sign: float) -> None:
    @action(name=name, need="hands", ignored=("forceVisible",))
    def move(session: Session, move_magnitude: float) -> None:
        move_held_object(session, **{axis: sign * move_magnitude})


for _name, _axis, _sign in (
    ("Ahead", "ahead", 1.0),
    ("Back", "ahead", -1.0),
    ("Right", "right", 1.0),
    ("Left", "right", -1.0),
    ("Up", "up", 1.0),
    ("Down", "up", -1.0),
):
    _register_move(f"MoveHeldObject{_name}", _axis, _sign)

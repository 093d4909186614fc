"""Picking up and putting down."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from rls3.engine.actions.registry import action
from rls3.engine.actions.targets import find_target
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Vector, as_vector, euler_angles, pose_matrix
from rls3.engine.physics.holding import follow, let_go, take
from rls3.engine.physics.loads import Load, load_of
from rls3.engine.physics.placing import place
from rls3.engine.physics.settling import settle_down
from rls3.engine.physics.stability import steady_carriers
from rls3.engine.session import Session
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.receptacles import surfaces_of

#: Where the hand is held before the camera, metres: farther when there is room.
HAND_DISTANCES = (0.38, 0.3, 0.22, 0.14)
#: Distance between the points of a receptacle where PutObject tries to put something, metres.
PUT_SPACING = 0.04


@action(need="hands")
def pickup_object(
    session: Session,
    object_id: str | None = None,
    x: float | None = None,
    y: float | None = None,
    force_action: bool = False,
    manual_interact: bool = False,
) -> str:
    """Take an object, and what it carries, into the hand; with `manualInteract` it stays where it is until moved.

    Returns:
        The object's id.
    """
    if session.agent.mode.arm:
        raise ActionError("PickupObject is not for agentMode 'arm', which picks up with its arm")
    if (held := session.agent.hand.holds) is not None:
        raise ActionError(f"Agent hand has something in it already! Can't pick up anything else: it holds {held}")
    item = find_target(session, object_id, x, y, force_action)
    if not item.type.pickupable:
        raise ActionError(f"{item.object_id} must have the property CanPickup to be picked up.")
    if item.state.held_by is not None:
        raise ActionError(f"{item.object_id} is in the hand of agent {item.state.held_by}")
    load = load_of(session.world, session.physics, item)
    if manual_interact:
        agent = session.agent
        local = np.linalg.inv(pose_matrix(agent.eye, (agent.horizon, agent.yaw, 0.0))) @ item.pose
        hand = replace(agent.hand, position=as_vector(local[:3, 3]), rotation=euler_angles(local[:3, :3]))
        session.agent = replace(agent, hand=hand)
    carriers = steady_carriers(session.world, session.physics, item, load.ids)
    take(session.world, session.active_agent, (item, *load.carried))
    settle_down(session.world, session.physics, carriers)
    if not _brought_to_hand(session, moved=not manual_interact):
        raise ActionError("Picking up object would cause it to collide and clip into something!")
    return item.object_id


def _brought_to_hand(session: Session, *, moved: bool) -> bool:
    """Return whether what was taken has room in the hand, which is drawn towards the camera where it has not."""
    agent = session.agent
    for ahead in HAND_DISTANCES if moved else (agent.hand.position[2],):
        x, y, _ = agent.hand.position
        session.agent = replace(agent, hand=replace(session.agent.hand, position=(x, y, ahead)))
        try:
            follow(session.world, session.physics)
        except ActionError:
            continue
        return True
    return False


@action(need="hands", ignored=("placeStationary",))
def put_object(
    session: Session,
    object_id: str | None = None,
    x: float | None = None,
    y: float | None = None,
    force_action: bool = False,
) -> None:
    """Put what the hand holds on or into a receptacle, as near to the agent as it fits."""
    check_holds(session, "place")
    target = find_target(session, object_id, x, y, force_action)
    if not target.type.receptacle:
        raise ActionError(f"This target object is NOT a receptacle! {target.object_id}")
    if target.state.held_by == session.active_agent:
        raise ActionError(f"{target.object_id} is itself in the agent's hand")
    if all(surface.shut for surface in surfaces_of(target)):
        raise ActionError(f"Target {target.object_id} is CLOSED, can't place object inside; open it first")
    released = let_go(session.world, session.active_agent)
    load = Load(released[0], tuple(released[1:]))
    yaw = session.agent.yaw
    for point in _points_on(target, session.agent.position):
        for turn in (yaw, yaw + 90.0):
            try:
                place(
                    session.world, session.physics, load.root, point, (0.0, turn % 360.0, 0.0), furthest=0.01, load=load
                )
            except ActionError:
                continue
            return
    raise ActionError("No valid positions to place object found")


def check_holds(session: Session, verb: str) -> None:
    """Raise ActionError when the acting agent's hand is empty; `verb` says what it was to do."""
    if session.agent.hand.holds is None:
        raise ActionError(f"Can't {verb} an object if Agent isn't holding anything")


def _points_on(target: SceneObject, eye: Vector) -> list[Vector]:
    """Return points of a receptacle's surfaces, the nearest to the agent first."""
    points: list[Vector] = []
    for surface in surfaces_of(target):
        if surface.shut:
            continue
        shares = [np.linspace(-1.0, 1.0, 2 * max(1, round(half / PUT_SPACING)) + 1)[1:-1] for half in surface.half_size]
        points += [surface.point(float(u), float(v)) for u in shares[0] for v in shares[1]]
    return sorted(points, key=lambda p: (math.hypot(p[0] - eye[0], p[2] - eye[2]), p))

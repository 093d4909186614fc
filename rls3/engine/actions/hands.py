"""Picking up, moving in the hand, putting down, dropping and throwing."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from rls3.engine.actions.conversion import PartialVector
from rls3.engine.actions.registry import action
from rls3.engine.actions.targets import find_target
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Boxes, Vector, euler_angles, forward, pose_matrix, rotation_matrix
from rls3.engine.metadata.records import vector
from rls3.engine.physics.holding import follow, held_objects, let_go, take
from rls3.engine.physics.loads import Load, load_of
from rls3.engine.physics.placing import place
from rls3.engine.physics.settling import settle_down
from rls3.engine.physics.stability import steady_carriers
from rls3.engine.session import Session
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.receptacles import surfaces_of

#: An agent's arm is this long, metres.
REACH = 1.5
#: Where the hand is held before the camera, metres: farther when there is room.
HAND_DISTANCES = (0.38, 0.3, 0.22, 0.14)
#: Distance between the points of a receptacle where PutObject tries to put something, metres.
PUT_SPACING = 0.04
#: ThrowObject's force acts this long, seconds; the flight is followed in steps of the same length.
THROW_STEP = 0.02
THROW_STEPS = 250
GRAVITY = 9.81


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
        hand = replace(agent.hand, position=_vector(local[:3, 3]), rotation=euler_angles(local[:3, :3]))
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
    _held(session, "place")
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


@action(need="hands", ignored=("forceVisible",))
def move_held_object(session: Session, ahead: float = 0.0, right: float = 0.0, up: float = 0.0) -> None:
    """Move the hand, metres along the agent's own directions."""
    _held(session, "move")
    agent = session.agent
    body, camera = rotation_matrix((0.0, agent.yaw, 0.0)), rotation_matrix((agent.horizon, agent.yaw, 0.0))
    shift = camera.T @ body @ np.array((right, up, ahead))
    position = _vector(np.asarray(agent.hand.position) + shift)
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
    _held(session, "rotate")
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


def _held(session: Session, verb: str) -> None:
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


def _vector(values: np.ndarray) -> Vector:
    x, y, z = (float(v) for v in values)
    return (x, y, z)


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

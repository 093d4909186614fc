"""Walking and turning the agent."""

from __future__ import annotations

import math
from dataclasses import replace

from rls3.engine.actions.registry import PartialVector, action
from rls3.engine.errors import ActionError
from rls3.engine.geometry import forward, normalized_degrees
from rls3.engine.navigation.walking import WalkSpace
from rls3.engine.session import Session
from rls3.engine.world.agents import Agent

#: How far up and down the camera turns, and by how much at once, degrees.
HORIZON_RANGE = (-30.0, 60.0)
LOOK_STEP = 30.0
#: AI2-THOR stops a search for reachable positions after so many steps, scaled by the grid's cell.
MOST_STEPS = 10000
#: Arguments about AI2-THOR's ways of simulating a motion, which happens at once here.
MOTION = (
    "manualInteract",
    "speed",
    "fixedDeltaTime",
    "returnToStart",
    "disableRendering",
    "noise",
    "maxAgentsDistance",
)


@action(query=True, ignored=("visualize", "gridColor", "gridWidth"))
def get_reachable_positions(
    session: Session,
    max_step_count: int | None = None,
    directions_relative_agent: bool = False,
    grid_size: float | None = None,
) -> list[dict[str, float]]:
    """Return the grid points the agent can walk to."""
    grid = session.settings.grid_size if grid_size is None else grid_size
    if not 0 < grid <= 5:
        raise ActionError(f"grid size must be in the range (0,5], got {grid}")
    x, y, z = session.agent.position
    yaw = session.agent.yaw if directions_relative_agent else 0.0
    limit = math.floor((MOST_STEPS if max_step_count is None else max_step_count) / grid**2)
    points = walk_space(session).reachable((x, z), grid, yaw, limit)
    return [{"x": px, "y": y, "z": pz} for px, pz in points]


def walk_space(session: Session, y: float | None = None) -> WalkSpace:
    """Return the free places of the agent that acts, at its own height or, for one that flies, at another."""
    return WalkSpace(session.world, session.physics, session.active_agent, y)


def yaw_of(rotation: PartialVector | float, *, force: bool = False) -> float:
    """Return the yaw of a rotation argument, degrees.

    Raises:
        ActionError: it would tilt the agent, unless forced.
    """
    if isinstance(rotation, float):
        return normalized_degrees(rotation)
    if not force and any(abs(rotation.get(axis, 0.0)) >= 0.01 for axis in "xz"):
        raise ActionError(
            "No agents currently can change in pitch or roll. So, you must set rotation(x=0, y=yaw, z=0). "
            f"You gave {dict(rotation)}."
        )
    return normalized_degrees(rotation.get("y", 0.0))


def _move(session: Session, ahead: float, right: float, force: bool, *, snap: bool = True) -> None:
    """Walk metres ahead and to the right."""
    agent, settings = session.agent, session.settings
    (fx, _, fz), (sx, _, sz) = forward(agent.yaw), forward(agent.yaw + 90.0)
    dx, dz = ahead * fx + right * sx, ahead * fz + right * sz
    x, y, z = agent.position
    end = (x + dx, z + dz)
    if settings.snap_to_grid and snap:
        grid = settings.grid_size
        end = (round(end[0] / grid) * grid, round(end[1] / grid) * grid)
    blocker = None if force else walk_space(session).walk((x, z), end)
    if blocker is not None:
        item = session.world.objects.get(blocker)
        raise ActionError(
            f"{item.name if item else blocker} is blocking Agent {session.active_agent} "
            f"from moving by ({dx:.4f}, 0.0000, {dz:.4f})."
        )
    session.agent = replace(agent, position=(end[0], y, end[1]))


def _step(session: Session, magnitude: float | None) -> float:
    """Return how far a move goes, metres: as with AI2-THOR, a grid step unless the magnitude is above 0."""
    return magnitude if magnitude is not None and magnitude > 0 else session.settings.grid_size


@action(ignored=MOTION)
def move_ahead(session: Session, move_magnitude: float | None = None, force_action: bool = False) -> None:
    """Walk ahead."""
    _move(session, _step(session, move_magnitude), 0.0, force_action)


@action(ignored=MOTION)
def move_back(session: Session, move_magnitude: float | None = None, force_action: bool = False) -> None:
    """Walk backwards."""
    _move(session, -_step(session, move_magnitude), 0.0, force_action)


@action(ignored=MOTION)
def move_left(session: Session, move_magnitude: float | None = None, force_action: bool = False) -> None:
    """Walk to the left."""
    _move(session, 0.0, -_step(session, move_magnitude), force_action)


@action(ignored=MOTION)
def move_right(session: Session, move_magnitude: float | None = None, force_action: bool = False) -> None:
    """Walk to the right."""
    _move(session, 0.0, _step(session, move_magnitude), force_action)


@action(ignored=MOTION, need="arm")
def move_agent(session: Session, ahead: float = 0.0, right: float = 0.0, force_action: bool = False) -> None:
    """Walk in any direction, off the grid if need be."""
    if ahead == 0 and right == 0:
        raise ActionError("Must specify ahead or right!")
    _move(session, ahead, right, force_action, snap=False)


def _turned(agent: Agent, degrees: float) -> Agent:
    return replace(agent, yaw=normalized_degrees(agent.yaw + degrees))


def _turn(session: Session, sign: int, degrees: float | None) -> None:
    if degrees is not None and degrees < 0:
        raise ActionError(f"degrees must be a positive number, got {degrees:g}; use the opposite action")
    step = degrees or session.settings.rotate_step_degrees
    session.agent = _turned(session.agent, sign * step)


@action(ignored=MOTION)
def rotate_right(session: Session, degrees: float | None = None, force_action: bool = False) -> None:  # noqa: ARG001
    """Turn clockwise, seen from above."""
    _turn(session, 1, degrees)


@action(ignored=MOTION)
def rotate_left(session: Session, degrees: float | None = None, force_action: bool = False) -> None:  # noqa: ARG001
    """Turn anticlockwise, seen from above."""
    _turn(session, -1, degrees)


@action(ignored=MOTION, need="arm")
def rotate_agent(session: Session, degrees: float) -> None:
    """Turn by any angle, positive clockwise seen from above."""
    session.agent = _turned(session.agent, degrees)


@action(ignored=MOTION)
def rotate(session: Session, rotation: PartialVector | float) -> None:
    """Turn to an angle, degrees clockwise from +z seen from above."""
    session.agent = replace(session.agent, yaw=yaw_of(rotation))


@action(ignored=MOTION)
def rotate_look(session: Session, rotation: PartialVector | float = 0.0, horizon: float = 0.0) -> None:
    """Turn to an angle and a horizon."""
    session.agent = replace(session.agent, yaw=yaw_of(rotation), horizon=horizon)


@action(ignored=MOTION)
def look(session: Session, horizon: float) -> None:
    """Turn the camera to a horizon."""
    session.agent = replace(session.agent, horizon=horizon)


@action(ignored=MOTION)
def look_up(session: Session, degrees: float = LOOK_STEP) -> None:
    """Turn the camera up."""
    horizon = round(session.agent.horizon - _looking(degrees), 4)
    if horizon < HORIZON_RANGE[0]:
        text = f"can't look up beyond {-HORIZON_RANGE[0]:g} degrees above the forward horizon"
        raise ActionError(text, "LookUpCantExceedMax")
    session.agent = replace(session.agent, horizon=horizon)


@action(ignored=MOTION)
def look_down(session: Session, degrees: float = LOOK_STEP) -> None:
    """Turn the camera down."""
    horizon = round(session.agent.horizon + _looking(degrees), 4)
    if horizon > HORIZON_RANGE[1]:
        text = f"can't look down beyond {HORIZON_RANGE[1]:g} degrees below the forward horizon"
        raise ActionError(text, "LookDownCantExceedMin")
    session.agent = replace(session.agent, horizon=horizon)


def _looking(degrees: float) -> float:
    if degrees < 0:
        raise ActionError(f"LookUp and LookDown require a positive degree value. Invalid value used: {degrees:g}")
    return degrees


@action(need="knees")
def crouch(session: Session) -> None:
    """Lower the camera."""
    if not session.agent.standing:
        raise ActionError("Already Crouching")
    session.agent = replace(session.agent, standing=False)


@action(need="knees")
def stand(session: Session) -> None:
    """Raise the camera."""
    if session.agent.standing:
        raise ActionError("Already Standing")
    session.agent = replace(session.agent, standing=True)

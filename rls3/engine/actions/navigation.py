"""Moving and turning the agent."""

from __future__ import annotations

import math
from dataclasses import replace

from rls3.engine.actions.registry import PartialVector, action
from rls3.engine.agents import AGENT_CENTER_Y
from rls3.engine.errors import ActionError, ArgumentError
from rls3.engine.geometry import Vector, forward
from rls3.engine.navigation import WalkSpace
from rls3.engine.session import Session
from rls3.engine.world import normalized_degrees

HORIZON_RANGE = (-30.0, 60.0)
LOOK_STEP = 30.0
FLOOR_SNAP = 0.05
GRID_SLACK = 0.01


@action(query=True)
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
    space = _space(session)
    x, y, z = session.agent.position
    yaw = session.agent.yaw if directions_relative_agent else 0.0
    return [{"x": px, "y": y, "z": pz} for px, pz in space.reachable((x, z), grid, yaw, max_step_count)]


@action()
def teleport(
    session: Session,
    position: PartialVector | None = None,
    rotation: PartialVector | float | None = None,
    x: float | None = None,
    y: float | None = None,
    z: float | None = None,
    horizon: float | None = None,
    standing: bool | None = None,
    force_action: bool = False,
) -> None:
    """Put the agent somewhere; what is not given stays."""
    agent = session.agent
    given = dict(position or {})
    given.update({k: v for k, v in (("x", x), ("y", y), ("z", z)) if v is not None})
    target = tuple(given.get(axis, agent.position[i]) for i, axis in enumerate("xyz"))
    yaw = agent.yaw if rotation is None else rotation.get("y", 0.0) if isinstance(rotation, dict) else rotation
    wanted = replace(
        agent,
        yaw=normalized_degrees(yaw),
        horizon=agent.horizon if horizon is None else horizon,
        standing=agent.standing if standing is None else standing,
    )
    if not force_action and horizon is not None and not HORIZON_RANGE[0] <= horizon <= HORIZON_RANGE[1]:
        raise ActionError(f"Each horizon must be in [-30:60], got {horizon}")
    session.agent = replace(wanted, position=_landing(session, (target[0], target[1], target[2]), force_action))


@action()
def teleport_full(
    session: Session,
    rotation: PartialVector | float,
    horizon: float,
    standing: bool,
    position: PartialVector | None = None,
    x: float | None = None,
    y: float | None = None,
    z: float | None = None,
    force_action: bool = False,
) -> None:
    """Put the agent somewhere with everything given."""
    given = dict(position or {})
    given.update({k: v for k, v in (("x", x), ("y", y), ("z", z)) if v is not None})
    if missing := [axis for axis in "xyz" if axis not in given]:
        raise ArgumentError("MissingArguments", f"action TeleportFull is missing argument(s): {', '.join(missing)}")
    teleport(session, PartialVector(given), rotation, None, None, None, horizon, standing, force_action)


def _landing(session: Session, target: Vector, force: bool) -> Vector:
    """Return where the agent stands after a teleport to `target`.

    Raises:
        ActionError: the place is out of bounds, off the grid, too far above or below the floor, or taken.
    """
    if force:
        return target
    x, y, z = target
    low, high = session.world.bounds()
    if not (low[0] <= x <= high[0] and low[2] <= z <= high[2] and low[1] <= y <= high[1]):
        raise ActionError(f"Teleport target {target} is out of scene bounds! Ignore this by setting forceAction=True")
    grid = session.settings.grid_size
    if session.settings.snap_to_grid and any(abs(v / grid - round(v / grid)) * grid > GRID_SLACK for v in (x, z)):
        raise ActionError(
            f"target teleport position={target} is not on the grid of size {grid}! "
            "Ignore this by setting forceAction=True or initialize with snapToGrid=False"
        )
    if abs(y - AGENT_CENTER_Y) > FLOOR_SNAP:
        raise ActionError(
            f"after teleporting and settling there is too large a change ({AGENT_CENTER_Y - y:.3f} m) in the y "
            f"component; stand the agent at y = {AGENT_CENTER_Y} or set forceAction=True"
        )
    blocker = _space(session).walk((x, z), (x, z))
    if blocker is not None:
        raise ActionError(f"Collided with: {blocker}. The agent cannot stand at ({x:.3f}, {z:.3f})")
    return (x, AGENT_CENTER_Y, z)


def _space(session: Session) -> WalkSpace:
    return WalkSpace(session.world, session.physics, session.active_agent)


def _move(session: Session, bearing: float, magnitude: float | None, force: bool) -> None:
    """Walk in a direction relative to the agent's yaw, degrees."""
    agent, settings = session.agent, session.settings
    length = settings.grid_size if magnitude is None else magnitude
    if length <= 0:
        raise ActionError(f"moveMagnitude must be above 0 metres, got {length}")
    dx, _, dz = (length * v for v in forward(agent.yaw + bearing))
    x, y, z = agent.position
    end = (x + dx, z + dz)
    if settings.snap_to_grid:
        grid = settings.grid_size
        end = (round(end[0] / grid) * grid, round(end[1] / grid) * grid)
    blocker = None if force else _space(session).walk((x, z), end)
    if blocker is not None:
        raise ActionError(
            f"{blocker} is blocking Agent {session.active_agent} from moving by ({dx:.4f}, 0.0000, {dz:.4f})."
        )
    session.agent = replace(agent, position=(end[0], y, end[1]))


@action()
def move_ahead(session: Session, move_magnitude: float | None = None, force_action: bool = False) -> None:
    """Walk ahead."""
    _move(session, 0.0, move_magnitude, force_action)


@action()
def move_back(session: Session, move_magnitude: float | None = None, force_action: bool = False) -> None:
    """Walk backwards."""
    _move(session, 180.0, move_magnitude, force_action)


@action()
def move_left(session: Session, move_magnitude: float | None = None, force_action: bool = False) -> None:
    """Walk to the left."""
    _move(session, -90.0, move_magnitude, force_action)


@action()
def move_right(session: Session, move_magnitude: float | None = None, force_action: bool = False) -> None:
    """Walk to the right."""
    _move(session, 90.0, move_magnitude, force_action)


def _turn(session: Session, sign: int, degrees: float | None) -> None:
    step = session.settings.rotate_step_degrees if degrees is None else degrees
    if step < 0:
        raise ActionError(f"degrees must not be below 0, got {step}; use the opposite action")
    if session.settings.snap_to_grid and math.fmod(step, 90.0):
        raise ActionError(f"degrees must be a multiple of 90 with snapToGrid, got {step}; set snapToGrid=False")
    session.agent = replace(session.agent, yaw=normalized_degrees(session.agent.yaw + sign * step))


@action()
def rotate_right(session: Session, degrees: float | None = None) -> None:
    """Turn clockwise, seen from above."""
    _turn(session, 1, degrees)


@action()
def rotate_left(session: Session, degrees: float | None = None) -> None:
    """Turn anticlockwise, seen from above."""
    _turn(session, -1, degrees)


def _look(session: Session, change: float) -> None:
    horizon = round(session.agent.horizon + change, 4)
    if not HORIZON_RANGE[0] <= horizon <= HORIZON_RANGE[1]:
        way = "down" if change > 0 else "up"
        limit = HORIZON_RANGE[1] if change > 0 else HORIZON_RANGE[0]
        raise ActionError(f"can't look {way} beyond a horizon of {limit:g} degrees")
    session.agent = replace(session.agent, horizon=horizon)


@action()
def look_up(session: Session, degrees: float = LOOK_STEP) -> None:
    """Turn the camera up."""
    _look(session, -degrees)


@action()
def look_down(session: Session, degrees: float = LOOK_STEP) -> None:
    """Turn the camera down."""
    _look(session, degrees)

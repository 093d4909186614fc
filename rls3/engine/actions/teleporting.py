"""Putting the agent somewhere."""

from __future__ import annotations

from dataclasses import replace

from rls3.engine.actions.navigation import HORIZON_RANGE, walk_space, yaw_of
from rls3.engine.actions.registry import PartialVector, action
from rls3.engine.errors import ActionError, ArgumentError
from rls3.engine.geometry import Vector
from rls3.engine.session import Session
from rls3.engine.world.agents import AGENT_CENTER_Y

#: How far above or below the floor a target may be, and how far off the grid, metres.
FLOOR_SNAP = 0.05
GRID_SLACK = 0.01


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
    _check_standing(session, "Teleport", standing)
    agent = session.agent
    given = _given_position(position, x, y, z)
    wanted = replace(
        agent,
        yaw=agent.yaw if rotation is None else yaw_of(rotation, force=force_action),
        horizon=agent.horizon if horizon is None else horizon,
        standing=agent.standing if standing is None else standing,
    )
    if horizon is not None and not force_action:
        _check_horizon(horizon)
    if given:
        target = tuple(given.get(axis, agent.position[i]) for i, axis in enumerate("xyz"))
        wanted = replace(wanted, position=_landing(session, (target[0], target[1], target[2]), force_action))
    session.agent = wanted


@action()
def teleport_full(
    session: Session,
    rotation: PartialVector | float,
    horizon: float,
    position: PartialVector | None = None,
    x: float | None = None,
    y: float | None = None,
    z: float | None = None,
    standing: bool | None = None,
    force_action: bool = False,
) -> None:
    """Put the agent somewhere with everything given."""
    given = _given_position(position, x, y, z)
    missing = [axis for axis in "xyz" if axis not in given]
    if session.agent.mode.crouches and standing is None:
        missing.append("standing")
    if missing:
        text = f"action: TeleportFull is missing the following arguments: {','.join(missing)}"
        raise ArgumentError("MissingArguments", text)
    _check_standing(session, "TeleportFull", standing)
    teleport(session, PartialVector(given), rotation, None, None, None, horizon, standing, force_action)


def _given_position(
    position: PartialVector | None, x: float | None, y: float | None, z: float | None
) -> dict[str, float]:
    return {**(position or {}), **{k: v for k, v in (("x", x), ("y", y), ("z", z)) if v is not None}}


def _check_standing(session: Session, name: str, standing: bool | None) -> None:
    if standing is not None and not session.agent.mode.crouches:
        raise ArgumentError(
            "InvalidArgument",
            f"\n\tAction: \"{name}\" called with invalid argument: 'standing'"
            f"\n\tAn agent of agentMode {session.agent.mode.name!r} cannot crouch; leave standing out",
        )


def _check_horizon(horizon: float) -> None:
    low, high = HORIZON_RANGE
    if not low <= horizon <= high:
        raise ActionError(f"Each horizon must be in [{low:g}:{high:g}]. You gave {horizon:g}.")


def _landing(session: Session, target: Vector, force: bool) -> Vector:
    """Return where the agent is after a teleport to `target`.

    Raises:
        ActionError: the place is out of bounds, off the grid, too far above or below the floor, or taken.
    """
    if force:
        return target
    x, y, z = target
    text = f"({x:.6f}, {y:.6f}, {z:.6f})"
    low, high = session.bounds
    if not (low[0] <= x <= high[0] and low[2] <= z <= high[2] and low[1] <= y <= high[1]):
        raise ActionError(f"Teleport position {text} out of scene bounds! Ignore this by setting forceAction=true.")
    grid = session.settings.grid_size
    if session.settings.snap_to_grid and any(abs(v / grid - round(v / grid)) * grid > GRID_SLACK for v in (x, z)):
        raise ActionError(f"Teleport position {text} is not on the grid of size {grid}.")
    blocker = walk_space(session, y).blockers_at(x, z)
    if blocker is not None:
        raise ActionError(f"Collided with: {blocker}.")
    if session.agent.mode.flies:
        return target
    change = abs(y - AGENT_CENTER_Y)
    if change > FLOOR_SNAP:
        raise ActionError(
            "After teleporting and adjusting agent position to floor, there was too large a change"
            f"({change:.4f} > {FLOOR_SNAP}) in the y component. "
            "Consider using `forceAction=true` if you'd like to teleport anyway."
        )
    return (x, AGENT_CENTER_Y, z)

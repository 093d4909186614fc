"""Agent poses from which an object can be interacted with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rls3.engine.actions.navigation import HORIZON_RANGE, get_reachable_positions
from rls3.engine.actions.registry import PartialVector, action
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Vector
from rls3.engine.session import Session
from rls3.engine.sight.aiming import Aim, aim_at
from rls3.engine.world.agents import Agent
from rls3.engine.world.objects import SceneObject

#: Camera horizons that are tried unless the client gives some, degrees.
HORIZONS = (-30.0, 0.0, 30.0, 60.0)


@action(query=True)
def get_interactable_poses(
    session: Session,
    object_id: str,
    positions: list[PartialVector] | None = None,
    rotations: list[float] | None = None,
    horizons: list[float] | None = None,
    standings: list[bool] | None = None,
    max_distance: float | None = None,
    max_poses: int | None = None,
) -> list[dict[str, Any]]:
    """Return poses, fit for TeleportFull, from which the agent would see an object near enough."""
    if max_poses is not None and max_poses <= 0:
        raise ActionError("maxPoses must be > 0.")
    if max_distance is not None and max_distance <= 0:
        raise ActionError("maxDistance must be >= 0 meters from the object.")
    item = session.object(object_id)
    settings = session.settings
    if max_distance is not None:
        session.settings = replace(settings, visibility_distance=max_distance)
    try:
        return _poses(
            session,
            item,
            _places(session, positions),
            _rotations(session, rotations),
            _horizons(horizons),
            _standings(session, standings),
            max_poses,
        )
    finally:
        session.settings = settings


def _poses(
    session: Session,
    item: SceneObject,
    places: list[Vector],
    rotations: list[float],
    horizons: list[float],
    standings: list[bool],
    most: int | None,
) -> list[dict[str, Any]]:
    if not (places and rotations and horizons and standings):
        raise ActionError("Every degree of freedom must have at least 1 valid value.")
    aims: dict[Vector, Aim] = {}
    found: list[dict[str, Any]] = []
    for agent in _candidates(session.agent, places, rotations, horizons, standings):
        if agent.eye not in aims:
            aims[agent.eye] = aim_at(session, agent.eye, item)
        aim = aims[agent.eye]
        if len(aim.directions) and aim.shows_in(agent, session):
            found.append(_pose_record(agent))
        if len(found) == most:
            break
    return found


def _candidates(
    agent: Agent, places: list[Vector], rotations: list[float], horizons: list[float], standings: list[bool]
) -> Iterator[Agent]:
    for horizon in horizons:
        for yaw in rotations:
            for standing in standings:
                for place in places:
                    yield replace(agent, position=place, yaw=yaw, horizon=horizon, standing=standing)


def _pose_record(agent: Agent) -> dict[str, Any]:
    x, y, z = agent.position
    record: dict[str, Any] = {"x": x, "y": y, "z": z, "rotation": agent.yaw, "horizon": agent.horizon}
    if agent.mode.crouches:
        record["standing"] = agent.standing
    return record


def _places(session: Session, positions: list[PartialVector] | None) -> list[Vector]:
    given = get_reachable_positions(session) if positions is None else positions
    return [(p.get("x", 0.0), p.get("y", 0.0), p.get("z", 0.0)) for p in given]


def _rotations(session: Session, rotations: list[float] | None) -> list[float]:
    if rotations is not None:
        return [angle % 360.0 for angle in rotations]
    step = session.settings.rotate_step_degrees
    count = round(360.0 / step)
    if abs(count * step - 360.0) > 1e-6:
        raise ActionError(
            f"360 % rotateStepDegrees (360 % {step:g} != 0) must be 0, unless 'rotations: float[]' is overwritten."
        )
    offset = round(session.agent.yaw % step)
    return [(offset + k * step) % 360.0 for k in range(count)]


def _horizons(horizons: list[float] | None) -> list[float]:
    low, high = HORIZON_RANGE
    for horizon in horizons or []:
        if not low <= horizon <= high:
            raise ActionError(f"Each horizon must be in [{low:g}:{high:g}]. You gave {horizon:g}.")
    return list(HORIZONS) if horizons is None else horizons


def _standings(session: Session, standings: list[bool] | None) -> list[bool]:
    if not session.agent.mode.crouches:
        return [True]
    return [True, False] if standings is None else standings

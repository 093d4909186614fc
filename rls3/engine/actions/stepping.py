"""Pausing and stepping the simulation. Things are at rest after every action, so that a step only lets time pass."""

from __future__ import annotations

from rls3.engine.actions.registry import action
from rls3.engine.errors import ActionError
from rls3.engine.session import Session

MAX_STEP = 0.05


@action()
def pause_physics_auto_sim(session: Session) -> None:
    """Let time pass by AdvancePhysicsStep only."""
    session.world.paused = True


@action()
def unpause_physics_auto_sim(session: Session) -> None:
    """Let time pass by itself again."""
    session.world.paused = False


@action()
def advance_physics_step(
    session: Session, time_step: float = 0.02, sim_seconds: float | None = None, allow_auto_simulation: bool = False
) -> None:
    """Let simulated time pass.

    Args:
        session: the scene.
        time_step: length of a step, seconds.
        sim_seconds: how long in all; one step when left out.
        allow_auto_simulation: whether time need not be paused first.
    """
    if not session.world.paused and not allow_auto_simulation:
        raise ActionError(
            "AdvancePhysicsStep can only be called if Physics AutoSimulation is currently paused or if you have passed "
            "in the `allowAutoSimulation=true` argument! Use PausePhysicsAutoSim first"
        )
    if not 0 < time_step <= MAX_STEP:
        raise ActionError(f"timeStep must be in (0, {MAX_STEP}] seconds, got {time_step}")
    if sim_seconds is not None and sim_seconds < 0:
        raise ActionError(f"simSeconds must not be below 0, got {sim_seconds}")
    session.seconds += time_step if sim_seconds is None else sim_seconds

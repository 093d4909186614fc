"""Starting a scene and the settings of the session."""

from __future__ import annotations

import math
import time
from typing import Any

from rls3.engine.actions.registry import action
from rls3.engine.agents import AGENT_RADIUS, Agent
from rls3.engine.errors import ActionError
from rls3.engine.navigation import WalkSpace
from rls3.engine.scenes import PROCEDURAL, load_scene, scene_names
from rls3.engine.session import Session, Settings
from rls3.engine.world import FAR, NEAR

GRID_BETWEEN_AGENTS = 0.25
UNSUPPORTED_IMAGES = ("renderNormalsImage", "renderFlowImage")


@action(query=True)
def get_scenes_in_build(session: Session) -> list[str]:  # noqa: ARG001 - the list does not depend on the session
    """Return the names of all scenes."""
    return [*scene_names(), PROCEDURAL]


@action()
def reset(session: Session, scene_name: str) -> None:
    """Load a scene; Initialize has to follow."""
    if scene_name not in (*scene_names(), PROCEDURAL):
        raise ActionError(f"Scene {scene_name!r} is not in the build; GetScenesInBuild lists the allowed names")
    session.world = load_scene(scene_name)
    session.settings = Settings()
    session.initialized = False
    session.active_agent = 0


@action(open_bag=True)
def initialize(
    session: Session,
    extra: dict[str, Any],
    grid_size: float = 0.25,
    field_of_view: float = 90.0,
    visibility_distance: float = 1.5,
    visibility_scheme: str = "Collider",
    snap_to_grid: bool = True,
    rotate_step_degrees: float = 90.0,
    agent_mode: str = "default",
    agent_count: int = 1,
    fast_action_emit: bool = True,
) -> dict[str, float]:
    """Set the agents and the pictures up; unknown parameters are left to other engines."""
    _check_initialize(extra, grid_size, field_of_view, snap_to_grid, rotate_step_degrees, agent_mode)
    if agent_count < 1:
        raise ActionError(f"agentCount must be at least 1, got {agent_count}")
    session.settings = Settings(
        grid_size=grid_size,
        field_of_view=field_of_view,
        visibility_distance=visibility_distance,
        visibility_scheme=visibility_scheme,
        snap_to_grid=snap_to_grid,
        rotate_step_degrees=rotate_step_degrees,
        agent_count=agent_count,
        render_image=bool(extra.get("renderImage", True)),
        render_depth=bool(extra.get("renderDepthImage", False)),
        render_instances=bool(extra.get("renderInstanceSegmentation", extra.get("renderObjectImage", False))),
        render_classes=bool(extra.get("renderSemanticSegmentation", extra.get("renderClassImage", False))),
        fast_emit=fast_action_emit,
    )
    _seat_agents(session, agent_count)
    session.initialized = True
    return {"cameraNearPlane": NEAR, "cameraFarPlane": FAR}


def _check_initialize(
    extra: dict[str, Any], grid_size: float, field_of_view: float, snap: bool, step: float, mode: str
) -> None:
    if not 0 < grid_size <= 5:
        raise ActionError(f"grid size must be in the range (0,5], got {grid_size}")
    if not 0 < field_of_view < 180:
        raise ActionError(f"fov must be set to (0, 180) noninclusive, got {field_of_view}")
    if snap and step % 90:
        raise ActionError(
            f"rotateStepDegrees must be a multiple of 90 with snapToGrid, got {step}; set snapToGrid=False"
        )
    if mode != "default":
        raise ActionError(f"agentMode {mode!r} is not available in this engine; allowed: 'default'")
    for name in UNSUPPORTED_IMAGES:
        if extra.get(name):
            raise ActionError(f"{name} is not available in this engine; leave it out of the Controller's parameters")


def _seat_agents(session: Session, count: int) -> None:
    """Keep the first agent where it is and stand the others on the nearest free grid points."""
    first = session.world.agents[0]
    session.world.agents = [first]
    x, y, z = first.position
    taken = [(x, z)]
    grid = max(session.settings.grid_size, GRID_BETWEEN_AGENTS)
    places = WalkSpace(session.world, session.physics, 0).reachable((x, z), grid, 0.0, None) if count > 1 else []
    for place in places:
        if len(taken) < count and all(math.dist(place, other) >= 2 * AGENT_RADIUS for other in taken):
            taken.append(place)
    if len(taken) < count:
        raise ActionError(f"there is room for {len(taken)} agents only: lower agentCount (now {count})")
    session.world.agents += [Agent((px, y, pz), first.yaw) for px, pz in taken[1:]]


@action()
def change_resolution(session: Session, x: int, y: int) -> None:
    """Set the size of all pictures, pixels."""
    if not (0 < x <= 4096 and 0 < y <= 4096):
        raise ActionError(f"the resolution must be within 1..4096 pixels a side, got {x} x {y}")
    session.width, session.height = x, y


@action()
def change_quality(session: Session, quality: str) -> None:
    """Accept Unity's quality names; the engine has one quality."""


@action(name="Pass")
def do_nothing(session: Session) -> None:
    """Change nothing and send a whole reply."""


@action()
def done(session: Session) -> None:
    """Change nothing: AI2-THOR's end of an episode."""


@action()
def sleep(session: Session, seconds: float) -> None:  # noqa: ARG001
    """Answer after a time."""
    time.sleep(max(0.0, seconds))

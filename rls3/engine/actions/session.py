"""Starting a scene and the settings of the session."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import Any

from rls3.engine.actions.registry import action
from rls3.engine.errors import ActionError
from rls3.engine.memory import give_back_memory
from rls3.engine.navigation.walking import WalkSpace
from rls3.engine.scenes import PROCEDURAL, load_scene, scene_names
from rls3.engine.session import Session, Settings
from rls3.engine.world.agents import AGENT_CENTER_Y, AGENT_RADIUS, MODES, AgentMode
from rls3.engine.world.cameras import FAR, NEAR

#: Agents are seated on a grid of at least this spacing, metres.
GRID_BETWEEN_AGENTS = 0.25
#: Longest side of a picture, pixels.
LARGEST_SIDE = 4096
MODE_ALIASES = {"bot": "locobot"}
VISIBILITY_SCHEMES = ("Collider", "Distance")


@action(query=True)
def get_scenes_in_build(session: Session) -> list[str]:  # noqa: ARG001 - the list does not depend on the session
    """Return the names of all scenes."""
    return [*scene_names(), PROCEDURAL]


@action()
def reset(session: Session, scene_name: str) -> None:
    """Load a scene; Initialize has to follow."""
    if scene_name not in (*scene_names(), PROCEDURAL):
        raise ActionError(f"Scene {scene_name!r} is not in the build; GetScenesInBuild lists the allowed names")
    session.world = load_scene(scene_name, session.meshes)
    session.settings = Settings()
    session.initialized = False
    session.active_agent = 0
    session.seconds = 0.0
    give_back_memory()


@action(open_bag=True)
def initialize(
    session: Session,
    extra: dict[str, Any],
    grid_size: float = 0.25,
    field_of_view: float | None = None,
    visibility_distance: float = 1.5,
    visibility_scheme: str = "Collider",
    snap_to_grid: bool = True,
    rotate_step_degrees: float = 90.0,
    agent_mode: str = "default",
    agent_count: int = 1,
    make_agents_visible: bool = True,
    fast_action_emit: bool = True,
) -> dict[str, float]:
    """Set the agents and the pictures up; unknown parameters are left to other engines."""
    mode = _mode(agent_mode)
    angle = mode.field_of_view if field_of_view is None else field_of_view
    _check_initialize(grid_size, angle, visibility_distance, snap_to_grid, rotate_step_degrees)
    if agent_count < 1:
        raise ActionError(f"agentCount must be at least 1, got {agent_count}")
    if extra.get("renderFlowImage"):
        raise ActionError(
            "renderFlowImage is not available in this engine; leave it out of the Controller's parameters"
        )
    session.settings = Settings(
        mode=mode,
        grid_size=grid_size,
        field_of_view=angle,
        visibility_distance=visibility_distance,
        visibility_scheme=_scheme(visibility_scheme),
        snap_to_grid=snap_to_grid,
        rotate_step_degrees=rotate_step_degrees,
        agents_visible=make_agents_visible,
        render_image=bool(extra.get("renderImage", True)),
        render_depth=bool(extra.get("renderDepthImage", False)),
        render_normals=bool(extra.get("renderNormalsImage", False)),
        render_instances=bool(extra.get("renderInstanceSegmentation", extra.get("renderObjectImage", False))),
        render_classes=bool(extra.get("renderSemanticSegmentation", extra.get("renderClassImage", False))),
        fast_emit=fast_action_emit,
    )
    _seat_agents(session, mode, agent_count)
    session.world.paused = mode.arm
    session.view.forget()
    session.initialized = True
    return {"cameraNearPlane": NEAR, "cameraFarPlane": FAR}


def _mode(name: str) -> AgentMode:
    mode = MODES.get(MODE_ALIASES.get(name.lower(), name.lower()))
    if mode is None:
        raise ActionError(f"agentMode {name!r} is not available in this engine; allowed: {', '.join(MODES)}")
    return mode


def _scheme(name: str) -> str:
    for scheme in VISIBILITY_SCHEMES:
        if scheme.lower() == name.lower():
            return scheme
    raise ActionError(f"visibilityScheme {name!r} is unknown; allowed: {', '.join(VISIBILITY_SCHEMES)}")


def _check_initialize(grid_size: float, field_of_view: float, distance: float, snap: bool, step: float) -> None:
    if not 0 < grid_size <= 5:
        raise ActionError(f"grid size must be in the range (0,5], got {grid_size}")
    if not 0 < field_of_view < 180:
        raise ActionError(f"fov must be set to (0, 180) noninclusive, got {field_of_view}")
    if distance < 0:
        raise ActionError(f"visibilityDistance must not be below 0 metres, got {distance}")
    if step <= 0:
        raise ActionError(f"rotateStepDegrees must be a non-zero, non-negative float, got {step}")
    if snap and step % 90:
        raise ActionError(
            f"Invalid values 'rotateStepDegrees': {step} and 'snapToGrid': True. "
            "'snapToGrid': 'True' is not supported when 'rotateStepDegrees' is different from grid rotation steps of "
            "0, 90, 180, 270 or 360; set snapToGrid=False"
        )


def _seat_agents(session: Session, mode: AgentMode, count: int) -> None:
    """Keep the first agent where it is, on the floor, and stand the others on the nearest free grid points."""
    x, y, z = session.world.agents[0].position
    y = y if mode.flies else AGENT_CENTER_Y
    first = replace(session.world.agents[0], mode=mode, position=(x, y, z))
    session.world.agents = [first]
    taken = [(x, z)]
    grid = max(session.settings.grid_size, GRID_BETWEEN_AGENTS)
    places = WalkSpace(session.world, session.physics, 0).reachable((x, z), grid, 0.0, None) if count > 1 else []
    for place in places:
        if len(taken) < count and all(math.dist(place, other) >= 2 * AGENT_RADIUS for other in taken):
            taken.append(place)
    if len(taken) < count:
        raise ActionError(f"there is room for {len(taken)} agents only: lower agentCount (now {count})")
    session.world.agents += [replace(first, position=(px, y, pz)) for px, pz in taken[1:]]


@action()
def change_resolution(session: Session, x: int, y: int) -> None:
    """Set the size of all pictures, pixels."""
    if not (0 < x <= LARGEST_SIDE and 0 < y <= LARGEST_SIDE):
        raise ActionError(f"the resolution must be within 1..{LARGEST_SIDE} pixels a side, got {x} x {y}")
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

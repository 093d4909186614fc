"""Scenes as two cameras see them: the agent where it starts, and one high in a corner of its room."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rls3.config import SimConfig
from rls3.errors import EngineLostError
from rls3.scene.model import EngineInfo
from rls3.thor.controller import EngineController, reset_controller, start_controller
from rls3.thor.houses import load_scene, scene_id_of
from rls3.thor.metadata import UNKNOWN_BUILD, scene_from_metadata

CORNER_HEIGHT_M: Final = 2.1
CORNER_FIELD_OF_VIEW: Final = 80.0
AIM_HEIGHT_M: Final = 0.6


@dataclass(frozen=True)
class Glimpse:
    """What one camera sees.

    Attributes:
        camera: which one: "agent" or "corner".
        image: (H, W, 3) uint8 RGB.
        depth: (H, W) float32, metres along the optical axis.
        instances: (H, W, 3) uint8, one colour per object.
    """

    camera: str
    image: NDArray[np.uint8]
    depth: NDArray[np.float32]
    instances: NDArray[np.uint8]


@dataclass(frozen=True)
class Survey:
    """A scene: its name, the engine that drew it, the number of its objects, and what each camera sees."""

    scene_id: str
    engine: EngineInfo
    objects: int
    glimpses: tuple[Glimpse, ...]


def survey(sim: SimConfig, scenes: Sequence[str]) -> Iterator[Survey]:
    """Visit scenes one after the other behind one controller.

    Args:
        sim: which engine, picture size.
        scenes: scene names such as "FloorPlan1", or ProcTHOR house files (*.json).

    Raises:
        ConfigError: no such scene, or a wrong house file.
        EngineStartError: the engine cannot be started.
        EngineLostError: it died or could not place the camera.
    """
    controller: EngineController | None = None
    try:
        for name in scenes:
            scene = load_scene(name)
            if controller is None:
                controller = start_controller(sim, scene)
            else:
                reset_controller(controller, scene)
            yield _survey(controller, scene_id_of(name), sim)
    finally:
        if controller is not None:
            controller.stop()


def _survey(controller: EngineController, scene_id: str, sim: SimConfig) -> Survey:
    start = controller.last_event
    scene = scene_from_metadata(start.metadata, scene_id=scene_id, build=sim.commit_id or UNKNOWN_BUILD)
    points = controller.step("GetReachablePositions", renderImage=False).metadata["actionReturn"] or []
    floor = np.array([(p["x"], p["z"]) for p in points] or [scene.camera.position[::2]], np.float64)
    event = controller.step("AddThirdPartyCamera", **_corner_camera(floor))
    if not event.metadata["lastActionSuccess"]:
        raise EngineLostError(f"the engine refused a camera in {scene_id}: {event.metadata['errorMessage']}")
    corner = Glimpse(
        "corner",
        np.ascontiguousarray(event.third_party_camera_frames[0]),
        np.ascontiguousarray(event.third_party_depth_frames[0]),
        np.ascontiguousarray(event.third_party_instance_segmentation_frames[0]),
    )
    return Survey(scene_id, scene.engine, len(scene.objects), (_agent_glimpse(start), corner))


def _agent_glimpse(event: Any) -> Glimpse:
    frames = (event.frame, event.depth_frame, event.instance_segmentation_frame)
    image, depth, instances = (np.ascontiguousarray(frame) for frame in frames)
    return Glimpse("agent", image, depth, instances)


def _corner_camera(floor: NDArray[np.float64]) -> dict[str, Any]:
    """The arguments of a camera over the floor's point (x, z) farthest from its middle, which it looks at."""
    middle = floor.mean(axis=0)
    x, z = floor[np.argmax(np.linalg.norm(floor - middle, axis=1))]
    away = math.dist((x, z), middle)
    yaw = math.degrees(math.atan2(middle[0] - x, middle[1] - z)) if away > 0 else 0.0
    pitch = math.degrees(math.atan2(CORNER_HEIGHT_M - AIM_HEIGHT_M, max(away, 1.5)))
    return {
        "position": {"x": float(x), "y": CORNER_HEIGHT_M, "z": float(z)},
        "rotation": {"x": pitch, "y": yaw % 360.0, "z": 0.0},
        "fieldOfView": CORNER_FIELD_OF_VIEW,
    }

"""Whether the configured engine starts and draws, for `rls3 doctor`."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rls3.config import SimConfig
from rls3.scene.model import EngineInfo
from rls3.scene.split import TRAIN_SCENES
from rls3.thor.controller import start_controller
from rls3.thor.picture import view_from_event

TIMED_FRAMES = 8


@dataclass(frozen=True)
class EngineCheck:
    """What a started engine showed.

    Attributes:
        engine: name and version as it states them.
        scene_id: the scene that was drawn.
        start_s: seconds from nothing to the first picture.
        frames_per_s: pictures with depth and masks per second, while turning round.
        objects: objects in the scene.
        picture: (H, W, 3) uint8 RGB.
    """

    engine: EngineInfo
    scene_id: str
    start_s: float
    frames_per_s: float
    objects: int
    picture: NDArray[np.uint8]


def check_engine(sim: SimConfig) -> EngineCheck:
    """Start the engine, draw one scene and time it.

    Raises:
        EngineStartError: it does not start; the message says what to change.
        EngineLostError: it died while drawing.
    """
    begin = time.perf_counter()
    controller = start_controller(sim, TRAIN_SCENES[0])
    try:
        start_s = time.perf_counter() - begin
        view = view_from_event(controller.last_event, scene_id=TRAIN_SCENES[0], build=str(sim.commit_id or "unknown"))
        begin = time.perf_counter()
        for _ in range(TIMED_FRAMES):
            controller.step("RotateRight", degrees=360 / TIMED_FRAMES)
        frames_per_s = TIMED_FRAMES / (time.perf_counter() - begin)
    finally:
        controller.stop()
    return EngineCheck(view.scene.engine, view.scene.id, start_s, frames_per_s, len(view.scene.objects), view.image)

"""The real client, aimed at the engine under test, and short words for what the tests ask of its events.

The embedded engine is under test unless RLS3_THOR_EXECUTABLE names another program, such as a Unity build of AI2-THOR.
"""

from __future__ import annotations

import os
import shlex
import sys
from typing import Any

import numpy as np
from ai2thor.build import ExternalBuild
from ai2thor.controller import Controller

EXECUTABLE = os.environ.get("RLS3_THOR_EXECUTABLE")
EMBEDDED = EXECUTABLE is None
SCENE = "FloorPlan28_physics"
#: A free place of FloorPlan28, and how the agent stands there, as arguments of TeleportFull.
BASE = {"x": -1.5, "y": 0.901, "z": -1.5}
STANDING = {"rotation": {"x": 0, "y": 0, "z": 0}, "horizon": 0, "standing": True}
AT_BASE = {**BASE, **STANDING}


class Client(Controller):
    """The client without its probe for Vulkan, which an engine that needs none would have to pass otherwise."""

    def unity_command(self, width: int, height: int, headless: bool) -> list[str]:
        if isinstance(self._build, ExternalBuild):
            self.gpu_device = None
        return super().unity_command(width, height, headless)


def start(**arguments: Any) -> Client:
    """Start a controller in FloorPlan28 at 300 x 300 pixels."""
    program = shlex.quote(EXECUTABLE) if EXECUTABLE else f"{sys.executable} -m rls3.engine.launcher"
    given = {"scene": SCENE, "width": 300, "height": 300, "server_timeout": 120.0, **arguments}
    return Client(local_executable_path=program, x_display=os.environ.get("DISPLAY") or ":0", **given)


def objects(event: Any, object_type: str) -> list[dict[str, Any]]:
    """All objects of a type."""
    return [o for o in event.metadata["objects"] if o["objectType"] == object_type]


def the(event: Any, object_type: str) -> dict[str, Any]:
    """The first object of a type."""
    return objects(event, object_type)[0]


def agent(event: Any) -> dict[str, Any]:
    """The agent's record."""
    return event.metadata["agent"]


def close(one: dict[str, float], other: dict[str, float], tolerance: float = 1e-3) -> bool:
    """Whether two vectors agree."""
    return one.keys() == other.keys() and all(abs(one[k] - other[k]) < tolerance for k in one)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference of two pictures, grey levels."""
    return float(np.abs(one.astype(float) - other.astype(float)).mean())

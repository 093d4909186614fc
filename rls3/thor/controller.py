"""The one place where ai2thor's Controller is made, and where the traps of its start are cured."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import ai2thor.build
import ai2thor.platform
from ai2thor.controller import Controller

from rls3.config import SimConfig
from rls3.errors import ConfigError, EngineLostError, EngineStartError, nearest
from rls3.thor.fifo import WatchedFifoServer

ENGINE_PROGRAM = "rls3-engine"
VISIBILITY_DISTANCE_M = 0.01
"""Nothing is this near, so nothing is `visible`: nobody here asks, and engines render a picture to tell."""
LOG_TAIL_CHARACTERS = 600


class EngineController(Controller):  # type: ignore[misc]
    """The real client with a watched FIFO, a writable home, and no Vulkan probe for programs that need none.

    `step` and `reset` raise `EngineLostError` when the engine died or fell silent.
    """

    server: Any

    def __init__(self, **arguments: Any) -> None:
        self._log_start = self._log_size()
        try:
            super().__init__(server_class=WatchedFifoServer, **arguments)
        except BaseException:  # the engine process outlives a failed construction otherwise, Ctrl-C included
            if getattr(self, "server", None) is not None:
                self.server.stop()
            raise

    @property
    def base_dir(self) -> str:
        """The folder of logs and builds: ~/.ai2thor, or one under the temporary folder if HOME cannot be written."""
        home = Path.home() / ".ai2thor"
        try:
            (home / "log").mkdir(parents=True, exist_ok=True)
        except OSError:
            return str(Path(tempfile.gettempdir()) / f"ai2thor-{os.getuid()}")
        return str(home) if os.access(home, os.W_OK) else str(Path(tempfile.gettempdir()) / f"ai2thor-{os.getuid()}")

    @property
    def log_file(self) -> Path:
        """Where the client appends every engine's output."""
        return Path(self.log_dir) / "unity.log"

    def log_tail(self) -> str:
        """What was logged since this controller was made, its end only."""
        if not self.log_file.exists():
            return ""
        text = self.log_file.read_bytes()[self._log_start :].decode(errors="replace").strip()
        return text[-LOG_TAIL_CHARACTERS:]

    def step(self, action: Any = None, **arguments: Any) -> Any:
        """Run one action; see ai2thor.

        Raises:
            EngineLostError: the engine died or fell silent; this controller is of no more use.
            ValueError: the engine does not know the action or an argument.
        """
        try:
            return super().step(action, **arguments)
        except (RuntimeError, TimeoutError) as error:
            if isinstance(error.__context__, EngineLostError):
                name = action["action"] if isinstance(action, dict) else action
                raise EngineLostError(f"{error.__context__} during {name}") from error
            raise

    def unity_command(self, width: int, height: int, headless: bool) -> list[str]:
        """The command line; an executable of ours gets no Vulkan device index, which would take `vulkaninfo`."""
        if isinstance(self._build, ai2thor.build.ExternalBuild):
            self.gpu_device = None
        command: list[str] = super().unity_command(width, height, headless)
        return command

    def _build_server(self, host: str, port: int, width: int, height: int) -> None:
        # The client compares server classes for equality and would silently make none for a subclass.
        del host, port
        if self.server is None:
            self.server = WatchedFifoServer(
                width=width,
                height=height,
                timeout=self.server_timeout,
                depth_format=self.depth_format,
                add_depth_noise=self.add_depth_noise,
            )

    def _log_size(self) -> int:
        return self.log_file.stat().st_size if self.log_file.exists() else 0


def start_controller(sim: SimConfig, scene: str | dict[str, Any]) -> EngineController:
    """Start the configured engine behind the real client, in a scene.

    Args:
        sim: which program, picture size, timeouts.
        scene: scene name such as "FloorPlan1", or a ProcTHOR house.

    Raises:
        EngineStartError: the program is missing, is no engine, or did not answer in time.
        ConfigError: the engine has no such scene, or refuses the house.
    """
    command = engine_command(sim)
    controller = EngineController.__new__(EngineController)
    try:
        controller.__init__(scene=scene, **_start_arguments(command), **start_parameters(sim))  # type: ignore[misc]
    except Exception as error:  # the client raises bare Exception, AssertionError, TypeError and more at start
        if isinstance(error, ValueError) and "not contained in build" in str(error) and isinstance(scene, str):
            raise _unknown_scene(scene, sorted(controller.scenes_in_build)) from error
        raise _start_error(sim, command, controller, error) from error
    check_house(controller, scene)
    return controller


def reset_controller(controller: EngineController, scene: str | dict[str, Any]) -> Any:
    """Change the scene of a running controller; the event after it.

    Raises:
        EngineLostError: the engine died or fell silent.
        ConfigError: the engine has no such scene, or refuses the house.
    """
    if isinstance(scene, str):
        known = sorted(controller.scenes_in_build)
        if known and Controller.normalize_scene(scene) not in known:
            raise _unknown_scene(scene, known)
    event = controller.reset(scene)
    check_house(controller, scene)
    return event


def check_house(controller: EngineController, scene: str | dict[str, Any]) -> None:
    """Raise ConfigError if the engine refused the house: the client itself does not look."""
    metadata = controller.last_event.metadata
    if isinstance(scene, dict) and not metadata["lastActionSuccess"]:
        controller.stop()
        raise ConfigError(f"the engine refused the house: {metadata['errorMessage']}; check the file in sim.scenes")


def engine_command(sim: SimConfig) -> str | None:
    """The shell-quoted command of the engine program; None = a Unity build that the client finds by its commit.

    Raises:
        EngineStartError: the program is missing or cannot be executed.
    """
    if sim.executable is None and sim.engine == "unity":
        return None
    path = sim.executable or _embedded_engine()
    if not path.is_file():
        raise EngineStartError(f"engine program '{path}' does not exist; set sim.executable")
    if not os.access(path, os.X_OK):
        raise EngineStartError(f"engine program '{path}' is not executable (chmod +x, or set sim.executable)")
    words = [str(path)]
    if sim.engine == "embedded" and sim.asset_database is not None:
        if not sim.asset_database.is_file():
            raise ConfigError(f"sim.asset_database '{sim.asset_database}' does not exist")
        words += ["--asset-database", str(sim.asset_database.resolve())]
    if sim.engine == "embedded" and sim.mesh_pack is not None:
        if not sim.mesh_pack.is_dir():
            raise ConfigError(f"sim.mesh_pack '{sim.mesh_pack}' is no folder; it must hold meshes and meshes.json")
        words += ["--mesh-pack", str(sim.mesh_pack.resolve())]
    return shlex.join(words)


def _embedded_engine() -> Path:
    beside = Path(sys.executable).parent / ENGINE_PROGRAM
    if beside.is_file():
        return beside
    found = shutil.which(ENGINE_PROGRAM)
    if found is None:
        raise EngineStartError(
            f"'{ENGINE_PROGRAM}' is neither beside {sys.executable} nor on PATH; install rls3 with pip, "
            "or set sim.executable"
        )
    return Path(found)


def _start_arguments(command: str | None) -> dict[str, Any]:
    if command is None:
        return {}
    # Any display name will do for a program of our own, but the client fails without one.
    return {"local_executable_path": command, "x_display": os.environ.get("DISPLAY") or ":0"}


def start_parameters(sim: SimConfig) -> dict[str, Any]:
    """What the client is constructed with, apart from scene and executable."""
    parameters: dict[str, Any] = {
        "width": sim.width,
        "height": sim.height,
        "server_timeout": sim.step_timeout_s,
        "server_start_timeout": sim.start_timeout_s,
        "gridSize": sim.grid_size,
        "fieldOfView": sim.field_of_view,
        "visibilityDistance": VISIBILITY_DISTANCE_M,
        "snapToGrid": False,
        "renderDepthImage": True,
        "renderInstanceSegmentation": True,
    }
    if sim.engine == "unity" and sim.executable is None:
        parameters["platform"] = getattr(ai2thor.platform, sim.platform)
        if sim.commit_id is not None:
            parameters["commit_id"] = sim.commit_id
    return parameters


def _start_error(
    sim: SimConfig, command: str | None, controller: EngineController, error: Exception
) -> EngineStartError:
    started = f"engine program {command}" if command else f"AI2-THOR build {sim.commit_id or 'of the client'}"
    what = " ".join(str(error).split()) or type(error).__name__
    logged = controller.log_tail()
    return EngineStartError(
        f"{started} did not start as an AI2-THOR engine: {what}; waited at most {sim.start_timeout_s:g} s "
        f"(sim.start_timeout_s); set sim.executable to the program to start"
        + (f"; the engine said: {logged}" if logged else "")
    )


def _unknown_scene(scene: str, known: list[str]) -> ConfigError:
    names = [name.removesuffix("_physics") for name in known]
    return ConfigError(
        f"the engine has no scene '{scene}'{nearest(scene, names)}; it has {len(names)}, for example "
        f"{', '.join(names[:3])}; change sim.scenes"
    )

"""An engine that comes back: one scene behind the client, rebuilt where it was when the engine is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rls3.config import SimConfig
from rls3.errors import EngineLostError, Rls3Error
from rls3.scene.model import SceneObject, Vec3
from rls3.thor.controller import EngineController, reset_controller, start_controller
from rls3.thor.houses import load_scene
from rls3.thor.metadata import object_from_metadata

Pose = tuple[Vec3, Vec3]
"""Position, metres, and Euler angles, degrees, as the engine states them."""


@dataclass(frozen=True)
class Looks:
    """How a scene is lit and what it is made of: seeds of AI2-THOR's randomisations, None = as it was loaded."""

    light: int | None = None
    materials: int | None = None


class EngineSession:
    """One controller and what must be done again to bring a new one to the same state.

    Between pictures the engine's object filter is closed but for what is watched: replies are short, and the engine
    need not find out what is visible. `observe` opens it for one reply.

    Attributes:
        restarts: how often a lost engine was replaced.
        looks: of the scene as it is now.
    """

    def __init__(self, sim: SimConfig) -> None:
        self.restarts = 0
        self.looks = Looks()
        self._sim = sim
        self._controller: EngineController | None = None
        self._scene: str | dict[str, Any] = ""
        self._spawn_seed: int | None = None
        self._moved: dict[str, Pose] = {}
        self._agent: dict[str, Any] | None = None
        self._pending: tuple[str, dict[str, Any]] | None = None
        self._watched: list[str] = []

    def load(self, scene: str, spawn_seed: int | None) -> Any:
        """Load a scene or house file, with small objects spawned by seed; the event with its whole metadata.

        Raises:
            ConfigError: no such scene, or a wrong house file.
            EngineStartError: the engine cannot be started.
            EngineLostError: it was lost twice.
        """
        self._scene, self._spawn_seed = load_scene(scene), spawn_seed
        self._moved, self._agent, self._pending, self._watched, self.looks = {}, None, None, [], Looks()
        try:
            return self._load()
        except EngineLostError:
            self.restarts += 1
            self.close()
            return self._load()

    def act(self, action: str, **arguments: Any) -> Any:
        """Run one action without a picture; the event. A lost engine is replaced and the action repeated once.

        Raises:
            EngineLostError: the engine was lost twice.
        """
        return self._step(action, renderImage=False, **arguments)

    def place(self, object_id: str, point: Vec3, rotation: Vec3) -> SceneObject | None:
        """Stand an object, turned so, on a point or on what is below it; as it came to rest, None if it did not fit."""
        arguments = {"objectId": object_id, "position": as_map(point), "rotation": as_map(rotation)}
        event = self.act("PlaceObjectAtPoint", **arguments)
        if not event.metadata["lastActionSuccess"]:
            return None
        self._pending = ("PlaceObjectAtPoint", arguments)
        return next(object_from_metadata(o) for o in event.metadata["objects"] if o["objectId"] == object_id)

    def watch(self, object_ids: list[str]) -> None:
        """Let replies carry these objects only, until the next `observe`."""
        self.act("SetObjectFilter", objectIds=object_ids)
        self._watched = object_ids

    def stand(self, position: Vec3, yaw: float, horizon: float) -> Any:
        """Put the agent somewhere, standing; the event."""
        pose = {"position": as_map(position), "rotation": as_map((0.0, yaw, 0.0)), "horizon": horizon, "standing": True}
        event = self.act("TeleportFull", **pose)
        if event.metadata["lastActionSuccess"]:
            self._agent = pose
        return event

    def put(self, object_id: str, pose: Pose) -> None:
        """Put an object exactly there, whatever is in the way.

        Raises:
            Rls3Error: the engine refused.
        """
        event = self.act("TeleportObject", **_teleport(object_id, pose))
        _check(event, f"put {object_id} back")

    def dress(self, looks: Looks) -> None:
        """Light the scene, and give things their materials, by these seeds.

        Raises:
            Rls3Error: the engine refused.
        """
        actions, self.looks = _dressing(self.looks, looks), looks
        while True:
            restarts = self.restarts
            for action, arguments in actions:
                _check(self.act(action, **arguments), f"run {action}")
            if self.restarts == restarts:
                return  # else a new engine drew some of it without its seed: once more, from the beginning

    def observe(self, *, picture: bool) -> Any:
        """The event with the metadata of all objects, and with all images if wanted."""
        event = self._step("ResetObjectFilter", renderImage=picture)
        self.watch([])
        return event

    def settle(self, moved: Mapping[str, Pose]) -> None:
        """Note where the objects that are not where the scene had them now are: a new engine will put them there."""
        self._moved, self._pending = dict(moved), None

    def close(self) -> None:
        """Stop the engine; a later `load` starts a new one."""
        if self._controller is not None:
            # The pipes of a lost engine may be broken or closed already.
            with contextlib.suppress(OSError, ValueError, EngineLostError):
                self._controller.stop()
        self._controller = None

    def _step(self, action: str, **arguments: Any) -> Any:
        try:
            return self._running().step(action, **arguments)
        except EngineLostError:
            self.restarts += 1
            self._rebuild()
            return self._running().step(action, **arguments)

    def _running(self) -> EngineController:
        if self._controller is None:
            raise Rls3Error("no scene is loaded; call reset first")
        return self._controller

    def _load(self) -> Any:
        if self._controller is None:
            self._controller = start_controller(self._sim, self._scene)
            event = self._controller.last_event
        else:
            event = reset_controller(self._controller, self._scene)
        if self._spawn_seed is not None:
            event = self._controller.step(
                "InitialRandomSpawn", randomSeed=self._spawn_seed, forceVisible=False, renderImage=False
            )
            _check(event, f"spawn objects by seed {self._spawn_seed}")
        self._controller.step("SetObjectFilter", objectIds=self._watched, renderImage=False)
        return event

    def _rebuild(self) -> None:
        self.close()
        self._load()
        for object_id, pose in self._moved.items():
            event = self._running().step("TeleportObject", renderImage=False, **_teleport(object_id, pose))
            _check(event, f"put {object_id} back")
        for dressing, seeds in _dressing(Looks(), self.looks):
            _check(self._running().step(dressing, renderImage=False, **seeds), f"repeat {dressing}")
        for action, arguments in (("TeleportFull", self._agent), self._pending or ("", None)):
            if arguments is not None:
                _check(self._running().step(action, renderImage=False, **arguments), f"repeat {action}")


def as_map(vector: Vec3) -> dict[str, float]:
    """A vector as AI2-THOR's actions take it."""
    return {"x": vector[0], "y": vector[1], "z": vector[2]}


def _dressing(now: Looks, wanted: Looks) -> list[tuple[str, dict[str, Any]]]:
    """The actions that change the looks of a scene; the same, whatever was drawn before."""
    actions: list[tuple[str, dict[str, Any]]] = []
    kinds = (("Lighting", now.light, wanted.light), ("Materials", now.materials, wanted.materials))
    for kind, old, new in kinds:
        if old != new:
            actions.append((f"Reset{kind}", {}))
            if new is not None:
                actions += [("SetRandomSeed", {"seed": new}), (f"Randomize{kind}", {})]
    return actions


def _teleport(object_id: str, pose: Pose) -> dict[str, Any]:
    position, rotation = pose
    return {
        "objectId": object_id,
        "position": as_map(position),
        "rotation": as_map(rotation),
        "forceAction": True,
    }


def _check(event: Any, what: str) -> None:
    if not event.metadata["lastActionSuccess"]:
        raise Rls3Error(f"the engine refused to {what}: {event.metadata['errorMessage']}")

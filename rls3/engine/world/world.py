"""The scene's state: objects, shell, lights, agents and cameras.

Everything in it is an immutable record that is replaced, never changed, so a snapshot is a shallow copy and a failed
action leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rls3.engine.geometry import Array
from rls3.engine.render.scene import Lighting
from rls3.engine.world.agents import Agent
from rls3.engine.world.cameras import ThirdPartyCamera
from rls3.engine.world.hands import Hand
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.shell import Shell


@dataclass(frozen=True)
class Snapshot:
    """A saved state of the world."""

    objects: dict[str, SceneObject]
    shell: Shell
    agents: list[Agent]
    cameras: list[ThirdPartyCamera]
    filter: frozenset[str] | None
    lighting: Lighting | None
    paused: bool


class World:
    """The scene that actions change.

    Attributes:
        scene_name: AI2-THOR's name of the scene.
        shell: rooms, walls and lights.
        objects: all objects by id, in the order of the metadata.
        agents: at least one.
        cameras: third-party cameras.
        filter: ids that the metadata is limited to, None for all.
        lighting: light in place of the shell's own, None when that is not changed.
        paused: whether PausePhysicsAutoSim is in force.
        revision: counts changes of objects or shell, so that others can cache what they derive.
    """

    def __init__(self, scene_name: str, shell: Shell, objects: Iterable[SceneObject] = ()) -> None:
        self.scene_name = scene_name
        self.shell = shell
        self.objects: dict[str, SceneObject] = {}
        self.agents: list[Agent] = [Agent()]
        self.cameras: list[ThirdPartyCamera] = []
        self.filter: frozenset[str] | None = None
        self.lighting: Lighting | None = None
        self.paused = False
        self.revision = 0
        self._extents: tuple[int, list[SceneObject], Array, Array] | None = None
        for item in objects:
            self.put(item)

    def put(self, item: SceneObject) -> None:
        """Add an object or replace the one of the same id."""
        self.objects[item.object_id] = item
        self.revision += 1

    def remove(self, object_id: str) -> None:
        """Take an object out of the scene."""
        del self.objects[object_id]
        self.revision += 1

    def replace_scene(self, shell: Shell, objects: Mapping[str, SceneObject]) -> None:
        """Put another shell and other objects in place of the present ones.

        A new shell comes with its own light; hands let go of what is no longer there.
        """
        if shell.lighting is not self.shell.lighting:
            self.lighting = None
        self.agents = [a if a.hand.holds in {None, *objects} else replace(a, hand=Hand()) for a in self.agents]
        self.shell = shell
        self.objects = dict(objects)
        self.revision += 1

    def relight(self, lighting: Lighting | None) -> None:
        """Put other light in place of the shell's own; None brings that back."""
        self.lighting = lighting
        self.revision += 1

    def active_objects(self) -> list[SceneObject]:
        """Return the objects that can be seen and touched."""
        return [o for o in self.objects.values() if o.present]

    def objects_within(self, low: Array, high: Array) -> list[SceneObject]:
        """Return the active objects whose bounds touch a box, given by its lower and upper corner, metres."""
        if self._extents is None or self._extents[0] != self.revision:
            objects = self.active_objects()
            corners = np.array([o.aabb for o in objects]).reshape(-1, 2, 3)
            self._extents = (self.revision, objects, corners[:, 0], corners[:, 1])
        _, objects, lows, highs = self._extents
        near = (lows <= high).all(axis=1) & (highs >= low).all(axis=1)
        return [objects[i] for i in np.flatnonzero(near)]

    def listed_objects(self) -> list[SceneObject]:
        """Return the objects that the metadata lists: those that are there, and those that are now slices."""
        return [o for o in self.objects.values() if o.state.enabled]

    def snapshot(self) -> Snapshot:
        """Return the present state."""
        return Snapshot(
            dict(self.objects),
            self.shell,
            list(self.agents),
            list(self.cameras),
            self.filter,
            self.lighting,
            self.paused,
        )

    def restore(self, saved: Snapshot) -> None:
        """Go back to a saved state."""
        lit = saved.lighting is self.lighting
        if saved.objects != self.objects or saved.shell is not self.shell or not lit:
            self.objects = dict(saved.objects)
            self.shell = saved.shell
            self.lighting = saved.lighting
            self.revision += 1
        self.agents = list(saved.agents)
        self.cameras = list(saved.cameras)
        self.filter = saved.filter
        self.paused = saved.paused

    def bounds(self) -> tuple[Array, Array]:
        """Return the lower and upper corner of the box round everything that is drawn."""
        lows = [p.boxes.low.min(axis=0) for p in self.shell.pieces if len(p.boxes)]
        highs = [p.boxes.high.max(axis=0) for p in self.shell.pieces if len(p.boxes)]
        for item in self.active_objects():
            lows.append(item.aabb[0])
            highs.append(item.aabb[1])
        if not lows:
            return np.zeros(3), np.zeros(3)
        low: NDArray[np.float64] = np.min(lows, axis=0)
        high: NDArray[np.float64] = np.max(highs, axis=0)
        return low, high

"""A rendered frame with the names and colours of what it shows, and how it is sent over the wire."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rls3.engine.geometry import Array
from rls3.engine.pictures.bodies import BODY_NAME
from rls3.engine.pictures.colors import BACKGROUND, Color, distinct_colors
from rls3.engine.render.scene import Frame, RenderCamera
from rls3.engine.world.world import World


@dataclass(frozen=True)
class Labels:
    """Names and colours of what is drawn.

    Attributes:
        names: instance name by renderer index: object ids, and class names for the shell.
        types: class name by renderer index.
        colors: colour by name, instances and classes.
    """

    names: tuple[str, ...]
    types: tuple[str, ...]
    colors: Mapping[str, Color]

    @staticmethod
    def of(world: World, bodies: int = 0) -> Labels:
        """Return the labels of a world's shell pieces, active objects and agents' bodies, in the order drawn."""
        objects = world.active_objects()
        pieces, agents = [p.name for p in world.shell.pieces], [BODY_NAME] * bodies
        names = [*pieces, *(o.object_id for o in objects), *agents]
        types = [*pieces, *(o.type.name for o in objects), *agents]
        return Labels(tuple(names), tuple(types), distinct_colors([*names, *types, BODY_NAME]))

    @cached_property
    def instance_lut(self) -> NDArray[np.uint32]:
        """(n + 1,) RGBA bytes by renderer index; the last, which index -1 picks, is the background."""
        return self._lut(self.names)

    @cached_property
    def class_lut(self) -> NDArray[np.uint32]:
        """(n + 1,) RGBA bytes of the class by renderer index, background last."""
        return self._lut(self.types)

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The metadata's `colors` list."""
        return [{"name": name, "color": list(color)} for name, color in self.colors.items()]

    def _lut(self, names: tuple[str, ...]) -> NDArray[np.uint32]:
        rows = [(*self.colors[name], 255) for name in names] + [(*BACKGROUND, 255)]
        return np.array(rows, dtype=np.uint8).view(np.uint32).ravel()


@dataclass(frozen=True)
class Picture:
    """A rendered frame with its labels; the byte methods give the wire format, bottom row first.

    Attributes:
        frame: colour, depth, normals and renderer indices, top row first.
        labels: what the renderer indices stand for.
        camera: what it was taken with.
    """

    frame: Frame
    labels: Labels
    camera: RenderCamera

    def rgb_bytes(self) -> bytes:
        """H x W x 3 uint8."""
        return self.frame.rgb[::-1].tobytes()

    def depth_bytes(self) -> bytes:
        """H x W float32, metres along the optical axis."""
        return self.frame.depth[::-1].tobytes()

    def normal_bytes(self) -> bytes:
        """H x W x 3 uint8, normals in the camera's frame."""
        return self.frame.normals[::-1].tobytes()

    def instance_bytes(self) -> bytes:
        """H x W x 4 uint8, instance colours, alpha 255."""
        return self.labels.instance_lut.take(self.frame.ids[::-1], mode="wrap").tobytes()

    def class_bytes(self) -> bytes:
        """H x W x 4 uint8, class colours, alpha 255."""
        return self.labels.class_lut.take(self.frame.ids[::-1], mode="wrap").tobytes()

    @cached_property
    def names_in_view(self) -> frozenset[str]:
        """Names of all instances with at least one pixel."""
        return frozenset(self.labels.names[i] for i in np.unique(self.frame.ids) if i >= 0)

    def name_at(self, x: float, y: float) -> str:
        """Return the instance name at a place from (0, 0) top left to (1, 1) bottom right; "" where nothing is."""
        height, width = self.frame.ids.shape
        index = int(self.frame.ids[min(int(y * height), height - 1), min(int(x * width), width - 1)])
        return self.labels.names[index] if index >= 0 else ""

    def points_of(self, name: str) -> Array:
        """Return (n, 3) world positions of the pixels of one instance of a perspective picture, metres."""
        rows, columns = np.nonzero(self.frame.ids == self.labels.names.index(name))
        height, width = self.frame.ids.shape
        right, up, ahead = np.array(self.camera.axes())
        tangent = math.tan(math.radians(self.camera.fov) / 2)
        across = (2 * columns + 1 - width) / height * tangent
        upwards = (height - 2 * rows - 1) / height * tangent
        rays = ahead + across[:, None] * right + upwards[:, None] * up
        points: Array = np.asarray(self.camera.position) + self.frame.depth[rows, columns, None] * rays
        return points

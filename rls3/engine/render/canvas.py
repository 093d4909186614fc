"""A picture that is kept: drawn again only where the scene has changed since."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import warp as wp
from numpy.typing import NDArray

from rls3.engine.render import light, pixels, tiles, visibility
from rls3.engine.render.scene import Frame, Lighting, RenderCamera
from rls3.engine.render.stage import Stage
from rls3.engine.render.tracing import TILE_PIXELS, View

Array = NDArray[np.float64]
#: On a GPU the rows of a triangle are shared among this many threads, so that walls do not hold up the rest.
GPU_STRIPS = 32


@dataclass(frozen=True)
class Drawn:
    """The state of the scene that a canvas shows."""

    layout: tuple[tuple[int, int], ...]
    lighting: Lighting | None
    poses: Array
    low: Array
    high: Array


class Canvas:
    """The device's buffers for one camera and size, and what they show.

    Attributes:
        camera: where it is seen from.
        width, height: pixels.
    """

    def __init__(self, camera: RenderCamera, width: int, height: int, device: str) -> None:
        self.camera, self.width, self.height = camera, width, height
        self._device = device
        self._view = _view(camera, width, height)
        self._projection = _projection(camera, width, height)
        count = width * height
        self._keys = self._empty(count * visibility.SAMPLES, wp.uint64)
        self._depth, self._lit, self._open = (self._empty(count, wp.float32) for _ in range(3))
        self._ids, self._wanted = (self._empty(count, wp.int32) for _ in range(2))
        self._normal, self._diffuse, self._ambient, self._glow = (self._empty(count, wp.vec3) for _ in range(4))
        self._color, self._blend, self._strays = (self._empty(count, wp.vec3) for _ in range(3))
        self._rgb, self._coded_normal = (self._empty((count, 3), wp.uint8) for _ in range(2))
        self._tiles: Any = tiles.Tiles()
        self._tile_count = -(-width // TILE_PIXELS) * -(-height // TILE_PIXELS)
        self._tiles.lower, self._tiles.upper, self._tiles.normal = (
            self._empty(self._tile_count, wp.vec3) for _ in range(3)
        )
        self._tiles.reach, self._tiles.seen_through, self._tiles.dirty, self._tiles.touched = (
            self._empty(self._tile_count, wp.int32) for _ in range(4)
        )
        self._drawn: Drawn | None = None

    def draw(self, stage: Stage) -> Frame:
        """Bring the picture up to date and return a copy of it."""
        drawn, self._drawn = self._drawn, Drawn(stage.layout, stage.lighting, stage.poses, stage.low, stage.high)
        if drawn is None or drawn.layout != stage.layout or drawn.lighting != stage.lighting:
            self._tiles.dirty.fill_(1)
            self._trace(stage)
        elif drawn.poses is not stage.poses:
            changed = (drawn.poses != stage.poses).any(axis=(1, 2))
            if changed.any():
                low = np.concatenate([drawn.low[changed], stage.low[changed]])
                high = np.concatenate([drawn.high[changed], stage.high[changed]])
                areas = [self._vectors(self._area(low, high), wp.vec4)]
                boxes = [self._vectors(low, wp.vec3), self._vectors(high, wp.vec3)]
                self._launch(tiles.find_dirty, self._tile_count, stage.data, self._view, *areas, *boxes, self._tiles)
                self._trace(stage)
        return Frame(
            self._rgb.numpy().reshape(self.height, self.width, 3).copy(),
            self._depth.numpy().reshape(self.height, self.width).copy(),
            self._ids.numpy().reshape(self.height, self.width).copy(),
            self._coded_normal.numpy().reshape(self.height, self.width, 3).copy(),
        )

    def _trace(self, stage: Stage) -> None:
        """Draw the dirty tiles."""
        scene, view, marks, count = stage.data, self._view, self._tiles, self.width * self.height
        area = self._vectors(self._area(stage.low, stage.high), wp.vec4)
        drawn = self._empty(len(stage.low), wp.int32)
        projection = wp.array((self._projection @ stage.poses).astype(np.float32), dtype=wp.mat44, device=self._device)
        strips = GPU_STRIPS if wp.get_device(self._device).is_cuda else 1
        parts = [self._diffuse, self._lit, self._ambient, self._open, self._glow]
        self._launch(tiles.spread_dirty, self._tile_count, view, marks)
        self._launch(tiles.select_drawn, len(stage.low), view, area, marks, drawn)
        self._launch(visibility.clear_dirty, count, view, marks.dirty, self._keys)
        self._launch(
            visibility.draw_triangles,
            (stage.triangles, strips),
            *(scene, view, projection, drawn, marks.dirty, strips, self._keys),
        )
        self._launch(
            visibility.write_surfaces,
            count,
            *(scene, view, marks.dirty, self._keys),
            *(self._depth, self._ids, self._normal, self._coded_normal, self._wanted),
        )
        self._launch(tiles.survey, self._tile_count, scene, view, self._keys, self._normal, marks)
        sampled = [scene, view, marks, self._keys, self._wanted, *parts, self._strays]
        self._launch(light.light_samples, count, *sampled)
        self._launch(pixels.compose, count, view, marks, self._depth, self._ids, self._normal, *parts, self._color)
        self._launch(
            pixels.smooth_outlines,
            count,
            *(scene, view, marks, self._keys, self._normal, self._color, self._blend, self._wanted),
        )
        self._launch(light.light_samples, count, *sampled)
        self._launch(pixels.write_pixels, count, view, marks, self._blend, self._wanted, self._strays, self._rgb)

    def _area(self, low: Array, high: Array) -> Array:
        """Return the (n, 4) parts of the picture (low x, low y, high x, high y; pixels) that boxes can cover."""
        pick = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)])
        corners = np.stack([low, high], axis=1)[:, pick, [0, 1, 2]]
        x, y, w = np.moveaxis(corners @ self._projection[:3, :3].T + self._projection[:3, 3], -1, 0)
        ahead = np.maximum(w, visibility.NEAR_PLANE)
        area = np.stack([x / ahead, y / ahead], axis=-1)
        out = np.concatenate([area.min(axis=1) - 1, area.max(axis=1) + 1], axis=1)
        crossing = (w < visibility.NEAR_PLANE).any(axis=1)
        out[crossing] = (0, 0, self.width, self.height)
        out[(w < visibility.NEAR_PLANE).all(axis=1)] = (-2, -2, -1, -1)
        return out

    def _launch(self, kernel: Any, count: int | tuple[int, int], *arguments: Any) -> None:
        wp.launch(kernel, count, arguments, device=self._device)

    def _empty(self, shape: int | tuple[int, int], dtype: Any) -> Any:
        return wp.zeros(shape, dtype=dtype, device=self._device)

    def _vectors(self, values: Array, dtype: Any) -> Any:
        return wp.array(np.ascontiguousarray(values, dtype=np.float32), dtype=dtype, device=self._device)


def _view(camera: RenderCamera, width: int, height: int) -> Any:
    right, up, forward = camera.axes()
    view = View()
    view.eye = wp.vec3(*camera.position)
    view.right, view.up, view.forward = wp.vec3(*right), wp.vec3(*up), wp.vec3(*forward)
    view.parallel = int(camera.orthographic_size is not None)
    view.tangent = _tangent(camera)
    view.far, view.width, view.height = camera.far, width, height
    return view


def _tangent(camera: RenderCamera) -> float:
    return camera.orthographic_size or math.tan(math.radians(camera.fov) / 2)


def _projection(camera: RenderCamera, width: int, height: int) -> Array:
    """Return the (4, 4) matrix from the world to (x w, y w, w, nearness w), x and y in pixels, as `draw_triangles`
    wants it; nearness is 1 at the near plane and 0 at `far`."""
    axes = np.array(camera.axes())
    right, up, ahead = (np.append(axis, -axis @ np.array(camera.position)) for axis in axes)
    scale = height / 2 / _tangent(camera)
    one = np.array([0.0, 0.0, 0.0, 1.0])
    w = ahead if camera.orthographic_size is None else one
    nearest = visibility.NEAR_PLANE if camera.orthographic_size is None else 1.0
    return np.array(
        [
            scale * right + width / 2 * w,
            height / 2 * w - scale * up,
            w,
            nearest * (one - ahead / camera.far),
        ]
    )

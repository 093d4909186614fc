"""A picture that is kept: drawn again only where the scene has changed since."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import warp as wp
from numpy.typing import NDArray

from rls3.engine.render import passes, pixels, tiles, visibility
from rls3.engine.render.meshes import DeviceMesh
from rls3.engine.render.scene import Frame, Lighting, RenderCamera
from rls3.engine.render.stage import Stage
from rls3.engine.render.tracing import ALL_BITS, TILE_PIXELS, View

Array = NDArray[np.float64]
#: Threads of a tile's pixels, threads of a triangle's rows, triangles of one thread. A thread of a GPU does little, and
#: walls must not hold up the rest; on a CPU each thread starts with a copy of all arguments.
GPU_SPLIT = (TILE_PIXELS * TILE_PIXELS, 32, 1)
CPU_SPLIT = (1, 1, 256)


@dataclass(frozen=True)
class Drawn:
    """The state of the scene that a canvas shows; its meshes are held so that their models' identities stay theirs."""

    layout: tuple[tuple[int, int], ...]
    meshes: tuple[DeviceMesh, ...]
    lighting: Lighting | None
    poses: Array
    low: Array
    high: Array


class Canvas:
    """The device's buffers for one camera and size, and what they show.

    Attributes:
        width, height: pixels.
    """

    def __init__(self, camera: RenderCamera, width: int, height: int, device: str) -> None:
        self.width, self.height = width, height
        self._device = device
        count = width * height
        tile_count = -(-width // TILE_PIXELS) * -(-height // TILE_PIXELS)
        self._tiles = self._struct(tiles.Tiles, tile_count)
        self._surfaces = self._struct(visibility.Surfaces, count)
        self._surfaces.keys = self._empty(count * visibility.SAMPLES, wp.uint64)
        self._parts = self._struct(passes.Parts, count)
        self._wanted = self._empty(count, wp.int32)
        self._color, self._blend, self._strays = (self._empty(count, wp.vec3) for _ in range(3))
        self._rgb = self._empty((count, 3), wp.uint8)
        self.aim(camera)

    def aim(self, camera: RenderCamera) -> None:
        """Look through another camera; the next picture is drawn from nothing."""
        self._view = _view(camera, self.width, self.height)
        self._projection = _projection(camera, self.width, self.height)
        self._drawn: Drawn | None = None

    def draw(self, stage: Stage) -> Frame:
        """Bring the picture up to date and return a copy of it."""
        drawn = self._drawn
        self._drawn = Drawn(stage.layout, stage.meshes, stage.lighting, stage.poses, stage.low, stage.high)
        if drawn is None or drawn.layout != stage.layout or drawn.lighting != stage.lighting:
            self._tiles.stale.fill_(ALL_BITS)
            self._trace(stage)
        elif (changed := (drawn.poses != stage.poses).any(axis=(1, 2))).any():
            low = np.concatenate([drawn.low[changed], stage.low[changed]])
            high = np.concatenate([drawn.high[changed], stage.high[changed]])
            self._tiles.changed_low, self._tiles.changed_high = self._vectors(low), self._vectors(high)
            area = self._rectangles(low, high)
            self._launch(tiles.find_stale, len(self._tiles.stale), stage.data, self._view, area, self._tiles)
            self._trace(stage)
        return Frame(
            self._rgb.numpy().reshape(self.height, self.width, 3).copy(),
            self._surfaces.depth.numpy().reshape(self.height, self.width).copy(),
            self._surfaces.ids.numpy().reshape(self.height, self.width).copy(),
            self._surfaces.coded_normal.numpy().reshape(self.height, self.width, 3).copy(),
        )

    def _trace(self, stage: Stage) -> None:
        """Draw what is stale."""
        scene, view, marks, surfaces, parts = stage.data, self._view, self._tiles, self._surfaces, self._parts
        area = self._rectangles(stage.low, stage.high)
        drawn = self._empty(len(stage.low), wp.int32)
        projection = wp.array((self._projection @ stage.poses).astype(np.float32), dtype=wp.mat44, device=self._device)
        lanes, strips, batch = GPU_SPLIT if wp.get_device(self._device).is_cuda else CPU_SPLIT
        triangles = (-(-stage.triangles // batch), strips)
        tile_count = len(marks.stale)
        every_pixel = (tile_count, lanes)
        beyond = [scene, view, marks, lanes, surfaces, self._wanted, parts, self._strays]
        outlines = [scene, view, marks, lanes, surfaces, self._color, self._blend, self._wanted]
        finished = [view, marks, lanes, self._blend, self._wanted, self._strays, self._rgb]
        self._launch(tiles.spread_stale, tile_count, view, marks)
        self._launch(tiles.select_drawn, len(stage.low), view, area, marks, drawn)
        self._launch(visibility.clear_stale, every_pixel, view, marks.stale, lanes, surfaces.keys)
        self._launch(
            visibility.draw_triangles,
            triangles,
            *(scene, view, projection, drawn, marks.stale, batch, strips, surfaces.keys),
        )
        self._launch(visibility.write_surfaces, every_pixel, scene, view, marks.stale, lanes, surfaces)
        self._launch(tiles.survey, tile_count, scene, view, surfaces, marks)
        self._launch(tiles.find_reach, tile_count, scene, marks)
        self._launch(passes.cast_rays, every_pixel, scene, view, marks, lanes, surfaces, parts)
        self._launch(passes.shade_centers, every_pixel, scene, view, marks, lanes, surfaces, parts, self._wanted)
        self._launch(passes.look_beyond, every_pixel, *beyond)
        self._launch(pixels.compose, every_pixel, view, marks, lanes, surfaces, parts, self._color)
        self._launch(pixels.smooth_outlines, every_pixel, *outlines)
        self._launch(passes.look_beyond, every_pixel, *beyond)
        self._launch(pixels.write_pixels, every_pixel, *finished)

    def _rectangles(self, low: Array, high: Array) -> Any:
        """Return the n parts of the picture (low x, low y, high x, high y; pixels) that boxes can cover."""
        pick = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)])
        corners = np.stack([low, high], axis=1)[:, pick, [0, 1, 2]]
        x, y, w = np.moveaxis(corners @ self._projection[:3, :3].T + self._projection[:3, 3], -1, 0)
        ahead = np.maximum(w, visibility.NEAR_PLANE)
        area = np.stack([x / ahead, y / ahead], axis=-1)
        out = np.concatenate([area.min(axis=1) - 1, area.max(axis=1) + 1], axis=1)
        crossing = (w < visibility.NEAR_PLANE).any(axis=1)
        out[crossing] = (0, 0, self.width, self.height)
        out[(w < visibility.NEAR_PLANE).all(axis=1)] = (-2, -2, -1, -1)
        return wp.array(out.astype(np.float32), dtype=wp.vec4, device=self._device)

    def _launch(self, kernel: Any, count: int | tuple[int, int], *arguments: Any) -> None:
        wp.launch(kernel, count, arguments, device=self._device)

    def _struct(self, kind: Any, count: int) -> Any:
        """Return a struct of arrays with a row for each of `count` things."""
        filled = kind()
        for name, variable in kind.vars.items():
            shape = count if variable.type.ndim == 1 else (count, 3)
            setattr(filled, name, self._empty(shape, variable.type.dtype))
        return filled

    def _empty(self, shape: int | tuple[int, int], dtype: Any) -> Any:
        return wp.zeros(shape, dtype=dtype, device=self._device)

    def _vectors(self, values: Array) -> Any:
        return wp.array(values.astype(np.float32), dtype=wp.vec3, device=self._device)


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

"""The renderer: keeps a scene on a device and draws one picture at a time."""

from __future__ import annotations

import fcntl
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import warp as wp

from rls3.engine.render import passes, pixels, tiles, visibility
from rls3.engine.render.canvas import Canvas
from rls3.engine.render.scene import Frame, Instance, Lighting, PointLight, RenderCamera
from rls3.engine.render.stage import Stage

DEFAULT_LIGHTING = Lighting(points=(PointLight((0.0, 2.4, 0.0)),))
#: Pictures are kept as long as they have fewer pixels than this in all, at about 160 bytes each.
KEPT_PIXELS = 300_000


class Renderer:
    """Draws colour, depth, ids and normals of a scene of placed objects.

    The same state gives the same bytes on the same device, whatever was drawn before. Not safe for use from several
    threads.
    """

    def __init__(self, *, device: str = "cpu") -> None:
        """Prepare a device.

        Args:
            device: "cpu", "cuda" or "cuda:N".

        Raises:
            ValueError: the device does not exist here.
        """
        wp.init()
        if not wp.is_device_available(device):
            available = ", ".join(str(each) for each in wp.get_devices())
            raise ValueError(f"render device {device!r} is not available here; available: {available}")
        _load_kernels(device)
        self._device = device
        self._stage = Stage(device, DEFAULT_LIGHTING)
        self._canvases: OrderedDict[tuple[RenderCamera, int, int], Canvas] = OrderedDict()

    def set_lighting(self, lighting: Lighting) -> None:
        """Replace all lights."""
        self._stage.set_lighting(lighting)

    def set_instances(self, instances: Sequence[Instance]) -> None:
        """Replace the scene's objects; when only poses differ from the last call nothing is rebuilt.

        Raises:
            ValueError: two instances share a key, an index is below 0, or a pose is not an invertible (4, 4) matrix.
        """
        _check(instances)
        self._stage.set_instances(instances)

    def render(self, camera: RenderCamera, width: int, height: int) -> Frame:
        """Draw a picture of `width` x `height` pixels, of which only what has changed is computed.

        Raises:
            ValueError: a side is below 1, or the field of view is not within (0, 180) degrees.
        """
        if width < 1 or height < 1:
            raise ValueError(f"a picture needs a width and height of at least 1 pixel, got {width} x {height}")
        if camera.orthographic_size is None and not 0.0 < camera.fov < 180.0:
            raise ValueError(f"the vertical field of view must be between 0 and 180 degrees, got {camera.fov}")
        return self._canvas(camera, width, height).draw(self._stage)

    def _canvas(self, camera: RenderCamera, width: int, height: int) -> Canvas:
        """Return the canvas of a camera; when there are too many, the one used least recently makes room for it."""
        key = (camera, width, height)
        canvas = self._canvases.pop(key, None)
        while canvas is None and self._canvases and self._pixels() + width * height > KEPT_PIXELS:
            (_, *size), oldest = self._canvases.popitem(last=False)
            if size == [width, height]:
                canvas = oldest
                canvas.aim(camera)
        self._canvases[key] = canvas = canvas or Canvas(camera, width, height, self._device)
        return canvas

    def _pixels(self) -> int:
        return sum(width * height for _, width, height in self._canvases)


def _load_kernels(device: str) -> None:
    """Load the kernels; of several engines that start at once on a fresh machine, one compiles and the others wait."""
    with (Path(wp.config.kernel_cache_dir) / "rls3-engine.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for module in (passes, pixels, tiles, visibility):
            wp.load_module(module, device=device)


def _check(instances: Sequence[Instance]) -> None:
    keys: set[str] = set()
    for instance in instances:
        if instance.key in keys:
            raise ValueError(f"two instances share the key {instance.key!r}; every key of a scene must be its own")
        keys.add(instance.key)
        if instance.index < 0:
            raise ValueError(
                f"the index of instance {instance.key!r} is {instance.index}; -1 means no object, use >= 0"
            )
        pose = np.asarray(instance.pose)
        if pose.shape != (4, 4) or not np.isfinite(pose).all() or abs(np.linalg.det(pose[:3, :3])) < 1e-12:
            raise ValueError(f"the pose of instance {instance.key!r} must be an invertible finite (4, 4) matrix")

"""The renderer: keeps a scene on a device and casts one picture at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import warp as wp
from numpy.typing import NDArray

from rls3.engine.render.kernels import compose, trace_centers, write_pixels
from rls3.engine.render.meshes import DeviceMesh, MeshStore
from rls3.engine.render.scene import Frame, Instance, Lighting, PointLight, RenderCamera
from rls3.engine.render.textures import PATTERN_INDEX
from rls3.engine.render.tracing import SceneData, View

SAMPLES_PER_PIXEL = (1, 4)
DEFAULT_LIGHTING = Lighting(points=(PointLight((0.0, 2.4, 0.0)),))


class Renderer:
    """Casts colour, depth and ids of a scene of placed objects.

    The same state gives the same bytes on the same device. Not safe for use from several threads.
    """

    def __init__(self, *, device: str = "cpu", samples_per_pixel: int = 1) -> None:
        """Prepare a device.

        Args:
            device: "cpu", "cuda" or "cuda:N".
            samples_per_pixel: 1, or 4 to average 2 x 2 positions in pixels at edges. Depth and ids are always those
                of the pixel's centre.

        Raises:
            ValueError: the device does not exist here, or the number of samples is not supported.
        """
        if samples_per_pixel not in SAMPLES_PER_PIXEL:
            raise ValueError(f"samples_per_pixel must be one of {SAMPLES_PER_PIXEL}, got {samples_per_pixel}")
        wp.init()
        if not wp.is_device_available(device):
            available = ", ".join(str(each) for each in wp.get_devices())
            raise ValueError(f"render device {device!r} is not available here; available: {available}")
        self._device = device
        self._smooth_edges = int(samples_per_pixel == 4)
        self._store = MeshStore(device)
        self._scene: Any = SceneData()
        self._layout: tuple[int, ...] = ()
        self._meshes: list[DeviceMesh] = []
        self._bvh: Any = None
        self._lower: Any = None
        self._upper: Any = None
        self._lighting: Lighting | None = None
        self.set_lighting(DEFAULT_LIGHTING)

    def set_lighting(self, lighting: Lighting) -> None:
        """Replace all lights."""
        if lighting == self._lighting:
            return
        self._lighting = lighting
        place = [light.position for light in lighting.points]
        color = [np.array(light.color) * light.intensity for light in lighting.points]
        reach = [light.range for light in lighting.points]
        if lighting.sun is not None:
            direction = np.array(lighting.sun.direction)
            place.append(tuple(-direction / max(float(np.linalg.norm(direction)), 1e-9)))
            color.append(np.array(lighting.sun.color) * lighting.sun.intensity)
            # A range below zero marks the directional light for the kernels.
            reach.append(-1.0)
        self._scene.light_place = self._array(np.reshape(place, (-1, 3)), wp.vec3)
        self._scene.light_color = self._array(np.reshape(color, (-1, 3)), wp.vec3)
        self._scene.light_range = self._array(np.array(reach, dtype=np.float32), wp.float32)
        self._scene.ambient = wp.vec3(*lighting.ambient)
        self._scene.ground = lighting.ground
        self._scene.sky = wp.vec3(*lighting.sky)

    def set_instances(self, instances: Sequence[Instance]) -> None:
        """Replace the scene's objects; when only poses or indices differ from the last call nothing is rebuilt.

        Raises:
            ValueError: two instances share a key, an index is below 0, or a pose is not an invertible (4, 4) matrix.
        """
        _check(instances)
        poses = np.array([instance.pose for instance in instances], dtype=np.float64).reshape(-1, 4, 4)
        layout = tuple(id(instance.model) for instance in instances)
        rebuilt = layout != self._layout or self._bvh is None
        if rebuilt:
            self._meshes = [self._store.get(instance.model) for instance in instances]
            self._layout = layout
            self._store.keep(set(layout))
        scene = self._scene
        scene.world_from_object = self._array(poses, wp.mat44)
        scene.object_from_world = self._array(np.linalg.inv(poses), wp.mat44)
        scene.index = self._array(np.array([instance.index for instance in instances], dtype=np.int32), wp.int32)
        low, high = self._bounds(poses)
        if rebuilt:
            self._upload_tables()
            self._lower, self._upper = self._array(low, wp.vec3), self._array(high, wp.vec3)
            self._bvh = wp.Bvh(self._lower, self._upper) if len(instances) else None
            scene.bvh = self._bvh.id if self._bvh is not None else wp.uint64(0)
        else:
            self._lower.assign(low.astype(np.float32))
            self._upper.assign(high.astype(np.float32))
            self._bvh.refit()

    def render(self, camera: RenderCamera, width: int, height: int) -> Frame:
        """Cast a picture of `width` x `height` pixels.

        Raises:
            ValueError: a side is below 1, or the field of view is not within (0, 180) degrees.
        """
        view = self._view(camera, width, height)
        count = width * height
        if self._bvh is None:
            return _empty(camera, width, height, self._lighting)
        color, direct, ambient = (wp.empty(count, dtype=wp.vec3, device=self._device) for _ in range(3))
        open_share = wp.empty(count, dtype=wp.float32, device=self._device)
        depth = wp.empty(count, dtype=wp.float32, device=self._device)
        ids = wp.empty(count, dtype=wp.int32, device=self._device)
        rgb = wp.empty((count, 3), dtype=wp.uint8, device=self._device)
        normals = wp.zeros((count, 3), dtype=wp.uint8, device=self._device)
        light = [direct, ambient, open_share, depth, ids]
        wp.launch(trace_centers, count, [self._scene, view, *light, normals], device=self._device)
        wp.launch(compose, count, [view, *light, color], device=self._device)
        wp.launch(write_pixels, count, [self._scene, view, self._smooth_edges, color, ids, rgb], device=self._device)
        return Frame(
            rgb.numpy().reshape(height, width, 3).copy(),
            depth.numpy().reshape(height, width).copy(),
            ids.numpy().reshape(height, width).copy(),
            normals.numpy().reshape(height, width, 3).copy(),
        )

    def _view(self, camera: RenderCamera, width: int, height: int) -> Any:
        if width < 1 or height < 1:
            raise ValueError(f"a picture needs a width and height of at least 1 pixel, got {width} x {height}")
        if camera.orthographic_size is None and not 0.0 < camera.fov < 180.0:
            raise ValueError(f"the vertical field of view must be between 0 and 180 degrees, got {camera.fov}")
        right, up, forward = camera.axes()
        view = View()
        view.eye = wp.vec3(*camera.position)
        view.right, view.up, view.forward = wp.vec3(*right), wp.vec3(*up), wp.vec3(*forward)
        view.parallel = int(camera.orthographic_size is not None)
        view.tangent = camera.orthographic_size or math.tan(math.radians(camera.fov) / 2)
        view.far, view.width, view.height = camera.far, width, height
        return view

    def _bounds(self, poses: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if not len(poses):
            return np.zeros((0, 3)), np.zeros((0, 3))
        corners = np.array([mesh.corners for mesh in self._meshes])
        world = np.einsum("nij,nkj->nki", poses[:, :3, :3], corners) + poses[:, None, :3, 3]
        # A margin keeps flat boxes from being missed by rays that graze them.
        return world.min(axis=1) - 1e-4, world.max(axis=1) + 1e-4

    def _upload_tables(self) -> None:
        """Join the normals and materials of the distinct meshes in use, and the table of materials."""
        distinct = {id(mesh): mesh for mesh in self._meshes}
        offsets, total = {}, 0
        for key, mesh in distinct.items():
            offsets[key] = total
            total += len(mesh.materials)
        scene = self._scene
        first = np.array([offsets[id(mesh)] for mesh in self._meshes], dtype=np.int32)
        scene.first_face = self._array(first, wp.int32)
        opaque = np.array([mesh.opaque for mesh in self._meshes], dtype=np.int32)
        scene.opaque = self._array(opaque, wp.int32)
        scene.mesh = self._array(np.array([mesh.mesh.id for mesh in self._meshes], dtype=np.uint64), wp.uint64)
        normals = [mesh.normals for mesh in distinct.values()] or [np.zeros((0, 3), dtype=np.float32)]
        rows = [mesh.materials for mesh in distinct.values()] or [np.zeros(0, dtype=np.int32)]
        scene.corner_normal = self._array(np.concatenate(normals), wp.vec3)
        scene.face_material = self._array(np.concatenate(rows), wp.int32)
        materials = list(self._store.materials)
        scene.pattern = self._array(np.array([PATTERN_INDEX[m.pattern] for m in materials], dtype=np.int32), wp.int32)
        scene.color = self._array(np.reshape([m.color for m in materials], (-1, 3)), wp.vec3)
        scene.accent = self._array(np.reshape([m.accent for m in materials], (-1, 3)), wp.vec3)
        finish = [(m.scale, m.gloss, m.emission) for m in materials]
        scene.finish = self._array(np.reshape(finish, (-1, 3)), wp.vec3)

    def _array(self, values: NDArray[Any], dtype: Any) -> Any:
        kind = np.float32 if dtype in (wp.vec3, wp.mat44, wp.float32) else values.dtype
        return wp.array(np.ascontiguousarray(values, dtype=kind), dtype=dtype, device=self._device)


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


def _empty(camera: RenderCamera, width: int, height: int, lighting: Lighting | None) -> Frame:
    sky = np.array(lighting.sky if lighting is not None else (0.0, 0.0, 0.0))
    color = np.clip(sky ** (1 / 2.2) * 255 + 0.5, 0, 255).astype(np.uint8)
    return Frame(
        np.broadcast_to(color, (height, width, 3)).copy(),
        np.full((height, width), camera.far, dtype=np.float32),
        np.full((height, width), -1, dtype=np.int32),
        np.zeros((height, width, 3), dtype=np.uint8),
    )

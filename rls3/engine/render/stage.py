"""The scene on the device: tables of instances, faces, materials and lights, and the tree of instances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import warp as wp
from numpy.typing import NDArray

from rls3.engine.render.meshes import DeviceMesh, MeshStore
from rls3.engine.render.scene import Instance, Lighting
from rls3.engine.render.textures import PATTERN_INDEX
from rls3.engine.render.tracing import MOST_LIGHTS, SceneData

#: A margin keeps flat boxes from being missed by rays that graze them.
BOX_MARGIN = 1e-4


class Stage:
    """A scene's instances and lights on one device.

    Attributes:
        data: what the kernels read.
        layout: identities of the instances' models and their indices; a new one means new tables.
        meshes: of the instances.
        poses: (n, 4, 4) float64 world_from_object.
        low, high: (n, 3) float64 world boxes of the instances.
        triangles: number of triangles of all instances.
        lighting: the lights.
    """

    def __init__(self, device: str, lighting: Lighting) -> None:
        self._device = device
        self._store = MeshStore(device)
        self.meshes: tuple[DeviceMesh, ...] = ()
        self._tree: Any = None
        self.data: Any = SceneData()
        self.layout: tuple[tuple[int, int], ...] = ()
        self.poses = np.zeros((0, 4, 4))
        self.low = self.high = np.zeros((0, 3))
        self.triangles = 0
        self.lighting: Lighting | None = None
        self.set_lighting(lighting)

    def set_lighting(self, lighting: Lighting) -> None:
        """Replace all lights.

        Raises:
            ValueError: there are more than the kernels can tell apart.
        """
        if lighting == self.lighting:
            return
        place = [light.position for light in lighting.points]
        color = [np.array(light.color) * light.intensity for light in lighting.points]
        reach = [light.range for light in lighting.points]
        if lighting.sun is not None:
            direction = np.array(lighting.sun.direction)
            place.append(tuple(-direction / max(float(np.linalg.norm(direction)), 1e-9)))
            color.append(np.array(lighting.sun.color) * lighting.sun.intensity)
            # A range below zero marks the directional light for the kernels.
            reach.append(-1.0)
        if len(place) > MOST_LIGHTS:
            raise ValueError(f"a scene can have at most {MOST_LIGHTS} lights, got {len(place)}; switch some off")
        self.lighting = lighting
        self.data.light_place = self._array(np.reshape(place, (-1, 3)), wp.vec3)
        self.data.light_color = self._array(np.reshape(color, (-1, 3)), wp.vec3)
        self.data.light_range = self._array(np.array(reach, dtype=np.float32), wp.float32)
        self.data.ambient = wp.vec3(*lighting.ambient)
        self.data.ground = lighting.ground
        self.data.sky = wp.vec3(*lighting.sky)

    def set_instances(self, instances: Sequence[Instance]) -> None:
        """Replace the instances; where only poses differ from the last call, only they are written."""
        layout = tuple((id(instance.model), instance.index) for instance in instances)
        poses = np.array([instance.pose for instance in instances], dtype=np.float64).reshape(-1, 4, 4)
        rebuilt = layout != self.layout
        if rebuilt:
            self.layout = layout
            self.meshes = tuple(self._store.get(instance.model) for instance in instances)
            self._store.keep({model for model, _ in layout})
            self._write_tables(instances)
        elif np.array_equal(poses, self.poses):
            return
        self.poses = poses
        self._write_poses(rebuilt)

    def _write_poses(self, rebuilt: bool) -> None:
        corners = np.array([mesh.shape.corners for mesh in self.meshes]).reshape(-1, 8, 3)
        world = corners @ self.poses[:, :3, :3].transpose(0, 2, 1) + self.poses[:, None, :3, 3]
        self.low, self.high = world.min(axis=1) - BOX_MARGIN, world.max(axis=1) + BOX_MARGIN
        data = self.data
        handedness = np.sign(np.linalg.det(self.poses[:, :3, :3])).astype(np.float32)
        if rebuilt:
            data.handedness = self._array(handedness, wp.float32)
            data.object_from_world = self._array(np.linalg.inv(self.poses), wp.mat44)
            data.lower, data.upper = self._array(self.low, wp.vec3), self._array(self.high, wp.vec3)
            self._tree = wp.Bvh(data.lower, data.upper) if len(self.meshes) else None
            data.tree = self._tree.id if self._tree is not None else wp.uint64(0)
        elif self._tree is not None:
            data.object_from_world.assign(np.linalg.inv(self.poses).astype(np.float32))
            data.handedness.assign(handedness)
            data.lower.assign(self.low.astype(np.float32))
            data.upper.assign(self.high.astype(np.float32))
            # Built anew rather than refitted: equal states then have equal trees, whatever came before.
            self._tree.rebuild()

    def _write_tables(self, instances: Sequence[Instance]) -> None:
        """Join the faces of the distinct meshes in use, number the drawn triangles, and write the materials."""
        distinct = {id(mesh): mesh for mesh in self.meshes}
        starts = _starts([len(mesh.materials) for mesh in distinct.values()])
        offset = dict(zip(distinct, starts, strict=True))
        counts = [len(mesh.materials) for mesh in self.meshes]
        self.triangles = sum(counts)
        data = self.data
        data.first_face = self._array(np.array([offset[id(mesh)] for mesh in self.meshes], dtype=np.int32), wp.int32)
        data.first_triangle = self._array(_starts(counts), wp.int32)
        data.triangle_instance = self._array(np.repeat(np.arange(len(counts), dtype=np.int32), counts), wp.int32)
        data.index = self._array(np.array([instance.index for instance in instances], dtype=np.int32), wp.int32)
        data.opaque = self._array(np.array([mesh.opaque for mesh in self.meshes], dtype=np.int32), wp.int32)
        data.convex = self._array(np.array([mesh.shape.convex for mesh in self.meshes], dtype=np.int32), wp.int32)
        data.mesh = self._array(np.array([mesh.shape.mesh.id for mesh in self.meshes], dtype=np.uint64), wp.uint64)
        distinct_meshes = list(distinct.values())
        none = np.zeros((0, 3), dtype=np.float32)
        data.corner = self._array(np.concatenate([none, *(m.shape.points for m in distinct_meshes)]), wp.vec3)
        data.corner_normal = self._array(np.concatenate([none, *(m.shape.normals for m in distinct_meshes)]), wp.vec3)
        no_faces = np.zeros(0, dtype=np.int32)
        materials = np.concatenate([no_faces, *(m.materials for m in distinct_meshes)])
        data.face_material = self._array(materials, wp.int32)
        data.solid = self._array(np.concatenate([no_faces, *(m.shape.solid for m in distinct_meshes)]), wp.int32)
        table = list(self._store.materials)
        data.pattern = self._array(np.array([PATTERN_INDEX[m.pattern] for m in table], dtype=np.int32), wp.int32)
        data.color = self._array(np.reshape([m.color for m in table], (-1, 3)), wp.vec3)
        data.accent = self._array(np.reshape([m.accent for m in table], (-1, 3)), wp.vec3)
        finish = [(m.scale, m.gloss, m.emission) for m in table]
        data.finish = self._array(np.reshape(finish, (-1, 3)), wp.vec3)

    def _array(self, values: NDArray[Any], dtype: Any) -> Any:
        kind = np.float32 if dtype in (wp.vec3, wp.mat44, wp.float32) else values.dtype
        return wp.array(np.ascontiguousarray(values, dtype=kind), dtype=dtype, device=self._device)


def _starts(counts: Sequence[int]) -> NDArray[np.int32]:
    """Return where each of consecutive runs of these lengths starts."""
    return (np.cumsum(counts, dtype=np.int64) - counts).astype(np.int32)

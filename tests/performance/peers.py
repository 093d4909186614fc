"""Other renderers of the same room: RGB, depth and ids of one frame after some things have moved."""

import os

# MuJoCo chooses its OpenGL when it is first imported.
os.environ.setdefault("MUJOCO_GL", "egl")
import numpy as np
from room import Room
from trimesh.transformations import quaternion_from_matrix


class MuJoCo:
    """MuJoCo's own OpenGL renderer: three passes, its usual anti-aliasing, one lamp with shadows."""

    name = "MuJoCo renderer"

    def __init__(self, room: Room, size: int, movers: list[str]) -> None:
        import mujoco

        self._mujoco = mujoco
        spec = mujoco.MjSpec()
        spec.visual.global_.offwidth = spec.visual.global_.offheight = size
        spec.worldbody.add_light(pos=room.lamp, dir=(0, -1, 0), castshadow=True)
        spec.worldbody.add_camera(
            name="eye", pos=room.eye, quat=_quaternion(np.stack([room.right, room.up, -room.forward], 1)), fovy=room.fov
        )
        for thing in room.things:
            mesh = spec.add_mesh(name=thing.name)
            mesh.uservert, mesh.userface = thing.vertices.reshape(-1), thing.faces.reshape(-1)
            mesh.inertia = mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL
            body = spec.worldbody.add_body(
                name=thing.name,
                pos=thing.pose[:3, 3],
                quat=_quaternion(thing.pose[:3, :3]),
                mocap=thing.name in movers,
            )
            body.add_geom(
                type=mujoco.mjtGeom.mjGEOM_MESH,
                meshname=thing.name,
                rgba=(*thing.color, 1),
                contype=0,
                conaffinity=0,
            )
        self._model = spec.compile()
        self._data = mujoco.MjData(self._model)
        self._slots = {name: int(self._model.body(name).mocapid[0]) for name in movers}
        self._renderer = mujoco.Renderer(self._model, size, size)

    def frame(self, poses: dict[str, np.ndarray]) -> list[np.ndarray]:
        for name, pose in poses.items():
            self._data.mocap_pos[self._slots[name]] = pose[:3, 3]
        self._mujoco.mj_kinematics(self._model, self._data)
        self._mujoco.mj_camlight(self._model, self._data)
        renderer = self._renderer
        renderer.update_scene(self._data, camera="eye")
        images = [renderer.render()]
        renderer.enable_depth_rendering()
        images.append(renderer.render())
        renderer.disable_depth_rendering()
        renderer.enable_segmentation_rendering()
        images.append(renderer.render())
        renderer.disable_segmentation_rendering()
        return images


class TinyRenderer:
    """PyBullet's software renderer: one pass, one lamp with shadows."""

    name = "PyBullet TinyRenderer"

    def __init__(self, room: Room, size: int, movers: list[str]) -> None:
        import pybullet

        self._bullet, self._size = pybullet, size
        pybullet.connect(pybullet.DIRECT)
        self._bodies = {}
        for thing in room.things:
            shape = pybullet.createVisualShape(
                pybullet.GEOM_MESH,
                vertices=thing.vertices.tolist(),
                indices=thing.faces.reshape(-1).tolist(),
                rgbaColor=[*thing.color, 1],
            )
            turn = _quaternion(thing.pose[:3, :3])
            self._bodies[thing.name] = (
                pybullet.createMultiBody(0, -1, shape, thing.pose[:3, 3].tolist(), [*turn[1:], turn[0]]),
                [*turn[1:], turn[0]],
            )
        target = (room.eye + room.forward).tolist()
        self._view = pybullet.computeViewMatrix(room.eye.tolist(), target, room.up.tolist())
        self._projection = pybullet.computeProjectionMatrixFOV(room.fov, 1.0, 0.05, 20.0)
        self._lamp = room.lamp.tolist()

    def frame(self, poses: dict[str, np.ndarray]) -> list[np.ndarray]:
        for name, pose in poses.items():
            body, turn = self._bodies[name]
            self._bullet.resetBasePositionAndOrientation(body, pose[:3, 3].tolist(), turn)
        *_, rgb, depth, ids = self._bullet.getCameraImage(
            self._size,
            self._size,
            self._view,
            self._projection,
            lightDirection=self._lamp,
            shadow=1,
            renderer=self._bullet.ER_TINY_RENDERER,
        )
        return [np.reshape(rgb, (self._size, self._size, 4)), np.asarray(depth), np.asarray(ids)]


class Embree:
    """Intel Embree, its tree built anew for every frame; Lambert shading and one shadow ray in NumPy."""

    name = "Embree, rebuilt"

    def __init__(self, room: Room, size: int, movers: list[str]) -> None:
        import embreex  # noqa: F401 - fails here where it is not installed

        self._room = room
        starts = np.cumsum([0, *(len(thing.vertices) for thing in room.things)])
        faces = [thing.faces + start for thing, start in zip(room.things, starts, strict=False)]
        self._faces = np.concatenate(faces).astype(np.int32)
        self._ids = np.repeat(np.arange(len(faces), dtype=np.int16), [len(f) for f in faces])
        self._colors = np.stack([thing.color for thing in room.things]).astype(np.float32)
        half = np.tan(np.radians(room.fov) / 2)
        steps = ((np.arange(size) + 0.5) / size * 2 - 1) * half
        rays = room.forward + steps[None, :, None] * room.right - steps[:, None, None] * room.up
        length = np.linalg.norm(rays, axis=2, keepdims=True)
        self._directions = (rays / length).astype(np.float32).reshape(-1, 3)
        self._cosines = (1 / length).astype(np.float32).reshape(-1)

    def frame(self, poses: dict[str, np.ndarray]) -> list[np.ndarray]:
        from embreex.mesh_construction import TriangleMesh
        from embreex.rtcore_scene import EmbreeScene

        placed = [(thing.vertices, poses.get(thing.name, thing.pose)) for thing in self._room.things]
        world = np.concatenate([v @ pose[:3, :3].T + pose[:3, 3] for v, pose in placed]).astype(np.float32)
        scene = EmbreeScene()
        TriangleMesh(scene, world, self._faces)
        a, b, c = (world[self._faces[:, i]] for i in range(3))
        normals = np.cross(b - a, c - a)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        origins = np.broadcast_to(self._room.eye.astype(np.float32), self._directions.shape).copy()
        found = scene.run(origins, self._directions, output=1)
        face, distance = np.maximum(found["primID"], 0), np.where(found["primID"] >= 0, found["tfar"], 0)
        points = origins + self._directions * distance[:, None]
        facing = normals[face]
        facing *= -np.sign((facing * self._directions).sum(axis=1, keepdims=True))
        lifted = (points + facing * 2e-3).astype(np.float32)
        to_lamp = self._room.lamp.astype(np.float32) - lifted
        far = np.full(len(lifted), 0.999, dtype=np.float32)
        lit = np.asarray(scene.run(lifted, to_lamp, dists=far, query="OCCLUDED")) != 0
        cosine = (facing * to_lamp).sum(axis=1) / np.linalg.norm(to_lamp, axis=1)
        ids = self._ids[face]
        light = self._colors[ids] * (0.4 + 0.6 * np.maximum(cosine, 0) * lit)[:, None]
        rgb = (np.minimum(light, 1) ** 0.4545 * 255).astype(np.uint8)
        return [rgb, distance * self._cosines, ids]


def _quaternion(turn: np.ndarray) -> np.ndarray:
    """Return a rotation matrix as (w, x, y, z)."""
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    return quaternion_from_matrix(matrix)

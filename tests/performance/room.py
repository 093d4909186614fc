"""One generated room as plain meshes, so that other renderers draw exactly what the engine draws.

Peers are right-handed: z is mirrored here, in vertices, poses and the camera alike.
"""

from dataclasses import dataclass

import numpy as np

from rls3.engine.pictures.lighting import scene_lighting
from rls3.engine.scenes import load_scene

MIRROR = np.diag((1.0, 1.0, -1.0, 1.0))


@dataclass(frozen=True)
class Thing:
    """An object or wall: (n, 3) vertices in its own frame, (m, 3) faces, one colour, and its pose (4, 4)."""

    name: str
    vertices: np.ndarray
    faces: np.ndarray
    color: np.ndarray
    pose: np.ndarray


@dataclass(frozen=True)
class Room:
    """What is to be drawn: things, one lamp, and a camera; metres, degrees."""

    things: tuple[Thing, ...]
    lamp: np.ndarray
    eye: np.ndarray
    right: np.ndarray
    up: np.ndarray
    forward: np.ndarray
    fov: float

    @property
    def triangles(self) -> int:
        return sum(len(thing.faces) for thing in self.things)


def read_room(scene: str, eye: dict, yaw: float, horizon: float, fov: float) -> Room:
    """Return the room of a scene name as the engine builds it, seen from a camera given in Unity's frame."""
    world = load_scene(scene)
    shell = [(piece.key, piece.parts, np.eye(4)) for piece in world.shell.pieces]
    objects = [(item.name, item.model.parts, item.pose) for item in world.active_objects()]
    things = tuple(_thing(*each) for each in [*shell, *objects])
    a, b = np.radians((yaw, horizon))
    forward = np.array((np.sin(a) * np.cos(b), -np.sin(b), np.cos(a) * np.cos(b))) * (1, 1, -1)
    right = np.array((np.cos(a), 0.0, -np.sin(a))) * (1, 1, -1)
    lamp = np.array(scene_lighting(world).points[0].position) * (1, 1, -1)
    place = np.array((eye["x"], eye["y"], -eye["z"]))
    return Room(things, lamp, place, right, np.cross(right, forward), forward, fov)


def _thing(name, parts, pose) -> Thing:
    starts = np.cumsum([0, *(len(part.vertices) for part in parts)])
    vertices = np.concatenate([part.vertices for part in parts]) * np.array((1, 1, -1), dtype=np.float32)
    faces = np.concatenate([part.faces[:, ::-1] + start for part, start in zip(parts, starts, strict=False)])
    weights = [len(part.faces) for part in parts]
    color = np.average([part.material.color for part in parts], axis=0, weights=weights)
    return Thing(name, vertices.astype(np.float32), faces.astype(np.int32), color, MIRROR @ pose @ MIRROR)

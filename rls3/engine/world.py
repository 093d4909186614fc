"""The scene's state: objects, shell, lights, agents and cameras.

Everything in it is an immutable record that is replaced, never changed, so a snapshot is a shallow copy and a failed
action leaves nothing behind.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rls3.assets.model import AssetModel, Part
from rls3.assets.types import OBJECT_TYPES, ObjectType
from rls3.engine.agents import Agent
from rls3.engine.geometry import CORNER_SIGNS, Array, Boxes, Point, Vector, inside, pose_matrix, rotation_matrix
from rls3.engine.render.scene import Lighting

#: Clipping planes of the cameras, metres.
NEAR = 0.1
FAR = 20.0

FLOOR_TYPE = ObjectType(
    name="Floor",
    size=(4.0, 0.05, 4.0),
    mass=0.0,
    receptacle=True,
    salient_materials=("Wood",),
    **dict.fromkeys(
        [
            "pickupable",
            "moveable",
            "openable",
            "toggleable",
            "breakable",
            "sliceable",
            "cookable",
            "dirtyable",
            "fillable",
            "usable_up",
            "heat_source",
            "cold_source",
            "has_front",
            "wall_mounted",
        ],
        False,
    ),
)


def type_of(name: str) -> ObjectType:
    """Return the flags of an object type; `Floor` is known beside the catalogue's types."""
    return FLOOR_TYPE if name == "Floor" else OBJECT_TYPES[name]


@dataclass(frozen=True)
class ObjectState:
    """What an action can change of an object besides its pose; `kinematic` objects hang where they were put."""

    openness: float = 0.0
    toggled: bool = False
    enabled: bool = True
    kinematic: bool = False


@dataclass(frozen=True, eq=False)
class SceneObject:
    """One object of the scene.

    Attributes:
        object_id: AI2-THOR's id; it keeps the position the object had at first.
        name: unique name inside the scene.
        type: flags and mass of its object type.
        model: geometry, in the object frame.
        position: centre of the bounding box, metres.
        rotation: Unity Euler angles, degrees.
        asset_id: name of the asset.
        size_source: where its size comes from.
        state: what actions changed.
    """

    object_id: str
    name: str
    type: ObjectType
    model: AssetModel
    position: Vector
    rotation: Vector = (0.0, 0.0, 0.0)
    asset_id: str = ""
    size_source: Literal["assetDatabase", "typical", "catalogue"] = "catalogue"
    state: ObjectState = field(default_factory=ObjectState)

    def at(self, position: Iterable[float], rotation: Iterable[float] | None = None) -> SceneObject:
        """Return the object at another pose."""
        x, y, z = (float(v) for v in position)
        a, b, c = self.rotation if rotation is None else (float(v) for v in rotation)
        return replace(self, position=(x, y, z), rotation=(a, b, c))

    @property
    def movable(self) -> bool:
        """Whether actions may move it."""
        return self.type.pickupable or self.type.moveable

    @cached_property
    def pose(self) -> Array:
        """(4, 4) matrix from object to world coordinates."""
        return pose_matrix(self.position, self.rotation)

    @cached_property
    def boxes(self) -> Boxes:
        """Collision boxes in world coordinates."""
        turn = rotation_matrix(self.rotation)
        centers = np.array([b.center for b in self.model.collision], dtype=np.float64).reshape(-1, 3)
        halves = np.array([b.half_size for b in self.model.collision], dtype=np.float64).reshape(-1, 3)
        # What is drawn below the lowest box (castors, soles) would sink into the ground: that box stands for it.
        low = centers[:, 1] - halves[:, 1]
        excess = np.where(low < low.min(initial=0.0) + 1e-6, low + self.model.size[1] / 2, 0.0)
        centers[:, 1] -= excess / 2
        halves[:, 1] += excess / 2
        rotations = np.broadcast_to(turn, (len(centers), 3, 3))
        return Boxes(centers @ turn.T + np.asarray(self.position), halves, rotations)

    @cached_property
    def oriented_corners(self) -> Array:
        """(8, 3) corners of the object's own bounding box in world coordinates."""
        half = np.asarray(self.model.size) / 2
        return np.asarray((CORNER_SIGNS * half) @ self.pose[:3, :3].T + self.pose[:3, 3])

    @cached_property
    def aabb(self) -> tuple[Array, Array]:
        """Lower and upper corner of the world-aligned box round the oriented one."""
        return self.oriented_corners.min(axis=0), self.oriented_corners.max(axis=0)

    @property
    def bottom(self) -> float:
        """Lowest height, metres."""
        return float(self.aabb[0][1])


@dataclass(frozen=True, eq=False)
class ShellPiece:
    """A wall, ceiling or other fixed piece that is no object; `name` is its class in segmentation images."""

    key: str
    name: str
    parts: tuple[Part, ...]
    boxes: Boxes


@dataclass(frozen=True)
class Room:
    """The outline of one room: simple (x, z) polygon, metres, and what it is used as."""

    room_id: str
    polygon: tuple[Point, ...]
    kind: str
    height: float


@dataclass(frozen=True, eq=False)
class Shell:
    """What never moves while a scene lasts."""

    pieces: tuple[ShellPiece, ...]
    rooms: tuple[Room, ...]
    lighting: Lighting = field(default_factory=Lighting)

    def contains(self, x: float, z: float) -> bool:
        """Return whether a point seen from above lies in one of the rooms."""
        return any(inside((x, z), room.polygon) for room in self.rooms)

    @property
    def height(self) -> float:
        """Height of the highest ceiling, metres."""
        return max((room.height for room in self.rooms), default=2.6)


@dataclass(frozen=True)
class ThirdPartyCamera:
    """A camera of its own: `rotation` are Unity Euler angles; `orthographic_size` is half the vertical extent."""

    position: Vector
    rotation: Vector
    field_of_view: float = 90.0
    orthographic: bool = False
    orthographic_size: float = 5.0
    far: float = 20.0
    sky_color: Vector | None = None


@dataclass(frozen=True)
class Snapshot:
    """A saved state of the world."""

    objects: dict[str, SceneObject]
    shell: Shell
    agents: list[Agent]
    cameras: list[ThirdPartyCamera]
    filter: frozenset[str] | None


class World:
    """The scene that actions change.

    Attributes:
        scene_name: AI2-THOR's name of the scene.
        shell: rooms, walls and lights.
        objects: all objects by id, in the order of the metadata.
        agents: at least one.
        cameras: third-party cameras.
        filter: ids that the metadata is limited to, None for all.
        revision: counts changes of objects or shell, so that others can cache what they derive.
    """

    def __init__(self, scene_name: str, shell: Shell, objects: Iterable[SceneObject] = ()) -> None:
        self.scene_name = scene_name
        self.shell = shell
        self.objects: dict[str, SceneObject] = {}
        self.agents: list[Agent] = [Agent()]
        self.cameras: list[ThirdPartyCamera] = []
        self.filter: frozenset[str] | None = None
        self.revision = 0
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
        """Put another shell and other objects in place of the present ones."""
        self.shell = shell
        self.objects = dict(objects)
        self.revision += 1

    def active_objects(self) -> list[SceneObject]:
        """Return the objects that are not disabled."""
        return [o for o in self.objects.values() if o.state.enabled]

    def snapshot(self) -> Snapshot:
        """Return the present state."""
        return Snapshot(dict(self.objects), self.shell, list(self.agents), list(self.cameras), self.filter)

    def restore(self, saved: Snapshot) -> None:
        """Go back to a saved state."""
        if saved.objects != self.objects or saved.shell is not self.shell:
            self.objects = dict(saved.objects)
            self.shell = saved.shell
            self.revision += 1
        self.agents = list(saved.agents)
        self.cameras = list(saved.cameras)
        self.filter = saved.filter

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


def object_id_for(object_type: str, position: Iterable[float]) -> str:
    """Return AI2-THOR's id of an object at its first position: `Type|±00.00|±00.00|±00.00`."""
    return object_type + "".join("|" + _signed(v) for v in position)


def _signed(value: float) -> str:
    rounded = round(float(value), 2)
    sign = "-" if rounded < 0 else "+"
    return f"{'' if rounded == 0 else sign}{abs(rounded):05.2f}"


def normalized_degrees(angle: float) -> float:
    """Return the angle in [0, 360)."""
    turned = math.fmod(angle, 360.0)
    return turned + 360.0 if turned < 0 else turned

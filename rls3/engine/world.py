"""The scene's state: objects, shell, lights, agents and cameras.

Everything in it is an immutable record that is replaced, never changed, so a snapshot is a shallow copy and a failed
action leaves nothing behind.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rls3.assets.catalogue import build
from rls3.assets.model import AssetModel, Condition, Part
from rls3.assets.types import OBJECT_TYPES, ObjectType
from rls3.engine.agents import Agent
from rls3.engine.geometry import CORNER_SIGNS, Array, Boxes, Point, Vector, inside, pose_matrix, rotation_matrix
from rls3.engine.hands import Hand
from rls3.engine.paint import Paint
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


Liquid = Literal["water", "coffee", "wine"]
#: Types that are switched on when a scene begins.
ON_AT_FIRST = frozenset({"LightSwitch"})


def type_of(name: str) -> ObjectType:
    """Return the flags of an object type; `Floor` is known beside the catalogue's types."""
    return FLOOR_TYPE if name == "Floor" else OBJECT_TYPES[name]


@dataclass(frozen=True)
class ObjectState:
    """What an action can change of an object besides its pose.

    Attributes:
        openness: 0 (shut) to 1 (wide open).
        toggled: whether it is switched on.
        enabled: whether it is there at all.
        kinematic: it hangs where it was put and never falls.
        broken, dirty, cooked, used_up: as AI2-THOR's flags say.
        sliced: its slices have taken its place; it is still listed, but neither seen nor touched.
        filled: the liquid in it, None for none.
        held_by: number of the agent that has it in its hand, or has what carries it there.
        unbreakable: BreakObject does not break it.
        paint: how its materials are replaced, None when they are its own.
    """

    openness: float = 0.0
    toggled: bool = False
    enabled: bool = True
    kinematic: bool = False
    broken: bool = False
    dirty: bool = False
    cooked: bool = False
    used_up: bool = False
    sliced: bool = False
    filled: Liquid | None = None
    held_by: int | None = None
    unbreakable: bool = False
    paint: Paint | None = None

    @staticmethod
    def of(kind: ObjectType) -> ObjectState:
        """Return the state in which an object of a type comes into a scene."""
        return ObjectState(openness=kind.rest_openness, toggled=kind.name in ON_AT_FIRST)

    @property
    def condition(self) -> Condition:
        """What of the state shows in the object's looks."""
        return Condition(self.filled, self.dirty, self.broken, self.cooked, self.toggled, self.used_up)


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

    def changed(self, **state: Any) -> SceneObject:
        """Return the object in another state, with the shape and looks that belong to it; see `ObjectState`."""
        after = replace(self.state, **state)
        same = (after.openness, after.condition) == (self.state.openness, self.state.condition)
        model, kind = self.model, self.model.object_type
        if not same and kind in OBJECT_TYPES:
            model = build(
                kind,
                size=model.size,
                variant=model.variant,
                openness=after.openness,
                condition=after.condition,
                levels=model.levels,
            )
        return replace(self, state=after, model=model)

    @property
    def movable(self) -> bool:
        """Whether actions may move it."""
        return self.type.pickupable or self.type.moveable

    @property
    def present(self) -> bool:
        """Whether it can be seen and touched."""
        return self.state.enabled and not self.state.sliced

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
        foot = max(-self.model.size[1] / 2, self.model.bounds[0][1])
        excess = np.where(low < low.min(initial=0.0) + 1e-6, low - foot, 0.0)
        centers[:, 1] -= excess / 2
        halves[:, 1] += excess / 2
        rotations = np.broadcast_to(turn, (len(centers), 3, 3))
        return Boxes(centers @ turn.T + np.asarray(self.position), halves, rotations)

    @cached_property
    def oriented_corners(self) -> Array:
        """(8, 3) corners of the object's own bounding box, as it is now, in world coordinates."""
        low, high = np.asarray(self.model.bounds)
        corners = (low + high) / 2 + CORNER_SIGNS * (high - low) / 2
        return np.asarray(corners @ self.pose[:3, :3].T + self.pose[:3, 3])

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
    """A wall, ceiling or other fixed piece that is no object; `name` is its class in segmentation images, `paint` how
    its materials are replaced."""

    key: str
    name: str
    parts: tuple[Part, ...]
    boxes: Boxes
    paint: Paint | None = None


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

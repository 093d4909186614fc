"""Objects of a scene: immutable records of where each is and in which state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np

from rls3.assets.catalogue import build
from rls3.assets.model import AssetModel, CollisionBox, Condition
from rls3.assets.types import OBJECT_TYPES, ObjectType
from rls3.engine.geometry import CORNER_SIGNS, Array, Boxes, Vector, as_vector, pose_matrix, rotation_matrix
from rls3.engine.world.paint import Paint

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
        turned = self.rotation if rotation is None else as_vector(rotation)
        return replace(self, position=as_vector(position), rotation=turned)

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
        local, turn = self.local_boxes, rotation_matrix(self.rotation)
        rotations = np.broadcast_to(turn, (len(local), 3, 3))
        return Boxes(local.centers @ turn.T + np.asarray(self.position), local.halves, rotations)

    @property
    def local_boxes(self) -> Boxes:
        """Collision boxes in the object frame; objects of one shape share them."""
        model = self.model
        return _local_boxes(model.collision, max(-model.size[1] / 2, model.bounds[0][1]))

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


@lru_cache(maxsize=512)
def _local_boxes(collision: tuple[CollisionBox, ...], foot: float) -> Boxes:
    """Return the boxes of a model whose lowest point is at height `foot`, metres."""
    centers = np.array([b.center for b in collision], dtype=np.float64).reshape(-1, 3)
    halves = np.array([b.half_size for b in collision], dtype=np.float64).reshape(-1, 3)
    # What is drawn below the lowest box (castors, soles) would sink into the ground: that box stands for it.
    low = centers[:, 1] - halves[:, 1]
    excess = np.where(low < low.min(initial=0.0) + 1e-6, low - foot, 0.0)
    centers[:, 1] -= excess / 2
    halves[:, 1] += excess / 2
    return Boxes(centers, halves, np.broadcast_to(np.eye(3), (len(centers), 3, 3)))


def object_id_for(object_type: str, position: Iterable[float]) -> str:
    """Return AI2-THOR's id of an object at its first position: `Type|±00.00|±00.00|±00.00`."""
    return object_type + "".join("|" + _signed(v) for v in position)


def _signed(value: float) -> str:
    rounded = round(float(value), 2)
    sign = "-" if rounded < 0 else "+"
    return f"{'' if rounded == 0 else sign}{abs(rounded):05.2f}"

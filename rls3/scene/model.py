"""What a room, an object and a camera are, whatever simulator they came from.

Unity frame: left-handed, +x right, +y up, +z forward at yaw 0; metres; degrees; yaw clockwise seen from above,
so that forward = (sin yaw, 0, cos yaw); horizon positive = looking down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Vec3 = tuple[float, float, float]
PixelBox = tuple[int, int, int, int]


@dataclass(frozen=True)
class Camera:
    """A pinhole camera without roll.

    Attributes:
        position: optical centre, metres.
        yaw: degrees clockwise from +z.
        horizon: degrees, positive looks down.
        field_of_view: vertical, degrees; the horizontal one follows from the aspect.
        width: pixels.
        height: pixels.
    """

    position: Vec3
    yaw: float
    horizon: float
    field_of_view: float
    width: int
    height: int


@dataclass(frozen=True)
class MaskStats:
    """What an instance mask says of one object in one picture.

    Attributes:
        pixels: number of pixels the object shows.
        box: (x0, y0, x1, y1), inclusive, pixels, origin top left.
        cut: whether the mask touches the frame's edge.
    """

    pixels: int
    box: PixelBox
    cut: bool

    @classmethod
    def of(cls, mask: NDArray[np.bool_]) -> MaskStats:
        """The statistics of a mask (H, W) that is true where the object shows; it shows somewhere."""
        height, width = mask.shape
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        box = (int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1]))
        cut = box[0] == 0 or box[1] == 0 or box[2] == width - 1 or box[3] == height - 1
        return cls(int(mask.sum()), box, cut)


@dataclass(frozen=True)
class SceneObject:
    """One object as the simulator's metadata states it.

    Attributes:
        id: AI2-THOR `objectId`.
        name: AI2-THOR `name`, stable across id changes.
        type: AI2-THOR `objectType`.
        center: centre of the bounding box, metres.
        size: axis-aligned extents (x, y, z), metres.
        position: the simulator's own `position`, metres (where placing actions must put it to leave it unmoved).
        rotation: Euler angles (x, y, z), degrees.
        corners: (8, 3) corners of the oriented box if known, else of the axis-aligned one, metres.
        parents: ids of the receptacles that the simulator claims carry it.
        movable: pickupable or moveable: an edit may move it.
        receptacle: others may be put on or in it.
        held: in the agent's hand.
        materials: AI2-THOR `salientMaterials`, such as ("Wood",).
        front_yaw: where the object faces, degrees clockwise from +z; None for types without a front.
        asset: AI2-THOR `assetId`: which look it has; "" where unknown. Not kept in samples.
    """

    id: str
    name: str
    type: str
    center: Vec3
    size: Vec3
    position: Vec3
    rotation: Vec3
    corners: NDArray[np.float64] = field(compare=False)
    parents: tuple[str, ...] = ()
    movable: bool = False
    receptacle: bool = False
    held: bool = False
    materials: tuple[str, ...] = ()
    front_yaw: float | None = None
    asset: str = field(default="", compare=False)


@dataclass(frozen=True)
class EngineInfo:
    """Which program drew and simulated a scene."""

    name: str
    version: str


@dataclass(frozen=True)
class Scene:
    """A furnished place as seen from one camera.

    Attributes:
        id: iTHOR scene name such as "FloorPlan7", or a house file's stem.
        objects: everything the simulator reports, in its order.
        camera: where the picture was taken from.
        engine: who simulated it.
        masks: object id -> its mask in the picture; None where the picture has no masks.
        left_out: id of an object that the simulator reports but that cannot be used -> what is wrong with it.
    """

    id: str
    objects: tuple[SceneObject, ...]
    camera: Camera
    engine: EngineInfo
    masks: Mapping[str, MaskStats] | None = None
    left_out: Mapping[str, str] = field(default_factory=dict, compare=False)

    def by_id(self, object_id: str) -> SceneObject:
        """The object of that id; KeyError names the scene when there is none."""
        for candidate in self.objects:
            if candidate.id == object_id:
                return candidate
        raise KeyError(f"scene '{self.id}' has no object '{object_id}'")

"""What is rendered: placed objects, a camera and lights. Left-handed Unity frame, metres and degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rls3.assets.model import AssetModel, Part

Vector = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Instance:
    """One placed object.

    Attributes:
        key: name of the object, unique in the scene.
        model: a built object, or the parts of a static mesh. Its mesh is uploaded once per model *object*, so reuse it.
        pose: (4, 4) float64 world_from_object; may scale.
        index: what `Frame.ids` holds where this instance is seen, 0 or above.
    """

    key: str
    model: AssetModel | tuple[Part, ...]
    pose: NDArray[np.float64]
    index: int


@dataclass(frozen=True)
class RenderCamera:
    """A camera.

    Attributes:
        position: metres.
        yaw: degrees clockwise seen from above; 0 looks along +z.
        pitch: degrees, positive looks down (AI2-THOR's horizon).
        roll: degrees about the viewing direction, Unity's z rotation.
        fov: vertical field of view, degrees; unused by an orthographic camera.
        orthographic_size: half the height of the picture in metres, or None for perspective.
        far: metres; nothing beyond is seen, and it is the depth where nothing is.
    """

    position: Vector
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    fov: float = 90.0
    orthographic_size: float | None = None
    far: float = 100.0

    def axes(self) -> tuple[Vector, Vector, Vector]:
        """Return the unit vectors right, up and forward in the world."""
        yaw, pitch, roll = (math.radians(angle) for angle in (self.yaw, self.pitch, self.roll))
        forward = (math.sin(yaw) * math.cos(pitch), -math.sin(pitch), math.cos(yaw) * math.cos(pitch))
        side = (math.cos(yaw), 0.0, -math.sin(yaw))
        top = (math.sin(yaw) * math.sin(pitch), math.cos(pitch), math.cos(yaw) * math.sin(pitch))
        cos, sin = math.cos(roll), math.sin(roll)
        right = (cos * side[0] + sin * top[0], cos * side[1] + sin * top[1], cos * side[2] + sin * top[2])
        up = (cos * top[0] - sin * side[0], cos * top[1] - sin * side[1], cos * top[2] - sin * side[2])
        return right, up, forward


@dataclass(frozen=True)
class PointLight:
    """A lamp: position in metres, linear RGB colour, intensity (1 is a usual room light), range in metres."""

    position: Vector
    color: Vector = (1.0, 0.95, 0.87)
    intensity: float = 1.0
    range: float = 12.0


@dataclass(frozen=True)
class DirectionalLight:
    """A sun: the direction its light travels in (need not be a unit vector), linear RGB colour, intensity."""

    direction: Vector
    color: Vector = (1.0, 0.98, 0.94)
    intensity: float = 0.6


@dataclass(frozen=True)
class Lighting:
    """All light of a scene; `ambient` is the linear RGB light from above, `ground` the part of it from below."""

    points: tuple[PointLight, ...] = ()
    sun: DirectionalLight | None = None
    ambient: Vector = (0.50, 0.52, 0.55)
    ground: float = 0.62
    sky: Vector = (0.55, 0.72, 0.92)


@dataclass(frozen=True, eq=False)
class Frame:
    """One rendered picture, top row first.

    Attributes:
        rgb: (height, width, 3) uint8, sRGB.
        depth: (height, width) float32, metres along the viewing direction; the camera's `far` where nothing is.
        ids: (height, width) int32, the instance's index; -1 where nothing is.
        normals: (height, width, 3) uint8, the surface's unit normal n in the camera's frame (right, up, towards the
            viewer) as 127.5 + 127.5 n, which is Unity's coding of normal images; 0 where nothing is.
    """

    rgb: NDArray[np.uint8]
    depth: NDArray[np.float32]
    ids: NDArray[np.int32] = field(repr=False)
    normals: NDArray[np.uint8] = field(repr=False)

"""Cameras of the scene, and the clipping planes they share."""

from __future__ import annotations

from dataclasses import dataclass

from rls3.engine.geometry import Vector

#: Clipping planes of the cameras, metres.
NEAR = 0.1
FAR = 20.0


@dataclass(frozen=True)
class ThirdPartyCamera:
    """A camera of its own: `rotation` are Unity Euler angles; `orthographic_size` is half the vertical extent."""

    position: Vector
    rotation: Vector
    field_of_view: float = 90.0
    orthographic: bool = False
    orthographic_size: float = 5.0
    far: float = FAR
    sky_color: Vector | None = None

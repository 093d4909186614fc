"""The spatial relation of two objects in the viewer's frame: RLS3's caption rule.

The frame follows the camera's yaw only, so that "above" is above in the world however the camera is tilted. Eight
horizontal sectors of 45 degrees lie on the axes and the diagonals between them; a vertical term joins beyond 20 degrees
of elevation; within 15 degrees of the vertical axis it stands alone.

Ours: the elevation counts only as far as one box is clear of the other in height. A plant on the floor before a fridge
has its centre far below the fridge's, yet nobody would call it below the fridge.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rls3.scene.edit import Term
from rls3.scene.geometry import viewer_axes
from rls3.scene.model import Camera, SceneObject, Vec3

SECTOR_DEG = 45.0
VERTICAL_FROM_DEG = 20.0
VERTICAL_ONLY_FROM_DEG = 75.0

_SECTORS: tuple[tuple[Term, ...], ...] = (
    ("behind",),
    ("behind", "right"),
    ("right",),
    ("front", "right"),
    ("front",),
    ("front", "left"),
    ("left",),
    ("behind", "left"),
)


@dataclass(frozen=True)
class Relation:
    """Where a subject is relative to a reference.

    Attributes:
        terms: one to three terms in the order vertical, front/behind, left/right.
        azimuth: direction reference -> subject, degrees clockwise seen from above: 0 = behind (away from the viewer),
            90 = right, 180 = front, 270 = left.
        elevation: angle over the horizontal plane, degrees, -90 .. 90, by `rise`.
        margin: degrees (of azimuth or elevation) to the nearest boundary at which the terms would change.
    """

    terms: tuple[Term, ...]
    azimuth: float
    elevation: float
    margin: float


def relation(subject: SceneObject, reference: SceneObject, camera: Camera) -> Relation:
    """The relation of `subject` to `reference`, as seen by `camera`."""
    return relation_at(subject.center, subject, reference, camera.yaw)


def relation_at(center: Vec3, subject: SceneObject, reference: SceneObject, yaw: float) -> Relation:
    """The relation if the middle of the subject's box were at `center`, metres, for a viewer of that yaw, degrees."""
    level = (center[0], reference.center[1] + rise(center[1], subject.size[1], reference), center[2])
    return relation_of_points(level, reference.center, yaw)


def rise(height: float, extent: float, reference: SceneObject) -> float:
    """How much higher than the reference a box counts, metres.

    The difference of the middles, shrunk by the share of the lower box's extent that both have in common: whole when
    one box is clear of the other in height, 0 when one lies within the other's height.

    Args:
        height: middle of the box, metres.
        extent: its vertical size, metres.
        reference: the other box.
    """
    other, other_extent = reference.center[1], reference.size[1]
    common = min(height + extent / 2, other + other_extent / 2) - max(height - extent / 2, other - other_extent / 2)
    share = max(0.0, common) / max(min(extent, other_extent), 1e-6)
    return (height - other) * (1.0 - min(1.0, share))


def relation_of_points(subject: Vec3, reference: Vec3, yaw: float) -> Relation:
    """The relation of two points, metres, for a viewer of that yaw, degrees; margin 0 when they coincide."""
    dx, dy, dz = (s - r for s, r in zip(subject, reference, strict=True))
    right, ahead = viewer_axes(yaw)
    to_right, away = dx * right[0] + dz * right[2], dx * ahead[0] + dz * ahead[2]
    azimuth = math.degrees(math.atan2(to_right, away)) % 360.0
    elevation = math.degrees(math.atan2(dy, math.hypot(to_right, away)))
    apart = math.hypot(dx, dy, dz) > 1e-9
    return Relation(_terms(azimuth, elevation), azimuth, elevation, _margin(azimuth, elevation) if apart else 0.0)


def _terms(azimuth: float, elevation: float) -> tuple[Term, ...]:
    vertical: tuple[Term, ...] = ()
    if abs(elevation) > VERTICAL_FROM_DEG:
        vertical = ("above",) if elevation > 0 else ("below",)
    if abs(elevation) > VERTICAL_ONLY_FROM_DEG:
        return vertical
    return vertical + _SECTORS[round(azimuth / SECTOR_DEG) % len(_SECTORS)]


def _margin(azimuth: float, elevation: float) -> float:
    steep = abs(elevation)
    if steep > VERTICAL_ONLY_FROM_DEG:
        return steep - VERTICAL_ONLY_FROM_DEG
    off_axis = abs((azimuth + SECTOR_DEG / 2) % SECTOR_DEG - SECTOR_DEG / 2)
    return min(SECTOR_DEG / 2 - off_axis, abs(steep - VERTICAL_FROM_DEG), VERTICAL_ONLY_FROM_DEG - steep)

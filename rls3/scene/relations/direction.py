"""Where one object is from another: RLS3's caption rule, in the viewer's frame or in an object's own.

The viewer's frame follows the camera's yaw only, so that "above" is above in the world however the camera is tilted.
Eight horizontal sectors lie on the axes and the diagonals between them; a vertical term joins beyond 20 degrees of
elevation; within 15 degrees of the vertical axis it stands alone. In the frame of an object that faces somewhere,
"front" is where it faces and "left" its own left.

Ours: the elevation counts only as far as one box is clear of the other in height. A plant on the floor before a fridge
has its centre far below the fridge's, yet nobody would call it below the fridge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rls3.config import RelationConfig
from rls3.scene.boxes import Array, Boxes
from rls3.scene.edit import Term
from rls3.scene.geometry import viewer_axes
from rls3.scene.model import Camera, SceneObject, Vec3

REFERENCE_RULE: Final = RelationConfig()
"""The thresholds of the published rule."""

_SECTORS: tuple[tuple[Term, ...], ...] = (
    ("behind",),
    ("behind", "right"),
    ("right",),
    ("front", "right"),
    ("front",),
    ("front", "left"),
    ("left",),
    ("behind", "left"),
    (),
)
"""Clockwise from behind; and none."""
_VERTICAL: tuple[tuple[Term, ...], ...] = ((), ("above",), ("below",))
_NO_SECTOR = len(_SECTORS) - 1
VIEWER_TERMS: tuple[tuple[Term, ...], ...] = tuple(up + level for up in _VERTICAL for level in _SECTORS)
"""The terms of each code of `Directions`: one to three in the order vertical, front/behind, left/right."""
_TURNED: dict[Term, Term] = {"front": "behind", "behind": "front"}
OWN_TERMS = tuple(tuple(_TURNED.get(term, term) for term in terms) for terms in VIEWER_TERMS)
"""The same in an object's own frame, where ahead is "front"."""


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


@dataclass(frozen=True)
class Directions:
    """Many relations at once; the arrays have one shape.

    Attributes:
        code: index into `VIEWER_TERMS` or `OWN_TERMS`.
        azimuth, elevation, margin: degrees, as in `Relation`; azimuths from -180 to 180.
    """

    code: NDArray[np.intp]
    azimuth: Array
    elevation: Array
    margin: Array


def relation(
    subject: SceneObject, reference: SceneObject, camera: Camera, rule: RelationConfig = REFERENCE_RULE
) -> Relation:
    """The relation of `subject` to `reference`, as seen by `camera`."""
    return relation_at(subject.center, subject, reference, camera.yaw, rule)


def relation_at(
    center: Vec3, subject: SceneObject, reference: SceneObject, yaw: float, rule: RelationConfig = REFERENCE_RULE
) -> Relation:
    """The relation if the middle of the subject's box were at `center`, metres, for a viewer of that yaw, degrees."""
    level = (center[0], reference.center[1] + rise(center[1], subject.size[1], reference), center[2])
    return relation_of_points(level, reference.center, yaw, rule)


def relation_of_points(subject: Vec3, reference: Vec3, yaw: float, rule: RelationConfig = REFERENCE_RULE) -> Relation:
    """The relation of two points, metres, for a viewer of that yaw, degrees; margin 0 when they coincide."""
    dx, dy, dz = (s - r for s, r in zip(subject, reference, strict=True))
    right, ahead = viewer_axes(yaw)
    found = _directions(
        np.array(dx * right[0] + dz * right[2]), np.array(dy), np.array(dx * ahead[0] + dz * ahead[2]), rule
    )
    return Relation(
        VIEWER_TERMS[int(found.code)], float(found.azimuth) % 360.0, float(found.elevation), float(found.margin)
    )


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
    common = (extent + other_extent) / 2 - abs(height - other)
    return float(_rise(np.array(height - other), np.array(common), np.array(min(extent, other_extent))))


def directions(boxes: Boxes, yaw: float | Array, rule: RelationConfig) -> Directions:
    """The relation of every object to every other: arrays (N, N), subject first.

    Args:
        boxes: the N objects.
        yaw: degrees, of the viewer; or (N,) of each reference, for relations in the references' own frames.
        rule: thresholds.
    """
    turn = np.radians(yaw)
    sine, cosine = np.sin(turn), np.cos(turn)
    dx, _, dz = boxes.offset
    up = _rise(boxes.offset[1], boxes.common[1], 2 * np.minimum(boxes.half[1][:, None], boxes.half[1]))
    return _directions(dx * cosine - dz * sine, up, dx * sine + dz * cosine, rule)


def _rise(difference: Array, common: Array, lower: Array) -> Array:
    """The difference of middles, less the share of the lower box's extent that both have in common; metres."""
    share = np.maximum(common, 0.0) / np.maximum(lower, 1e-6)
    return np.asarray(difference * (1.0 - np.minimum(share, 1.0)))


def _directions(to_right: Array, up: Array, ahead: Array, rule: RelationConfig) -> Directions:
    flat = np.sqrt(to_right * to_right + ahead * ahead)
    azimuth = np.degrees(np.arctan2(to_right, ahead))
    elevation = np.degrees(np.arctan2(up, flat))
    steep = np.abs(elevation)
    turns = azimuth / 90.0
    quarter = np.floor(turns + 0.5)
    off_axis = np.abs(turns - quarter) * 90.0
    eighth = np.where(off_axis > rule.diagonal_from_deg, 2 * np.floor(turns) + 1, 2 * quarter)
    alone = steep - (90.0 - rule.vertical_cone_deg)
    joins = steep - rule.vertical_from_deg
    vertical = (joins > 0) * (2 - (up > 0))
    level_margin = np.minimum(np.abs(off_axis - rule.diagonal_from_deg), np.abs(joins))
    margin = np.where(alone > 0, alone, np.minimum(level_margin, -alone))
    apart = flat + np.abs(up) > 1e-9
    sector = np.where(alone > 0, _NO_SECTOR, eighth.astype(np.intp) % _NO_SECTOR)
    return Directions(len(_SECTORS) * vertical + sector, azimuth, elevation, margin * apart)

"""When a picture and its label may teach: decided from mask pixels and geometry, never from a simulator's claims.

Pictures without masks are judged by projected boxes; what hides behind something else cannot be told there.
"""

from __future__ import annotations

from typing import Final

from rls3.config import ValidityConfig
from rls3.scene.geometry import (
    bounds,
    distance,
    footprints_overlap,
    frame_part,
    penetration,
    polygon_area,
    projected_hull,
)
from rls3.scene.model import Scene, SceneObject
from rls3.scene.naming import STRUCTURAL_TYPES, uniquely_named
from rls3.scene.relations import Relation

IN_HAND: Final = "in_hand"
STRUCTURAL: Final = "structural"
BEHIND_CAMERA: Final = "behind_camera"
SUBJECT_TOO_SMALL: Final = "subject_too_small"
REFERENCE_TOO_SMALL: Final = "reference_too_small"
SUBJECT_TOO_LARGE: Final = "subject_too_large"
REFERENCE_TOO_LARGE: Final = "reference_too_large"
SUBJECT_CUT: Final = "subject_cut_by_frame"
REFERENCE_CUT: Final = "reference_cut_by_frame"
SUBJECT_OCCLUDED: Final = "subject_occluded"
REFERENCE_OCCLUDED: Final = "reference_occluded"
TOO_FAR: Final = "too_far"
AMBIGUOUS_RELATION: Final = "ambiguous_relation"
NAME_NOT_UNIQUE: Final = "name_not_unique"
OVERLAPPING: Final = "overlapping"
FLOATING: Final = "floating"

REASONS = (
    IN_HAND,
    STRUCTURAL,
    BEHIND_CAMERA,
    SUBJECT_TOO_SMALL,
    REFERENCE_TOO_SMALL,
    SUBJECT_TOO_LARGE,
    REFERENCE_TOO_LARGE,
    SUBJECT_CUT,
    REFERENCE_CUT,
    SUBJECT_OCCLUDED,
    REFERENCE_OCCLUDED,
    TOO_FAR,
    AMBIGUOUS_RELATION,
    NAME_NOT_UNIQUE,
    OVERLAPPING,
    FLOATING,
)

MAX_CUT_SHARE = 0.35
"""Largest share of a projected box that may lie outside the picture."""
SPARSEST_SILHOUETTE = 0.25
"""Share of its own pixel box that an unhidden object fills at least (a floor lamp, a stool)."""
MAX_PENETRATION = 0.02
MAX_SUPPORT_GAP = 0.03


def invalid_reasons(
    scene: Scene, subject: SceneObject, reference: SceneObject, relation: Relation, thresholds: ValidityConfig
) -> tuple[str, ...]:
    """Every reason why the pair in this picture must not teach, in the order of `REASONS`; () = valid.

    Args:
        scene: what the picture shows, with masks if the picture has any.
        subject, reference: the pair.
        relation: the label.
        thresholds: `validity` section of the configuration.
    """
    found = {
        *_appearance(scene, subject, thresholds, SUBJECT_TOO_SMALL, SUBJECT_TOO_LARGE, SUBJECT_CUT, SUBJECT_OCCLUDED),
        *_appearance(
            scene, reference, thresholds, REFERENCE_TOO_SMALL, REFERENCE_TOO_LARGE, REFERENCE_CUT, REFERENCE_OCCLUDED
        ),
    }
    pair = (subject, reference)
    if any(thing.held for thing in pair):
        found.add(IN_HAND)
    if any(thing.type in STRUCTURAL_TYPES for thing in pair):
        found.add(STRUCTURAL)
    if any(distance(scene.camera, thing) > thresholds.max_distance_m for thing in pair):
        found.add(TOO_FAR)
    if relation.margin < thresholds.min_margin_deg:
        found.add(AMBIGUOUS_RELATION)
    if not all(uniquely_named(scene, thing) for thing in pair):
        found.add(NAME_NOT_UNIQUE)
    if penetration(subject, reference) > MAX_PENETRATION:
        found.add(OVERLAPPING)
    if subject.movable and not subject.held and not supported(scene, subject):
        found.add(FLOATING)
    return tuple(reason for reason in REASONS if reason in found)


def presentable(scene: Scene, thing: SceneObject, thresholds: ValidityConfig) -> bool:
    """Whether an object may be asked about at all: named unmistakably, near, and seen well enough."""
    return (
        not thing.held
        and uniquely_named(scene, thing)
        and distance(scene.camera, thing) <= thresholds.max_distance_m
        and not _appearance(
            scene, thing, thresholds, SUBJECT_TOO_SMALL, SUBJECT_TOO_LARGE, SUBJECT_CUT, SUBJECT_OCCLUDED
        )
    )


def visible_share(scene: Scene, thing: SceneObject) -> float:
    """Estimated share, 0..1, of an object's part inside the frame that is not hidden; 1 without masks.

    A box's outline says where the object could be, not how much of it the object fills, so the larger of two estimates
    counts: mask pixels over the outline's area (tight for solid things), and how much of the outline's extent the mask
    spans, as long as it fills that span as densely as sparse furniture does (a chair seen whole, not through bars).
    """
    if scene.masks is None:
        return 1.0
    outline = frame_part(projected_hull(thing, scene.camera), scene.camera)
    if thing.id not in scene.masks or polygon_area(outline) <= 0.0:
        return 0.0
    mask = scene.masks[thing.id]
    solid = mask.pixels / polygon_area(outline)
    x0, y0, x1, y1 = bounds(outline)
    spanned = (mask.box[2] - mask.box[0] + 1) * (mask.box[3] - mask.box[1] + 1)
    extent = min(1.0, spanned / max((x1 - x0) * (y1 - y0), 1.0))
    return min(1.0, max(solid, extent * min(1.0, mask.pixels / spanned / SPARSEST_SILHOUETTE)))


def supported(scene: Scene, thing: SceneObject) -> bool:
    """Whether the floor, the top of another box, or a receptacle round it (as claimed) bears an object."""
    bottom = float(thing.corners[:, 1].min())
    if abs(bottom) <= MAX_SUPPORT_GAP:
        return True
    for other in scene.objects:
        if other.id == thing.id or other.held:
            continue
        low, top = float(other.corners[:, 1].min()), float(other.corners[:, 1].max())
        carries = abs(bottom - top) <= MAX_SUPPORT_GAP
        holds = other.id in thing.parents and low - MAX_SUPPORT_GAP <= bottom <= top + MAX_SUPPORT_GAP
        if (carries or holds) and footprints_overlap(thing, other):
            return True
    return False


def _appearance(
    scene: Scene, thing: SceneObject, thresholds: ValidityConfig, small: str, large: str, cut: str, occluded: str
) -> set[str]:
    camera = scene.camera
    hull = projected_hull(thing, camera)
    if len(hull) == 0:
        return {BEHIND_CAMERA}
    whole, inside = polygon_area(hull), polygon_area(frame_part(hull, camera))
    pixels = inside if scene.masks is None else (scene.masks[thing.id].pixels if thing.id in scene.masks else 0)
    share = pixels / (camera.width * camera.height)
    found = set()
    if share < thresholds.min_pixels_share:
        found.add(small)
    if share > thresholds.max_pixels_share:
        found.add(large)
    if whole > 0 and 1 - inside / whole > MAX_CUT_SHARE:
        found.add(cut)
    if 1 - visible_share(scene, thing) > thresholds.max_occlusion:
        found.add(occluded)
    return found

"""When a picture and its label may teach: decided from mask pixels and geometry, never from a simulator's claims.

Pictures without masks are judged by projected boxes; what hides behind something else cannot be told there, only what
is shut away in a cupboard.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rls3.config import ValidityConfig
from rls3.scene.boxes import Array, Boxes
from rls3.scene.geometry import penetration
from rls3.scene.model import MaskStats, Scene, SceneObject
from rls3.scene.naming import STRUCTURAL_TYPES, uniquely_named
from rls3.scene.relations.direction import Relation
from rls3.scene.relations.support import CLOSING_TYPES, Support, support
from rls3.scene.silhouette import Silhouettes, silhouettes

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
SUPPORT_DISPUTED: Final = "support_disputed"
WITHOUT_MASKS: Final = "without_masks"
FOREIGN_FRAME: Final = "foreign_frame"

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
    SUPPORT_DISPUTED,
    WITHOUT_MASKS,
    FOREIGN_FRAME,
)
"""Every reason a picture can give; those of edits without a picture are `rls3.thor.simulator.REFUSALS`."""

_SUBJECT_FLAWS = (
    IN_HAND,
    STRUCTURAL,
    BEHIND_CAMERA,
    SUBJECT_TOO_SMALL,
    SUBJECT_TOO_LARGE,
    SUBJECT_CUT,
    SUBJECT_OCCLUDED,
    TOO_FAR,
    FLOATING,
)
"""What can be wrong with one object: bit k of its flaws."""
_REFERENCE_FLAWS = tuple(flaw.replace("subject_", "reference_") for flaw in _SUBJECT_FLAWS)
_UNSEEN = sum(1 << _SUBJECT_FLAWS.index(flaw) for flaw in _SUBJECT_FLAWS if flaw != FLOATING)

Flaws = NDArray[np.intp]


def flaws(scene: Scene, boxes: Boxes, shapes: Silhouettes, found: Support, thresholds: ValidityConfig) -> Flaws:
    """(N,) what is wrong with each object of a picture, as bits for `reasons`.

    Args:
        scene: what the picture shows, with masks if the picture has any.
        boxes, shapes, found: of the scene's objects.
        thresholds: `validity` section of the configuration.
    """
    camera = scene.camera
    offset = boxes.center - camera.position
    distance = np.sqrt(np.einsum("ij,ij->i", offset, offset))
    rows = [(thing.held, thing.type in STRUCTURAL_TYPES, thing.movable) for thing in scene.objects]
    held, structural, movable = np.array(rows, bool).reshape(len(rows), 3).T
    share = shown_pixels(scene, shapes) / (camera.width * camera.height)
    columns = (
        held,
        structural,
        shapes.behind,
        ~shapes.behind & (share < thresholds.min_pixels_share),
        share > thresholds.max_pixels_share,
        shapes.whole - shapes.inside > thresholds.max_cut_share * shapes.whole,
        ~shapes.behind & (visible_share(scene, shapes, found, thresholds) < 1 - thresholds.max_occlusion),
        distance > thresholds.max_distance_m,
        movable & ~held & ~found.borne,
    )
    return np.asarray((1 << np.arange(len(columns))) @ np.array(columns, np.intp))


def reasons(subject: int, references: Iterable[int] = (), others: Iterable[str] = ()) -> tuple[str, ...]:
    """The flaws of a fact's objects and its own, in the order of `REASONS`.

    Args:
        subject: flaws of its first object, as bits.
        references: flaws of its other objects.
        others: reasons that are not one object's.
    """
    found = set(others)
    found.update(flaw for bit, flaw in enumerate(_SUBJECT_FLAWS) if subject >> bit & 1)
    for bits in references:
        found.update(flaw for bit, flaw in enumerate(_REFERENCE_FLAWS) if bits >> bit & 1)
    return tuple(reason for reason in REASONS if reason in found) if found else ()


def invalid_reasons(
    scene: Scene, subject: SceneObject, reference: SceneObject, relation: Relation, thresholds: ValidityConfig
) -> tuple[str, ...]:
    """Every reason why the direction of a pair in this picture must not teach, in the order of `REASONS`; () = valid.

    Args:
        scene: what the picture shows, with masks if the picture has any.
        subject, reference: the pair.
        relation: the label.
        thresholds: `validity` section of the configuration.
    """
    boxes = Boxes.of(scene.objects)
    shapes = silhouettes(boxes, scene.camera)
    wrong = flaws(scene, boxes, shapes, support(scene.objects, boxes, thresholds), thresholds)
    index = {thing.id: i for i, thing in enumerate(scene.objects)}
    others = {
        AMBIGUOUS_RELATION: relation.margin < thresholds.min_margin_deg,
        NAME_NOT_UNIQUE: not (uniquely_named(scene, subject) and uniquely_named(scene, reference)),
        OVERLAPPING: penetration(subject, reference) > thresholds.max_penetration_m,
        FOREIGN_FRAME: foreign_frame(scene, shapes),
    }
    found = (reason for reason, holds in others.items() if holds)
    return reasons(int(wrong[index[subject.id]]), [int(wrong[index[reference.id]])], found)


def presentable(scene: Scene, thresholds: ValidityConfig) -> tuple[SceneObject, ...]:
    """The objects that may be asked about at all: named unmistakably, near, and seen well enough."""
    boxes = Boxes.of(scene.objects)
    found = support(scene.objects, boxes, thresholds)
    unseen = flaws(scene, boxes, silhouettes(boxes, scene.camera), found, thresholds) & _UNSEEN
    return tuple(
        thing for thing, flaw in zip(scene.objects, unseen, strict=True) if not flaw and uniquely_named(scene, thing)
    )


def shown_pixels(scene: Scene, shapes: Silhouettes) -> Array:
    """(N,) pixels that each object shows: of its mask, or of its projected box in a picture without masks."""
    if scene.masks is None:
        return shapes.inside
    nothing = MaskStats(0, (0, 0, 0, 0), cut=False)
    return np.array([scene.masks.get(thing.id, nothing).pixels for thing in scene.objects], np.float64)


def visible_share(scene: Scene, shapes: Silhouettes, found: Support, thresholds: ValidityConfig) -> Array:
    """(N,) estimated share, 0..1, of an object's part inside the frame that is not hidden.

    A box's outline says where the object could be, not how much of it the object fills, so the larger of two estimates
    counts: mask pixels over the outline's area (tight for solid things), and how much of the outline's extent the mask
    spans, as long as it fills that span as densely as sparse furniture does (a chair seen whole, not through bars).
    Without masks it is 1, but 0 for what is in something with a door.
    """
    if scene.masks is None:
        closing = np.array([thing.type in CLOSING_TYPES for thing in scene.objects], bool)
        return 1.0 - (found.holds["in"] & closing).any(axis=1)
    low, high = _mask_corners(scene)
    pixels, span = shown_pixels(scene, shapes), (high - low).prod(axis=1)
    extent = np.maximum(shapes.bounds[:, 2:] - shapes.bounds[:, :2], 0.0).prod(axis=1)
    spanned = np.minimum(1.0, span / np.maximum(extent, 1.0))
    dense = np.minimum(1.0, pixels / np.maximum(span, 1.0) / thresholds.sparsest_silhouette)
    solid = pixels / np.maximum(shapes.inside, 1e-9)
    return np.asarray(np.where(shapes.inside > 0, np.minimum(1.0, np.maximum(solid, spanned * dense)), 0.0))


def foreign_frame(scene: Scene, shapes: Silhouettes) -> bool:
    """Whether most masks lie where their objects cannot be: a picture of another place, camera or moment.

    A mask belongs when its middle lies within its object's outline, a few pixels more on every side.
    """
    if scene.masks is None:
        return False
    low, high = _mask_corners(scene)
    middle, slack = (low + high) / 2, max(2.0, 0.02 * max(scene.camera.width, scene.camera.height))
    belongs = (middle > shapes.bounds[:, :2] - slack) & (middle < shapes.bounds[:, 2:] + slack)
    structural = np.array([thing.type in STRUCTURAL_TYPES for thing in scene.objects], bool)
    masked = (high > low).all(axis=1) & ~structural
    return bool(2 * (masked & ~belongs.all(axis=1)).sum() > masked.sum())


def _mask_corners(scene: Scene) -> tuple[Array, Array]:
    """(N, 2) each: the first and the one past the last column and row of each mask; zeros where there is none."""
    masks = scene.masks or {}
    boxes = [masks[thing.id].box if thing.id in masks else (0, 0, -1, -1) for thing in scene.objects]
    corners = np.array(boxes, np.float64).reshape(len(boxes), 4)
    return corners[:, :2], corners[:, 2:] + 1.0

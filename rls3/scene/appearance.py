"""How the objects of a scene appear in its picture, by mask pixels and projected boxes, and what is wrong with that.

Pictures without masks are judged by projected boxes alone; what may be hidden behind a box counts as hidden.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rls3.config import ValidityConfig
from rls3.scene.boxes import Array, Boxes
from rls3.scene.model import MaskStats, Scene
from rls3.scene.occlusion import hidden_share
from rls3.scene.relations.support import Support
from rls3.scene.silhouette import Silhouettes
from rls3.scene.traits import Traits

Flaws = NDArray[np.intp]


def flaws(
    scene: Scene, boxes: Boxes, traits: Traits, shapes: Silhouettes, found: Support, thresholds: ValidityConfig
) -> Flaws:
    """(N,) what is wrong with each object of a picture, as bits for `reasons`.

    Args:
        scene: what the picture shows, with masks if the picture has any.
        boxes, traits, shapes, found: of the scene's objects.
        thresholds: `validity` section of the configuration.
    """
    camera = scene.camera
    offset = boxes.center - camera.position
    distance = np.sqrt(np.einsum("ij,ij->i", offset, offset))
    judged = ~(shapes.behind | traits.structural)
    share = shown_pixels(scene, shapes) / (camera.width * camera.height)
    if scene.masks is None:
        visible = visible_by_boxes(scene, boxes, traits, found)
    else:
        visible = visible_by_masks(scene, shapes, thresholds)
    columns = (
        traits.held,
        traits.structural,
        shapes.behind,
        judged & (share < thresholds.min_pixels_share),
        share > thresholds.max_pixels_share,
        shapes.whole - shapes.inside > thresholds.max_cut_share * shapes.whole,
        judged & (visible < 1 - thresholds.max_occlusion),
        distance > thresholds.max_distance_m,
        traits.movable & ~traits.held & ~found.borne,
    )
    return np.asarray((1 << np.arange(len(columns))) @ np.array(columns, np.intp))


def shown_pixels(scene: Scene, shapes: Silhouettes) -> Array:
    """(N,) pixels that each object shows: of its mask, or of its projected box in a picture without masks."""
    if scene.masks is None:
        return shapes.inside
    nothing = MaskStats(0, (0, 0, 0, 0), cut=False)
    return np.array([scene.masks.get(thing.id, nothing).pixels for thing in scene.objects], np.float64)


def visible_by_masks(scene: Scene, shapes: Silhouettes, thresholds: ValidityConfig) -> Array:
    """(N,) estimated share, 0..1, of an object's part inside the frame that is not hidden.

    A box's outline says where the object could be, not how much of it the object fills, so the larger of two estimates
    counts: mask pixels over the outline's area (tight for solid things), and how much of the outline's extent the mask
    spans, as long as it fills that span as densely as sparse furniture does (a chair seen whole, not through bars).
    """
    low, high = _mask_corners(scene)
    pixels, span = shown_pixels(scene, shapes), (high - low).prod(axis=1)
    extent = np.maximum(shapes.bounds[:, 2:] - shapes.bounds[:, :2], 0.0).prod(axis=1)
    spanned = np.minimum(1.0, span / np.maximum(extent, 1.0))
    dense = np.minimum(1.0, pixels / np.maximum(span, 1.0) / thresholds.sparsest_silhouette)
    solid = pixels / np.maximum(shapes.inside, 1e-9)
    return np.asarray(np.where(shapes.inside > 0, np.minimum(1.0, np.maximum(solid, spanned * dense)), 0.0))


def visible_by_boxes(scene: Scene, boxes: Boxes, traits: Traits, found: Support) -> Array:
    """(N,) least share, 0..1, of an object that other boxes leave in view; 0 for what is in something with a door."""
    shut_away = (found.holds["in"] & traits.closing).any(axis=1)
    return np.where(shut_away, 0.0, 1.0 - hidden_share(boxes, scene.camera, traits.opaque))


def foreign_frame(scene: Scene, traits: Traits, shapes: Silhouettes) -> bool:
    """Whether most masks lie where their objects cannot be: a picture of another place, camera or moment.

    A mask belongs when its middle lies within its object's outline, a few pixels more on every side.
    """
    if scene.masks is None:
        return False
    low, high = _mask_corners(scene)
    middle, slack = (low + high) / 2, max(2.0, 0.02 * max(scene.camera.width, scene.camera.height))
    belongs = (middle > shapes.bounds[:, :2] - slack) & (middle < shapes.bounds[:, 2:] + slack)
    masked = (high > low).all(axis=1) & ~traits.structural
    return bool(2 * (masked & ~belongs.all(axis=1)).sum() > masked.sum())


def _mask_corners(scene: Scene) -> tuple[Array, Array]:
    """(N, 2) each: the first and the one past the last column and row of each mask; zeros where there is none."""
    masks = scene.masks or {}
    boxes = [masks[thing.id].box if thing.id in masks else (0, 0, -1, -1) for thing in scene.objects]
    corners = np.array(boxes, np.float64).reshape(len(boxes), 4)
    return corners[:, :2], corners[:, 2:] + 1.0

"""How much of a scene's objects its picture shows, by mask pixels and projected boxes.

Pictures without masks are judged by projected boxes alone; what may be hidden behind a box counts as hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rls3.scene.boxes import Array, Boxes
from rls3.scene.model import Camera, MaskStats, Scene
from rls3.scene.occlusion import hidden_share
from rls3.scene.relations.support import Support
from rls3.scene.silhouette import Silhouettes
from rls3.scene.traits import Traits


@dataclass(frozen=True)
class Masks:
    """The masks of N objects as arrays; zeros for an object without one.

    Attributes:
        pixels: (N,) how many pixels each shows.
        low, high: (N, 2) first column and row, and one past the last.
    """

    pixels: Array
    low: Array
    high: Array

    @classmethod
    def of(cls, scene: Scene) -> Masks | None:
        """The masks of a scene's objects; None for a picture without masks."""
        if scene.masks is None:
            return None
        found = (scene.masks.get(thing.id, _NO_MASK) for thing in scene.objects)
        rows = np.array([(mask.pixels, *mask.box) for mask in found], np.float64).reshape(-1, 5)
        return cls(rows[:, 0], rows[:, 1:3], rows[:, 3:] + 1.0)


_NO_MASK = MaskStats(0, (0, 0, -1, -1), cut=False)


def visible_by_masks(masks: Masks, shapes: Silhouettes, sparsest: float) -> Array:
    """(N,) estimated share, 0..1, of an object's part inside the frame that is not hidden.

    A box's outline says where the object could be, not how much of it the object fills, so the larger of two estimates
    counts: mask pixels over the outline's area (tight for solid things), and how much of the outline's extent the mask
    spans, as long as it fills that span as densely as sparse furniture does (a chair seen whole, not through bars).

    Args:
        masks, shapes: of the objects.
        sparsest: share of its own pixel box that an unhidden object fills at least.
    """
    columns, rows = (masks.high - masks.low).T
    x0, y0, x1, y1 = shapes.bounds.T
    span, extent = columns * rows, (x1 - x0) * (y1 - y0)
    spanned = np.minimum(1.0, span / np.maximum(extent, 1.0))
    dense = np.minimum(1.0, masks.pixels / np.maximum(span, 1.0) / sparsest)
    solid = masks.pixels / np.maximum(shapes.inside, 1e-9)
    return np.asarray(np.where(shapes.inside > 0, np.minimum(1.0, np.maximum(solid, spanned * dense)), 0.0))


def visible_by_boxes(boxes: Boxes, traits: Traits, found: Support, camera: Camera) -> Array:
    """(N,) least share, 0..1, of an object that other boxes leave in view; 0 for what is in something with a door."""
    shut_away = (found.holds["in"] & traits.closing).any(axis=1)
    return np.where(shut_away, 0.0, 1.0 - hidden_share(boxes, camera, traits.opaque))


def foreign_frame(masks: Masks, shapes: Silhouettes, traits: Traits, camera: Camera) -> bool:
    """Whether most masks lie where their objects cannot be: a picture of another place, camera or moment.

    A mask belongs when its middle lies within its object's outline, a few pixels more on every side.
    """
    middle, slack = (masks.low + masks.high) / 2, max(2.0, 0.02 * max(camera.width, camera.height))
    near, far = middle > shapes.bounds[:, :2] - slack, middle < shapes.bounds[:, 2:] + slack
    belongs = near[:, 0] & near[:, 1] & far[:, 0] & far[:, 1]
    masked = (masks.pixels > 0) & ~traits.structural
    return bool(2 * np.count_nonzero(masked & ~belongs) > np.count_nonzero(masked))

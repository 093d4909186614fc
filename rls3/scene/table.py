"""Everything that relates the objects of a scene, as arrays that are computed when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rls3.config import ValidityConfig
from rls3.scene.appearance import Masks, foreign_frame, visible_by_boxes, visible_by_masks
from rls3.scene.boxes import Array, Boxes
from rls3.scene.model import Scene
from rls3.scene.reasons import FLAWS
from rls3.scene.relations.direction import Directions, directions
from rls3.scene.relations.measure import Nearness, Sizes, nearness, sizes
from rls3.scene.relations.support import Support, support
from rls3.scene.silhouette import Silhouettes, silhouettes
from rls3.scene.traits import Traits

Flags = NDArray[np.bool_]

_BITS = 1 << np.arange(len(FLAWS))


@dataclass(frozen=True)
class Table:
    """The relations of N objects: arrays (N, N) at [subject, reference], in the order of `scene.objects`.

    Attributes:
        scene: what the picture shows.
        thresholds: where words begin and when a label may teach.
    """

    scene: Scene
    thresholds: ValidityConfig

    @cached_property
    def index(self) -> dict[str, int]:
        """Object id -> row."""
        return {thing.id: row for row, thing in enumerate(self.scene.objects)}

    @cached_property
    def boxes(self) -> Boxes:
        """The objects' boxes."""
        return Boxes.of(self.scene.objects)

    @cached_property
    def traits(self) -> Traits:
        """What their types mean."""
        return Traits.of(self.scene.objects)

    @cached_property
    def shapes(self) -> Silhouettes:
        """What they cover of the picture; parts of the building, which nobody asks about, count as nothing."""
        return silhouettes(self.boxes, self.scene.camera, ~self.traits.structural)

    @cached_property
    def directions(self) -> Directions:
        """Where each is from each, for the viewer."""
        return directions(self.boxes, self.scene.camera.yaw, self.thresholds)

    @cached_property
    def own_directions(self) -> Directions:
        """Where each is from each in the reference's own frame; meaningless for references without a front."""
        fronts = np.array([thing.front_yaw or 0.0 for thing in self.scene.objects], np.float64)
        return directions(self.boxes, fronts, self.thresholds)

    @cached_property
    def support(self) -> Support:
        """Who carries, holds and touches whom."""
        return support(self.scene.objects, self.boxes, self.traits, self.thresholds)

    @cached_property
    def nearness(self) -> Nearness:
        """Who is nearer to the camera."""
        return nearness(self.boxes, self.scene.camera)

    @cached_property
    def sizes(self) -> Sizes:
        """Who is bigger or taller."""
        return sizes(self.boxes)

    @cached_property
    def overlapping(self) -> Flags:
        """Whose boxes are in each other deeper than allowed."""
        depth = np.minimum(self.boxes.common[1], self.boxes.overlap)
        return np.asarray(depth > self.thresholds.max_penetration_m)

    @cached_property
    def masks(self) -> Masks | None:
        """The objects' masks; None for a picture without masks."""
        return Masks.of(self.scene)

    @cached_property
    def pixels(self) -> Array:
        """(N,) pixels that each object shows: of its mask, or of its box in a picture without masks."""
        return self.shapes.inside if self.masks is None else self.masks.pixels

    @cached_property
    def visible(self) -> Array:
        """(N,) share, 0..1, of each object's part in the frame that nothing hides."""
        if self.masks is None:
            return visible_by_boxes(self.boxes, self.traits, self.support, self.scene.camera)
        return visible_by_masks(self.masks, self.shapes, self.thresholds.sparsest_silhouette)

    @cached_property
    def flaws(self) -> NDArray[np.intp]:
        """(N,) what is wrong with each object, as bits in the order of `reasons.FLAWS`."""
        limits, traits, shapes = self.thresholds, self.traits, self.shapes
        judged = ~(shapes.behind | traits.structural)
        share = self.pixels / (self.scene.camera.width * self.scene.camera.height)
        columns = (
            traits.held,
            traits.structural,
            shapes.behind,
            judged & (share < limits.min_pixels_share),
            share > limits.max_pixels_share,
            shapes.whole - shapes.inside > limits.max_cut_share * shapes.whole,
            judged & (self.visible < 1 - limits.max_occlusion),
            self.nearness.distance > limits.max_distance_m,
            traits.movable & ~traits.held & ~self.support.borne,
        )
        return np.asarray(_BITS @ np.array(columns))

    @cached_property
    def shows(self) -> Flags:
        """(N,) which objects show at all."""
        return np.asarray(self.pixels > 0)

    @cached_property
    def foreign(self) -> bool:
        """Whether the picture is not one of this scene."""
        return self.masks is not None and foreign_frame(self.masks, self.shapes, self.traits, self.scene.camera)

    @cached_property
    def teachable(self) -> Flags:
        """Of which pairs the direction may be asked, names apart."""
        clean = (self.flaws == 0) & (not self.foreign)
        clear = self.directions.margin >= self.thresholds.min_margin_deg
        return np.asarray(clean[:, None] & clean & clear & ~self.overlapping)

"""Where spatial words begin and end, and which pictures may teach them."""

from __future__ import annotations

import itertools
from typing import Self

from pydantic import Field, field_validator, model_validator

from rls3.config.section import Section


class RelationConfig(Section):
    """Where the boundaries of the spatial words lie."""

    diagonal_from_deg: float = Field(
        22.5, gt=0, lt=45, description="angle off an axis from which a diagonal holds; 22.5: eight equal sectors"
    )
    vertical_from_deg: float = Field(20.0, gt=0, lt=90, description="elevation from which above or below joins")
    vertical_cone_deg: float = Field(
        15.0, ge=0, lt=90, description="angle to the vertical within which above or below stands alone"
    )
    contact_m: float = Field(
        0.03,
        gt=0,
        le=0.2,
        description="gap or overlap at which boxes still touch, metres; AI2-THOR's resting objects stay within 2 cm",
    )
    under_within_m: float = Field(
        0.8, gt=0, description="height over an object within which what hangs there has it under itself, metres"
    )
    distance_bands_m: tuple[float, ...] = Field(
        (1.0, 2.0, 3.0, 4.0), min_length=1, description="ends of the distance bands, ascending, metres"
    )

    @field_validator("distance_bands_m")
    @classmethod
    def _ascending(cls, ends: tuple[float, ...]) -> tuple[float, ...]:
        if ends[0] <= 0 or any(nearer >= farther for nearer, farther in itertools.pairwise(ends)):
            raise ValueError("the ends of distance bands must be over 0 and ascend, for example [1, 2, 3, 4]")
        return ends

    @model_validator(mode="after")
    def _room_between(self) -> Self:
        if self.vertical_from_deg + self.vertical_cone_deg >= 90:
            raise ValueError(
                f"vertical_from_deg={self.vertical_from_deg:g} and vertical_cone_deg={self.vertical_cone_deg:g} of the "
                "validity section must add up to less than 90: between them above and below join other terms"
            )
        return self


class ValidityConfig(RelationConfig):
    """When a picture and its label may teach a model, and where the words' boundaries lie.

    The shares of the picture are what a small VLM's patches can show; the margins keep every label well away from where
    people would begin to differ.
    """

    min_pixels_share: float = Field(
        0.004, ge=0, le=1, description="least share of the picture an object must fill; 0.004: 14 x 14 pixels of 224"
    )
    max_pixels_share: float = Field(
        0.5, gt=0, le=1, description="largest share an object may fill; more is a background, not a thing"
    )
    max_occlusion: float = Field(
        0.6, ge=0, le=1, description="largest hidden share of an object's projected box, which is never full itself"
    )
    max_cut_share: float = Field(
        0.35, ge=0, le=1, description="largest share of an object's projected box outside the picture"
    )
    sparsest_silhouette: float = Field(
        0.25, gt=0, le=1, description="share of its own pixel box that an unhidden lamp or stool fills at least"
    )
    max_distance_m: float = Field(6.0, gt=0, description="farthest an object may be from the camera, metres")
    max_penetration_m: float = Field(
        0.02, ge=0, description="deepest two boxes may be in each other, metres; boxes are a little larger than things"
    )
    min_margin_deg: float = Field(5.0, ge=0, lt=22.5, description="least angle to a relation boundary, degrees")
    min_contact_margin_m: float = Field(
        0.015, ge=0, description="least distance to where on, under, in or touching would change, metres"
    )
    min_between_margin_m: float = Field(
        0.05, ge=0, description="least distance to the edge of the gap between two objects, metres"
    )
    min_nearer_m: float = Field(
        0.2, ge=0, description="least difference of distances, and to a band's end, metres; less is not seen in a room"
    )
    min_size_ratio: float = Field(
        0.3, ge=0, description="least excess in length or height of the bigger; 0.3: 1.3 times, over twice the volume"
    )
    min_moved_m: float = Field(0.1, gt=0, description="least way of an object or the camera that shows, metres")

"""From a picture of a scene to a sample: question, options, truth, and every reason why it may not teach."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rls3.config import ValidityConfig
from rls3.samples.record import Sample
from rls3.scene.edit import TERMS, Edit
from rls3.scene.facts import VIEWER
from rls3.scene.language import Question, caption, options, question
from rls3.scene.model import Scene
from rls3.scene.relations import relation
from rls3.scene.split import scene_type
from rls3.scene.validity import invalid_reasons

DIRECTION = "direction"


class Picture(Protocol):
    """A scene with its picture: `image` (H, W, 3) uint8, `ids` (H, W) index into `scene.objects`, -1 elsewhere."""

    @property
    def scene(self) -> Scene:
        """What is in it, with mask statistics."""
        ...

    @property
    def image(self) -> NDArray[np.uint8]:
        """The pixels, top row first."""
        ...

    @property
    def ids(self) -> NDArray[np.int16]:
        """Which object covers each pixel."""
        ...


@dataclass(frozen=True)
class Provenance:
    """Where in a run a sample was made; see the fields of the same names in `Sample`."""

    sample_id: str
    sampler: str
    seed: int
    slot: int
    episode: int
    step: int
    placement: str = ""
    view: int = -1
    policy_version: int = 0


def make_sample(
    picture: Picture,
    subject_id: str,
    reference_id: str,
    *,
    provenance: Provenance,
    validity: ValidityConfig,
    rng: np.random.Generator,
) -> Sample:
    """Label one pair of objects in a picture.

    Args:
        picture: scene, pixels and masks.
        subject_id, reference_id: the pair; the question asks where the first is relative to the second.
        provenance: where in the run it was made.
        validity: thresholds.
        rng: draws the foils and the order of the options.
    """
    scene = picture.scene
    subject, reference = scene.by_id(subject_id), scene.by_id(reference_id)
    truth = relation(subject, reference, scene.camera, validity)
    choices, answer = options(truth.terms, rng)
    return Sample(
        image=picture.image,
        mask=_about_mask(picture, (subject_id, reference_id)),
        question=question(subject, reference),
        options=choices,
        answer=answer,
        caption=caption(subject, reference, truth.terms),
        terms=truth.terms,
        azimuth=truth.azimuth,
        elevation=truth.elevation,
        margin=truth.margin,
        margin_share=truth.margin / validity.min_margin_deg if validity.min_margin_deg else math.inf,
        invalid=invalid_reasons(scene, subject, reference, truth, validity),
        family=DIRECTION,
        predicate=DIRECTION,
        value=truth.terms,
        frame=VIEWER,
        kind="multiple_choice",
        objects=scene.objects,
        masks=scene.masks,
        **about_fields(scene, (subject_id, reference_id)),
        **_scene_fields(scene),
        **vars(provenance),
    )


def question_sample(
    picture: Picture,
    question: Question,
    *,
    provenance: Provenance,
    colors: Mapping[str, str],
    before: Picture | None = None,
    before_colors: Mapping[str, str] | None = None,
) -> Sample:
    """The record of a question on a picture, or on a change between two.

    Args:
        picture: scene, pixels and masks.
        question: one whose fact is true of the scene.
        provenance: where it was made.
        colors: object id -> its colour in the picture, as the names in the question were chosen by.
        before: the picture before, for questions on a change.
        before_colors: colours in that.
    """
    scene, fact = picture.scene, question.fact
    azimuth = elevation = math.nan
    if fact.family == DIRECTION:
        truth = relation(scene.by_id(fact.about[0]), scene.by_id(fact.about[1]), scene.camera)
        azimuth, elevation = truth.azimuth, truth.elevation
    fields: dict[str, Any] = {}
    if before is not None:
        fields = {
            "before": before.image,
            "before_camera": before.scene.camera,
            "before_objects": before.scene.objects,
            "before_masks": before.scene.masks,
            "before_colors": before_colors or {},
        }
    return Sample(
        image=picture.image,
        mask=_about_mask(picture, fact.about),
        question=question.text,
        options=question.options,
        answer=question.answer,
        caption=question.caption,
        terms=tuple(word for word in fact.value if word in TERMS),
        azimuth=azimuth,
        elevation=elevation,
        margin=fact.margin,
        margin_unit=fact.unit,
        margin_share=fact.share,
        invalid=fact.reasons,
        family=fact.family,
        predicate=fact.predicate,
        value=fact.value,
        frame=fact.frame,
        kind=question.kind,
        asserted=question.asserted,
        objects=scene.objects,
        masks=scene.masks,
        colors=colors,
        **fields,
        **about_fields(scene, fact.about),
        **_scene_fields(scene),
        **vars(provenance),
    )


def refused_sample(scene: Scene, edit: Edit, reason: str, provenance: Provenance) -> Sample:
    """The record of an edit that the simulator refused: no picture, no question, one reason."""
    return _without_picture(scene, edit.about, reason, provenance)


def unseen_sample(scene: Scene, reason: str, provenance: Provenance) -> Sample:
    """The record of a picture that could not be taken of a scene as it is: about nothing, one reason."""
    return _without_picture(scene, (), reason, provenance)


def _without_picture(scene: Scene, about: Sequence[str], reason: str, provenance: Provenance) -> Sample:
    nowhere = math.nan
    return Sample(
        image=None,
        mask=None,
        question="",
        options=(),
        answer=-1,
        caption="",
        terms=(),
        azimuth=nowhere,
        elevation=nowhere,
        margin=0.0,
        invalid=(reason,),
        family=DIRECTION,
        predicate=DIRECTION,
        value=(),
        frame=VIEWER,
        kind="",
        **about_fields(scene, about),
        **_scene_fields(scene),
        **vars(provenance),
    )


def about_fields(scene: Scene, about: Sequence[str]) -> dict[str, Any]:
    """The objects that a record is about, and the first two of them in columns of their own."""
    masks = scene.masks or {}
    fields: dict[str, Any] = {"about": tuple(about)}
    for role, object_id in zip(("subject", "reference"), (*about, "", ""), strict=False):
        thing = scene.by_id(object_id) if object_id else None
        fields |= {
            f"{role}_id": object_id,
            f"{role}_type": thing.type if thing else "",
            f"{role}_position": thing.center if thing else (math.nan, math.nan, math.nan),
            f"{role}_pixels": masks[object_id].pixels if object_id in masks else 0,
        }
    return fields


def _scene_fields(scene: Scene) -> dict[str, Any]:
    return {
        "camera_position": scene.camera.position,
        "camera_yaw": scene.camera.yaw,
        "camera_horizon": scene.camera.horizon,
        "field_of_view": scene.camera.field_of_view,
        "scene_id": scene.id,
        "scene_type": scene_type(scene.id),
        "engine_name": scene.engine.name,
        "engine_version": scene.engine.version,
    }


def _about_mask(picture: Picture, about: Sequence[str]) -> NDArray[np.uint8]:
    index = {thing.id: i for i, thing in enumerate(picture.scene.objects)}
    mask = np.zeros(picture.ids.shape, np.uint8)
    for number, object_id in enumerate(about, start=1):
        mask[picture.ids == index[object_id]] = number
    return mask

"""The one record: a sample carries everything that explains it.

One record is written for every edit a sampler tried, valid or not, and for every question of a generated data set. A
record without reasons in `invalid` is a training sample; a record with reasons counts what went wrong, and has a
picture unless the simulator refused the edit.

A record holds the whole scene that its picture shows, so that its label can be derived again: see `scene_of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rls3.errors import SampleStoreError
from rls3.scene.figure import Size, size_of
from rls3.scene.model import Camera, EngineInfo, MaskStats, Scene, SceneObject, Vec3

SCHEMA_VERSION = 2


@dataclass(frozen=True)
class Sample:
    """One picture with its question, its truth and its origin.

    Attributes:
        sample_id: unique within and across runs of different sampler or seed; sorts in the order of making.
        image: (H, W, 3) uint8, or None when the simulator refused the edit.
        mask: (H, W) uint8: k where the k-th object of `about` shows, counted from 1; 0 = the rest; None without image.
        question: what is asked.
        options: candidate answers in the order shown; the accepted ones of an open question.
        answer: index of the right option.
        caption: a true sentence on the picture.
        terms: those of `rls3.scene.edit.TERMS` in the truth, one to three; () when it is no direction.
        azimuth: viewer-frame direction reference -> subject, degrees clockwise from "behind", 0..360; NaN when the
            question is not about that direction.
        elevation: angle of that direction over the horizontal plane, degrees; NaN likewise.
        margin: how far the scene is from the nearest boundary at which the answer changes, in `margin_unit`.
        invalid: reasons why this is no training sample; () = valid.
        subject_id, subject_type: AI2-THOR id and type of the first object of `about`; "" without one.
        reference_id, reference_type: of the second; "" without one.
        subject_position, reference_position: box centres, metres; NaN without one.
        subject_pixels, reference_pixels: mask pixels.
        camera_position, camera_yaw, camera_horizon, field_of_view: metres, degrees.
        scene_id, scene_type: e.g. "FloorPlan7", "kitchen".
        engine_name, engine_version: which program drew it.
        placement, view: the edit asked for, as `rls3.scene.edit.Edit.words` has it; ("", -1) for a scene as it
            naturally is.
        sampler, seed, slot, episode, step: where in the run it was made.
        family, predicate, about, value, frame: the fact asked about, see `rls3.scene.facts.Fact`.
        kind: form of the question: "multiple_choice", "yes_no", "caption_choice", "open".
        asserted: the value that a yes/no question states; () for other kinds.
        margin_unit: "deg", "m", "ratio" or "none".
        margin_share: margin over what is demanded of it; at least 1 for a valid sample.
        objects: everything in the scene, in the simulator's order; () without image.
        masks: object id -> its mask in the picture; None when objects were found by projection alone.
        colors: object id -> the colour it has in the picture; for objects whose colour was looked at.
        before: (H, W, 3) uint8, the picture before the change that is asked about; else None.
        before_camera, before_objects, before_masks, before_colors: what `before` shows, and from where.
        round: the run's round, 0-based; -1 before the ledger stamps it.
        policy_version: updates the policy had seen.
        vlm_version: version of the weights that scored it; -1 = not scored.
        success_probability: the VLM's probability of the right option; NaN = not scored.
        reward: what its edit was worth, before normalisation; NaN = not rewarded, or scored by an older version.
    """

    sample_id: str
    image: NDArray[np.uint8] | None
    mask: NDArray[np.uint8] | None
    question: str
    options: tuple[str, ...]
    answer: int
    caption: str
    terms: tuple[str, ...]
    azimuth: float
    elevation: float
    margin: float
    invalid: tuple[str, ...]
    subject_id: str
    subject_type: str
    reference_id: str
    reference_type: str
    subject_position: Vec3
    reference_position: Vec3
    subject_pixels: int
    reference_pixels: int
    camera_position: Vec3
    camera_yaw: float
    camera_horizon: float
    field_of_view: float
    scene_id: str
    scene_type: str
    engine_name: str
    engine_version: str
    placement: str
    view: int
    sampler: str
    seed: int
    slot: int
    episode: int
    step: int
    family: str
    predicate: str
    about: tuple[str, ...]
    value: tuple[str, ...]
    frame: str
    kind: str
    asserted: tuple[str, ...] = ()
    margin_unit: str = "deg"
    margin_share: float = float("nan")
    objects: tuple[SceneObject, ...] = field(default=(), repr=False)
    masks: Mapping[str, MaskStats] | None = field(default=None, repr=False)
    colors: Mapping[str, str] = field(default_factory=dict, repr=False)
    before: NDArray[np.uint8] | None = None
    before_camera: Camera | None = None
    before_objects: tuple[SceneObject, ...] = field(default=(), repr=False)
    before_masks: Mapping[str, MaskStats] | None = field(default=None, repr=False)
    before_colors: Mapping[str, str] = field(default_factory=dict, repr=False)
    round: int = -1
    policy_version: int = 0
    vlm_version: int = -1
    success_probability: float = float("nan")
    reward: float = float("nan")

    @property
    def valid(self) -> bool:
        """Whether it may train a model."""
        return not self.invalid

    @property
    def size(self) -> Size | None:
        """How the subject's volume compares with the reference's; None unless the scene has both."""
        named = {thing.id: thing for thing in self.objects}
        subject, reference = named.get(self.subject_id), named.get(self.reference_id)
        return None if subject is None or reference is None else size_of(subject, reference)

    @property
    def masks_source(self) -> Literal["instance", "projection"]:
        """Whether what shows was read off the picture's masks or worked out by projecting boxes."""
        return "projection" if self.masks is None else "instance"

    def stamped(self, **changes: int | float) -> Sample:
        """A copy with round, version, score or reward filled in."""
        return replace(self, **changes)  # type: ignore[arg-type]


def scene_of(sample: Sample) -> Scene:
    """The scene that a sample's picture shows, as the simulator stated it.

    Raises:
        SampleStoreError: the sample has no picture.
    """
    if sample.image is None:
        raise SampleStoreError(f"record '{sample.sample_id}' has no picture, hence no scene (its edit was refused)")
    height, width = sample.image.shape[:2]
    camera = Camera(
        sample.camera_position, sample.camera_yaw, sample.camera_horizon, sample.field_of_view, width, height
    )
    return Scene(sample.scene_id, sample.objects, camera, _engine_of(sample), sample.masks)


def scene_before(sample: Sample) -> Scene | None:
    """The scene before the change that a sample asks about; None when it asks about one picture."""
    if sample.before_camera is None:
        return None
    return Scene(sample.scene_id, sample.before_objects, sample.before_camera, _engine_of(sample), sample.before_masks)


def _engine_of(sample: Sample) -> EngineInfo:
    return EngineInfo(sample.engine_name, sample.engine_version)

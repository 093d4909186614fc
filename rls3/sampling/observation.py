"""What a policy sees: fixed-size features of a situation and of the VLM's weakness, and which actions are legal."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rls3.assets.types import OBJECT_TYPES
from rls3.config import SamplerConfig
from rls3.sampling.choices import SIZES, Choices
from rls3.sampling.offer import Situation, volume
from rls3.scene.edit import NUM_VIEWS, TERMS
from rls3.scene.geometry import viewer_axes
from rls3.scene.model import Camera, SceneObject

TYPE_BITS = 8
OBJECT_FEATURES = 11 + TYPE_BITS
REFERENCE_FEATURES = OBJECT_FEATURES + NUM_VIEWS
FEEDBACK_FEATURES = 2 * len(TERMS)
SHARED_FEATURES = FEEDBACK_FEATURES + 4 + len(TERMS)
CENTER, SIZE, LOG_VOLUME = slice(1, 4), slice(4, 7), 7
"""Where an object's place, extents and volume stand in its block."""
FULL_SIZE_M = 2.0
FULL_DISTANCE_M = 4.0
MIDDLE_LOG_VOLUME, FULL_LOG_VOLUME = -1.5, 2.5
"""Logarithms of volumes in cubic metres, base 10: the middle of what a room holds, and how far that reaches."""
_TYPE_INDEX = {name: index for index, name in enumerate(sorted(OBJECT_TYPES))}


@dataclass
class Feedback:
    """What came back from the samples made so far.

    Attributes:
        weakness: error rate per term on the feedback pool, 0..1; 0.5 before anything is known.
        made: valid samples that carry each term.
    """

    weakness: dict[str, float] = field(default_factory=lambda: dict.fromkeys(TERMS, 0.5))
    made: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TERMS, 0))

    def observe(self, weakness: Mapping[str, float]) -> None:
        """Replace the weakness.

        Raises:
            ValueError: a term is missing or no share of 1.
        """
        wrong = [term for term in TERMS if not 0.0 <= weakness.get(term, -1.0) <= 1.0]
        if wrong:
            raise ValueError(f"weakness of '{wrong[0]}' is {weakness.get(wrong[0])}; each of {TERMS} needs one in 0..1")
        self.weakness = {term: float(weakness[term]) for term in TERMS}

    def count(self, terms: Sequence[str]) -> None:
        """Count a valid sample's terms."""
        for term in terms:
            self.made[term] += 1

    def shares(self) -> list[float]:
        """Share of each term among all terms made, in the order of TERMS; 0 before the first."""
        total = max(1, sum(self.made.values()))
        return [self.made[term] / total for term in TERMS]

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps({"weakness": self.weakness, "made": self.made}), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Feedback:
        """Read what `save` wrote."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class LastEdit:
    """What an episode's last edit came to: whether its sample was valid, and the sample's relation terms."""

    valid: bool
    terms: tuple[str, ...]


@dataclass(frozen=True)
class ObservationLayout:
    """Where each quantity stands in the feature vector (float32, all within -1..1) and in the action mask.

    With S = `max_subjects` and R = `max_references`, the vector is S blocks of 19, then R blocks of 27, then 22:

    | offset in block | quantity | unit | range |
    |---|---|---|---|
    | 0 | slot holds an object; the block is 0 otherwise | | 0, 1 |
    | 1-3 | centre off the camera: to its right, up, ahead, all level | 4 m, clipped | -1..1 |
    | 4-6 | size: to the camera's right, up, ahead | 2 m, clipped | 0..1 |
    | 7 | logarithm of the box's volume | factors of 10^2.5 off 10^-1.5 cubic metres, clipped | -1..1 |
    | 8 | underside over the floor | 2 m, clipped | 0..1 |
    | 9 | receptacle | | 0, 1 |
    | 10 | movable | | 0, 1 |
    | 11-18 | number of the type among AI2-THOR's, sorted by name, in binary; 0 for an unknown type | | -1, 0, 1 |
    | 19-26 | references only: can be looked at from view 0..7 | | 0, 1 |

    | offset in the last 22 | quantity | unit | range |
    |---|---|---|---|
    | 0-5 | weakness per term | error rate | 0..1 |
    | 6-11 | share of each term in the valid samples so far | | 0..1 |
    | 12 | edits made in this episode | episode length | 0..1 |
    | 13 | last edit: -1 invalid, 1 valid, 0 none yet in this episode | | -1, 0, 1 |
    | 14-19 | last edit: its sample has the term; 0 if it is invalid | | 0, 1 |
    | 20-21 | sine and cosine of the camera's yaw: views are numbered in the room's frame | | -1..1 |

    The mask has one 0/1 entry per (subject, reference, placement, view), then one per (subject, reference, distance):
    see `rls3.sampling.choices`.
    """

    max_subjects: int
    max_references: int
    episode_steps: int

    @classmethod
    def of(cls, config: SamplerConfig) -> ObservationLayout:
        """The layout that a configuration asks for."""
        return cls(config.max_subjects, config.max_references, config.episode_steps)

    @property
    def branches(self) -> tuple[int, ...]:
        """Choices per branch of an action, in the order of `rls3.sampling.choices.BRANCHES`."""
        return (self.max_subjects, self.max_references, *SIZES)

    @property
    def num_masked(self) -> int:
        """Length of the action mask."""
        placements, views, distances, *_ = SIZES
        return self.max_subjects * self.max_references * (placements * views + distances)

    @property
    def num_features(self) -> int:
        """Length of the feature vector."""
        return self.max_subjects * OBJECT_FEATURES + self.max_references * REFERENCE_FEATURES + SHARED_FEATURES

    def features(self, situation: Situation, feedback: Feedback, last: LastEdit | None) -> NDArray[np.float32]:
        """The feature vector.

        Args:
            situation: what can be chosen from.
            feedback: what came back so far.
            last: this episode's last edit; None before the first.
        """
        scene = situation.scene
        subjects = np.zeros((self.max_subjects, OBJECT_FEATURES))
        for row, object_id in zip(subjects, situation.subjects, strict=False):
            row[:] = _object_features(scene.by_id(object_id), scene.camera)
        references = np.zeros((self.max_references, REFERENCE_FEATURES))
        for row, object_id, views in zip(references, situation.references, situation.views, strict=False):
            row[:] = np.concatenate([_object_features(scene.by_id(object_id), scene.camera), views])
        shared = [*_feedback_features(feedback), *self._episode_features(situation, last)]
        return np.concatenate([subjects.ravel(), references.ravel(), shared]).astype(np.float32)

    def action_mask(self, situation: Situation) -> NDArray[np.float32]:
        """(num_masked,) 1 where an edit is legal, 0 elsewhere."""
        return situation.choices.flat(self.max_subjects, self.max_references)

    def choices(self, mask: NDArray[np.float32]) -> Choices:
        """The legal edits, read back from an action mask."""
        return Choices.read(mask, self.max_subjects, self.max_references)

    def _episode_features(self, situation: Situation, last: LastEdit | None) -> list[float]:
        progress = min(1.0, situation.step / self.episode_steps)
        outcome = 0.0 if last is None else (1.0 if last.valid else -1.0)
        terms = last.terms if last is not None and last.valid else ()
        turn = math.radians(situation.scene.camera.yaw)
        return [progress, outcome, *(float(term in terms) for term in TERMS), math.sin(turn), math.cos(turn)]


def _feedback_features(feedback: Feedback) -> list[float]:
    """FEEDBACK_FEATURES numbers."""
    return [*(feedback.weakness[term] for term in TERMS), *feedback.shares()]


def _object_features(thing: SceneObject, camera: Camera) -> NDArray[np.float64]:
    right, ahead = (np.array(axis) for axis in viewer_axes(camera.yaw))
    axes = np.array([right, (0.0, 1.0, 0.0), ahead])
    offset = np.clip(axes @ (np.array(thing.center) - camera.position) / FULL_DISTANCE_M, -1.0, 1.0)
    extents = 2 * np.abs(axes @ (thing.corners - thing.center).T).max(axis=1)
    size = np.clip(extents / FULL_SIZE_M, 0.0, 1.0)
    bulk = (math.log10(max(volume(thing), 1e-9)) - MIDDLE_LOG_VOLUME) / FULL_LOG_VOLUME
    underside = (thing.center[1] - thing.size[1] / 2) / FULL_SIZE_M
    rest = [np.clip(bulk, -1.0, 1.0), np.clip(underside, 0.0, 1.0), float(thing.receptacle), float(thing.movable)]
    return np.concatenate([[1.0], offset, size, rest, _type_code(thing.type)])


def _type_code(name: str) -> NDArray[np.float64]:
    if name not in _TYPE_INDEX:
        return np.zeros(TYPE_BITS)
    return np.array([1.0 if _TYPE_INDEX[name] >> bit & 1 else -1.0 for bit in range(TYPE_BITS)])

"""What a policy sees: fixed-size features of a situation and of the VLM's weakness, and which actions are legal."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from rls3.assets.types import OBJECT_TYPES
from rls3.config import SamplerConfig
from rls3.sampling.choices import BRANCHES, NUM_CHOICES, Choices
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.offer import Situation
from rls3.scene.cells import CELLS
from rls3.scene.edit import DISTANCES, NUM_VIEWS, PLACEMENTS, TERMS
from rls3.scene.figure import SIZES, volume
from rls3.scene.geometry import viewer_axes
from rls3.scene.model import Camera, SceneObject

TYPE_BITS = 8
OBJECT_FEATURES = 11 + TYPE_BITS
REFERENCE_FEATURES = OBJECT_FEATURES + NUM_VIEWS
SIZE_FEATURES = 5
KNOWLEDGE_FEATURES = 2 * len(TERMS) + SIZE_FEATURES * len(SIZES) + 4 * len(CELLS)
SHARED_FEATURES = KNOWLEDGE_FEATURES + 4 + len(TERMS)
CENTER, SIZE, LOG_VOLUME = slice(1, 4), slice(4, 7), 7
"""Where an object's place, extents and volume stand in its block."""
FULL_SIZE_M = 2.0
FULL_DISTANCE_M = 4.0
MIDDLE_LOG_VOLUME, FULL_LOG_VOLUME = -1.5, 2.5
"""Logarithms of volumes in cubic metres, base 10: the middle of what a room holds, and how far that reaches."""
_TYPE_INDEX = {name: index for index, name in enumerate(sorted(OBJECT_TYPES))}


@dataclass(frozen=True)
class LastEdit:
    """What an episode's last edit came to: whether its sample was valid, and the sample's relation terms."""

    valid: bool
    terms: tuple[str, ...]


@dataclass(frozen=True)
class ObservationLayout:
    """Where each quantity stands in the feature vector (float32, all within -1..1) and in the action mask.

    With S = `max_subjects` and R = `max_references`, the vector is S blocks of 19, then R blocks of 27, then 151:

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

    | offset in the last 151 | quantity | unit | range |
    |---|---|---|---|
    | 0-5 | weakness per term | error rate | 0..1 |
    | 6-11 | share of each term in the valid samples so far | | 0..1 |
    | 12-36 | for each of `rls3.scene.figure.SIZES`: weakness, and the four figures that cells have | | -1..1 |
    | 37-62 | expected accuracy per relation cell, in the order of `rls3.scene.cells.CELLS` | | 0..1 |
    | 63-88 | learnability 4p(1-p) per cell | | 0..1 |
    | 89-114 | progress per cell: accuracy less that of the VLM before its last fit | | -1..1 |
    | 115-140 | coverage deficit per cell: 1 - n / due of the valid samples so far | | -1..1 |
    | 141 | edits made in this episode | episode length | 0..1 |
    | 142 | last edit: -1 invalid, 1 valid, 0 none yet in this episode | | -1, 0, 1 |
    | 143-148 | last edit: its sample has the term; 0 if it is invalid | | 0, 1 |
    | 149-150 | sine and cosine of the camera's yaw: views are numbered in the room's frame | | -1..1 |

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
        return (self.max_subjects, self.max_references, *NUM_CHOICES)

    @property
    def num_masked(self) -> int:
        """Length of the action mask."""
        return self.max_subjects * self.max_references * (len(PLACEMENTS) * NUM_VIEWS + len(DISTANCES))

    @property
    def num_features(self) -> int:
        """Length of the feature vector."""
        return self.max_subjects * OBJECT_FEATURES + self.max_references * REFERENCE_FEATURES + SHARED_FEATURES

    def features(self, situation: Situation, knowledge: Knowledge, last: LastEdit | None) -> NDArray[np.float32]:
        """The feature vector.

        Args:
            situation: what can be chosen from.
            knowledge: of the VLM and of the samples made so far.
            last: this episode's last edit; None before the first.
        """
        scene = situation.scene
        subjects = np.zeros((self.max_subjects, OBJECT_FEATURES))
        for row, object_id in zip(subjects, situation.subjects, strict=False):
            row[:] = _object_features(scene.by_id(object_id), scene.camera)
        references = np.zeros((self.max_references, REFERENCE_FEATURES))
        for row, object_id, views in zip(references, situation.references, situation.views, strict=False):
            row[:] = np.concatenate([_object_features(scene.by_id(object_id), scene.camera), views])
        shared = [*_knowledge_features(knowledge), *self._episode_features(situation, last)]
        return np.concatenate([subjects.ravel(), references.ravel(), shared]).astype(np.float32)

    def action_mask(self, situation: Situation) -> NDArray[np.float32]:
        """(num_masked,) 1 where an edit is legal, 0 elsewhere."""
        return situation.choices.flat(self.max_subjects, self.max_references)

    def choices(self, mask: NDArray[np.float32]) -> Choices:
        """The legal edits, read back from an action mask."""
        return Choices.read(mask, self.max_subjects, self.max_references)

    def draw(self, rng: np.random.Generator, masks: NDArray[np.float32]) -> NDArray[np.int64]:
        """One legal action per slot, (B, branches), as `Choices.draw` has it; 0 where nothing is legal any more.

        Args:
            rng: of the draws.
            masks: (B, num_masked) action masks.
        """
        drawn = [self.choices(mask).draw(rng) for mask in masks]
        return np.array([action or (0,) * len(BRANCHES) for action in drawn], np.int64)

    def _episode_features(self, situation: Situation, last: LastEdit | None) -> list[float]:
        progress = min(1.0, situation.step / self.episode_steps)
        outcome = 0.0 if last is None else (1.0 if last.valid else -1.0)
        terms = last.terms if last is not None and last.valid else ()
        turn = math.radians(situation.scene.camera.yaw)
        return [progress, outcome, *(float(term in terms) for term in TERMS), math.sin(turn), math.cos(turn)]


def _knowledge_features(knowledge: Knowledge) -> list[float]:
    """KNOWLEDGE_FEATURES numbers."""
    of_group = (knowledge.accuracy, knowledge.learnability, knowledge.progress, knowledge.deficit)
    sizes = [(knowledge.weakness[size], *(figure(size) for figure in of_group)) for size in SIZES]
    cells = (figure(cell) for figure in of_group for cell in CELLS)
    return [*(knowledge.weakness[term] for term in TERMS), *knowledge.shares(), *chain.from_iterable(sizes), *cells]


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

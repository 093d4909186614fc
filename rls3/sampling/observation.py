"""What a policy sees: fixed-size features of a situation and of the VLM's weakness, and which actions are legal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rls3.assets.types import OBJECT_TYPES
from rls3.config import SamplerConfig
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.offer import Situation
from rls3.scene.cells import CELLS
from rls3.scene.edit import NUM_VIEWS, TERMS
from rls3.scene.model import Scene, SceneObject

TYPE_BITS = 8
OBJECT_FEATURES = 10 + TYPE_BITS
REFERENCE_FEATURES = OBJECT_FEATURES + NUM_VIEWS
CELL_FEATURES = 4 * len(CELLS)
SHARED_FEATURES = 2 * len(TERMS) + CELL_FEATURES + 2
FULL_SIZE_M = 2.0
_TYPE_INDEX = {name: index for index, name in enumerate(sorted(OBJECT_TYPES))}


@dataclass(frozen=True)
class ObservationLayout:
    """Where each quantity stands in the feature vector (float32, all within -1..1) and in the action mask.

    With S = `max_subjects` and R = `max_references`, the vector is S blocks of 18, then R blocks of 26, then 118:

    | offset in block | quantity | unit | range |
    |---|---|---|---|
    | 0 | slot holds an object; the block is 0 otherwise | | 0, 1 |
    | 1-3 | centre (x, y, z) off the middle of the room | half the room's extent | -1..1 |
    | 4-6 | size (x, y, z) | 2 m | 0..1 |
    | 7 | underside over the floor | 2 m | 0..1 |
    | 8 | receptacle | | 0, 1 |
    | 9 | movable | | 0, 1 |
    | 10-17 | number of the type among AI2-THOR's, sorted by name, in binary; 0 for an unknown type | | -1, 0, 1 |
    | 18-25 | references only: can be looked at from view 0..7 | | 0, 1 |

    | offset in the last 118 | quantity | unit | range |
    |---|---|---|---|
    | 0-5 | weakness per term | error rate | 0..1 |
    | 6-11 | share of each term in the valid samples so far | | 0..1 |
    | 12-37 | expected accuracy per relation cell, in the order of `rls3.scene.cells.CELLS` | | 0..1 |
    | 38-63 | learnability 4p(1-p) per cell | | 0..1 |
    | 64-89 | progress per cell: accuracy less that of the VLM before its last fit | | -1..1 |
    | 90-115 | coverage deficit per cell: 1 - n / mean of the valid samples so far | | -1..1 |
    | 116 | edits made in this episode | episode length | 0..1 |
    | 117 | last edit: -1 invalid, 1 valid, 0 none yet in this episode | | -1, 0, 1 |

    The mask has one 0/1 entry per choice of each branch: S subjects, R references, 6 placements, NUM_VIEWS views. A
    view is legal if some reference can be looked at from there; a pair that cannot be is an invalid edit.
    """

    max_subjects: int
    max_references: int
    episode_steps: int

    @classmethod
    def of(cls, config: SamplerConfig) -> ObservationLayout:
        """The layout that a configuration asks for."""
        return cls(config.max_subjects, config.max_references, config.episode_steps)

    @property
    def branches(self) -> tuple[int, int, int, int]:
        """Choices per branch of an action: subject, reference, placement, view."""
        return (self.max_subjects, self.max_references, len(TERMS), NUM_VIEWS)

    @property
    def num_features(self) -> int:
        """Length of the feature vector."""
        return self.max_subjects * OBJECT_FEATURES + self.max_references * REFERENCE_FEATURES + SHARED_FEATURES

    def features(self, situation: Situation, knowledge: Knowledge, last_valid: bool | None) -> NDArray[np.float32]:
        """The feature vector.

        Args:
            situation: what can be chosen from.
            knowledge: of the VLM and of the samples made so far.
            last_valid: whether this episode's last edit made a valid sample; None before the first.
        """
        scene = situation.scene
        middle, half = _room(scene)
        subjects = np.zeros((self.max_subjects, OBJECT_FEATURES))
        for row, object_id in zip(subjects, situation.subjects, strict=False):
            row[:] = _object_features(scene.by_id(object_id), middle, half)
        references = np.zeros((self.max_references, REFERENCE_FEATURES))
        for row, object_id, views in zip(references, situation.references, situation.views, strict=False):
            row[:] = np.concatenate([_object_features(scene.by_id(object_id), middle, half), views])
        weakness = [knowledge.weakness[term] for term in TERMS]
        of_cell = (knowledge.accuracy, knowledge.learnability, knowledge.progress, knowledge.deficit)
        cells = [figure(cell) for figure in of_cell for cell in CELLS]
        progress = min(1.0, situation.step / self.episode_steps)
        last = 0.0 if last_valid is None else (1.0 if last_valid else -1.0)
        shared = [*weakness, *knowledge.shares(), *cells, progress, last]
        return np.concatenate([subjects.ravel(), references.ravel(), shared]).astype(np.float32)

    def reference_views(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """(R, NUM_VIEWS) of 0 and 1: from where each reference can be looked at, read back from a feature vector."""
        start = self.max_subjects * OBJECT_FEATURES
        references = features[start:-SHARED_FEATURES].reshape(self.max_references, REFERENCE_FEATURES)
        return references[:, -NUM_VIEWS:]

    def action_mask(self, situation: Situation) -> NDArray[np.float32]:
        """(sum(branches),) 1 where a choice is legal, 0 elsewhere."""
        parts = [np.zeros(size, np.float32) for size in self.branches]
        parts[0][: len(situation.subjects)] = 1.0
        parts[1][: len(situation.references)] = 1.0
        parts[2][:] = 1.0
        parts[3][:] = situation.views.any(axis=0)
        return np.concatenate(parts)


def _room(scene: Scene) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middle and half extent (x, y, z) of the box around all objects, metres."""
    centers = np.array([thing.center for thing in scene.objects])
    halves = np.array([thing.size for thing in scene.objects]) / 2
    low, high = (centers - halves).min(axis=0), (centers + halves).max(axis=0)
    return (low + high) / 2, np.maximum((high - low) / 2, 1e-3)


def _object_features(thing: SceneObject, middle: NDArray[np.float64], half: NDArray[np.float64]) -> NDArray[np.float64]:
    offset = np.clip((np.array(thing.center) - middle) / half, -1.0, 1.0)
    size = np.clip(np.array(thing.size) / FULL_SIZE_M, 0.0, 1.0)
    underside = thing.center[1] - thing.size[1] / 2 - (middle[1] - half[1])
    flags = [np.clip(underside / FULL_SIZE_M, 0.0, 1.0), float(thing.receptacle), float(thing.movable)]
    return np.concatenate([[1.0], offset, size, flags, _type_code(thing.type)])


def _type_code(name: str) -> NDArray[np.float64]:
    if name not in _TYPE_INDEX:
        return np.zeros(TYPE_BITS)
    return np.array([1.0 if _TYPE_INDEX[name] >> bit & 1 else -1.0 for bit in range(TYPE_BITS)])

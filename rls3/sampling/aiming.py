"""Edits aimed at a relation cell: of many legal ones, one that geometry says would land in it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rls3.config import SamplerConfig
from rls3.sampling.choices import Action
from rls3.sampling.env import Observation
from rls3.sampling.offer import Situation
from rls3.sampling.random import RandomSampler
from rls3.sampling.stage import Stage
from rls3.scene.cells import cell_of
from rls3.scene.edit import OPPOSITES, Edit
from rls3.scene.model import Camera, Scene
from rls3.scene.placement import target_points, turned
from rls3.scene.relations import relation_at

VIEW_DEG = 45.0


def likely_cell(scene: Scene, edit: Edit) -> str | None:
    """The cell an edit would land in at the first place that is tried for it; None where it has none."""
    subject, reference = turned(scene.by_id(edit.subject_id), edit.turn), scene.by_id(edit.reference_id)
    camera = Camera((0.0, 0.0, 0.0), edit.view * VIEW_DEG, 0.0, 60.0, 1, 1)  # only its yaw counts
    points = target_points(scene, subject, reference, edit.placement, camera)
    if not points:
        return None
    x, y, z = points[0]
    terms = relation_at((x, y + subject.size[1] / 2, z), subject, reference, camera.yaw).terms
    return cell_of(terms if edit.asked == "subject" else [OPPOSITES[term] for term in terms])


class AimingSampler(RandomSampler):
    """Chooses a cell for every slot and makes an edit that likely lands there.

    Legal edits are drawn uniformly, `sampler.candidates` of each slot; the cells they would land in are on offer. Those
    that would land nowhere are left out unless there are no others.
    """

    def __init__(self, stage: Stage, config: SamplerConfig, *, seed: int) -> None:
        super().__init__(stage, config, seed=seed)
        self._aimed: list[str | None] = []

    @abstractmethod
    def _aim(self, cells: Sequence[str]) -> str:
        """One of these cells, which are sorted; it counts as tried."""

    def _choose(self, observation: Observation) -> NDArray[np.int64]:
        chosen = super()._choose(observation)
        self._aimed = [None] * self._env.num_envs
        for slot, situation in enumerate(self._env.situations):
            if situation.step >= self._config.episode_steps:
                continue  # about to be reset: no edit is made there
            options = self._options(situation)
            if options:
                cell = self._aimed[slot] = self._aim(sorted(options))
                chosen[slot] = options[cell]
        return chosen

    def _options(self, situation: Situation) -> Mapping[str, Action]:
        """The first action drawn for each cell."""
        options: dict[str, Action] = {}
        for _ in range(self._config.candidates):
            action = situation.choices.draw(self._rng)
            cell = None if action is None else likely_cell(situation.scene, situation.edit(action))
            if action is not None and cell is not None:
                options.setdefault(cell, action)
        return options

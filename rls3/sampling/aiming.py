"""Edits aimed at a relation cell: of many legal ones, one that geometry says would land in it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rls3.config import SamplerConfig
from rls3.sampling.env import Observation, decode_edit
from rls3.sampling.random import RandomSampler, draw_legal
from rls3.sampling.stage import Stage
from rls3.scene.cells import cell_of
from rls3.scene.edit import Edit
from rls3.scene.model import Camera, Scene
from rls3.scene.placement import target_points
from rls3.scene.relations import relation_at

VIEW_DEG = 45.0


def likely_cell(scene: Scene, edit: Edit) -> str | None:
    """The cell an edit would land in at the first place that is tried for it; None where it has none."""
    subject, reference = scene.by_id(edit.subject_id), scene.by_id(edit.reference_id)
    camera = Camera((0.0, 0.0, 0.0), edit.view * VIEW_DEG, 0.0, 60.0, 1, 1)  # only its yaw counts
    points = target_points(scene, subject, reference, edit.placement, camera)
    if not points:
        return None
    x, y, z = points[0]
    return cell_of(relation_at((x, y + subject.size[1] / 2, z), subject, reference, camera.yaw).terms)


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
        chosen = draw_legal(self._rng, observation, self._env.layout)
        self._aimed = [None] * self._env.num_envs
        for slot, situation in enumerate(self._env.situations):
            if situation.step >= self._config.episode_steps:
                continue  # about to be reset: no edit is made there
            options = self._options(observation, slot)
            if options:
                cell = self._aimed[slot] = self._aim(sorted(options))
                chosen[slot] = options[cell]
        return chosen

    def _options(self, observation: Observation, slot: int) -> Mapping[str, NDArray[np.int64]]:
        """The first action drawn for each cell."""
        situation, layout = self._env.situations[slot], self._env.layout
        count = self._config.candidates
        copies = {name: np.repeat(values[slot : slot + 1], count, axis=0) for name, values in observation.items()}
        options: dict[str, NDArray[np.int64]] = {}
        for action in draw_legal(self._rng, copies, layout):
            cell = likely_cell(situation.scene, decode_edit(action, situation, layout))
            if cell is not None:
                options.setdefault(cell, action)
        return options

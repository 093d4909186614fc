"""A bandit over relation cells: the simplest learner, which knows neither objects nor rooms.

Thompson sampling (Thompson 1933) with Gaussian posteriors and discounted evidence, as the VLM changes under it (Raj and
Kalyani, "Taming Non-stationary Bandits", 2017).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rls3.config import SamplerConfig
from rls3.sampling.aiming import AimingSampler
from rls3.sampling.stage import Stage
from rls3.scene.cells import CELLS


class BanditSampler(AimingSampler):
    """Aims at the cell whose drawn value is highest; is paid what every learner is paid, invalid edits included.

    With n discounted tries of a cell and their mean reward, its value is drawn from a normal distribution around
    n / (n + 1) of that mean with deviation 1 / sqrt(n + 1): rewards are in deviations over their mean
    (`reward.normalise`). With `reward` weights of learnability alone it is a learnability bandit.
    """

    name = "bandit"

    def __init__(self, stage: Stage, config: SamplerConfig, *, seed: int) -> None:
        super().__init__(stage, config, seed=seed)
        self._tries = dict.fromkeys(CELLS, 0.0)
        self._sums = dict.fromkeys(CELLS, 0.0)
        self._targets: dict[str, str] = {}

    def value(self, cell: str) -> float:
        """Expected reward of aiming at a cell, drawn towards 0 while little is known."""
        return self._sums[cell] / (self._tries[cell] + 1.0)

    def _aim(self, cells: Sequence[str]) -> str:
        drawn = {cell: self._rng.normal(self.value(cell), 1.0 / math.sqrt(self._tries[cell] + 1.0)) for cell in cells}
        return max(cells, key=lambda cell: drawn[cell])

    def _made(self, slot: int, sample_id: str) -> None:
        cell = self._aimed[slot]
        if cell is not None:
            self._targets[sample_id] = cell

    def _learn(self, rewards: Mapping[str, float]) -> None:
        for sums in (self._tries, self._sums):
            for cell in sums:
                sums[cell] *= self._config.discount
        for sample_id, reward in rewards.items():
            cell = self._targets.pop(sample_id, "")
            if cell and not math.isnan(reward):
                self._tries[cell] += 1.0
                self._sums[cell] += reward
        self._env.policy_version += 1

    def _learned(self) -> Mapping[str, Mapping[str, float]]:
        return {"tries": self._tries, "sums": self._sums}

    def _relearn(self, learned: Mapping[str, Mapping[str, float]]) -> None:
        self._tries, self._sums = dict(learned["tries"]), dict(learned["sums"])
        self._targets.clear()

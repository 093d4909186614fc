"""As many samples of every relation cell as scenes allow: the strong baseline that needs no VLM.

Exhaustively balanced synthetic data did much for real pictures ("From Synthetic Scenes to Real Performance", arXiv
2511.11440). Retries are pictures like any other and count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rls3.config import SamplerConfig
from rls3.sampling.aiming import AimingSampler
from rls3.sampling.stage import Stage
from rls3.scene.cells import CELLS


class BalancedSampler(AimingSampler):
    """Aims at the cell on offer with the fewest valid samples so far.

    `sampler.patience` tries count as one sample, whatever came of them, so that cells which scenes hardly offer do not
    swallow the budget.
    """

    name = "balanced"

    def __init__(self, stage: Stage, config: SamplerConfig, *, seed: int) -> None:
        super().__init__(stage, config, seed=seed)
        self._tries = dict.fromkeys(CELLS, 0)

    def _aim(self, cells: Sequence[str]) -> str:
        cell = min(cells, key=self._stock)
        self._tries[cell] += 1
        return cell

    def _stock(self, cell: str) -> float:
        return self._env.knowledge.made[cell] + self._tries[cell] / self._config.patience

    def _learned(self) -> Mapping[str, Mapping[str, float]]:
        return {"tries": self._tries}

    def _relearn(self, learned: Mapping[str, Mapping[str, float]]) -> None:
        self._tries = {cell: int(tries) for cell, tries in learned["tries"].items()}

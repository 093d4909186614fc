"""An environment that makes some edits uniformly at random instead of those it is asked for.

A policy whose share of such edits is never 0 keeps seeing what it no longer chooses; since they are none of its own
choices, they are not learned from.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rls3.config import SamplerConfig
from rls3.sampling.env import EditVectorEnv, Observation
from rls3.sampling.stage import Stage

UNIFORM = "uniform"
"""Info (bool) of a step: whether its edit was drawn instead of chosen."""


class ExploringVectorEnv(EditVectorEnv):
    """As its parent; every edit is replaced with probability `share` by one drawn from all legal ones.

    Args:
        stage, config: as of the parent.
        share: 0..1.
        seed: of the draws.

    Attributes:
        rng: the draws' own stream.
    """

    def __init__(self, stage: Stage, config: SamplerConfig, *, share: float, seed: int) -> None:
        super().__init__(stage, config)
        self.rng = np.random.default_rng(seed)
        self._share = share
        self._seen: Observation = {}

    def reset(
        self, *, seed: int | list[int] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """As the parent's."""
        self._seen, infos = super().reset(seed=seed, options=options)
        return self._seen, infos

    def step(
        self, actions: NDArray[np.int64]
    ) -> tuple[Observation, NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """As the parent's; infos tell "uniform" (bool) beside it."""
        replaced = self.rng.random(self.num_envs) < self._share
        if self._seen and replaced.any():
            drawn = self.layout.draw(self.rng, self._seen["action_mask"])
            actions = np.where(replaced[:, None], drawn, actions)
        self._seen, rewards, ended, truncated, infos = super().step(actions)
        if infos:
            infos = {**infos, UNIFORM: replaced, f"_{UNIFORM}": infos["_valid"].copy()}
        return self._seen, rewards, ended, truncated, infos

"""The baseline without edits: pictures of scenes as they were spawned, asked about as people speak."""

from __future__ import annotations

from pathlib import Path

from rls3.config import SamplerConfig
from rls3.sampling.offer import Situation
from rls3.sampling.random import Made, RandomSampler
from rls3.sampling.stage import Stage


class NaturalSampler(RandomSampler):
    """Takes one picture per step and scene, `sampler.episode_steps` of each spawn; see `rls3.sampling.asking`."""

    name = "natural"

    def __init__(self, stage: Stage, config: SamplerConfig, *, seed: int) -> None:
        super().__init__(stage, config, seed=seed)
        self._stage = stage
        self._situations: list[Situation] = []

    def restore(self, folder: Path) -> None:
        """Go on from `save`, in new episodes."""
        super().restore(folder)
        self._situations.clear()

    def _step(self) -> list[Made]:
        slots = range(self._stage.num_slots)
        if not self._situations:
            self._situations = self._stage.reset(slots)
        ended = [slot for slot in slots if self._situations[slot].step >= self._config.episode_steps]
        if ended:
            for slot, situation in zip(ended, self._stage.reset(ended), strict=True):
                self._situations[slot] = situation
        outcomes = self._stage.look(slots, self.version)
        self._situations = [outcome.situation for outcome in outcomes]
        for outcome in outcomes:
            self._env.knowledge.count(outcome.groups)
        return [Made(outcome.sample_id, outcome.valid, outcome.restarts) for outcome in outcomes]

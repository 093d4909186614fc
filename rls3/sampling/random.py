"""The baseline every policy must beat: edits drawn uniformly from the legal ones, through the same gates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rls3.config import SamplerConfig
from rls3.sampling.env import EditVectorEnv, Observation
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.sampler import Collected, UnpaidBatches, check_num_edits, mean_reward
from rls3.sampling.stage import Stage

_KNOWLEDGE, _STATE = "knowledge.json", "draws.json"


class Made(NamedTuple):
    """A sample that was made: its id, whether it is valid, and the simulator restarts it took."""

    sample_id: str
    valid: bool
    restarts: int


class RandomSampler:
    """Draws one branch of an edit after another, each uniformly from what is legal given those before it.

    Samplers that choose without a gradient are made of it: they choose otherwise in `_choose`, note what came out in
    `_made`, and learn in `_learn`.

    Args:
        stage: where the edits happen.
        config: objects on offer and length of an episode.
        seed: of the draws.
    """

    name = "random"

    def __init__(self, stage: Stage, config: SamplerConfig, *, seed: int) -> None:
        self._env = EditVectorEnv(stage, config)
        self._config = config
        self._rng = np.random.default_rng(seed)
        self._observation: Observation | None = None
        self._surplus: list[Made] = []
        self._unpaid: UnpaidBatches[None] = UnpaidBatches()

    @property
    def version(self) -> int:
        """Updates made so far; those who do not learn stay at 0."""
        return self._env.policy_version

    def collect(self, num_edits: int) -> Collected:
        """Make exactly `num_edits` edits; what the last step made beyond that begins the next batch."""
        check_num_edits(num_edits)
        while len(self._surplus) < num_edits:
            self._surplus += self._step()
        batch, self._surplus = self._surplus[:num_edits], self._surplus[num_edits:]
        self._unpaid.add([made.sample_id for made in batch], None)
        return Collected(
            tuple(made.sample_id for made in batch),
            valid=sum(made.valid for made in batch),
            restarts=sum(made.restarts for made in batch),
        )

    def learn(self, rewards: Mapping[str, float]) -> Mapping[str, float]:
        """Take note of one batch's rewards: {"reward_mean"}."""
        self._unpaid.pay(rewards)
        self._learn(rewards)
        return {"reward_mean": mean_reward(rewards)}

    def observe(self, knowledge: Knowledge) -> None:
        """Kept for the observation."""
        self._env.knowledge.observe(knowledge)

    def save(self, folder: Path) -> None:
        """Write what is known, the state of the draws, and what was learned."""
        folder.mkdir(parents=True, exist_ok=True)
        self._env.knowledge.save(folder / _KNOWLEDGE)
        state = {"version": self.version, "draws": self._rng.bit_generator.state, "learned": self._learned()}
        (folder / _STATE).write_text(json.dumps(state), encoding="utf-8")

    def restore(self, folder: Path) -> None:
        """Go on from `save`, in new episodes."""
        self._env.knowledge = Knowledge.load(folder / _KNOWLEDGE)
        state = json.loads((folder / _STATE).read_text(encoding="utf-8"))
        self._env.policy_version = state["version"]
        self._rng.bit_generator.state = state["draws"]
        self._relearn(state["learned"])
        self._observation = None
        self._surplus.clear()
        self._unpaid.clear()

    def close(self) -> None:
        """Nothing to give back."""

    def _step(self) -> list[Made]:
        """Step all slots once."""
        if self._observation is None:
            self._observation, _ = self._env.reset()
        self._observation, _, _, _, infos = self._env.step(self._choose(self._observation))
        made = []
        for slot in np.flatnonzero(infos.get("_sample_id", ())):
            sample_id, valid, restarts = (infos[name][slot] for name in ("sample_id", "valid", "restarts"))
            self._made(int(slot), sample_id)
            made.append(Made(sample_id, bool(valid), int(restarts)))
        return made

    def _choose(self, observation: Observation) -> NDArray[np.int64]:
        """An action for every slot; ignored in those that are reset."""
        return self._env.layout.draw(self._rng, observation["action_mask"])

    def _made(self, slot: int, sample_id: str) -> None:
        """Which sample the chosen action of a slot made."""

    def _learn(self, rewards: Mapping[str, float]) -> None:
        """Learn from a batch."""

    def _learned(self) -> Mapping[str, Mapping[str, float]]:
        """What `save` keeps of it, as JSON."""
        return {}

    def _relearn(self, learned: Mapping[str, Mapping[str, float]]) -> None:
        """Take it back."""


class HardSampler(RandomSampler):
    """Draws as `random`, and has what trains chosen by the VLM's loss, see `rls3.sampling.curation`.

    Katharopoulos and Fleuret, "Not All Samples Are Created Equal", ICML 2018, for the choice by loss.
    """

    name = "hard"

"""The baseline every policy must beat: edits drawn uniformly from the legal ones, through the same gates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rls3.config import SamplerConfig
from rls3.sampling.choices import BRANCHES
from rls3.sampling.env import EditVectorEnv, Observation
from rls3.sampling.observation import Feedback
from rls3.sampling.sampler import Collected, UnpaidBatches, check_num_edits
from rls3.sampling.stage import Stage

_FEEDBACK, _STATE = "feedback.json", "random.json"
_IGNORED = (0,) * len(BRANCHES)
"""For a slot in which nothing is legal any more: its next step begins another episode, whatever the action."""


class RandomSampler:
    """Draws one branch of an edit after another, each uniformly from what is legal given those before it.

    Args:
        stage: where the edits happen.
        config: objects on offer and length of an episode.
        seed: of the draws.
    """

    name = "random"
    version = 0

    def __init__(self, stage: Stage, config: SamplerConfig, *, seed: int) -> None:
        self._env = EditVectorEnv(stage, config)
        self._rng = np.random.default_rng(seed)
        self._observation: Observation | None = None
        self._surplus: list[tuple[str, bool]] = []
        self._unpaid: UnpaidBatches[None] = UnpaidBatches()

    def collect(self, num_edits: int) -> Collected:
        """Make exactly `num_edits` edits; what the last step made beyond that begins the next batch."""
        check_num_edits(num_edits)
        restarts = 0
        if self._observation is None:
            self._observation, _ = self._env.reset()
        while len(self._surplus) < num_edits:
            self._observation, _, _, _, infos = self._env.step(self._draw(self._observation))
            for slot in np.flatnonzero(infos.get("_sample_id", ())):
                self._surplus.append((infos["sample_id"][slot], bool(infos["valid"][slot])))
                restarts += int(infos["restarts"][slot])
        batch, self._surplus = self._surplus[:num_edits], self._surplus[num_edits:]
        collected = Collected(tuple(name for name, _ in batch), sum(valid for _, valid in batch), restarts)
        self._unpaid.add(collected.sample_ids, None)
        return collected

    def learn(self, rewards: Mapping[str, float]) -> Mapping[str, float]:
        """Take note of one batch's rewards: {"reward_mean"}."""
        self._unpaid.pay(rewards)
        return {"reward_mean": float(np.mean(list(rewards.values())))}

    def observe(self, weakness: Mapping[str, float]) -> None:
        """Kept for the observation; the draws do not depend on it."""
        self._env.feedback.observe(weakness)

    def save(self, folder: Path) -> None:
        """Write the feedback and the state of the draws."""
        folder.mkdir(parents=True, exist_ok=True)
        self._env.feedback.save(folder / _FEEDBACK)
        (folder / _STATE).write_text(json.dumps(self._rng.bit_generator.state), encoding="utf-8")

    def restore(self, folder: Path) -> None:
        """Go on from `save`, in new episodes."""
        self._env.feedback = Feedback.load(folder / _FEEDBACK)
        self._rng.bit_generator.state = json.loads((folder / _STATE).read_text(encoding="utf-8"))
        self._observation = None
        self._surplus.clear()
        self._unpaid.clear()

    def close(self) -> None:
        """Nothing to give back."""

    def _draw(self, observation: Observation) -> NDArray[np.int64]:
        drawn = [self._env.layout.choices(mask).draw(self._rng) for mask in observation["action_mask"]]
        return np.array([action or _IGNORED for action in drawn])

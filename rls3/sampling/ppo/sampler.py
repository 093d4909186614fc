"""PPO as a sampler: its own randomness, its checkpoint, its metrics."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import ray
import torch
from ray.rllib.env.single_agent_episode import SingleAgentEpisode

from rls3.config import PpoConfig, SamplerConfig
from rls3.sampling.exploring import UNIFORM, ExploringVectorEnv
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.ppo.algorithm import EditPPO, EditPPOConfig, step_infos
from rls3.sampling.ppo.own_ray import start_own_ray
from rls3.sampling.ppo.policy_file import load_policy, save_policy
from rls3.sampling.sampler import Collected, UnpaidBatches, check_num_edits, mean_reward
from rls3.sampling.stage import Stage

_ALGORITHM, _KNOWLEDGE, _STATE = "algorithm", "knowledge.json", "sampler.pt"
_OBJECT_STORE_BYTES = 80 * 2**20


class PPOSampler:
    """Learns which edits are worth making.

    A share of the edits, `ppo.uniform_share`, is drawn uniformly and not learned from. RLlib's SAC is no alternative:
    it takes one Box or Discrete action (Ray 2.60, `sac_catalog.py`) and no mask, and an edit is several masked choices.

    RLlib asks for a Ray runtime even where nothing is remote: one idle, small local runtime is started when the
    process has none, and ends with the process.

    Args:
        stage: where the edits happen; one runner steps all its slots.
        config: objects on offer and length of an episode.
        ppo: hyperparameters.
        batch: edits per update, as `collect` will be asked for.
        seed: of the weights and of the draws.

    Raises:
        ConfigError: `ppo.start` names no policy that fits.
    """

    name = "ppo"

    def __init__(self, stage: Stage, config: SamplerConfig, ppo: PpoConfig, *, batch: int, seed: int) -> None:
        if not ray.is_initialized():
            start_own_ray(object_store_bytes=_OBJECT_STORE_BYTES, num_cpus=1)
        self._env = ExploringVectorEnv(stage, config, share=ppo.uniform_share, seed=seed)
        self._randomness = _Randomness(seed)
        with self._randomness.own():
            self._algorithm: EditPPO = EditPPOConfig().editing(self._env, ppo, batch=batch).build_algo()
            if ppo.start is not None:
                self._algorithm.begin_with(load_policy(ppo.start, self._algorithm.weights()))
        self._unpaid: UnpaidBatches[list[SingleAgentEpisode]] = UnpaidBatches()

    @property
    def version(self) -> int:
        """Policy updates made so far."""
        return self._env.policy_version

    def collect(self, num_edits: int) -> Collected:
        """Make exactly `num_edits` edits with the policy as it is."""
        check_num_edits(num_edits)
        with self._randomness.own():
            episodes = self._algorithm.collect(num_edits)
        infos = [info for episode in episodes for info in step_infos(episode)]
        collected = Collected(
            tuple(info["sample_id"] for info in infos),
            valid=sum(bool(info["valid"]) for info in infos),
            restarts=sum(int(info["restarts"]) for info in infos),
        )
        self._unpaid.add(collected.sample_ids, episodes)
        return collected

    def learn(self, rewards: Mapping[str, float]) -> Mapping[str, float]:
        """One PPO update with the rewards of one batch, as far as they are numbers; none of them, no update.

        Returns:
            reward_mean, and after an update entropy_nats (sum over the branches), policy_loss, value_loss,
            value_explained_variance and update_seconds.
        """
        started = time.monotonic()
        episodes = self._unpaid.pay(rewards)
        infos = [info for episode in episodes for info in step_infos(episode)]
        own = {info["sample_id"] for info in infos if not info[UNIFORM]}
        told = {name: reward for name, reward in rewards.items() if name in own and not math.isnan(reward)}
        metrics: dict[str, float] = {"reward_mean": mean_reward(rewards)}
        if not told:
            return metrics
        with self._randomness.own():
            metrics |= self._algorithm.learn(episodes, told)
        self._env.policy_version += 1
        metrics["update_seconds"] = time.monotonic() - started
        return metrics

    def forget(self) -> None:
        """Another VLM is coming: nothing is known of it, and nothing was made for it."""
        self._env.knowledge = Knowledge()

    def observe(self, knowledge: Knowledge) -> None:
        """Put what is known into the observations from the next step on."""
        self._env.knowledge.observe(knowledge)

    def save(self, folder: Path) -> None:
        """Write policy, optimiser, knowledge, version and the state of the draws; the policy once more for others."""
        folder.mkdir(parents=True, exist_ok=True)
        self._algorithm.save_to_path(str((folder / _ALGORITHM).absolute()))
        save_policy(self._algorithm.weights(), folder)
        self._env.knowledge.save(folder / _KNOWLEDGE)
        state = {
            "version": self.version,
            "randomness": self._randomness.state,
            "uniform": self._env.rng.bit_generator.state,
        }
        torch.save(state, folder / _STATE)

    def restore(self, folder: Path) -> None:
        """Go on from `save`, in new episodes."""
        self._algorithm.restore_from_path(str((folder / _ALGORITHM).absolute()))
        state = torch.load(folder / _STATE, weights_only=False)
        self._env.knowledge = Knowledge.load(folder / _KNOWLEDGE)
        self._env.policy_version = state["version"]
        self._randomness.state = state["randomness"]
        self._env.rng.bit_generator.state = state["uniform"]
        self._unpaid.clear()
        self._algorithm.drop_collected()

    def close(self) -> None:
        """Stop the algorithm."""
        self._algorithm.stop()


class _Randomness:
    """A stream of its own for code that draws from torch's and NumPy's global generators.

    Without it, a policy's edits would depend on whatever else draws in the same process. RLlib's own `seed` is no
    substitute: it reseeds the whole process and switches torch's deterministic mode for everyone in it.
    """

    def __init__(self, seed: int) -> None:
        outer = _global_state()
        torch.manual_seed(seed)
        np.random.seed(seed)
        self.state = _global_state()
        _set_global_state(outer)

    @contextmanager
    def own(self) -> Iterator[None]:
        """Draw from the own stream; the process's generators are afterwards as before."""
        outer = _global_state()
        _set_global_state(self.state)
        try:
            yield
        finally:
            self.state = _global_state()
            _set_global_state(outer)


def _global_state() -> dict[str, Any]:
    return {"torch": torch.get_rng_state(), "numpy": np.random.get_state()}


def _set_global_state(state: dict[str, Any]) -> None:
    torch.set_rng_state(state["torch"])
    np.random.set_state(state["numpy"])

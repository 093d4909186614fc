"""PPO whose rewards arrive after the sampling: collect now, learn once the samples are scored.

RLlib's PPO samples and learns in one `training_step`. Here `collect` samples, `learn` writes the rewards into the
collected episodes and runs a `training_step` that only updates. Several collected batches may wait for their rewards.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray
from ray.rllib.algorithms.ppo import PPO, PPOConfig
from ray.rllib.core import ALL_MODULES, DEFAULT_MODULE_ID
from ray.rllib.core.rl_module.rl_module import RLModuleSpec
from ray.rllib.env.single_agent_episode import SingleAgentEpisode
from ray.rllib.utils.metrics import ENV_RUNNER_RESULTS, LEARNER_RESULTS, NUM_ENV_STEPS_SAMPLED_LIFETIME
from ray.tune.registry import register_env
from ray.util import log_once

from rls3.config import PpoConfig
from rls3.sampling.env import EditVectorEnv
from rls3.sampling.ppo.module import EditModule

_ENV_NAME = "rls3-edits"
_keys = itertools.count()
_lent: WeakValueDictionary[int, EditVectorEnv] = WeakValueDictionary()
"""RLlib pickles environment makers and configurations, and an environment with running simulators cannot be pickled:
so the configuration carries a key, and the maker finds the environment of this process under it."""


def _borrow(context: Mapping[str, Any]) -> EditVectorEnv:
    return _lent[context["key"]]


class EditPPOConfig(PPOConfig):  # type: ignore[misc]
    """PPO in this process, one runner over one `EditVectorEnv`, without KL term.

    The adaptive KL coefficient would be measured against a policy that is updates old once rewards lag, and throttle
    learning.
    """

    def __init__(self, algo_class: type | None = None) -> None:
        super().__init__(algo_class=algo_class or EditPPO)
        self.env_runners(num_env_runners=0, gym_env_vectorize_mode="vector_entry_point")
        self.learners(num_learners=0)
        self.training(use_kl_loss=False, kl_coeff=0.0)
        self.reporting(min_time_s_per_iteration=0)
        self.debugging(log_level="ERROR")
        log_once("EditPPO_on_new_api_stack")  # marks RLlib's notice on its default API as given

    def editing(self, env: EditVectorEnv, ppo: PpoConfig, *, batch: int) -> EditPPOConfig:
        """Point it at an environment of this process.

        Args:
            env: where edits are made; the caller keeps it alive.
            ppo: hyperparameters.
            batch: edits per update.
        """
        key = next(_keys)
        _lent[key] = env
        register_env(_ENV_NAME, _borrow)
        layout = env.layout
        self.environment(
            _ENV_NAME,
            env_config={"key": key},
            observation_space=env.single_observation_space,
            action_space=env.single_action_space,
            disable_env_checking=True,
        )
        self.env_runners(num_envs_per_env_runner=env.num_envs)
        self.training(
            lr=ppo.learning_rate,
            gamma=ppo.gamma,
            clip_param=ppo.clip,
            entropy_coeff=ppo.entropy,
            num_epochs=ppo.epochs,
            minibatch_size=min(ppo.minibatch, batch),
            train_batch_size_per_learner=batch,
        )
        model = {
            "max_subjects": layout.max_subjects,
            "max_references": layout.max_references,
            "hidden": ppo.hidden,
        }
        self.rl_module(rl_module_spec=RLModuleSpec(module_class=EditModule, model_config=model))
        return self


class EditPPO(PPO):  # type: ignore[misc]
    """PPO that is told the rewards of its episodes afterwards."""

    @classmethod
    def get_default_config(cls) -> EditPPOConfig:
        """An `EditPPOConfig`."""
        return EditPPOConfig()

    def setup(self, config: EditPPOConfig) -> None:
        """Build runner and learner."""
        super().setup(config)
        self._surplus: list[SingleAgentEpisode] = []
        self._due: list[SingleAgentEpisode] = []
        # Ray Tune makes an empty log folder per trial in the user's home; nothing is written to it here.
        Path(self.logdir).rmdir()

    def collect(self, num_edits: int) -> list[SingleAgentEpisode]:
        """Episode chunks with exactly `num_edits` steps, rewards still 0.

        All slots step together, so the runner may make up to one step per slot too many: those begin the next batch.
        """
        missing = num_edits - sum(len(episode) for episode in self._surplus)
        if missing > 0:
            self._surplus += self.env_runner.sample(num_timesteps=missing)
            self.metrics.aggregate([self.env_runner.get_metrics()], key=ENV_RUNNER_RESULTS)
        batch, self._surplus = split_episodes(self._surplus, num_edits)
        return batch

    def learn(self, episodes: Sequence[SingleAgentEpisode], rewards: Mapping[str, float]) -> dict[str, float]:
        """Write the rewards into the episodes and update the policy with the steps that have one.

        Args:
            episodes: what one `collect` returned.
            rewards: by sample id, for one step at least.

        Returns:
            entropy_nats (sum over the branches), policy_loss, value_loss, value_explained_variance.
        """
        self._due = [stretch for episode in episodes for stretch in paid_stretches(episode, rewards)]
        write_rewards(self._due, rewards)
        results = self.train()[LEARNER_RESULTS][DEFAULT_MODULE_ID]
        names = {
            "entropy_nats": "entropy",
            "policy_loss": "policy_loss",
            "value_loss": "vf_loss",
            "value_explained_variance": "vf_explained_var",
        }
        return {ours: float(results[theirs]) for ours, theirs in names.items()}

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """The policy's parameters by name."""
        weights = self.learner_group.get_weights()[DEFAULT_MODULE_ID]
        return {name: np.asarray(values, np.float32) for name, values in weights.items()}

    def begin_with(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Replace the policy's parameters, of the same names and shapes."""
        self.learner_group.set_weights({DEFAULT_MODULE_ID: dict(weights)})
        self.env_runner_group.sync_weights(from_worker_or_learner_group=self.learner_group, inference_only=True)

    def drop_collected(self) -> None:
        """Forget the steps that belong to no batch yet, and begin new episodes."""
        self._surplus = []
        self.env_runner.sample(num_timesteps=0, force_reset=True)

    def training_step(self) -> None:
        """Update once with the episodes that are due.

        Raises:
            RuntimeError: none are; RLlib's `train` was called instead of `collect` and `learn`.
        """
        if not self._due:
            raise RuntimeError("no paid episodes to train on; call collect() and then learn() instead of train()")
        episodes, self._due = self._due, []
        results = self.learner_group.update(
            episodes=episodes,
            timesteps={
                NUM_ENV_STEPS_SAMPLED_LIFETIME: self.metrics.peek((ENV_RUNNER_RESULTS, NUM_ENV_STEPS_SAMPLED_LIFETIME))
            },
            num_epochs=self.config.num_epochs,
            minibatch_size=self.config.minibatch_size,
            shuffle_batch_per_epoch=self.config.shuffle_batch_per_epoch,
        )
        self.metrics.aggregate(results, key=LEARNER_RESULTS)
        self.env_runner_group.sync_weights(
            from_worker_or_learner_group=self.learner_group,
            policies=set(results[0]) - {ALL_MODULES},
            inference_only=True,
        )


def step_infos(episode: SingleAgentEpisode) -> list[dict[str, Any]]:
    """The info of each step; the first info of a chunk belongs to what came before it."""
    infos: list[dict[str, Any]] = episode.get_infos(slice(1, None))
    return infos


def split_episodes(
    episodes: Sequence[SingleAgentEpisode], num_steps: int
) -> tuple[list[SingleAgentEpisode], list[SingleAgentEpisode]]:
    """Cut a row of episode chunks after `num_steps` steps."""
    head: list[SingleAgentEpisode] = []
    for index, episode in enumerate(episodes):
        if num_steps == 0:
            return head, list(episodes[index:])
        if len(episode) > num_steps:
            return [*head, episode[:num_steps]], [episode[num_steps:], *episodes[index + 1 :]]
        head.append(episode)
        num_steps -= len(episode)
    return head, []


def paid_stretches(episode: SingleAgentEpisode, rewards: Mapping[str, float]) -> list[SingleAgentEpisode]:
    """The longest runs of steps that all have a reward; what lies between them is not learned from."""
    paid = np.array([False, *(info["sample_id"] in rewards for info in step_infos(episode)), False])
    edges = np.flatnonzero(paid[1:] != paid[:-1]).reshape(-1, 2)
    return [episode[int(start) : int(end)] for start, end in edges]


def write_rewards(episodes: Sequence[SingleAgentEpisode], rewards: Mapping[str, float]) -> None:
    """Set the reward of every step by the sample id in its info."""
    for episode in episodes:
        # A chunk may share its buffer with another, and one from another process is read-only: write into a copy.
        paid = np.array(episode.rewards.data, dtype=np.float32)
        paid[episode.rewards.lookback :] = [rewards[info["sample_id"]] for info in step_infos(episode)]
        episode.rewards.data = paid

"""The task as Gymnasium environments: one action is one edit, one episode a few edits of one scene.

`EditVectorEnv` drives all slots of a stage and pays nothing: rewards come later, by sample id. `EditEnv` is the same
task for one session and a reward that is known at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from rls3.config import SamplerConfig
from rls3.samples.record import Sample
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.observation import LastEdit, ObservationLayout
from rls3.sampling.offer import Situation
from rls3.sampling.session import EditSession
from rls3.sampling.stage import LocalStage, Stage
from rls3.scene.edit import Edit

Observation = dict[str, NDArray[np.float32]]
Action = NDArray[np.int64]


def edit_spaces(layout: ObservationLayout) -> tuple[spaces.Dict, spaces.MultiDiscrete]:
    """Observation and action space of one slot.

    Observation: "features" (num_features,) in -1..1 and "action_mask" (num_masked,) of 0 and 1, both float32.
    Action: MultiDiscrete, a number per branch of `rls3.sampling.choices.BRANCHES`.
    """
    observation = spaces.Dict(
        {
            "features": spaces.Box(-1.0, 1.0, (layout.num_features,), np.float32),
            "action_mask": spaces.Box(0.0, 1.0, (layout.num_masked,), np.float32),
        }
    )
    return observation, spaces.MultiDiscrete(layout.branches)


class EditVectorEnv(gym.vector.VectorEnv):  # type: ignore[misc]
    """All slots of a stage as one batched environment.

    A slot whose episode ended is reset by the next `step`, which ignores its action and makes no edit there
    (gymnasium's next-step autoreset, as RLlib assumes). Rewards are 0: they are known once the samples are scored.
    `infos` carries, for the slots that made an edit, "sample_id" (str), "valid" (bool) and "restarts" (int).

    Args:
        stage: whose slots are stepped; stays open when the environment is closed.
        config: objects on offer and length of an episode.

    Attributes:
        knowledge: of the VLM and of the samples made so far; part of every observation.
        policy_version: stamped into the samples; set by whoever owns the policy.
    """

    metadata: dict[str, Any] = {"autoreset_mode": AutoresetMode.NEXT_STEP, "render_modes": []}  # noqa: RUF012 - gymnasium's own form

    def __init__(self, stage: Stage, config: SamplerConfig) -> None:
        self.layout = ObservationLayout.of(config)
        self.knowledge = Knowledge()
        self.policy_version = 0
        self.num_envs = stage.num_slots
        self.render_mode = None
        self.single_observation_space, self.single_action_space = edit_spaces(self.layout)
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._stage, self._episode_steps = stage, config.episode_steps
        self._situations: list[Situation] = []
        self._last: list[LastEdit | None] = []
        self._done = np.zeros(self.num_envs, dtype=np.bool_)

    @property
    def situations(self) -> tuple[Situation, ...]:
        """What can be chosen from in each slot; () before the first `reset`."""
        return tuple(self._situations)

    def reset(
        self, *, seed: int | list[int] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin the next episode in every slot; sessions own their seeds, so `seed` only seeds `np_random`."""
        super().reset(seed=seed, options=options)
        self._situations = self._stage.reset(range(self.num_envs))
        self._last = [None] * self.num_envs
        self._done = np.zeros(self.num_envs, dtype=np.bool_)
        return self._observe(), {}

    def step(
        self, actions: NDArray[np.int64]
    ) -> tuple[Observation, NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Make one edit in every slot whose episode runs, begin the next episode in the others.

        Args:
            actions: (num_envs, branches) integers.

        Raises:
            ValueError: an action is masked out, or there was no `reset` before.
        """
        if not self._situations:
            raise ValueError("the environment was not reset; call reset() before step()")
        ended, live = np.flatnonzero(self._done).tolist(), np.flatnonzero(~self._done).tolist()
        edits = [self._situations[slot].edit(actions[slot].tolist()) for slot in live]
        infos = self._edit(live, edits) if live else {}
        if ended:
            for slot, situation in zip(ended, self._stage.reset(ended), strict=True):
                self._situations[slot], self._last[slot] = situation, None
        self._done = np.array([self._ends(situation) for situation in self._situations])
        never = np.zeros(self.num_envs, dtype=np.bool_)
        return self._observe(), np.zeros(self.num_envs, np.float32), self._done.copy(), never, infos

    def _ends(self, situation: Situation) -> bool:
        """An episode ends after its steps, and where no edit is legal any more."""
        return situation.step >= self._episode_steps or situation.choices.exhausted

    def _edit(self, slots: list[int], edits: list[Edit]) -> dict[str, Any]:
        outcomes = self._stage.step(slots, edits, self.policy_version)
        made = np.zeros(self.num_envs, dtype=np.bool_)
        sample_ids = np.full(self.num_envs, None, dtype=object)
        valid, restarts = np.zeros(self.num_envs, dtype=np.bool_), np.zeros(self.num_envs, dtype=np.int64)
        for slot, outcome in zip(slots, outcomes, strict=True):
            made[slot], sample_ids[slot] = True, outcome.sample_id
            valid[slot], restarts[slot] = outcome.valid, outcome.restarts
            self._situations[slot] = outcome.situation
            self._last[slot] = LastEdit(outcome.valid, outcome.terms)
            self.knowledge.count(outcome.groups)
        columns = {"sample_id": sample_ids, "valid": valid, "restarts": restarts}
        return {**columns, **{f"_{name}": made.copy() for name in columns}}

    def _observe(self) -> Observation:
        features = [
            self.layout.features(situation, self.knowledge, last)
            for situation, last in zip(self._situations, self._last, strict=True)
        ]
        masks = [self.layout.action_mask(situation) for situation in self._situations]
        return {"features": np.stack(features), "action_mask": np.stack(masks)}


class EditEnv(gym.Env):  # type: ignore[misc]
    """The task for one session, with a reward that is known at once.

    Args:
        session: where the edits happen; `close` closes it.
        config: the configuration the session was made with.
        reward: what a sample, valid or not, is worth.

    Attributes:
        sample: the record that the last edit made; None before the first.
    """

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012 - gymnasium's own form

    def __init__(self, session: EditSession, config: SamplerConfig, reward: Callable[[Sample], float]) -> None:
        self.sample: Sample | None = None
        self._session, self._reward = session, reward
        self._stage = LocalStage([session])
        self._slots = EditVectorEnv(self._stage, config)
        self.observation_space = self._slots.single_observation_space
        self.action_space = self._slots.single_action_space

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin the next episode; with a seed, the first episode of that seed."""
        super().reset(seed=seed, options=options)
        if seed is not None:
            self._session.reseed(seed)
            known, self._slots.knowledge = self._slots.knowledge, Knowledge()
            self._slots.knowledge.observe(known)
        observation, _ = self._slots.reset()
        return _first(observation), {}

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Make one edit; info has "sample_id" and "invalid" (the reasons; () = valid).

        Raises:
            ValueError: the action is masked out, or there was no `reset` before.
        """
        observation, _, done, _, infos = self._slots.step(np.asarray(action)[None])
        (sample,) = self._stage.take([infos["sample_id"][0]])
        self.sample = sample
        info = {"sample_id": sample.sample_id, "invalid": sample.invalid}
        return _first(observation), float(self._reward(sample)), bool(done[0]), False, info

    def observe(self, knowledge: Knowledge) -> None:
        """Show the policy what else is known of the VLM."""
        self._slots.knowledge.observe(knowledge)

    def close(self) -> None:
        """Stop the session's simulator."""
        self._session.close()


def _first(batch: Observation) -> Observation:
    return {name: values[0] for name, values in batch.items()}

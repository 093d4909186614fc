"""What runs inside the Ray actors: simulators, policy, trainer. Each wraps one part; none knows the loop."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import ray

from rls3.config import Config
from rls3.errors import ActorLostError
from rls3.runtime.lasting import MOST_LOSSES
from rls3.runtime.parts import build_sampler, build_sessions, total_slots
from rls3.runtime.stage import Episode, RemoteStage, patience_s
from rls3.samples.arrow import from_batches, to_batch
from rls3.samples.record import Sample
from rls3.samples.scores import Evaluation, Score

if TYPE_CHECKING:
    from rls3.sampling.knowledge import Knowledge
    from rls3.sampling.offer import Situation
    from rls3.sampling.sampler import Collected
    from rls3.sampling.stage import StepOutcome
    from rls3.scene.edit import Edit
    from rls3.scene.model import EngineInfo
    from rls3.vlm.scorer import Weights
    from rls3.vlm.trainer import FitResult


CONCURRENCY_GROUPS = {"control": 1, "stream": 1}
"""Threads of a simulator actor: one that edits, one that streams."""


class SimulatorActor:
    """Hosts the controllers of some slots; steps them one after another and streams their samples.

    A sample has left this process before its outcome is told: when nobody consumes the stream, which Ray's generator
    back-pressure bounds, `step` waits. When the process dies, Ray starts another one, which knows nothing: it refuses
    to reset or step until `restore` brought it to where the lost one was.
    """

    def __init__(self, config: Config, slots: Sequence[int], first_episode: int) -> None:
        from rls3.sampling.stage import LocalStage

        self._config = config
        self._first_slot = slots[0]
        self._stage = LocalStage(build_sessions(config, slots, first_episode))
        self._outbox: queue.Queue[pa.RecordBatch | None] = queue.Queue()
        self._knows = not ray.get_runtime_context().was_current_actor_reconstructed

    @ray.method(concurrency_group="control", max_task_retries=MOST_LOSSES)
    def engine(self) -> EngineInfo:
        """The program that draws."""
        from rls3.runtime.suite import stated_engine

        return stated_engine(self._config)

    @ray.method(concurrency_group="control", max_task_retries=MOST_LOSSES)
    def suite(self, scenes: Sequence[str]) -> dict[str, pa.RecordBatch]:
        """Held-out questions of these scenes, one Arrow batch per scene."""
        from rls3.runtime.suite import suite_candidates
        from rls3.thor.simulator import Simulator

        simulator = Simulator(self._config.sim)
        try:
            found = suite_candidates(self._config, simulator, scenes)
        finally:
            simulator.close()
        return {scene: to_batch(samples) for scene, samples in found.items()}

    @ray.method(concurrency_group="control")
    def restore(self, episodes: Sequence[Episode]) -> None:
        """Bring this process to where a lost one was: every slot's episode begins again and its steps are made again.

        The samples of these steps are streamed again, too: nobody here knows which of them had left.
        """
        from rls3.sampling.stage import LocalStage

        self._stage.close()
        slots = range(self._first_slot, self._first_slot + len(episodes))
        self._stage = LocalStage(
            [build_sessions(self._config, [slot], each.number)[0] for slot, each in zip(slots, episodes, strict=True)]
        )
        for position, episode in enumerate(episodes):
            if episode.begun:
                self._stage.reset([position])
            for edit, policy_version in episode.steps:
                if edit is None:
                    self._sent(self._stage.look([position], policy_version))
                else:
                    self._sent(self._stage.step([position], [edit], policy_version))
        self._knows = True

    @ray.method(concurrency_group="control")
    def reset(self, slots: Sequence[int]) -> list[tuple[Situation, int]]:
        """Load the next scene into each of these slots; what can be chosen from, and the number of the episode.

        Raises:
            ActorLostError: this process does not know where they were.
        """
        positions = self._positions(slots)
        return list(zip(self._stage.reset(positions), self._stage.episodes(positions), strict=True))

    @ray.method(concurrency_group="control")
    def step(self, slots: Sequence[int], edits: Sequence[Edit], policy_version: int) -> list[StepOutcome]:
        """One edit per slot; the samples leave through `stream`.

        Raises:
            ActorLostError: this process does not know where they were.
        """
        return self._sent(self._stage.step(self._positions(slots), edits, policy_version))

    @ray.method(concurrency_group="control")
    def look(self, slots: Sequence[int], policy_version: int) -> list[StepOutcome]:
        """One natural picture per slot; the samples leave through `stream`.

        Raises:
            ActorLostError: this process does not know where they were.
        """
        return self._sent(self._stage.look(self._positions(slots), policy_version))

    @ray.method(concurrency_group="stream", num_returns="streaming")
    def stream(self) -> Iterator[pa.RecordBatch]:
        """Every sample, in the order of making, until `close`."""
        while (batch := self._outbox.get()) is not None:
            yield batch
            self._outbox.task_done()

    def _sent(self, outcomes: list[StepOutcome]) -> list[StepOutcome]:
        self._outbox.put(to_batch(self._stage.take([outcome.sample_id for outcome in outcomes])))
        self._outbox.join()
        return outcomes

    def _positions(self, slots: Sequence[int]) -> list[int]:
        if not self._knows:
            raise ActorLostError("this simulator process is a new one and was not told where the lost one was")
        return [slot - self._first_slot for slot in slots]

    @ray.method(concurrency_group="control")
    def close(self) -> None:
        """Stop the engines and end the stream."""
        self._stage.close()
        self._outbox.put(None)


class PolicyActor:
    """Hosts the sampler: RLlib's PPO with its environment runner and learner, or a simpler one."""

    def __init__(self, config: Config, simulators: Sequence[Any], first_episode: int) -> None:
        stage = RemoteStage(
            simulators,
            config.sim.slots_per_actor,
            first_episode=first_episode,
            patience_s=patience_s(config),
        )
        if stage.num_slots != total_slots(config):
            raise ValueError(f"{stage.num_slots} slots in {len(simulators)} actors, not {total_slots(config)}")
        self._sampler = build_sampler(config, stage)

    def collect(self, num_edits: int) -> Collected:
        """Make that many edits."""
        return self._sampler.collect(num_edits)

    def learn(self, rewards: Mapping[str, float]) -> Mapping[str, float]:
        """Pay one collected batch."""
        return self._sampler.learn(rewards)

    def observe(self, knowledge: Knowledge) -> None:
        """Take in what is known of the VLM."""
        self._sampler.observe(knowledge)

    def save(self, folder: Path) -> None:
        """Write a checkpoint."""
        self._sampler.save(folder)

    def restore(self, folder: Path) -> None:
        """Read a checkpoint."""
        self._sampler.restore(folder)


class ScorerActor:
    """Hosts the VLM where it only answers."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def load(self) -> None:
        """Load the base model; apart from the constructor, whose errors Ray does not hand over as themselves."""
        from rls3.vlm.scorer import Scorer

        self._scorer = Scorer(self._config.vlm)

    def score(self, sample_ids: Sequence[str], *batches: pa.RecordBatch) -> list[Score]:
        """Score these samples out of the batches, in this order."""
        return self._scorer.score(_pick(batches, sample_ids))

    def adopt(self, weights: Weights) -> None:
        """Take over what the trainer published."""
        self._scorer.adopt(weights)

    def restore(self, folder: Path) -> None:
        """Take over a checkpoint's weights."""
        self._scorer.restore(folder)


class TrainerActor:
    """Hosts the VLM, its Lightning trainer and the held-out pools."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._pools: dict[str, list[Sample]] = {}

    def load(self) -> None:
        """Load the base model; apart from the constructor, as in `ScorerActor`."""
        from rls3.vlm.reference import reference_of
        from rls3.vlm.trainer import VLMTrainer

        self._trainer = VLMTrainer(self._config.vlm, self._config.run.seed, self._config.validity)
        self._reference = reference_of(self._config)

    def set_pool(self, pool: str, questions: pa.RecordBatch) -> None:
        """Keep a held-out pool."""
        self._pools[pool] = from_batches([questions])

    def score(self, sample_ids: Sequence[str], *batches: pa.RecordBatch) -> list[Score]:
        """Score these samples out of the batches, in this order."""
        asked = _pick(batches, sample_ids)
        scores = self._trainer.score(asked)
        if self._reference is not None:
            scores = self._reference.beside(scores, asked, self._pools["feedback"])
        return scores

    @ray.method(num_returns=2)
    def fit(self, sample_ids: Sequence[str], *batches: pa.RecordBatch) -> tuple[FitResult, Weights | None]:
        """Fine-tune on these samples out of the batches, in this order; the second result is for the scorers."""
        result = self._trainer.fit(_pick(batches, sample_ids), self._pools.get("stopping", ()))
        return result, self._trainer.weights() if self._config.runtime.scorers else None

    def evaluate(self, pool: str) -> Evaluation:
        """Accuracy on a held-out pool."""
        return self._trainer.evaluate(pool, self._pools[pool])

    def save(self, folder: Path) -> None:
        """Write weights and trainer state."""
        self._trainer.save(folder)

    def restore(self, folder: Path) -> None:
        """Read them back."""
        self._trainer.restore(folder)


def _pick(batches: Sequence[pa.RecordBatch], sample_ids: Sequence[str]) -> list[Sample]:
    by_id = {sample.sample_id: sample for sample in from_batches(batches)}
    return [by_id[sample_id] for sample_id in sample_ids]

"""What runs inside the Ray actors: simulators, policy, trainer. Each wraps one part; none knows the loop."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import ray

from rls3.config import Config
from rls3.runtime.parts import build_sampler, build_sessions, total_slots
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

    The outbox is bounded: when nobody consumes the stream, `step` waits. The stream itself is bounded by Ray's
    generator back-pressure.
    """

    def __init__(self, config: Config, slots: Sequence[int], first_episode: int) -> None:
        from rls3.sampling.stage import LocalStage

        self._config = config
        self._first_slot = slots[0]
        self._stage = LocalStage(build_sessions(config, slots, first_episode))
        self._outbox: queue.Queue[pa.RecordBatch | None] = queue.Queue(maxsize=config.runtime.stream_window)

    @ray.method(concurrency_group="control")
    def engine(self) -> EngineInfo:
        """The program that draws."""
        from rls3.runtime.suite import stated_engine

        return stated_engine(self._config)

    @ray.method(concurrency_group="control")
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
    def reset(self, slots: Sequence[int]) -> list[Situation]:
        """Load the next scene into each of these slots."""
        return self._stage.reset([slot - self._first_slot for slot in slots])

    @ray.method(concurrency_group="control")
    def step(self, slots: Sequence[int], edits: Sequence[Edit], policy_version: int) -> list[StepOutcome]:
        """One edit per slot; the samples leave through `stream`."""
        return self._sent(self._stage.step([slot - self._first_slot for slot in slots], edits, policy_version))

    @ray.method(concurrency_group="control")
    def look(self, slots: Sequence[int], policy_version: int) -> list[StepOutcome]:
        """One natural picture per slot; the samples leave through `stream`."""
        return self._sent(self._stage.look([slot - self._first_slot for slot in slots], policy_version))

    @ray.method(concurrency_group="stream", num_returns="streaming")
    def stream(self) -> Iterator[pa.RecordBatch]:
        """Every sample, in the order of making, until `close`."""
        while (batch := self._outbox.get()) is not None:
            yield batch

    @ray.method(concurrency_group="control")
    def close(self) -> None:
        """Stop the engines and end the stream."""
        self._stage.close()
        self._outbox.put(None)

    def _sent(self, outcomes: list[StepOutcome]) -> list[StepOutcome]:
        self._outbox.put(to_batch(self._stage.take([outcome.sample_id for outcome in outcomes])))
        return outcomes


class RemoteStage:
    """The slots of several simulator actors as one stage; one call per actor and vector step."""

    def __init__(self, actors: Sequence[Any], slots_per_actor: int) -> None:
        self._actors, self._slots_per_actor = tuple(actors), slots_per_actor

    @property
    def num_slots(self) -> int:
        """Scenes edited at the same time."""
        return len(self._actors) * self._slots_per_actor

    def reset(self, slots: Sequence[int]) -> list[Situation]:
        """Load the next scene into each of these slots, all actors at once."""
        calls = [
            (positions, actor.reset.remote([slots[p] for p in positions])) for actor, positions in self._shares(slots)
        ]
        return _in_order(calls, len(slots))

    def step(self, slots: Sequence[int], edits: Sequence[Edit], policy_version: int) -> list[StepOutcome]:
        """One edit per slot, all actors at once."""
        calls = [
            (
                positions,
                actor.step.remote([slots[p] for p in positions], [edits[p] for p in positions], policy_version),
            )
            for actor, positions in self._shares(slots)
        ]
        return _in_order(calls, len(slots))

    def look(self, slots: Sequence[int], policy_version: int) -> list[StepOutcome]:
        """One natural picture per slot, all actors at once."""
        calls = [
            (positions, actor.look.remote([slots[p] for p in positions], policy_version))
            for actor, positions in self._shares(slots)
        ]
        return _in_order(calls, len(slots))

    def close(self) -> None:
        """Nothing to do: the driver owns the actors."""

    def _shares(self, slots: Sequence[int]) -> Iterator[tuple[Any, list[int]]]:
        for number, actor in enumerate(self._actors):
            positions = [p for p, slot in enumerate(slots) if slot // self._slots_per_actor == number]
            if positions:
                yield actor, positions


def _in_order(calls: Sequence[tuple[list[int], Any]], count: int) -> list[Any]:
    results: list[Any] = [None] * count
    for (positions, _), values in zip(calls, ray.get([ref for _, ref in calls]), strict=True):
        for position, value in zip(positions, values, strict=True):
            results[position] = value
    return results


class PolicyActor:
    """Hosts the sampler: RLlib's PPO with its environment runner and learner, or a simpler one."""

    def __init__(self, config: Config, simulators: Sequence[Any]) -> None:
        stage = RemoteStage(simulators, config.sim.slots_per_actor)
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

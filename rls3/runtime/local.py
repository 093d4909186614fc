"""The driver without actors: every part lives in the calling process, for debuggers and tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from rls3.config import Config
from rls3.runtime.handles import Batch, Parts
from rls3.runtime.parts import build_sampler, build_sessions, total_slots
from rls3.runtime.suite import Candidates, HeldOut, stated_engine, suite_candidates
from rls3.samples.scores import Evaluation, Score
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.sampler import Collected, Sampler
from rls3.sampling.stage import LocalStage
from rls3.thor.simulator import Simulator
from rls3.vlm.reference import Reference, reference_of
from rls3.vlm.trainer import FitResult, VLMTrainer

T = TypeVar("T")


@dataclass(frozen=True)
class Ready(Generic[T]):
    """A result that is already there."""

    value: T

    def result(self) -> T:
        """The value."""
        return self.value


DONE = Ready(None)


class LocalSampler:
    """A sampler called directly."""

    def __init__(self, sampler: Sampler) -> None:
        self._sampler = sampler

    def collect(self, num_edits: int) -> Ready[Collected]:
        """Make that many edits now."""
        return Ready(self._sampler.collect(num_edits))

    def learn(self, rewards: Mapping[str, float]) -> Ready[Mapping[str, float]]:
        """Pay one collected batch now."""
        return Ready(self._sampler.learn(rewards))

    def observe(self, knowledge: Knowledge) -> Ready[None]:
        """Pass on what is known of the VLM."""
        self._sampler.observe(knowledge)
        return DONE

    def save(self, folder: Path) -> Ready[None]:
        """Write a checkpoint."""
        self._sampler.save(folder)
        return DONE

    def restore(self, folder: Path) -> Ready[None]:
        """Read a checkpoint."""
        self._sampler.restore(folder)
        return DONE


class LocalSource:
    """The outbox of a stage in this process."""

    def __init__(self, stage: LocalStage) -> None:
        self._stage = stage

    def take(self, sample_ids: Sequence[str]) -> Batch:
        """The finished samples; they are there as soon as `collect` returned."""
        samples = tuple(self._stage.take(sample_ids))
        return Batch(samples, samples)


class LocalStudent:
    """A trainer called directly, and the second model of reward `rho` where there is one."""

    def __init__(self, trainer: VLMTrainer, held_out: HeldOut, reference: Reference | None = None) -> None:
        self._trainer, self._held_out, self._reference = trainer, held_out, reference

    @property
    def restarts(self) -> int:
        """0: a trainer in this process dies with the run."""
        return 0

    def score(self, batch: Batch) -> Ready[Sequence[Score]]:
        """Score the samples that have a question."""
        asked = [sample for sample in batch.samples if sample.options]
        scores = self._trainer.score(asked)
        if self._reference is not None:
            scores = self._reference.beside(scores, asked, self._held_out.questions("feedback"))
        return Ready(scores)

    def fit(self, batches: Sequence[Batch], sample_ids: Sequence[str]) -> Ready[FitResult]:
        """Fine-tune on these samples."""
        stopping = self._held_out.questions("stopping") if self._trainer.stops_early else ()
        by_id = {sample.sample_id: sample for batch in batches for sample in batch.samples}
        return Ready(self._trainer.fit([by_id[sample_id] for sample_id in sample_ids], stopping))

    def evaluate(self, pool: str) -> Ready[Evaluation]:
        """Accuracy on a held-out pool."""
        return Ready(self._trainer.evaluate(pool, self._held_out.questions(pool)))

    def save(self, folder: Path) -> Ready[None]:
        """Write weights and trainer state."""
        self._trainer.save(folder)
        return DONE

    def committed(self, folder: Path) -> None:
        """Nothing to note: see `restarts`."""

    def restore(self, folder: Path) -> Ready[None]:
        """Read them back."""
        self._trainer.restore(folder)
        return DONE


class LocalDriver:
    """Holds the parts of a run in this process; a context manager that stops every engine at the end."""

    def __init__(self, config: Config, *, first_episode: int = 0) -> None:
        """Nothing starts before the driver is entered."""
        self._config, self._first_episode = config, first_episode
        self._stage: LocalStage | None = None
        self._sampler: Sampler | None = None

    def __enter__(self) -> Parts:
        """Build everything."""
        config = self._config
        trainer = VLMTrainer(config.vlm, config.run.seed, config.validity)
        engine = stated_engine(config)
        held_out = HeldOut(config, engine, self._ask)
        held_out.request("feedback", "report")
        held_out.gather()
        self._stage = LocalStage(build_sessions(config, range(total_slots(config)), self._first_episode))
        self._sampler = build_sampler(config, self._stage)
        student = LocalStudent(trainer, held_out, reference_of(config))
        return Parts(LocalSampler(self._sampler), LocalSource(self._stage), student, engine)

    def __exit__(self, *_: object) -> None:
        """Stop sampler and engines."""
        if self._sampler is not None:
            self._sampler.close()
        if self._stage is not None:
            self._stage.close()

    def _ask(self, scenes: Sequence[str]) -> Callable[[], Candidates]:
        with closing(Simulator(self._config.sim)) as simulator:
            found = suite_candidates(self._config, simulator, scenes)
        return lambda: found

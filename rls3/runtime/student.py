"""The trainer actor behind its handle, and how it comes back when its process dies.

Everything a trainer holds follows from the base model, the last checkpoint and the fits since. A new one takes these in
turn, and the call that failed is made again: on a CPU its weights and losses have the bits of an undisturbed run. The
samples of those fits are still in the object store, which outlives the trainer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import pyarrow as pa
import ray

from rls3.errors import TrainerLostError
from rls3.runtime.handles import Batch
from rls3.runtime.remote import fetched
from rls3.samples.scores import Evaluation, Score
from rls3.vlm.trainer import FitResult

T = TypeVar("T")
Call = Callable[[Any], Any]
"""Makes a call of an actor; returns the reference to its result."""

MOST_LOSSES = 3
"""Trainers lost since the last checkpoint after which the run gives up: a fit that is too large dies every time."""


class RemoteStudent:
    """The trainer actor; batches reach it as references into the object store.

    Args:
        start: starts a `TrainerActor`.
        questions: of a held-out pool; each pool is asked for when it is first wanted.
    """

    def __init__(self, start: Call, questions: Callable[[str], pa.RecordBatch]) -> None:
        self._start, self._questions = start, questions
        self._trainer = start()
        self._loaded = _Repeated[None](self, lambda trainer: trainer.load.remote())
        self._pools: dict[str, Any] = {}
        self._checkpoint: Path | None = None
        self._fits: list[Call] = []
        self._losses = 0
        self.restarts = 0

    def ready(self) -> None:
        """Wait until the base model is loaded; raises what `load_student` raises."""
        self._loaded.result()

    def send(self, pool: str) -> None:
        """Give the trainer the questions of a held-out pool, unless it has them."""
        if pool not in self._pools:
            ref = ray.put(self._questions(pool))
            self._pools[pool] = ref
            _Repeated[None](self, lambda trainer: trainer.set_pool.remote(pool, ref)).result()

    def score(self, batch: Batch) -> _Repeated[Sequence[Score]]:
        """Score the samples that have a question."""
        ids = [sample.sample_id for sample in batch.samples if sample.options]
        return _Repeated(self, lambda trainer: trainer.score.remote(ids, *batch.payload))

    def fit(self, batches: Sequence[Batch]) -> _Repeated[FitResult]:
        """Fine-tune on the valid samples."""
        refs = list(dict.fromkeys(ref for batch in batches for ref in batch.payload))
        ids = [sample.sample_id for batch in batches for sample in batch.samples if sample.valid]

        def call(trainer: Any) -> Any:
            return trainer.fit.remote(ids, *refs)

        return _Repeated(self, call, then=lambda: self._fits.append(call))

    def evaluate(self, pool: str) -> _Repeated[Evaluation]:
        """Accuracy on a held-out pool."""
        self.send(pool)
        return _Repeated(self, lambda trainer: trainer.evaluate.remote(pool))

    def save(self, folder: Path) -> _Repeated[None]:
        """Have weights and trainer state written."""
        return _Repeated(self, lambda trainer: trainer.save.remote(folder))

    def committed(self, folder: Path) -> None:
        """A trainer that dies from now on comes back from here."""
        self._checkpoint, self._losses = folder, 0
        self._fits.clear()

    def restore(self, folder: Path) -> _Repeated[None]:
        """Have weights and trainer state read back."""
        return _Repeated(self, lambda trainer: trainer.restore.remote(folder), then=lambda: self.committed(folder))

    def close(self) -> None:
        """End the trainer."""
        ray.kill(self._trainer)

    @property
    def trainer(self) -> Any:
        """The actor that is trainer now."""
        return self._trainer

    def replace(self, lost: Any, reason: Exception) -> None:
        """Put a trainer of the same state in place of a lost one; nothing happens if that was done already.

        Raises:
            TrainerLostError: trainers die again and again.
        """
        while lost is self._trainer:
            self.restarts += 1
            self._losses += 1
            ray.kill(lost)  # one that merely does not answer must not come back later
            if self._losses >= MOST_LOSSES:
                raise TrainerLostError(
                    f"the trainer's process died {self._losses} times since the last checkpoint "
                    f"({' '.join(str(reason).split())[:200]}); most often it ran out of memory: lower vlm.batch_size "
                    "and raise vlm.accumulate instead, or choose a smaller vlm.base; what was done until the "
                    "checkpoint is kept: rls3 run --resume"
                ) from reason
            self._trainer = self._start()
            try:
                self._bring_up()
            except ray.exceptions.RayActorError as error:
                lost, reason = self._trainer, error

    def _bring_up(self) -> None:
        trainer = self._trainer
        fetched(trainer.load.remote())
        fetched([trainer.set_pool.remote(pool, ref) for pool, ref in self._pools.items()])
        if self._checkpoint is not None:
            fetched(trainer.restore.remote(self._checkpoint))
        for fit in self._fits:
            fetched(fit(trainer))


class _Repeated(Generic[T]):
    """A call of the trainer that is made again when the trainer dies before it is done.

    Args:
        student: whose trainer is called.
        call: makes the call.
        then: what to note when it is done for the first time.
    """

    def __init__(self, student: RemoteStudent, call: Call, then: Callable[[], object] = lambda: None) -> None:
        self._student, self._call, self._then = student, call, [then]
        self._asked = student.trainer
        self._ref = call(self._asked)

    def result(self) -> T:
        """Wait for it."""
        while True:
            try:
                value: T = fetched(self._ref)
            except ray.exceptions.RayActorError as error:
                self._student.replace(self._asked, error)
                self._asked = self._student.trainer
                self._ref = self._call(self._asked)
            else:
                while self._then:
                    self._then.pop()()
                return value

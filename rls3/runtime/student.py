"""The trainer actor behind its handle, how it comes back when its process dies, and who scores.

Everything a trainer holds follows from the base model, the last checkpoint and the fits since. A new one takes these in
turn, and the call that failed is made again: on a CPU its weights and losses have the bits of an undisturbed run. The
samples of those fits are still in the object store, which outlives the trainer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import ray

from rls3.runtime.handles import Batch, Pending
from rls3.runtime.lasting import Call, LastingActor
from rls3.runtime.remote import fetched
from rls3.runtime.scorers import RemoteScorers
from rls3.samples.scores import Evaluation, Score
from rls3.vlm.trainer import FitResult


class RemoteStudent:
    """The trainer actor, and scorers beside it where there are any; batches reach them as references.

    Args:
        start: starts a `TrainerActor`.
        questions: of a held-out pool; each pool is asked for when it is first wanted.
        scorers: who scores; None = the trainer, between its fits.
    """

    def __init__(
        self, start: Callable[[], Any], questions: Callable[[str], pa.RecordBatch], scorers: RemoteScorers | None = None
    ) -> None:
        self._questions, self._scorers = questions, scorers
        self._pools: dict[str, Any] = {}
        self._checkpoint: Path | None = None
        self._fits: list[Call] = []
        self._trainer = LastingActor("trainer", start, self._bring_up)
        self._loaded = self._trainer.ask(lambda trainer: trainer.load.remote())

    @property
    def restarts(self) -> int:
        """Trainers and scorers that died and were replaced by one of the same state."""
        return self._trainer.restarts + (self._scorers.restarts if self._scorers else 0)

    def ready(self) -> None:
        """Wait until the base model is loaded everywhere; raises what `load_student` raises."""
        self._loaded.result()
        if self._scorers:
            self._scorers.ready()

    def send(self, pool: str) -> None:
        """Give the trainer the questions of a held-out pool, unless it has them."""
        if pool not in self._pools:
            ref = ray.put(self._questions(pool))
            self._pools[pool] = ref
            self._trainer.ask(lambda trainer: trainer.set_pool.remote(pool, ref)).result()

    def score(self, batch: Batch) -> Pending[Sequence[Score]]:
        """Score the samples that have a question."""
        if self._scorers:
            return self._scorers.score(batch)
        ids = [sample.sample_id for sample in batch.samples if sample.options]
        return self._trainer.ask(lambda trainer: trainer.score.remote(ids, *batch.payload))

    def fit(self, batches: Sequence[Batch], sample_ids: Sequence[str]) -> Pending[FitResult]:
        """Fine-tune on these samples; whoever waits for the result has the weights published to the scorers."""
        refs = list(dict.fromkeys(ref for batch in batches for ref in batch.payload))

        def call(trainer: Any) -> Any:
            return trainer.fit.remote(list(sample_ids), *refs)

        def done(result_and_weights: Any) -> None:
            self._fits.append(call)
            if self._scorers:
                self._scorers.adopt(result_and_weights[1])

        return self._trainer.ask(call, done)

    def evaluate(self, pool: str) -> Pending[Evaluation]:
        """Accuracy on a held-out pool."""
        self.send(pool)
        return self._trainer.ask(lambda trainer: trainer.evaluate.remote(pool))

    def save(self, folder: Path) -> Pending[None]:
        """Have weights and trainer state written."""
        return self._trainer.ask(lambda trainer: trainer.save.remote(folder))

    def committed(self, folder: Path) -> None:
        """A trainer that dies from now on comes back from here."""
        self._checkpoint = folder
        self._fits.clear()
        self._trainer.settled()
        if self._scorers:
            self._scorers.settled()

    def restore(self, folder: Path) -> Pending[None]:
        """Have weights and trainer state read back, by the scorers as well."""

        def done(_: Any) -> None:
            self.committed(folder)
            if self._scorers:
                self._scorers.restore(folder)

        return self._trainer.ask(lambda trainer: trainer.restore.remote(folder), done)

    def close(self) -> None:
        """End trainer and scorers."""
        self._trainer.close()
        if self._scorers:
            self._scorers.close()

    def _bring_up(self, trainer: Any) -> None:
        fetched(trainer.load.remote())
        fetched([trainer.set_pool.remote(pool, ref) for pool, ref in self._pools.items()])
        if self._checkpoint is not None:
            fetched(trainer.restore.remote(self._checkpoint))
        for fit in self._fits:
            fetched(fit(trainer)[0])

"""Actors that only score, so that a batch is scored while the trainer trains.

After every fit the trainer's weights come as one object of the store: each scorer on a machine maps the same memory and
copies from there into its network, and no file is written. A scorer answers with the weights that were published before
the call, and every score says of which version they were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rls3.runtime.handles import Batch
from rls3.runtime.lasting import Call, LastingActor, Repeated
from rls3.runtime.remote import fetched
from rls3.samples.scores import Score

SCORED_AT_ONCE = 64
"""Questions of one call: a multiple of every student's batch, so that each is scored in the company that it would have
in the trainer, and gets the same bits.
"""


class RemoteScorers:
    """Several `ScorerActor`s that share each batch.

    Args:
        start: starts one.
        count: how many.
    """

    def __init__(self, start: Callable[[], Any], count: int) -> None:
        self._update: Call | None = None
        self._scorers = [LastingActor("scorer", start, self._bring_up) for _ in range(count)]
        self._unfinished = [scorer.ask(lambda actor: actor.load.remote()) for scorer in self._scorers]

    @property
    def restarts(self) -> int:
        """Scorers that died and were replaced."""
        return sum(scorer.restarts for scorer in self._scorers)

    def ready(self) -> None:
        """Wait until all have the weights that they were told of last."""
        while self._unfinished:
            self._unfinished.pop(0).result()

    def adopt(self, weights: Any) -> None:
        """Take over published weights, given as a reference, before any later call."""
        self._all(lambda actor: actor.adopt.remote(weights))

    def restore(self, folder: Path) -> None:
        """Take over a checkpoint's weights before any later call."""
        self._all(lambda actor: actor.restore.remote(folder))

    def score(self, batch: Batch) -> _Shared:
        """Score the samples that have a question."""
        ids = [sample.sample_id for sample in batch.samples if sample.options]
        parts = [ids[start : start + SCORED_AT_ONCE] for start in range(0, len(ids), SCORED_AT_ONCE)]
        return _Shared(
            self,
            [
                self._scorers[number % len(self._scorers)].ask(_scoring(part, batch.payload))
                for number, part in enumerate(parts)
            ],
        )

    def settled(self) -> None:
        """A checkpoint was kept: earlier losses no longer count as in a row."""
        for scorer in self._scorers:
            scorer.settled()

    def close(self) -> None:
        """End them."""
        for scorer in self._scorers:
            scorer.close()

    def _all(self, update: Call) -> None:
        self.ready()
        self._update = update
        self._unfinished = [scorer.ask(update) for scorer in self._scorers]

    def _bring_up(self, actor: Any) -> None:
        fetched(actor.load.remote())
        if self._update is not None:
            fetched(self._update(actor))


class _Shared:
    """The scores of a batch, of which each scorer owes a part."""

    def __init__(self, scorers: RemoteScorers, parts: Sequence[Repeated[list[Score]]]) -> None:
        self._scorers, self._parts = scorers, parts

    def result(self) -> list[Score]:
        """Wait for all, in the order of the samples."""
        self._scorers.ready()
        return [score for part in self._parts for score in part.result()]


def _scoring(ids: Sequence[str], payload: Sequence[Any]) -> Call:
    return lambda actor: actor.score.remote(ids, *payload)

"""A few samples drawn from many, without decoding the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from rls3.errors import SampleStoreError
from rls3.samples.ledger import Ledger
from rls3.samples.record import Sample
from rls3.samples.shard import OnDamage, raise_damage, shard_batches, whole_samples


def drawn_samples(ledger: Ledger, count: int, *, seed: int, on_damage: OnDamage = raise_damage) -> list[Sample]:
    """Up to `count` valid samples, drawn by seed over the whole ledger, in the order of making.

    Args:
        ledger: where they are.
        count: how many at most.
        seed: of the draw.
        on_damage: told of files and records that cannot be read.
    """
    valid = [shard.valid for shard in ledger.shards]
    starts = np.cumsum([0, *valid])
    chosen = np.sort(np.random.default_rng(seed).permutation(starts[-1])[:count])
    samples: list[Sample] = []
    for shard, start, end in zip(ledger.shards, starts, starts[1:], strict=False):
        places = (chosen[(chosen >= start) & (chosen < end)] - start).tolist()
        try:
            samples += _picked(ledger.folder / shard.file, places, on_damage) if places else ()
        except SampleStoreError as damage:
            on_damage(damage)
    return samples


def _picked(path: Path, places: Sequence[int], on_damage: OnDamage) -> Iterator[Sample]:
    """The valid samples of a file with these numbers among its valid ones."""
    passed = 0
    for batch in shard_batches(path, batch_rows=64):
        valid = np.flatnonzero(batch.column("invalid").value_lengths().to_numpy() == 0)
        rows = [int(valid[place - passed]) for place in places if 0 <= place - passed < len(valid)]
        if rows:
            yield from whole_samples(path, batch.take(rows), on_damage)
        passed += len(valid)

"""What every sampler can do, and the bookkeeping of batches that wait for their rewards."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from rls3.sampling.knowledge import Knowledge

T = TypeVar("T")


@dataclass(frozen=True)
class Collected:
    """A batch of edits that were made.

    Attributes:
        sample_ids: one per edit, valid or not, in an order that depends on the seed alone.
        valid: how many of them made a training sample.
        restarts: simulator restarts while they were made.
    """

    sample_ids: tuple[str, ...]
    valid: int
    restarts: int

    @property
    def attempted(self) -> int:
        """Edits tried."""
        return len(self.sample_ids)


class Sampler(Protocol):
    """Chooses edits, and may learn from what their samples were worth."""

    @property
    def name(self) -> str:
        """As in `sampler.name` of the configuration."""
        ...

    @property
    def version(self) -> int:
        """Policy updates made so far."""
        ...

    def collect(self, num_edits: int) -> Collected:
        """Make exactly `num_edits` edits; several batches may be collected before the first is paid."""
        ...

    def learn(self, rewards: Mapping[str, float]) -> Mapping[str, float]:
        """Pay one collected batch, whole, by sample id; returns metrics with their unit in the name.

        NaN is the reward of what must not be learned from: its score went stale.

        Raises:
            ValueError: the ids are not those of exactly one unpaid batch.
        """
        ...

    def observe(self, knowledge: Knowledge) -> None:
        """Tell the policy what is known of the VLM by now."""
        ...

    def save(self, folder: Path) -> None:
        """Write a checkpoint; batches that wait for rewards are no part of it."""
        ...

    def restore(self, folder: Path) -> None:
        """Read a checkpoint and drop whatever waits for rewards."""
        ...

    def close(self) -> None:
        """Give back what the sampler holds; the stage stays open."""
        ...


class UnpaidBatches(Generic[T]):
    """Batches that were collected and not yet paid, oldest first, each with what learning from it takes."""

    def __init__(self) -> None:
        self._batches: list[tuple[tuple[str, ...], T]] = []

    def __len__(self) -> int:
        return len(self._batches)

    def add(self, sample_ids: Sequence[str], data: T) -> None:
        """Keep a batch until it is paid."""
        self._batches.append((tuple(sample_ids), data))

    def pay(self, rewards: Mapping[str, float]) -> T:
        """Forget the batch that has exactly these ids and return its data.

        Raises:
            ValueError: no unpaid batch has exactly these ids.
        """
        for index, (sample_ids, data) in enumerate(self._batches):
            if len(sample_ids) == len(rewards) and all(sample_id in rewards for sample_id in sample_ids):
                del self._batches[index]
                return data
        unpaid = ", ".join(f"{len(ids)} from '{ids[0]}'" for ids, _ in self._batches) or "none"
        first = next(iter(rewards), "")
        raise ValueError(
            f"{len(rewards)} rewards from '{first}' belong to no unpaid batch (unpaid: {unpaid}); "
            "learn() takes the rewards of all samples of one collect(), once"
        )

    def clear(self) -> None:
        """Forget all."""
        self._batches.clear()


def mean_reward(rewards: Mapping[str, float]) -> float:
    """Mean of the rewards that are numbers; NaN when none is."""
    told = [reward for reward in rewards.values() if not math.isnan(reward)]
    return sum(told) / len(told) if told else math.nan


def check_num_edits(num_edits: int) -> None:
    """Refuse a batch size below 1 with a ValueError."""
    if num_edits < 1:
        raise ValueError(f"collect({num_edits}): a batch has at least 1 edit; set loop.batch")

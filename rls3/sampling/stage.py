"""Where sessions live: the policy sees a stage of numbered slots and cannot tell in which process each one is."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from rls3.samples.record import Sample
from rls3.sampling.offer import Situation
from rls3.sampling.session import EditSession, StepOutcome
from rls3.scene.edit import Edit

__all__ = ["LocalStage", "Stage", "StepOutcome"]


class Stage(Protocol):
    """Several scenes that are edited side by side."""

    @property
    def num_slots(self) -> int:
        """Scenes edited at the same time."""
        ...

    def reset(self, slots: Sequence[int]) -> list[Situation]:
        """Begin the next episode in these slots."""
        ...

    def step(self, slots: Sequence[int], edits: Sequence[Edit], policy_version: int) -> list[StepOutcome]:
        """Make one edit in each of these slots; outcomes in the same order."""
        ...

    def look(self, slots: Sequence[int], policy_version: int) -> list[StepOutcome]:
        """Take one picture of each of these scenes as it is, instead of an edit; outcomes in the same order."""
        ...


class LocalStage:
    """A stage of sessions in this process; finished samples wait in an outbox until they are taken.

    Sessions work side by side, each in a thread: most of the time they wait for their engines, which are processes.
    """

    def __init__(self, sessions: Sequence[EditSession]) -> None:
        self._sessions = tuple(sessions)
        self._outbox: dict[str, Sample] = {}
        self._threads = ThreadPoolExecutor(max(1, len(self._sessions)), "session")

    @property
    def num_slots(self) -> int:
        """Number of sessions."""
        return len(self._sessions)

    def reset(self, slots: Sequence[int]) -> list[Situation]:
        """Begin the next episode in these slots."""
        return list(self._threads.map(lambda slot: self._sessions[slot].reset(), slots))

    def step(self, slots: Sequence[int], edits: Sequence[Edit], policy_version: int) -> list[StepOutcome]:
        """Make the edits; their samples go to the outbox."""
        pairs = list(zip(slots, edits, strict=True))
        made = self._threads.map(lambda pair: self._sessions[pair[0]].step(pair[1], policy_version), pairs)
        return [self._kept(*each) for each in made]

    def look(self, slots: Sequence[int], policy_version: int) -> list[StepOutcome]:
        """Take the pictures; their samples go to the outbox."""
        taken = self._threads.map(lambda slot: self._sessions[slot].look(policy_version), slots)
        return [self._kept(*each) for each in taken]

    def episodes(self, slots: Sequence[int]) -> list[int]:
        """Numbers of the episodes that run in these slots."""
        return [self._sessions[slot].episode for slot in slots]

    def take(self, sample_ids: Sequence[str]) -> list[Sample]:
        """Remove these samples from the outbox, in this order.

        Raises:
            KeyError: one was never made here, or was taken before.
        """
        missing = [sample_id for sample_id in sample_ids if sample_id not in self._outbox]
        if missing:
            raise KeyError(f"sample '{missing[0]}' is not in the outbox: never made here, or taken before")
        return [self._outbox.pop(sample_id) for sample_id in sample_ids]

    def close(self) -> None:
        """Let every session end what it is at, then stop its simulator."""
        self._threads.shutdown()
        for session in self._sessions:
            session.close()

    def _kept(self, outcome: StepOutcome, sample: Sample) -> StepOutcome:
        self._outbox[sample.sample_id] = sample
        return outcome

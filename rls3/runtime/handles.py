"""What the loop knows of its parts: handles that start work and promise a result.

Both drivers implement these few methods: `rls3.runtime.local` by calling at once, `rls3.runtime.cluster` by asking
Ray actors. The loop cannot tell which it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from rls3.samples.record import Sample
from rls3.samples.scores import Evaluation, Score
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.sampler import Collected
from rls3.scene.model import EngineInfo

if TYPE_CHECKING:
    from rls3.vlm.trainer import FitResult

T_co = TypeVar("T_co", covariant=True)


class Pending(Protocol[T_co]):
    """A result that may not be there yet."""

    def result(self) -> T_co:
        """Wait for it and return it; raises what the work raised."""
        ...


@dataclass(frozen=True)
class Batch:
    """Samples that arrived together.

    Attributes:
        samples: the records, in the order asked for.
        payload: the same records where the student can reach them without another copy; the driver's own business.
    """

    samples: tuple[Sample, ...]
    payload: Any


class SamplerHandle(Protocol):
    """Whoever chooses the edits."""

    def collect(self, num_edits: int) -> Pending[Collected]:
        """Make that many edits."""
        ...

    def learn(self, rewards: Mapping[str, float]) -> Pending[Mapping[str, float]]:
        """Pay one collected batch; returns the policy's own metrics."""
        ...

    def observe(self, knowledge: Knowledge) -> Pending[None]:
        """Tell what is known of the VLM by now."""
        ...

    def save(self, folder: Path) -> Pending[None]:
        """Write a checkpoint."""
        ...

    def restore(self, folder: Path) -> Pending[None]:
        """Read a checkpoint."""
        ...


class SampleSource(Protocol):
    """Where the samples that simulators make arrive."""

    def take(self, sample_ids: Sequence[str]) -> Batch:
        """Wait for these samples and hand them over, in this order."""
        ...


class StudentHandle(Protocol):
    """The VLM and its trainer."""

    @property
    def restarts(self) -> int:
        """Trainers that died and were replaced by one of the same state."""
        ...

    def score(self, batch: Batch) -> Pending[Sequence[Score]]:
        """Score every sample of a batch that has a picture and options."""
        ...

    def fit(self, batches: Sequence[Batch], sample_ids: Sequence[str]) -> Pending[FitResult]:
        """Fine-tune on these samples of a round, in this order."""
        ...

    def evaluate(self, pool: str) -> Pending[Evaluation]:
        """Accuracy on a held-out pool, "feedback" or "report"."""
        ...

    def save(self, folder: Path) -> Pending[None]:
        """Write weights and trainer state."""
        ...

    def committed(self, folder: Path) -> None:
        """What was saved last has become the run's checkpoint and lies in `folder`."""
        ...

    def restore(self, folder: Path) -> Pending[None]:
        """Read them back."""
        ...


@dataclass(frozen=True)
class Parts:
    """Everything the loop turns, and the engine that draws its pictures."""

    sampler: SamplerHandle
    source: SampleSource
    student: StudentHandle
    engine: EngineInfo

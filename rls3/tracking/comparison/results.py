"""What a finished cell of a comparison left, as curves over rounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations
from pathlib import Path
from typing import Final

from rls3.samples.ledger import Ledger
from rls3.samples.scores import Evaluation, Tally
from rls3.samples.shard import shard_batches
from rls3.scene.edit import TERMS
from rls3.scene.figure import SIZES
from rls3.tracking.records import RoundRecord

_OPPOSITES = ({"left", "right"}, {"front", "behind"}, {"above", "below"})
TERM_SETS: Final = tuple(
    terms
    for size in (1, 2, 3)
    for terms in combinations(TERMS, size)
    if not any(both <= set(terms) for both in _OPPOSITES)
)
"""The 26 sets of terms that a direction can have, single terms first."""

GROUPS: Final[Mapping[str, Callable[[Evaluation], Mapping[str, Tally]]]] = {
    "relation": lambda evaluation: evaluation.by_term,
    "room type": lambda evaluation: {name.replace("_", " "): t for name, t in evaluation.by_room_type.items()},
    "number of terms": lambda evaluation: evaluation.by_term_count,
    "arrangement": lambda evaluation: evaluation.by_source,
    "size of the subject": lambda evaluation: {
        size.replace("_", " "): evaluation.by_size[size] for size in SIZES if size in evaluation.by_size
    },
}
"""Ways in which held-out questions are grouped: name -> right answers by member."""


@dataclass(frozen=True)
class CellResult:
    """A finished run of the grid.

    Attributes:
        arm, student, seed: its place in the grid.
        before: accuracy on the report pool before the first round.
        rounds: every round, in order.
        samples: folder of its ledger.
    """

    arm: str
    student: str
    seed: int
    before: Evaluation
    rounds: tuple[RoundRecord, ...]
    samples: Path

    @property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """On the report pool: before the first round, then after each."""
        return (self.before, *(record.report for record in self.rounds))

    @property
    def final(self) -> Evaluation:
        """On the report pool after the last round."""
        return self.evaluations[-1]

    @property
    def accuracy(self) -> tuple[float, ...]:
        """Share of right answers before the first round, then after each."""
        return tuple(evaluation.overall.accuracy for evaluation in self.evaluations)

    @property
    def rendered(self) -> tuple[int, ...]:
        """Edits tried so far, whatever became of them: 0, then after each round."""
        return (0, *accumulate(record.attempted for record in self.rounds))

    @property
    def trained(self) -> tuple[int, ...]:
        """Samples that trained the student so far: 0, then after each round."""
        return (0, *accumulate(record.trained for record in self.rounds))

    @property
    def seconds(self) -> tuple[float, ...]:
        """Time of the rounds so far, seconds."""
        return (0.0, *accumulate(record.total_s for record in self.rounds))

    @property
    def valid_share(self) -> float:
        """Valid edits per edit tried, over all rounds."""
        return sum(record.valid for record in self.rounds) / self.rendered[-1]


def chosen_terms(results: Sequence[CellResult]) -> list[list[float]]:
    """Valid samples of each of `TERM_SETS` in each round, mean over the runs: 26 rows, a column per round."""
    counts: Counter[tuple[int, tuple[str, ...]]] = Counter()
    for result in results:
        ledger = Ledger.existing(result.samples)
        for shard in ledger.shards:
            for batch in shard_batches(ledger.folder / shard.file, columns=["terms", "invalid"]):
                rows = zip(batch.column("terms").to_pylist(), batch.column("invalid").to_pylist(), strict=True)
                counts.update((shard.round, _in_order(terms)) for terms, invalid in rows if not invalid)
    rounds = range(max(len(result.rounds) for result in results))
    return [[counts[index, terms] / len(results) for index in rounds] for terms in TERM_SETS]


def chosen_sizes(results: Sequence[CellResult]) -> list[list[float]]:
    """Valid samples of each of `SIZES` in each round, mean over the runs: 5 rows, a column per round."""
    rounds = range(max(len(result.rounds) for result in results))
    made = [[record.sizes for record in result.rounds] for result in results]
    return [
        [sum(run[index].get(size, 0) for run in made if index < len(run)) / len(made) for index in rounds]
        for size in SIZES
    ]


def engines_of(results: Sequence[CellResult]) -> list[str]:
    """The programs that drew the pictures, by name and version, sorted; one unless the package changed in between."""
    found = set()
    for result in results:
        shards = Ledger.existing(result.samples).shards
        for batch in shard_batches(result.samples / shards[0].file, columns=["engine_name", "engine_version"]):
            found |= {f"{row['engine_name']} {row['engine_version']}" for row in batch.to_pylist()}
    return sorted(found)


def _in_order(terms: Sequence[str]) -> tuple[str, ...]:
    return tuple(term for term in TERMS if term in terms)

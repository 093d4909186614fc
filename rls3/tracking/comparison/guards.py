"""Honesty guards of a comparison: do samples teach without their pictures, and does one trick bring all reward?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rls3.samples.ledger import Ledger
from rls3.samples.scores import Tally
from rls3.samples.shard import shard_batches
from rls3.tracking.comparison.results import CellResult

FOLDS = 5
_COLUMNS = ["subject_type", "reference_type", "options", "answer", "invalid"]


@dataclass(frozen=True)
class Asked:
    """A question without its picture: the types of the two things, the options, and which one is right."""

    subject: str
    reference: str
    options: tuple[str, ...]
    answer: int


def text_only(asked: Sequence[Asked]) -> Tally:
    """How many of the questions a reader answers that never saw a picture; chance is one in the number of options.

    Naive Bayes over the types of the two things, with one count added to each, five-fold cross-validated. What it gets
    right beyond chance, samples teach as habits of rooms and not as sight.
    """
    right = 0
    for fold in range(FOLDS):
        reader = _Reader(question for number, question in enumerate(asked) if number % FOLDS != fold)
        right += sum(reader.answers(question) for question in asked[fold::FOLDS])
    return Tally(right, len(asked))


def text_only_of(result: CellResult) -> Tally:
    """The same for all valid samples of a run."""
    ledger = Ledger.existing(result.samples)
    rows = (
        row
        for shard in ledger.shards
        for batch in shard_batches(ledger.folder / shard.file, columns=_COLUMNS)
        for row in batch.to_pylist()
    )
    return text_only(
        [
            Asked(row["subject_type"], row["reference_type"], tuple(row["options"]), row["answer"])
            for row in rows
            if not row["invalid"]
        ]
    )


def top_cell_share(results: Sequence[CellResult]) -> float:
    """Share of a round's reward that its best paid relation cell brought, 0..1, mean over rounds and runs."""
    shares = [record.top_cell_share for result in results for record in result.rounds if record.top_cell]
    return sum(shares) / len(shares) if shares else math.nan


class _Reader:
    def __init__(self, known: Iterable[Asked]) -> None:
        self._counts: Counter[tuple[str, ...]] = Counter()
        for question in known:
            option = question.options[question.answer]
            self._counts.update(
                [(option,), (option, "subject", question.subject), (option, "reference", question.reference)]
            )

    def answers(self, question: Asked) -> bool:
        """Whether its first most probable option is the right one."""
        scores = [self._score(question, option) for option in question.options]
        return scores.index(max(scores)) == question.answer

    def _score(self, question: Asked, option: str) -> float:
        seen = self._counts[option,]
        roles = (("subject", question.subject), ("reference", question.reference))
        return math.log(seen + 1) + sum(math.log((self._counts[option, *role] + 1) / (seen + 1)) for role in roles)

"""Counts over a folder of samples, all from its ledger; pictures and scenes are never read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rls3.errors import SampleStoreError
from rls3.samples.ledger import Ledger
from rls3.samples.shard import OnDamage, raise_damage, shard_batches

_COLUMNS = (
    "family",
    "predicate",
    "terms",
    "value",
    "kind",
    "options",
    "answer",
    "asserted",
    "margin_share",
    "invalid",
    "scene_id",
    "scene_type",
)
_CHOICES = ("multiple_choice", "caption_choice")


@dataclass(frozen=True)
class DatasetStats:
    """What is in a folder of samples; everything but `rows` and `rejected` is counted over valid records.

    Attributes:
        rows: records.
        valid: those that may teach.
        scenes: different scenes.
        relations: (relation, scene type) -> records; a relation is "family predicate", or the family alone where the
            predicate says no more.
        terms: (terms in a row, scene type) -> records, for directions.
        kinds: form of the question -> records.
        positions: number of options -> how often each position holds the right one.
        answers: relation -> value -> records; the truth of relations that are answered by one word.
        asserted: how often a yes/no question is to be answered by (yes, no).
        margins: family -> margins over what is demanded, finite ones, sorted.
        rejected: reason -> how often something was unfit, recorded or not.
    """

    rows: int
    valid: int
    scenes: int
    relations: Mapping[tuple[str, str], int]
    terms: Mapping[tuple[str, str], int]
    kinds: Mapping[str, int]
    positions: Mapping[int, tuple[int, ...]]
    answers: Mapping[str, Mapping[str, int]]
    asserted: tuple[int, int]
    margins: Mapping[str, NDArray[np.float64]]
    rejected: Mapping[str, int]


def stats_of(ledger: Ledger, on_damage: OnDamage = raise_damage) -> DatasetStats:
    """Count a folder of samples.

    Args:
        ledger: of the folder.
        on_damage: told of files that cannot be read; the others are counted all the same.
    """
    count = _Count()
    for shard in ledger.shards:
        count.rejected.update(shard.rejected)
        try:
            for batch in shard_batches(ledger.folder / shard.file, columns=_COLUMNS):
                for row in batch.to_pylist():
                    count.add(row)
        except SampleStoreError as damage:
            on_damage(damage)
    return count.result()


class _Count:
    def __init__(self) -> None:
        self.rows = self.valid = 0
        self.rejected: Counter[str] = Counter()
        self._scenes: set[str] = set()
        self._relations: Counter[tuple[str, str]] = Counter()
        self._terms: Counter[tuple[str, str]] = Counter()
        self._kinds: Counter[str] = Counter()
        self._positions: dict[int, Counter[int]] = {}
        self._answers: dict[str, Counter[str]] = {}
        self._asserted: Counter[str] = Counter()
        self._margins: dict[str, list[float]] = {}

    def add(self, row: dict[str, Any]) -> None:
        self.rows += 1
        self.rejected.update(row["invalid"])
        if row["invalid"]:
            return
        self.valid += 1
        family, predicate = row["family"], row["predicate"]
        relation = family if family == predicate or predicate == "direction" else f"{family} {predicate}"
        self._scenes.add(row["scene_id"])
        self._relations[relation, row["scene_type"]] += 1
        self._kinds[row["kind"]] += 1
        if row["terms"]:
            self._terms[" ".join(row["terms"]), row["scene_type"]] += 1
        elif predicate != "nearest":  # its values are objects
            self._answers.setdefault(relation, Counter())[row["value"][0]] += 1
        if row["kind"] in _CHOICES:
            self._positions.setdefault(len(row["options"]), Counter())[row["answer"]] += 1
        if row["kind"] == "yes_no":
            self._asserted[row["options"][row["answer"]]] += 1
        if np.isfinite(row["margin_share"]):
            self._margins.setdefault(family, []).append(row["margin_share"])

    def result(self) -> DatasetStats:
        return DatasetStats(
            rows=self.rows,
            valid=self.valid,
            scenes=len(self._scenes),
            relations=dict(sorted(self._relations.items())),
            terms=dict(sorted(self._terms.items())),
            kinds=dict(sorted(self._kinds.items())),
            positions={n: tuple(found[place] for place in range(n)) for n, found in sorted(self._positions.items())},
            answers={name: dict(sorted(found.items())) for name, found in sorted(self._answers.items())},
            asserted=(self._asserted["yes"], self._asserted["no"]),
            margins={name: np.sort(shares) for name, shares in sorted(self._margins.items())},
            rejected=dict(self.rejected.most_common()),
        )

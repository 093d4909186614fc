"""What reading a benchmark's folder gives: questions, and the faulty ones by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rls3.benchmarks.errors import BenchmarkDataError
from rls3.benchmarks.item import Item
from rls3.benchmarks.tables import Row


@dataclass(frozen=True)
class Faulty:
    """A published item that cannot be scored: it is named and left out, never guessed at.

    Attributes:
        id: the item's id.
        part, position: where it stands as published.
        reason: what is wrong with it, with file and line.
    """

    id: str
    part: str
    position: int
    reason: str


@dataclass(frozen=True)
class Reading:
    """A benchmark's folder, read.

    Attributes:
        items: questions that are scored, in published order.
        faulty: questions that are not.
        parts: rows of each part as published, faulty and left-out ones included.
        notes: what a reader of the score must know of the files (nothing found, something hidden).
    """

    items: tuple[Item, ...]
    faulty: tuple[Faulty, ...]
    parts: Mapping[str, int]
    notes: tuple[str, ...] = ()


class Collector:
    """Gathers items in published order; puts those that cannot be scored aside."""

    def __init__(self) -> None:
        self._items: list[tuple[Item, str]] = []
        self._faulty: list[Faulty] = []
        self._positions: Counter[str] = Counter()

    def choice(self, row: Row, options: Sequence[str], gold: str | int, **fields: Any) -> None:
        """Add a choice; one whose gold is not among its options, or whose options repeat, is faulty.

        Args:
            row: where it stands.
            options: as published.
            gold: the right option's text or index.
            **fields: the further fields of `Item`; its position is counted here.
        """
        kept = tuple(option.strip() for option in options)
        answer = gold if isinstance(gold, int) else kept.index(gold.strip()) if gold.strip() in kept else -1
        repeated = [option for option, count in Counter(kept).items() if count > 1]
        if not 0 <= answer < len(kept):
            self.fault(row, f"its gold {gold!r} is not among its options {list(kept)}", **fields)
        elif repeated:
            self.fault(row, f"its option {repeated[0]!r} repeats", **fields)
        else:
            self._add(row, Item(options=kept, answer=answer, position=self.skip(fields["part"]), **fields))

    def number(self, row: Row, gold: float, **fields: Any) -> None:
        """Add a question that asks for a number."""
        position = self.skip(fields["part"])
        self._add(row, Item(options=(), answer=-1, number=gold, position=position, **fields))

    def fault(self, row: Row, reason: str, **fields: Any) -> None:
        """Put an item aside; of its fields only id and part are kept."""
        part = fields["part"]
        self._faulty.append(Faulty(fields["id"], part, self.skip(part), f"{row.where}: {reason}"))

    def skip(self, part: str) -> int:
        """Pass one published row of a part; its position."""
        self._positions[part] += 1
        return self._positions[part] - 1

    def reading(self, notes: Sequence[str] = ()) -> Reading:
        """All that was added; items whose id repeats are faulty, every copy of them."""
        counts = Counter(item.id for item, _ in self._items)
        repeated = [
            Faulty(item.id, item.part, item.position, f"{where}: its id '{item.id}' repeats")
            for item, where in self._items
            if counts[item.id] > 1
        ]
        items = tuple(item for item, _ in self._items if counts[item.id] == 1)
        return Reading(items, tuple(self._faulty + repeated), dict(self._positions), tuple(notes))

    def _add(self, row: Row, item: Item) -> None:
        self._items.append((item, row.where))


def only(reading: Reading, part: str) -> Reading:
    """The items of one part.

    Raises:
        BenchmarkDataError: no such part.
    """
    if part not in reading.parts:
        raise BenchmarkDataError(f"no part '{part}' in these files; there are {', '.join(reading.parts) or 'none'}")
    return replace(
        reading,
        items=tuple(item for item in reading.items if item.part == part),
        faulty=tuple(item for item in reading.faulty if item.part == part),
        parts={part: reading.parts[part]},
    )


def find_files(folder: Path, patterns: Sequence[str]) -> list[Path]:
    """Files below `folder` (or `folder` itself when it is such a file) that fit any of the patterns, sorted.

    Args:
        folder: where to look, at any depth.
        patterns: `pathlib` patterns of file names or relative paths.

    Raises:
        BenchmarkDataError: `folder` does not exist.
    """
    if folder.is_file():
        return [folder] if any(folder.match(pattern) for pattern in patterns) else []
    if not folder.is_dir():
        raise BenchmarkDataError(f"benchmark folder '{folder}' does not exist; give the folder that holds its files")
    return sorted({path for pattern in patterns for path in folder.rglob(pattern) if path.is_file()})

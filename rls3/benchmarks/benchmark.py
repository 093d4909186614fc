"""The one protocol of all benchmarks: read the published files, read an answer, aggregate as published."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rls3.benchmarks.answers import Answer, extract, literal
from rls3.benchmarks.errors import BenchmarkDataError
from rls3.benchmarks.item import Item
from rls3.benchmarks.reading import Reading, find_files
from rls3.benchmarks.scoring import Figure, Graded, mean, means_by


@dataclass(frozen=True)
class Source:
    """Where a benchmark is published.

    Attributes:
        files: the names of the files it needs, as published.
        url: where they are.
        citation: authors, title, year.
        items: how many items the whole benchmark has, in words.
    """

    files: str
    url: str
    citation: str
    items: str


class Benchmark(ABC):
    """A published benchmark.

    Attributes:
        name: what `--benchmark` calls it.
        category: what its categories are, e.g. "relation".
        captions: whether its options are sentences that describe the picture.
        indexed: whether its predictions are published as 0-based option indices.
        in_terms: whether its options are relation terms, which students of those six words read.
        strict: whether its code reads letters alone, so that an option's own text, written out, is no answer.
        source: where it is published.
    """

    name: ClassVar[str]
    category: ClassVar[str] = "category"
    captions: ClassVar[bool] = False
    indexed: ClassVar[bool] = False
    in_terms: ClassVar[bool] = False
    strict: ClassVar[bool] = False
    source: ClassVar[Source]

    @abstractmethod
    def read(self, folder: Path) -> Reading:
        """Items and faulty items of the published files below `folder`.

        Raises:
            BenchmarkDataError: files are absent, or a row is not as published.
        """

    def answer(self, item: Item, text: str) -> Answer:
        """What a free-text answer says: an option's index, a number, or None when it says nothing of either.

        Overridden where the official code reads answers by a rule of its own.
        """
        return extract(text, item.options)

    def points(self, item: Item, answer: Answer) -> float:
        """What an answer is worth, 0..1."""
        return float(answer is not None and answer == item.answer)

    def grade(self, item: Item, given: str | int | float | bool | None, *, written: bool = False) -> Graded:
        """Read and grade an answer.

        Args:
            item: the question.
            given: an option, a number, an option's index, or free text; None when there is no answer.
            written: whether a text was written by a model, not chosen among the options; a strict benchmark's own rule
                reads it then.
        """
        answer: Answer = None
        if given is not None and not (written and self.strict and isinstance(given, str)):
            answer = literal(given, item, indexed=self.indexed)
        if answer is None and isinstance(given, str):
            answer = self.answer(item, given)
        return Graded(item, self.points(item, answer), answer is not None)

    def figures(self, graded: Sequence[Graded]) -> list[Figure]:
        """What the official code reports, the headline first."""
        return [mean("accuracy", graded), *means_by(self.category, graded, lambda item: item.category)]

    def files(self, folder: Path, *patterns: str) -> list[Path]:
        """The files below `folder` that fit a pattern.

        Raises:
            BenchmarkDataError: there are none; says which are needed and where they are published.
        """
        found = find_files(folder, patterns)
        if not found:
            raise BenchmarkDataError(
                f"'{folder}' holds no {' or '.join(patterns)}: benchmark '{self.name}' needs {self.source.files}, "
                f"published at {self.source.url}"
            )
        return found

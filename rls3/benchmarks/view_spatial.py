"""ViewSpatial-Bench (Li et al., 2025): where is it, as the camera or as a person in the picture sees it?

Rule, from `evaluate.py` of github.com/ZJU-REAL/ViewSpatial-Bench: the answer is the first lone letter A-D, of either
case, in the answer's last line, so that an article "a" counts as A; accuracy, also per question type.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

from rls3.benchmarks.answers import Answer
from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.errors import BenchmarkDataError
from rls3.benchmarks.item import LETTERS, Item
from rls3.benchmarks.pictures import FilePicture
from rls3.benchmarks.reading import Collector, Reading
from rls3.benchmarks.tables import Row, read_rows

_LETTER = re.compile(r"\b([A-D])\b", re.IGNORECASE)
_CHOICE = re.compile(r"^([A-Z])\.\s*(.*)$")


class ViewSpatial(Benchmark):
    """ViewSpatial-Bench."""

    name: ClassVar[str] = "viewspatial"
    category: ClassVar[str] = "question type"
    strict: ClassVar[bool] = True
    source: ClassVar[Source] = Source(
        files="ViewSpatial-Bench.json, and the picture folders scannetv2_val and val2017",
        url="https://huggingface.co/datasets/lidingm/ViewSpatial-Bench",
        citation="Li et al.: ViewSpatial-Bench: Evaluating Multi-perspective Spatial Localization. 2025",
        items="5,712",
    )

    def read(self, folder: Path) -> Reading:
        """Items of the one file; picture paths count from its folder, whatever folder they name first."""
        collector = Collector()
        for path in self.files(folder, "ViewSpatial-Bench.json"):
            for row in read_rows(path):
                options = _options(row)
                collector.choice(
                    row,
                    options,
                    _gold(row),
                    id=str(row.index),
                    question=row.text("question"),
                    category=row.text("question_type"),
                    part="test",
                    pictures=tuple(
                        FilePicture(path.parent / name.removeprefix("ViewSpatial-Bench/"))
                        for name in row.texts("image_path")
                    ),
                )
        return collector.reading()

    def answer(self, item: Item, text: str) -> Answer:  # noqa: ARG002
        """The authors' rule."""
        match = _LETTER.search(text.split("\n")[-1])
        return LETTERS.index(match[1].upper()) if match else None


def _options(row: Row) -> list[str]:
    options = []
    for place, line in enumerate(filter(str.strip, row.text("choices").split("\n"))):
        match = _CHOICE.match(line.strip())
        if not match or match[1] != LETTERS[place]:
            raise BenchmarkDataError(f"{row.where}: field 'choices' must have lines 'A. ...', 'B. ...', got {line!r}")
        options.append(match[2])
    return options


def _gold(row: Row) -> int:
    match = _CHOICE.match(row.text("answer").strip())
    if not match:
        raise BenchmarkDataError(f"{row.where}: field 'answer' must look like 'A. left', got {row.text('answer')!r}")
    return LETTERS.index(match[1])

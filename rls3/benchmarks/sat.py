"""SAT (Ray et al., 2024): spatial aptitude test, 150 questions on real photographs, one or two each.

The dataset's card asks to shuffle the answers, or to test every position of the right one; scores are accuracy per
question type. Here the options' order is drawn per item (`Item.shuffled`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.pictures import TablePicture
from rls3.benchmarks.reading import Collector, Reading
from rls3.benchmarks.scoring import Figure, Graded, mean, mean_of_means, means_by, split_by
from rls3.benchmarks.tables import read_rows


class Sat(Benchmark):
    """The real-photograph test of SAT, and its synthetic validation split where that is in the folder."""

    name: ClassVar[str] = "sat"
    category: ClassVar[str] = "question type"
    source: ClassVar[Source] = Source(
        files="SAT_test.parquet",
        url="https://huggingface.co/datasets/array/SAT",
        citation="Ray et al.: SAT: Dynamic Spatial Aptitude Training for Multimodal Language Models. COLM 2025",
        items="150 (test)",
    )

    def read(self, folder: Path) -> Reading:
        """Items of the test file, and of the validation file when it is there."""
        collector = Collector()
        for path in self.files(folder, "SAT_test.parquet", "SAT_val.parquet"):
            part = path.stem.removeprefix("SAT_")
            for row in read_rows(path, pictures=("image_bytes",)):
                count = row.values.get("image_bytes") or 0
                collector.choice(
                    row,
                    row.texts("answers"),
                    row.text("correct_answer"),
                    id=f"{part}/{row.index}",
                    question=row.text("question"),
                    category=row.text("question_type"),
                    part=part,
                    pictures=tuple(TablePicture(path, row.index, "image_bytes", n) for n in range(count)),
                )
        return collector.reading()

    def figures(self, graded: Sequence[Graded]) -> list[Figure]:
        """Accuracy, mean of the question types, each type."""
        types = split_by(graded, lambda item: item.category)
        return [
            mean("accuracy", graded),
            mean_of_means("mean of question types", types.values()),
            *means_by(self.category, graded, lambda item: item.category),
        ]

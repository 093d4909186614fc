"""CV-Bench (Tong et al., Cambrian-1, NeurIPS 2024): counting, 2D relation, depth and distance as multiple choice.

Rule, from the dataset's card: accuracy of each source; 2D is the mean of ADE20K and COCO, 3D is Omni3D, and the
combined accuracy is the mean of 2D and 3D. Accuracy per task is reported as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.errors import BenchmarkDataError
from rls3.benchmarks.item import LETTERS
from rls3.benchmarks.pictures import FilePicture, Picture, TablePicture
from rls3.benchmarks.reading import Collector, Reading
from rls3.benchmarks.scoring import Figure, Graded, mean, mean_of_means, means_by, split_by
from rls3.benchmarks.tables import Row, read_rows


class CvBench(Benchmark):
    """CV-Bench; its parts are 2D and 3D."""

    name: ClassVar[str] = "cv-bench"
    category: ClassVar[str] = "task"
    source: ClassVar[Source] = Source(
        files="test_2d.parquet and test_3d.parquet, or test_2d.jsonl and test_3d.jsonl with the folder img/",
        url="https://huggingface.co/datasets/nyu-visionx/CV-Bench",
        citation="Tong et al.: Cambrian-1: A Fully Open, Vision-Centric Exploration of Multimodal LLMs. NeurIPS 2024",
        items="2,638",
    )

    def read(self, folder: Path) -> Reading:
        """Items of the Parquet files; where there are none, of the JSON lines."""
        paths = self.files(folder, "test_[23]d.parquet", "test_[23]d.jsonl")
        tables = [path for path in paths if path.suffix == ".parquet"]
        collector = Collector()
        for path in tables or paths:
            for row in read_rows(path, pictures=("image",)):
                collector.choice(
                    row,
                    row.texts("choices"),
                    answer_letter(row, "answer"),
                    id=row.label("idx"),
                    question=row.text("question"),
                    category=row.text("task"),
                    part=row.text("type"),
                    pictures=(_picture(row),),
                    facets={"source": row.text("source")},
                )
        return collector.reading()

    def figures(self, graded: Sequence[Graded]) -> list[Figure]:
        """Combined, 2D and 3D accuracy, by source and by task."""
        sources = split_by(graded, lambda item: item.facets["source"])
        flat = [sources[name] for name in ("ADE20K", "COCO") if name in sources]
        deep = sources.get("Omni3D", [])
        figures: list[Figure] = []
        if flat and deep:
            means = mean_of_means("2D", flat).strata
            (whole,) = mean("3D", deep).strata
            both = tuple((1.0 / len(flat), points) for _, points in means)
            figures.append(Figure("combined accuracy", (*both, whole), divisor=2.0))
        if flat:
            figures.append(mean_of_means("2D accuracy", flat))
        if deep:
            figures.append(mean("3D accuracy", deep))
        figures += means_by("source", graded, lambda item: item.facets["source"])
        return figures + means_by(self.category, graded, lambda item: item.category)


def answer_letter(row: Row, field: str) -> int:
    """The option's index in a field such as "(C)" or "C".

    Raises:
        BenchmarkDataError: the field holds something else.
    """
    letter = row.text(field).strip("() .")
    if len(letter) != 1 or letter not in LETTERS:
        raise BenchmarkDataError(f"{row.where}: field '{field}' must look like '(A)', got {row.text(field)!r}")
    return LETTERS.index(letter)


def _picture(row: Row) -> Picture:
    if row.file.suffix == ".parquet":
        return TablePicture(row.file, row.index, "image")
    return FilePicture(row.file.parent / row.text("filename"))

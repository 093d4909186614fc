"""3DSRBench (Ma et al., ICCV 2025): height, location, orientation and several objects, asked in every option order.

Rule, from the dataset's `compute_3dsrbench_results_circular.py`: a question counts only if it is right under every
rotation of its options and, where the picture was mirrored, there as well. Rows of one question share the start of
their qid ("VIN6MS3J", "VIN6MS3J-1", "VIN6MS3J-flip-1").
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.cv_bench import answer_letter
from rls3.benchmarks.pictures import EncodedPicture
from rls3.benchmarks.reading import Collector, Reading
from rls3.benchmarks.scoring import Figure, Graded, all_right, mean, split_by
from rls3.benchmarks.tables import Row, read_rows

_TYPES = ("height", "location", "orientation", "multi_object")


class ThreeDsrBench(Benchmark):
    """3DSRBench with its circular and mirrored rows, as published for VLMEvalKit."""

    name: ClassVar[str] = "3dsrbench"
    category: ClassVar[str] = "question type"
    source: ClassVar[Source] = Source(
        files="3dsrbench_v1_vlmevalkit_circular.tsv",
        url="https://huggingface.co/datasets/ccvl/3DSRBench",
        citation="Ma et al.: 3DSRBench: A Comprehensive 3D Spatial Reasoning Benchmark. ICCV 2025",
        items="2,772 questions; 11,686 rows with mirrored pictures and all rotations",
    )

    def read(self, folder: Path) -> Reading:
        """Rows of the circular table; of the plain one where it is alone, and then rotations are not tested."""
        paths = self.files(folder, "3dsrbench*.tsv", "3dsrbench*.csv", "3dsrbench*.parquet")
        circular = [path for path in paths if "circular" in path.name]
        collector = Collector()
        for row in read_rows((circular or paths)[0], pictures=("image",)):
            own = row.label("qid") if "qid" in row.values else row.label("index")
            collector.choice(
                row,
                _options(row),
                answer_letter(row, "answer"),
                id=row.label("index"),
                question=row.text("question"),
                category=row.text("category"),
                part="test",
                pictures=_pictures(row),
                group=own.split("-")[0],
                facets={"type": next((name for name in _TYPES if row.text("category").startswith(name)), "")},
            )
        return collector.reading([] if circular else ["no circular table: rotations of the options are not tested"])

    def figures(self, graded: Sequence[Graded]) -> list[Figure]:
        """Questions right under all their rotations, by type and subtype; rows right as they are."""
        figures = [all_right("accuracy", graded, lambda item: item.group)]
        for title, facet in (("type", lambda item: item.facets["type"]), ("subtype", lambda item: item.category)):
            for name, own in split_by(graded, facet).items():
                figures.append(all_right(f"{title}: {name}", own, lambda item: item.group))
        return [*figures, mean("rows right, each alone", graded)]


def _options(row: Row) -> list[str]:
    """Columns A to D; those a question lacks are empty or "nan"."""
    cells = [row.values.get(letter) for letter in "ABCD"]
    return [cell for cell in cells if isinstance(cell, str) and cell.strip() and cell.strip().lower() != "nan"]


def _pictures(row: Row) -> tuple[EncodedPicture, ...]:
    image = row.values.get("image")
    return (EncodedPicture(image, row.where),) if isinstance(image, str) and image else ()

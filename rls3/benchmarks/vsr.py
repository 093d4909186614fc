"""Visual Spatial Reasoning (Liu, Emerson and Collier, TACL 2023): is the caption true of the photograph?

Rule, from `src/eval.py` and `analysis_scripts` of github.com/cambridgeltl/visual-spatial-reasoning: accuracy of a
split, by relation, and by meta-category where the published `rel_meta_category_dict.txt` lies beside the splits.
Predictions are 0 or 1 in row order.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.errors import BenchmarkDataError
from rls3.benchmarks.pictures import FilePicture
from rls3.benchmarks.reading import Collector, Reading, find_files
from rls3.benchmarks.scoring import Figure, Graded, mean, means_by
from rls3.benchmarks.tables import read_rows

_META_FILE = "rel_meta_category_dict.txt"
_SPLITS = ("train.jsonl", "dev.jsonl", "test.jsonl")


class Vsr(Benchmark):
    """VSR; the two splits overlap, so one must not train on what the other tests."""

    name: ClassVar[str] = "vsr"
    category: ClassVar[str] = "relation"
    indexed: ClassVar[bool] = True
    source: ClassVar[Source] = Source(
        files="zeroshot/ or random/ with train.jsonl, dev.jsonl, test.jsonl, and rel_meta_category_dict.txt",
        url="https://github.com/cambridgeltl/visual-spatial-reasoning",
        citation="Liu, Emerson, Collier: Visual Spatial Reasoning. TACL 2023",
        items="zero-shot 3,489 / 340 / 1,222; random 7,680 / 1,097 / 2,195",
    )

    def read(self, folder: Path) -> Reading:
        """Items of every split file that is there; a split is a part, such as "zeroshot/dev"."""
        meta = _meta_categories(folder)
        collector = Collector()
        for path in self.files(folder, *_SPLITS):
            part = f"{path.parent.name}/{path.stem}"
            for row in read_rows(path):
                relation = row.text("relation")
                collector.choice(
                    row,
                    ("False", "True"),
                    row.integer("label", range(2)),
                    id=f"{part}/{row.index}",
                    question=row.text("caption"),
                    category=relation,
                    part=part,
                    pictures=(FilePicture(path.parent.parent / "images" / row.text("image")),),
                    facets={"meta-category": meta.get(relation, ""), "picture": row.text("image")},
                )
        notes = [] if meta else [f"no {_META_FILE} beside the splits: no accuracy by meta-category"]
        return collector.reading(notes)

    def figures(self, graded: Sequence[Graded]) -> list[Figure]:
        """Accuracy, by meta-category and by relation."""
        return [
            mean("accuracy", graded),
            *means_by("meta-category", graded, lambda item: item.facets["meta-category"]),
            *means_by(self.category, graded, lambda item: item.category),
        ]


def _meta_categories(folder: Path) -> dict[str, str]:
    """Relation -> meta-category, of lines such as "Proximity: by, near"; a relation named twice keeps the last."""
    found = find_files(folder, [_META_FILE])
    categories: dict[str, str] = {}
    for path in found[:1]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            name, colon, relations = line.partition(": ")
            if not colon:
                raise BenchmarkDataError(f"{path}, line {number}: expected 'category: relation, relation, ...'")
            categories |= {relation.strip(): name.strip() for relation in relations.split(",")}
    return categories

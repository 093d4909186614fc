"""SpatialMQA (Liu et al., 2024): two, four or six relations to choose from, some asked from a person's own view.

Rule, from `Code/experiment` and `Code/eval` of github.com/ziyan-xiaoyu/SpatialMQA: the answer is the option's text,
lower case and without a full stop; "on" and "above" both mean "on/above"; accuracy, also per axis: x (left, right),
y (on/above, below) and z (in front, behind).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.pictures import FilePicture
from rls3.benchmarks.reading import Collector, Reading
from rls3.benchmarks.scoring import Figure, Graded, mean, means_by
from rls3.benchmarks.tables import read_rows

_AXES = {"left of": "x", "right of": "x", "on/above": "y", "below": "y", "in front of": "z", "behind": "z"}


class SpatialMqa(Benchmark):
    """SpatialMQA; a split is a part."""

    name: ClassVar[str] = "spatialmqa"
    category: ClassVar[str] = "relation"
    source: ClassVar[Source] = Source(
        files="dev.jsonl, test.jsonl or train.jsonl, and the pictures of COCO test2017",
        url="https://github.com/ziyan-xiaoyu/SpatialMQA",
        citation="Liu et al.: Can Multimodal Large Language Models Understand Spatial Relations? ACL 2025",
        items="3,780 / 536 / 1,076",
    )

    def read(self, folder: Path) -> Reading:
        """Items of every split file that is there."""
        collector = Collector()
        for path in self.files(folder, "train.jsonl", "dev.jsonl", "test.jsonl"):
            for row in read_rows(path):
                answer = row.text("answer")
                own = row.label("id") if "id" in row.values else str(row.index)
                collector.choice(
                    row,
                    row.texts("options"),
                    answer,
                    id=f"{path.stem}/{own}",
                    question=row.text("question"),
                    category=answer,
                    part=path.stem,
                    pictures=(FilePicture(path.parent / "test2017" / row.text("image")),),
                    facets={"axis": _AXES.get(answer, "")},
                )
        return collector.reading()

    def figures(self, graded: Sequence[Graded]) -> list[Figure]:
        """Accuracy, by axis and by the right relation."""
        return [
            mean("accuracy", graded),
            *means_by("axis", graded, lambda item: item.facets["axis"]),
            *means_by(self.category, graded, lambda item: item.category),
        ]

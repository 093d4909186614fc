"""EmbSpatial-Bench (Du et al., ACL 2024): four choices on indoor scenes of Matterport3D, ScanNet and AI2-THOR.

Rule, from the paper: accuracy, by relation. The items from AI2-THOR show iTHOR FloorPlans: whoever trains on those
scenes has seen the rooms, which the leak check finds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.item import LETTERS
from rls3.benchmarks.leaks import ANY_PLAN
from rls3.benchmarks.pictures import EncodedPicture
from rls3.benchmarks.reading import Collector, Reading
from rls3.benchmarks.scoring import Figure, Graded, mean, means_by
from rls3.benchmarks.tables import Row, read_rows

_SCENE = re.compile(r"FloorPlan_?(?:Train|Val|Test)?\d+(?:_\d+)?", re.IGNORECASE)


class EmbSpatial(Benchmark):
    """EmbSpatial-Bench."""

    name: ClassVar[str] = "embspatial"
    category: ClassVar[str] = "relation"
    indexed: ClassVar[bool] = True
    source: ClassVar[Source] = Source(
        files="embspatial_bench.json",
        url="https://huggingface.co/datasets/Phineas476/EmbSpatial-Bench",
        citation="Du et al.: EmbSpatial-Bench: Benchmarking Spatial Understanding for Embodied Tasks. ACL 2024",
        items="3,640",
    )

    def read(self, folder: Path) -> Reading:
        """Items of the one file; a data source is a part."""
        collector = Collector()
        for path in self.files(folder, "embspatial_bench.json", "embspatial_bench.jsonl"):
            for row in read_rows(path):
                part = row.text("data_source")
                collector.choice(
                    row,
                    row.texts("answer_options"),
                    row.integer("answer", range(len(LETTERS))),
                    id=row.label("question_id") if "question_id" in row.values else f"{part}/{row.index}",
                    question=row.text("question").strip("'\""),
                    category=row.text("relation"),
                    part=part,
                    pictures=(EncodedPicture(row.text("image"), row.where),),
                    scene=_scene(row),
                )
        return collector.reading()

    def figures(self, graded: Sequence[Graded]) -> list[Figure]:
        """Accuracy, by relation and by data source."""
        return [
            mean("accuracy", graded),
            *means_by(self.category, graded, lambda item: item.category),
            *means_by("data source", graded, lambda item: item.part),
        ]


def _scene(row: Row) -> str:
    """The iTHOR plan that one of the row's texts names; any plan when an AI2-THOR item names none."""
    for name, value in row.values.items():
        if name != "image" and isinstance(value, str) and (match := _SCENE.search(value)):
            return match[0]
    return ANY_PLAN if "thor" in row.text("data_source").lower() else ""

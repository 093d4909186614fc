"""What'sUp A and B (Kamath, Hessel and Chang, EMNLP 2023): one photograph, four captions, one right.

Rule, from `Controlled_Images` of github.com/amitakamath/whatsup_vlms: individual accuracy; pair accuracy (both
pictures of left+right, on+under or in front+behind right, over N/2); set accuracy (all four of an object pair right,
over N/4).
Object pair and preposition are read off the picture's file name. The first caption is always the right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import ClassVar

from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.item import Item
from rls3.benchmarks.pictures import FilePicture
from rls3.benchmarks.reading import Collector, Reading
from rls3.benchmarks.scoring import Figure, Graded, all_right, mean, means_by
from rls3.benchmarks.tables import read_rows

_SWAPPED = "one pillow and chair pair of A is published with left and right swapped; it is scored as published"
_PAIRS = {"left": "left+right", "right": "left+right", "on": "on+under", "under": "on+under"}
_PAIRS |= {"in-front": "in-front+behind", "behind": "in-front+behind"}


class WhatsUp(Benchmark):
    """What'sUp A (household objects on or beside furniture) and B (objects on a table)."""

    name: ClassVar[str] = "whatsup"
    category: ClassVar[str] = "preposition"
    captions: ClassVar[bool] = True
    indexed: ClassVar[bool] = True
    source: ClassVar[Source] = Source(
        files="controlled_images_dataset.json (A) or controlled_clevr_dataset.json (B), and their picture folders",
        url="https://github.com/amitakamath/whatsup_vlms",
        citation="Kamath, Hessel, Chang: What's 'up' with vision-language models? EMNLP 2023",
        items="412 (A) and 408 (B)",
    )
    _FILES: ClassVar[dict[str, str]] = {"controlled_images_dataset.json": "A", "controlled_clevr_dataset.json": "B"}

    def read(self, folder: Path) -> Reading:
        """Items of whichever of A and B is there."""
        collector = Collector()
        notes: list[str] = []
        for path in self.files(folder, *self._FILES):
            part = self._FILES[path.name]
            notes += [_SWAPPED] if part == "A" else []
            for row in read_rows(path):
                published = PurePosixPath(row.text("image_path"))
                words = published.stem.split("_")
                collector.choice(
                    row,
                    row.texts("caption_options"),
                    0,
                    id=f"{part}/{published.name}",
                    question="Which caption describes the picture?",
                    category=words[1] if len(words) > 1 else "",
                    part=part,
                    pictures=(FilePicture(path.parent / published.parent.name / published.name),),
                    group=f"{part}/{words[0]}/{words[-1]}",
                )
        return collector.reading(notes)

    def figures(self, graded: Sequence[Graded]) -> list[Figure]:
        """Individual, pair and set accuracy of A and B, and accuracy by preposition."""
        figures: list[Figure] = []
        for part in sorted({entry.item.part for entry in graded}):
            own = [entry for entry in graded if entry.item.part == part]
            figures += [
                mean(f"{part} individual accuracy", own),
                _whole_groups(f"{part} pair accuracy", own, size=2),
                _whole_groups(f"{part} set accuracy", own, size=4),
                *means_by(f"{part} {self.category}", own, lambda item: item.category),
            ]
        return figures


def _whole_groups(name: str, graded: Sequence[Graded], size: int) -> Figure:
    """Whole groups right, over N / size as the official code divides."""

    def key(item: Item) -> str:
        return item.group if size == 4 else f"{item.group}/{_PAIRS.get(item.category, item.category)}"

    counts: dict[str, int] = {}
    for entry in graded:
        counts[key(entry.item)] = counts.get(key(entry.item), 0) + 1
    right = all_right(name, [entry for entry in graded if counts[key(entry.item)] >= size], key)
    return replace(right, divisor=len(graded) / size / max(right.units, 1))

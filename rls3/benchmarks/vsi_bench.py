"""VSI-Bench (Yang et al., Thinking in Space, CVPR 2025): questions on videos of rooms, to choose or to estimate.

Rule, from `lmms_eval/tasks/vsibench/utils.py` of github.com/vision-x-nyu/thinking-in-space: of an answer only the first
word counts, without a full stop. A choice is right when that is the letter. A number earns the share of the ten
thresholds 0.50, 0.55 ... 0.95 at which |answer - truth| / truth <= 1 - threshold (mean relative accuracy). The overall
score is the mean over question types, the three difficulties of relative direction making one type.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np

from rls3.benchmarks.answers import Answer
from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.errors import BenchmarkDataError
from rls3.benchmarks.item import LETTERS, Item
from rls3.benchmarks.pictures import FilePicture
from rls3.benchmarks.reading import Collector, Reading
from rls3.benchmarks.scoring import Figure, Graded, mean, split_by
from rls3.benchmarks.tables import Row, read_rows

CHOICE_TYPES = (
    "object_rel_direction_easy",
    "object_rel_direction_medium",
    "object_rel_direction_hard",
    "object_rel_distance",
    "route_planning",
    "obj_appearance_order",
)
NUMBER_TYPES = ("object_abs_distance", "object_counting", "object_size_estimation", "room_size_estimation")
_DIRECTION = "object_rel_direction"
_THRESHOLDS = np.linspace(0.5, 0.95, 10)
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png")


class VsiBench(Benchmark):
    """VSI-Bench; frames of a video are pictures in a folder of the video's name, beside it."""

    name: ClassVar[str] = "vsi-bench"
    category: ClassVar[str] = "question type"
    strict: ClassVar[bool] = True
    source: ClassVar[Source] = Source(
        files="test-00000-of-00001.parquet or test.jsonl, and the videos of arkitscenes, scannet and scannetpp",
        url="https://huggingface.co/datasets/nyu-visionx/VSI-Bench",
        citation="Yang et al.: Thinking in Space: How Multimodal LLMs See, Remember, and Recall Spaces. CVPR 2025",
        items="5,130",
    )

    def read(self, folder: Path) -> Reading:
        """Items of the test split."""
        collector = Collector()
        path = self.files(folder, "test-*.parquet", "test.jsonl")[0]
        for row in read_rows(path):
            kind = row.text("question_type")
            scene = row.label("scene_name")
            fields = {
                "id": row.label("id"),
                "question": row.text("question"),
                "category": kind,
                "part": "test",
                "pictures": _frames(path.parent / row.text("dataset") / f"{scene}.mp4"),
                "scene": scene,
            }
            if kind in CHOICE_TYPES:
                collector.choice(row, _options(row), _gold(row), **fields)
            elif kind in NUMBER_TYPES:
                collector.number(row, row.number("ground_truth"), **fields)
            else:
                raise BenchmarkDataError(
                    f"{row.where}: field 'question_type' must be one of {', '.join((*CHOICE_TYPES, *NUMBER_TYPES))}, "
                    f"got {kind!r}"
                )
        return collector.reading()

    def answer(self, item: Item, text: str) -> Answer:
        """The authors' rule: the first word alone."""
        word = text.split(" ")[0].rstrip(".").strip()
        if item.number is None:
            letters = LETTERS[: len(item.options)]
            return letters.index(word.upper()) if len(word) == 1 and word.upper() in letters else None
        try:
            return float(word)
        except ValueError:
            return None

    def points(self, item: Item, answer: Answer) -> float:
        """1 or 0 for a choice, mean relative accuracy for a number."""
        if item.number is None or answer is None:
            return super().points(item, answer)
        return float((abs(answer - item.number) / item.number <= 1 - _THRESHOLDS).mean())

    def figures(self, graded: Sequence[Graded]) -> list[Figure]:
        """Overall score, relative direction as one, each question type."""
        types = {name: mean(f"{self.category}: {name}", own) for name, own in split_by(graded, _category).items()}
        directions = {name: figure for name, figure in types.items() if name.startswith(_DIRECTION)}
        others = [figure for name, figure in types.items() if name not in directions]
        thirds = tuple((1 / 3, points) for figure in directions.values() for _, points in figure.strata)
        singles = tuple(stratum for figure in others for stratum in figure.strata)
        overall = Figure("overall", (*singles, *thirds), divisor=float(len(others) + bool(directions)))
        direction = [Figure(f"{self.category}: {_DIRECTION}", thirds)] if directions else []
        return [overall, *direction, *types.values()]


def _category(item: Item) -> str:
    return item.category


def _options(row: Row) -> list[str]:
    """Options are published as "A. chair"; their letters are left off."""
    return [option.partition(". ")[2] or option for option in row.texts("options")]


def _gold(row: Row) -> int:
    letter = row.text("ground_truth").strip()
    if len(letter) != 1 or letter not in LETTERS:
        raise BenchmarkDataError(f"{row.where}: field 'ground_truth' must be a letter, got {letter!r}")
    return LETTERS.index(letter)


def _frames(video: Path) -> tuple[FilePicture, ...]:
    folder = video.with_suffix("")
    if not folder.is_dir():
        return (FilePicture(video),)
    return tuple(FilePicture(path) for path in sorted(folder.iterdir()) if path.suffix.lower() in _PICTURE_ENDINGS)

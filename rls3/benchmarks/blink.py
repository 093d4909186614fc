"""BLINK (Fu et al., ECCV 2024): two to five choices about one to four pictures; here above all its spatial tasks.

Rule, from `eval/evaluate.py` and `eval/test_benchmark.py` of github.com/zeyofu/BLINK_Benchmark: accuracy per task, the
total is the unweighted mean of the tasks. The letter is the one bracketed choice in the answer's last paragraph, or in
all of it. What that rule leaves open the authors asked GPT-3.5; here the fixed rules of `answers` decide. Published
outputs carry the authors' own reading in `prediction`, which reproduces their figures to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from rls3.benchmarks.answers import Answer
from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.errors import BenchmarkDataError
from rls3.benchmarks.item import LETTERS, Item
from rls3.benchmarks.pictures import TablePicture
from rls3.benchmarks.reading import Collector, Reading
from rls3.benchmarks.scoring import Figure, Graded, mean, mean_of_means, split_by
from rls3.benchmarks.tables import Row, json_entries, read_rows

SPATIAL_TASKS = ("Spatial_Relation", "Relative_Depth", "Multi-view_Reasoning")
_PICTURES = ("image_1", "image_2", "image_3", "image_4")
# The choices of these tasks are the same for all items; the answer files published without questions lack them.
_FIXED_OPTIONS = {
    "Spatial_Relation": ("yes", "no"),
    "Relative_Depth": ("A is closer", "B is closer"),
    "Multi-view_Reasoning": ("left", "right"),
    "Object_Localization": ("Box A", "Box B"),
}


class Blink(Benchmark):
    """BLINK, whichever of its tasks are in the folder; a task is a part."""

    name: ClassVar[str] = "blink"
    category: ClassVar[str] = "task"
    source: ClassVar[Source] = Source(
        files="<task>/val-*.parquet, or for scoring alone val_answers.json or published outputs with their answers",
        url="https://huggingface.co/datasets/BLINK-Benchmark/BLINK and https://github.com/zeyofu/BLINK_Benchmark",
        citation="Fu et al.: BLINK: Multimodal Large Language Models Can See but Not Perceive. ECCV 2024",
        items="val: spatial relation 143, relative depth 124, multi-view reasoning 133; 1,901 in all 14 tasks",
    )

    def read(self, folder: Path) -> Reading:
        """Items of the Parquet files; where there are none, of the answer files published without pictures."""
        paths = self.files(folder, "*.parquet", "val_answers.json", "*.json")
        tables = [path for path in paths if path.suffix == ".parquet"]
        answers = [path for path in paths if path.name == "val_answers.json"]
        collector = Collector()
        hidden = 0
        for row in _rows(tables or answers or paths):
            task = _task(row)
            if row.text("answer") == "hidden":
                hidden += 1
                continue
            options = row.texts("choices") if "choices" in row.values else _options(task)
            collector.choice(
                row,
                options,
                _letter(row),
                id=row.text("idx"),
                question=row.values.get("question") or "",
                category=task,
                part=task,
                pictures=_pictures(row),
            )
        return collector.reading([f"{hidden} items with hidden answers are not read"] if hidden else [])

    def answer(self, item: Item, text: str) -> Answer:
        """The authors' rule; what it leaves open is read by the fixed rules of `answers`."""
        choices = {f"({letter})" for letter in LETTERS[: len(item.options)]}
        for part in (text.split("\n\n")[-1], text):
            found = choices.intersection(part.split())
            if len(found) == 1 and choices.intersection(text.split()):
                return LETTERS.index(found.pop()[1])
        return super().answer(item, text)

    def figures(self, graded: Sequence[Graded]) -> list[Figure]:
        """Mean of the tasks as published, mean of the spatial tasks, each task."""
        tasks = split_by(graded, lambda item: item.part)
        spatial = [tasks[task] for task in SPATIAL_TASKS if task in tasks]
        figures = [mean_of_means("mean of tasks", tasks.values())]
        if spatial and len(spatial) < len(tasks):
            figures.append(mean_of_means("mean of spatial tasks", spatial))
        return figures + [mean(f"task: {task}", own) for task, own in tasks.items()]


def _rows(paths: Sequence[Path]) -> Iterator[Row]:
    """Rows of tables; of answer files, where several models' outputs repeat the same gold answers, each once."""
    seen: set[tuple[str, str]] = set()
    for path in paths:
        if path.suffix == ".parquet":
            yield from read_rows(path, pictures=_PICTURES)
            continue
        for row in _answer_rows(path):
            gold = (row.text("idx"), row.text("answer"))
            if gold not in seen:
                yield row
            seen.add(gold)


def _answer_rows(path: Path) -> Iterator[Row]:
    """Rows of {"val_<task>_1": "(A)", ...} or of {"val": [{"idx": ..., "answer": ...}, ...], ...}."""
    (_, whole), *rest = json_entries(path)
    if rest or not isinstance(whole, dict):
        raise BenchmarkDataError(f"{path}: expected an object of answers by idx, or one with a list 'val'")
    entries: list[Any] = []
    for key, value in whole.items():
        entries += value if isinstance(value, list) else [{"idx": key, "answer": value}]
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise BenchmarkDataError(f"{path}, entry {index + 1}: a row must be an object, got {type(entry).__name__}")
        yield Row(path, f"entry {index + 1}", index, entry)


def _task(row: Row) -> str:
    """The task in an idx such as "val_Relative_Depth_12"."""
    _, _, rest = row.text("idx").partition("_")
    task, _, number = rest.rpartition("_")
    if not task or not number.isdigit():
        raise BenchmarkDataError(
            f"{row.where}: field 'idx' must look like 'val_Relative_Depth_12', got {row.text('idx')!r}"
        )
    return task


def _letter(row: Row) -> int:
    letter = row.text("answer").strip("() ")
    if len(letter) != 1 or letter not in LETTERS:
        raise BenchmarkDataError(f"{row.where}: field 'answer' must look like '(A)', got {row.text('answer')!r}")
    return LETTERS.index(letter)


def _options(task: str) -> tuple[str, ...]:
    """The task's options; bare letters where they differ from item to item."""
    return _FIXED_OPTIONS.get(task, tuple(LETTERS[:4]))


def _pictures(row: Row) -> tuple[TablePicture, ...]:
    return tuple(TablePicture(row.file, row.index, column) for column in _PICTURES if row.values.get(column))

"""ShapeWorld, relational-spatial (Kuhnle and Copestake, 2017): is the caption true of a picture of few shapes?

Files as `generate.py` of github.com/AlexKuhnle/ShapeWorld writes them: world-<n>.png, caption.txt (blocks of captions,
one block per picture), agreement.txt (1.0 or 0.0 for each), world_model.json.gz (what the pictures show). Labels of
left, right, above and below follow the shapes' centres and are checked against them. "In front of" and "behind" do not
follow depth: such captions are left out.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any, ClassVar

from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.errors import BenchmarkDataError
from rls3.benchmarks.pictures import FilePicture
from rls3.benchmarks.reading import Collector, Reading
from rls3.benchmarks.tables import Row

# Relation -> (coordinate, sign): the subject's coordinate is smaller or larger than the reference's. y points down.
_RELATIONS = {
    "to the left of": ("x", -1),
    "to the right of": ("x", 1),
    "above": ("y", -1),
    "below": ("y", 1),
}
_DEPTH = ("in front of", "behind")


@dataclass(frozen=True)
class Statement:
    """A caption taken apart: "a red square is above a cross ."."""

    subject: frozenset[str]
    relation: str
    reference: frozenset[str]

    def holds(self, entities: Sequence[Mapping[str, Any]]) -> bool:
        """Whether some two shapes of the world make it true.

        Args:
            entities: shapes with color.name, shape.name and center (x right, y down, 0..1).
        """
        axis, sign = _RELATIONS[self.relation]
        return any(
            self.subject <= _words(first)
            and self.reference <= _words(second)
            and sign * (first["center"][axis] - second["center"][axis]) > 0
            for first, second in permutations(entities, 2)
        )


class ShapeWorld(Benchmark):
    """ShapeWorld's relational-spatial captions."""

    name: ClassVar[str] = "shapeworld"
    category: ClassVar[str] = "relation"
    indexed: ClassVar[bool] = True
    source: ClassVar[Source] = Source(
        files="caption.txt, agreement.txt, world_model.json.gz and world-<n>.png",
        url="https://github.com/AlexKuhnle/ShapeWorld",
        citation="Kuhnle, Copestake: ShapeWorld: A new test methodology for multimodal language understanding. 2017",
        items="100 pictures x 5 captions",
    )

    def read(self, folder: Path) -> Reading:
        """Items of every folder with a caption.txt; labels that the world contradicts are faulty."""
        collector = Collector()
        left_out = 0
        for path in self.files(folder, "caption.txt"):
            captions = _blocks(path)
            labels = _labels(self.files(path.parent, "agreement.txt")[0], captions)
            worlds = _worlds(self.files(path.parent, "world_model.json.gz")[0], len(captions))
            index = 0
            for number, block in enumerate(captions):
                for (line, caption), label in zip(block, labels[number], strict=True):
                    row = Row(path, f"line {line}", index, {})
                    statement = parse(caption)
                    if statement is None:
                        collector.skip(path.parent.name)
                        left_out += 1
                    else:
                        self._collect(collector, row, statement, caption, label, number, worlds[number])
                    index += 1
        return collector.reading([f"{left_out} captions on depth are left out"] if left_out else [])

    def _collect(
        self,
        collector: Collector,
        row: Row,
        statement: Statement,
        caption: str,
        label: bool,
        number: int,
        entities: Sequence[Mapping[str, Any]],
    ) -> None:
        part = row.file.parent.name
        fields: dict[str, Any] = {
            "id": f"{part}/{row.index}",
            "question": caption,
            "category": statement.relation,
            "part": part,
            "pictures": (FilePicture(row.file.parent / f"world-{number}.png"),),
        }
        if statement.holds(entities) != label:
            collector.fault(row, f"its label is {label}, the shapes of its world say otherwise", **fields)
        else:
            collector.choice(row, ("False", "True"), int(label), **fields)


def parse(caption: str) -> Statement | None:
    """The caption's parts; None for one on depth.

    Raises:
        BenchmarkDataError: no relation that ShapeWorld's generator uses.
    """
    text = caption.strip().removesuffix(".").strip()
    for relation in _RELATIONS:
        subject, verb, reference = text.partition(f" is {relation} ")
        if verb:
            return Statement(_noun(subject), relation, _noun(reference))
    if any(f" is {relation} " in text for relation in _DEPTH):
        return None
    known = ", ".join((*_RELATIONS, *_DEPTH))
    raise BenchmarkDataError(f"caption {caption!r} states no relation that is known: {known}")


def _noun(phrase: str) -> frozenset[str]:
    return frozenset(phrase.split()) - {"a", "an", "shape"}


def _words(entity: Mapping[str, Any]) -> frozenset[str]:
    return frozenset((entity["color"]["name"], entity["shape"]["name"]))


def _blocks(path: Path) -> list[list[tuple[int, str]]]:
    """(line number, caption) of each picture; an empty line ends a picture's block."""
    blocks: list[list[tuple[int, str]]] = [[]]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            blocks[-1].append((number, line.strip()))
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _labels(path: Path, captions: Sequence[Sequence[tuple[int, str]]]) -> list[list[bool]]:
    lines = path.read_text(encoding="utf-8").split()
    if len(lines) != len(captions):
        raise BenchmarkDataError(f"{path} has {len(lines)} lines for {len(captions)} blocks of captions")
    labels = []
    for number, (line, block) in enumerate(zip(lines, captions, strict=True), start=1):
        values = line.split(";")
        if len(values) != len(block) or not set(values) <= {"0.0", "1.0"}:
            raise BenchmarkDataError(f"{path}, line {number}: expected {len(block)} times 0.0 or 1.0, got {line!r}")
        labels.append([value == "1.0" for value in values])
    return labels


def _worlds(path: Path, count: int) -> list[list[Mapping[str, Any]]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        worlds = json.load(stream)
    if len(worlds) != count:
        raise BenchmarkDataError(f"{path} has {len(worlds)} worlds for {count} blocks of captions")
    return [world["entities"] for world in worlds]

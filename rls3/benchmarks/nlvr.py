"""NLVR (Suhr, Lewis, Yeh and Artzi, ACL 2017): is the sentence true of three boxes of coloured shapes?

Rule, from `metrics_structured_rep.py` and `metrics_images.py` of github.com/lil-lab/nlvr: accuracy over examples, or
over their six pictures each (the boxes in every order), and consistency, the share of sentences right throughout.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any, ClassVar

from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.errors import BenchmarkDataError
from rls3.benchmarks.pictures import FilePicture
from rls3.benchmarks.reading import Collector, Reading
from rls3.benchmarks.scoring import Figure, Graded, all_right, mean
from rls3.benchmarks.tables import Row, read_rows

PICTURES = 6


class Nlvr(Benchmark):
    """NLVR, one answer per example."""

    name: ClassVar[str] = "nlvr"
    category: ClassVar[str] = "directory"
    source: ClassVar[Source] = Source(
        files="dev/dev.json (also test/test.json, train/train.json) and the folders images/ beside them",
        url="https://github.com/lil-lab/nlvr",
        citation="Suhr, Lewis, Yeh, Artzi: A Corpus of Natural Language for Visual Reasoning. ACL 2017",
        items="989 (dev)",
    )

    def read(self, folder: Path) -> Reading:
        """Items of every split file that is there; an example whose raters say otherwise than its label is faulty."""
        collector = Collector()
        for path in self.files(folder, "train.json", "dev.json", "test.json"):
            for row in read_rows(path):
                self._collect(collector, path, row)
        return collector.reading()

    def figures(self, graded: Sequence[Graded]) -> list[Figure]:
        """Accuracy and consistency."""
        return [mean("accuracy", graded), all_right("consistency", graded, lambda item: item.group)]

    def _collect(self, collector: Collector, path: Path, row: Row) -> None:
        self._add(collector, path, row, row.text("identifier"), 0)

    def _add(self, collector: Collector, path: Path, row: Row, own: str, picture: int) -> None:
        label = row.text("label").lower()
        fields: dict[str, Any] = {
            "id": own,
            "question": row.text("sentence"),
            "category": row.text("directory"),
            "part": path.stem,
            "pictures": (_picture(path, row, picture),),
            "group": f"{path.stem}/{row.text('identifier').split('-')[0]}",
        }
        voted = voted_label(row)
        if voted is not None and voted != label:
            collector.fault(row, f"its label is {label}, its raters say {voted}", **fields)
        else:
            collector.choice(row, ("false", "true"), label, **fields)


class NlvrImages(Nlvr):
    """NLVR, one answer per picture, as the official script for pictures wants it."""

    name: ClassVar[str] = "nlvr-images"
    source: ClassVar[Source] = Source(Nlvr.source.files, Nlvr.source.url, Nlvr.source.citation, "5,934 pictures (dev)")

    def _collect(self, collector: Collector, path: Path, row: Row) -> None:
        for picture in range(PICTURES):
            own = f"{path.stem}-{row.text('identifier')}-{picture}"
            self._add(collector, path, row, own, picture)


def voted_label(row: Row) -> str | None:
    """What most raters say, "true" or "false"; None without votes or in a tie."""
    votes = Counter(str(vote).lower() for vote in row.values.get("evals", {}).values()).most_common()
    if not votes or (len(votes) > 1 and votes[0][1] == votes[1][1]):
        return None
    return votes[0][0]


def boxes(row: Row, picture: int) -> tuple[list[dict[str, Any]], ...]:
    """The boxes as they stand in picture `picture`, left to right.

    Picture k shows the k-th of `itertools.permutations` of the structured boxes. A thing has x_loc, y_loc (upper left
    corner), size (pixels), color and type; boxes are 100 pixels wide.

    Raises:
        BenchmarkDataError: the row has no three boxes.
    """
    structure = row.values.get("structured_rep")
    if not isinstance(structure, list) or len(structure) != 3:
        raise BenchmarkDataError(f"{row.where}: field 'structured_rep' must be a list of three boxes")
    return list(permutations(structure))[picture]


def _picture(path: Path, row: Row, picture: int) -> FilePicture:
    """Published as images/<directory>/<name>.png; some copies keep all pictures in images/."""
    name = f"{path.stem}-{row.text('identifier')}-{picture}.png"
    nested = path.parent / "images" / row.text("directory") / name
    return FilePicture(nested if nested.is_file() else path.parent / "images" / name)

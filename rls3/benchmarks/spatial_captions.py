"""COCO-spatial and GQA-spatial (Kamath, Hessel and Chang, EMNLP 2023): one photograph, a true and a false caption.

Rule, from `COCO_QA` and `VG_QA` of github.com/amitakamath/whatsup_vlms: accuracy of each file, and by preposition,
which is read off the true caption. Rows are [picture id, true caption, false caption].
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from rls3.benchmarks.benchmark import Benchmark, Source
from rls3.benchmarks.errors import BenchmarkDataError
from rls3.benchmarks.pictures import FilePicture
from rls3.benchmarks.reading import Collector, Reading
from rls3.benchmarks.scoring import Figure, Graded, mean, mean_of_means, means_by, split_by
from rls3.benchmarks.tables import Row, json_entries

_URL = "https://github.com/amitakamath/whatsup_vlms"
_CITATION = "Kamath, Hessel, Chang: What's 'up' with vision-language models? EMNLP 2023"


class _CaptionPairs(Benchmark):
    """Two files, with one and with two named objects."""

    category: ClassVar[str] = "preposition"
    captions: ClassVar[bool] = True
    indexed: ClassVar[bool] = True
    _parts: ClassVar[dict[str, str]]
    _phrases: ClassVar[dict[str, str]]
    _otherwise: ClassVar[str]

    def read(self, folder: Path) -> Reading:
        """Items of whichever of the two files is there."""
        collector = Collector()
        for path in self.files(folder, *self._parts):
            part = self._parts[path.name]
            for index, (place, entry) in enumerate(json_entries(path)):
                row = _row(path, place, index, entry)
                captions = (row.text("true caption"), row.text("false caption"))
                collector.choice(
                    row,
                    captions,
                    0,
                    id=f"{part}/{index}",
                    question="Which caption describes the picture?",
                    category=self._preposition(captions[0], part),
                    part=part,
                    pictures=(FilePicture(path.parent / self._picture(row.label("picture"))),),
                )
        return collector.reading()

    def figures(self, graded: Sequence[Graded]) -> list[Figure]:
        """Accuracy of each file and by its prepositions; the paper's table averages the two files."""
        parts = split_by(graded, lambda item: item.part)
        figures = [mean_of_means("mean of the files", parts.values())] if len(parts) > 1 else []
        for part, own in parts.items():
            figures += [mean(f"{part} accuracy", own), *means_by(f"{part} preposition", own, lambda i: i.category)]
        return figures

    def _preposition(self, caption: str, part: str) -> str:
        if part == "one-object":
            return caption.split()[-1] if caption.split() else ""
        return next((name for phrase, name in self._phrases.items() if phrase in caption), self._otherwise)

    @abstractmethod
    def _picture(self, picture: str) -> str:
        """Path of a picture, by its id, below the folder of the files."""


class CocoSpatial(_CaptionPairs):
    """COCO-spatial: photographs of COCO val2017."""

    name: ClassVar[str] = "coco-spatial"
    source: ClassVar[Source] = Source(
        files="coco_qa_one_obj.json and coco_qa_two_obj.json, and the picture folder val2017",
        url=_URL,
        citation=_CITATION,
        items="2,247 (one object) and 440 (two objects)",
    )
    _parts: ClassVar[dict[str, str]] = {"coco_qa_one_obj.json": "one-object", "coco_qa_two_obj.json": "two-objects"}
    _phrases: ClassVar[dict[str, str]] = {"left of": "left", "right of": "right", "above": "above"}
    _otherwise: ClassVar[str] = "below"

    def _picture(self, picture: str) -> str:
        return f"val2017/{picture.zfill(12)}.jpg"


class GqaSpatial(_CaptionPairs):
    """GQA-spatial: photographs of Visual Genome."""

    name: ClassVar[str] = "gqa-spatial"
    source: ClassVar[Source] = Source(
        files="vg_qa_one_obj.json and vg_qa_two_obj.json, and the picture folder vg_images",
        url=_URL,
        citation=_CITATION,
        items="1,160 (one object) and 291 (two objects)",
    )
    _parts: ClassVar[dict[str, str]] = {"vg_qa_one_obj.json": "one-object", "vg_qa_two_obj.json": "two-objects"}
    _phrases: ClassVar[dict[str, str]] = {
        "left of": "left",
        "right of": "right",
        "front of": "front",
        "behind": "behind",
    }
    _otherwise: ClassVar[str] = "top"

    def _picture(self, picture: str) -> str:
        return f"vg_images/{picture}.jpg"


def _row(path: Path, place: str, index: int, entry: Any) -> Row:
    if not isinstance(entry, list) or len(entry) != 3:
        raise BenchmarkDataError(
            f"{path}, {place}: a row must be [picture id, true caption, false caption], got {type(entry).__name__}"
        )
    return Row(path, place, index, dict(zip(("picture", "true caption", "false caption"), entry, strict=True)))

"""The leak check: do the scenes or pictures that trained a model turn up in a benchmark?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rls3.benchmarks.item import Item
from rls3.benchmarks.pictures import FilePicture
from rls3.samples.record import Sample

_PHYSICS = re.compile(r"_physics$", re.IGNORECASE)


@dataclass(frozen=True)
class Provenance:
    """What a model was trained on.

    Attributes:
        scenes: scene ids, such as "FloorPlan7".
        pictures: file names of photographs, such as "000000372029.jpg".
        questions: (picture file name, question or caption) pairs of other benchmarks' training files.
    """

    scenes: frozenset[str] = frozenset()
    pictures: frozenset[str] = frozenset()
    questions: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of_samples(cls, samples: Iterable[Sample]) -> Provenance:
        """The scenes of training samples."""
        return cls(scenes=frozenset(plain_scene(sample.scene_id) for sample in samples))

    @classmethod
    def of_items(cls, items: Iterable[Item]) -> Provenance:
        """The scenes, pictures and questions of a benchmark's training split."""
        kept = list(items)
        return cls(
            scenes=frozenset(plain_scene(item.scene) for item in kept if item.scene),
            pictures=frozenset(name for item in kept for name in picture_names(item)),
            questions=frozenset((name, item.question) for item in kept for name in picture_names(item)),
        )


@dataclass(frozen=True)
class Leak:
    """Items of a benchmark that share something with the training.

    Attributes:
        kind: "scene", "picture" or "question".
        items: ids of the items.
        shared: what they share, sorted.
    """

    kind: str
    items: tuple[str, ...]
    shared: tuple[str, ...]


def find_leaks(items: Collection[Item], training: Provenance) -> list[Leak]:
    """What of `items` was seen in training, by scene, by picture, and by picture and question together."""
    found: list[Leak] = []
    for kind, traces, seen in (
        ("scene", lambda item: [plain_scene(item.scene)], training.scenes),
        ("picture", picture_names, training.pictures),
        ("question", lambda item: [(name, item.question) for name in picture_names(item)], training.questions),
    ):
        hits = {item.id: [trace for trace in traces(item) if trace in seen] for item in items}
        leaked = tuple(name for name, shared in hits.items() if shared)
        if leaked:
            shared = sorted({str(trace) for traces in hits.values() for trace in traces})
            found.append(Leak(kind, leaked, tuple(shared)))
    return found


def plain_scene(scene: str) -> str:
    """A scene's id without the suffix of AI2-THOR's physics scenes."""
    return _PHYSICS.sub("", scene)


def picture_names(item: Item) -> list[str]:
    """File names of an item's photographs; pictures inside tables have none."""
    return [picture.path.name for picture in item.pictures if isinstance(picture, FilePicture)]

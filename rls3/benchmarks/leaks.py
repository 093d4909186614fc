"""The leak check: do the scenes or pictures that trained a model turn up in a benchmark?"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rls3.benchmarks.item import Item
from rls3.benchmarks.pictures import FilePicture

# The scene of an item that shows some iTHOR plan without saying which: no plan is known to be disjoint from it.
ANY_PLAN = "FloorPlan*"


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
    def of_scenes(cls, scenes: Iterable[str]) -> Provenance:
        """The scenes of training samples, by the ids they carry."""
        return cls(scenes=frozenset(map(plain_scene, scenes)))

    def __or__(self, other: Provenance) -> Provenance:
        """What either was trained on."""
        return Provenance(self.scenes | other.scenes, self.pictures | other.pictures, self.questions | other.questions)

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


def find_leaks(items: Sequence[Item], training: Provenance) -> list[Leak]:
    """What of `items` was seen in training, by scene, by picture, and by picture and question together."""
    shared = {
        "scene": {item.id: _scenes(item, training) for item in items},
        "picture": {item.id: sorted(training.pictures.intersection(picture_names(item))) for item in items},
        "question": {item.id: [name for name in picture_names(item) if _asked(name, item, training)] for item in items},
    }
    found = []
    for kind, by_item in shared.items():
        leaked = tuple(own for own, traces in by_item.items() if traces)
        if leaked:
            found.append(Leak(kind, leaked, tuple(sorted({trace for traces in by_item.values() for trace in traces}))))
    return found


def plain_scene(scene: str) -> str:
    """A scene's id without the suffix of AI2-THOR's physics scenes."""
    return scene.removesuffix("_physics")


def picture_names(item: Item) -> list[str]:
    """File names of an item's photographs; pictures inside tables have none."""
    return [picture.path.name for picture in item.pictures if isinstance(picture, FilePicture)]


def _scenes(item: Item, training: Provenance) -> list[str]:
    return sorted(fnmatch.filter(training.scenes, plain_scene(item.scene))) if item.scene else []


def _asked(name: str, item: Item, training: Provenance) -> bool:
    return (name, item.question) in training.questions

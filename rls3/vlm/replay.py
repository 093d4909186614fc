"""Memory of earlier rounds against forgetting: a uniform sample of all examples seen so far."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rls3.vlm.data import Example


class Reservoir:
    """Reservoir sampling (Vitter's algorithm R, 1985): after n examples each is kept with probability capacity / n.

    Args:
        capacity: most examples kept.
        seed: of the draws.
    """

    def __init__(self, capacity: int, seed: int) -> None:
        self._capacity = capacity
        self._rng = np.random.default_rng(seed)
        self._kept: list[Example] = []
        self._seen = 0

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, examples: Sequence[Example]) -> None:
        """Offer examples in order."""
        for example in examples:
            self._seen += 1
            if len(self._kept) < self._capacity:
                self._kept.append(example)
            elif (place := int(self._rng.integers(self._seen))) < self._capacity:
                self._kept[place] = example

    def draw(self, count: int) -> list[Example]:
        """`count` distinct examples, or all when fewer are kept."""
        count = min(count, len(self._kept))
        return [self._kept[i] for i in self._rng.choice(len(self._kept), count, replace=False)] if count else []

    def save(self, file: Path) -> None:
        """Write everything needed to go on exactly, as an `.npz` of the pictures and one JSON text."""
        write_examples(file, self._kept, {"seen": self._seen, "rng": self._rng.bit_generator.state})

    def restore(self, file: Path) -> None:
        """Take over what `save` wrote.

        Raises:
            OSError, ValueError, KeyError: the file is missing or is none that `save` wrote.
        """
        self._kept, record = read_examples(file)
        self._seen = record["seen"]
        self._rng.bit_generator.state = record["rng"]


def write_examples(file: Path, examples: Sequence[Example], record: Mapping[str, Any]) -> None:
    """Write examples whose pictures are of one size, and what else there is to say, as JSON values."""
    texts = [[e.question, list(e.options), e.answer, list(e.statements), list(e.terms)] for e in examples]
    images = np.stack([example.image for example in examples]) if examples else np.zeros((0, 0, 0, 3), np.uint8)
    with file.open("wb") as out:
        np.savez_compressed(out, images=images, record=np.array(json.dumps({**record, "texts": texts})))


def read_examples(file: Path) -> tuple[list[Example], dict[str, Any]]:
    """What `write_examples` wrote.

    Raises:
        OSError, ValueError, KeyError: the file is missing or is none that it wrote.
    """
    with np.load(file) as stored:
        images, record = stored["images"], json.loads(str(stored["record"]))
    examples = [
        Example(image, question, tuple(options), answer, tuple(statements), tuple(terms))
        for image, (question, options, answer, statements, terms) in zip(images, record["texts"], strict=True)
    ]
    return examples, record

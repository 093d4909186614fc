"""What a base model was taught, kept beside it, so that some of it is trained on again and not forgotten.

Robins, "Catastrophic Forgetting, Rehearsal and Pseudorehearsal", 1995. Without it a student that is shown what it is
weak at, and little else, loses what it was good at: the published curves dip after the first fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rls3.errors import ModelLoadError
from rls3.vlm.data import Example
from rls3.vlm.replay import read_examples, write_examples

REHEARSAL_FILE = "rehearsal.npz"
REHEARSED = 200
"""Examples that ship with a base model made here: a megabyte or two."""


class Rehearsal:
    """Examples of what the base model was taught; none for one that brings none.

    Args:
        folder: the base model's; a hub id has none.

    Raises:
        ModelLoadError: the file is damaged.
    """

    def __init__(self, folder: Path) -> None:
        file = folder / REHEARSAL_FILE
        self._examples: list[Example] = []
        if file.is_file():
            try:
                self._examples, _ = read_examples(file)
            except (OSError, ValueError, KeyError) as error:
                raise ModelLoadError(
                    f"'{file}' cannot be read: {' '.join(str(error).split())[:300]}; restore it, or delete it to "
                    "train without rehearsal"
                ) from error

    def draw(self, count: int, rng: np.random.Generator) -> list[Example]:
        """`count` distinct examples, or all when there are fewer."""
        chosen = rng.permutation(len(self._examples))[:count]
        return [self._examples[i] for i in chosen]


def save_rehearsal(examples: Sequence[Example], folder: Path) -> None:
    """Keep examples beside a base model."""
    write_examples(folder / REHEARSAL_FILE, examples, {})

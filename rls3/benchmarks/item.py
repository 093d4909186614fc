"""One question of any benchmark, and what is done to it before a model sees it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rls3.benchmarks.pictures import BlankPicture, Picture

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Item:
    """One question.

    Attributes:
        id: unique in the benchmark; the published id where there is one, else "part/row".
        question: what is asked; for caption benchmarks the task in words.
        options: candidate answers in the published order; () when a number is asked for.
        answer: index of the right option; -1 when a number is asked for.
        number: the right number, in the unit the question names; None for a choice.
        pictures: what the question is about, in order.
        about: (H, W, 3), k where the k-th object asked about shows in the one picture; None where nobody tells.
        category: what the official code reports accuracy by (task, relation, question type).
        part: the separately published part it is from (split, subset, task).
        position: place in that part as published, 0-based and counting faulty rows.
        group: items that are only right together share it; "" when an item counts alone.
        facets: further columns that scores are reported by.
        scene: id of the simulated or scanned scene it shows; "" when unknown.
        statements: each option as a sentence on the picture, where the benchmark has such; else ().
    """

    id: str
    question: str
    options: tuple[str, ...]
    answer: int
    category: str
    part: str
    position: int
    number: float | None = None
    pictures: tuple[Picture, ...] = ()
    about: Picture | None = None
    group: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    scene: str = ""
    statements: tuple[str, ...] = ()

    def shuffled(self, seed: int) -> Item:
        """The same question with its options in an order drawn from `seed` and the item's id.

        Published files often keep the right option at one place; a model must not profit from it.
        """
        order = np.random.default_rng((seed, zlib.crc32(self.id.encode()))).permutation(len(self.options))
        return replace(
            self,
            options=tuple(self.options[index] for index in order),
            statements=tuple(self.statements[index] for index in order[: len(self.statements)]),
            answer=int(np.flatnonzero(order == self.answer)[0]) if self.options else -1,
        )

    def blind(self) -> Item:
        """The same question without its pictures, for the blind baseline."""
        return replace(self, pictures=tuple(BlankPicture() for _ in self.pictures), about=None)


def chosen(scores: Sequence[float]) -> int | None:
    """Index of the strictly best score; None for a tie, which is no answer and never option 0 by accident."""
    values = np.asarray(scores, dtype=np.float64)
    best = np.flatnonzero(values == values.max()) if len(values) else np.empty(0, dtype=np.intp)
    return int(best[0]) if len(best) == 1 else None

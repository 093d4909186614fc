"""What a student trains on: samples reduced to a small picture, a question, its options and its true terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch.utils.data import Dataset

from rls3.samples.record import Sample
from rls3.scene.edit import TERMS


@dataclass(frozen=True)
class Example:
    """The part of a sample that a student sees, small enough to be kept in memory.

    Attributes:
        image: (S, S, 3) uint8, S the student's input size.
        question: the question.
        options: candidate answers in the order shown.
        terms: the true relation terms.
    """

    image: NDArray[np.uint8]
    question: str
    options: tuple[str, ...]
    terms: tuple[str, ...]


def to_example(sample: Sample, size: int) -> Example:
    """Reduce a sample to what a student with `size` x `size` input sees.

    Raises:
        ValueError: the sample has no picture (the simulator refused the edit).
    """
    if sample.image is None:
        raise ValueError(f"sample '{sample.sample_id}' has no picture; only samples with a picture can be answered")
    return Example(shrink(sample.image, size), sample.question, sample.options, sample.terms)


def shrink(image: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 to (size, size, 3) by averaging over boxes, so that thin things do not alias.

    A picture that is not square is squeezed: left stays left, and the whole frame stays in view.
    """
    if image.shape[:2] == (size, size):
        return image
    return np.asarray(Image.fromarray(image).resize((size, size), Image.Resampling.BOX))


def term_targets(terms: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """Multi-hot (N, 6) float32 rows in the order of `rls3.scene.edit.TERMS`."""
    return np.array([[float(term in chosen) for term in TERMS] for chosen in terms], np.float32).reshape(-1, len(TERMS))


class ExampleDataset(Dataset[Example]):
    """Examples as a map-style dataset."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = examples

    def __len__(self) -> int:
        return len(self._examples)

    def __getitem__(self, index: int) -> Example:
        """One example."""
        return self._examples[index]

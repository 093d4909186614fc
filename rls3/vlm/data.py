"""What a student trains on: samples reduced to a picture, a question, its options and their truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch.utils.data import Dataset

from rls3.config import ValidityConfig
from rls3.samples.record import Sample, scene_of
from rls3.scene.edit import TERMS
from rls3.scene.language import caption, options, phrase, question, terms_of
from rls3.scene.relations import relation
from rls3.scene.validity import invalid_reasons, presentable
from rls3.vlm.marks import Box, box_of_stats, boxes_of_mask, marked


@dataclass(frozen=True)
class Sight:
    """How a student sees a picture.

    Attributes:
        size: side to which pictures are shrunk, pixels; None = they stay as they are.
        marked: whether the two objects asked about are outlined, see `rls3.vlm.marks`.
    """

    size: int | None = None
    marked: bool = False

    def of(self, image: NDArray[np.uint8], boxes: Sequence[Box]) -> NDArray[np.uint8]:
        """(H, W, 3) as the student sees it; `boxes` of subject and reference, () where they are not known."""
        seen = image if self.size is None else shrink(image, self.size)
        return marked(seen, boxes) if self.marked else seen


@dataclass(frozen=True)
class Example:
    """The part of a sample that a student sees, small enough to be kept in memory.

    Attributes:
        image: (S, S, 3) uint8, S the student's input size; (H, W, 3) for students that take any size.
        question: the question.
        options: candidate answers in the order shown.
        answer: index of the right one.
        statements: each option as a sentence that is true of the picture or not.
        terms: the true relation terms; () when the question is not about a direction.
    """

    image: NDArray[np.uint8]
    question: str
    options: tuple[str, ...]
    answer: int
    statements: tuple[str, ...]
    terms: tuple[str, ...]


def to_example(sample: Sample, sight: Sight) -> Example:
    """Reduce a sample to what a student sees of it.

    Raises:
        ValueError: the sample has no picture (the simulator refused the edit).
    """
    if sample.image is None:
        raise ValueError(f"sample '{sample.sample_id}' has no picture; only samples with a picture can be answered")
    image = sight.of(sample.image, boxes_of_mask(sample.mask))
    return Example(image, sample.question, sample.options, sample.answer, statements(sample), sample.terms)


def lesson(
    sample: Sample, sight: Sight, *, most: int, validity: ValidityConfig, rng: np.random.Generator
) -> list[Example]:
    """What a picture teaches: the question asked, and where other things in view are to each other.

    A record holds its whole scene, so that further questions cost no further picture; and of two things each is asked
    about as seen from the other, so that no relation outweighs its opposite.

    Args:
        sample: the record; an invalid one teaches nothing.
        sight: how the student sees pictures.
        most: most questions.
        validity: thresholds.
        rng: draws pairs, foils and the order of options.
    """
    if not sample.valid:
        return []
    found = [to_example(sample, sight)]
    if len(found) == most or sample.masks is None:
        return found
    further = list(_further(sample, sight, validity, rng))
    return found + [further[i] for i in rng.permutation(len(further))[: most - len(found)]]


def _further(sample: Sample, sight: Sight, validity: ValidityConfig, rng: np.random.Generator) -> Iterator[Example]:
    """Every other pair of things that the picture shows well and that may be asked about."""
    assert sample.image is not None and sample.masks is not None
    scene = scene_of(sample)
    height, width = sample.image.shape[:2]
    for subject, reference in permutations(presentable(scene, validity), 2):
        truth = relation(subject, reference, scene.camera, validity)
        asked = (subject.id, reference.id) == (sample.subject_id, sample.reference_id)
        if asked or invalid_reasons(scene, subject, reference, truth, validity):
            continue
        choices, answer = options(truth.terms, rng)
        captions = tuple(caption(subject, reference, terms_of(choice)) for choice in choices)
        boxes = [box_of_stats(sample.masks[thing.id], width, height) for thing in (subject, reference)]
        image = sight.of(sample.image, boxes)
        yield Example(image, question(subject, reference), choices, answer, captions, truth.terms)


def statements(sample: Sample) -> tuple[str, ...]:
    """Each option of a question as a sentence, for students that compare a picture with sentences.

    A relation question's options become captions that differ from the true one in the relation alone; captions stay
    themselves; any other answer follows its question.
    """
    if sample.kind == "caption_choice":
        return sample.options
    if sample.family == "direction" and sample.kind == "multiple_choice":
        truth = f" {phrase(terms_of(sample.options[sample.answer]))} "
        if truth in sample.caption:
            return tuple(sample.caption.replace(truth, f" {phrase(terms_of(o))} ", 1) for o in sample.options)
    return tuple(f"{sample.question} {option}" for option in sample.options)


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

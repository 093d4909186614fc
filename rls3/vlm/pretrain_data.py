"""Pictures with dense truth and questions on them, for training a base model from scratch."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from rls3.scene.edit import TERMS, Term
from rls3.scene.language import options, phrase, terms_of
from rls3.scene.naming import noun
from rls3.vlm.data import Example
from rls3.vlm.marks import marked

_SWAP_LEFT_RIGHT = [TERMS.index({"left": "right", "right": "left"}.get(term, term)) for term in TERMS]

GREY = 128


@dataclass(frozen=True)
class PretrainData:
    """N pictures and Q questions on them.

    Attributes:
        images: (N, S, S, 3) uint8, as `rls3.vlm.data.shrink` makes them.
        coverage: (N, P, T) bool: whether an object of a type shows in a patch; P patches in raster order.
        types: the T object types of `coverage`'s last axis.
        image: (Q,) int64, the picture each question is on.
        question: Q texts.
        boxes: (Q, 2, 4) float64, of subject and reference, see `rls3.vlm.marks`; (Q, 0, 4) where nothing is outlined.
        subject, reference: (Q,) int64, the types asked about, as indices into `types`.
        terms: (Q, 6) bool, the true terms in the order of `TERMS`.
    """

    images: NDArray[np.uint8]
    coverage: NDArray[np.bool_]
    types: tuple[str, ...]
    image: NDArray[np.int64]
    question: tuple[str, ...]
    boxes: NDArray[np.float64]
    subject: NDArray[np.int64]
    reference: NDArray[np.int64]
    terms: NDArray[np.bool_]

    def __post_init__(self) -> None:
        pictures, questions = len(self.images), len(self.question)
        wanted = {
            "coverage": (pictures, self.coverage.shape[1], len(self.types)),
            "image": (questions,),
            "boxes": (questions, self.boxes.shape[1], 4),
            "subject": (questions,),
            "reference": (questions,),
            "terms": (questions, len(TERMS)),
        }
        for name, shape in wanted.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"PretrainData.{name} has shape {getattr(self, name).shape}; needed: {shape}")
        if questions and int(self.image.max()) >= pictures:
            raise ValueError(f"PretrainData.image names picture {int(self.image.max())} of {pictures}")

    def split(self, held_out: float) -> tuple[PretrainData, PretrainData]:
        """Training and held-out questions; these are on the last `held_out` share of the pictures."""
        border = round(len(self.images) * (1 - held_out))
        return self._where(self.image < border), self._where(self.image >= border)

    def blind(self) -> PretrainData:
        """The same questions on grey pictures without outlines: what texts and habits of rooms alone give away."""
        return replace(self, images=np.full_like(self.images, GREY), boxes=self.boxes[:, :0])

    def examples(self, drawn: Drawn, rng: np.random.Generator) -> list[Example]:
        """The drawn questions as students see them, each with its true option among foils drawn by `rng`."""
        return [
            self._example(row, image, terms, rng)
            for row, image, terms in zip(drawn.rows.tolist(), drawn.images, drawn.terms, strict=True)
        ]

    def _example(
        self, row: int, image: NDArray[np.uint8], holds: NDArray[np.bool_], rng: np.random.Generator
    ) -> Example:
        truth = tuple(term for term, true in zip(TERMS, holds, strict=True) if true)
        texts, answer = options(truth, rng)
        subject, reference = self.types[self.subject[row]], self.types[self.reference[row]]
        statements = tuple(caption(subject, reference, terms_of(text)) for text in texts)
        return Example(image, self.question[row], texts, answer, statements, truth)

    def _where(self, chosen: NDArray[np.bool_]) -> PretrainData:
        rows = np.flatnonzero(chosen)
        per_question = {"image", "boxes", "subject", "reference", "terms"}
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values |= {name: values[name][rows] for name in per_question}
        values["question"] = tuple(self.question[row] for row in rows)
        return PretrainData(**values)


@dataclass(frozen=True)
class Drawn:
    """B questions as one step sees them.

    Attributes:
        rows: (B,) which questions of the data.
        images: (B, S, S, 3) uint8, subject and reference outlined.
        coverage: (B, P, T) bool.
        terms: (B, 6) bool.
    """

    rows: NDArray[np.int64]
    images: NDArray[np.uint8]
    coverage: NDArray[np.bool_]
    terms: NDArray[np.bool_]

    def roles(self, data: PretrainData) -> NDArray[np.bool_]:
        """(B, P, 2) whether a patch shows the question's subject, and whether its reference."""
        here = np.arange(len(self.rows))
        return np.stack([self.coverage[here, :, kind[self.rows]] for kind in (data.subject, data.reference)], axis=-1)


class Drawing:
    """Batches of questions as often as they occur, half of each batch seen in a mirror.

    Args:
        data: what to draw from.
        seed: of the draws.
    """

    def __init__(self, data: PretrainData, seed: int) -> None:
        self._data = data
        self._rng = np.random.default_rng(seed)

    def draw(self, size: int) -> Drawn:
        """`size` questions."""
        return _drawn(self._data, self._rng.integers(len(self._data.question), size=size), size // 2)


def as_asked(data: PretrainData, rows: NDArray[np.int64]) -> Drawn:
    """Questions without a mirror."""
    return _drawn(data, rows, 0)


def _drawn(data: PretrainData, rows: NDArray[np.int64], flipped: int) -> Drawn:
    """Questions, the first `flipped` of them seen in a mirror, with their outlines."""
    pictures = data.image[rows]
    images, boxes = data.images[pictures], data.boxes[rows]
    coverage, terms = data.coverage[pictures], data.terms[rows]
    first = slice(flipped)
    images[first], boxes[first] = images[first, :, ::-1], mirrored_boxes(boxes[first])
    coverage[first], terms[first] = mirrored_patches(coverage[first]), swap_sides(terms[first])
    outlined = np.stack([marked(image, own) for image, own in zip(images, boxes, strict=True)])
    return Drawn(rows, outlined, coverage, terms)


def mirrored_patches(coverage: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What patches (B, P, T), P a square, show in a mirror."""
    side = round(coverage.shape[1] ** 0.5)
    return coverage.reshape(-1, side, side, coverage.shape[2])[:, :, ::-1].reshape(coverage.shape)


def mirrored_boxes(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boxes (..., 4) in a mirror."""
    return boxes[..., [2, 1, 0, 3]] * (-1, 1, -1, 1) + (1, 0, 1, 0)


def swap_sides(terms: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Terms (B, 6) with "left" and "right" exchanged."""
    return terms[:, _SWAP_LEFT_RIGHT]


def caption(subject: str, reference: str, terms: tuple[Term, ...]) -> str:
    """`rls3.scene.language.caption` by the names of two types."""
    return f"the {noun(subject)} is {phrase(terms)} the {noun(reference)}"

"""Pictures with dense truth and questions on them, for training a base model from scratch."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from rls3.scene.edit import TERMS, Term
from rls3.scene.language import options, phrase, terms_of
from rls3.scene.naming import noun
from rls3.vlm.data import Example

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
        subject, reference: (Q,) int64, the types asked about, as indices into `types`.
        terms: (Q, 6) bool, the true terms in the order of `TERMS`.
    """

    images: NDArray[np.uint8]
    coverage: NDArray[np.bool_]
    types: tuple[str, ...]
    image: NDArray[np.int64]
    question: tuple[str, ...]
    subject: NDArray[np.int64]
    reference: NDArray[np.int64]
    terms: NDArray[np.bool_]

    def __post_init__(self) -> None:
        pictures, questions = len(self.images), len(self.question)
        wanted = {
            "coverage": (pictures, self.coverage.shape[1], len(self.types)),
            "image": (questions,),
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
        """The same questions on grey pictures: what texts and habits of rooms alone give away."""
        return replace(self, images=np.full_like(self.images, GREY))

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
        per_question = {"image", "subject", "reference", "terms"}
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values |= {name: values[name][rows] for name in per_question}
        values["question"] = tuple(self.question[row] for row in rows)
        return PretrainData(**values)


@dataclass(frozen=True)
class Drawn:
    """B questions as one step sees them.

    Attributes:
        rows: (B,) which questions of the data.
        mirrored: (B,) bool, those whose picture and truth are seen in a mirror.
        images: (B, S, S, 3) uint8.
        coverage: (B, P, T) bool.
        terms: (B, 6) bool.
    """

    rows: NDArray[np.int64]
    mirrored: NDArray[np.bool_]
    images: NDArray[np.uint8]
    coverage: NDArray[np.bool_]
    terms: NDArray[np.bool_]

    def take(self, part: slice) -> Drawn:
        """Some of the questions."""
        return Drawn(*(getattr(self, each.name)[part] for each in fields(self)))

    def roles(self, data: PretrainData) -> NDArray[np.bool_]:
        """(B, P, 2) whether a patch shows the question's subject, and whether its reference."""
        here = np.arange(len(self.rows))
        return np.stack([self.coverage[here, :, kind[self.rows]] for kind in (data.subject, data.reference)], axis=-1)


class Drawing:
    """Batches of questions, half of each seen in a mirror.

    A set of terms that is n times as frequent in the data as another is drawn sqrt(n) times as often: natural rooms
    hardly show some.

    Args:
        data: what to draw from.
        seed: of the draws.
    """

    def __init__(self, data: PretrainData, seed: int) -> None:
        self._data = data
        self._rng = np.random.default_rng(seed)
        _, which, counts = np.unique(data.terms, axis=0, return_inverse=True, return_counts=True)
        cumulative = np.cumsum(counts[which.ravel()] ** -0.5)
        self._chances: NDArray[np.float64] = cumulative / cumulative[-1]

    def draw(self, size: int) -> Drawn:
        """`size` questions."""
        rows = np.searchsorted(self._chances, self._rng.random(size)).astype(np.int64)
        plain = as_asked(self._data, rows)
        half = size // 2
        flipped = mirrored(plain.images[:half], plain.coverage[:half], plain.terms[:half])
        images, coverage, terms = (
            np.concatenate([mirror, whole[half:]])
            for mirror, whole in zip(flipped, (plain.images, plain.coverage, plain.terms), strict=True)
        )
        return Drawn(rows, np.arange(size) < half, images, coverage, terms)


def as_asked(data: PretrainData, rows: NDArray[np.int64]) -> Drawn:
    """Questions without a mirror."""
    pictures = data.image[rows]
    return Drawn(rows, np.zeros(len(rows), bool), data.images[pictures], data.coverage[pictures], data.terms[rows])


def mirrored(
    images: NDArray[np.uint8], coverage: NDArray[np.bool_], terms: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]:
    """Pictures seen in a mirror: columns reversed in pixels and patches, "left" and "right" exchanged.

    Args:
        images: (B, S, S, 3).
        coverage: (B, P, T), P a square of patches.
        terms: (B, 6).
    """
    side = round(coverage.shape[1] ** 0.5)
    grid = coverage.reshape(len(coverage), side, side, -1)[:, :, ::-1]
    return images[:, :, ::-1], grid.reshape(coverage.shape), swap_sides(terms)


def swap_sides(terms: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Terms (B, 6) with "left" and "right" exchanged."""
    return terms[:, _SWAP_LEFT_RIGHT]


def caption(subject: str, reference: str, terms: tuple[Term, ...]) -> str:
    """`rls3.scene.language.caption` by the names of two types."""
    return f"the {noun(subject)} is {phrase(terms)} the {noun(reference)}"

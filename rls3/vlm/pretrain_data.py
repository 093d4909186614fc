"""Pictures with dense truth and questions on them, for training a base model from scratch."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from rls3.scene.edit import TERMS

_SWAP_LEFT_RIGHT = [TERMS.index({"left": "right", "right": "left"}.get(term, term)) for term in TERMS]


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

    def _where(self, chosen: NDArray[np.bool_]) -> PretrainData:
        rows = np.flatnonzero(chosen)
        per_question = {"image", "subject", "reference", "terms"}
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values |= {name: values[name][rows] for name in per_question}
        values["question"] = tuple(self.question[row] for row in rows)
        return PretrainData(**values)


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
    return images[:, :, ::-1], grid.reshape(coverage.shape), terms[:, _SWAP_LEFT_RIGHT]

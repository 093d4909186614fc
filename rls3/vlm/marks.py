"""Outlines round the two objects that a question is about: red round the subject, blue round the reference.

A visual prompt, as BLINK's and CV-Bench's pictures have them (Fu et al., ECCV 2024; Tong et al., NeurIPS 2024). A small
model cannot find a hundred kinds of things in 64 x 64 pixels; told where both are, it is asked for what this project
is about, how they lie to each other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rls3.scene.model import MaskStats

COLORS = ((255, 0, 0), (0, 0, 255))
"""RGB of the subject's outline, and of the reference's."""
PIXELS_PER_LINE = 112
"""A picture of so many pixels has outlines one pixel wide, one of twice as many two."""

MARKED = "marks_asked_objects"
"""Key of a model's `config.json`: it was trained on pictures with outlines and expects them."""

Box = tuple[float, float, float, float]
"""(left, top, right, bottom) as shares of the picture's width and height, 0..1."""


def boxes_of_mask(mask: NDArray[np.uint8] | None) -> tuple[Box, ...]:
    """The boxes of subject and reference in a sample's `mask` (H, W); () without one, or where one does not show."""
    if mask is None:
        return ()
    shown = [np.nonzero(mask == number) for number in (1, 2)]
    if any(not len(rows) for rows, _ in shown):
        return ()
    height, width = mask.shape
    return tuple(
        (columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height)
        for rows, columns in shown
    )


def box_of_stats(stats: MaskStats, width: int, height: int) -> Box:
    """The box of an object in a picture of that size."""
    left, top, right, bottom = stats.box
    return (left / width, top / height, (right + 1) / width, (bottom + 1) / height)


def marked(image: NDArray[np.uint8], boxes: Sequence[Box] | NDArray[np.float64]) -> NDArray[np.uint8]:
    """A copy of (H, W, 3) with an outline just outside each box; the subject's is drawn over the reference's.

    Args:
        image: the picture as the student sees it, already shrunk: lines keep their width.
        boxes: of subject and reference; () leaves the picture as it is.
    """
    drawn = image.copy()
    height, width = image.shape[:2]
    line = max(1, min(height, width) // PIXELS_PER_LINE)
    for box, color in reversed(list(zip(boxes, COLORS, strict=False))):
        left, right = _line_ends(box[0], box[2], width, line)
        top, bottom = _line_ends(box[1], box[3], height, line)
        drawn[top : top + line, left:right] = drawn[bottom - line : bottom, left:right] = color
        drawn[top:bottom, left : left + line] = drawn[top:bottom, right - line : right] = color
    return drawn


def _line_ends(low: float, high: float, size: int, line: int) -> tuple[int, int]:
    """Pixels from where to where an outline runs along one axis, within the picture."""
    return max(0, int(np.floor(low * size)) - line), min(size, int(np.ceil(high * size)) + line)

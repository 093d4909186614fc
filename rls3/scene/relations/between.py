"""Whether an object is between two others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rls3.scene.boxes import Array, Boxes
from rls3.scene.silhouette import Silhouettes

Index = NDArray[np.intp]


def between(boxes: Boxes, subject: Index, first: Index, second: Index) -> Array:
    """How clearly objects are between two others, seen from above; metres, negative = how clearly not.

    The subject's middle must lie in the gap between the facing sides of the two, not farther off their line than the
    subject or the narrower of the two reaches, and at their height.

    Args:
        boxes: the N objects.
        subject, first, second: (T,) indices.

    Returns:
        (T,) distances to where the answer would change.
    """
    level = boxes.middle[::2].T, 2 * boxes.half[::2].T
    corridor = _corridor(*level, subject, first, second)
    top = np.minimum(boxes.high[subject], np.maximum(boxes.high[first], boxes.high[second]))
    bottom = np.maximum(boxes.low[subject], np.minimum(boxes.low[first], boxes.low[second]))
    return np.asarray(np.minimum(corridor, top - bottom))


def seems_between(shapes: Silhouettes, subject: Index, first: Index, second: Index) -> NDArray[np.bool_]:
    """(T,) whether the subject's part of the picture lies between those of the two others."""
    low, high = shapes.bounds[:, :2], shapes.bounds[:, 2:]
    return np.asarray(_corridor((low + high) / 2, high - low, subject, first, second, to_middles=True) > 0)


def _corridor(
    middle: Array, size: Array, subject: Index, first: Index, second: Index, *, to_middles: bool = False
) -> Array:
    """(T,) how deep the subjects' middles are in the corridors between two others; negative = outside.

    Middles and extents are (N, 2). The ends are the facing sides of the two, or with `to_middles` their middles.
    """
    line = middle[second] - middle[first]
    length = np.maximum(np.sqrt(np.einsum("ti,ti->t", line, line)), 1e-9)
    along = line / length[:, None]
    across = np.stack((-along[:, 1], along[:, 0]), axis=1)
    offset = middle[subject] - middle[first]
    way, aside = np.einsum("ti,ti->t", offset, along), np.abs(np.einsum("ti,ti->t", offset, across))

    def reach(of: Index, axis: Array) -> Array:
        return np.asarray(np.einsum("ti,ti->t", size[of], np.abs(axis)) / 2)

    ends = (0.0, 0.0) if to_middles else (reach(first, along), reach(second, along))
    width = np.maximum(reach(subject, across), np.minimum(reach(first, across), reach(second, across)))
    return np.asarray(np.minimum(np.minimum(way - ends[0], length - ends[1] - way), width - aside))

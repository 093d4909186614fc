"""The boxes of a scene's objects as arrays, and which of them overlap as seen from above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rls3.scene.model import SceneObject

Array = NDArray[np.float64]

_BITS = np.array([(c & 1, c >> 1 & 1, c >> 2) for c in range(8)], np.float64)
BOX_EDGES = np.array([(0, 1), (2, 3), (4, 5), (6, 7), (0, 2), (1, 3), (4, 6), (5, 7), (0, 4), (1, 5), (2, 6), (3, 7)])
"""(12, 2) start and end of each edge of a box, as corners of `Boxes.ordered`."""


@dataclass(frozen=True)
class Boxes:
    """The boxes of N objects, metres, in the order of the objects.

    Heights and extents are those of the axis-aligned box, which is tight; outlines and volumes those of `corners`,
    which turn with the object where the simulator tells how.

    Attributes:
        corners: (N, 8, 3) in the objects' own order.
        middle: (3, N) middles of the axis-aligned boxes, axis by axis.
        half: (3, N) half their extents.
        low, high: (N,) heights of their undersides and tops.
    """

    corners: Array
    middle: Array
    half: Array
    low: Array
    high: Array

    @classmethod
    def of(cls, objects: Sequence[SceneObject]) -> Boxes:
        """The boxes of these objects."""
        corners = np.concatenate([np.empty((0, 3)), *(thing.corners for thing in objects)]).reshape(-1, 8, 3)
        numbers = np.array([thing.center + thing.size for thing in objects], np.float64).reshape(-1, 6).T
        middle, half = np.ascontiguousarray(numbers[:3]), numbers[3:] / 2
        return cls(corners, middle, half, middle[1] - half[1], middle[1] + half[1])

    @cached_property
    def offset(self) -> Array:
        """(3, N, N) from the middle of box j to that of box i, axis by axis, at [axis, i, j]."""
        return np.asarray(self.middle[:, :, None] - self.middle[:, None])

    @cached_property
    def common(self) -> Array:
        """(3, N, N) how far two axis-aligned boxes are in each other along each axis; negative = the gap."""
        return np.asarray(self.half[:, :, None] + self.half[:, None] - np.abs(self.offset))

    @cached_property
    def edges(self) -> Array:
        """(N, 3, 3) the three edges that leave the first corner, shortest first.

        Of the seven ways from a corner of a box to another the two shortest are edges, and the longest is the sum of
        all three edges: that finds them whatever the order of the corners.
        """
        ways = self.corners - self.corners[:, :1]
        order = np.argsort(np.einsum("nij,nij->ni", ways, ways), axis=1, kind="stable")
        rows = np.arange(len(ways))
        first, second, across = (ways[rows, order[:, rank]] for rank in (1, 2, 7))
        return np.array((first, second, across - first - second)).transpose(1, 0, 2)

    @cached_property
    def ordered(self) -> Array:
        """(N, 8, 3) the corners in a fixed order: corner c is the first one plus the edges that the bits of c name."""
        return np.asarray(self.corners[:, :1] + _BITS @ self.edges)

    @cached_property
    def overlap(self) -> Array:
        """(N, N) how deep two outlines seen from above are in each other, metres; negative = the gap.

        By separating axes: the world's, along which the axis-aligned extents count, and those along each box's longest
        level edge and across it.
        """
        turned = self._outlines[0]
        aligned = np.minimum(self.common[0], self.common[2])
        return np.asarray(np.minimum(aligned, np.minimum(turned, turned.T)))

    @cached_property
    def depth_inside(self) -> Array:
        """(N, N) how far the middle of box i is inside the outline of box j, seen from above; negative = outside."""
        aligned = np.minimum(self.common[0] - self.half[0][:, None], self.common[2] - self.half[2][:, None])
        return np.asarray(np.minimum(aligned, self._outlines[1].T))

    @cached_property
    def _outlines(self) -> tuple[Array, Array]:
        """(N, N) each: how deep the outline, and the middle, of box k is in that of box n along the axes of n.

        The axes of a box are level: along its longest level edge, and across it.
        """
        count, rows = len(self.edges), np.arange(len(self.edges))
        level = self.edges.T[::2]  # (2, 3, N): x and z by edge
        lengths = np.sqrt(level[0] * level[0] + level[1] * level[1])
        longest = lengths.argmax(axis=0)
        length, (x, z) = lengths[longest, rows], level[:, longest, rows]
        flat = length > 1e-9
        x, z = (
            np.where(flat, x, 1.0) / np.where(flat, length, 1.0),
            np.where(flat, z, 0.0) / np.where(flat, length, 1.0),
        )
        axes = np.array([[x, z], [-z, x]]).transpose(0, 2, 1).reshape(2 * count, 2)
        ways = np.abs(axes @ level.reshape(2, 3 * count)).reshape(2, count, 3, count)
        reach = (ways[:, :, 0] + ways[:, :, 1] + ways[:, :, 2]) / 2
        along = (axes @ (self.corners[:, 0, ::2].T + level.sum(axis=1) / 2)).reshape(2, count, count)
        away = np.abs(along - along[:, rows, rows][:, :, None])
        inside = reach[:, rows, rows][:, :, None] - away
        outline = inside + reach
        return np.minimum(outline[0], outline[1]), np.minimum(inside[0], inside[1])

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
        turned = self._own_reach[:, :, None] + self._reach - self._away
        shallowest = np.minimum(turned[:, 0], turned[:, 1])
        aligned = np.minimum(self.common[0], self.common[2])
        return np.asarray(np.minimum(aligned, np.minimum(shallowest, shallowest.T)))

    @cached_property
    def depth_inside(self) -> Array:
        """(N, N) how far the middle of box i is inside the outline of box j, seen from above; negative = outside."""
        aligned = self.common - self.half[:, :, None]
        turned = self._own_reach[:, :, None] - self._away
        return np.asarray(np.minimum(np.minimum(aligned[0], aligned[2]), np.minimum(turned[:, 0], turned[:, 1]).T))

    @cached_property
    def _axes(self) -> Array:
        """(N, 2, 2) level unit vectors (x, z): along each box's longest level edge, and across it."""
        level = self.edges[:, :, ::2]
        lengths = np.einsum("nij,nij->ni", level, level)
        rows = np.arange(len(level))
        along = level[rows, lengths.argmax(axis=1)]
        length = np.sqrt(np.einsum("ni,ni->n", along, along))
        flat = length > 1e-9
        x = np.where(flat, along[:, 0], 1.0) / np.where(flat, length, 1.0)
        z = np.where(flat, along[:, 1], 0.0) / np.where(flat, length, 1.0)
        return np.array([[x, z], [-z, x]]).transpose(2, 0, 1)

    @cached_property
    def _away(self) -> Array:
        """(N, 2, N) distance of box k's middle from box n's along axis a of box n, at [n, a, k]."""
        level = (self.corners[:, 0] + self.edges.sum(axis=1) / 2)[:, ::2]
        along = (self._axes.reshape(-1, 2) @ level.T).reshape(-1, 2, len(level))
        return np.asarray(np.abs(along - along[_diagonal(len(level))][:, :, None]))

    @cached_property
    def _reach(self) -> Array:
        """(N, 2, N) how far box k reaches from its middle along axis a of box n, at [n, a, k]."""
        count = len(self.edges)
        level = self.edges.T[::2].reshape(2, 3 * count)
        along = np.abs(self._axes.reshape(2 * count, 2) @ level).reshape(count, 2, 3, count)
        return np.asarray((along[:, :, 0] + along[:, :, 1] + along[:, :, 2]) / 2)

    @cached_property
    def _own_reach(self) -> Array:
        """(N, 2) how far each box reaches along its own axes."""
        return np.asarray(self._reach[_diagonal(len(self.edges))])


def _diagonal(count: int) -> tuple[NDArray[np.intp], slice, NDArray[np.intp]]:
    rows = np.arange(count)
    return rows, slice(None), rows

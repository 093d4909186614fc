"""Poses, oriented boxes and polygons in Unity's frame (left-handed, y up; metres and degrees)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Vector = tuple[float, float, float]
Point = tuple[float, float]
Array = NDArray[np.float64]
CORNER_SIGNS: Array = np.array([(x, y, z) for x in (1, -1) for y in (1, -1) for z in (1, -1)], dtype=np.float64)


def as_vector(values: Iterable[float]) -> Vector:
    """Return three numbers of any kind as a vector."""
    x, y, z = (float(v) for v in values)
    return (x, y, z)


def rotation_matrix(euler: Sequence[float]) -> Array:
    """Return the (3, 3) rotation of Unity's Euler angles (x, y, z) in degrees, applied in the order z, x, y."""
    (sx, sy, sz), (cx, cy, cz) = (tuple(f(math.radians(a)) for a in euler) for f in (math.sin, math.cos))
    turn_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    turn_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    turn_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    matrix: Array = turn_y @ turn_x @ turn_z
    matrix[np.abs(matrix) < 1e-12] = 0.0  # quarter turns stay exact, so that boxes stay aligned to the axes
    return matrix


def pose_matrix(position: Sequence[float], euler: Sequence[float]) -> Array:
    """Return the (4, 4) matrix that takes object coordinates to world coordinates."""
    pose = np.eye(4)
    pose[:3, :3] = rotation_matrix(euler)
    pose[:3, 3] = position
    return pose


def euler_angles(rotation: Array) -> Vector:
    """Return Unity's Euler angles (x, y, z) of a (3, 3) rotation, degrees in [0, 360), z = 0 where x is upright."""
    sine = min(1.0, max(-1.0, -float(rotation[1, 2])))
    if abs(sine) > 1 - 1e-9:
        angles = (math.asin(sine), math.atan2(-rotation[2, 0], rotation[0, 0]), 0.0)
    else:
        angles = (
            math.asin(sine),
            math.atan2(rotation[0, 2], rotation[2, 2]),
            math.atan2(rotation[1, 0], rotation[1, 1]),
        )
    x, y, z = (round(math.degrees(a), 9) % 360.0 for a in angles)
    return (x, y, z)


def forward(yaw: float) -> Vector:
    """Return the horizontal unit vector of a yaw in degrees (clockwise seen from above, 0 is +z)."""
    return (math.sin(math.radians(yaw)), 0.0, math.cos(math.radians(yaw)))


@dataclass(frozen=True, eq=False)
class Boxes:
    """Oriented boxes; two are equal when they are the same.

    Attributes:
        centers: (n, 3) world positions, metres.
        halves: (n, 3) half sizes along the boxes' own axes, metres.
        rotations: (n, 3, 3) box axes as columns.
    """

    centers: Array
    halves: Array
    rotations: Array

    def __len__(self) -> int:
        return len(self.centers)

    @staticmethod
    def empty() -> Boxes:
        """Return no boxes."""
        return Boxes(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 3, 3)))

    @staticmethod
    def join(parts: Sequence[Boxes]) -> Boxes:
        """Return all boxes of the parts in order."""
        if not parts:
            return Boxes.empty()
        return Boxes(
            np.concatenate([p.centers for p in parts]),
            np.concatenate([p.halves for p in parts]),
            np.concatenate([p.rotations for p in parts]),
        )

    @cached_property
    def reach(self) -> Array:
        """(n, 3) half sizes of the boxes' bounds along the world axes, metres."""
        return np.asarray(np.einsum("nij,nj->ni", np.abs(self.rotations), self.halves))

    @cached_property
    def low(self) -> Array:
        """(n, 3) lower corners of the world-aligned bounds."""
        return self.centers - self.reach

    @cached_property
    def high(self) -> Array:
        """(n, 3) upper corners of the world-aligned bounds."""
        return self.centers + self.reach

    @cached_property
    def upright(self) -> NDArray[np.bool_]:
        """(n,) whether one axis of the box is vertical, so that its top is flat."""
        return np.asarray((np.abs(self.rotations[:, 1, :]) > 1 - 1e-9).any(axis=1))

    def shifted(self, offset: Sequence[float]) -> Boxes:
        """Return the boxes moved by `offset`, metres."""
        return Boxes(self.centers + np.asarray(offset, dtype=np.float64), self.halves, self.rotations)

    def take(self, index: NDArray[np.intp]) -> Boxes:
        """Return the boxes at the given indices."""
        return Boxes(self.centers[index], self.halves[index], self.rotations[index])

    def corners(self, index: int) -> Array:
        """Return the (8, 3) corners of one box."""
        return np.asarray(self.centers[index] + (CORNER_SIGNS * self.halves[index]) @ self.rotations[index].T)

    def outline(self, index: int) -> list[Point]:
        """Return the outline of one box seen from above, as `footprint` does."""
        if index not in self._outlines:
            self._outlines[index] = footprint(self.corners(index))
        return self._outlines[index]

    @cached_property
    def _outlines(self) -> dict[int, list[Point]]:
        return {}


def footprint_distances(boxes: Boxes, points: Array) -> Array:
    """Return the (m, n) distances seen from above between (x, z) points (m, 2) and boxes, metres, 0 inside.

    Upright boxes are turned rectangles; the rare tilted one is taken as its world-aligned bounds.
    """
    upright = boxes.upright[:, None]
    halves = np.where(upright, boxes.halves, boxes.reach)
    rotations = np.where(upright[..., None], boxes.rotations, np.eye(3))
    offset = np.zeros((len(points), len(boxes), 3))
    offset[..., 0] = points[:, None, 0] - boxes.centers[None, :, 0]
    offset[..., 2] = points[:, None, 1] - boxes.centers[None, :, 2]
    local = np.abs(np.einsum("nji,mnj->mni", rotations, offset))
    vertical = np.abs(rotations[:, 1, :]) > 0.5
    gap = np.where(vertical[None], 0.0, np.maximum(local - halves[None], 0.0))
    return np.asarray(np.linalg.norm(gap, axis=-1))


def ray_distances(boxes: Boxes, origin: Sequence[float] | Array, direction: Sequence[float] | Array) -> Array:
    """Return the (n,) distances along a ray to boxes, in lengths of `direction`: infinite where it misses, 0 inside."""
    start = np.einsum("nji,nj->ni", boxes.rotations, np.asarray(origin, dtype=np.float64) - boxes.centers)
    step = np.einsum("nji,j->ni", boxes.rotations, np.asarray(direction, dtype=np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (-boxes.halves - start) / step, (boxes.halves - start) / step
    parallel = np.abs(step) < 1e-12
    within = np.abs(start) <= boxes.halves
    near = np.where(parallel, np.where(within, -np.inf, np.inf), np.minimum(first, second)).max(axis=1)
    far = np.where(parallel, np.where(within, np.inf, -np.inf), np.maximum(first, second)).min(axis=1)
    return np.where((near <= far) & (far >= 0), np.maximum(near, 0.0), np.inf)


def footprint(corners: Array) -> list[Point]:
    """Return the convex outline of points (n, 3) seen from above, counter-clockwise in a right-handed (x, z) plot."""
    points = sorted({(round(float(x), 9), round(float(z), 9)) for x, z in corners[:, [0, 2]]})
    if len(points) < 3:
        return points

    def chain(run: list[Point]) -> list[Point]:
        hull: list[Point] = []
        for p in run:
            while len(hull) > 1 and _cross(hull[-2], hull[-1], p) <= 0:
                hull.pop()
            hull.append(p)
        return hull[:-1]

    return chain(points) + chain(points[::-1])


def hull_of(points: Sequence[Point]) -> list[Point]:
    """Return the convex hull of points in the plane, counter-clockwise."""
    return footprint(np.array([(x, 0.0, z) for x, z in points]).reshape(-1, 3))


def clip(subject: Sequence[Point], window: Sequence[Point]) -> list[Point]:
    """Return the intersection of two convex, counter-clockwise polygons (Sutherland and Hodgman 1974)."""
    output = list(subject)
    for a, b in zip(window, [*window[1:], window[0]], strict=True):
        source, output = output, []
        for p, q in zip(source, [*source[1:], *source[:1]], strict=True):
            side_p, side_q = _cross(a, b, p), _cross(a, b, q)
            if side_p >= 0:
                output.append(p)
            if (side_p > 0 > side_q) or (side_p < 0 < side_q):
                t = side_p / (side_p - side_q)
                output.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
        if not output:
            return []
    return output


def area(polygon: Sequence[Point]) -> float:
    """Return the signed area of a polygon, positive when counter-clockwise."""
    if len(polygon) < 3:
        return 0.0
    return 0.5 * sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(polygon, [*polygon[1:], polygon[0]], strict=True))


def inside(point: Point, polygon: Sequence[Point]) -> bool:
    """Return whether a point lies in a simple polygon (even-odd rule)."""
    x, z = point
    odd = False
    for (ax, az), (bx, bz) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (az > z) != (bz > z) and x < (bx - ax) * (z - az) / (bz - az) + ax:
            odd = not odd
    return odd


def within_convex(point: Point, polygon: Sequence[Point], margin: float = 0.0) -> bool:
    """Return whether a point lies in a convex counter-clockwise polygon, at least `margin` metres from its edges.

    A polygon of fewer than three points holds nothing.
    """
    if len(polygon) < 3:
        return False
    for a, b in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        length = math.hypot(b[0] - a[0], b[1] - a[1])
        if length > 1e-12 and _cross(a, b, point) < margin * length - 1e-12:
            return False
    return True


def _cross(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def normalized_degrees(angle: float) -> float:
    """Return the angle in [0, 360)."""
    turned = math.fmod(angle, 360.0)
    return turned + 360.0 if turned < 0 else turned

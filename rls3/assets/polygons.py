"""Triangulation of simple polygons by ear clipping (Meisters 1975), for room floors and cut-out shapes."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]


def _cross(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def signed_area(outline: Sequence[Point]) -> float:
    """Return the area of a simple polygon, positive when its points run counter-clockwise in a right-handed plot."""
    return 0.5 * sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(outline, [*outline[1:], outline[0]], strict=True))


def _is_ear(outline: Sequence[Point], ring: list[int], at: int, turn: float) -> bool:
    before, here, after = ring[at - 1], ring[at], ring[(at + 1) % len(ring)]
    a, b, c = outline[before], outline[here], outline[after]
    if turn * _cross(a, b, c) <= 1e-12:
        return False
    corners = {a, b, c}
    return not any(
        outline[k] not in corners
        and turn * _cross(a, b, outline[k]) >= 0
        and turn * _cross(b, c, outline[k]) >= 0
        and turn * _cross(c, a, outline[k]) >= 0
        for k in ring
    )


def triangulate(outline: Sequence[Point]) -> list[tuple[int, int, int]]:
    """Return the triangles (indices into `outline`, in its own sense of rotation) that cover a simple polygon.

    Raises:
        ValueError: the outline has fewer than three points or no area.
    """
    area = signed_area(outline) if len(outline) >= 3 else 0.0
    if abs(area) < 1e-12:
        raise ValueError(
            f"a polygon needs three or more points that enclose an area, got {list(outline)}; check the outline"
        )
    turn = 1.0 if area > 0 else -1.0
    ring = list(range(len(outline)))
    triangles: list[tuple[int, int, int]] = []
    while len(ring) > 3:
        ears = (k for k in range(len(ring)) if _is_ear(outline, ring, k, turn))
        # Without an ear only points on one line are left over: cutting any of them keeps the mesh closed.
        at = next(ears, 0)
        triangles.append((ring[at - 1], ring[at], ring[(at + 1) % len(ring)]))
        del ring[at]
    triangles.append((ring[0], ring[1], ring[2]))
    return triangles

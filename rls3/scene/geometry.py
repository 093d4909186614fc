"""What a pinhole camera makes of points and boxes.

The projection is the one that fits real AI2-THOR frames: right = dx cos(yaw) - dz sin(yaw), ahead = dx sin(yaw) +
dz cos(yaw), turned down by the horizon; the field of view is vertical; pixel (0, 0) is the top left corner.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rls3.scene.model import Camera, SceneObject, Vec3

NEAR = 0.05
"""Depth at which boxes are cut before they are projected, metres."""

Points = NDArray[np.float64]
Pixel = tuple[float, float]


def viewer_axes(yaw: float) -> tuple[Vec3, Vec3]:
    """The viewer's level unit vectors (right, ahead) in the world for a camera yaw in degrees."""
    sine, cosine = math.sin(math.radians(yaw)), math.cos(math.radians(yaw))
    return (cosine, 0.0, -sine), (sine, 0.0, cosine)


def focal_length(camera: Camera) -> float:
    """Focal length, pixels, the same in both directions."""
    return camera.height / 2 / math.tan(math.radians(camera.field_of_view) / 2)


def to_camera(points: Points, camera: Camera) -> Points:
    """World points (N, 3) in the camera's frame: (right, up, depth along the optical axis), metres."""
    (right_x, _, right_z), (ahead_x, _, ahead_z) = viewer_axes(camera.yaw)
    sine, cosine = math.sin(math.radians(camera.horizon)), math.cos(math.radians(camera.horizon))
    axes = np.array(
        [
            [right_x, sine * ahead_x, cosine * ahead_x],
            [0.0, cosine, -sine],
            [right_z, sine * ahead_z, cosine * ahead_z],
        ]
    )
    return np.asarray((np.asarray(points, np.float64) - camera.position) @ axes)


def project(points: Points, camera: Camera) -> tuple[Points, Points]:
    """Pixels (N, 2) and depths (N,), metres, of world points (N, 3); pixels are NaN where the depth is under NEAR."""
    seen = to_camera(points, camera)
    return _to_pixels(seen, camera), seen[:, 2]


def projected_hull(thing: SceneObject, camera: Camera) -> Points:
    """The convex outline (K, 2), pixels, of an object's box in the unbounded picture; K = 0 behind the camera."""
    seen = to_camera(thing.corners, camera)
    front = seen[:, 2] >= NEAR
    if not front.any():
        return np.empty((0, 2))
    kept = [seen[front]]
    if not front.all():
        ahead, back = seen[front][:, None], seen[~front][None]
        share = (ahead[..., 2:] - NEAR) / (ahead[..., 2:] - back[..., 2:])
        cuts = (ahead + share * (back - ahead)).reshape(-1, 3)
        cuts[:, 2] = NEAR
        kept.append(cuts)
    return convex_hull(_to_pixels(np.concatenate(kept), camera))


def frame_part(polygon: Points, camera: Camera) -> Points:
    """The part (M, 2) of a convex polygon (K, 2) that lies in the picture; M = 0 when none does."""
    corners: list[Pixel] = [(x, y) for x, y in polygon.tolist()]  # plain floats: a few corners are too few for arrays
    for axis, limit, sign in ((0, 0.0, 1.0), (0, camera.width, -1.0), (1, 0.0, 1.0), (1, camera.height, -1.0)):
        corners = _clip(corners, axis, float(limit), sign)
    return np.array(corners, np.float64).reshape(-1, 2)


def polygon_area(polygon: Points) -> float:
    """Area of a simple polygon (K, 2) in squared units of its points; 0 under three points."""
    if len(polygon) < 3:
        return 0.0
    x, y = polygon[:, 0], polygon[:, 1]
    rest = x[:-1] @ y[1:] - y[:-1] @ x[1:]
    return float(abs(rest + x[-1] * y[0] - y[-1] * x[0]) / 2)


def bounds(polygon: Points) -> tuple[float, float, float, float]:
    """(x0, y0, x1, y1) round the points (K, 2); zeros for no point."""
    if len(polygon) == 0:
        return (0.0, 0.0, 0.0, 0.0)
    (x0, y0), (x1, y1) = polygon.min(axis=0), polygon.max(axis=0)
    return (float(x0), float(y0), float(x1), float(y1))


def distance(camera: Camera, thing: SceneObject) -> float:
    """Metres from the optical centre to the centre of the object's box."""
    return math.dist(camera.position, thing.center)


def convex_hull(points: Points) -> Points:
    """Counter-clockwise convex hull (K, 2) of points (N, 2) (Andrew's monotone chain)."""
    ordered = sorted({(x, y) for x, y in points.tolist()})
    if len(ordered) < 3:
        return np.array(ordered, np.float64).reshape(-1, 2)
    chains = [_chain(ordered), _chain(ordered[::-1])]
    return np.array(chains[0][:-1] + chains[1][:-1], np.float64)


def footprints_overlap(a: SceneObject, b: SceneObject, least: float = 0.0) -> bool:
    """Whether two boxes overlap by more than `least` metres as seen from above."""
    return _footprint_overlap(a.corners[:, [0, 2]], b.corners[:, [0, 2]]) > least


def half_extent(thing: SceneObject, direction: Vec3) -> float:
    """How far the box reaches from its centre along a unit direction, metres."""
    return float(((thing.corners - thing.center) @ np.asarray(direction)).max())


def _to_pixels(seen: Points, camera: Camera) -> Points:
    depth = np.where(seen[:, 2] >= NEAR, seen[:, 2], np.nan)
    scale = focal_length(camera) / depth
    return np.stack((camera.width / 2 + seen[:, 0] * scale, camera.height / 2 - seen[:, 1] * scale), axis=1)


def _chain(ordered: list[Pixel]) -> list[Pixel]:
    chain: list[Pixel] = []
    for point in ordered:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Pixel, b: Pixel, c: Pixel) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _clip(polygon: list[Pixel], axis: int, limit: float, sign: float) -> list[Pixel]:
    """Keep the side of a line where sign * (coordinate - limit) >= 0 (Sutherland-Hodgman)."""
    kept: list[Pixel] = []
    for start, end in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        inside, next_inside = sign * (start[axis] - limit) >= 0, sign * (end[axis] - limit) >= 0
        if inside:
            kept.append(start)
        if inside != next_inside:
            share = (limit - start[axis]) / (end[axis] - start[axis])
            kept.append((start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share))
    return kept


def _footprint_overlap(a: Points, b: Points) -> float:
    overlap = math.inf
    for outline in (convex_hull(a), convex_hull(b)):
        edges = np.roll(outline, -1, axis=0) - outline
        normals = np.stack((-edges[:, 1], edges[:, 0]), axis=1)
        lengths = np.linalg.norm(normals, axis=1)
        for normal in normals[lengths > 1e-9] / lengths[lengths > 1e-9, None]:
            along_a, along_b = a @ normal, b @ normal
            overlap = min(overlap, min(along_a.max(), along_b.max()) - max(along_a.min(), along_b.min()))
    return float(overlap) if math.isfinite(overlap) else 0.0

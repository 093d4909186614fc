"""Where to put an object so that a wanted relation holds."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rls3.scene.edit import Placement, Term, implied
from rls3.scene.geometry import half_extent, viewer_axes
from rls3.scene.model import Camera, Scene, SceneObject, Vec3
from rls3.scene.partners import partners
from rls3.scene.relations import relation_at, rise

MAX_POINTS = 6
GAPS_M = (0.1, 0.35)
GAP_RANGE_M = (0.08, 1.5)
"""Between the two things of a sideways placement, the first that is tried; drawn evenly on a logarithmic scale."""
MOST_OFF_DEG = 16.5
"""How far off the middle of its sector of 45 degrees a sideways placement may be: 6 degrees from the next sector."""
LEVEL_DEG = 15.0
"""A sideways placement is sought under this elevation, 5 degrees from where a vertical term would join."""
MARGIN_DEG = 5.0
CLEARANCE_M = 0.01
NEIGHBOUR_M = 1.5
RAISED_M = 0.1
"""Smaller differences of height or place are not worth a try of their own, metres."""
_LEADS = ((0, 1, -1), (0, -1, 1), (1, 0, -1), (-1, 0, 1))
"""Orders of sectors: 0 = straight, 1 and -1 = the diagonals next to it."""
_AROUND: tuple[Term, ...] = ("front", "left", "right", "behind")


def target_points(
    scene: Scene, subject: SceneObject, reference: SceneObject, placement: Placement, camera: Camera
) -> tuple[Vec3, ...]:
    """Where the middle of the subject's underside may go, best first, at most MAX_POINTS.

    Only points are given at which the wanted term would be part of the relation, by the published rule whatever the
    configured boundaries are; for sideways placements those without a vertical term come first. Whether a point is free
    and bears the subject is for the simulator to say.

    Args:
        scene: the room; other receptacles are taken from it.
        subject: what moves; its rotation stays.
        reference: what stays.
        placement: where it is wanted.
        camera: from where the result will be seen; only its yaw counts.
    """
    proposed = _proposed(scene, subject, reference, placement, camera)
    wanted = implied(placement)
    corners = np.concatenate([thing.corners for thing in scene.objects])
    low, high = corners.min(axis=0) - CLEARANCE_M, corners.max(axis=0) + CLEARANCE_M
    ranked: list[tuple[int, int, Vec3]] = []
    for order, point in enumerate(proposed):
        if not (low[0] <= point[0] <= high[0] and low[2] <= point[2] <= high[2]):
            continue  # beyond everything the room holds, its floor and walls included
        center = (point[0], point[1] + subject.size[1] / 2, point[2])
        result = relation_at(center, subject, reference, camera.yaw)
        if (wanted is None or wanted in result.terms) and result.margin >= MARGIN_DEG:
            ranked.append((int(strays(placement, result.terms)), order, point))
    return tuple(point for _, _, point in sorted(ranked))[:MAX_POINTS]


def strays(placement: Placement, terms: tuple[Term, ...]) -> bool:
    """Whether a relation is not what was wanted: the term is missing, or a vertical one joined a sideways one."""
    wanted = implied(placement)
    if wanted is None:
        return False
    return wanted not in terms or (wanted not in ("above", "below") and ("above" in terms or "below" in terms))


def turned(thing: SceneObject, degrees: int) -> SceneObject:
    """A thing turned about the vertical through its middle, clockwise seen from above, by a multiple of 90 degrees."""
    if degrees % 360 == 0:
        return thing
    right, ahead = viewer_axes(degrees)
    turn = np.array([right, (0.0, 1.0, 0.0), ahead])
    middle = np.asarray(thing.center)
    x, y, z = (float(each) for each in (np.asarray(thing.position) - middle) @ turn + middle)
    width, height, depth = thing.size
    return replace(
        thing,
        size=(depth, height, width) if degrees % 180 else thing.size,
        position=(x, y, z),
        rotation=(thing.rotation[0], (thing.rotation[1] + degrees) % 360.0, thing.rotation[2]),
        corners=(thing.corners - middle) @ turn + middle,
        front_yaw=None if thing.front_yaw is None else (thing.front_yaw + degrees) % 360.0,
    )


def _proposed(
    scene: Scene, subject: SceneObject, reference: SceneObject, placement: Placement, camera: Camera
) -> Iterator[Vec3]:
    if placement == "on":
        return _on_top(subject, reference, camera)
    if placement == "above":
        return (point for point in _on_neighbours(scene, subject, reference) if point[1] >= _top(reference))
    if placement == "under":
        return iter([(reference.center[0], CLEARANCE_M, reference.center[2])])
    if placement == "below":
        return _below(scene, subject, reference, camera)
    if placement == "between":
        return _between(scene, subject, reference)
    return _beside(subject, reference, placement, camera)


def _beside(subject: SceneObject, reference: SceneObject, placement: Term, camera: Camera) -> Iterator[Vec3]:
    """To the side or on a diagonal next to it; level with the reference's foot, its middle, or the floor.

    Which of the three sectors leads, where in it, and how far off, is drawn by the edit and where the subject comes
    from: things in rooms are not all beside each other on straight lines, yet the same edit always means the same.
    """
    straight = _direction(placement, camera.yaw)
    across = _direction("left" if placement in ("front", "behind") else "behind", camera.yaw)
    came_from = " ".join(f"{coordinate:.2f}" for coordinate in subject.position)
    draws = np.random.default_rng(
        zlib.crc32(f"{subject.id} {came_from} {reference.id} {placement} {camera.yaw:.0f}".encode())
    )
    lead = _LEADS[int(draws.integers(len(_LEADS)))]
    off = float(draws.uniform(-MOST_OFF_DEG, MOST_OFF_DEG))
    wide = float(np.exp(draws.uniform(*np.log(GAP_RANGE_M))))
    spare: list[Vec3] = []
    for sector in lead:
        leads = sector == lead[0]
        angle = math.radians(45.0 * sector + (off if leads else 0.0))
        ahead, aside = math.cos(angle), math.sin(angle)
        direction = (ahead * straight[0] + aside * across[0], 0.0, ahead * straight[2] + aside * across[2])
        for gap in (wide, *GAPS_M) if leads else GAPS_M[1:]:
            reach = half_extent(reference, direction) + half_extent(subject, direction) + gap
            x, z = reference.center[0] + reach * direction[0], reference.center[2] + reach * direction[2]
            best, *others = _heights(subject, reference, reach)
            yield (x, best, z)
            spare += [(x, height, z) for height in others]
    yield from spare


def _heights(subject: SceneObject, reference: SceneObject, reach: float) -> list[float]:
    """Undersides for a subject `reach` metres beside the reference, those that need no vertical term first."""
    foot = _bottom(reference)
    level = max(0.0, reference.center[1] - subject.size[1] / 2)
    heights = [max(foot, 0.0)]
    if foot > RAISED_M:
        heights.append(0.0)
    if level > foot + RAISED_M:
        heights.append(level)
    tangent = math.tan(math.radians(LEVEL_DEG)) * reach

    def tilted(height: float) -> bool:
        return abs(rise(height + subject.size[1] / 2, subject.size[1], reference)) > tangent

    return [height + CLEARANCE_M for height in sorted(heights, key=tilted)]


def _on_top(subject: SceneObject, reference: SceneObject, camera: Camera) -> Iterator[Vec3]:
    """On top of the reference, its middle first, then towards its edges."""
    top = _top(reference) + CLEARANCE_M
    yield (reference.center[0], top, reference.center[2])
    for placement in _AROUND:
        direction = _direction(placement, camera.yaw)
        offset = half_extent(reference, direction) - half_extent(subject, direction)
        if offset > RAISED_M:
            yield (reference.center[0] + offset * direction[0], top, reference.center[2] + offset * direction[2])


def _between(scene: Scene, subject: SceneObject, reference: SceneObject) -> Iterator[Vec3]:
    """Half way to the next thing that leaves room, on the level of either's foot or on the floor."""
    row = int(partners(scene, [subject], [reference])[0, 0])
    if row < 0:
        return
    x, z = half_way(reference, scene.objects[row])
    for height in sorted({max(_bottom(reference), 0.0), 0.0}, reverse=True):
        yield (x, height + CLEARANCE_M, z)


def half_way(thing: SceneObject, other: SceneObject) -> tuple[float, float]:
    """Where, x and z in metres, something between two things stands: the middle of the gap between their boxes."""
    offset = np.asarray(other.center)[::2] - np.asarray(thing.center)[::2]
    apart = float(np.linalg.norm(offset))
    from_here = max(thing.size[0], thing.size[2]) / 2
    from_there = max(other.size[0], other.size[2]) / 2
    x, z = np.asarray(thing.center)[::2] + offset * (from_here + apart - from_there) / (2 * apart)
    return float(x), float(z)


def _below(scene: Scene, subject: SceneObject, reference: SceneObject, camera: Camera) -> Iterator[Vec3]:
    """On the floor under the reference, or as close as it or what carries it allows; on lower receptacles near it."""
    if _bottom(reference) > subject.size[1] + CLEARANCE_M:
        yield (reference.center[0], CLEARANCE_M, reference.center[2])
    blockers = [reference, *(o for o in scene.objects if o.id in reference.parents and o.type != "Floor")]
    for placement in _AROUND[:3]:
        direction = _direction(placement, camera.yaw)
        reach = max(
            float(((thing.corners - reference.center) @ np.asarray(direction)).max()) for thing in blockers
        ) + half_extent(subject, direction)
        for gap in GAPS_M:
            x = reference.center[0] + (reach + gap) * direction[0]
            yield (x, CLEARANCE_M, reference.center[2] + (reach + gap) * direction[2])
    yield from _on_neighbours(scene, subject, reference)


def _on_neighbours(scene: Scene, subject: SceneObject, reference: SceneObject) -> Iterator[Vec3]:
    """On the tops of receptacles near the reference, where they are nearest to it, the nearest first."""
    inset = max(subject.size[0], subject.size[2]) / 2
    found: list[tuple[float, Vec3]] = []
    for other in scene.objects:
        if not other.receptacle or other.held or other.type == "Floor" or other.id in (subject.id, reference.id):
            continue
        x, z = (_nearest_inside(other, reference, axis, inset) for axis in (0, 2))
        apart = math.hypot(x - reference.center[0], z - reference.center[2])
        if apart <= NEIGHBOUR_M:
            found.append((apart, (x, _top(other) + CLEARANCE_M, z)))
    yield from (point for _, point in sorted(found))


def _nearest_inside(other: SceneObject, reference: SceneObject, axis: int, inset: float) -> float:
    half = max(0.0, other.size[axis] / 2 - inset)
    return min(max(reference.center[axis], other.center[axis] - half), other.center[axis] + half)


def _direction(term: Term, yaw: float) -> Vec3:
    right, ahead = viewer_axes(yaw)
    x, z = (right[0], right[2]) if term in ("left", "right") else (ahead[0], ahead[2])
    return (-x, 0.0, -z) if term in ("left", "front") else (x, 0.0, z)


def _bottom(thing: SceneObject) -> float:
    return thing.center[1] - thing.size[1] / 2


def _top(thing: SceneObject) -> float:
    return thing.center[1] + thing.size[1] / 2

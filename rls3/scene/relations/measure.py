"""Which of two objects is nearer to the camera, and which is bigger or taller.

People mean different things by these words: near may be the middle or the nearest side of a thing, big its volume or
its length. A difference counts only as far as all meanings agree on it.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from rls3.config import RelationConfig
from rls3.scene.boxes import Array, Boxes
from rls3.scene.model import Camera


@dataclass(frozen=True)
class Nearness:
    """How near the objects of a scene are to its camera.

    Attributes:
        distance: (N,) from the optical centre to the middles of the boxes, metres.
        lead: (N, N) by how much object i is nearer than object j, metres: the least of the differences of middles,
            nearest sides and depths; negative where it is farther, 0 where these disagree.
    """

    distance: Array
    lead: Array


@dataclass(frozen=True)
class Sizes:
    """How the sizes of objects compare; (N, N) each.

    Attributes:
        bigger: natural logarithm of how many times bigger i is than j: the less of the ratios of lengths and of cube
            roots of volumes; negative where it is smaller, 0 where both disagree.
        taller: the same for the vertical extents.
    """

    bigger: Array
    taller: Array


def nearness(boxes: Boxes, camera: Camera) -> Nearness:
    """How near the objects are to the camera."""
    offset = boxes.middle - np.array(camera.position)[:, None]
    distance = np.sqrt((offset * offset).sum(axis=0))
    beside = np.maximum(np.abs(offset) - boxes.half, 0.0)
    side = np.sqrt((beside * beside).sum(axis=0))
    yaw, horizon = math.radians(camera.yaw), math.radians(camera.horizon)
    level = math.cos(horizon)
    depth = np.array([math.sin(yaw) * level, -math.sin(horizon), math.cos(yaw) * level]) @ offset
    return Nearness(distance, -_agreed(distance, side, depth))


def sizes(boxes: Boxes) -> Sizes:
    """How the sizes of the objects compare."""
    length = np.sqrt(np.einsum("nij,nij->ni", boxes.edges, boxes.edges)).clip(1e-4)
    scale = np.log(length)
    height = np.log(boxes.half[1].clip(1e-4))
    return Sizes(_agreed(scale.sum(axis=1) / 3, scale.max(axis=1)), height[:, None] - height)


def bands(rule: RelationConfig) -> tuple[str, ...]:
    """The distance bands by name, nearest first: "within 1 m", "1 to 2 m", ..., "beyond 4 m"."""
    ends = rule.distance_bands_m
    middle = (f"{nearer:g} to {farther:g} m" for nearer, farther in itertools.pairwise(ends))
    return (f"within {ends[0]:g} m", *middle, f"beyond {ends[-1]:g} m")


def band(distance: float, rule: RelationConfig) -> tuple[str, float]:
    """The band of a distance, metres, and how far the distance is from the band's nearest end, metres."""
    ends = rule.distance_bands_m
    index = sum(distance > end for end in ends)
    return bands(rule)[index], min(abs(distance - end) for end in ends)


def _agreed(*measures: Array) -> Array:
    """(N, N) differences i - j of measures (N,): the one nearest to 0 where all have the same sign, else 0."""
    first, *rest = (measure[:, None] - measure for measure in measures)
    least, most = first, first
    for apart in rest:
        least, most = np.minimum(least, apart), np.maximum(most, apart)
    return np.asarray(np.maximum(least, 0.0) + np.minimum(most, 0.0))

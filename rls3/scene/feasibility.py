"""Which edits geometry rules out before anybody tries them: no room, no height, out of sight behind what is larger.

A coarse test of many edits at once, by axis-aligned boxes: what it rules out would fail, what it lets pass may still.
Where the subject would go is for `rls3.scene.placement` to say, and whether it can for the simulator.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rls3.scene.edit import DISTANCES, NUM_VIEWS, PLACEMENTS, Placement
from rls3.scene.framing import DISTANCE_FACTORS, pair_distance
from rls3.scene.model import Scene, SceneObject
from rls3.scene.partners import partners
from rls3.scene.placement import CLEARANCE_M, GAPS_M, MARGIN_DEG, NEIGHBOUR_M, half_way
from rls3.scene.traits import LEGGED_TYPES

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOLERANCE_M = 0.02
"""Boxes are a little larger than things: overlaps up to this count as none."""
BOARD_M = 0.1
"""Of a table only this much under its top is in the way."""
VERTICAL_DEG = 20.0 + MARGIN_DEG
MOST_HIDDEN = 0.6
EYE_M, VIEW_M = 1.58, 1.8
"""Height of the camera, and its usual distance from what it looks at, metres."""
LEAST_SHARE, FILL = 0.004, 0.5
"""Share of a square picture that a thing must fill, and how much of its box's outline it usually does."""
MOST_SPAN = 1.1
"""Longest side of a thing over the width of the picture at its distance: what is longer is cut by the frame."""
_WITHOUT_BOX = frozenset({"Floor", "Ceiling", "Shelf", "CounterTop"})
"""Types whose boxes are no bodies: what an L-shaped counter encloses is mostly floor."""
_AHEAD: dict[Placement, int] = {"behind": 0, "right": 2, "front": 4, "left": 6}
"""In which of the eight directions a term points in the view along direction 0; clockwise."""
_DIRECTIONS = np.array([(math.sin(k * math.pi / 4), math.cos(k * math.pi / 4)) for k in range(8)])
"""(8, 2) level unit vectors (x, z), clockwise from +z: direction k is straight ahead in view k."""


@dataclass(frozen=True)
class Feasible:
    """What is not ruled out among S subjects and R references; placements and distances in the order of their lists.

    Attributes:
        edits: (S, R, placements, NUM_VIEWS).
        distances: (S, R, distances) from how far a pair can be looked at.
    """

    edits: Flags
    distances: Flags


def feasible(
    scene: Scene, subjects: Sequence[SceneObject], references: Sequence[SceneObject], views: Flags
) -> Feasible:
    """Which edits are not ruled out.

    Args:
        scene: the room.
        subjects: what may move.
        references: beside what.
        views: (R, NUM_VIEWS) from where each reference can be looked at.
    """
    shape = (len(subjects), len(references))
    if not subjects or not references:
        return Feasible(
            np.zeros((*shape, len(PLACEMENTS), NUM_VIEWS), np.bool_), np.zeros((*shape, len(DISTANCES)), bool)
        )
    test = _Test.of(scene, subjects, references)
    room = test.room_beside()
    beside = room | np.roll(room, 1, axis=2) | np.roll(room, -1, axis=2)
    found = np.empty((*shape, len(PLACEMENTS), NUM_VIEWS), np.bool_)
    for term, turn in _AHEAD.items():
        found[:, :, PLACEMENTS.index(term)] = np.roll(beside, -turn, axis=2)
    found[:, :, PLACEMENTS.index("front")] &= ~test.hides(test.subjects, test.references, swap=False)[..., None]
    found[:, :, PLACEMENTS.index("behind")] &= ~test.hides(test.references, test.subjects, swap=True)[..., None]
    anywhere: dict[Placement, Flags] = {
        "above": test.neighbours(1),
        "below": test.room_under() | test.room_below() | test.neighbours(-1),
        "on": test.room_on_top(),
        "under": test.room_under(),
        "between": test.room_between(scene, subjects, references),
    }
    for placement, possible in anywhere.items():
        found[:, :, PLACEMENTS.index(placement)] = possible[..., None]
    distances = np.stack([test.shown(scene.camera.field_of_view, DISTANCE_FACTORS[each]) for each in DISTANCES], axis=2)
    shown = test.apart & distances.any(axis=2)
    return Feasible(np.asarray(found & shown[:, :, None, None] & views[:, None]), distances)


@dataclass(frozen=True)
class _Things:
    """Axis-aligned boxes of n things, metres: `middle` and `half` (n, 3), `reach` (n, 8) half extent by direction."""

    middle: Array
    half: Array
    reach: Array

    @classmethod
    def of(cls, things: Sequence[SceneObject]) -> _Things:
        middle = np.array([thing.center for thing in things], np.float64).reshape(-1, 3)
        corners = np.array([thing.corners for thing in things], np.float64).reshape(-1, 8, 3) - middle[:, None]
        half = np.array([thing.size for thing in things], np.float64).reshape(-1, 3) / 2
        return cls(middle, half, (corners[..., ::2] @ _DIRECTIONS.T).max(axis=1))

    @property
    def low(self) -> Array:
        """(n,) heights of the undersides."""
        return np.asarray(self.middle[:, 1] - self.half[:, 1])

    @property
    def high(self) -> Array:
        """(n,) heights of the tops."""
        return np.asarray(self.middle[:, 1] + self.half[:, 1])


@dataclass(frozen=True)
class _Test:
    """S subjects, R references and the N other boxes of a room.

    Attributes:
        apart: (S, R) two things, of which the subject does not carry the reference.
        blocks: (S, R, N) whether a box counts: not the subject or its load, and not round the reference.
        bears: (N,) receptacles that are not in somebody's hand.
        low, high: (2,) least and greatest x and z of the room, metres.
    """

    subjects: _Things
    references: _Things
    others: _Things
    apart: Flags
    blocks: Flags
    bears: Flags
    low: Array
    high: Array

    @classmethod
    def of(cls, scene: Scene, subjects: Sequence[SceneObject], references: Sequence[SceneObject]) -> _Test:
        things = [thing for thing in scene.objects if thing.type not in _WITHOUT_BOX]
        corners = np.concatenate([thing.corners for thing in scene.objects])[:, ::2]
        placed, boxes = _Things.of(references), _Things.of(things)
        around = np.all(np.abs(placed.middle[:, None] - boxes.middle) <= boxes.half, axis=2)
        own = np.array([[t.id == s.id or s.id in t.parents for t in things] for s in subjects])
        apart = np.array([[s.id != r.id and s.id not in r.parents for r in references] for s in subjects])
        bears = np.array([thing.receptacle and not thing.held for thing in things])
        return cls(
            _Things.of(subjects),
            placed,
            boxes,
            apart,
            ~own[:, None] & ~around[None],
            bears,
            corners.min(axis=0),
            corners.max(axis=0),
        )._with_boards(things)

    def _with_boards(self, things: Sequence[SceneObject]) -> _Test:
        """With tables as boards, under which there is room."""
        for row, thing in enumerate(things):
            if thing.type in LEGGED_TYPES and self.others.half[row, 1] > BOARD_M:
                top = self.others.middle[row, 1] + self.others.half[row, 1]
                self.others.half[row, 1] = BOARD_M / 2
                self.others.middle[row, 1] = top - BOARD_M / 2
        return self

    def room_beside(self) -> Flags:
        """(S, R, 8) whether the subject fits beside the reference in each direction, at some height."""
        reach = self.subjects.reach[:, None] + self.references.reach[None]
        away = reach[..., None] + np.array(GAPS_M)  # (S, R, 8, gaps)
        places = self.references.middle[None, :, None, None, ::2] + away[..., None] * _DIRECTIONS[:, None]
        foot = np.maximum(self.references.low, 0.0)
        level = np.maximum(self.references.middle[:, 1] - self.subjects.half[:, None, 1], 0.0)
        low = np.stack(np.broadcast_arrays(foot[None], np.zeros_like(level), level), axis=-1) + CLEARANCE_M
        return np.asarray(self._free(places, low).any(axis=(3, 4)))

    def room_on_top(self) -> Flags:
        """(S, R) whether the subject stands on the reference without anything in the way."""
        shape = self.apart.shape
        places = np.broadcast_to(self.references.middle[:, None, None, ::2], (*shape, 1, 1, 2))
        low = np.broadcast_to(self.references.high[:, None], (*shape, 1)) + CLEARANCE_M
        steady = (self.subjects.half[:, None, ::2] <= 1.5 * self.references.half[:, ::2]).all(axis=2)
        return np.asarray(self._free(places, low).any(axis=(2, 3, 4)) & steady)

    def room_under(self) -> Flags:
        """(S, R) whether the subject fits on the floor straight below the reference."""
        shape = self.apart.shape
        places = np.broadcast_to(self.references.middle[:, None, None, ::2], (*shape, 1, 1, 2))
        free = self._free(places, np.full((*shape, 1), CLEARANCE_M)).any(axis=(2, 3, 4))
        return np.asarray(free & (2 * self.subjects.half[:, None, 1] + CLEARANCE_M < self.references.low))

    def room_between(self, scene: Scene, subjects: Sequence[SceneObject], references: Sequence[SceneObject]) -> Flags:
        """(S, R) whether the subject fits between the reference and the next thing that leaves room."""
        rows = partners(scene, subjects, references)
        places = np.array(
            [
                [half_way(reference, scene.objects[row]) if row >= 0 else (0.0, 0.0) for reference, row in pairs]
                for pairs in (zip(references, each, strict=True) for each in rows)
            ]
        )
        foot = np.broadcast_to(np.maximum(self.references.low, 0.0), self.apart.shape)
        low = np.stack([foot, np.zeros_like(foot)], axis=2) + CLEARANCE_M
        return np.asarray(self._free(places[:, :, None, None], low).any(axis=(2, 3, 4)) & (rows >= 0))

    def room_below(self) -> Flags:
        """(S, R) whether the subject fits on the floor so near the reference that it is still below."""
        height = 2 * self.subjects.half[:, None, 1]
        rise = _rise(height / 2, height, self.references.middle[:, 1], 2 * self.references.half[:, 1])
        reach = self.subjects.reach[:, None] + self.references.reach[None] + GAPS_M[0]
        return np.asarray(-rise > math.tan(math.radians(VERTICAL_DEG)) * reach.min(axis=2))

    def neighbours(self, sign: int) -> Flags:
        """(S, R) whether the subject would be above (sign 1) or below (-1) the reference on a top near it."""
        inset = np.minimum(self.subjects.half[:, None, ::2].max(axis=2)[..., None], self.others.half[:, ::2])
        room = self.others.half[:, ::2] - inset  # (S, N, 2)
        offset = np.abs(self.references.middle[:, None, ::2] - self.others.middle[:, ::2])  # (R, N, 2)
        flat = np.linalg.norm(np.maximum(offset[None] - room[:, None], 0.0), axis=3)  # (S, R, N)
        height = 2 * self.subjects.half[:, None, None, 1]
        middle = self.others.high + height / 2
        extent = 2 * self.references.half[:, None, 1]
        rise = _rise(middle, height, self.references.middle[:, None, 1], extent)
        beyond = sign * (self.others.high - self.references.middle[:, None, 1]) >= extent / 2 * (sign > 0)  # (R, N)
        wide = np.all(self.others.half[:, ::2] >= 0.8 * self.subjects.half[:, None, ::2], axis=2)
        fits = self.bears & (flat <= NEIGHBOUR_M) & (sign * rise > math.tan(math.radians(VERTICAL_DEG)) * flat)
        return np.asarray((fits & beyond & wide[:, None] & self.blocks).any(axis=2))

    def hides(self, front: _Things, back: _Things, *, swap: bool) -> Flags:
        """(S, R) whether, of two things one behind the other on the same level, the nearer hides most of the farther.

        Args:
            front, back: the nearer and the farther ones.
            swap: the nearer ones are the references.
        """
        between = (front.reach.mean(axis=1)[:, None] + back.reach.mean(axis=1)) + GAPS_M[1]
        shadow = EYE_M + (front.high[:, None] - front.low[:, None] - EYE_M) * (VIEW_M + between) / VIEW_M
        covered = np.clip(shadow / (2 * back.half[:, 1]), 0.0, 1.0)
        wide = np.clip(front.reach.mean(axis=1)[:, None] / back.reach.mean(axis=1), 0.0, 1.0)
        hidden = covered * wide > MOST_HIDDEN
        return np.asarray(hidden.T if swap else hidden)

    def shown(self, field_of_view: float, factor: float) -> Flags:
        """(S, R) whether both things fill enough of the picture, and not too much, from `factor` times the usual."""
        mine, theirs = self.subjects, self.references
        away = factor * pair_distance(2 * theirs.half[None], 2 * mine.half[:, None], field_of_view)
        opening = 2 * math.tan(math.radians(field_of_view) / 2)
        drop = np.maximum(EYE_M - theirs.middle[:, 1], 0.3)  # both are near the reference's height
        slant = np.hypot(away, drop)
        fits = np.ones(self.apart.shape, np.bool_)
        for half in (mine.half[:, None], theirs.half[None]):
            wide, deep = half[..., ::2].max(axis=-1), half[..., ::2].min(axis=-1)
            area = 4 * wide * (half[..., 1] * away + deep * drop) / slant
            fits &= FILL * area >= LEAST_SHARE * (opening * slant) ** 2
            fits &= 2 * half.max(axis=-1) <= MOST_SPAN * opening * slant
        return fits

    def _free(self, places: Array, low: Array) -> Flags:
        """(S, R, D, G, H) whether subjects fit at places (S, R, D, G, 2), x and z, with undersides at (S, R, H)."""
        half = self.subjects.half
        level = half[:, None, None, None, ::2]
        within = (places - level > self.low - TOLERANCE_M) & (places + level < self.high + TOLERANCE_M)
        inside = np.asarray(within.all(axis=-1))
        reach = half[:, None, None, None, None, ::2] + self.others.half[:, ::2] - TOLERANCE_M
        meets = np.all(np.abs(places[..., None, :] - self.others.middle[:, ::2]) < reach, axis=-1)  # (S, R, D, G, N)
        high = low + 2 * half[:, None, None, 1]
        crosses = (low[..., None] < self.others.high - TOLERANCE_M) & (high[..., None] > self.others.low + TOLERANCE_M)
        crosses &= self.blocks[:, :, None]  # (S, R, H, N)
        shape = meets.shape
        hits = meets.reshape(*shape[:2], -1, shape[-1]).astype(np.float32) @ crosses.swapaxes(2, 3).astype(np.float32)
        return np.asarray((hits == 0).reshape(*shape[:-1], -1) & inside[..., None])


def _rise(middle: Array, extent: Array, other: Array, other_extent: Array) -> Array:
    """How much higher boxes count than others, metres, as `rls3.scene.relations.rise` has it, for arrays."""
    difference = middle - other
    common = np.maximum((extent + other_extent) / 2 - np.abs(difference), 0.0)
    return np.asarray(difference * (1.0 - np.minimum(common / np.minimum(extent, other_extent), 1.0)))

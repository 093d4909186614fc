"""Collision, dropping and support of objects.

Objects are sets of boxes. A broad phase on world-aligned bounds (NumPy) finds candidate pairs; MuJoCo measures the
distance or penetration of each. Nothing is compiled per scene: one model of two boxes is re-posed for each pair.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import mujoco
import numpy as np
from numpy.typing import NDArray

from rls3.engine.geometry import Array, Boxes, Point, area, clip, hull_of, within_convex
from rls3.engine.world.agents import AGENT_HEIGHT, AGENT_RADIUS
from rls3.engine.world.world import World

#: Penetration up to this depth is contact, not collision, metres.
TOLERANCE = 0.005
#: Two faces closer than this touch, metres.
CONTACT_GAP = 0.0015
#: A centre of mass must lie this far inside its support, metres.
STABLE_MARGIN = 0.002
_BOX_XML = '<geom type="box" size="1 1 1"/>'
_PAIR_XML = f"<mujoco><worldbody>{_BOX_XML}<body>{_BOX_XML}</body></worldbody></mujoco>"


class PairProbe:
    """Measures the distance of two boxes with MuJoCo."""

    def __init__(self) -> None:
        self._model = mujoco.MjModel.from_xml_string(_PAIR_XML)
        self._data = mujoco.MjData(self._model)
        mujoco.mj_forward(self._model, self._data)
        self._fromto = np.zeros(6)

    def distance(self, a: Boxes, i: int, b: Boxes, j: int, limit: float = 1.0) -> float:
        """Return the distance of box `i` of `a` and box `j` of `b`, metres: negative is penetration depth, at most
        `limit`."""
        model, data = self._model, self._data
        for slot, boxes, k in ((0, a, i), (1, b, j)):
            model.geom_size[slot] = boxes.halves[k]
            model.geom_rbound[slot] = np.linalg.norm(boxes.halves[k])
            data.geom_xpos[slot] = boxes.centers[k]
            data.geom_xmat[slot] = boxes.rotations[k].ravel()
        return float(mujoco.mj_geomDistance(model, data, 0, 1, limit, self._fromto))


@dataclass(frozen=True)
class Obstacles:
    """All boxes that stand in the scene, with the id of the object or shell piece that owns each."""

    boxes: Boxes
    owners: NDArray[np.str_]
    _sources: tuple[tuple[Boxes, int], ...]

    @staticmethod
    def of(owned: Sequence[tuple[str, Boxes]]) -> Obstacles:
        """Return the boxes of several owners."""
        owners = np.repeat(np.array([k for k, _ in owned], dtype=np.str_), [len(b) for _, b in owned])
        sources = tuple((boxes, k) for _, boxes in owned for k in range(len(boxes)))
        return Obstacles(Boxes.join([b for _, b in owned]), owners, sources)

    @cached_property
    def tops(self) -> Array:
        """(n,) heights that something may rest on: of a tilted box, whose bounds reach above its faces, far below."""
        return self.boxes.high[:, 1] - np.where(self.boxes.upright, 0.0, 10.0)

    def outline(self, index: int) -> list[Point]:
        """Return the outline of one box seen from above; the owner's boxes keep it."""
        boxes, k = self._sources[index]
        return boxes.outline(k)


@dataclass(frozen=True)
class Support:
    """What an object stands on: owners' ids and the convex hull of the contact area."""

    owners: tuple[str, ...]
    polygon: tuple[Point, ...]

    def carries(self, point: Point) -> bool:
        """Return whether a centre of mass over `point` (x, z) stays up."""
        return within_convex(point, self.polygon, STABLE_MARGIN)


@dataclass(frozen=True)
class _Contents:
    """What stands in the world at one revision, what is held there, and who stands on what as far as it was asked."""

    revision: int
    standing: Obstacles
    held: Obstacles
    supports: dict[tuple[Boxes, frozenset[str]], Support] = field(default_factory=dict)


class Physics:
    """Answers what would collide, fall or tip over in a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._probe = PairProbe()
        self._cached: _Contents | None = None

    def obstacles(self) -> Obstacles:
        """Return the boxes of all that stands or hangs in the scene: shell pieces, and objects that nobody holds."""
        return self._contents().standing

    def held(self) -> Obstacles:
        """Return the boxes of what agents hold: it is in the way, but carries nothing."""
        return self._contents().held

    def _contents(self) -> _Contents:
        world = self._world
        if self._cached is None or self._cached.revision != world.revision:
            objects = world.active_objects()
            fixed = [(p.key, p.boxes) for p in world.shell.pieces]
            standing = [(o.object_id, o.boxes) for o in objects if o.state.held_by is None]
            held = [(o.object_id, o.boxes) for o in objects if o.state.held_by is not None]
            self._cached = _Contents(world.revision, Obstacles.of([*fixed, *standing]), Obstacles.of(held))
        return self._cached

    def collisions(self, boxes: Boxes, ignore: Collection[str] = (), tolerance: float = TOLERANCE) -> list[str]:
        """Return the owners of obstacles that the boxes penetrate by more than `tolerance`, the deepest first."""
        depth: dict[str, float] = {}
        for obstacles in (self.obstacles(), self.held()):
            for i, j in self._near(boxes, obstacles, ignore, -tolerance):
                distance = self._probe.distance(boxes, i, obstacles.boxes, j)
                if distance < -tolerance:
                    owner = str(obstacles.owners[j])
                    depth[owner] = min(distance, depth.get(owner, 0.0))
        return sorted(depth, key=lambda owner: depth[owner])

    def agent_in_the_way(self, boxes: Boxes) -> int | None:
        """Return the number of an agent whose capsule the boxes would enter, None when there is none."""
        for number, agent in enumerate(self._world.agents):
            x, y, z = agent.position
            half = np.array([[AGENT_RADIUS, AGENT_HEIGHT / 2, AGENT_RADIUS]])
            body = Boxes(np.array([[x, y, z]]), half, np.eye(3)[None])
            near = (boxes.low < body.high[0]).all(axis=1) & (boxes.high > body.low[0]).all(axis=1)
            for i in np.flatnonzero(near):
                local = boxes.rotations[i].T @ (np.array([x, boxes.centers[i][1], z]) - boxes.centers[i])
                gap = np.abs(local) - boxes.halves[i]
                if np.linalg.norm(np.maximum(gap, 0.0)) < AGENT_RADIUS:
                    return number
        return None

    def drop(self, boxes: Boxes, ignore: Collection[str] = (), lift: float = 0.02) -> float | None:
        """Return how far the boxes fall until they touch something, metres; None when nothing is below.

        A result below zero (at least -`lift`) means that they start a little inside the surface and are raised.
        """
        obstacles = self.obstacles()
        best: float | None = None
        for i, j in self._above(boxes, obstacles, ignore, lift):
            gap = self._fall(boxes, i, obstacles, j, best)
            if gap is not None and gap >= -lift and (best is None or gap < best):
                best = gap
        return best

    def support(self, boxes: Boxes, ignore: Collection[str] = ()) -> Support:
        """Return what the boxes stand on where they are; asked again in the same scene it is not worked out again."""
        known, key = self._contents().supports, (boxes, frozenset(ignore))
        if key not in known:
            known[key] = self._support(boxes, ignore)
        return known[key]

    def _support(self, boxes: Boxes, ignore: Collection[str]) -> Support:
        obstacles = self.obstacles()
        owners: list[str] = []
        points: list[Point] = []
        for i, j in self._above(boxes, obstacles, ignore, CONTACT_GAP):
            if abs(boxes.low[i, 1] - obstacles.boxes.high[j, 1]) > CONTACT_GAP:
                continue
            shared = clip(boxes.outline(i), obstacles.outline(j))
            if area(shared) < 1e-7 or not (boxes.upright[i] and obstacles.boxes.upright[j]):
                continue
            points += shared
            owner = str(obstacles.owners[j])
            if owner not in owners:
                owners.append(owner)
        return Support(tuple(owners), tuple(hull_of(points)))

    def _near(
        self, boxes: Boxes, obstacles: Obstacles, ignore: Collection[str], margin: float
    ) -> list[tuple[int, int]]:
        """Return the index pairs whose world-aligned bounds come within `margin` of each other."""
        low, high = obstacles.boxes.low - margin, obstacles.boxes.high + margin
        close = (boxes.low[:, None] < high[None]).all(-1) & (boxes.high[:, None] > low[None]).all(-1)
        return _pairs(np.asarray(close), obstacles, ignore)

    def _above(self, boxes: Boxes, obstacles: Obstacles, ignore: Collection[str], lift: float) -> list[tuple[int, int]]:
        """Return the index pairs where the box hangs over the obstacle, the highest obstacle first."""
        flat, edge = [0, 2], 1e-4
        overlap = (boxes.low[:, None, flat] < obstacles.boxes.high[None][..., flat] - edge).all(-1)
        overlap &= (boxes.high[:, None, flat] > obstacles.boxes.low[None][..., flat] + edge).all(-1)
        over: NDArray[np.bool_] = np.asarray(overlap & (boxes.low[:, None, 1] >= obstacles.tops[None] - lift))
        pairs = _pairs(over, obstacles, ignore)
        return sorted(pairs, key=lambda p: boxes.low[p[0], 1] - obstacles.boxes.high[p[1], 1])

    def _fall(self, boxes: Boxes, i: int, obstacles: Obstacles, j: int, best: float | None) -> float | None:
        """Return how far box `i` falls onto obstacle `j`, None when it misses it or reaches another one first."""
        gap = float(boxes.low[i, 1] - obstacles.boxes.high[j, 1])
        if best is not None and gap >= best:
            return None
        if boxes.upright[i] and obstacles.boxes.upright[j]:
            shared = clip(boxes.outline(i), obstacles.outline(j))
            return gap if area(shared) > 1e-7 else None
        # A tilted box: go down by the free distance again and again, which can never pass the point of contact.
        fallen = 0.0
        lowest = float(boxes.high[i, 1] - obstacles.boxes.low[j, 1])
        for _ in range(64):
            free = self._probe.distance(boxes.shifted((0.0, -fallen, 0.0)), i, obstacles.boxes, j, limit=10.0)
            if free < 2e-4:
                return fallen
            fallen += free
            if fallen > lowest or (best is not None and fallen >= best):
                return None
        return fallen


def _pairs(mask: NDArray[np.bool_], obstacles: Obstacles, ignore: Collection[str]) -> list[tuple[int, int]]:
    rows, columns = np.nonzero(mask)
    return [(i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if obstacles.owners[j] not in ignore]

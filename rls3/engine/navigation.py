"""Where agents can stand and walk: a capsule among boxes, seen from above."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from rls3.engine.agents import AGENT_HEIGHT, AGENT_RADIUS
from rls3.engine.geometry import Array, Point
from rls3.engine.physics import Physics
from rls3.engine.world import World

#: The agent walks over what is not higher, metres.
STEP_HEIGHT = 0.06
#: A straight walk is tested at points at most this far apart, metres.
SWEEP_SPACING = 0.0625


class WalkSpace:
    """Free places of one world state for one agent.

    Args:
        world: the scene.
        physics: collision boxes of the same scene.
        agent: number of the agent; the others stand in its way.
    """

    def __init__(self, world: World, physics: Physics, agent: int) -> None:
        obstacles = physics.obstacles()
        boxes = obstacles.boxes
        tall = np.flatnonzero((boxes.high[:, 1] > STEP_HEIGHT) & (boxes.low[:, 1] < AGENT_HEIGHT))
        boxes = boxes.take(tall)
        aligned = ~boxes.upright[:, None]
        # Upright boxes are turned rectangles; the rare tilted one is taken as its world-aligned bounds.
        self._halves: Array = np.where(aligned, boxes.reach, boxes.halves)
        self._rotations: Array = np.where(aligned[..., None], np.eye(3), boxes.rotations)
        self._centers = boxes.centers
        self._owners = [str(o) for o in obstacles.owners[tall]]
        self._others = [(n, a.position) for n, a in enumerate(world.agents) if n != agent]
        self._world = world

    def blockers(self, points: NDArray[np.float64]) -> list[str | None]:
        """Return for each (x, z) point who is in the way there, None where the agent can stand."""
        names: list[str | None] = [None] * len(points)
        if len(self._centers):
            offset = np.zeros((len(points), len(self._centers), 3))
            offset[..., 0] = points[:, None, 0] - self._centers[None, :, 0]
            offset[..., 2] = points[:, None, 1] - self._centers[None, :, 2]
            local = np.einsum("nji,pnj->pni", self._rotations, offset)
            vertical = np.abs(self._rotations[:, 1, :]) > 0.5
            gap = np.where(vertical[None], 0.0, np.maximum(np.abs(local) - self._halves[None], 0.0))
            distance = np.linalg.norm(gap, axis=-1)
            nearest = distance.argmin(axis=1)
            for k in np.flatnonzero(distance[np.arange(len(points)), nearest] < AGENT_RADIUS - 1e-6):
                i = int(k)
                names[i] = self._owners[nearest[i]]
        for n, (x, z) in enumerate(points):
            if names[n] is None:
                names[n] = self._beyond(float(x), float(z))
        return names

    def _beyond(self, x: float, z: float) -> str | None:
        for number, (ox, _, oz) in self._others:
            if math.hypot(x - ox, z - oz) < 2 * AGENT_RADIUS:
                return f"agent {number}"
        return None if self._world.shell.contains(x, z) else "the end of the floor"

    def walk(self, start: Point, end: Point) -> str | None:
        """Return who is in the way of a straight walk, None when it is free."""
        steps = max(1, math.ceil(math.dist(start, end) / SWEEP_SPACING))
        share = np.arange(1, steps + 1)[:, None] / steps
        path = np.asarray(start) + share * (np.asarray(end) - np.asarray(start))
        return next((name for name in self.blockers(path) if name is not None), None)

    def reachable(self, start: Point, grid: float, yaw: float, limit: int | None) -> list[Point]:
        """Return the grid points that the agent reaches by steps to four neighbours, nearest first.

        Args:
            start: where the agent is; the grid goes through this point.
            grid: spacing, metres.
            yaw: direction of the grid, degrees.
            limit: number of steps after which the search ends; None for no limit.
        """
        axes = [(math.sin(math.radians(yaw + a)), math.cos(math.radians(yaw + a))) for a in (0, 90, 180, 270)]
        axes = [(round(dx, 12), round(dz, 12)) for dx, dz in axes]
        steps = [(0, 1), (1, 0), (0, -1), (-1, 0)]
        (ax, az), (bx, bz) = axes[0], axes[1]

        def place(u: int, v: int) -> Point:
            return (start[0] + grid * (v * ax + u * bx), start[1] + grid * (v * az + u * bz))

        parts = max(1, math.ceil(grid / (2 * SWEEP_SPACING)))
        seen = {(0, 0)}
        found = [place(0, 0)]
        front: deque[tuple[int, int]] = deque(seen)
        count = 0
        while front and (limit is None or count < limit):
            edges = [((u, v), (u + du, v + dv)) for u, v in front for du, dv in steps if (u + du, v + dv) not in seen]
            tests = [
                np.asarray(place(*a)) + (k / parts) * (np.asarray(place(*b)) - np.asarray(place(*a)))
                for a, b in edges
                for k in range(1, parts + 1)
            ]
            blocked = self.blockers(np.array(tests).reshape(-1, 2))
            front = deque()
            for n, (_, cell) in enumerate(edges):
                if cell not in seen and not any(blocked[n * parts : (n + 1) * parts]):
                    seen.add(cell)
                    front.append(cell)
                    found.append(place(*cell))
            count += 1
        return found

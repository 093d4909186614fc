"""Where agents can stand and walk: a capsule among boxes, seen from above."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from rls3.engine.errors import ActionError
from rls3.engine.geometry import Point, footprint_distances, forward
from rls3.engine.physics.collision import Physics
from rls3.engine.world.agents import AGENT_HEIGHT, AGENT_RADIUS
from rls3.engine.world.world import World

#: The agent walks over what is not higher, metres.
STEP_HEIGHT = 0.06
#: A straight walk is tested at points at most this far apart, metres.
SWEEP_SPACING = 0.0625
NEIGHBOURS = ((0, 1), (1, 0), (0, -1), (-1, 0))


class WalkSpace:
    """Free places of one world state for one agent.

    Args:
        world: the scene.
        physics: collision boxes of the same scene.
        agent: number of the agent; the others stand in its way.
        y: height of the agent's middle, metres, if not its own; only one that flies leaves the floor.
    """

    def __init__(self, world: World, physics: Physics, agent: int, y: float | None = None) -> None:
        obstacles = physics.obstacles()
        boxes = obstacles.boxes
        low, high = _body_span(world, agent, y)
        reached = np.flatnonzero((boxes.high[:, 1] > low) & (boxes.low[:, 1] < high))
        self._boxes = boxes.take(reached)
        self._owners = [str(o) for o in obstacles.owners[reached]]
        self._others = [(n, a.position) for n, a in enumerate(world.agents) if n != agent]
        self._world = world

    def blockers(self, points: NDArray[np.float64]) -> list[str | None]:
        """Return for each (x, z) point who is in the way there, None where the agent can stand."""
        names: list[str | None] = [None] * len(points)
        if len(self._boxes):
            distance = footprint_distances(self._boxes, points)
            nearest = distance.argmin(axis=1)
            for k in np.flatnonzero(distance[np.arange(len(points)), nearest] < AGENT_RADIUS - 1e-6):
                i = int(k)
                names[i] = self._owners[nearest[i]]
        for n, (x, z) in enumerate(points):
            if names[n] is None:
                names[n] = self._beyond(float(x), float(z))
        return names

    def blockers_at(self, x: float, z: float) -> str | None:
        """Return who is in the way at one point, None where the agent can stand."""
        return self.blockers(np.array([(x, z)]))[0]

    def free_cells(self, corners: Sequence[Point], spacing: float) -> list[Point]:
        """Return the points of the world's grid within the bounds of some (x, z) corners where the agent can stand."""
        bounds = np.array(corners)
        low, high = np.ceil(bounds.min(axis=0) / spacing), np.floor(bounds.max(axis=0) / spacing)
        columns, rows = (np.arange(low[axis], high[axis] + 1) * spacing for axis in (0, 1))
        cells = [(float(x), float(z)) for x in columns for z in rows]
        blocked = self.blockers(np.array(cells).reshape(-1, 2))
        return [cell for cell, blocker in zip(cells, blocked, strict=True) if blocker is None]

    def _beyond(self, x: float, z: float) -> str | None:
        for number, (ox, _, oz) in self._others:
            if math.hypot(x - ox, z - oz) < 2 * AGENT_RADIUS:
                return f"Agent {number}"
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
            limit: number of points that may be looked at; None for no limit.

        Raises:
            ActionError: there are more points than the limit.
        """
        place = _grid(start, grid, yaw)
        parts = max(1, math.ceil(grid / (2 * SWEEP_SPACING)))
        seen = {(0, 0)}
        found = [place(0, 0)]
        front: deque[tuple[int, int]] = deque(seen)
        while front:
            if limit is not None and len(found) > limit:
                raise ActionError("Too many steps taken in GetReachablePositions!")
            edges = [
                ((u, v), (u + du, v + dv)) for u, v in front for du, dv in NEIGHBOURS if (u + du, v + dv) not in seen
            ]
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
        return found


def _body_span(world: World, agent: int, y: float | None) -> tuple[float, float]:
    """Return the heights between which an agent's body can hit something, metres."""
    me = world.agents[agent]
    if not me.mode.flies:
        return STEP_HEIGHT, AGENT_HEIGHT
    middle = me.position[1] if y is None else y
    return middle - AGENT_RADIUS, middle + AGENT_RADIUS


def _grid(start: Point, grid: float, yaw: float) -> Callable[[int, int], Point]:
    """Return the function that gives the place of a grid's cell; the grid goes through `start`."""
    ahead, side = ((round(x, 12), round(z, 12)) for x, _, z in (forward(yaw), forward(yaw + 90.0)))

    def place(u: int, v: int) -> Point:
        return (
            start[0] + grid * (v * ahead[0] + u * side[0]),
            start[1] + grid * (v * ahead[1] + u * side[1]),
        )

    return place

"""Shortest ways over the floor, as corners of straight stretches."""

from __future__ import annotations

import heapq
import math

import numpy as np

from rls3.engine.errors import ActionError
from rls3.engine.geometry import Point
from rls3.engine.navigation.walking import WalkSpace

#: Spacing of the grid on which ways are searched, metres.
SPACING = 0.125
_STEPS = tuple((u, v) for u in (-1, 0, 1) for v in (-1, 0, 1) if (u, v) != (0, 0))
Cell = tuple[int, int]


def shortest_path(space: WalkSpace, start: Point, goal: Point, slack: float) -> list[Point]:
    """Return the corners of a shortest way, start and goal included (A*, then straightened).

    Args:
        space: where the agent can be.
        start: (x, z), metres.
        goal: (x, z), metres.
        slack: how far the ends may be from free floor, metres.

    Raises:
        ActionError: an end is not on free floor, or no way joins them.
    """
    begin = _free_near(space, start, slack, "startPosition")
    end = _free_near(space, goal, slack, "targetPosition")
    cells = _search(space, begin, end)
    corners = [begin, *((begin[0] + u * SPACING, begin[1] + v * SPACING) for u, v in cells[1:-1]), end]
    return _straightened(space, corners)


def _free_near(space: WalkSpace, point: Point, slack: float, name: str) -> Point:
    """Return the free point nearest to a point."""
    if space.blockers_at(*point) is None:
        return point
    reach = max(0.2, slack)
    ring = [(r, math.tau * k / 16) for r in np.linspace(reach / 4, reach, 4) for k in range(16)]
    around = np.array([(point[0] + r * math.sin(a), point[1] + r * math.cos(a)) for r, a in ring])
    for place, blocker in zip(around, space.blockers(around), strict=True):
        if blocker is None:
            return (float(place[0]), float(place[1]))
    raise ActionError(f"No point on NavMesh near {name} ({point[0]:.3f}, {point[1]:.3f}).")


def _search(space: WalkSpace, begin: Point, end: Point) -> list[Cell]:
    """Return the cells of a shortest way on a grid through `begin`; the last is the one nearest to `end`."""
    goal = (round((end[0] - begin[0]) / SPACING), round((end[1] - begin[1]) / SPACING))
    free: dict[Cell, bool] = {(0, 0): True, goal: True}
    cost: dict[Cell, float] = {(0, 0): 0.0}
    before: dict[Cell, Cell] = {}
    front: list[tuple[float, Cell]] = [(math.dist((0, 0), goal), (0, 0))]
    while front:
        _, cell = heapq.heappop(front)
        if cell == goal:
            return _traced(before, goal)
        around = [(cell[0] + u, cell[1] + v) for u, v in _STEPS]
        unknown = [c for c in around if c not in free]
        if unknown:
            places = np.array([(begin[0] + u * SPACING, begin[1] + v * SPACING) for u, v in unknown])
            free.update(zip(unknown, (b is None for b in space.blockers(places)), strict=True))
        for each in around:
            total = cost[cell] + math.dist(cell, each)
            if free[each] and total < cost.get(each, math.inf):
                cost[each], before[each] = total, cell
                heapq.heappush(front, (total + math.dist(each, goal), each))
    raise ActionError(
        f"Could not find path between ({begin[0]:.3f}, {begin[1]:.3f}) and ({end[0]:.3f}, {end[1]:.3f}) "
        "using the NavMesh."
    )


def _traced(before: dict[Cell, Cell], goal: Cell) -> list[Cell]:
    cells = [goal]
    while cells[-1] in before:
        cells.append(before[cells[-1]])
    return cells[::-1]


def _straightened(space: WalkSpace, corners: list[Point]) -> list[Point]:
    """Return the corners without those that a straight walk can leave out."""
    kept = [corners[0]]
    here = 0
    while here < len(corners) - 1:
        there = len(corners) - 1
        while there > here + 1 and space.walk(corners[here], corners[there]) is not None:
            there -= 1
        kept.append(corners[there])
        here = there
    return kept

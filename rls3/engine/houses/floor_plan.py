"""Floor plans drawn as characters on a grid of one-metre cells, and the outlines of the rooms in them.

A plan reads like a map: x runs along a row, z from the last row to the first. `0` is outside.
"""

from __future__ import annotations

from dataclasses import dataclass

from rls3.engine.houses.fields import HouseError

CELL = 1.0
OUTSIDE = "0"
#: Steps (column, row) to a cell's neighbours, and the corners of the edge between them, in metres from the cell's low
#: corner, in the order that has the room on its right.
_SIDES = (
    ((0, -1), (0.0, 1.0), (1.0, 1.0)),
    ((1, 0), (1.0, 1.0), (1.0, 0.0)),
    ((0, 1), (1.0, 0.0), (0.0, 0.0)),
    ((-1, 0), (0.0, 0.0), (0.0, 1.0)),
)
Grid = list[list[str]]
Cell = tuple[int, int]
Corner = tuple[float, float]


@dataclass(frozen=True)
class Edge:
    """A straight stretch of a room's outline: corners (x, z), metres, and the room beyond it."""

    start: Corner
    end: Corner
    beyond: str


def read_plan(text: str, where: str) -> Grid:
    """Return the cells of a plan drawn as text; `where` names its place in the template.

    Raises:
        HouseError: its rows differ in length.
    """
    rows = [line.split() for line in text.strip().splitlines()]
    if not rows or len({len(row) for row in rows}) != 1:
        raise HouseError(where, "must have rows of equal length, cells apart by blanks")
    return rows


def outline_of(layout: Grid, name: str) -> list[Edge]:
    """Return a room's outline as whole straight stretches, in order round the room.

    Raises:
        HouseError: the room is drawn in several pieces, or round another one.
    """
    count = len(layout)
    steps: dict[Corner, list[Edge]] = {}
    for row, cells in enumerate(layout):
        for column, cell in enumerate(cells):
            if cell != name:
                continue
            for (dx, dy), a, b in _SIDES:
                r, c = row + dy, column + dx
                beyond = layout[r][c] if 0 <= r < count and 0 <= c < len(cells) else OUTSIDE
                if beyond != name:
                    x, z = column * CELL, (count - 1 - row) * CELL
                    edge = Edge((x + a[0], z + a[1]), (x + b[0], z + b[1]), beyond)
                    steps.setdefault(edge.start, []).append(edge)
    start = min(steps)
    ring, at = [], start
    while steps.get(at):
        ring.append(steps[at].pop())
        at = ring[-1].end
    if any(steps.values()):
        raise HouseError("layout", f"draws room '{name}' in several pieces or round another; a room is one piece")
    return _joined(ring)


def _joined(ring: list[Edge]) -> list[Edge]:
    joined: list[Edge] = []
    for edge in ring:
        last = joined[-1] if joined else None
        if last is not None and last.beyond == edge.beyond and _straight(last, edge):
            joined[-1] = Edge(last.start, edge.end, edge.beyond)
        else:
            joined.append(edge)
    if len(joined) > 1 and joined[0].beyond == joined[-1].beyond and _straight(joined[-1], joined[0]):
        joined[0] = Edge(joined.pop().start, joined[0].end, joined[0].beyond)
    return joined


def _straight(first: Edge, second: Edge) -> bool:
    return (first.start[0] == second.end[0]) or (first.start[1] == second.end[1])


def cells_of(symbol: str, plan: Grid) -> tuple[Cell, ...]:
    """Return the cells (row, column) over which a symbol is drawn."""
    return tuple((r, c) for r, row in enumerate(plan) for c, cell in enumerate(row) if cell == symbol)


def edge_at(outline: list[Edge], x: float, z: float) -> Edge | None:
    """Return the stretch of an outline on which a point lies, metres; None when it lies on none."""
    for edge in outline:
        (x0, z0), (x1, z1) = edge.start, edge.end
        if min(x0, x1) <= x <= max(x0, x1) and min(z0, z1) <= z <= max(z0, z1):
            return edge
    return None

"""What a person sees while a comparison goes on: a line per cell, and on a terminal a bar with the time left."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from rls3.tracking.figures import duration


class GridProgress:
    """Counts rounds over all cells; a context manager.

    Args:
        cells: in the whole grid.
        finished: of them, before this began.
        rounds: of one cell.
        done: rounds of unfinished cells, before this began.
        console: where to write; None = standard output.
        clock: seconds.
    """

    def __init__(
        self,
        cells: int,
        finished: int,
        rounds: int,
        done: int,
        console: Console | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)
        self._cells, self._rounds, self._clock = cells, rounds, clock
        self._ended = finished
        self._total, self._first = rounds * cells, finished * rounds + done
        self._done, self._began = self._first, clock()
        self._running: dict[str, int] = {}
        self._live: Live | None = None

    def __enter__(self) -> GridProgress:
        if self._console.is_terminal:
            self._live = Live(console=self._console, get_renderable=self._render, refresh_per_second=2, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def seen(self, cell: str, rounds: int) -> None:
        """A running cell has finished so many rounds."""
        self._done += rounds - self._running.get(cell, rounds)
        self._running[cell] = rounds

    def ended(self, cell: str, rounds: int, error: str | None) -> None:
        """A cell finished or failed; its missing rounds are no longer waited for."""
        self.seen(cell, rounds)
        self._running.pop(cell)
        self._ended += 1
        if error is not None:
            self._total -= self._rounds - rounds
        what = "done" if error is None else f"FAILED: {error}"
        self._console.print(f"{self._ended}/{self._cells} {cell}: {what} · {duration(self.left())} left")

    def left(self) -> float:
        """Seconds to the end, by the pace so far; NaN before a round was seen."""
        seen = self._done - self._first
        return (self._clock() - self._began) * (self._total - self._done) / seen if seen else float("nan")

    def _render(self) -> RenderableType:
        row = Table.grid(padding=(0, 2))
        row.add_row(
            Text(f"cells {self._ended}/{self._cells}", style="bold"),
            ProgressBar(total=self._total, completed=self._done, width=30),
            Text(f"{self._done}/{self._total} rounds"),
            Text(f"{duration(self.left())} left", style="dim"),
        )
        running = " · ".join(f"{name} {done}/{self._rounds}" for name, done in self._running.items())
        return Group(row, Text(running, style="cyan", no_wrap=True, overflow="ellipsis"))

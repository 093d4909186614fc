"""What a person sees while a run goes on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Protocol

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from rls3.samples.scores import Evaluation
from rls3.tracking.figures import duration, number, percent
from rls3.tracking.records import RoundRecord


class Progress(Protocol):
    """Who shows a run while it goes on."""

    def phase(self, text: str) -> None:
        """What is being done now, for example "starting simulators"."""
        ...

    def measured_before(self, report: Evaluation) -> None:
        """Held-out accuracy before the first round."""
        ...

    def round_started(self, round_index: int) -> None:
        """A round (0-based) begins."""
        ...

    def batch_done(self, attempted: int, valid: int, reward_mean: float) -> None:
        """A batch was collected, scored and paid."""
        ...

    def round_done(self, record: RoundRecord) -> None:
        """A round ended."""
        ...

    def close(self) -> None:
        """Nothing more comes; may be called twice."""
        ...


def make_progress(rounds: int, edits_per_round: int, console: Console | None = None) -> Progress:
    """A live display on a terminal; elsewhere one plain line per round.

    Args:
        rounds: rounds of the whole run.
        edits_per_round: edits tried in each.
        console: where to write; None = standard output.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    return LiveProgress(rounds, edits_per_round, console) if console.is_terminal else LineProgress(rounds, console)


class LineProgress:
    """One plain line per phase and round, for log files."""

    def __init__(self, rounds: int, console: Console) -> None:
        self._rounds, self._console = rounds, console
        self._pace = Pace(rounds, time.monotonic)

    def phase(self, text: str) -> None:
        """Write it as a line."""
        self._console.print(text)

    def measured_before(self, report: Evaluation) -> None:
        """Write the accuracy as a line."""
        self._console.print(before_line(report))

    def round_started(self, round_index: int) -> None:
        """Start the clock of the round."""
        self._pace.start(round_index)

    def batch_done(self, attempted: int, valid: int, reward_mean: float) -> None:
        """Write nothing: rounds are enough in a log file."""

    def round_done(self, record: RoundRecord) -> None:
        """Write the round's line."""
        self._pace.finish()
        self._console.print(round_line(record, self._rounds, self._pace.left()))

    def close(self) -> None:
        """Nothing to end."""


class LiveProgress:
    """A bar with figures that move, and one lasting line per finished round above it."""

    def __init__(
        self, rounds: int, edits_per_round: int, console: Console, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rounds, self._per_round, self._clock = rounds, edits_per_round, clock
        self._pace = Pace(rounds, clock)
        self._phase, self._round, self._accuracy = "starting", 0, float("nan")
        self._begin_round(0)
        self._live = Live(console=console, get_renderable=self._render, refresh_per_second=4, transient=True)
        self._live.start()

    def phase(self, text: str) -> None:
        """Show it beside the bar."""
        self._phase = text

    def measured_before(self, report: Evaluation) -> None:
        """Keep the accuracy as a line and show it from now on."""
        self._accuracy = report.overall.accuracy
        self._live.console.print(before_line(report))

    def round_started(self, round_index: int) -> None:
        """Reset the round's counts."""
        self._phase = "editing"
        self._begin_round(round_index)
        self._pace.start(round_index)

    def batch_done(self, attempted: int, valid: int, reward_mean: float) -> None:
        """Move the bar and the figures."""
        self._reward_sum += reward_mean * attempted
        self._attempted += attempted
        self._valid += valid
        self._collected_s = self._clock() - self._began
        if self._attempted >= self._per_round:
            self._phase = "fine-tuning"

    def round_done(self, record: RoundRecord) -> None:
        """Leave the round's line above the bar."""
        self._pace.finish()
        self._accuracy = record.report.overall.accuracy
        self._live.console.print(round_line(record, self._rounds, self._pace.left()))

    def close(self) -> None:
        """Take the bar away; the lines stay."""
        self._live.stop()

    def _begin_round(self, round_index: int) -> None:
        self._round, self._attempted, self._valid = round_index, 0, 0
        self._reward_sum, self._collected_s = 0.0, 0.0
        self._began: float = self._clock()

    def _render(self) -> RenderableType:
        row = Table.grid(padding=(0, 2))
        row.add_row(
            Text(f"round {self._round + 1}/{self._rounds}", style="bold"),
            ProgressBar(total=self._per_round, completed=self._attempted, width=30),
            Text(f"{self._attempted}/{self._per_round} edits"),
            Text(self._phase, style="cyan"),
        )
        edits, speed = max(self._attempted, 1), self._attempted / self._collected_s if self._collected_s else math.nan
        known = self._attempted > 0
        figures = (
            f"{number(speed, '.1f')} edits/s",
            f"valid {percent(self._valid / edits if known else math.nan)}",
            f"reward {number(self._reward_sum / edits if known else math.nan, '+.2f')}",
            f"accuracy {percent(self._accuracy)}",
            f"{duration(self._pace.left())} left",
        )
        return Group(row, Text(" · ".join(figures), style="dim", no_wrap=True, overflow="ellipsis"))


class Pace:
    """How long the remaining rounds will take, by the mean of those seen."""

    def __init__(self, rounds: int, clock: Callable[[], float]) -> None:
        self._rounds, self._clock = rounds, clock
        self._next, self._began = 0, clock()
        self._took: list[float] = []

    def start(self, round_index: int) -> None:
        """A round (0-based) begins."""
        self._next, self._began = round_index, self._clock()

    def finish(self) -> None:
        """The round ended."""
        self._took.append(self._clock() - self._began)
        self._next, self._began = self._next + 1, self._clock()

    def left(self) -> float:
        """Seconds to the end of the last round; NaN before a round was seen."""
        if not self._took:
            return math.nan
        mean = sum(self._took) / len(self._took)
        spent = min(self._clock() - self._began, mean)
        return max(0.0, mean * (self._rounds - self._next) - spent)


def before_line(report: Evaluation) -> str:
    """Accuracy before the first round as one line."""
    low, high = report.overall.interval()
    return (
        f"before: held-out accuracy {percent(report.overall.accuracy)} "
        f"(95 % interval {100 * low:.1f} to {100 * high:.1f} %, {report.overall.total} questions)"
    )


def round_line(record: RoundRecord, rounds: int, left_s: float) -> str:
    """A finished round as one line.

    Args:
        record: the round.
        rounds: rounds of the whole run.
        left_s: seconds to the end of the run, NaN = unknown.
    """
    parts = [
        f"round {record.round + 1}/{rounds}: {record.valid} of {record.attempted} edits valid "
        f"({percent(record.valid_share)})",
        f"{number(record.edits_per_second, '.1f')} edits/s",
        f"reward {number(record.reward_mean, '+.2f')}",
        f"accuracy {percent(record.report.overall.accuracy)}",
        f"{duration(record.total_s)}",
    ]
    if record.restarts:
        parts.append(f"{record.restarts} simulator restart{'s' if record.restarts > 1 else ''}")
    if record.trainer_restarts:
        parts.append(f"{record.trainer_restarts} trainer restart{'s' if record.trainer_restarts > 1 else ''}")
    if record.round + 1 < rounds:
        parts.append(f"{duration(left_s)} left")
    return " · ".join(parts)

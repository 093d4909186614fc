"""A comparison as tables: the same rows in the terminal, in Markdown and in the report."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from rls3.tracking.comparison.outcome import Comparison, Pair
from rls3.tracking.comparison.statistics import Estimate
from rls3.tracking.figures import duration


@dataclass(frozen=True)
class TextTable:
    """A table of texts; `title` says what the cells are."""

    title: str
    names: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """As a Markdown table, without the title."""
        lines = [self.names, ["---"] * len(self.names), *self.rows]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def share_text(found: Estimate) -> str:
    """A share in percent with its interval, such as "72.5 [70.1, 74.9]"; without interval the share alone."""
    return _with_interval(found, ".1f", 100)


def points_text(found: Estimate) -> str:
    """A difference of shares in points, with its interval."""
    return _with_interval(found, "+.1f", 100)


def ratio_text(pair: Pair) -> str:
    """How many times fewer rendered edits, with interval; "<" when the arm did not get there within the run."""
    reach = pair.reach
    if math.isinf(reach.arm):
        return f"<{reach.baseline / reach.budget:.2f}"
    return _with_interval(reach.ratio, ".2f", 1)


def reached_text(pair: Pair) -> str:
    """Rendered edits that the arm needed; ">" and the whole run when it did not get there."""
    return f">{pair.reach.budget:,.0f}" if math.isinf(pair.reach.arm) else f"{pair.reach.arm:,.0f}"


def final_table(comparison: Comparison) -> TextTable:
    """The main table: one row per student and arm."""
    names = ("student", "arm", "seeds", "base, %", "final, %", "gain, points", "by round 1", "valid, %", "edits",
             "trained on", "time")  # fmt: skip
    rows = [
        (
            arm.student,
            arm.arm,
            str(len(arm.seeds)),
            f"{100 * arm.base.value:.1f}",
            share_text(arm.final),
            points_text(arm.gain),
            points_text(arm.first_round),
            share_text(arm.valid_share),
            f"{arm.rendered:,.0f}",
            f"{arm.trained:,.0f}",
            duration(arm.seconds),
        )
        for arm in comparison.arms
    ]
    return TextTable("Held-out accuracy; 95 % intervals in brackets", names, rows)


def pair_tables(comparison: Comparison, student: str) -> list[TextTable]:
    """What tells each arm (row) from each other one (column); none for a single arm."""
    if len(comparison.of(student)) < 2:
        return []
    final = "Final accuracy minus that of the column's arm, points; paired by seed; * = the interval excludes 0"
    average = "The same of the mean accuracy over all rounds (the area between the curves), points"
    return [
        _matrix(comparison, student, final, lambda pair: _starred(pair.difference)),
        _matrix(comparison, student, average, lambda pair: _starred(pair.average)),
        efficiency_table(comparison, student),
    ]


def _starred(found: Estimate) -> str:
    return points_text(found) + (" *" if found.excludes_zero else "")


def efficiency_table(comparison: Comparison, student: str) -> TextTable:
    """How many times fewer rendered edits each arm (row) needs to reach the best of each other arm (column)."""
    title = (
        "Times fewer rendered edits to reach the best of the column's arm (edits needed); < and > = not reached"
        " within the run, – = that arm never gained anything"
    )
    return _matrix(comparison, student, title, lambda pair: f"{ratio_text(pair)}; {reached_text(pair)}")


def group_table(comparison: Comparison, student: str, group: str) -> TextTable:
    """Gain of each arm (row) on each member of a group of held-out questions (column)."""
    arms = comparison.of(student)
    members = list(arms[0].gains[group])
    rows = [(arm.arm, *(points_text(arm.gains[group][name]) for name in members)) for arm in arms]
    return TextTable(f"Gain by {group}, points", ("arm", *members), rows)


def worst_table(comparison: Comparison, student: str) -> TextTable:
    """The relation that is worst at the end, the one that gained least, and transfer to rooms of other types."""
    names = ("arm", "worst relation", "final, %", "least gaining relation", "gain, points", "other room types, points")
    rows = []
    for arm in comparison.of(student):
        (worst, final), (least, gain) = arm.worst, arm.least_gain
        rows.append((arm.arm, worst, share_text(final), least, points_text(gain), points_text(arm.transfer)))
    title = "Weakest relations (of six: picked for being weakest, so read their intervals with care)"
    return TextTable(title, names, rows)


def guards_table(comparison: Comparison, student: str) -> TextTable:
    """What the samples give away without their pictures, and how much of the reward one relation cell brought."""
    names = ("arm", "right from texts alone, %, of four options", "of a round's reward from its top cell, %")
    rows = [
        (arm.arm, share_text(arm.text_only), f"{100 * arm.top_cell_share:.0f}" if arm.top_cell_share > 0 else "–")
        for arm in comparison.of(student)
    ]
    return TextTable("Honesty guards: the samples, not the student", names, rows)


def print_tables(comparison: Comparison, console: Console) -> None:
    """Write the main table, and per student the differences and the samples needed."""
    shown = [final_table(comparison)]
    for student in comparison.students():
        shown += pair_tables(comparison, student)
    for found in shown:
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for place, name in enumerate(found.names):
            table.add_column(name, justify="left" if place == 0 else "right", no_wrap=place > 0)
        for row in found.rows:
            table.add_row(*row)
        console.print(found.title, style="bold", soft_wrap=True)
        console.print(table)


def _matrix(comparison: Comparison, student: str, title: str, shown: Callable[[Pair], str]) -> TextTable:
    arms = [arm.arm for arm in comparison.of(student)]
    rows = []
    for arm in arms:
        pairs = [comparison.pair(student, arm, baseline) for baseline in arms]
        rows.append((arm, *("–" if pair is None else shown(pair) for pair in pairs)))
    return TextTable(f"{student}: {title}", ("arm", *arms), rows)


def _with_interval(found: Estimate, form: str, scale: float) -> str:
    if not math.isfinite(found.value):
        return "–"
    text = format(scale * found.value, form)
    if not math.isfinite(found.low):
        return text
    return f"{text} [{scale * found.low:{form}}, {scale * found.high:{form}}]"

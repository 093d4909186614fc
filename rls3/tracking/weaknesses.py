"""Where a model fails, as a table and as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from rls3.samples.scores import Tally
from rls3.tracking.figures import FILE_COLUMNS, interval_text
from rls3.tracking.sheets import figure

MOST_ROWS = 12
"""Groups with more rows show their first ones."""
_BAR, _INTERVAL, _OVERALL = "#00798c", "#202124", "#d1495b"

Groups = Mapping[str, Mapping[str, Tally]]


def print_weaknesses(overall: Tally, groups: Groups, console: Console | None = None) -> None:
    """Write one table: accuracy with 95 % Wilson intervals, group by group.

    Args:
        overall: over all questions.
        groups: group -> member -> right answers.
        console: where to write; None = standard output.
    """
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, FILE_COLUMNS)
    table = Table(title="Held-out accuracy", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("by")
    table.add_column("")
    for name in ("questions", "accuracy", "95 %"):
        table.add_column(name, justify="right")
    table.add_row("all", "", *_figures(overall), style="bold", end_section=True)
    for group, members in groups.items():
        shown = list(members.items())[:MOST_ROWS]
        for place, (member, hits) in enumerate(shown):
            last = place == len(shown) - 1
            table.add_row("" if place else group, member, *_figures(hits), end_section=last)
    console.print(table)


def weaknesses_picture(overall: Tally, groups: Groups, path: Path, title: str) -> None:
    """Write a PNG: one panel per group, a bar per member with its interval, and the overall accuracy as a line.

    Args:
        overall: over all questions.
        groups: group -> member -> right answers.
        path: the PNG; its folder is made.
        title: of the whole picture.
    """
    columns = 3
    rows = -(-len(groups) // columns)
    with figure(path, (13.0, 3.6 * rows)) as drawn:
        drawn.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
        for place, (group, members) in enumerate(groups.items()):
            _bars(drawn.add_subplot(rows, columns, place + 1), group, dict(list(members.items())[:MOST_ROWS]), overall)


def _figures(hits: Tally) -> tuple[str, str, str]:
    return str(hits.total), f"{100 * hits.accuracy:.1f} %" if hits.total else "–", interval_text(hits)


def _bars(axes: Axes, title: str, members: Mapping[str, Tally], overall: Tally) -> None:
    places = np.arange(len(members))
    accuracy = np.array([hits.accuracy for hits in members.values()])
    low, high = np.array([hits.interval() for hits in members.values()]).reshape(-1, 2).T
    axes.barh(places, 100 * accuracy, color=_BAR, height=0.7)
    axes.errorbar(
        100 * accuracy, places, xerr=100 * np.stack((accuracy - low, high - accuracy)), fmt="none", ecolor=_INTERVAL
    )
    axes.axvline(100 * overall.accuracy, color=_OVERALL, linewidth=1.2)
    axes.set_yticks(places, [f"{name} ({hits.total})" for name, hits in members.items()])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_xlabel("accuracy, % (line: all questions)")
    axes.set_title(f"by {title}", loc="left")

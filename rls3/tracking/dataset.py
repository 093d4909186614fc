"""What is in a folder of samples, as tables in the terminal and as one picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from rls3.samples.stats import DatasetStats
from rls3.tracking.figures import FILE_COLUMNS
from rls3.tracking.sheets import figure

_MOST_REASONS = 14
_QUANTILES = (0.0, 0.25, 0.5, 0.75)
_BAR = "#00798c"


def print_stats(stats: DatasetStats, console: Console | None = None) -> None:
    """Write the tables: relations and terms by scene type, answers, option positions, margins, reasons.

    Args:
        stats: of a folder.
        console: where to write; None = standard output.
    """
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, FILE_COLUMNS)
    kinds = ", ".join(f"{count} {kind}" for kind, count in stats.kinds.items()) or "no questions"
    console.print(f"{stats.rows} records, {stats.valid} valid, {stats.scenes} scenes: {kinds}", soft_wrap=True)
    console.print(_cross_table("relation", stats.relations))
    if stats.terms:
        console.print(_cross_table("terms", stats.terms))
    for title, columns, rows in _lists(stats):
        table = Table(title, *columns, box=SIMPLE_HEAD, pad_edge=False)
        for row in rows:
            table.add_row(*row)
        if table.row_count:
            console.print(table)


def stats_picture(stats: DatasetStats, path: Path) -> None:
    """Write a PNG: records by relation and scene type, by terms, margins, option positions, and reasons.

    Args:
        stats: of a folder.
        path: the PNG; its folder is made.
    """
    with figure(path, (13.0, 8.0)) as drawn:
        grid = drawn.add_gridspec(2, 3, width_ratios=(5, 4, 4), height_ratios=(3, 2.6))
        _heat(drawn.add_subplot(grid[:, 0]), "Relations", stats.relations)
        _heat(drawn.add_subplot(grid[0, 1]), "Directions", stats.terms)
        _margins(drawn.add_subplot(grid[1, 1]), stats)
        _positions(drawn.add_subplot(grid[0, 2]), stats)
        reasons = list(stats.rejected.items())[:_MOST_REASONS]
        _bars(drawn.add_subplot(grid[1, 2]), "Rejected, commonest reasons", reasons)


def _lists(stats: DatasetStats) -> Iterator[tuple[str, Sequence[str], list[tuple[str, ...]]]]:
    """Title, further columns and rows of the smaller tables."""
    positions = {str(n): {str(place): c for place, c in enumerate(found, 1)} for n, found in stats.positions.items()}
    yield "options", ("position of the right one: records",), _listed(positions)
    yield (
        "yes/no questions",
        ("yes", "no"),
        [("right answer", *map(str, stats.asserted))] if any(stats.asserted) else [],
    )
    yield "relation", ("value: records",), _listed(stats.answers)
    yield (
        "margin over the least allowed",
        ("records", "least", "quarter", "median", "three quarters"),
        [
            (name, str(len(shares)), *(f"{value:.2f}" for value in np.quantile(shares, _QUANTILES)))
            for name, shares in stats.margins.items()
        ],
    )
    yield "rejected because", ("times",), [(name, str(count)) for name, count in stats.rejected.items()]


def _listed(counts: Mapping[str, Mapping[str, int]]) -> list[tuple[str, ...]]:
    return [(name, ", ".join(f"{key}: {count}" for key, count in found.items())) for name, found in counts.items()]


def _cross(counts: Mapping[tuple[str, str], int]) -> tuple[list[str], list[str], np.ndarray]:
    rows = sorted({row for row, _ in counts})
    columns = sorted({column for _, column in counts})
    return rows, columns, np.array([[counts.get((row, column), 0) for column in columns] for row in rows], int)


def _cross_table(title: str, counts: Mapping[tuple[str, str], int]) -> Table:
    rows, columns, values = _cross(counts)
    table = Table(title, box=SIMPLE_HEAD, pad_edge=False, show_footer=True)
    table.columns[0].footer = "all"
    totals = values.sum(axis=0) if rows else np.zeros(0, int)
    for column, total in zip(columns, totals, strict=True):
        table.add_column(column.replace("_", " "), justify="right", footer=str(total))
    table.add_column("all", justify="right", footer=str(values.sum()))
    for row, line in zip(rows, values, strict=True):
        table.add_row(row, *map(str, line), str(line.sum()))
    return table


def _heat(axes: Axes, title: str, counts: Mapping[tuple[str, str], int]) -> None:
    rows, columns, values = _cross(counts)
    axes.set_title(title)
    if rows:
        axes.imshow(values, cmap="Blues", aspect="auto", vmin=0, vmax=max(1, int(values.max())))
    axes.set_yticks(range(len(rows)), labels=rows, fontsize=8)
    axes.set_xticks(range(len(columns)), labels=[name.replace("_", " ") for name in columns], fontsize=8)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    for (row, column), count in np.ndenumerate(values):
        color = "white" if count > 0.55 * values.max() else "#202124"
        axes.text(column, row, str(count), ha="center", va="center", fontsize=7, color=color)


def _margins(axes: Axes, stats: DatasetStats) -> None:
    names = list(stats.margins)
    if names:
        axes.boxplot(list(stats.margins.values()), orientation="horizontal", showfliers=False, whis=(5, 95), widths=0.6)
    axes.set_yticks(range(1, len(names) + 1), labels=names, fontsize=8)
    axes.axvline(1.0, color="#d1495b", linewidth=1)
    axes.set(title="Margin over the least allowed (5-95 %)", xscale="log" if names else "linear")
    axes.spines[["top", "right"]].set_visible(False)


def _positions(axes: Axes, stats: DatasetStats) -> None:
    bars = [(f"{place + 1} of {n}", c) for n, found in stats.positions.items() for place, c in enumerate(found)]
    if sum(stats.asserted):
        bars += [("yes", stats.asserted[0]), ("no", stats.asserted[1])]
    _bars(axes, "Right option", bars)


def _bars(axes: Axes, title: str, bars: Sequence[tuple[str, int]]) -> None:
    axes.barh(range(len(bars)), [count for _, count in bars], color=_BAR)
    axes.set_yticks(range(len(bars)), labels=[name for name, _ in bars], fontsize=8)
    axes.invert_yaxis()
    axes.set_title(title)
    axes.spines[["top", "right"]].set_visible(False)

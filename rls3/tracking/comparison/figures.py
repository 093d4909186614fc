"""The pictures of a comparison: learning curves, gains by group, validity, and what each arm chose over time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from rls3.scene.figure import SIZES
from rls3.tracking.comparison.outcome import ArmResult, Curve
from rls3.tracking.comparison.results import GROUPS, TERM_SETS
from rls3.tracking.sheets import figure, plain

ARM_COLORS: Final = ("#d1495b", "#00798c", "#edae49", "#5b5f97", "#2e933c", "#8f5d3b", "#3fb6d3", "#6a6d73")
"""Of the arms in their order; a ninth looks like the first."""
PAGE_WIDTH: Final = 11.2
"""Inches that fit into the report's page without shrinking."""
_AXES: Final = (
    ("rendered", "edits rendered", 1.0),
    ("trained", "samples trained on", 1.0),
    ("seconds", "minutes", 60.0),
)


def arm_colors(arms: Sequence[str]) -> dict[str, str]:
    """The colour of each arm, the same in all pictures."""
    return {arm: ARM_COLORS[place % len(ARM_COLORS)] for place, arm in enumerate(arms)}


def accuracy_curves(arms: Sequence[ArmResult], colors: dict[str, str], path: Path) -> None:
    """Write a PNG: held-out accuracy over rendered edits, trained samples and time, a line with band per arm.

    Args:
        arms: of one student.
        colors: of `arm_colors`.
        path: the PNG; its folder is made.
    """
    with figure(path, (PAGE_WIDTH, 3.9)) as drawn:
        panels = drawn.subplots(1, len(_AXES), sharey=True)
        for axes, (name, label, unit) in zip(panels, _AXES, strict=True):
            for arm in arms:
                marker = "o-" if name == "rendered" else "-"
                _line(axes, arm.curves[name], colors[arm.arm], arm.arm, marker=marker, unit=unit)
            plain(axes)
            axes.set(xlabel=label, xlim=(0, None))
        panels[0].set(title="Held-out accuracy, %")
        panels[-1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)


def gains_by_group(arms: Sequence[ArmResult], colors: dict[str, str], path: Path) -> None:
    """Write a PNG: what each arm gained on held-out questions, member by member of each group, with intervals."""
    members = {name: list(arms[0].gains[name]) for name in GROUPS if arms[0].gains[name]}
    groups = list(members)
    rows = [row for row in (groups[:2], groups[2:]) if row]  # five groups side by side would write over each other
    with figure(path, (PAGE_WIDTH, 3.9 * len(rows))) as drawn:
        panels: list[Axes] = []
        for part, row in zip(drawn.subfigures(len(rows), 1, squeeze=False)[:, 0], rows, strict=True):
            widths = [len(members[group]) + 0.5 for group in row]
            found = part.subplots(1, len(row), squeeze=False, width_ratios=widths)[0]
            found[0].set_ylabel("gain in accuracy, points")
            for axes, group in zip(found, row, strict=True):
                if panels:
                    axes.sharey(panels[0])
                panels.append(axes)
                _gains(axes, arms, group, members[group], colors)
            found[-1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)


def _gains(axes: Axes, arms: Sequence[ArmResult], group: str, names: Sequence[str], colors: dict[str, str]) -> None:
    for place, arm in enumerate(arms):
        shift = 0.7 * ((place + 0.5) / len(arms) - 0.5)
        _points(axes, arm, group, names, shift, colors[arm.arm])
    axes.axhline(0, color="#202124", linewidth=0.8)
    plain(axes)
    axes.set_xticks(range(len(names)), labels=[name.replace(" ", "\n") for name in names])
    axes.set(title=f"by {group}", xlim=(-0.5, len(names) - 0.5))


def validity(arms: Sequence[ArmResult], colors: dict[str, str], path: Path) -> None:
    """Write a PNG: share of valid edits round by round, a line with band per arm."""
    with figure(path, (7.0, 3.4)) as drawn:
        axes = drawn.subplots()
        for arm in arms:
            _line(axes, arm.validity, colors[arm.arm], arm.arm, marker="o-")
        plain(axes)
        axes.set(title="Valid edits, %", xlabel="edits rendered", ylim=(0, 102), xlim=(0, None))
        axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)


def choices_over_time(arms: Sequence[ArmResult], path: Path) -> None:
    """Write a PNG: what a round's valid samples were about, a panel per arm, a column per round.

    Above, the share of each set of terms; below, of each size of the subject beside the reference's.
    """
    terms = [" + ".join(terms) for terms in TERM_SETS]
    rows = (
        (terms, [arm.chosen for arm in arms]),
        ([size.replace("_", " ") for size in SIZES], [a.sizes for a in arms]),
    )
    with figure(path, (min(PAGE_WIDTH, 2.9 + 1.6 * len(arms)), 8.0)) as drawn:
        panels = drawn.subplots(2, len(arms), squeeze=False, height_ratios=[len(names) for names, _ in rows])
        for row, (names, counts) in zip(panels, rows, strict=True):
            _shares(drawn, row, names, [np.array(count) for count in counts])
        for axes, arm in zip(panels[0], arms, strict=True):
            axes.set(title=arm.arm)
            for size in (1, 2):  # lines between one, two and three terms
                axes.axhline(sum(len(terms) <= size for terms in TERM_SETS) - 0.5, color="#202124", linewidth=0.8)
        for axes in panels[1]:
            axes.set(xlabel="round")


def _shares(drawn: Figure, row: Sequence[Axes], names: Sequence[str], counts: Sequence[NDArray[np.float64]]) -> None:
    """A panel per arm: shares of what `names` say among counts (names, rounds), in shades that all panels share."""
    shares = [count / np.maximum(1e-9, count.sum(axis=0)) for count in counts]
    most = max(float(share.max()) for share in shares)
    for axes, share in zip(row, shares, strict=True):
        shown = axes.imshow(100 * share, cmap="Blues", aspect="auto", vmin=0, vmax=max(1.0, 100 * most))
        every = -(-share.shape[1] // 8)
        rounds = range(0, share.shape[1], every)
        axes.set_xticks(list(rounds), labels=[str(index + 1) for index in rounds])
        axes.set_yticks([])
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
    row[0].set_yticks(range(len(names)), labels=list(names), fontsize=8)
    bar = drawn.colorbar(shown, ax=list(row), fraction=0.03, pad=0.01)
    bar.set_label("share, %")
    bar.outline.set_visible(False)


def _line(axes: Axes, curve: Curve, color: str, label: str, *, marker: str, unit: float = 1.0) -> None:
    x, mean, low, high = (np.array(row) for row in (curve.x, curve.mean, curve.low, curve.high))
    low, high = (np.where(np.isnan(end), mean, end) for end in (low, high))  # no interval: a band without width
    axes.fill_between(x / unit, 100 * low, 100 * high, color=color, alpha=0.13, linewidth=0)
    axes.plot(x / unit, 100 * mean, marker, color=color, linewidth=2, markersize=4, label=label)


def _points(axes: Axes, arm: ArmResult, group: str, names: Sequence[str], shift: float, color: str) -> None:
    found = [arm.gains[group][name] for name in names]
    values = 100 * np.array([gain.value for gain in found])
    spread = 100 * np.array([(gain.value - gain.low, gain.high - gain.value) for gain in found]).T
    places = np.arange(len(names)) + shift
    axes.errorbar(places, values, yerr=spread, fmt="o", color=color, markersize=5, linewidth=1.6, label=arm.arm)

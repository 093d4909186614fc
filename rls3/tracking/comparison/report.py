"""A comparison as one HTML file with pictures, as JSON with every figure behind it, and as Markdown tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from rls3.samples.draw import drawn_samples
from rls3.samples.ledger import Ledger
from rls3.tracking.comparison import figures
from rls3.tracking.comparison.outcome import Comparison
from rls3.tracking.comparison.results import GROUPS, TERM_SETS, CellResult, engines_of
from rls3.tracking.comparison.tables import (
    TextTable,
    final_table,
    group_table,
    guards_table,
    pair_tables,
    worst_table,
)
from rls3.tracking.page import picture, section, table, write_page
from rls3.tracking.sheets import CHART_DENSITY, contact_sheet

SHEET_SAMPLES = 12
METHOD = (
    "An edit is rendered and counts, whatever becomes of it. Intervals are 95 %. Over two or more seeds they are "
    "Student's t over seeds, and differences are paired by seed: they tell what other seeds would change; the "
    "questions are the same for all. Seeds that agree exactly give none. A single seed has the interval of its "
    "questions (Wilson; Newcombe for differences) and says nothing of other seeds. Edits needed: where the running "
    "maximum of the mean curve, straight between rounds, first reaches the best mean accuracy of the other arm; the "
    "ratio's interval is a paired bootstrap over seeds, percentiles expanded for few seeds, in which an arm that "
    "never gets there counts as 0. No interval is corrected for the number of comparisons."
)


@dataclass(frozen=True)
class Origin:
    """Where a comparison's figures come from.

    Attributes:
        name: of the comparison.
        manifest: what it is, as JSON values fit to be shown to anybody.
        missing: cells that are not finished -> how far they are, or why they failed.
    """

    name: str
    manifest: Mapping[str, Any]
    missing: Mapping[str, str]


def write_comparison(comparison: Comparison, results: Sequence[CellResult], origin: Origin, folder: Path) -> list[Path]:
    """Write `report.html`, `results.json`, `table.md` and `pictures/*.png`.

    Args:
        comparison: the figures of `results`.
        results: the finished cells.
        origin: where they come from.
        folder: of the comparison.

    Returns:
        The files, pictures first.
    """
    engines = engines_of(results)
    pictures = _pictures(comparison, results, folder / "pictures")
    page, data, markdown = folder / "report.html", folder / "results.json", folder / "table.md"
    write_page(page, f"rls3: {origin.name}", _sections(comparison, origin, engines, pictures))
    content = {
        "engines": engines,
        "manifest": origin.manifest,
        "missing": origin.missing,
        "method": METHOD,
        "term_sets": [list(terms) for terms in TERM_SETS],
        **comparison.to_json(),
        "cells": [_cell_json(result) for result in results],
    }
    data.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    markdown.write_text(_markdown(comparison, engines), encoding="utf-8")
    return [*pictures.values(), page, data, markdown]


def _pictures(comparison: Comparison, results: Sequence[CellResult], folder: Path) -> dict[str, Path]:
    """Name -> picture: per student "curves ...", "gains ...", "validity ...", "choices ..."; per arm "samples ..."."""
    colors = figures.arm_colors(list(dict.fromkeys(result.arm for result in results)))
    found: dict[str, Path] = {}
    for number, student in enumerate(comparison.students(), start=1):
        arms = comparison.of(student)
        for kind in ("curves", "gains", "validity", "choices"):
            found[f"{kind} {student}"] = folder / f"{kind}-{number}.png"
        figures.accuracy_curves(arms, colors, found[f"curves {student}"])
        figures.gains_by_group(arms, colors, found[f"gains {student}"])
        figures.validity(arms, colors, found[f"validity {student}"])
        figures.choices_over_time(arms, found[f"choices {student}"])
    for number, arm in enumerate(colors, start=1):
        first = next(result for result in results if result.arm == arm)
        found[f"samples {arm}"] = folder / f"samples-{number}.png"
        contact_sheet(
            drawn_samples(Ledger.existing(first.samples), SHEET_SAMPLES, seed=first.seed), found[f"samples {arm}"]
        )
    return found


def _sections(
    comparison: Comparison, origin: Origin, engines: Sequence[str], pictures: Mapping[str, Path]
) -> list[str]:
    arms = list(dict.fromkeys(arm.arm for arm in comparison.arms))
    found = [_head(comparison, origin, engines), section("All arms", _table(final_table(comparison)))]
    for student in comparison.students():
        weights = origin.manifest["weights"].get(student, "")
        found.append(
            section(
                student,
                f'<p class="soft">Weights {escape(student)}, SHA-256 of its parameters {escape(weights[:16])}…</p>',
                *(
                    picture(pictures[f"{kind} {student}"], f"{kind} of {student}", CHART_DENSITY)
                    for kind in ("curves", "gains")
                ),
                *(_table(found) for found in _tables(comparison, student)),
            )
        )
        found.append(
            section(
                f"What each arm chose for {student}",
                "<p>Share of each set of relation terms among the valid samples of a round, mean over seeds.</p>",
                picture(pictures[f"choices {student}"], f"choices over time for {student}", CHART_DENSITY),
                picture(pictures[f"validity {student}"], f"valid edits for {student}", CHART_DENSITY),
            )
        )
    found += [
        section(f"Samples of {arm}", picture(pictures[f"samples {arm}"], f"samples that {arm} made")) for arm in arms
    ]
    shown = escape(json.dumps(origin.manifest, indent=1))
    found.append(section("Manifest", f"<details><summary>show</summary><pre>{shown}</pre></details>"))
    return found


def _head(comparison: Comparison, origin: Origin, engines: Sequence[str]) -> str:
    last = origin.manifest["invocations"][-1]
    commit = f", commit {last['commit']}" if last["commit"] else ""
    missing = ""
    if origin.missing:
        rows = list(origin.missing.items())
        missing = f"<p><b>{len(rows)} cells are missing</b>; their arms rest on fewer seeds.</p>" + table(
            ("cell", "state"), rows
        )
    return (
        f"<h1>{escape(origin.name)}</h1>"
        f'<p class="soft">Every figure here comes from pictures drawn by <b>{escape(", ".join(engines))}</b> through '
        f"the AI2-THOR client; students {escape(', '.join(comparison.students()))}; rls3 {escape(last['version'])}"
        f"{escape(commit)}; <code>{escape(last['command'])}</code></p>"
        f'<p class="soft">{escape(METHOD)}</p>{missing}'
    )


def _tables(comparison: Comparison, student: str) -> list[TextTable]:
    groups = [group for group in GROUPS if comparison.of(student)[0].gains[group]]
    return [
        *pair_tables(comparison, student),
        worst_table(comparison, student),
        *(group_table(comparison, student, group) for group in groups),
        guards_table(comparison, student),
    ]


def _table(found: TextTable) -> str:
    return f"<p><b>{escape(found.title)}</b></p>{table(found.names, found.rows)}"


def _markdown(comparison: Comparison, engines: Sequence[str]) -> str:
    parts = [final_table(comparison).markdown()]
    for student in comparison.students():
        parts += [f"{found.title}:\n\n{found.markdown()}" for found in pair_tables(comparison, student)]
    parts.append(f"Pictures by {', '.join(engines)}. {METHOD}\n")
    return "\n".join(parts)


def _cell_json(result: CellResult) -> dict[str, Any]:
    return {
        "arm": result.arm,
        "student": result.student,
        "seed": result.seed,
        "rendered": result.rendered,
        "trained": result.trained,
        "seconds": result.seconds,
        "accuracy": result.accuracy,
        "correct": [evaluation.overall.correct for evaluation in result.evaluations],
        "questions": result.before.overall.total,
        "valid": [record.valid for record in result.rounds],
        "vlm_loss": [record.vlm_loss if record.vlm_loss == record.vlm_loss else None for record in result.rounds],
        "groups": {
            name: {
                member: [[hits.correct, hits.total] for hits in (m[member] for m in map(members, result.evaluations))]
                for member in members(result.before)
            }
            for name, members in GROUPS.items()
        },
    }

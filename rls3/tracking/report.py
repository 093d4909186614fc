"""The run as one HTML file: no outside asset, pictures inside, every figure with its origin."""

from __future__ import annotations

from html import escape
from pathlib import Path

from rls3.config import Config
from rls3.samples.scores import Tally
from rls3.tracking.figures import duration, interval_text, percent
from rls3.tracking.page import figure_boxes, picture, section, table, write_page
from rls3.tracking.records import RunSummary
from rls3.tracking.sheets import CHART_DENSITY


def write_report(
    summary: RunSummary, config: Config, path: Path, *, curves: Path, choices: Path, samples: Path
) -> None:
    """Write the report.

    Args:
        summary: the finished run.
        config: its resolved configuration.
        path: the HTML file; its folder is made.
        curves, choices, samples: PNG files of `rls3.tracking.sheets`.
    """
    sections = (
        _head(summary),
        section("Held-out accuracy", _accuracy(summary), picture(curves, "accuracy, valid share and reward by round")),
        section(
            "What the sampler made",
            picture(choices, "valid samples by relation and round", CHART_DENSITY),
            _reasons(summary),
        ),
        section("Rounds", _rounds(summary)),
        section("Samples", picture(samples, "samples with outlines, question, answer and caption")),
        section("Configuration", f"<details><summary>show</summary><pre>{escape(config.to_yaml())}</pre></details>"),
    )
    write_page(path, f"rls3: {summary.run_dir.name}", sections)


def _head(summary: RunSummary) -> str:
    low, high = summary.after.overall.interval()
    figures = (
        (percent(summary.before.overall.accuracy), "accuracy before"),
        (percent(summary.after.overall.accuracy), f"after (95 %: {100 * low:.1f} to {100 * high:.1f})"),
        (f"{summary.valid:,}", f"valid samples of {summary.attempted:,} edits"),
        (str(summary.restarts), "simulator restarts"),
        (str(summary.trainer_restarts), "trainer restarts"),
        (duration(summary.seconds), f"in {len(summary.rounds)} rounds"),
    )
    return (
        f"<h1>{escape(summary.run_dir.name)}</h1>"
        f'<p class="soft">Every figure here comes from pictures drawn by <b>{escape(summary.engine_name)} '
        f"{escape(summary.engine_version)}</b> through the AI2-THOR client, edits chosen by "
        f"<b>{escape(summary.sampler)}</b>, a VLM fine-tuned from <b>{escape(summary.base_model)}</b>, and seed "
        f"<b>{summary.seed}</b>.</p>{figure_boxes(figures)}"
    )


def _accuracy(summary: RunSummary) -> str:
    names = ("relation", "questions", "before", "95 %", "after", "95 %", "change, points", "samples made")
    overall = _accuracy_row("all", summary.before.overall, summary.after.overall, summary.valid)
    terms = [
        _accuracy_row(term, summary.before.by_term[term], after, sum(r.terms.get(term, 0) for r in summary.rounds))
        for term, after in summary.after.by_term.items()
    ]
    sources = [
        _accuracy_row(f"{source} scenes", summary.before.by_source[source], after, None)
        for source, after in summary.after.by_source.items()
    ]
    note = (
        '<p class="soft">Questions on scenes that no training sample comes from, as they naturally are and rearranged '
        "by random edits; Wilson intervals. A question or "
        "sample with several relations counts under each.</p>"
    )
    return table(names, [overall, *sources, *terms], first_class="all") + note


def _accuracy_row(name: str, before: Tally, after: Tally, made: int | None) -> tuple[str, ...]:
    change = f"{100 * (after.accuracy - before.accuracy):+.1f}" if before.total and after.total else "–"
    shares = (percent(before.accuracy), interval_text(before), percent(after.accuracy), interval_text(after))
    return (name, str(after.total), *shares, change, "" if made is None else f"{made:,}")


def _reasons(summary: RunSummary) -> str:
    reasons = summary.invalid_reasons
    if not reasons:
        return "<p>Every edit made a valid sample.</p>"
    rows = [
        (name.replace("_", " "), f"{count:,}", percent(count / summary.attempted)) for name, count in reasons.items()
    ]
    return (
        f"<p>{summary.attempted - summary.valid:,} edits made no valid sample; an edit may have several reasons.</p>"
        + table(("reason", "edits", "of all"), rows)
    )


def _rounds(summary: RunSummary) -> str:
    names = ("round", "edits", "valid", "edits/s", "reward", "VLM loss", "accuracy", "restarts")
    phases = ("collect, s", "score, s", "fit, s", "evaluate, s")
    rows = [
        (
            str(record.round + 1),
            str(record.attempted),
            percent(record.valid_share),
            f"{record.edits_per_second:.1f}",
            f"{record.reward_mean:+.3f}",
            f"{record.vlm_loss:.3f}",
            percent(record.report.overall.accuracy),
            str(record.restarts),
            *(f"{value:.1f}" for value in (record.collect_s, record.score_s, record.fit_s, record.evaluate_s)),
        )
        for record in summary.rounds
    ]
    return table((*names, *phases), rows)

"""The run as one HTML file: no outside asset, pictures inside, every figure with its origin."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Final

from PIL import Image

from rls3.config import Config
from rls3.samples.scores import Tally
from rls3.tracking.figures import duration, interval_text, percent
from rls3.tracking.records import RunSummary
from rls3.tracking.sheets import CHART_DENSITY

_STYLE: Final = """
:root { color-scheme: light; --ink: #202124; --soft: #6a6d73; --line: #e3e5e8; --accent: #00798c; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 40px 28px 80px; color: var(--ink); background: #fff;
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 26px; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 17px; margin: 44px 0 12px; padding-top: 18px; border-top: 1px solid var(--line); }
p { margin: 6px 0; max-width: 78ch; }
.soft { color: var(--soft); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin: 26px 0 4px; }
.figure { border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
.figure b { display: block; font-size: 24px; font-weight: 600; font-variant-numeric: tabular-nums; }
.figure span { color: var(--soft); font-size: 13px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
th, td { padding: 6px 16px 6px 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 500; font-size: 13px; }
th:first-child, td:first-child { text-align: left; }
tr.all td { font-weight: 600; }
img { max-width: 100%; height: auto; display: block; }
pre { background: #f6f7f8; border-radius: 8px; padding: 14px 16px; overflow-x: auto;
  font-size: 13px; line-height: 1.45; }
summary { cursor: pointer; color: var(--accent); }
"""


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
        _section(
            "Held-out accuracy", _accuracy(summary), _picture(curves, "accuracy, valid share and reward by round")
        ),
        _section(
            "What the sampler made",
            _picture(choices, "valid samples by relation and round", CHART_DENSITY),
            _reasons(summary),
        ),
        _section("Rounds", _rounds(summary)),
        _section("Samples", _picture(samples, "samples with outlines, question, answer and caption")),
        _section("Configuration", f"<details><summary>show</summary><pre>{escape(config.to_yaml())}</pre></details>"),
    )
    title = escape(f"rls3: {summary.run_dir.name}")
    page = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n" + "\n".join(sections) + "\n</body></html>\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


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
    boxes = "".join(
        f'<div class="figure"><b>{escape(value)}</b><span>{escape(name)}</span></div>' for value, name in figures
    )
    return (
        f"<h1>{escape(summary.run_dir.name)}</h1>"
        f'<p class="soft">Every figure here comes from pictures drawn by <b>{escape(summary.engine_name)} '
        f"{escape(summary.engine_version)}</b> through the AI2-THOR client, edits chosen by "
        f"<b>{escape(summary.sampler)}</b>, a VLM fine-tuned from <b>{escape(summary.base_model)}</b>, and seed "
        f'<b>{summary.seed}</b>.</p><div class="figures">{boxes}</div>'
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
    return _table(names, [overall, *sources, *terms], first_class="all") + note


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
        + _table(("reason", "edits", "of all"), rows)
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
    return _table((*names, *phases), rows)


def _section(title: str, *parts: str) -> str:
    return f"<h2>{escape(title)}</h2>\n" + "\n".join(parts)


def _picture(path: Path, alternative: str, density: float = 1.0) -> str:
    """The picture itself in the page; `density` = its pixels per pixel of the page."""
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    with Image.open(path) as picture:
        width = round(picture.width / density)
    source = f"data:image/png;base64,{data}"
    return f'<p style="max-width:none"><img alt="{escape(alternative)}" width="{width}" src="{source}"></p>'


def _table(names: Sequence[str], rows: Iterable[Sequence[str]], first_class: str = "") -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = []
    for index, row in enumerate(rows):
        kind = f' class="{first_class}"' if first_class and index == 0 else ""
        body.append(f"<tr{kind}>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>")
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'

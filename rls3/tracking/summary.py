"""The table at the end of a run."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from rls3.samples.scores import Tally
from rls3.tracking.figures import FILE_COLUMNS, duration, interval_text, number, percent
from rls3.tracking.mlflow_run import page_hint
from rls3.tracking.records import RunSummary


def print_summary(summary: RunSummary, console: Console | None = None) -> None:
    """Write the final table and where everything lies.

    Args:
        summary: the finished run.
        console: where to write; None = standard output.
    """
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, FILE_COLUMNS)  # a log file has room for the whole table
    console.print()
    console.print(accuracy_table(summary))
    reasons = ", ".join(f"{name} {count}" for name, count in summary.invalid_reasons.items())
    console.print(
        f"{summary.attempted} edits, {summary.valid} valid samples"
        + (f"; reasons of the others: {reasons}" if reasons else "")
        + f"; simulator restarts: {summary.restarts}, trainer restarts: {summary.trainer_restarts}; "
        + duration(summary.seconds)
    )
    console.print(
        f"pictures by {summary.engine_name} {summary.engine_version}, edits by {summary.sampler}, "
        f"VLM from {summary.base_model}, seed {summary.seed}"
    )
    places = (
        ("report", str(summary.report_path)),
        ("pictures", str(summary.pictures)),
        ("samples (Parquet)", str(summary.dataset)),
        ("MLflow page", page_hint(summary)),
    )
    for name, place in places:
        console.print(f"{name + ':':<19}{place}", soft_wrap=True)


def accuracy_table(summary: RunSummary) -> Table:
    """Held-out accuracy before and after, overall and per relation term, with 95 % Wilson intervals in percent."""
    table = Table(title="Held-out accuracy", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("relation", no_wrap=True)
    for name in ("questions", "before", "95 %", "after", "95 %", "change", "samples made"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_row(*_row("all", summary.before.overall, summary.after.overall, summary.valid), style="bold")
    for source, after in summary.after.by_source.items():
        table.add_row(*_row(source, summary.before.by_source[source], after, None))
    for term, after in summary.after.by_term.items():
        made = sum(record.terms.get(term, 0) for record in summary.rounds)
        table.add_row(*_row(term, summary.before.by_term[term], after, made))
    return table


def _row(name: str, before: Tally, after: Tally, made: int | None) -> tuple[str, ...]:
    change = 100 * (after.accuracy - before.accuracy)
    return (
        name,
        str(after.total),
        percent(before.accuracy),
        interval_text(before),
        percent(after.accuracy),
        interval_text(after),
        number(change, "+.1f"),
        "" if made is None else str(made),
    )

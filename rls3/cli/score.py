"""The command that scores somebody's answers to a published benchmark; no model needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rls3.benchmarks.scorecard import Scorecard

_FAULTY_SHOWN = 10


def score(
    benchmark: Annotated[str, typer.Option(help="Its name; a wrong one lists all.")],
    data: Annotated[Path, typer.Option(help="Folder with the benchmark's files as published.")],
    predictions: Annotated[Path, typer.Option(help="CSV, JSON, JSON lines or plain lines; or a folder of such files.")],
    part: Annotated[str | None, typer.Option(help="Score one split, subset or task only.")] = None,
    id_field: Annotated[str | None, typer.Option(help="Column with the item's id.")] = None,
    answer_field: Annotated[str | None, typer.Option(help="Column with the answer.")] = None,
    allow_missing: Annotated[bool, typer.Option("--allow-missing", help="Count missed items as wrong.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap intervals.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Also write the score to this JSON file.")] = None,
) -> None:
    """Score answers to a published benchmark by its own rules."""
    from rls3.benchmarks.predictions import match, read_predictions
    from rls3.benchmarks.reading import only
    from rls3.benchmarks.registry import find_benchmark
    from rls3.benchmarks.scorecard import score_predictions

    rules = find_benchmark(benchmark)
    given = read_predictions(predictions, id_field=id_field, answer_field=answer_field)
    reading = rules.read(data)
    if part is not None:
        reading = only(reading, part)
    card = score_predictions(rules, reading, match(given, reading), allow_missing=allow_missing, seed=seed)
    show(card)
    if out is not None:
        out.write_text(json.dumps(card.to_json(), indent=2) + "\n", encoding="utf-8")


def show(card: Scorecard) -> None:
    """The score as a table, and below it what was left out."""
    width = max(len(line.name) for line in card.lines)
    typer.echo(f"{card.benchmark}: {card.items} items scored")
    for line in card.lines:
        interval = f"{100 * line.low:6.2f} .. {100 * line.high:6.2f}"
        typer.echo(f"  {line.name:<{width}}  {100 * line.value:6.2f} %   {interval}   n = {line.units}")
    for count, meaning in (
        (card.unanswered, "answers name no option: counted as wrong"),
        (card.missing, "items have no answer: counted as wrong"),
        (card.unknown, "predictions belong to no item: ignored"),
        (len(card.faulty), "published items are faulty: left out"),
    ):
        if count:
            typer.echo(f"{count} {meaning}")
    for faulty in card.faulty[:_FAULTY_SHOWN]:
        typer.echo(f"  {faulty.id}: {faulty.reason}")
    if len(card.faulty) > _FAULTY_SHOWN:
        typer.echo(f"  and {len(card.faulty) - _FAULTY_SHOWN} more, all in the file of --out")
    for note in card.notes:
        typer.echo(f"note: {note}")
    typer.echo(f"published: {card.published}")

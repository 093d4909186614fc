"""The commands that say how good a model is: on a benchmark, and where it fails in held-out rooms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from rls3.config import load_config

Overrides = Annotated[list[str] | None, typer.Option("--set", help="section.key=value; may be given several times.")]


def evaluate(
    model: Annotated[str, typer.Option(help="A folder that save_pretrained wrote, or a hub id.")],
    benchmark: Annotated[str, typer.Option(help="Its name; a wrong one lists all.")],
    data: Annotated[
        Path | None, typer.Option(help="Folder with its files and pictures as published; where rls3-suite is kept.")
    ] = None,
    blind: Annotated[bool, typer.Option("--blind", help="Grey instead of pictures: the text-only baseline.")] = False,
    part: Annotated[str | None, typer.Option(help="Answer one split, subset or task only.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of option order, of intervals, and of rls3-suite's questions.")] = 0,
    trained_on: Annotated[
        Path | None, typer.Option(help="Run or data set that trained the model: whose scenes must not turn up.")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="Simulators side by side that make rls3-suite.")] = 2,
    out: Annotated[Path | None, typer.Option(help="Also write the score to this JSON file.")] = None,
    overrides: Overrides = None,
) -> None:
    """Let a model answer a benchmark; table, JSON, and a run in MLflow."""
    from rls3.cli.score import show
    from rls3.runtime.evaluate import evaluate_benchmark
    from rls3.tracking.mlflow_run import TrackingStore

    seeds = [f"run.seed={seed}", f"suite.seed={seed}"]
    config = load_config([], [*(overrides or []), *seeds, f"vlm.base={json.dumps(model)}"])
    store = TrackingStore.open(config)
    card = evaluate_benchmark(
        config, benchmark, data, part=part, blind=blind, trained_on=trained_on, processes=processes
    )
    show(card)
    with store.run(f"{benchmark}{' blind' if blind else ''}") as tracked:
        tracked.log_figures({f"{card.benchmark}/{line.name}": line.value for line in card.lines})
        leaks = {f"{card.benchmark}/leaks by {leak.kind}": float(len(leak.items)) for leak in card.leaks}
        tracked.log_figures(leaks)
    if out is not None:
        out.write_text(json.dumps(card.to_json(), indent=2) + "\n", encoding="utf-8")


def weaknesses(
    model: Annotated[str, typer.Option(help="Packaged model, a folder that save_pretrained wrote, or a hub id.")],
    picture: Annotated[Path, typer.Option(help="Where the picture goes.")] = Path("rls3-weaknesses.png"),
    processes: Annotated[int, typer.Option(min=1, help="Simulators side by side.")] = 2,
    overrides: Overrides = None,
) -> None:
    """Show where a model fails on held-out rooms: by relation, object, distance and clutter."""
    from rls3.runtime.weaknesses import find_weaknesses
    from rls3.tracking.weaknesses import print_weaknesses, weaknesses_picture

    config = load_config([], [*(overrides or []), f"vlm.base={json.dumps(model)}"])
    evaluation, groups = find_weaknesses(config, processes)
    print_weaknesses(evaluation.overall, groups)
    weaknesses_picture(evaluation.overall, groups, picture, f"Where {Path(model).name} fails")
    typer.echo(f"picture: {picture}")

"""The command that sets samplers beside each other on equal budgets, or reports on what was run so far."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rls3.cli.jobs import ConfigFiles, Overrides
from rls3.config import load_config
from rls3.errors import ConfigError


def compare(
    configs: ConfigFiles = None,
    samplers: Annotated[
        str | None, typer.Option(help="Arms: samplers, or names of compare.arms, separated by commas.")
    ] = None,
    students: Annotated[
        str | None, typer.Option(help="Base models, or names of compare.students, separated by commas.")
    ] = None,
    seeds: Annotated[int | None, typer.Option(help="How many, from run.seed on (compare.seeds).")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the comparison; one begun before is gone on with.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Cells side by side, each a process; the result is the same.")] = 1,
    report: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Run nothing: report on what is finished in this folder.")
    ] = None,
    overrides: Overrides = None,
) -> None:
    """Run every arm with every student and seed on equal budgets, and report which teaches more; goes on if stopped."""
    given = (samplers, students, seeds, out)
    if report is not None and (configs or overrides or any(option is not None for option in given)):
        raise ConfigError("--report takes everything from its folder; give no file and no other option")
    from rls3.runtime.compare import compare_job, report_job

    if report is not None:
        report_job(report)
        return
    config = load_config(configs or [], overrides or [])
    folder = out or config.run.output / config.run.name
    failed = compare_job(
        config,
        samplers=_names("--samplers", samplers),
        students=_names("--students", students),
        seeds=seeds,
        folder=folder,
        jobs=jobs,
    )
    if failed:
        typer.echo(
            f"failed: {', '.join(failed)}; see {folder / 'logs'}, and give the same command to try again", err=True
        )
        raise typer.Exit(1)


def _names(option: str, text: str | None) -> list[str]:
    """The names of an option; [] when it was not given."""
    if text is None:
        return []
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise ConfigError(f"{option} names nothing; leave it out, or give names separated by commas")
    return names

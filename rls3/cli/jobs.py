"""The commands that run jobs: the main job, pretraining, and the check of the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rls3.config import Config, load_config
from rls3.errors import ConfigError

ConfigFiles = Annotated[list[Path] | None, typer.Argument(help="YAML files, merged left to right.")]
Overrides = Annotated[list[str] | None, typer.Option("--set", help="section.key=value; may be given several times.")]


def run(
    configs: ConfigFiles = None,
    overrides: Overrides = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the resolved configuration and stop.")] = False,
    resume: Annotated[Path | None, typer.Option(help="Folder of a stopped run to go on with.")] = None,
) -> None:
    """Run the main job: edit, label, score, reward, fine-tune, evaluate; round after round."""
    if resume is not None and (configs or overrides or dry_run):
        raise ConfigError("--resume takes the configuration from the run's folder; give no file, --set or --dry-run")
    config = load_config(configs or [], overrides or []) if resume is None else Config()
    if dry_run:
        typer.echo(config.to_yaml(), nl=False)
        return
    from rls3.runtime.job import resume_job, start_job

    if resume is None:
        start_job(config)
    else:
        resume_job(resume)


def pretrain(
    configs: ConfigFiles = None,
    overrides: Overrides = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the new base model; must not exist. [default: rls3-STUDENT-base]")
    ] = None,
    data: Annotated[Path, typer.Option(help="Folder of the gathered pictures; what is there is kept.")] = Path(
        "runs/natural"
    ),
    processes: Annotated[int, typer.Option(min=1, help="Simulators side by side.")] = 2,
) -> None:
    """Make a small base VLM from scratch, from pictures of rooms as they naturally are."""
    from rls3.runtime.pretrain import pretrain_job

    config = load_config(configs or [], overrides or [])
    folder = out or Path(f"rls3-{config.pretrain.student}-base")
    pretrain_job(config, out=folder, data=data, processes=processes)


def practise(
    configs: ConfigFiles = None,
    overrides: Overrides = None,
    out: Annotated[Path, typer.Option(help="Folder of the policy; one begun before is gone on with.")] = Path(
        "runs/policy"
    ),
) -> None:
    """Teach a policy to use what is known of a VLM, on students of which only the weakness is real."""
    from rls3.runtime.practice import practise_job

    practise_job(load_config(configs or [], overrides or []), out=out)


def doctor(
    configs: ConfigFiles = None,
    overrides: Overrides = None,
    picture: Annotated[Path, typer.Option(help="Where the proof picture goes.")] = Path("rls3-doctor.png"),
) -> None:
    """Say what this machine can run and what is missing, with the cure for each; render one picture as proof."""
    from rls3.runtime.doctor import examine

    raise typer.Exit(examine(load_config(configs or [], overrides or []), picture))

"""The commands that make labelled data sets and look after them: `generate` and `dataset ...`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from rls3.cli.jobs import ConfigFiles, Overrides
from rls3.config import ValidityConfig, load_config
from rls3.errors import ConfigError, SampleStoreError

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of samples: a data set, or a run's 'samples'.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what an earlier call left there.")]

app = typer.Typer(no_args_is_help=True, help="Look after a folder of samples.")


def generate(
    configs: ConfigFiles = None,
    overrides: Overrides = None,
    out: Annotated[Path, typer.Option(help="Folder of the data set; one begun before is gone on with.")] = Path(
        "dataset"
    ),
    sampler: Annotated[str | None, typer.Option(help="Who edits (questions.sampler).")] = None,
    samples: Annotated[int | None, typer.Option(min=1, help="How many questions (questions.samples).")] = None,
    processes: Annotated[int, typer.Option(min=1, help="Simulators side by side; the result is the same.")] = 2,
    overwrite: Overwrite = False,
) -> None:
    """Make a labelled data set without any training; the same call again goes on where it was stopped."""
    short = {"sampler": sampler, "samples": samples}
    settings = [f"questions.{name}={value}" for name, value in short.items() if value is not None]
    from rls3.runtime.generate import generate_job

    config = load_config(configs or [], [*(overrides or []), *settings])
    generate_job(config, out=out, processes=processes, overwrite=overwrite)


@app.command()
def verify(folder: Folder) -> None:
    """Recompute every label, checksum and count; print what disagrees and exit with 1 if anything does."""
    from rls3.samples.ledger import Ledger
    from rls3.samples.verify import verify_ledger

    ledger = Ledger.existing(folder)
    found = 0
    for found, disagreement in enumerate(verify_ledger(ledger, _validity_of(folder)), start=1):  # noqa: B007
        typer.echo(disagreement)
    typer.echo(f"{ledger.rows} records in {len(ledger.shards)} files: {found} disagreements")
    raise typer.Exit(1 if found else 0)


@app.command()
def sheet(
    folder: Folder,
    out: Annotated[Path, typer.Option(help="The picture.")] = Path("sheet.png"),
    count: Annotated[int, typer.Option(min=1, help="How many samples, drawn at random.")] = 24,
    seed: Annotated[int, typer.Option(min=0, help="Of the draw.")] = 0,
    overwrite: Overwrite = False,
) -> None:
    """Draw some samples with outlines of what is asked about, the question, and what is true."""
    from rls3.samples.draw import drawn_samples
    from rls3.samples.ledger import Ledger
    from rls3.tracking.sheets import contact_sheet

    _check_free(out, overwrite)
    damage = _Damage()
    samples = drawn_samples(Ledger.existing(folder), count, seed=seed, on_damage=damage)
    contact_sheet(samples, out)
    typer.echo(f"{len(samples)} samples in {out}")
    damage.exit()


@app.command()
def stats(
    folder: Folder,
    out: Annotated[Path | None, typer.Option(help="Draw the counts into this picture as well.")] = None,
    overwrite: Overwrite = False,
) -> None:
    """Count relations, scene types, terms, options, margins, and reasons of rejection."""
    from rls3.samples.ledger import Ledger
    from rls3.samples.stats import stats_of
    from rls3.tracking.dataset import print_stats, stats_picture

    damage = _Damage()
    counted = stats_of(Ledger.existing(folder), damage)
    print_stats(counted)
    if out is not None:
        _check_free(out, overwrite)
        stats_picture(counted, out)
    damage.exit()


@app.command()
def export(
    folder: Folder,
    to: Annotated[Literal["llava", "webdataset", "whatsup"], typer.Option(help="Whose layout.")],
    out: Annotated[Path, typer.Option(help="The new folder.")],
    overwrite: Overwrite = False,
) -> None:
    """Write the valid samples for other people's trainers and scorers."""
    from rls3.samples.exports import export as write
    from rls3.samples.ledger import Ledger

    damage = _Damage()
    count = write(Ledger.existing(folder).read(on_damage=damage), to, out, overwrite=overwrite)
    typer.echo(f"{count} samples in {out}")
    damage.exit()


class _Damage:
    """Says what cannot be read; the rest is used all the same."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, damage: SampleStoreError) -> None:
        self._count += 1
        typer.echo(f"left out: {damage}", err=True)

    def exit(self) -> None:
        """End with exit code 1 if anything was left out."""
        if self._count:
            raise typer.Exit(1)


def _check_free(out: Path, overwrite: bool) -> None:
    if out.exists() and not overwrite:
        raise ConfigError(f"'{out}' exists already; choose another --out, or add --overwrite")


def _validity_of(folder: Path) -> ValidityConfig:
    """The thresholds that a folder's samples were labelled by: from its configuration, or from its run's."""
    places = (folder / "config.yaml", folder.resolve().parent / "config.yaml")
    for path in places:
        if path.is_file():
            return load_config([path]).validity
    raise ConfigError(
        f"neither '{folder}' nor the folder above it holds the config.yaml that its samples were labelled by; "
        "put it back, its validity section says where the boundaries lie"
    )

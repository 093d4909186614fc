"""The commands. Everything heavy is imported inside a command, so that `rls3 --help` answers at once."""

from __future__ import annotations

import os
import sys

import typer

from rls3.cli.compare import compare
from rls3.cli.dataset import app as dataset
from rls3.cli.dataset import generate
from rls3.cli.engine import app as engine
from rls3.cli.evaluate import evaluate, weaknesses
from rls3.cli.jobs import doctor, practise, pretrain, run
from rls3.cli.relations import relations
from rls3.cli.score import score
from rls3.errors import Rls3Error

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A policy edits AI2-THOR scenes so that a vision-language model learns the spatial relations it gets wrong.",
)
app.command()(run)
app.command()(compare)
app.command()(pretrain)
app.command()(practise)
app.command()(generate)
app.add_typer(dataset, name="dataset")
app.add_typer(engine, name="engine")
app.command()(relations)
app.command()(score)
app.command()(evaluate)
app.command()(weaknesses)
app.command()(doctor)


def main() -> None:
    """Entry point of the `rls3` command: errors of the project become one line and exit code 2."""
    # Two spinning OpenMP pools on shared cores slow each other down tenfold: one passive thread unless told otherwise.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        app(standalone_mode=True)
    except Rls3Error as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
        sys.exit(130)

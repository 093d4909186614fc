"""`rls3 generate`: a labelled data set without any training, which goes on where it was stopped.

Workers visit scenes and say what can be asked; this process chooses, in the order of the visits, so that no answer can
be guessed from the text. Shards close at the end of a visit, and what the chooser must remember is kept in the manifest
that names them: a stopped run that goes on writes the same files as one that was not stopped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rls3.config import Config, load_config
from rls3.errors import ConfigError
from rls3.runtime.chooser import Chooser
from rls3.runtime.folder import locked
from rls3.runtime.visit import visit
from rls3.runtime.workers import SimulatorWorkers
from rls3.samples.ledger import Ledger
from rls3.samples.record import Sample
from rls3.scene.split import training_scenes

SHARD_ROWS = 256
"""Rows from which a shard is closed at the end of a visit."""
FRUITLESS_VISITS = 40
"""Visits in a row without a single question after which a data set is given up."""
_CONFIG = "config.yaml"
_UNIMPORTANT = {
    *(f"sampler.{key}" for key in ("name", "candidates", "patience", "discount", "hard_share")),
    *(f"sim.{key}" for key in ("actors", "slots_per_actor", "start_timeout_s", "step_timeout_s")),
}
_OURS = re.compile(r"config\.yaml|\.?manifest\.json(\.part)?|\.lock|\.?round-\d{4}-\d{4}\.parquet(\.part)?")


def generate_job(config: Config, *, out: Path, processes: int, overwrite: bool) -> None:
    """Make the data set of a configuration in `out`, or go on with it.

    Args:
        config: `run.seed`, and the sections sim, validity, sampler and questions are used.
        out: a new or empty folder, or one that this configuration was begun in.
        processes: simulators side by side; the result does not depend on it.
        overwrite: whether another data set in `out` may be replaced.

    Raises:
        ConfigError: `out` holds something else, or is busy; or no question can be asked about any scene.
    """
    training_scenes(config.sim.scenes)
    _check_folder(config, out, overwrite)
    out.mkdir(parents=True, exist_ok=True)
    with closing(locked(out)):
        if overwrite:
            _clear(out)
        if not (out / _CONFIG).exists():
            (out / _CONFIG).write_text(config.to_yaml(), encoding="utf-8")
        ledger = Ledger(out)
        if ledger.rows < config.questions.samples:
            _fill(ledger, config, processes)
    Console(stderr=True).print(f"{ledger.rows} samples in {out}; check them with: rls3 dataset verify {out}")


def _check_folder(config: Config, out: Path, overwrite: bool) -> None:
    """Refuse a folder that is in other use."""
    if not out.exists():
        return
    names = {path.name for path in out.iterdir()} - {".lock"} if out.is_dir() else {out.name}
    foreign = sorted(name for name in names if not _OURS.fullmatch(name))
    if foreign or (names and _CONFIG not in names):
        raise ConfigError(
            f"'{out}' is not empty and no data set (it holds '{(foreign or sorted(names))[0]}'); choose another --out"
        )
    if names and not overwrite and (other := _differences(load_config([out / _CONFIG]), config)):
        raise ConfigError(
            f"'{out}' was begun with another configuration ({', '.join(other)}); "
            "choose another --out, or replace what is there with --overwrite"
        )


def _clear(out: Path) -> None:
    """Remove a data set, its configuration last, so that a crash leaves what can be cleared again."""
    for path in sorted(out.iterdir(), key=lambda path: path.name == _CONFIG):
        if path.name != ".lock":
            path.unlink()


def _differences(one: Config, other: Config) -> list[str]:
    """Settings in which two configurations make different data sets."""
    plans = [_flat(config) for config in (one, other)]
    return [key for key, value in plans[0].items() if plans[1][key] != value]


def _flat(config: Config) -> dict[str, Any]:
    sections = config.model_dump(mode="json", include={"sim", "validity", "sampler", "questions"})
    flat = {f"{section}.{key}": value for section, keys in sections.items() for key, value in keys.items()}
    return {"run.seed": config.run.seed} | {key: value for key, value in flat.items() if key not in _UNIMPORTANT}


def _fill(ledger: Ledger, config: Config, processes: int) -> None:
    """Visit scenes and append shards until the data set is complete."""
    chooser = Chooser(config, ledger.progress)
    begun = chooser.visits
    with closing(SimulatorWorkers(config.sim, partial(visit, config), processes)) as workers, _shown(config) as show:
        pending: list[Sample] = []
        rejected: Counter[str] = Counter()
        restarts, fruitless = 0, 0
        for found in workers.results(begun):
            chosen = chooser.choose(found, config.questions.samples - ledger.rows - len(pending))
            pending += chosen
            rejected += chooser.rejected(found)
            restarts += found.restarts
            fruitless = 0 if chosen else fruitless + 1
            complete = ledger.rows + len(pending) >= config.questions.samples
            if fruitless >= FRUITLESS_VISITS:
                raise ConfigError(_fruitless(rejected))
            if complete or len(pending) >= SHARD_ROWS:
                ledger.append(
                    pending, round_index=0, restarts=restarts, rejected=rejected, progress=chooser.state(complete)
                )
                pending, rejected, restarts = [], Counter(), 0
            show(ledger.rows + len(pending))
            if complete:
                return


def _fruitless(rejected: Counter[str]) -> str:
    reasons = ", ".join(f"{reason} ({count} times)" for reason, count in rejected.most_common(4)) or "none noted"
    return (
        f"{FRUITLESS_VISITS} visits in a row brought no question; commonest reasons: {reasons}; "
        "name more scenes in sim.scenes, ask for more in questions.families and questions.kinds, or loosen validity"
    )


@contextmanager
def _shown(config: Config) -> Iterator[Callable[[int], None]]:
    """Progress over samples: a bar on a terminal, elsewhere a line per shard; yields who is told how many there are."""
    console, total = Console(stderr=True), config.questions.samples
    if not console.is_terminal:
        told = -1

        def tell(done: int) -> None:
            nonlocal told
            if done == total or done // SHARD_ROWS > told:
                told = done // SHARD_ROWS
                console.print(f"{done} of {total} samples", highlight=False)

        yield tell
        return
    columns = (TextColumn("samples"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("samples", total=total)
        yield lambda done: bar.update(task, completed=done)

"""`rls3 compare` from end to end: check, make or open the folder, run what is missing of the grid, tell the result."""

from __future__ import annotations

import hashlib
import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from rls3.config import CompareConfig, Config, with_settings
from rls3.errors import ConfigError
from rls3.runtime.compare_cells import run_cell, run_cells
from rls3.runtime.compare_grid import Cell, chosen
from rls3.runtime.compare_manifest import MANIFEST, Invocation, Manifest, new_manifest
from rls3.runtime.folder import locked, read_progress
from rls3.scene.split import scene_type, training_scenes
from rls3.tracking.comparison.analysis import analyse
from rls3.tracking.comparison.outcome import Comparison
from rls3.tracking.comparison.progress import GridProgress
from rls3.tracking.comparison.report import Origin, write_comparison
from rls3.tracking.comparison.results import CellResult
from rls3.tracking.comparison.tables import print_tables
from rls3.tracking.mlflow_run import MlflowRun, TrackingStore

_TABLE_COLUMNS = 180
"""Width of tables where nobody's terminal sets one, characters."""


def compare_job(
    config: Config, *, samplers: Sequence[str], students: Sequence[str], seeds: int | None, folder: Path, jobs: int
) -> list[str]:
    """Run what is missing of a comparison's grid, and write its report.

    Args:
        config: what all cells share, and the section `compare`.
        samplers, students, seeds: see `chosen`.
        folder: of the comparison; one begun before is gone on with.
        jobs: cells side by side.

    Returns:
        Names of the cells that failed.

    Raises:
        Rls3Error: bad input, or another comparison's folder; no cell was started.
    """
    compare = chosen(config, samplers, students, seeds)
    training_scenes(config.sim.scenes)
    weights = {name: _weights_digest(config, settings, name) for name, settings in compare.students.items()}
    folder = folder.resolve()
    config = with_settings(config, {"run.output": str(folder), "run.name": folder.name}, "--out")
    invocation = Invocation.now(shlex.join(["rls3", *sys.argv[1:]]), datetime.now(UTC).isoformat(timespec="seconds"))
    wanted = new_manifest(config, compare, weights, invocation)
    wanted.cells(folder)  # settings that are no configuration are refused before anything is written
    old = Manifest.read(folder)
    manifest = wanted if old is None else old.joined(wanted, folder)
    _make(folder, begun=old is not None)
    with (
        closing(locked(folder)),
        TrackingStore.open(config.model_copy(update={"compare": CompareConfig()})).run(
            folder.name, manifest.parent_run
        ) as tracked,
    ):
        manifest = replace(manifest, parent_run=tracked.run_id)
        manifest.write(folder)
        try:
            failed = _run_missing(replace(wanted, parent_run=tracked.run_id).cells(folder), folder, jobs)
        except KeyboardInterrupt:
            Console().print(f"stopped; the same command goes on with '{folder}'", soft_wrap=True)
            raise
        if any(cell.finished for cell in manifest.cells(folder)):
            _log(tracked, *report_job(folder))
    return failed


def _log(tracked: MlflowRun, comparison: Comparison, files: Sequence[Path]) -> None:
    """Keep the report and the main figures under the comparison's run."""
    for arm in comparison.arms:
        named = {"accuracy": arm.final, "gain": arm.gain, "valid_share": arm.valid_share}
        for name, found in named.items():
            values = {"": found.value, "_low": found.low, "_high": found.high}
            tracked.log_figures({f"{arm.student}/{arm.arm}/{name}{end}": value for end, value in values.items()})
    for path in files:
        if path.suffix == ".png":
            tracked.log_picture(path)
        else:
            tracked.log_report(path)


def report_job(folder: Path) -> tuple[Comparison, list[Path]]:
    """Write the report of a comparison from the cells that are finished, and print its tables.

    Returns:
        All figures, and the files written.

    Raises:
        ConfigError: no comparison's folder, or no cell is finished.
    """
    manifest = Manifest.read(folder)
    if manifest is None:
        raise ConfigError(f"'{folder}' holds no {MANIFEST}, so it is no comparison; give the --out of 'rls3 compare'")
    cells = manifest.cells(folder.resolve())
    results = [_result(cell) for cell in cells if cell.finished]
    missing = {cell.name: _state(cell, folder) for cell in cells if not cell.finished}
    if not results:
        states = "; ".join(f"{name}: {state}" for name, state in list(missing.items())[:3])
        raise ConfigError(f"no cell of '{folder}' is finished, so there is nothing to compare yet ({states})")
    rooms = frozenset(scene_type(scene) for scene in training_scenes(cells[0].config.sim.scenes))
    comparison = analyse(results, rooms)
    shown = {name: value for name, value in asdict(manifest).items() if name != "tracking"}  # a URI may hold a password
    origin = Origin(folder.resolve().name, shown, missing)
    files = write_comparison(comparison, results, origin, folder)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _TABLE_COLUMNS
    print_tables(comparison, console)
    if missing:
        console.print(f"{len(missing)} of {len(cells)} cells are missing: {', '.join(missing)}", soft_wrap=True)
    console.print(f"report: {folder / 'report.html'}", soft_wrap=True)
    return comparison, files


def _run_missing(cells: Sequence[Cell], folder: Path, jobs: int) -> list[str]:
    """Run the unfinished cells; returns the names of those that failed."""
    missing = [cell for cell in cells if not cell.finished]
    failed, errors = [], folder / "failed"
    errors.mkdir(exist_ok=True)
    rounds, done = cells[0].config.loop.rounds, sum(cell.rounds for cell in missing)
    with (
        GridProgress(len(cells), len(cells) - len(missing), rounds, done) as display,
        closing(run_cells(missing, run_cell, processes=jobs, logs=folder / "logs")) as events,
    ):
        for happened in events:
            name, record = happened.cell.name, errors / f"{happened.cell.name}.txt"
            if not happened.ended:
                display.seen(name, happened.rounds)
                continue
            display.ended(name, happened.rounds, happened.error)
            if happened.error is None:
                record.unlink(missing_ok=True)
            else:
                record.write_text(happened.error + "\n", encoding="utf-8")
                failed.append(name)
    return failed


def _state(cell: Cell, folder: Path) -> str:
    """How far an unfinished cell is."""
    done = f"{cell.rounds} of {cell.config.loop.rounds} rounds"
    record = folder / "failed" / f"{cell.name}.txt"
    return f"{done}; failed: {record.read_text(encoding='utf-8').strip()}" if record.is_file() else done


def _result(cell: Cell) -> CellResult:
    progress = read_progress(cell.folder)
    assert progress is not None, "the cell is finished"
    seed, samples = cell.config.run.seed, cell.folder / "samples"
    return CellResult(cell.arm, cell.student, seed, progress.before, progress.rounds, samples)


def _make(folder: Path, *, begun: bool) -> None:
    if not begun and folder.is_dir() and any(folder.iterdir()):
        raise ConfigError(f"'{folder}' exists and is no comparison; choose another --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make the folder '{folder}': {error.strerror}; choose another --out") from None


def _weights_digest(config: Config, settings: Mapping[str, Any], student: str) -> str:
    """SHA-256 of a base model's parameters by name; loading it tells early that it can be."""
    from rls3.vlm.student import load_student

    network = load_student(with_settings(config, settings, f"student '{student}'").vlm).network
    digest = hashlib.sha256()
    for name, parameter in sorted(network.named_parameters()):
        digest.update(name.encode())
        digest.update(parameter.detach().cpu().float().numpy().tobytes())
    return digest.hexdigest()

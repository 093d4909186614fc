"""`rls3 run` from end to end: check, start the parts, turn the loop, keep checkpoints, tell the result.

Order matters for bad input: the tracking store, the scenes, the base model and the engine are all tried before the
run's folder is made, so that a refused run leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from rls3.config import Config
from rls3.errors import ConfigError
from rls3.runtime.folder import Progress, RunFolder
from rls3.runtime.handles import Parts
from rls3.runtime.loop import Observer, evaluate_both, run_rounds
from rls3.samples.draw import drawn_samples
from rls3.samples.ledger import Ledger
from rls3.samples.scores import Evaluation
from rls3.scene.split import training_scenes
from rls3.tracking.mlflow_run import MlflowRun, TrackingStore
from rls3.tracking.progress import Progress as Display
from rls3.tracking.progress import make_progress
from rls3.tracking.records import RoundRecord, RunSummary
from rls3.tracking.report import write_report
from rls3.tracking.sheets import choices, contact_sheet, curves
from rls3.tracking.summary import print_summary

SHEET_SAMPLES = 24


def start_job(config: Config) -> RunSummary:
    """Run a new job.

    Raises:
        Rls3Error: bad input; nothing was written.
    """
    training_scenes(config.sim.scenes)
    store = TrackingStore.open(config)
    with _display(config) as display:
        display.phase("starting simulators, policy and trainer; asking the held-out questions")
        with _driver(config, first_episode=0) as parts:
            report, feedback = evaluate_both(parts)
            display.measured_before(report)
            folder = RunFolder.create(config)
            try:
                with store.run(folder.path.name) as tracked:
                    tracked.log_engine(parts.engine.name, parts.engine.version)
                    tracked.log_before(report, feedback)
                    progress = Progress((), report, feedback, tracked.run_id)
                    return _turn(config, parts, folder, tracked, display, progress)
            finally:
                folder.close()


def resume_job(path: Path) -> RunSummary:
    """Go on with a stopped run after its last finished round; samples of the unfinished one are made anew.

    Raises:
        Rls3Error: no run's folder, one that is busy, finished, or has no finished round.
    """
    folder, config = RunFolder.open(path)
    try:
        progress = folder.progress()
        done = len(progress.rounds)
        if done >= config.loop.rounds:
            raise ConfigError(f"'{folder.path}' has finished its {done} rounds; nothing to resume")
        store = TrackingStore.open(config)
        ledger = Ledger(folder.samples)
        ledger.drop_from(done)
        first_episode = 1 + max(sample.episode for sample in ledger.read())
        with _display(config) as display:
            display.phase(f"resuming after round {done} of {config.loop.rounds}")
            with (
                _driver(config, first_episode=first_episode) as parts,
                store.run(folder.path.name, progress.mlflow_run_id) as tracked,
            ):
                parts.sampler.restore(folder.policy_checkpoint).result()
                parts.student.restore(folder.student_checkpoint).result()
                return _turn(config, parts, folder, tracked, display, progress)
    finally:
        folder.close()


def _driver(config: Config, *, first_episode: int) -> AbstractContextManager[Parts]:
    if config.runtime.mode == "local":
        from rls3.runtime.local import LocalDriver

        return LocalDriver(config, first_episode=first_episode)
    from rls3.runtime.cluster import ClusterDriver

    return ClusterDriver(config, first_episode=first_episode)


@contextmanager
def _display(config: Config) -> Iterator[Display]:
    display = make_progress(config.loop.rounds, config.loop.samples_per_round)
    try:
        yield display
    finally:
        display.close()


def _turn(
    config: Config, parts: Parts, folder: RunFolder, tracked: MlflowRun, display: Display, progress: Progress
) -> RunSummary:
    """Turn the loop from `progress` to the end, one checkpoint per round; then tell the result."""
    ledger = Ledger(folder.samples)
    rounds = run_rounds(
        parts, ledger, config, _Watcher(display, tracked), first_round=len(progress.rounds), feedback=progress.feedback
    )
    try:
        for record in rounds:
            progress = Progress((*progress.rounds, record), progress.before, record.feedback, progress.mlflow_run_id)
            hidden = folder.new_checkpoint()
            parts.sampler.save(hidden / folder.policy_checkpoint.name).result()
            parts.student.save(hidden / folder.student_checkpoint.name).result()
            folder.commit_checkpoint(hidden, progress)
            parts.student.committed(folder.student_checkpoint)
    except KeyboardInterrupt:
        display.phase(f"stopped; go on with: rls3 run --resume {folder.path}")
        raise
    summary = _summary(config, parts, folder, tracked, progress)
    _tell(config, folder, tracked, ledger, summary)
    display.close()
    print_summary(summary)
    return summary


class _Watcher(Observer):
    """Passes what the loop reports on to the display and to MLflow."""

    def __init__(self, display: Display, tracked: MlflowRun) -> None:
        self._display, self._tracked = display, tracked

    def round_started(self, round_index: int) -> None:
        self._display.round_started(round_index)

    def batch_done(self, attempted: int, valid: int, reward_mean: float) -> None:
        self._display.batch_done(attempted, valid, reward_mean)

    def round_done(self, record: RoundRecord) -> None:
        self._tracked.log_round(record)
        self._display.round_done(record)


def _summary(config: Config, parts: Parts, folder: RunFolder, tracked: MlflowRun, progress: Progress) -> RunSummary:
    return RunSummary(
        run_dir=folder.path,
        dataset=folder.samples,
        pictures=folder.pictures,
        report_path=folder.report,
        sampler=config.sampler.name,
        seed=config.run.seed,
        engine_name=parts.engine.name,
        engine_version=parts.engine.version,
        base_model=config.vlm.base,
        before=progress.before,
        after=_last_report(progress),
        rounds=progress.rounds,
        tracking_uri=tracked.store.uri,
        mlflow_experiment_id=tracked.store.experiment_id,
        mlflow_run_id=tracked.run_id,
    )


def _last_report(progress: Progress) -> Evaluation:
    return progress.rounds[-1].report if progress.rounds else progress.before


def _tell(config: Config, folder: RunFolder, tracked: MlflowRun, ledger: Ledger, summary: RunSummary) -> None:
    """Draw the pictures, write the report, and hand both to MLflow."""
    pictures = {name: folder.pictures / f"{name}.png" for name in ("curves", "choices", "samples")}
    curves(summary.before, summary.rounds, pictures["curves"])
    choices(summary.rounds, pictures["choices"])
    contact_sheet(drawn_samples(ledger, SHEET_SAMPLES, seed=config.run.seed), pictures["samples"])
    write_report(
        summary,
        config,
        folder.report,
        curves=pictures["curves"],
        choices=pictures["choices"],
        samples=pictures["samples"],
    )
    for picture in pictures.values():
        tracked.log_picture(picture)
    tracked.log_report(folder.report)

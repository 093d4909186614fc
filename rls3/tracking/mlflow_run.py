"""The run in MLflow: parameters, configuration, metrics per round, pictures and the report.

Only `MlflowClient` is used: no active run, no global tracking URI. One process writes (SQLite allows one writer).
"""

from __future__ import annotations

import logging
import math
import os
import re
import shlex
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any

from rls3.config import Config
from rls3.errors import TrackingError
from rls3.samples.scores import Evaluation
from rls3.tracking.records import RoundRecord, RunSummary, evaluation_metrics, metrics
from rls3.tracking.store_lock import one_at_a_time

_FIRST_CALL = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "0",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "5",
}
"""How patient the very first call is: a wrong URI must show at once. Later calls keep MLflow's own patience."""
_PARAMS_PER_CALL = 100
_KINDS = "a sqlite:/// file, the http(s):// address of an MLflow server, or a database URI"


def tracking_uri(config: Config) -> str:
    """The configured tracking URI, or the SQLite file beside the runs."""
    return config.tracking.uri or f"sqlite:///{config.run.output.resolve() / 'mlflow.db'}"


@dataclass(frozen=True)
class TrackingStore:
    """An MLflow store that answered, and the experiment of the configuration in it.

    Attributes:
        client: `mlflow.MlflowClient`.
        uri: the store's tracking URI.
        experiment_id: where runs are made.
        config: the run's configuration.
    """

    client: Any
    uri: str
    experiment_id: str
    config: Config

    @classmethod
    def open(cls, config: Config) -> TrackingStore:
        """Reach the store and make the experiment when it is new; call it before anything else is started.

        Raises:
            TrackingError: the store does not answer within seconds, or its URI is of no known kind.
        """
        uri = tracking_uri(config)
        client_class = _mlflow_client()
        with one_at_a_time(uri), _answering(uri), _environment(_FIRST_CALL):
            client = client_class(tracking_uri=uri)
            experiment = client.get_experiment_by_name(config.tracking.experiment)
            if experiment is None:
                place = _artifact_location(uri, config)
                experiment_id = client.create_experiment(config.tracking.experiment, artifact_location=place)
                return cls(client, uri, experiment_id, config)
        if experiment.lifecycle_stage != "active":
            raise TrackingError(
                f"the MLflow experiment '{config.tracking.experiment}' in '{uri}' was deleted; "
                "restore it, or set tracking.experiment to another name"
            )
        return cls(client, uri, experiment.experiment_id, config)

    def run(self, name: str, run_id: str | None = None) -> MlflowRun:
        """A new run called `name`, or the stopped run `run_id`, to be used as a context manager.

        Raises:
            TrackingError: the store has no run `run_id`, or stopped answering.
        """
        tags = {
            "rls3.version": version("rls3"),
            "rls3.seed": str(self.config.run.seed),
            "rls3.sampler": self.config.sampler.name,
            "rls3.weights": self.config.vlm.base,
        }
        if self.config.tracking.parent_run is not None:
            tags["mlflow.parentRunId"] = self.config.tracking.parent_run
        with _answering(self.uri):
            if run_id is None:
                run = self.client.create_run(self.experiment_id, run_name=name, tags=tags)
                run_id = run.info.run_id
            else:
                self.client.get_run(run_id)
                self.client.update_run(run_id, status="RUNNING")
        return MlflowRun(self, run_id)


class MlflowRun:
    """One run in a store. Leaving the context marks it FINISHED, FAILED (an error) or KILLED (interrupted)."""

    def __init__(self, store: TrackingStore, run_id: str) -> None:
        self.store, self.run_id = store, run_id

    def __enter__(self) -> MlflowRun:
        config = self.store.config
        self._call("log_text", config.to_yaml(), "config.yaml")
        self._log_params(flattened(config))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is None:
            self._call("set_terminated", "FINISHED")
            return
        with suppress(TrackingError):  # the error on its way out is the one that matters
            self._call("set_terminated", "FAILED" if issubclass(kind, Exception) else "KILLED")

    def log_engine(self, name: str, engine_version: str) -> None:
        """Tag the run with the program that draws its pictures."""
        self._call("set_tag", "rls3.engine", f"{name} {engine_version}")

    def log_before(self, report: Evaluation, feedback: Evaluation) -> None:
        """Accuracy before the first round, as step 0."""
        self._log_metrics(evaluation_metrics(report) | evaluation_metrics(feedback), step=0)

    def log_round(self, record: RoundRecord) -> None:
        """All figures of a round in one call; round k (0-based) is step k + 1."""
        self._log_metrics(metrics(record), step=record.round + 1)

    def log_figures(self, figures: Mapping[str, float]) -> None:
        """Figures that belong to no round; characters that MLflow refuses in names become underscores."""
        named = {re.sub(r"[^\w\-. :/]", "_", name): value for name, value in figures.items()}
        self._log_metrics({name: value for name, value in named.items() if math.isfinite(value)}, step=0)

    def log_picture(self, path: Path) -> None:
        """Keep a picture under "pictures"."""
        self._call("log_artifact", str(path), "pictures")

    def log_report(self, path: Path) -> None:
        """Keep the HTML report."""
        self._call("log_artifact", str(path))

    def _log_params(self, params: Mapping[str, str]) -> None:
        from mlflow.entities import Param

        entries = [Param(key, value) for key, value in params.items()]
        for start in range(0, len(entries), _PARAMS_PER_CALL):
            self._call("log_batch", params=entries[start : start + _PARAMS_PER_CALL])

    def _log_metrics(self, values: Mapping[str, float], step: int) -> None:
        from mlflow.entities import Metric

        now_ms = int(time.time() * 1000)
        self._call("log_batch", metrics=[Metric(key, value, now_ms, step) for key, value in values.items()])

    def _call(self, method: str, *args: Any, **kwargs: Any) -> None:
        with _answering(self.store.uri):
            getattr(self.store.client, method)(self.run_id, *args, **kwargs)


def page_hint(summary: RunSummary) -> str:
    """How to open the run's MLflow page: its address on a server, or the command that serves a database."""
    # Without the workflow type, MLflow opens among its pages for chat applications.
    run = f"#/experiments/{summary.mlflow_experiment_id}/runs/{summary.mlflow_run_id}"
    page = f"{run}/model-metrics?workflowType=machine_learning"
    if summary.tracking_uri.startswith(("http://", "https://")):
        return f"{summary.tracking_uri.rstrip('/')}/{page}"
    command = Path(sys.executable).parent / "mlflow"
    shown = command.relative_to(Path.cwd()) if command.is_relative_to(Path.cwd()) else command
    # Without job execution the server is two processes instead of ten.
    return (
        f"MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false {shlex.quote(str(shown))} server --workers 1 "
        f"--backend-store-uri {shlex.quote(summary.tracking_uri)}   then http://127.0.0.1:5000/{page}"
    )


def flattened(config: Config) -> dict[str, str]:
    """The configuration as MLflow parameters: "section.key" -> text."""
    return {
        f"{section}.{key}": str(value)
        for section, values in config.model_dump(mode="json").items()
        for key, value in values.items()
    }


def _mlflow_client() -> Any:
    """MLflow's client class, imported after its usage statistics (they start at import) and printing are off."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
    from mlflow import MlflowClient

    for noisy in ("mlflow.store.db.utils", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return MlflowClient


def _artifact_location(uri: str, config: Config) -> str | None:
    """Beside the SQLite file or the runs; None = a server's own choice. Absolute: a job's cwd may be thrown away."""
    if uri.startswith(("http://", "https://", "databricks")):
        return None
    own_file = uri.startswith("sqlite:///") and uri != "sqlite:///:memory:"
    folder = Path(uri.removeprefix("sqlite:///")).parent if own_file else config.run.output
    return (folder.resolve() / "mlflow-artifacts").as_uri()


@contextmanager
def _answering(uri: str) -> Iterator[None]:
    """Turn whatever a store raises into one clear line."""
    try:
        yield
    except TrackingError:
        raise
    except Exception as error:  # each kind of store raises its own driver's errors
        reason = " ".join(str(getattr(error, "orig", None) or error).split())[:300]
        raise TrackingError(
            f"the MLflow store '{uri}' does not answer: {reason}; set tracking.uri to {_KINDS}, "
            "or leave it out for a file in run.output"
        ) from error


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Environment variables for the duration of a call: MLflow's HTTP client takes its patience from nowhere else."""
    before = {key: os.environ.get(key) for key in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value

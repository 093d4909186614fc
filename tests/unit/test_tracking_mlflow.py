"""The run in MLflow: what is kept, how it ends, and what a store that does not answer gets."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rls3.config import Config, load_config
from rls3.errors import TrackingError
from rls3.tracking.mlflow_run import TrackingStore, page_hint
from tests.unit.tracking_factory import make_evaluation, make_round, make_summary


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> TrackingStore:
    """One SQLite store for the module: making its tables takes seconds."""
    return TrackingStore.open(config_in(tmp_path_factory.mktemp("runs")))


def config_in(folder: Path, *overrides: str) -> Config:
    return load_config([], [f"run.output={folder}", "seed=5", *overrides])


def test_a_run_keeps_parameters_figures_and_pictures(store: TrackingStore, tmp_path: Path) -> None:
    (tmp_path / "curves.png").write_bytes(b"png")
    (tmp_path / "report.html").write_text("report")
    with store.run("demo") as run:
        run.log_engine("embedded", "0.1.0")
        run.log_before(make_evaluation(accuracy=0.5), make_evaluation("feedback", accuracy=0.5))
        run.log_round(make_round(0))
        run.log_picture(tmp_path / "curves.png")
        run.log_report(tmp_path / "report.html")
    kept = store.client.get_run(run.run_id)
    assert kept.info.status == "FINISHED"
    assert kept.data.params["run.seed"] == "5"
    assert kept.data.tags["rls3.engine"] == "embedded 0.1.0"
    assert kept.data.tags["rls3.weights"] == "rls3-vilt-base"
    history = store.client.get_metric_history(run.run_id, "accuracy_report")
    assert [(point.step, point.value) for point in history] == [(0, 0.5), (1, 0.6)]
    assert kept.data.metrics["collect_seconds"] == 20.0
    assert sorted(item.path for item in store.client.list_artifacts(run.run_id)) == [
        "config.yaml",
        "pictures",
        "report.html",
    ]
    folder = store.config.run.output / "mlflow-artifacts" / run.run_id / "artifacts"
    assert load_config([folder / "config.yaml"]) == store.config


@pytest.mark.parametrize(("error", "status"), [(ValueError, "FAILED"), (KeyboardInterrupt, "KILLED")])
def test_a_broken_run_is_marked(store: TrackingStore, error: type[BaseException], status: str) -> None:
    with pytest.raises(error), store.run("demo") as run:
        raise error
    assert store.client.get_run(run.run_id).info.status == status


def test_a_stopped_run_goes_on_under_its_id(store: TrackingStore) -> None:
    with store.run("demo") as run:
        run.log_round(make_round(0))
    again = TrackingStore.open(store.config)
    assert again.experiment_id == store.experiment_id
    with again.run("demo", run.run_id) as resumed:
        assert store.client.get_run(run.run_id).info.status == "RUNNING"
        resumed.log_round(make_round(1))
    assert [point.step for point in store.client.get_metric_history(run.run_id, "reward_mean")] == [1, 2]
    with pytest.raises(TrackingError, match="nosuchrun"):
        again.run("demo", "nosuchrun")


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A local port nobody listens on while the test runs."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_a_server_that_does_not_answer_is_one_clear_line_at_once(tmp_path: Path, closed_port: int) -> None:
    before, started = dict(os.environ), time.monotonic()
    with pytest.raises(
        TrackingError, match=rf"MLflow store 'http://127.0.0.1:{closed_port}' does not answer: .*; set tracking.uri to "
    ) as caught:
        TrackingStore.open(config_in(tmp_path, f"tracking.uri=http://127.0.0.1:{closed_port}"))
    assert time.monotonic() - started < 10
    assert "\n" not in str(caught.value)
    assert {k: v for k, v in os.environ.items() if k.startswith("MLFLOW_HTTP")} == {
        k: v for k, v in before.items() if k.startswith("MLFLOW_HTTP")
    }
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("uri", ["carrier-pigeon://coop", "sqlite:////proc/none/mlflow.db"])
def test_an_impossible_uri_is_refused(tmp_path: Path, uri: str) -> None:
    with pytest.raises(TrackingError, match=r"does not answer: .* set tracking.uri to a sqlite:/// file"):
        TrackingStore.open(config_in(tmp_path, f"tracking.uri={uri}"))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"not a database" * 100)
    with pytest.raises(TrackingError, match="file is not a database"):
        TrackingStore.open(config_in(tmp_path))


def test_a_deleted_experiment_is_named(store: TrackingStore) -> None:
    config = config_in(store.config.run.output, "tracking.experiment=old")
    store.client.delete_experiment(TrackingStore.open(config).experiment_id)
    with pytest.raises(TrackingError, match=r"experiment 'old' .* was deleted; .* set tracking.experiment"):
        TrackingStore.open(config)


def test_page_hint_is_an_address_on_a_server() -> None:
    summary = make_summary(tracking_uri="https://mlflow.example/", mlflow_experiment_id="3", mlflow_run_id="r")
    assert page_hint(summary).startswith("https://mlflow.example/#/experiments/3/runs/r/model-metrics?")


def test_stores_that_are_opened_together_are_made_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from rls3.config import load_config\n"
        "from rls3.tracking.mlflow_run import TrackingStore\n"
        "print(TrackingStore.open(load_config([], [f'run.output={sys.argv[1]}'])).experiment_id)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "new")]
    together = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=240)[0].strip() for process in together]
    assert [process.returncode for process in together] == [0, 0]
    assert told[0] == told[1] != ""

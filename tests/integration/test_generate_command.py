"""`rls3 generate` with real simulators: same files however many processes and however often it is stopped."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from rls3.config import Config, load_config
from rls3.errors import ConfigError, EngineLostError
from rls3.runtime import generate
from rls3.runtime.workers import SimulatorWorkers
from rls3.samples.ledger import Ledger
from rls3.samples.verify import verify_ledger

SETTINGS = (
    "sim.scenes=[FloorPlan201, FloorPlan302]",
    "sim.width=96",
    "sim.height=96",
    "sampler.episode_steps=2",
    "questions.samples=48",
    "questions.sampler=random",
    "validity.min_pixels_share=0.008",
)
CONFIG = load_config([], SETTINGS)
SHARD_ROWS = 12


def late_or_lost(simulator: object, number: int) -> int:
    """Even jobs take longer than odd ones; the fifth cannot be done, the sixth kills its process."""
    time.sleep(0.05 * (number % 2 == 0))
    if number == 5:
        raise ConfigError("no fifth")
    if number == 6:
        os._exit(3)
    return number


def make(config: Config, out: Path, *, processes: int = 1) -> Ledger:
    generate.generate_job(config, out=out, processes=processes, overwrite=False)
    return Ledger(out)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in (".parquet", ".json")}


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "SHARD_ROWS", SHARD_ROWS)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "whole"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generate, "SHARD_ROWS", SHARD_ROWS)
        make(CONFIG, folder)
    return folder


def test_results_come_in_the_order_of_the_jobs_and_failures_in_their_place() -> None:
    with closing(SimulatorWorkers(CONFIG.sim, late_or_lost, 2)) as workers:
        assert list(itertools.islice(workers.results(0), 5)) == [0, 1, 2, 3, 4]
    with closing(SimulatorWorkers(CONFIG.sim, late_or_lost, 1)) as workers:
        with pytest.raises(ConfigError, match="no fifth"):
            next(workers.results(5))
        with pytest.raises(EngineLostError, match="a simulator process died; give the same command again"):
            next(workers.results(6))


def test_a_generated_data_set_is_complete_various_and_true(uninterrupted: Path) -> None:
    ledger = Ledger(uninterrupted)
    samples = list(ledger.read())
    assert len(samples) == ledger.rows == 48 and len(ledger.shards) > 2
    assert len({sample.sample_id for sample in samples}) == 48
    assert len({sample.family for sample in samples}) >= 5 and len({sample.kind for sample in samples}) == 4
    assert {sample.scene_id for sample in samples} == {"FloorPlan201", "FloorPlan302"}
    assert any(sample.placement for sample in samples) and any(sample.before is not None for sample in samples)
    assert any("too_small" in reason for shard in ledger.shards for reason in shard.rejected)
    assert list(verify_ledger(ledger, CONFIG.validity)) == []


def test_two_processes_make_the_same_files(uninterrupted: Path, tmp_path: Path) -> None:
    make(CONFIG, tmp_path / "two", processes=2)
    assert content(tmp_path / "two") == content(uninterrupted)


def test_killed_and_resumed_nothing_is_lost_or_doubled(uninterrupted: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    code = (
        "from pathlib import Path; from rls3.config import load_config; from rls3.runtime import generate;"
        f"generate.SHARD_ROWS = {SHARD_ROWS};"
        f"generate.generate_job(load_config([], {SETTINGS!r}), out=Path({str(out)!r}), processes=1, overwrite=False)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 120
    while not (out / "manifest.json").exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = Ledger(out).rows
    assert 0 < kept < 48
    make(CONFIG, out)
    assert content(out) == content(uninterrupted)

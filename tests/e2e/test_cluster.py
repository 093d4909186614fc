"""Used as on a cluster: `ray start --head`, then `ray job submit -- rls3 run ...`; all on the loopback interface."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.runs import RLS3, samples, start

RAY = Path(sys.executable).with_name("ray")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def dashboard() -> Iterator[str]:
    """A head node of its own; without token authentication, so that no token file is left in the home folder."""
    environment = os.environ | {"RAY_AUTH_MODE": "disabled", "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"}
    port, web = _free_port(), _free_port()
    command = [RAY, "start", "--head", "--disable-usage-stats", "--node-ip-address=127.0.0.1", f"--port={port}"]
    command += ["--dashboard-host=127.0.0.1", f"--dashboard-port={web}", f"--object-store-memory={200 * 2**20}"]
    command += [f"--ray-client-server-port={_free_port()}", "--num-cpus=2"]
    started = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert started.returncode == 0, started.stdout + started.stderr
    try:
        yield f"http://127.0.0.1:{web}"
    finally:
        subprocess.run([RAY, "stop", "--force"], env=environment, capture_output=True, timeout=60)


def test_a_submitted_job_runs_and_leaves_its_samples(small_config: Path, tmp_path: Path, dashboard: str):
    environment = os.environ | {"RAY_AUTH_MODE": "disabled"}
    command = [RAY, "job", "submit", f"--address={dashboard}", "--", RLS3, "run", small_config]
    done = subprocess.run(
        [*map(str, command), "--set", "runtime.mode=ray"], env=environment, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Held-out accuracy" in done.stdout
    assert "succeeded" in done.stdout
    assert len(samples(tmp_path / "runs" / "small")) == 32


def test_a_cluster_that_does_not_answer_or_is_too_small_is_named(small_config: Path):
    nowhere = start("run", small_config, "--set", "runtime.mode=ray", "--set", "runtime.address=127.0.0.1:9")
    output, _ = nowhere.communicate(timeout=120)
    assert nowhere.returncode == 2
    assert "no Ray cluster answers at '127.0.0.1:9'" in output.strip().splitlines()[-1]
    settings = ("runtime.mode=ray", "runtime.trainer_gpus=64", "runtime.resources_timeout_s=0")
    small = start("run", small_config, *(part for text in settings for part in ("--set", text)))
    output, _ = small.communicate(timeout=120)
    assert small.returncode == 2
    assert "the run needs 64 GPUs and the cluster has" in output.strip().splitlines()[-1]

"""Used as on a cluster: `ray start --head`, then `ray job submit -- rls3 run ...`; all on the loopback interface."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.runs import RLS3, samples, start, wait_until

RAY = Path(sys.executable).with_name("ray")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def dashboard() -> Iterator[str]:
    """A head node of its own, and only that one is ended afterwards (`ray stop` would end every cluster here).

    Each port is named: with the default port of the node's agent, a job would be sent to the agent of whatever other
    Ray runs on this machine. Without token authentication, so that no token file is left in the home folder.
    """
    port, web = _free_port(), _free_port()
    command = [RAY, "start", "--head", "--block", "--disable-usage-stats", "--node-ip-address=127.0.0.1"]
    command += [f"--port={port}", "--dashboard-host=127.0.0.1", f"--dashboard-port={web}", "--num-cpus=2"]
    command += [f"--ray-client-server-port={_free_port()}", f"--dashboard-agent-listen-port={_free_port()}"]
    command += [f"--object-store-memory={200 * 2**20}"]
    environment = os.environ | {"RAY_AUTH_MODE": "disabled", "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"}
    head = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        wait_until(lambda: head.poll() is not None or _answers(web))
        assert head.poll() is None, head.communicate()[0]
        yield f"http://127.0.0.1:{web}"
    finally:
        head.terminate()
        head.communicate(timeout=60)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/version", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_a_submitted_job_runs_and_leaves_its_samples(small_config: Path, tmp_path: Path, dashboard: str):
    command = [RAY, "job", "submit", f"--address={dashboard}", "--", RLS3, "run", small_config]
    command += ["--set", "runtime.mode=ray"]
    environment = os.environ | {"RAY_AUTH_MODE": "disabled"}
    for _ in range(30):  # the head answers before its job agent is ready
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280)
        if "No available agent" not in done.stderr + done.stdout:
            break
        time.sleep(1.0)
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
    assert small.returncode == 2, output
    assert "the run needs 64 GPUs and the cluster has" in output.strip().splitlines()[-1]

"""`rls3 compare`, whole: two samplers, one student, two seeds; stopped, gone on with, reported."""

from __future__ import annotations

import json
import signal
import sqlite3
from importlib.metadata import version
from pathlib import Path

import pytest

from rls3.errors import ConfigError
from rls3.runtime.compare import report_job
from tests.e2e.runs import fingerprint, finish, samples, start, wait_until
from tests.e2e.test_command_line import refused, rls3

ARMS = ("random", "again")


def compared(config: Path, tmp_path: Path) -> Path:
    """The small configuration with two arms that do the same; returns its file."""
    path = tmp_path / "compare.yaml"
    small = config.read_text().replace("samples_per_round: 16", "samples_per_round: 8")
    path.write_text(small + "compare: {arms: {random: {}, again: {sampler.name: random}}, seeds: 2}\n")
    return path


@pytest.mark.timeout(600)  # four runs
def test_a_comparison_is_stopped_goes_on_and_tells_what_it_found(small_config: Path, tmp_path: Path):
    config, folder = compared(small_config, tmp_path), tmp_path / "out"
    first = folder / "cells" / "random-rls3-vilt-base-seed0"
    run = start("compare", config, "--out", folder)
    wait_until(lambda: run.poll() is not None or (first / "checkpoint").exists(), timeout=280)
    run.send_signal(signal.SIGINT)
    output, _ = run.communicate(timeout=120)
    assert run.returncode == 130, output
    assert "the same command goes on" in output
    assert len(list((folder / "cells").iterdir())) == 1
    unfinished = rls3("compare", "--report", folder)
    assert unfinished.returncode == 2
    assert "no cell of" in unfinished.stderr and "random-rls3-vilt-base-seed0: 1 of 2 rounds" in unfinished.stderr

    output = finish(start("compare", config, "--out", folder, "--jobs", "2"))
    assert "report.html" in output and "missing" not in output
    cells = {path.name: path for path in (folder / "cells").iterdir()}
    assert len(cells) == 4
    for cell in cells.values():
        assert len(samples(cell)) == 16 == len({sample.sample_id for sample in samples(cell)})

    page = (folder / "report.html").read_text()
    assert all(f"<td>{arm}</td>" in page and f"Samples of {arm}" in page for arm in ARMS)
    assert "cells are missing" not in page
    found = json.loads((folder / "results.json").read_text())
    assert {(cell["arm"], cell["seed"]) for cell in found["cells"]} == {(arm, seed) for arm in ARMS for seed in (0, 1)}
    assert all(cell["rendered"] == [0, 8, 16] for cell in found["cells"])
    assert found["manifest"]["weights"].keys() == {"rls3-vilt-base"}
    assert "mlflow.db" not in (folder / "results.json").read_text(), "where it was tracked is nobody else's business"
    assert found["engines"] == [f"rls3-engine {version('rls3')}"]
    with sqlite3.connect(folder / "mlflow.db") as database:
        query = "select value, count(*) from tags where key = 'mlflow.parentRunId' group by value"
        assert database.execute(query).fetchall() == [(found["manifest"]["parent_run"], 4)]

    undisturbed = [cells[f"{arm}-rls3-vilt-base-seed1"] for arm in ARMS]
    assert fingerprint(undisturbed[0]) == fingerprint(undisturbed[1]), "same settings, same samples"
    curves = [cell["correct"] for cell in found["cells"] if cell["seed"] == 1]
    assert curves[0] == curves[1]

    other = refused("compare", config, "--out", folder, "--set", "loop.rounds=3")
    assert "holds another comparison: loop.rounds was 2 there and is 3 now" in other


def test_a_cell_that_fails_is_named(small_config: Path, tmp_path: Path):
    config, folder = compared(small_config, tmp_path), tmp_path / "out"
    choice = ("--samplers", "again", "--seeds", "1", "--set", "sim.executable=/bin/nothing")
    run = start("compare", config, "--out", folder, *choice)
    output, _ = run.communicate(timeout=280)
    assert run.returncode == 1, output
    assert "1/1 again-rls3-vilt-base-seed0: FAILED: engine program '/bin/nothing' does not exist" in output
    assert output.splitlines()[-1].startswith("failed: again-rls3-vilt-base-seed0; see")
    assert "sim.executable" in (folder / "failed" / "again-rls3-vilt-base-seed0.txt").read_text()
    with pytest.raises(
        ConfigError, match=r"no cell of .* is finished.*again-rls3-vilt-base-seed0: 0 of 2 rounds; fail"
    ):
        report_job(folder)


def test_bad_input_starts_nothing(small_config: Path, tmp_path: Path):
    config, out = compared(small_config, tmp_path), ("--out", tmp_path / "out")
    assert "did you mean 'again'?" in refused("compare", config, *out, "--samplers", "agian")
    assert "is no model (did you mean 'rls3-vilt-base'?)" in refused(
        "compare", config, *out, "--students", "rls3-vit-base"
    )
    assert "at least 1 seed" in refused("compare", config, *out, "--seeds", "0")
    assert "--samplers names nothing" in refused("compare", config, *out, "--samplers", ",")
    assert not (tmp_path / "out").exists()
    assert "exists and is no comparison" in refused("compare", config, "--out", tmp_path)
    assert "holds no comparison.json" in refused("compare", "--report", tmp_path)
    assert "--report takes everything from its folder" in refused("compare", config, "--report", tmp_path)

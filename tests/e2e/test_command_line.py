"""The commands as a person types them: what they print, and what bad input gets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

RLS3 = Path(sys.executable).with_name("rls3")


def rls3(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(RLS3), *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=240)


def refused(*arguments: object, cwd: Path | None = None) -> str:
    """The one line of a refusal: exit code 2, nothing on standard output, no traceback."""
    done = rls3(*arguments, cwd=cwd)
    assert done.returncode == 2, done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_help_names_the_commands_without_loading_anything_heavy():
    code = (
        "import sys; from rls3.cli import app; from typer.testing import CliRunner;"
        "print(CliRunner().invoke(app, ['--help']).output);"
        "heavy = {'torch', 'ray', 'ai2thor', 'mlflow', 'transformers'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(command in done.stdout for command in ("run", "pretrain", "generate", "dataset", "doctor"))


def test_dry_run_prints_a_configuration_that_reads_back_to_itself(small_config: Path, tmp_path: Path):
    first = rls3("run", small_config, "--set", "seed=7", "--dry-run").stdout
    assert yaml.safe_load(first)["run"]["seed"] == 7
    again = tmp_path / "again.yaml"
    again.write_text(first)
    assert rls3("run", again, "--dry-run").stdout == first
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("loop.ronds=3", "unknown key 'loop.ronds' (did you mean 'rounds'?)"),
        ("loop.rounds=many", "loop.rounds='many': Input should be a valid integer"),
        ("sampler.name=best", "sampler.name='best': Input should be 'ppo', 'random', 'natural', 'balanced', 'hard' or"),
        ("sim.scenes=[FloorPlan26]", "held out for the report pool"),
        ("sim.executable=/bin/nothing", "sim.executable"),
        ("sim.executable=/bin/true", "sim.executable"),
        ("tracking.uri=http://127.0.0.1:9", "tracking.uri"),
        ("vlm.base=no-such-model", "vlm.base"),
    ],
)
def test_bad_settings_get_one_line_and_leave_nothing(small_config: Path, tmp_path: Path, setting: str, message: str):
    assert message in refused("run", small_config, "--set", setting)
    assert not list((tmp_path / "runs").glob("small*"))


def test_bad_files_get_one_line(tmp_path: Path):
    assert "does not exist" in refused("run", tmp_path / "none.yaml")
    (tmp_path / "list.yaml").write_text("- 1")
    assert "must hold sections" in refused("run", tmp_path / "list.yaml")
    assert "is not the folder of a run" in refused("run", "--resume", tmp_path)


def test_an_output_folder_that_cannot_be_written_is_named(small_config: Path, tmp_path: Path):
    (tmp_path / "runs").write_text("a file where the folder should be")
    assert "run.output" in refused("run", small_config)


def test_doctor_proves_what_runs_and_names_what_does_not(small_config: Path, tmp_path: Path):
    proof = tmp_path / "proof.png"
    healthy = rls3("doctor", small_config, "--picture", proof)
    assert healthy.returncode == 0, healthy.stdout
    assert proof.read_bytes().startswith(b"\x89PNG")
    ill = rls3("doctor", small_config, "--set", "sim.executable=/bin/true", "--picture", tmp_path / "none.png")
    assert ill.returncode == 1
    assert "missing" in ill.stdout
    assert not (tmp_path / "none.png").exists()

"""The grid of a comparison: what is chosen, refused, kept and gone on with."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from rls3.config import Config, load_config
from rls3.errors import ConfigError
from rls3.runtime.compare_cells import run_cells
from rls3.runtime.compare_grid import chosen
from rls3.runtime.compare_manifest import Invocation, Manifest, new_manifest
from tests.fakes import ENDLESS, run_fake_cell

COMPARE = """
run: {{seed: 3}}
loop: {{rounds: 2}}
compare:
  arms: {{ppo: {{}}, patient: {{sampler.name: random, sampler.episode_steps: 8}}}}
  students: {{slow: {{vlm.base: rls3-vilt-base, vlm.learning_rate: 0.00001}}}}
  seeds: 2
{more}
"""


def config(folder: Path, more: str = "", *overrides: str) -> Config:
    path = folder / "compare.yaml"
    path.write_text(COMPARE.format(more=more), encoding="utf-8")
    return load_config([path], [f"run.output={folder}", *overrides])


def manifest(folder: Path, *overrides: str, samplers: tuple[str, ...] = (), seeds: int | None = None) -> Manifest:
    settings = config(folder, "", *overrides)
    compare = chosen(settings, samplers, (), seeds)
    return new_manifest(settings, compare, {"slow": "digest"}, Invocation("rls3 compare", "0", None, "now"))


def test_every_arm_meets_every_student_and_seed_with_the_same_budget(tmp_path: Path) -> None:
    cells = manifest(tmp_path).cells(tmp_path)
    assert [cell.name for cell in cells] == [
        "ppo-slow-seed3",
        "patient-slow-seed3",
        "ppo-slow-seed4",
        "patient-slow-seed4",
    ]
    patient = cells[3].config
    assert (patient.sampler.name, patient.sampler.episode_steps, patient.run.seed) == ("random", 8, 4)
    assert (patient.vlm.base, patient.vlm.learning_rate) == ("rls3-vilt-base", 1e-5)
    assert {cell.config.loop for cell in cells} == {cells[0].config.loop}
    assert cells[0].folder == tmp_path / "cells" / "ppo-slow-seed3"
    assert cells[0].config.compare == Config().compare, "a cell is an ordinary run"


def test_the_command_line_chooses_among_arms_and_plain_samplers(tmp_path: Path) -> None:
    compare = chosen(config(tmp_path), ["random", "patient"], ["rls3-clip-base"], 4)
    assert compare.arms == {
        "random": {"sampler.name": "random"},
        "patient": {"sampler.name": "random", "sampler.episode_steps": 8},
    }
    assert compare.students == {"rls3-clip-base": {"vlm.base": "rls3-clip-base"}}
    assert compare.seeds == 4


def test_bad_choices_say_what_is_allowed(tmp_path: Path) -> None:
    settings = config(tmp_path)
    with pytest.raises(
        ConfigError, match=r"unknown sampler 'randm' \(did you mean 'random'\?\); allowed in --samplers"
    ):
        chosen(settings, ["ppo", "randm"], [], None)
    with pytest.raises(ConfigError, match=r"--seeds 0: a comparison needs at least 1 seed"):
        chosen(settings, [], [], 0)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("  arms: {big: {loop.rounds: 9}}", r"compare.arms.big sets loop.rounds, which all arms share"),
        ("  arms: {big: {rounds: 9}}", r"compare.arms.big sets 'rounds', which must look like section.key"),
        ("  arms: {}", r"compare.arms is empty; name at least one"),
        ("  arms: {'a b': {}}", r"compare.arms names 'a b'; allowed: letters"),
        ("  students: {x: {sampler.name: ppo}}", r"compare.students.x sets sampler.name; a student may set vlm.key"),
        ("  seeds: 0", r"compare.seeds=0: Input should be greater than or equal to 1"),
    ],
)
def test_a_wrong_section_is_refused(tmp_path: Path, more: str, message: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(f"compare:\n{more}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_config([path])


def test_an_arms_wrong_setting_is_named(tmp_path: Path) -> None:
    settings = config(tmp_path, "  ")
    wrong = settings.compare.model_copy(update={"arms": {"ppo": {"sampler.nme": "ppo"}}})
    found = new_manifest(settings, wrong, {}, Invocation("", "0", None, ""))
    with pytest.raises(
        ConfigError, match=r"unknown key 'sampler.nme' \(did you mean 'name'\?\).*arm 'ppo' with student"
    ):
        found.cells(tmp_path)


def test_a_manifest_reads_back_and_grows_but_does_not_change(tmp_path: Path) -> None:
    first = replace(manifest(tmp_path), parent_run="mlflow")
    first.write(tmp_path)
    read = Manifest.read(tmp_path)
    assert read == first
    more = read.joined(manifest(tmp_path, samplers=("random",), seeds=3), tmp_path)
    assert list(more.arms) == ["ppo", "patient", "random"]
    assert (more.seeds, more.parent_run, len(more.invocations)) == ((3, 4, 5), "mlflow", 2)
    with pytest.raises(ConfigError, match=r"holds another comparison: loop.rounds was 2 there and is 5 now; choose"):
        read.joined(manifest(tmp_path, "loop.rounds=5"), tmp_path)
    with pytest.raises(ConfigError, match=r"another comparison: weights of slow was 'digest' there and is 'other' now"):
        read.joined(replace(manifest(tmp_path), weights={"slow": "other"}), tmp_path)


def test_cells_run_side_by_side_and_one_that_fails_leaves_the_others(tmp_path: Path) -> None:
    cells = manifest(tmp_path).cells(tmp_path)
    seen = list(run_cells(cells, run_fake_cell, processes=2, logs=tmp_path / "logs"))
    ends = {happened.cell.name: happened.error for happened in seen if happened.ended}
    assert set(ends) == {cell.name for cell in cells}
    assert {name for name, error in ends.items() if error} == {"ppo-slow-seed4"}
    assert ends["ppo-slow-seed4"] == "ValueError: no luck with seed 4"
    assert "no luck" in (tmp_path / "logs" / "ppo-slow-seed4.log").read_text()
    assert "working on patient-slow-seed3" in (tmp_path / "logs" / "patient-slow-seed3.log").read_text()


def test_closing_stops_the_cells_as_ctrl_c_would(tmp_path: Path) -> None:
    cells = manifest(tmp_path, f"loop.rounds={ENDLESS}").cells(tmp_path)
    running = run_cells(cells, run_fake_cell, processes=1, logs=tmp_path / "logs")
    next(running)
    while not (cells[0].folder / "began").exists():
        time.sleep(0.05)
    running.close()
    assert (cells[0].folder / "interrupted").exists()
    assert not (cells[1].folder / "began").exists()

"""`rls3 practise`: a policy meets students one after another, and another run begins with what it learned."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from typer.testing import CliRunner

from rls3.cli import app
from rls3.config import Config, with_settings
from rls3.errors import ConfigError
from rls3.runtime import practice
from rls3.runtime.practice import CARD, practise_job
from rls3.sampling.ppo.policy_file import POLICY_FILE, load_policy
from rls3.sampling.session import EditSession
from tests.fakes import FakeSimulator

SMALL = {
    "sampler.name": "ppo",
    "ppo.hidden": 16,
    "loop.rounds": 1,
    "loop.samples_per_round": 16,
    "loop.batch": 8,
    "practice.students": 2,
    "sim.scenes": ["FloorPlan1"],
}


@pytest.fixture(autouse=True)
def fake_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    def sessions(config: Config, slots: Sequence[int], first_episode: int) -> list[EditSession]:
        return [
            EditSession(
                FakeSimulator(),
                sampler=config.sampler.name,
                seed=config.run.seed,
                slot=slot,
                scenes=config.sim.scenes,
                sampler_config=config.sampler,
                validity=config.validity,
                first_episode=first_episode,
            )
            for slot in slots
        ]

    monkeypatch.setattr(practice, "build_sessions", sessions)


def settings(**changes: object) -> Config:
    return with_settings(Config(), SMALL | {name.replace("__", "."): value for name, value in changes.items()}, "test")


def test_a_policy_practises_stops_goes_on_and_is_there_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, met = practice._with_student, []

    def stopped(*arguments: object) -> object:
        met.append(arguments[-1])
        if len(met) == 2:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(practice, "_with_student", stopped)
    out = tmp_path / "policy"
    with pytest.raises(KeyboardInterrupt):
        practise_job(settings(), out=out)
    assert len(json.loads((out / CARD).read_text())["students"]) == 1, "what was done is kept"
    practise_job(settings(), out=out)
    assert met == [0, 1, 1]
    card = json.loads((out / CARD).read_text())
    assert [each["student"] for each in card["students"]] == [0, 1] and card["edits"] == 32
    assert all(0.0 < each["valid_share"] <= 1.0 and 0.0 < each["difficulty"] < 1.0 for each in card["students"])
    practise_job(settings(), out=out)  # nothing is left to do
    assert met == [0, 1, 1]
    practise_job(settings(practice__students=3), out=out)
    assert met == [0, 1, 1, 2], "more students go on from there"
    weights = load_file(out / POLICY_FILE)
    assert load_policy(out, weights).keys() == weights.keys()
    assert all(np.isfinite(values).all() for values in weights.values())


def test_practice_refuses_what_it_cannot_use(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"sampler.name='random' has nothing to practise; set it to 'ppo'"):
        practise_job(settings(sampler__name="random"), out=tmp_path / "a")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.tex").touch()
    with pytest.raises(ConfigError, match=r"taken' exists and holds no practice; choose another --out"):
        practise_job(settings(), out=tmp_path / "taken")
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"cannot make the folder '.*file/x': Not a directory; choose another --out"):
        practise_job(settings(), out=tmp_path / "file" / "x")
    begun = tmp_path / "begun"
    begun.mkdir()
    (begun / "config.yaml").write_text(settings(run__seed=3).to_yaml())
    with pytest.raises(ConfigError, match=r"begun' was begun with another configuration .*only practice.students may"):
        practise_job(settings(), out=begun)


def test_the_command_says_where_the_policy_is(tmp_path: Path) -> None:
    arguments = ["practise", "--out", str(tmp_path / "p")]
    for key, value in SMALL.items():
        arguments += ["--set", f"{key}={json.dumps(value)}"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "ppo.start=" in done.output and (tmp_path / "p" / POLICY_FILE).is_file()

"""The folder of a run: one writer, checkpoints that are whole or not there, and clear refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from rls3.config import Config, load_config
from rls3.errors import ConfigError
from rls3.runtime.folder import Progress, RunFolder
from rls3.samples.scores import Evaluation, Tally
from rls3.scene.edit import TERMS
from rls3.tracking.records import RoundRecord


def config(tmp_path: Path) -> Config:
    return load_config([], [f"run.output={tmp_path / 'out'}", "run.name=mine"])


def progress(rounds: int) -> Progress:
    nothing = Tally(0, 0)
    evaluation = Evaluation("report", 1, Tally(3, 4), dict.fromkeys(TERMS, nothing), {"natural": Tally(3, 4)})
    record = RoundRecord(
        round=0,
        attempted=8,
        valid=5,
        invalid_reasons={"too_far": 3},
        restarts=1,
        reward_mean=0.25,
        terms=dict.fromkeys(TERMS, 1),
        report=evaluation,
        feedback=evaluation,
        collect_s=1.0,
        score_s=1.0,
        fit_s=1.0,
        evaluate_s=1.0,
        vlm_loss=float("inf"),
        policy={"entropy_nats": 2.0},
    )
    return Progress((record,) * rounds, evaluation, evaluation, "run-id")


def test_a_second_run_of_the_name_gets_the_next_free_folder(tmp_path: Path):
    first, second = RunFolder.create(config(tmp_path)), RunFolder.create(config(tmp_path))
    assert (first.path.name, second.path.name) == ("mine", "mine-2")
    assert load_config([first.path / "config.yaml"]) == config(tmp_path)


def test_a_checkpoint_is_read_back_as_it_was(tmp_path: Path):
    folder = RunFolder.create(config(tmp_path))
    for rounds in (1, 2):
        hidden = folder.new_checkpoint()
        (hidden / "policy").mkdir()
        folder.commit_checkpoint(hidden, progress(rounds))
        assert folder.progress() == progress(rounds)
    assert folder.policy_checkpoint.is_dir()
    assert sorted(p.name for p in folder.path.iterdir()) == [".lock", "checkpoint", "config.yaml"]


def test_a_crash_between_two_checkpoints_leaves_the_old_one(tmp_path: Path):
    folder = RunFolder.create(config(tmp_path))
    folder.commit_checkpoint(folder.new_checkpoint(), progress(1))
    (folder.path / "checkpoint").rename(folder.path / ".checkpoint.old")  # the crash came after this rename
    assert folder.progress() == progress(1)


def test_refusals_say_what_to_do(tmp_path: Path):
    with pytest.raises(ConfigError, match="is not the folder of a run"):
        RunFolder.open(tmp_path)
    folder = RunFolder.create(config(tmp_path))
    with pytest.raises(ConfigError, match="is busy: another process is writing to it"):
        RunFolder.open(folder.path)
    with pytest.raises(ConfigError, match="stopped before its first round ended: nothing to resume"):
        folder.progress()
    folder.commit_checkpoint(folder.new_checkpoint(), progress(1))
    (folder.path / "checkpoint" / "progress.json").write_text('{"rounds": 3}')
    with pytest.raises(ConfigError, match=r"progress\.json' is damaged: \d+ fields are wrong"):
        folder.progress()
    folder.close()
    reopened, _ = RunFolder.open(folder.path)
    assert reopened.path == folder.path
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"cannot make the run's folder.*change run\.output"):
        RunFolder.create(load_config([], [f"run.output={tmp_path / 'file'}"]))

"""The main job, whole: real Controller, engine, PPO, Lightning, MLflow; in one process and on Ray actors."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.runs import calling, curve, engines_of, fingerprint, finish, rounds, samples, start, wait_until

FIXTURES = Path(os.environ.get("RLS3_FIXTURES", Path(__file__).parents[3] / "shared" / "data"))


def test_same_seed_same_samples_in_one_process_and_on_ray(
    small_config: Path, tmp_path: Path, no_questions_in_the_users_cache: Callable[[Path], None]
):
    asked, caches = [], [tmp_path / "cache", tmp_path / "cache", tmp_path / "cache of the run on Ray"]
    for mode, cache in zip(("local", "local", "ray"), caches, strict=True):
        no_questions_in_the_users_cache(cache)
        settings = ("sampler.name=ppo", "seed=7", f"runtime.mode={mode}")
        output = finish(start("run", small_config, *(part for text in settings for part in ("--set", text))))
        assert "Held-out accuracy" in output
        kept = sorted(cache.glob("rls3/pools/*/*/manifest.json"))
        assert [path.parent.name for path in kept] == ["feedback", "report"]
        asked.append([(path.stat().st_mtime_ns, path.read_text()) for path in kept])
    assert asked[1] == asked[0], "the second start asked nothing"
    assert [text for _, text in asked[2]] == [text for _, text in asked[0]], "the files have the same checksums"
    folders = [tmp_path / "runs" / name for name in ("small", "small-2", "small-3")]
    first, second, on_ray = map(fingerprint, folders)
    assert first == second
    assert first == on_ray
    assert curve(folders[0]) == curve(folders[1]) == curve(folders[2])
    assert len(first) == 32
    assert any(not reasons for *_, reasons, _ in first)


def test_a_killed_engine_is_replaced_and_nothing_is_lost_or_doubled(small_config: Path, tmp_path: Path):
    folder = tmp_path / "runs" / "small"
    run = start("run", small_config, "--set", "loop.rounds=3")
    wait_until(lambda: run.poll() is not None or (folder / "checkpoint").exists())
    os.kill(engines_of(run)[0], signal.SIGKILL)
    output = finish(run)
    records = samples(folder)
    assert len(records) == len({record.sample_id for record in records}) == 48
    assert [record["attempted"] for record in rounds(folder)] == [16, 16, 16]
    assert sum(record["restarts"] for record in rounds(folder)) == 1
    assert "simulator restarts: 1" in output
    undisturbed = start("run", small_config, "--set", "loop.rounds=3")
    finish(undisturbed)
    assert fingerprint(folder) == fingerprint(tmp_path / "runs" / "small-2")


def test_a_trainer_killed_while_it_fits_comes_back_to_the_same_curve(small_config: Path, tmp_path: Path):
    folder, settings = tmp_path / "runs" / "small", ("runtime.mode=ray", "loop.rounds=3", "vlm.epochs=20")
    arguments = ("run", small_config, *(part for text in settings for part in ("--set", text)))
    run = start(*arguments)
    wait_until(lambda: run.poll() is not None or (folder / "checkpoint").exists())
    wait_until(lambda: run.poll() is not None or calling("TrainerActor.fit", run))
    os.kill(calling("TrainerActor.fit", run)[0], signal.SIGKILL)
    output = finish(run)
    assert "trainer restarts: 1;" in output
    assert [record["trainer_restarts"] for record in rounds(folder)] in ([0, 1, 0], [0, 0, 1])
    finish(start(*arguments))
    undisturbed = tmp_path / "runs" / "small-2"
    assert sum(record["trainer_restarts"] for record in rounds(undisturbed)) == 0
    assert len({record["vlm_loss"] for record in rounds(undisturbed)}) == 3
    assert curve(folder) == curve(undisturbed)
    assert fingerprint(folder) == fingerprint(undisturbed)


def test_a_simulator_process_killed_while_it_edits_is_replaced_and_nothing_is_lost_or_doubled(
    small_config: Path, tmp_path: Path
):
    folder, settings = tmp_path / "runs" / "small", ("sampler.name=ppo", "loop.rounds=3", "loop.samples_per_round=32")
    arguments = ("run", small_config, *(part for text in settings for part in ("--set", text)))
    run = start(*arguments, "--set", "runtime.mode=ray")
    wait_until(lambda: run.poll() is not None or (folder / "checkpoint").exists())
    wait_until(lambda: run.poll() is not None or calling("SimulatorActor.step", run))
    os.kill(calling("SimulatorActor.step", run)[0], signal.SIGKILL)
    assert "simulator restarts: 1," in finish(run)
    assert sum(record["restarts"] for record in rounds(folder)) == 1
    finish(start(*arguments))
    assert fingerprint(folder) == fingerprint(tmp_path / "runs" / "small-2")
    assert curve(folder) == curve(tmp_path / "runs" / "small-2")


def test_an_interrupted_run_goes_on_where_it_was(small_config: Path, tmp_path: Path):
    folder = tmp_path / "runs" / "small"
    run = start("run", small_config, "--set", "loop.rounds=3")
    wait_until(lambda: run.poll() is not None or (folder / "checkpoint").exists())
    run.send_signal(signal.SIGINT)
    output, _ = run.communicate(timeout=60)
    assert run.returncode == 130, output
    assert f"rls3 run --resume {folder}" in output
    done = len(rounds(folder))
    assert done < 3
    finish(start("run", "--resume", folder))
    records = samples(folder)
    assert Counter(record.round for record in records) == {0: 16, 1: 16, 2: 16}
    assert len({record.sample_id for record in records}) == 48
    with sqlite3.connect(tmp_path / "runs" / "mlflow.db") as database:
        (runs,) = database.execute("select count(*) from runs").fetchone()
    assert runs == 1


def test_a_real_procthor_house_is_a_scene(small_config: Path, tmp_path: Path):
    house = FIXTURES / "procthor" / "two-room" / "house_100.json"
    if not house.is_file():
        pytest.skip(f"no published files in '{FIXTURES}' (set RLS3_FIXTURES)")
    assets = FIXTURES / "procthor" / "databases" / "asset-database.json"
    settings = [f"sim.scenes=[{house}]", f"sim.asset_database={assets}", "loop.rounds=1"]
    settings += ["sim.width=224", "sim.height=224", "loop.samples_per_round=48"]  # few small things: one edit in eight
    finish(start("run", small_config, *(part for text in settings for part in ("--set", text))))
    records = samples(tmp_path / "runs" / "small")
    assert {record.scene_id for record in records} == {"house_100"}
    assert {record.scene_type for record in records} == {"house"}
    assert any(record.valid for record in records)

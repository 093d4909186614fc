"""Held-out pools are kept in the user's cache: asked once, trusted only while everything is as it was."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from rls3.config import SamplerConfig, load_config
from rls3.errors import ConfigError
from rls3.runtime import cache
from rls3.runtime.suite import HeldOut
from rls3.sampling.offer import offer
from rls3.scene.model import EngineInfo
from tests.factories import asked_in
from tests.fakes import FakeSimulator

SMALL = ("evaluation.questions=12", "evaluation.scenes=2")
ENGINE = EngineInfo("embedded", "9")


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


class Asking:
    """Stands in for the simulators of a driver; `began`: for which scenes they were started."""

    def __init__(self):
        self.began = []

    def __call__(self, scenes):
        self.began.append(tuple(scenes))
        return lambda: {scene: asked_in(scene) for scene in scenes}


def begun(*settings, engine=ENGINE):
    """What a start with these settings asks for, and the report pool that it gets."""
    asking = Asking()
    held_out = HeldOut(load_config([], [*SMALL, *settings]), engine, asking)
    held_out.request("feedback", "report")
    held_out.gather()
    return len(asking.began), held_out.questions("report")


def test_a_second_start_asks_nothing_and_gets_the_same():
    first, theirs = begun()
    second, ours = begun("seed=5", "sampler.name=random", "sim.actors=7", "sim.scenes=[FloorPlan3]", "vlm.patience=2")
    assert (first, second) == (1, 0)
    assert [sample.sample_id for sample in ours] == [sample.sample_id for sample in theirs]
    assert all((a.image == b.image).all() and a.options == b.options for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize(
    "setting",
    [
        "evaluation.seed=1",
        "evaluation.questions=13",
        "sim.width=96",
        "sim.engine=unity",
        "validity.max_distance_m=3",
        "sampler.max_subjects=3",
    ],
)
def test_other_settings_ask_anew(setting):
    begun()
    assert begun(setting)[0] == 1
    assert begun()[0] == begun(setting)[0] == 0, "both are kept"


def test_another_engine_other_code_and_other_files_ask_anew(tmp_path, monkeypatch):
    begun()
    assert begun(engine=EngineInfo("embedded", "10"))[0] == 1
    program = tmp_path / "engine"
    program.write_text("one")
    assert begun(f"sim.executable={program}")[0] == 1
    assert begun(f"sim.executable={program}")[0] == 0
    program.write_text("another")
    assert begun(f"sim.executable={program}")[0] == 1
    monkeypatch.setattr(cache, "code_files", lambda: [program])
    assert begun()[0] == 1


@pytest.mark.parametrize("name", ["manifest.json", "round-0000-0000.parquet"])
@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: data.replace(b"a", b"b"), None])
def test_a_damaged_file_is_made_anew(own_cache, name, damage):
    begun()
    (path,) = own_cache.glob(f"rls3/pools/*/report/{name}")
    path.write_bytes(damage(path.read_bytes())) if damage else path.unlink()
    asking = Asking()
    held_out = HeldOut(load_config([], [*SMALL]), ENGINE, asking)
    held_out.request("feedback", "report")
    assert [len(scenes) for scenes in asking.began] == [2], "the report pool's alone"
    assert len(held_out.questions("report")) == 12
    assert begun()[0] == 0


def ask_slowly(log: str) -> None:
    """A run in a process of its own; notes in `log` that it asks."""

    def ask(scenes):
        with Path(log).open("a", encoding="utf-8") as file:
            file.write("asked\n")
        time.sleep(2.0)
        return lambda: {scene: asked_in(scene) for scene in scenes}

    held_out = HeldOut(load_config([], [*SMALL]), ENGINE, ask)
    held_out.request("feedback", "report")
    assert len(held_out.questions("report")) == 12


def test_of_two_runs_that_start_together_one_asks(tmp_path):
    log = tmp_path / "log"
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=ask_slowly, args=(str(log),)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0, 0]
    assert log.read_text() == "asked\n"


def test_a_run_that_is_killed_while_it_asks_keeps_nobody_waiting(tmp_path):
    log = tmp_path / "log"
    run = multiprocessing.get_context("spawn").Process(target=ask_slowly, args=(str(log),))
    run.start()
    while not log.exists():
        time.sleep(0.05)
    os.kill(run.pid, signal.SIGKILL)
    assert begun()[0] == 1


def test_whoever_cannot_ask_lets_others_try():
    def ask(_):
        raise ConfigError("the engine does not start")

    with pytest.raises(ConfigError, match="does not start"):
        HeldOut(load_config([], [*SMALL]), ENGINE, ask).request("report")
    assert begun()[0] == 1


def test_a_cache_that_cannot_be_written_is_named(own_cache):
    own_cache.write_text("no folder")
    with pytest.raises(ConfigError, match=r"cannot keep held-out questions in .*: Not a directory; let XDG_CACHE_HOME"):
        begun()


def test_all_code_that_asking_loads_decides():
    script = (
        "import json, sys, rls3.runtime.asking, rls3.runtime.suite, rls3.thor.simulator;"
        "print(json.dumps({n: m.__file__ for n, m in sys.modules.items() if n.startswith('rls3.')}))"
    )
    loaded = json.loads(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout)
    deciding = {str(path) for path in cache.code_files()}
    keeping = ("rls3.config", "rls3.errors", "rls3.tracking", "rls3.runtime.cache", "rls3.runtime.folder")
    for name, file in loaded.items():
        if not name.startswith((*keeping, "rls3.runtime.pool_files")) and not file.endswith("__init__.py"):
            assert file in deciding, f"{name} may change what is asked, but is not in rls3.runtime.cache.CODE"


def test_an_offer_reads_no_setting_but_those_that_decide():
    class Noting:
        def __init__(self):
            self.read = set()

        def __getattr__(self, name):
            self.read.add(name)
            return getattr(SamplerConfig(), name)

    noting = Noting()
    simulator = FakeSimulator()
    assert offer(simulator, simulator.scene, noting, np.random.default_rng(0)).subjects
    assert noting.read == set(cache.OFFERED)

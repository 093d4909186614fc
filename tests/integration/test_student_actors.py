"""The trainer as an actor: killed in the middle of its work, it comes back with the same bits."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import ray
from safetensors.numpy import load_file

import tests.factories
from rls3.config import Config, RuntimeConfig, load_config
from rls3.errors import TrainerLostError
from rls3.runtime.actors import TrainerActor
from rls3.runtime.cluster import connect
from rls3.runtime.handles import Batch
from rls3.runtime.student import MOST_LOSSES, RemoteStudent
from rls3.samples.arrow import to_batch
from rls3.vlm.vilt import new_vilt
from tests.factories import left_or_right

ROUNDS = 3


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    for module in (sys.modules[__name__], tests.factories):  # workers cannot import the tests' folder
        ray.cloudpickle.register_pickle_by_value(module)
    connect(RuntimeConfig(object_store_mb=100))
    yield


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("base")
    new_vilt(hidden=32, layers=2, heads=2, seed=1).save(folder)
    return load_config([], [f"vlm.base={folder}", "vlm.learning_rate=3e-3", "vlm.batch_size=8", "vlm.epochs=20"])


def batch(number: int) -> Batch:
    """Sixteen samples of their own, in the object store."""
    samples = left_or_right(16, first=16 * number)
    return Batch(tuple(samples), [ray.put(to_batch(samples))])


class TooLarge:
    """Stands in for a trainer whose fit needs more memory than there is."""

    def load(self) -> None:
        pass

    def fit(self, *_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def student(config: Config) -> RemoteStudent:
    actor = ray.remote(num_cpus=0)(TrainerActor)
    made = RemoteStudent(lambda: actor.remote(config), lambda _: to_batch(left_or_right(12, first=1000)))
    made.ready()
    return made


def process_of(made: RemoteStudent) -> int:
    return int(ray.get(made.trainer.__ray_call__.remote(lambda _: os.getpid())))


def turn(made: RemoteStudent, folder: Path, kills: dict[tuple[int, str], float]) -> list[object]:
    """Rounds as the loop turns them; `kills`: how long after which call of which round the trainer is shot, seconds."""
    found: list[object] = []

    def maybe_kill(when: tuple[int, str], process: int) -> None:
        if when in kills:
            time.sleep(kills[when])
            os.kill(process, signal.SIGKILL)

    for number in range(ROUNDS):
        process, fresh = process_of(made), batch(number)
        found.append(made.score(fresh).result())
        fitting, evaluating = made.fit([fresh]), made.evaluate("report")
        maybe_kill((number, "fit"), process)
        found.append(fitting.result().loss)
        maybe_kill((number, "evaluate"), process)
        found.append(evaluating.result())
        made.save(folder / str(number)).result()
        made.committed(folder / str(number))
    return found


@pytest.fixture(scope="module")
def undisturbed(config: Config, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[object], Path]:
    folder, made = tmp_path_factory.mktemp("undisturbed"), student(config)
    found = turn(made, folder, {})
    assert made.restarts == 0
    made.close()
    return found, folder


def test_a_killed_trainer_comes_back_to_the_same_curve(
    config: Config, tmp_path: Path, undisturbed: tuple[list[object], Path]
):
    made = student(config)
    assert turn(made, tmp_path, {(1, "fit"): 0.2, (2, "evaluate"): 0.0}) == undisturbed[0]
    assert made.restarts == 2
    made.close()
    ours, theirs = (load_file(folder / "2" / "model.safetensors") for folder in (tmp_path, undisturbed[1]))
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)


def test_a_trainer_that_dies_every_time_ends_the_run_with_advice():
    actor = ray.remote(num_cpus=0)(TooLarge)
    made = RemoteStudent(lambda: actor.remote(), lambda _: to_batch([]))
    with pytest.raises(TrainerLostError, match=rf"died {MOST_LOSSES} times .*lower vlm\.batch_size.*--resume"):
        made.fit([batch(0)]).result()
    made.close()

"""Trainer and scorers as actors: killed in the middle of their work, they come back with the same bits."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import ray
from safetensors.numpy import load_file

import tests.factories
from rls3.config import Config, RuntimeConfig, load_config
from rls3.errors import ActorLostError
from rls3.runtime.actors import ScorerActor, TrainerActor
from rls3.runtime.cluster import connect
from rls3.runtime.handles import Batch
from rls3.runtime.lasting import MOST_LOSSES
from rls3.runtime.local import LocalStudent
from rls3.runtime.scorers import RemoteScorers
from rls3.runtime.student import RemoteStudent
from rls3.samples.arrow import to_batch
from rls3.vlm.trainer import VLMTrainer
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


def fit(made: Any, fresh: Batch) -> Any:
    """Have it fine-tuned on the whole batch."""
    return made.fit([fresh], [sample.sample_id for sample in fresh.samples])


class TooLarge:
    """Stands in for a trainer whose fit needs more memory than there is."""

    def load(self) -> None:
        pass

    def fit(self, *_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def student(config: Config) -> RemoteStudent:
    """A trainer, and scorers if the configuration wants some, with twelve held-out questions in every pool."""
    trainer, scorer = ray.remote(num_cpus=0)(TrainerActor), ray.remote(num_cpus=0)(ScorerActor)
    count = config.runtime.scorers
    scorers = RemoteScorers(lambda: scorer.remote(config), count) if count else None
    made = RemoteStudent(lambda: trainer.remote(config), lambda _: to_batch(left_or_right(12, first=1000)), scorers)
    made.ready()
    return made


def process_of(actor: object) -> int:
    return int(ray.get(actor.__ray_call__.remote(lambda _: os.getpid())))


def turn(made: Any, folder: Path, kills: dict[tuple[int, str], float]) -> list[object]:
    """Rounds as the loop turns them; `kills`: how long after which call of which round the trainer is shot, seconds."""
    found: list[object] = []

    def maybe_kill(when: tuple[int, str], process: int) -> None:
        if when in kills:
            time.sleep(kills[when])
            os.kill(process, signal.SIGKILL)

    for number in range(ROUNDS):
        process, fresh = process_of(made._trainer.actor) if kills else 0, batch(number)
        found.append(made.score(fresh).result())
        fitting, evaluating = fit(made, fresh), made.evaluate("report")
        maybe_kill((number, "fit"), process)
        found.append(fitting.result().loss)
        maybe_kill((number, "evaluate"), process)
        found.append(evaluating.result())
        made.save(folder / str(number)).result()
        made.committed(folder / str(number))
    return found


@pytest.fixture(scope="module")
def undisturbed(config: Config, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[object], Path]:
    """What a trainer in this process finds, and where it saved."""
    folder = tmp_path_factory.mktemp("undisturbed")
    asked = SimpleNamespace(questions=lambda _: left_or_right(12, first=1000))
    return turn(LocalStudent(VLMTrainer(config.vlm, seed=config.run.seed), asked), folder, {}), folder


def test_a_killed_trainer_comes_back_to_the_same_curve(
    config: Config, tmp_path: Path, undisturbed: tuple[list[object], Path]
):
    made = student(config)
    assert turn(made, tmp_path, {(1, "fit"): 0.2, (2, "evaluate"): 0.0}) == undisturbed[0]
    assert made.restarts == 2
    made.close()
    ours, theirs = (load_file(folder / "2" / "model.safetensors") for folder in (tmp_path, undisturbed[1]))
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)


def test_scorers_give_the_trainers_bits_and_score_while_it_trains(
    config: Config, tmp_path: Path, undisturbed: tuple[list[object], Path]
):
    made = student(config.model_copy(update={"runtime": RuntimeConfig(scorers=1)}))
    assert turn(made, tmp_path, {}) == undisturbed[0], "each score waited for the fit before it"
    fitting = fit(made, batch(0))
    stale = made.score(batch(1)).result()
    assert not ray.wait([fitting._refs[0]], timeout=0)[0], "the fit still goes on"
    assert {score.vlm_version for score in stale} == {ROUNDS}
    assert fitting.result().version == ROUNDS + 1
    (scorer,) = made._scorers._scorers
    os.kill(process_of(scorer.actor), signal.SIGKILL)
    assert {score.vlm_version for score in made.score(batch(1)).result()} == {ROUNDS + 1}, "a new one has the weights"
    assert made.restarts == 1
    made.restore(tmp_path / "0").result()
    assert {score.vlm_version for score in made.score(batch(1)).result()} == {1}
    made.close()


def test_two_processes_make_the_step_of_one_with_twice_the_batch(config: Config, tmp_path: Path):
    vlm = config.vlm.model_copy(update={"epochs": 3})
    shared = student(config.model_copy(update={"vlm": vlm.model_copy(update={"devices": 2})}))
    alone = VLMTrainer(vlm.model_copy(update={"batch_size": 16}), seed=config.run.seed)
    ours, theirs = fit(shared, batch(0)).result(), alone.fit(left_or_right(16))
    assert (ours.steps, ours.epochs, ours.version) == (theirs.steps, theirs.epochs, theirs.version) == (3, 3, 1)
    assert ours.loss == pytest.approx(theirs.loss, abs=1e-4)
    for first, second in zip(shared.score(batch(1)).result(), alone.score(left_or_right(16, first=16)), strict=True):
        assert first.probabilities == pytest.approx(second.probabilities, abs=1e-4)
    shared.close()


def test_a_trainer_that_dies_every_time_ends_the_run_with_advice():
    actor = ray.remote(num_cpus=0)(TooLarge)
    made = RemoteStudent(lambda: actor.remote(), lambda _: to_batch([]))
    with pytest.raises(ActorLostError, match=rf"trainer's process died {MOST_LOSSES} .*vlm\.batch_size.*--resume"):
        fit(made, batch(0)).result()
    made.close()

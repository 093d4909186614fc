"""Simulator actors whose processes die: Ray starts others, and these are brought to where the lost ones were."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence

import pytest
import ray

from rls3.config import RuntimeConfig
from rls3.errors import ActorLostError
from rls3.runtime.cluster import connect
from rls3.runtime.lasting import MOST_LOSSES
from rls3.runtime.remote import await_process
from rls3.runtime.stage import Episode, RemoteStage
from rls3.sampling.session import StepOutcome
from rls3.scene.edit import Edit

EDIT = Edit("Mug|1", "Bowl|1", "left", 0)


class Fragile:
    """Stands in for a `SimulatorActor` of two slots; dies at the edits that it is told to, before or after them.

    Args:
        fatal: edit in an episode at which to die.
        again: whether every process dies there, or only the first.
    """

    def __init__(self, fatal: int, again: bool = False) -> None:
        self._lost = ray.get_runtime_context().was_current_actor_reconstructed
        self._fatal = -1 if self._lost and not again else fatal
        self._episodes: dict[int, Episode] = {slot: Episode(4) for slot in range(2)}

    def restore(self, episodes: Sequence[Episode]) -> None:
        self._lost = False
        for slot, episode in enumerate(episodes):
            self._episodes[slot] = Episode(episode.number, episode.begun)
            for edit, version in episode.steps:
                self._step(slot, edit, version)

    def reset(self, slots: Sequence[int]) -> list[tuple[str, int]]:
        if self._lost:
            raise ActorLostError("knows nothing")
        for slot in slots:
            last = self._episodes[slot]
            skipped = 2 if last.begun else 0  # scenes that offered nothing
            self._episodes[slot] = Episode(last.number + last.begun + skipped, begun=True)
        return [(f"situation {self._episodes[slot].number}", self._episodes[slot].number) for slot in slots]

    def step(self, slots: Sequence[int], edits: Sequence[Edit], version: int) -> list[StepOutcome]:
        if self._lost:
            raise ActorLostError("knows nothing")
        return [self._step(slot, edit, version) for slot, edit in zip(slots, edits, strict=True)]

    def _step(self, slot: int, edit: Edit, version: int) -> StepOutcome:
        episode = self._episodes[slot]
        if len(episode.steps) == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        name = f"{slot}-{episode.number}-{len(episode.steps)}-v{version}"
        episode.steps.append((edit, version))
        return StepOutcome(name, True, (), ("left",), ("left",), None, restarts=0)


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import the tests' folder
    connect(RuntimeConfig(object_store_mb=100))
    yield


def fragile(*arguments: object, restarts: int = -1) -> object:
    return ray.remote(num_cpus=0, max_restarts=restarts)(Fragile).remote(*arguments)


def stage_of(*actors: object) -> RemoteStage:
    return RemoteStage(actors, 2, first_episode=4, patience_s=60.0)


def test_a_lost_process_costs_the_policy_nothing_but_a_restart():
    actor = fragile(2)
    stage = stage_of(actor)
    assert stage.reset([0, 1]) == ["situation 4", "situation 4"]
    assert stage.reset([1]) == ["situation 7"]
    outcomes = [outcome for version in range(4) for outcome in stage.step([0, 1], [EDIT, EDIT], version)]
    assert [each.sample_id for each in outcomes] == [
        f"{slot}-{4 + 3 * slot}-{n}-v{n}" for n in range(4) for slot in range(2)
    ]
    assert sum(each.restarts for each in outcomes) == outcomes[4].restarts == 1
    assert stage.reset([0]) == ["situation 7"]


def test_a_process_lost_between_two_calls_is_restored_before_the_next():
    actor = fragile(-1)
    stage = stage_of(actor)
    stage.reset([0, 1])
    stage.step([0, 1], [EDIT, EDIT], 0)
    ray.kill(actor, no_restart=False)
    await_process(actor, 60.0)
    assert stage.reset([0]) == ["situation 7"]
    assert [each.sample_id for each in stage.step([0, 1], [EDIT, EDIT], 1)] == ["0-7-0-v1", "1-4-1-v1"]


def test_a_simulator_that_dies_every_time_ends_the_run_with_advice():
    stage = stage_of(fragile(0, True))
    stage.reset([0, 1])
    advice = rf"simulator's process died {MOST_LOSSES} times at the same edit .*sim\.slots_per_actor.*rls3 run --resume"
    with pytest.raises(ActorLostError, match=advice):
        stage.step([0, 1], [EDIT, EDIT], 0)


def test_an_actor_that_ray_does_not_start_again_is_told():
    actor = fragile(0, restarts=0)
    ray.kill(actor)
    with pytest.raises(ActorLostError, match=r"started no other within 1 s; .*rls3 run --resume"):
        await_process(actor, 1.0)

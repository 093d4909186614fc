"""The driver with actors: simulators, policy and trainer as Ray actors, samples through the object store."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import ray

from rls3.config import Config, RuntimeConfig
from rls3.errors import ConfigError
from rls3.runtime.actors import CONCURRENCY_GROUPS, PolicyActor, ScorerActor, SimulatorActor, TrainerActor
from rls3.runtime.handles import Parts
from rls3.runtime.remote import RemoteSampler, fetched
from rls3.runtime.scorers import RemoteScorers
from rls3.runtime.stage import patience_s
from rls3.runtime.stream import SampleStream
from rls3.runtime.student import RemoteStudent
from rls3.runtime.suite import Candidates, HeldOut
from rls3.samples.arrow import from_batches, to_batch
from rls3.sampling.ppo.own_ray import start_own_ray
from rls3.scene.model import EngineInfo


def connect(runtime: RuntimeConfig) -> None:
    """Join the configured cluster, the job's own, or start one on this machine.

    Raises:
        ConfigError: the cluster does not answer.
    """
    if ray.is_initialized():
        return
    environment = {"env_vars": _THREADS}
    address = runtime.address or os.environ.get("RAY_ADDRESS")
    if address is None:
        start_own_ray(object_store_bytes=runtime.object_store_mb * 2**20, runtime_env=environment)
        return
    try:
        _probe(address)
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", runtime_env=environment)
    except (OSError, ValueError, RuntimeError) as error:
        raise ConfigError(
            f"no Ray cluster answers at '{address}' ({' '.join(str(error).split())[:200]}); start one with "
            "`ray start --head`, or change runtime.address (null = a cluster of this run's own)"
        ) from None


def _probe(address: str) -> None:
    """Knock at host:port once: Ray itself would go on trying for minutes. Other kinds of address are left to Ray."""
    host, colon, port = address.rpartition(":")
    if colon and port.isdigit() and "//" not in host:
        socket.create_connection((host, int(port)), timeout=5.0).close()


_THREADS = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
"""Two spinning OpenMP pools on shared cores slow each other down tenfold; Ray's workers get one passive thread each."""


def _await_resources(config: Config) -> None:
    """Wait until the cluster is large enough for the run; actors that do not fit would wait silently for ever.

    Raises:
        ConfigError: it stayed too small.
    """
    runtime, actors = config.runtime, config.sim.actors
    needed = {
        "CPU": (actors + runtime.scorers + 2) * runtime.cpus_per_actor,
        "GPU": actors * runtime.sim_gpus + runtime.scorers * runtime.scorer_gpus + runtime.trainer_gpus,
    }
    deadline = time.monotonic() + runtime.resources_timeout_s
    while missing := [kind for kind, amount in needed.items() if ray.cluster_resources().get(kind, 0.0) < amount]:
        if time.monotonic() > deadline:
            kind = missing[0]
            raise ConfigError(
                f"the run needs {needed[kind]:g} {kind}s and the cluster has {ray.cluster_resources().get(kind, 0.0):g}"
                "; lower sim.actors, runtime.scorers, runtime.cpus_per_actor, runtime.sim_gpus, runtime.scorer_gpus or "
                "runtime.trainer_gpus"
            )
        time.sleep(1.0)


class ClusterDriver:
    """Holds the actors of a run; a context manager that ends them all."""

    def __init__(self, config: Config, *, first_episode: int = 0) -> None:
        """Nothing starts before the driver is entered."""
        self._config, self._first_episode = config, first_episode
        self._simulators: list[Any] = []
        self._policy: Any = None
        self._student: RemoteStudent | None = None
        self._stream: SampleStream | None = None

    def __enter__(self) -> Parts:
        """Start actors, streams and held-out pools; simulators and trainer come up side by side."""
        config = self._config
        connect(config.runtime)
        _await_resources(config)
        per_actor, cpus = config.sim.slots_per_actor, config.runtime.cpus_per_actor
        simulator = ray.remote(
            num_cpus=cpus,
            num_gpus=config.runtime.sim_gpus,
            concurrency_groups=CONCURRENCY_GROUPS,
            max_restarts=-1,
        )(SimulatorActor)
        self._simulators = [
            simulator.remote(config, list(range(n * per_actor, (n + 1) * per_actor)), self._first_episode)
            for n in range(config.sim.actors)
        ]
        stated = self._simulators[0].engine.remote()
        self._student = _start_student(config, lambda pool: to_batch(held_out.questions(pool)))
        engine: EngineInfo = fetched(stated)
        held_out = HeldOut(config, engine, self._ask)
        self._policy = ray.remote(num_cpus=cpus)(PolicyActor).remote(config, self._simulators, self._first_episode)
        held_out.request("feedback", "report", *(["stopping"] if config.vlm.patience else []))
        self._student.ready()
        held_out.gather()
        if config.vlm.patience:
            self._student.send("stopping")
        if config.reward.rho:
            self._student.send("feedback")
        self._stream = SampleStream(
            self._simulators,
            window=config.runtime.stream_window,
            limit=(config.loop.max_reward_lag + 2) * config.loop.batch + 2 * config.sim.actors * per_actor,
            patience_s=patience_s(config),
        )
        return Parts(RemoteSampler(self._policy), self._stream, self._student, engine)

    def __exit__(self, *_: object) -> None:
        """Stop streams, engines and actors."""
        if self._stream is not None:
            self._stream.close()
        ray.wait([actor.close.remote() for actor in self._simulators], num_returns=len(self._simulators), timeout=10)
        if self._student is not None:
            self._student.close()
        for actor in [*self._simulators, *([self._policy] if self._policy is not None else [])]:
            ray.kill(actor)

    def _ask(self, scenes: Sequence[str]) -> Callable[[], Candidates]:
        """Begin to ask in these scenes, shared out among the simulators."""
        shares = [scenes[n :: len(self._simulators)] for n in range(len(self._simulators))]
        asked = [actor.suite.remote(share) for actor, share in zip(self._simulators, shares, strict=True)]
        return lambda: {scene: from_batches([batch]) for answer in fetched(asked) for scene, batch in answer.items()}


def _start_student(config: Config, questions: Callable[[str], pa.RecordBatch]) -> RemoteStudent:
    runtime = config.runtime
    trainer = ray.remote(num_cpus=runtime.cpus_per_actor, num_gpus=runtime.trainer_gpus)(TrainerActor)
    scorer = ray.remote(num_cpus=runtime.cpus_per_actor, num_gpus=runtime.scorer_gpus)(ScorerActor)
    scorers = RemoteScorers(lambda: scorer.remote(config), runtime.scorers) if runtime.scorers else None
    return RemoteStudent(lambda: trainer.remote(config), questions, scorers)

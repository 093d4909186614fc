"""The driver with actors: simulators, policy and trainer as Ray actors, samples through the object store."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import ray

from rls3.config import Config, RuntimeConfig
from rls3.errors import ConfigError, Rls3Error
from rls3.runtime.actors import CONCURRENCY_GROUPS, PolicyActor, SimulatorActor, TrainerActor
from rls3.runtime.handles import Batch, Parts
from rls3.runtime.parts import assemble_pools, engine_of, suite_scenes
from rls3.runtime.stream import SampleStream
from rls3.samples.arrow import from_batches, to_batch
from rls3.samples.record import Sample
from rls3.samples.scores import Evaluation, Score
from rls3.sampling.ppo.own_ray import start_own_ray
from rls3.sampling.sampler import Collected
from rls3.vlm.trainer import FitResult

T = TypeVar("T")


@dataclass(frozen=True)
class Remote(Generic[T]):
    """A result that an actor owes us."""

    ref: Any

    def result(self) -> T:
        """Wait for it; an error of the project is raised as itself, without Ray's wrapping."""
        return _get(self.ref)  # type: ignore[no-any-return]


def _get(ref: Any) -> Any:
    try:
        return ray.get(ref)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, Rls3Error):
            raise error.cause from None
        raise


class RemoteSampler:
    """The policy actor."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor

    def collect(self, num_edits: int) -> Remote[Collected]:
        """Ask for that many edits."""
        return Remote(self._actor.collect.remote(num_edits))

    def learn(self, rewards: Mapping[str, float]) -> Remote[Mapping[str, float]]:
        """Pay one collected batch."""
        return Remote(self._actor.learn.remote(dict(rewards)))

    def observe(self, weakness: Mapping[str, float]) -> Remote[None]:
        """Pass on what the VLM is weak at."""
        return Remote(self._actor.observe.remote(dict(weakness)))

    def save(self, folder: Path) -> Remote[None]:
        """Have a checkpoint written."""
        return Remote(self._actor.save.remote(folder))

    def restore(self, folder: Path) -> Remote[None]:
        """Have a checkpoint read."""
        return Remote(self._actor.restore.remote(folder))


class RemoteStudent:
    """The trainer actor; batches reach it as references into the object store."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor

    def score(self, batch: Batch) -> Remote[Sequence[Score]]:
        """Score the samples that have a question."""
        return Remote(self._actor.score.remote([s.sample_id for s in batch.samples if s.options], *batch.payload))

    def fit(self, batches: Sequence[Batch]) -> Remote[FitResult]:
        """Fine-tune on the valid samples."""
        refs = list(dict.fromkeys(ref for batch in batches for ref in batch.payload))
        return Remote(self._actor.fit.remote([s.sample_id for b in batches for s in b.samples if s.valid], *refs))

    def evaluate(self, pool: str) -> Remote[Evaluation]:
        """Accuracy on a held-out pool."""
        return Remote(self._actor.evaluate.remote(pool))

    def save(self, folder: Path) -> Remote[None]:
        """Have weights and trainer state written."""
        return Remote(self._actor.save.remote(folder))

    def restore(self, folder: Path) -> Remote[None]:
        """Have them read back."""
        return Remote(self._actor.restore.remote(folder))


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
        "CPU": (actors + 2) * runtime.cpus_per_actor,
        "GPU": actors * runtime.sim_gpus + runtime.trainer_gpus,
    }
    deadline = time.monotonic() + runtime.resources_timeout_s
    while missing := [kind for kind, amount in needed.items() if ray.cluster_resources().get(kind, 0.0) < amount]:
        if time.monotonic() > deadline:
            kind = missing[0]
            raise ConfigError(
                f"the run needs {needed[kind]:g} {kind}s and the cluster has {ray.cluster_resources().get(kind, 0.0):g}"
                "; lower sim.actors, runtime.cpus_per_actor, runtime.sim_gpus or runtime.trainer_gpus"
            )
        time.sleep(1.0)


class ClusterDriver:
    """Holds the actors of a run; a context manager that ends them all."""

    def __init__(self, config: Config, *, first_episode: int = 0) -> None:
        """Nothing starts before the driver is entered."""
        self._config, self._first_episode = config, first_episode
        self._simulators: list[Any] = []
        self._others: list[Any] = []
        self._stream: SampleStream | None = None

    def __enter__(self) -> Parts:
        """Start actors, streams and held-out pools; simulators and trainer come up side by side."""
        config = self._config
        connect(config.runtime)
        _await_resources(config)
        per_actor, cpus = config.sim.slots_per_actor, config.runtime.cpus_per_actor
        simulator = ray.remote(num_cpus=cpus, num_gpus=config.runtime.sim_gpus, concurrency_groups=CONCURRENCY_GROUPS)(
            SimulatorActor
        )
        self._simulators = [
            simulator.remote(config, list(range(n * per_actor, (n + 1) * per_actor)), self._first_episode)
            for n in range(config.sim.actors)
        ]
        trainer = ray.remote(num_cpus=cpus, num_gpus=config.runtime.trainer_gpus)(TrainerActor).remote(config)
        policy = ray.remote(num_cpus=cpus)(PolicyActor).remote(config, self._simulators)
        self._others = [trainer, policy]
        loaded = trainer.load.remote()
        questions_by_scene = self._ask_suite()
        _get(loaded)
        pools = assemble_pools(config, dict(_decoded(_get(questions_by_scene))))
        for pool, questions in pools.items():
            _get(trainer.set_pool.remote(pool, to_batch(questions)))
        self._stream = SampleStream(
            self._simulators,
            window=config.runtime.stream_window,
            limit=(config.loop.max_reward_lag + 2) * config.loop.batch + 2 * config.sim.actors * per_actor,
        )
        return Parts(RemoteSampler(policy), self._stream, RemoteStudent(trainer), engine_of(pools))

    def __exit__(self, *_: object) -> None:
        """Stop streams, engines and actors."""
        if self._stream is not None:
            self._stream.close()
        ray.wait([actor.close.remote() for actor in self._simulators], num_returns=len(self._simulators), timeout=10)
        for actor in [*self._simulators, *self._others]:
            ray.kill(actor)

    def _ask_suite(self) -> list[Any]:
        scenes = suite_scenes(self._config)
        shares = [scenes[n :: len(self._simulators)] for n in range(len(self._simulators))]
        return [actor.suite.remote(share) for actor, share in zip(self._simulators, shares, strict=True)]


def _decoded(answers: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[Sample]]]:
    for answer in answers:
        for scene, batch in answer.items():
            yield scene, from_batches([batch])

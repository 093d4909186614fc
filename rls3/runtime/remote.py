"""Results that actors owe us, and the policy actor behind its handle."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import ray

from rls3.errors import ActorLostError, Rls3Error
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.sampler import Collected

T = TypeVar("T")


@dataclass(frozen=True)
class Remote(Generic[T]):
    """A result that an actor owes us."""

    ref: Any

    def result(self) -> T:
        """Wait for it."""
        return fetched(self.ref)  # type: ignore[no-any-return]


def fetched(ref: Any) -> Any:
    """Wait for what a reference stands for; an error of the project is raised as itself, without Ray's wrapping."""
    try:
        return ray.get(ref)
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, Rls3Error):
            raise error.cause from None
        raise


def await_process(actor: Any, patience_s: float) -> None:
    """Wait until an actor that Ray restarts has a process again.

    Raises:
        ActorLostError: it has none for so long, seconds.
    """
    deadline = time.monotonic() + patience_s
    while (left := deadline - time.monotonic()) > 0:
        try:
            ray.get(actor.__ray_ready__.remote(), timeout=left)
            return
        except ray.exceptions.GetTimeoutError:
            break
        except ray.exceptions.RayActorError:
            time.sleep(0.2)  # calls fail at once while Ray starts the process
    raise ActorLostError(
        f"a simulator's process died and Ray started no other within {patience_s:g} s; see that the cluster has room "
        "for one; what was done until the last checkpoint is kept: rls3 run --resume"
    )


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

    def observe(self, knowledge: Knowledge) -> Remote[None]:
        """Pass on what is known of the VLM."""
        return Remote(self._actor.observe.remote(knowledge))

    def save(self, folder: Path) -> Remote[None]:
        """Have a checkpoint written."""
        return Remote(self._actor.save.remote(folder))

    def restore(self, folder: Path) -> Remote[None]:
        """Have a checkpoint read."""
        return Remote(self._actor.restore.remote(folder))

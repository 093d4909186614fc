"""Actors that are replaced by one of the same state when their process dies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import ray

from rls3.errors import ActorLostError
from rls3.runtime.remote import fetched

T = TypeVar("T")
Call = Callable[[Any], Any]
"""Makes a call of an actor; returns the reference to its result, or several of which the first is the result's."""

MOST_LOSSES = 3
"""Lost actors in a row after which the run gives up: work that is too large kills every time."""


class LastingActor:
    """An actor whose unfinished calls are made again by its successor when it dies.

    Args:
        name: what it is called in errors.
        start: starts one.
        bring_up: gives a new one, which knows nothing, the state that the lost one had.
    """

    def __init__(self, name: str, start: Callable[[], Any], bring_up: Callable[[Any], None]) -> None:
        self._name, self._start, self._bring_up = name, start, bring_up
        self._losses = 0
        self.actor = start()
        self.restarts = 0

    def ask(self, call: Call, then: Callable[[Any], object] | None = None) -> Repeated[Any]:
        """Make a call.

        Args:
            call: makes it; it must bring the same when it is made again.
            then: told what `call` returned, once, when the result is there.
        """
        return Repeated(self, call, then)

    def settled(self) -> None:
        """Its state was kept: earlier losses no longer count as in a row."""
        self._losses = 0

    def close(self) -> None:
        """End it."""
        ray.kill(self.actor)

    def replace(self, lost: Any, reason: Exception) -> None:
        """Put a successor in the place of a lost actor; nothing happens if that was done already.

        Raises:
            ActorLostError: successors die again and again.
        """
        while lost is self.actor:
            self.restarts += 1
            self._losses += 1
            ray.kill(lost)  # one that merely does not answer must not come back later
            if self._losses >= MOST_LOSSES:
                raise ActorLostError(
                    f"the {self._name}'s process died {self._losses} times since the last checkpoint "
                    f"({' '.join(str(reason).split())[:200]}); most often it ran out of memory: lower vlm.batch_size "
                    "and raise vlm.accumulate instead, or choose a smaller vlm.base; what was done until the "
                    "checkpoint is kept: rls3 run --resume"
                ) from reason
            self.actor = self._start()
            try:
                self._bring_up(self.actor)
            except ray.exceptions.RayActorError as error:
                lost, reason = self.actor, error


class Repeated(Generic[T]):
    """A call that is made again when the actor dies before it is done."""

    def __init__(self, asked: LastingActor, call: Call, then: Callable[[Any], object] | None) -> None:
        self._lasting, self._call, self._then = asked, call, then
        self._actor = asked.actor
        self._refs = call(self._actor)

    def result(self) -> T:
        """Wait for it; an error of the project is raised as itself."""
        while True:
            try:
                value: T = fetched(self._refs[0] if isinstance(self._refs, list) else self._refs)
            except ray.exceptions.RayActorError as error:
                self._lasting.replace(self._actor, error)
                self._actor = self._lasting.actor
                self._refs = self._call(self._actor)
            else:
                then, self._then = self._then, None
                if then is not None:
                    then(self._refs)
                return value

"""The slots of several simulator actors as one stage, which outlives their processes.

What a slot shows follows from its episode's number and the steps made in it, and the same steps make the same samples.
So a process that Ray started in the place of a lost one takes the running episodes in turn, and the call that failed is
made again: nothing is lost, and the policy sees no difference. What is streamed twice, `SampleStream` takes once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import ray

from rls3.config import Config
from rls3.errors import ActorLostError
from rls3.runtime.lasting import MOST_LOSSES
from rls3.runtime.remote import await_process, fetched

if TYPE_CHECKING:
    from rls3.sampling.offer import Situation
    from rls3.sampling.stage import StepOutcome
    from rls3.scene.edit import Edit


def patience_s(config: Config) -> float:
    """Longest wait for a process in the place of a lost one: for room on the cluster and a start, seconds."""
    return config.runtime.resources_timeout_s + config.sim.start_timeout_s


@dataclass
class Episode:
    """Where a slot is.

    Attributes:
        number: of the episode.
        begun: whether its scene was loaded.
        steps: edits made in it, None where a natural picture was taken, and the policy's version at each.
    """

    number: int
    begun: bool = False
    steps: list[tuple[Edit | None, int]] = field(default_factory=list)


class RemoteStage:
    """One call per actor and vector step, all actors at once.

    Args:
        actors: `SimulatorActor` handles that Ray restarts.
        slots_per_actor: how many each has.
        first_episode: number of every slot's first episode.
        patience_s: longest wait for a new process, seconds.
    """

    def __init__(self, actors: Sequence[Any], slots_per_actor: int, *, first_episode: int, patience_s: float) -> None:
        self._actors, self._slots_per_actor = tuple(actors), slots_per_actor
        self._patience_s = patience_s
        self._episodes = [Episode(first_episode) for _ in range(self.num_slots)]
        self._untold_losses = 0

    @property
    def num_slots(self) -> int:
        """Scenes edited at the same time."""
        return len(self._actors) * self._slots_per_actor

    def reset(self, slots: Sequence[int]) -> list[Situation]:
        """Load the next scene into each of these slots.

        Raises:
            ActorLostError: a simulator's process dies again and again.
        """
        begun = self._from_all(slots, lambda actor, positions: actor.reset.remote([slots[p] for p in positions]))
        for slot, (_, number) in zip(slots, begun, strict=True):
            self._episodes[slot] = Episode(number, begun=True)
        return [situation for situation, _ in begun]

    def step(self, slots: Sequence[int], edits: Sequence[Edit], policy_version: int) -> list[StepOutcome]:
        """One edit per slot; lost processes count as restarts of the first.

        Raises:
            ActorLostError: a simulator's process dies again and again.
        """

        def call(actor: Any, positions: list[int]) -> Any:
            return actor.step.remote([slots[p] for p in positions], [edits[p] for p in positions], policy_version)

        return self._outcomes(slots, edits, call, policy_version)

    def look(self, slots: Sequence[int], policy_version: int) -> list[StepOutcome]:
        """One natural picture per slot; lost processes count as restarts of the first.

        Raises:
            ActorLostError: a simulator's process dies again and again.
        """

        def call(actor: Any, positions: list[int]) -> Any:
            return actor.look.remote([slots[p] for p in positions], policy_version)

        return self._outcomes(slots, [None] * len(slots), call, policy_version)

    def close(self) -> None:
        """Nothing to do: the driver owns the actors."""

    def _outcomes(
        self,
        slots: Sequence[int],
        edits: Sequence[Edit | None],
        call: Callable[[Any, list[int]], Any],
        policy_version: int,
    ) -> list[StepOutcome]:
        outcomes: list[StepOutcome] = self._from_all(slots, call)
        for slot, edit in zip(slots, edits, strict=True):
            self._episodes[slot].steps.append((edit, policy_version))
        outcomes[0] = replace(outcomes[0], restarts=outcomes[0].restarts + self._untold_losses)
        self._untold_losses = 0
        return outcomes

    def _from_all(self, slots: Sequence[int], call: Callable[[Any, list[int]], Any]) -> list[Any]:
        """Call every actor that has some of these slots; the results in the order of the slots."""
        shares = []
        for number, actor in enumerate(self._actors):
            if positions := [p for p, slot in enumerate(slots) if slot // self._slots_per_actor == number]:
                shares.append((number, positions, call(actor, positions)))
        results: list[Any] = [None] * len(slots)
        for number, positions, ref in shares:
            values = self._result(number, ref, partial(call, self._actors[number], positions))
            for position, value in zip(positions, values, strict=True):
                results[position] = value
        return results

    def _result(self, number: int, ref: Any, again: Callable[[], Any]) -> Any:
        """Wait for a call of an actor; when its process was lost, bring the next one up and call again."""
        try:
            return fetched(ref)
        except (ray.exceptions.RayActorError, ActorLostError) as error:
            reason = error
        actor, begin = self._actors[number], number * self._slots_per_actor
        for _ in range(MOST_LOSSES - 1):
            self._untold_losses += 1
            await_process(actor, self._patience_s)
            try:
                fetched(actor.restore.remote(self._episodes[begin : begin + self._slots_per_actor]))
                return fetched(again())
            except (ray.exceptions.RayActorError, ActorLostError) as error:
                reason = error
        raise ActorLostError(
            f"a simulator's process died {MOST_LOSSES} times at the same edit ({' '.join(str(reason).split())[:200]}); "
            "most often it ran out of memory: lower sim.actors or sim.slots_per_actor; what was done until the last "
            "checkpoint is kept: rls3 run --resume"
        ) from reason

"""Builds the parts of a run from its configuration; the same builders serve both drivers.

Imports of torch, RLlib and the AI2-THOR client happen where a part is built, so that no process pays for parts it
does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rls3.config import Config
from rls3.scene.split import training_scenes

if TYPE_CHECKING:
    from rls3.sampling.sampler import Sampler
    from rls3.sampling.session import EditSession
    from rls3.sampling.stage import Stage


def total_slots(config: Config) -> int:
    """Scenes edited at the same time, over all simulator actors."""
    return config.sim.actors * config.sim.slots_per_actor


def build_sessions(config: Config, slots: Sequence[int], first_episode: int) -> list[EditSession]:
    """One edit session, hence one simulator, per slot.

    Args:
        config: the run's configuration.
        slots: global slot numbers.
        first_episode: number of the first episode: 0, or past all recorded ones when a run resumes.
    """
    from rls3.sampling.session import EditSession
    from rls3.thor.simulator import Simulator

    scenes = training_scenes(config.sim.scenes)
    return [
        EditSession(
            Simulator(config.sim),
            sampler=config.sampler.name,
            seed=config.run.seed,
            slot=slot,
            scenes=scenes,
            sampler_config=config.sampler,
            validity=config.validity,
            first_episode=first_episode,
        )
        for slot in slots
    ]


def build_sampler(config: Config, stage: Stage) -> Sampler:
    """The configured sampler over a stage."""
    if config.sampler.name == "ppo":
        from rls3.sampling.ppo.sampler import PPOSampler

        return PPOSampler(stage, config.sampler, config.ppo, batch=config.loop.batch, seed=config.run.seed)
    from rls3.sampling.balanced import BalancedSampler
    from rls3.sampling.bandit import BanditSampler
    from rls3.sampling.natural import NaturalSampler
    from rls3.sampling.random import HardSampler, RandomSampler

    plain = (RandomSampler, NaturalSampler, BalancedSampler, HardSampler, BanditSampler)
    kinds = {kind.name: kind for kind in plain}
    return kinds[config.sampler.name](stage, config.sampler, seed=config.run.seed)

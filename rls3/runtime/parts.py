"""Builds the parts of a run from its configuration; the same builders serve both drivers.

Imports of torch, RLlib and the AI2-THOR client happen where a part is built, so that no process pays for parts it
does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rls3.config import Config
from rls3.errors import ConfigError
from rls3.samples.record import Sample
from rls3.scene.model import EngineInfo
from rls3.scene.split import POOLS, training_scenes

if TYPE_CHECKING:
    from rls3.sampling.sampler import Sampler
    from rls3.sampling.session import EditSession
    from rls3.sampling.stage import Stage
    from rls3.thor.simulator import Simulator


REARRANGED = "rearranged"
"""Source of the held-out questions on edited scenes; their records carry it as `sampler`."""


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
    if config.sampler.name == "random":
        from rls3.sampling.random import RandomSampler

        return RandomSampler(stage, config.sampler, seed=config.run.seed)
    from rls3.sampling.ppo.sampler import PPOSampler

    return PPOSampler(stage, config.sampler, config.ppo, batch=config.loop.batch, seed=config.run.seed)


def suite_candidates(config: Config, simulator: Simulator, scenes: Sequence[str]) -> dict[str, list[Sample]]:
    """Held-out questions by scene: on the scene as it naturally is, and rearranged by random edits."""
    from rls3.benchmarks.suite import scene_candidates, scene_seed

    found = {}
    for scene in scenes:
        natural = scene_candidates(
            simulator,
            scene,
            seed=config.evaluation.seed,
            validity=config.validity,
            views=config.evaluation.views,
        )
        rearranged = _rearranged(config, simulator, scene, scene_seed(config.evaluation.seed, scene))
        found[scene] = [*natural, *rearranged]
    return found


def _rearranged(config: Config, simulator: Simulator, scene: str, seed: int) -> list[Sample]:
    """Valid samples of uniformly random edits of one scene: arrangements that no room has by itself."""
    from rls3.sampling.random import RandomSampler
    from rls3.sampling.session import EditSession
    from rls3.sampling.stage import LocalStage

    session = EditSession(
        simulator,
        sampler=REARRANGED,
        seed=seed,
        slot=0,
        scenes=(scene,),
        sampler_config=config.sampler,
        validity=config.validity,
    )
    stage = LocalStage([session])
    made = RandomSampler(stage, config.sampler, seed=seed).collect(config.evaluation.edits)
    return [sample for sample in stage.take(made.sample_ids) if sample.valid]


def suite_scenes(config: Config) -> list[str]:
    """The visited scenes of both held-out pools."""
    return [scene for pool in ("feedback", "report") for scene in POOLS[pool][: config.evaluation.scenes]]


def assemble_pools(config: Config, by_scene: dict[str, list[Sample]]) -> dict[str, list[Sample]]:
    """The balanced pools out of their scenes' candidates.

    Raises:
        ConfigError: a pool has no question at all.
    """
    from rls3.benchmarks.suite import balanced

    pools: dict[str, list[Sample]] = {}
    for pool in ("feedback", "report"):
        asked = [sample for scene in POOLS[pool][: config.evaluation.scenes] for sample in by_scene[scene]]
        halves = [[s for s in asked if (s.sampler == REARRANGED) == rearranged] for rearranged in (False, True)]
        pools[pool] = [
            sample
            for half in halves
            for sample in balanced(half, config.evaluation.questions // 2, seed=config.evaluation.seed)
        ]
    if empty := [pool for pool, questions in pools.items() if not questions]:
        raise ConfigError(
            f"no held-out question for the {empty[0]} pool in {config.evaluation.scenes} scenes; raise "
            "evaluation.scenes or evaluation.views, or loosen the validity section"
        )
    return pools


def engine_of(pools: Mapping[str, Sequence[Sample]]) -> EngineInfo:
    """The program that drew the pools, hence all pictures of the run."""
    question = next(iter(pools.values()))[0]
    return EngineInfo(question.engine_name, question.engine_version)

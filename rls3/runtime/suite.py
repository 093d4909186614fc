"""The held-out suite asked of simulators: what can be asked in each scene, and the pools chosen from that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rls3.benchmarks.suite import balanced, scene_candidates, scene_seed
from rls3.config import Config
from rls3.errors import ConfigError
from rls3.samples.record import Sample
from rls3.sampling.random import RandomSampler
from rls3.sampling.session import EditSession
from rls3.sampling.stage import LocalStage
from rls3.scene.model import EngineInfo
from rls3.scene.split import POOLS
from rls3.thor.simulator import Simulator

REARRANGED = "rearranged"
"""Source of the held-out questions on edited scenes; their records carry it as `sampler`."""

Candidates = Mapping[str, Sequence[Sample]]
"""Scene -> what can be asked there."""


class HeldOut:
    """The pools of a run, each asked for once, when something first wants it.

    Args:
        config: its sections evaluation, validity, sampler and sim are used.
        ask: begins to ask in these scenes; what it returns waits for the questions.
    """

    def __init__(self, config: Config, ask: Callable[[Sequence[str]], Callable[[], Candidates]]) -> None:
        self._config, self._ask = config, ask
        self._coming: dict[str, Callable[[], Candidates]] = {}
        self._pools: dict[str, list[Sample]] = {}

    def request(self, *pools: str) -> None:
        """Begin to ask the questions of those pools that were not asked for so far."""
        new = [pool for pool in pools if pool not in self._coming]
        if new:
            coming = self._ask([scene for pool in new for scene in pool_scenes(self._config, pool)])
            self._coming |= dict.fromkeys(new, coming)

    def questions(self, pool: str) -> list[Sample]:
        """The questions of a pool.

        Raises:
            ConfigError: there are none.
        """
        if pool not in self._pools:
            self.request(pool)
            self._pools[pool] = assemble_pool(self._config, pool, self._coming[pool]())
        return self._pools[pool]

    @property
    def engine(self) -> EngineInfo:
        """The program that drew the report pool, hence all pictures of the run."""
        question = self.questions("report")[0]
        return EngineInfo(question.engine_name, question.engine_version)


def pool_scenes(config: Config, pool: str) -> tuple[str, ...]:
    """The scenes of a pool that are visited."""
    return POOLS[pool][: config.evaluation.scenes]


def suite_candidates(config: Config, simulator: Simulator, scenes: Sequence[str]) -> dict[str, list[Sample]]:
    """Held-out questions by scene: on the scene as it naturally is, and rearranged by random edits."""
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


def assemble_pool(config: Config, pool: str, by_scene: Candidates) -> list[Sample]:
    """A balanced pool out of its scenes' candidates.

    Raises:
        ConfigError: there is no question at all.
    """
    asked = [sample for scene in pool_scenes(config, pool) for sample in by_scene[scene]]
    halves = [[s for s in asked if (s.sampler == REARRANGED) == rearranged] for rearranged in (False, True)]
    chosen = [
        sample
        for half in halves
        for sample in balanced(half, config.evaluation.questions // 2, seed=config.evaluation.seed)
    ]
    if not chosen:
        raise ConfigError(
            f"no held-out question for the {pool} pool in {config.evaluation.scenes} scenes; raise evaluation.scenes "
            "or evaluation.views, or loosen the validity section"
        )
    return chosen

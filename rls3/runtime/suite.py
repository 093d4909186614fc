"""The held-out pools of a run: their scenes, their candidates, and the questions chosen from these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from rls3.benchmarks.strata import Candidate, stratified
from rls3.config import Config
from rls3.errors import ConfigError
from rls3.samples.record import Sample
from rls3.scene.model import EngineInfo
from rls3.scene.split import POOLS

if TYPE_CHECKING:
    from rls3.thor.simulator import Simulator

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
    """What can be asked in each of these scenes."""
    from rls3.runtime.asking import visit_candidates

    return {
        scene: [
            sample
            for number in range(config.evaluation.visits)
            for sample in visit_candidates(config, simulator, scene, number)
        ]
        for scene in scenes
    }


def assemble_pool(config: Config, pool: str, by_scene: Candidates) -> list[Sample]:
    """The questions of a pool out of its scenes' candidates.

    Raises:
        ConfigError: there is none.
    """
    asked = [sample for scene in pool_scenes(config, pool) for sample in by_scene[scene]]
    settings = config.evaluation
    ids = set(stratified([Candidate.of(sample) for sample in asked], settings.questions, seed=settings.seed))
    if not ids:
        raise ConfigError(
            f"no held-out question for the {pool} pool in {len(pool_scenes(config, pool))} scenes; raise "
            "evaluation.scenes, evaluation.visits or evaluation.views, or loosen the validity section"
        )
    return sorted((sample for sample in asked if sample.sample_id in ids), key=lambda sample: sample.sample_id)

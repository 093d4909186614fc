"""The held-out pools of a run: their scenes, their candidates, and the questions chosen from these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from rls3.benchmarks.strata import Candidate, stratified
from rls3.config import Config
from rls3.errors import ConfigError
from rls3.runtime.pool_files import PoolFiles
from rls3.samples.record import Sample
from rls3.scene.model import EngineInfo
from rls3.scene.split import POOLS

if TYPE_CHECKING:
    from rls3.thor.simulator import Simulator

Candidates = Mapping[str, Sequence[Sample]]
"""Scene -> what can be asked there."""


class HeldOut:
    """The pools of a run, each asked for once, when something first wants it, unless the user's cache has it.

    Args:
        config: its sections evaluation, validity, sampler and sim are used.
        engine: the program that draws, as it states itself now.
        ask: begins to ask in these scenes; what it returns waits for the questions.
    """

    def __init__(
        self, config: Config, engine: EngineInfo, ask: Callable[[Sequence[str]], Callable[[], Candidates]]
    ) -> None:
        self._config, self._ask = config, ask
        self._files = PoolFiles(config, engine)
        self._coming: dict[str, Callable[[], Candidates]] = {}
        self._pools: dict[str, list[Sample]] = {}

    def request(self, *pools: str) -> None:
        """Begin to ask the questions of those pools that are not in the cache and were not asked for so far.

        Until they are there, other runs of these settings wait for them.
        """
        new = [pool for pool in pools if pool not in self._pools and pool not in self._coming]
        if not new:
            return
        with self._holding():
            self._pools |= {pool: kept for pool in new if (kept := self._files.read(pool)) is not None}
            if missing := [pool for pool in new if pool not in self._pools]:
                coming = self._ask([scene for pool in missing for scene in pool_scenes(self._config, pool)])
                self._coming |= dict.fromkeys(missing, coming)

    def gather(self) -> None:
        """Wait for all that was requested."""
        for pool in tuple(self._coming):
            self.questions(pool)

    def questions(self, pool: str) -> list[Sample]:
        """The questions of a pool.

        Raises:
            ConfigError: there are none in it, or in a pool that was asked for together with it.
        """
        self.request(pool)
        if pool not in self._pools:
            with self._holding():
                self._keep(self._coming[pool])
        return self._pools[pool]

    def _keep(self, coming: Callable[[], Candidates]) -> None:
        """Choose the questions of all pools that were asked for together."""
        found = coming()
        for pool in [pool for pool, other in self._coming.items() if other is coming]:
            self._pools[pool] = assemble_pool(self._config, pool, found)
            self._files.write(pool, self._pools[pool])
            del self._coming[pool]

    @contextmanager
    def _holding(self) -> Iterator[None]:
        """Have the files while something is looked for, and on while questions are coming."""
        self._files.hold()
        try:
            yield
        except BaseException:
            self._files.release()
            raise
        if not self._coming:
            self._files.release()


def pool_scenes(config: Config, pool: str) -> tuple[str, ...]:
    """The scenes of a pool that are visited."""
    return POOLS[pool][: config.evaluation.scenes]


def stated_engine(config: Config) -> EngineInfo:
    """Name and version of the program that draws, from itself: it is started, whether anything is asked or not.

    Raises:
        EngineStartError: it does not start.
    """
    from rls3.thor.simulator import Simulator

    with closing(Simulator(config.sim)) as simulator:
        return simulator.reset(pool_scenes(config, "report")[0]).engine


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

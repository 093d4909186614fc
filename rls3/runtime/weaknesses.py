"""`rls3 weaknesses`: where a model fails on held-out rooms, before anybody trains anything."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial

from rls3.benchmarks.weaknesses import Groups, weaknesses
from rls3.config import Config
from rls3.runtime.suite import assemble_pool, pool_scenes, suite_candidates
from rls3.runtime.workers import SimulatorWorkers
from rls3.samples.record import Sample
from rls3.samples.scores import Evaluation
from rls3.thor.simulator import Simulator
from rls3.vlm.trainer import VLMTrainer


def find_weaknesses(config: Config, processes: int) -> tuple[Evaluation, Groups]:
    """Accuracy of `vlm.base` on the report pool's scenes, overall and by group.

    Args:
        config: sections sim, validity, evaluation and vlm are used.
        processes: simulators side by side; the result does not depend on it.

    Raises:
        ConfigError: no question can be asked.
        ModelLoadError: there is no such model.
    """
    trainer = VLMTrainer(config.vlm, config.run.seed)
    scenes = pool_scenes(config, "report")
    with closing(SimulatorWorkers(config.sim, partial(_questions, config, scenes), processes)) as workers:
        by_scene = dict(zip(scenes, workers.results(0), strict=False))
    questions = assemble_pool(config, "report", by_scene)
    return trainer.evaluate("report", questions), weaknesses(questions, trainer.score(questions))


def _questions(config: Config, scenes: Sequence[str], simulator: Simulator, number: int) -> list[Sample]:
    """What can be asked in one scene; workers look ahead, so numbers beyond the last scene bring nothing."""
    if number >= len(scenes):
        return []
    return suite_candidates(config, simulator, [scenes[number]])[scenes[number]]

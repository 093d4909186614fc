"""`rls3 weaknesses`: where a model fails on held-out rooms, before anybody trains anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial

from rls3.benchmarks.weaknesses import Groups, weaknesses
from rls3.config import Config
from rls3.runtime.suite import Candidates, HeldOut, stated_engine, suite_candidates
from rls3.runtime.workers import SimulatorWorkers
from rls3.samples.record import Sample
from rls3.samples.scores import Evaluation
from rls3.thor.simulator import Simulator
from rls3.vlm.trainer import VLMTrainer


def find_weaknesses(config: Config, processes: int) -> tuple[Evaluation, Groups]:
    """Accuracy of `vlm.base` on the report pool that runs of these settings have, overall and by group.

    Args:
        config: sections sim, validity, evaluation and vlm are used.
        processes: simulators side by side; the result does not depend on it.

    Raises:
        ConfigError: no question can be asked.
        ModelLoadError: there is no such model.
    """
    trainer = VLMTrainer(config.vlm, config.run.seed, config.validity)
    held_out = HeldOut(config, stated_engine(config), partial(_ask, config, processes))
    questions = held_out.questions("report")
    return trainer.evaluate("report", questions), weaknesses(questions, trainer.score(questions))


def _ask(config: Config, processes: int, scenes: Sequence[str]) -> Callable[[], Candidates]:
    with closing(SimulatorWorkers(config.sim, partial(_candidates, config, scenes), processes)) as workers:
        found = dict(zip(scenes, workers.results(0), strict=False))
    return lambda: found


def _candidates(config: Config, scenes: Sequence[str], simulator: Simulator, number: int) -> list[Sample]:
    """What can be asked in one scene; workers look ahead, so numbers beyond the last scene bring nothing."""
    if number >= len(scenes):
        return []
    return suite_candidates(config, simulator, [scenes[number]])[scenes[number]]

"""The grid of a comparison: its cells, each an ordinary run, and how the command line chooses them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from rls3.config import CompareConfig, Config, SamplerConfig
from rls3.errors import ConfigError, nearest
from rls3.runtime.folder import read_progress


@dataclass(frozen=True)
class Cell:
    """One run of the grid.

    Attributes:
        arm, student: their names in the comparison.
        config: of the run.
    """

    arm: str
    student: str
    config: Config

    @property
    def name(self) -> str:
        """Of the run and its folder."""
        return self.config.run.name

    @property
    def folder(self) -> Path:
        """The run's folder."""
        return self.config.run.output / self.name

    @property
    def rounds(self) -> int:
        """Finished rounds."""
        progress = read_progress(self.folder)
        return 0 if progress is None else len(progress.rounds)

    @property
    def finished(self) -> bool:
        """Whether all rounds are."""
        return self.rounds >= self.config.loop.rounds


def chosen(config: Config, samplers: Sequence[str], students: Sequence[str], seeds: int | None) -> CompareConfig:
    """The section `compare` after what the command line chose from it, with every setting spelled out.

    Args:
        config: the configuration.
        samplers: names of arms or samplers; () = all arms of the configuration.
        students: names of students or base models; () = all students of the configuration.
        seeds: how many; None = as configured.

    Raises:
        ConfigError: an unknown sampler, no seed.
    """
    if seeds is not None and seeds < 1:
        raise ConfigError(f"--seeds {seeds}: a comparison needs at least 1 seed, and 2 for intervals over seeds")
    known = get_args(SamplerConfig.model_fields["name"].annotation)
    arms: dict[str, Mapping[str, Any]] = {}
    for name in samplers or config.compare.arms:
        settings = config.compare.arms.get(name, {})
        if "sampler.name" not in settings and name not in known:
            allowed = sorted({*known, *config.compare.arms})
            raise ConfigError(
                f"unknown sampler '{name}'{nearest(name, allowed)}; allowed in --samplers: {', '.join(allowed)}; "
                "define others in compare.arms, each with its sampler.name"
            )
        arms[name] = {"sampler.name": name, **settings}
    taught = {
        name: {"vlm.base": name, **config.compare.students.get(name, {})}
        for name in students or config.compare.students
    }
    return CompareConfig(arms=arms, students=taught, seeds=config.compare.seeds if seeds is None else seeds)

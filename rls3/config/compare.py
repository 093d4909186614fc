"""What `rls3 compare` sets beside each other: arms (a sampler with its settings), students, and how many seeds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator

from rls3.config.section import Section

SHARED_SECTIONS = (
    "run",
    "sim",
    "validity",
    "vlm",
    "loop",
    "evaluation",
    "suite",
    "pretrain",
    "questions",
    "tracking",
    "runtime",
    "compare",
)
"""Sections that every arm of a comparison has in common: budgets, questions, student and trainer."""
_NAME = re.compile(r"[\w./-]+")

Settings = Mapping[str, Any]
"""Settings on top of the configuration: "section.key" -> value."""


class CompareConfig(Section):
    """The grid of `rls3 compare`: every arm with every student and every seed, all with the same budget."""

    arms: Mapping[str, Settings] = Field(
        {"ppo": {}, "random": {}},
        description="arm -> its settings (section.key: value); an arm named like a sampler is that sampler",
    )
    students: Mapping[str, Settings] = Field(
        {"rls3-vilt-base": {}},
        description="student -> its settings (vlm.key: value); one named like a base model is that model",
    )
    seeds: int = Field(5, ge=1, le=99, description="seeds of each arm and student: run.seed, run.seed + 1, ...")

    @field_validator("arms")
    @classmethod
    def _same_budget(cls, arms: Mapping[str, Settings]) -> Mapping[str, Settings]:
        _check_names("arms", arms)
        for arm, settings in arms.items():
            for key in settings:
                if key.partition(".")[0] in SHARED_SECTIONS:
                    raise ValueError(
                        f"compare.arms.{arm} sets {key}, which all arms share; an arm may set how its sampler works "
                        "(sampler.key, ppo.key, reward.key), budgets and trainer stand in their own sections"
                    )
        return arms

    @field_validator("students")
    @classmethod
    def _trainer_only(cls, students: Mapping[str, Settings]) -> Mapping[str, Settings]:
        _check_names("students", students)
        for student, settings in students.items():
            for key in settings:
                if key.partition(".")[0] != "vlm":
                    raise ValueError(f"compare.students.{student} sets {key}; a student may set vlm.key only")
        return students


def _check_names(where: str, named: Mapping[str, Settings]) -> None:
    if not named:
        raise ValueError(f"compare.{where} is empty; name at least one")
    for name, settings in named.items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"compare.{where} names '{name}'; allowed: letters, digits and . / _ -")
        for key in settings:
            if key.count(".") != 1 or not all(key.split(".")):
                raise ValueError(f"compare.{where}.{name} sets '{key}', which must look like section.key")

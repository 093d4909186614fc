"""What is asked: in a generated data set, and in the held-out suite."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from rls3.config.section import Section

QuestionFamily = Literal["direction", "perspective", "support", "between", "nearness", "size", "count", "change"]
QuestionKind = Literal["multiple_choice", "yes_no", "caption_choice", "open"]


class QuestionsConfig(Section):
    """What `rls3 generate` takes pictures of, and what it asks about them."""

    samples: int = Field(1000, ge=1, description="questions in all")
    sampler: Literal["balanced", "natural", "random"] = Field(
        "balanced",
        description="who edits: 'random' uniformly, 'balanced' as many edits of each relation, 'natural' nobody",
    )
    families: tuple[QuestionFamily, ...] = Field(
        get_args(QuestionFamily), min_length=1, description="kinds of relation, each asked about equally often"
    )
    kinds: tuple[QuestionKind, ...] = Field(get_args(QuestionKind), min_length=1, description="forms of the questions")
    per_picture: int = Field(4, ge=1, le=64, description="most questions on one picture")


class EvaluationConfig(Section):
    """The held-out suite: scenes that no sample comes from, in three pools (`rls3.scene.split.POOLS`)."""

    questions: int = Field(240, ge=12, description="questions of each pool")
    scenes: int = Field(20, ge=1, le=20, description="most scenes of each pool that are visited")
    visits: int = Field(1, ge=1, le=99, description="visits to each scene, its small objects spawned anew")
    views: int = Field(5, ge=1, description="natural pictures per visit that questions are chosen from")
    edits: int = Field(12, ge=1, description="random edits per visit that questions on rearranged scenes come from")
    seed: int = Field(20_000, ge=0, description="seed of the suite, apart from the run's")


class SuiteConfig(EvaluationConfig):
    """The same suite at the size that `rls3 evaluate --benchmark rls3-suite` asks."""

    questions: int = Field(2000, ge=12, description="questions of the pool")
    visits: int = Field(8, ge=1, le=99, description="visits to each scene, its small objects spawned anew")
    views: int = Field(8, ge=1, description="natural pictures per visit that questions are chosen from")
    seed: int = Field(0, ge=0, description="seed of the questions")

"""The student: how it is fine-tuned, and how a base model is made."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from rls3.config.section import Section


class VlmConfig(Section):
    """The student and how it is fine-tuned."""

    base: str = Field("rls3-vilt-base", description="packaged base model, a folder, or a hub id")
    marked: bool | None = Field(
        None,
        description="outline the two objects asked about, subject red, reference blue; None: as the base model was "
        "made (the packaged ones expect it)",
    )
    learning_rate: float = Field(
        3e-4,
        gt=0,
        description="3e-4 suits the packaged models, 2e-4 adapters, 1e-5 large models whose weights all train",
    )
    weight_decay: float = Field(0.01, ge=0)
    lora_rank: int = Field(0, ge=0, description="generative students: rank of low-rank adapters; 0 = all weights")
    gradient_checkpointing: bool = Field(False, description="generative students: less memory, a third more time")
    batch_size: int = Field(32, ge=1, description="samples per forward and backward pass")
    accumulate: int = Field(1, ge=1, description="passes whose gradients make one step")
    gradient_clip: float = Field(1.0, ge=0, description="largest norm of a gradient; 0 = any")
    warmup_share: float = Field(
        0.1, ge=0, lt=1, description="share of a round's steps in which the learning rate rises from zero"
    )
    schedule: Literal["cosine", "constant"] = Field("cosine", description="learning rate after the rise")
    questions_per_picture: int = Field(
        1, ge=1, description="most questions a picture teaches: the one asked, then where else in view what is"
    )
    epochs: int = Field(4, ge=1, description="passes over a round's samples")
    patience: int = Field(
        0, ge=0, description="passes without a better accuracy on the early-stopping pool that end a fit; 0 = none do"
    )
    replay_share: float = Field(
        0.4, ge=0, lt=1, description="share of each round's training set drawn from earlier rounds"
    )
    rehearsal_share: float = Field(
        0.2,
        ge=0,
        lt=1,
        description="share of each round's training set drawn from what the base model was taught, where it brings "
        "some of that (the packaged ones do)",
    )
    precision: Literal["32-true", "bf16-mixed", "16-mixed"] = Field("32-true", description="Lightning precision")
    accelerator: Literal["cpu", "gpu", "auto"] = Field("cpu")
    devices: int = Field(
        1, ge=1, description="processes that share a step, a GPU each; a step then sees as many batches, one from each"
    )
    strategy: Literal["auto", "ddp"] = Field(
        "auto", description="'ddp': a process for each device, each with the whole model; 'auto': for several devices"
    )
    threads: int = Field(1, ge=1, description="torch threads of the trainer")

    @model_validator(mode="after")
    def _something_new(self) -> Self:
        if self.replay_share + self.rehearsal_share >= 1:
            raise ValueError(
                f"vlm.replay_share={self.replay_share:g} and vlm.rehearsal_share={self.rehearsal_share:g} leave no "
                "room for a round's own samples; they must add up to less than 1"
            )
        return self

    @field_validator("strategy", mode="before")
    @classmethod
    def _no_sharding(cls, strategy: str) -> str:
        if strategy == "fsdp":
            raise ValueError(
                "vlm.strategy='fsdp': sharded training is not offered: students are called part by part, which FSDP "
                "does not support; use 'ddp', and vlm.lora_rank or vlm.gradient_checkpointing for a model too large"
            )
        return strategy


class PretrainConfig(Section):
    """How `rls3 pretrain` makes a base model."""

    student: Literal["clip", "generative", "vilt"] = Field("vilt", description="family of the model")
    image_size: int = Field(64, ge=32, multiple_of=8, description="edge of the student's picture, pixels")
    spawns: int = Field(12, ge=1, description="re-spawns of the small objects per scene")
    views: int = Field(20, ge=1, description="pictures per spawn")
    steps: int = Field(6000, ge=1, description="gradient steps")

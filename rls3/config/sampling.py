"""Who chooses the edits, how it learns, and what it is paid for."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rls3.config.section import Section


class SamplerConfig(Section):
    """Who chooses the edits."""

    name: Literal["ppo", "random"] = Field("ppo", description="the sampler")
    episode_steps: int = Field(4, ge=1, le=64, description="edits made in a scene before it is changed")
    max_subjects: int = Field(8, ge=1, le=32, description="movable objects offered to the policy")
    max_references: int = Field(8, ge=1, le=32, description="reference objects offered to the policy")


class PpoConfig(Section):
    """RLlib PPO."""

    learning_rate: float = Field(2e-3, gt=0)
    hidden: int = Field(96, ge=8, description="width of the policy network")
    epochs: int = Field(4, ge=1, description="passes over each batch")
    minibatch: int = Field(64, ge=8, description="steps per gradient step")
    gamma: float = Field(0.0, ge=0, le=1, description="discount; 0: each edit is paid for its own sample")
    entropy: float = Field(0.02, ge=0, description="weight of the entropy bonus")
    clip: float = Field(0.2, gt=0, description="PPO's ratio clip")


class RewardConfig(Section):
    """r = v (a0 + m (a1 4p(1-p) + a2 weakness + a3 deficit)) - (1 - v) b; see rls3.sampling.rewards."""

    feasible: float = Field(0.1, ge=0, description="a0: paid for any valid sample")
    learnability: float = Field(1.0, ge=0, description="a1: paid for samples the VLM is unsure of")
    weakness: float = Field(1.0, ge=0, description="a2: paid for relations the VLM gets wrong")
    deficit: float = Field(1.0, ge=0, description="a3: paid for relations the run has few samples of")
    invalid: float = Field(0.5, ge=0, description="b: cost of an invalid edit")
    full_margin_deg: float = Field(15.0, gt=0, description="margin from which a label counts fully, degrees")

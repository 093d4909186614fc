"""Who chooses the edits, how it learns, and what it is paid for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from rls3.config.section import Section


class SamplerConfig(Section):
    """Who chooses the edits."""

    name: Literal["ppo", "random", "natural", "balanced", "hard", "bandit"] = Field("ppo", description="the sampler")
    episode_steps: int = Field(4, ge=1, le=64, description="edits made in a scene before it is changed")
    max_subjects: int = Field(8, ge=1, le=32, description="movable objects offered to the policy")
    max_references: int = Field(8, ge=1, le=32, description="reference objects offered to the policy")
    candidates: int = Field(
        48,
        ge=1,
        description="'balanced', 'bandit': legal edits drawn per step, of which one that suits the cell is made",
    )
    patience: int = Field(4, ge=1, description="'balanced': tries that count as one sample of their cell")
    discount: float = Field(0.9, gt=0, le=1, description="'bandit': weight of what a cell paid, per batch since")
    hard_share: float = Field(
        0.5, gt=0, le=1, description="'hard': share of a round's valid samples that trains, chosen by the VLM's loss"
    )

    @field_validator("name", mode="before")
    @classmethod
    def _no_sac(cls, name: str) -> str:
        if name == "sac":
            raise ValueError(
                "sampler.name='sac' is not offered: RLlib's SAC takes one Box or Discrete action and no action mask, "
                "and an edit is several masked choices; use 'ppo', or 'bandit' as the simpler learner"
            )
        return name


class PracticeConfig(Section):
    """`rls3 practise`: loop.rounds of loop.samples_per_round edits with each student."""

    students: int = Field(30, ge=1, description="drawn students that a policy meets one after another")


class PpoConfig(Section):
    """RLlib PPO."""

    start: Path | None = Field(
        None,
        description="begin with a policy instead of fresh weights, and keep learning: 'rls3-policy' (packaged), the "
        "folder of a run or of 'rls3 practise', or a checkpoint's policy folder",
    )
    learning_rate: float = Field(2e-3, gt=0)
    hidden: int = Field(96, ge=8, description="width of the policy network")
    epochs: int = Field(4, ge=1, description="passes over each batch")
    minibatch: int = Field(64, ge=8, description="steps per gradient step")
    gamma: float = Field(0.0, ge=0, le=1, description="discount; 0: each edit is paid for its own sample")
    entropy: float = Field(0.02, ge=0, description="weight of the entropy bonus")
    clip: float = Field(0.2, gt=0, description="PPO's ratio clip")
    uniform_share: float = Field(
        0.05, ge=0, lt=1, description="share of edits drawn uniformly instead, against collapse; not learned from"
    )


class RewardConfig(Section):
    """Weights of r = v (a0 + m (sum of a_k f_k)) - (1 - v) b; signals and published rewards: rls3.sampling.rewards."""

    feasible: float = Field(0.1, ge=0, description="a0: any valid sample")
    learnability: float = Field(1.0, ge=0, description="4p(1-p) of the VLM's probability of the right option")
    difficulty: float = Field(1.0, ge=0, description="1-p: how weak the VLM is at this very sample")
    weakness: float = Field(0.0, ge=0, description="error rate of the sample's terms and size on the feedback pool")
    learning_progress: float = Field(0.0, ge=0, description="how much the last fit changed accuracy in the cell")
    rho: float = Field(0.0, ge=0, description="loss less that of a model fine-tuned on the feedback pool")
    entropy: float = Field(0.0, ge=0, description="entropy of the VLM's answer")
    deficit: float = Field(0.5, ge=0, description="relation cells and sizes the run has few samples of")
    novelty: float = Field(0.5, ge=0, description="object types seldom seen together in this cell")
    terminal: float = Field(0.0, ge=0, description="a_T: mean difficulty of an episode, on its last step")
    invalid: float = Field(0.5, ge=0, description="b: cost of an invalid edit")
    full_margin_deg: float = Field(15.0, gt=0, description="margin from which a label counts fully, degrees")
    normalise: bool = Field(
        True, description="pay in deviations over the mean of the rewards so far by the same version of the VLM"
    )
    reference_epochs: int = Field(4, ge=1, description="passes over the feedback pool that make rho's second model")

"""The whole configuration: every section under the key it has in a file."""

from __future__ import annotations

import yaml
from pydantic import field_validator, model_validator

from rls3.config.compare import CompareConfig
from rls3.config.questions import EvaluationConfig, QuestionsConfig, SuiteConfig
from rls3.config.run import LoopConfig, RunConfig, RuntimeConfig, TrackingConfig
from rls3.config.sampling import PpoConfig, PracticeConfig, RewardConfig, SamplerConfig
from rls3.config.section import Section
from rls3.config.simulator import SimConfig
from rls3.config.validity import ValidityConfig
from rls3.config.vlm import PretrainConfig, VlmConfig


class Config(Section):
    """The whole configuration of `rls3 run`."""

    run: RunConfig = RunConfig()
    sim: SimConfig = SimConfig()
    validity: ValidityConfig = ValidityConfig()
    sampler: SamplerConfig = SamplerConfig()
    ppo: PpoConfig = PpoConfig()
    reward: RewardConfig = RewardConfig()
    vlm: VlmConfig = VlmConfig()
    loop: LoopConfig = LoopConfig()
    evaluation: EvaluationConfig = EvaluationConfig()
    suite: SuiteConfig = SuiteConfig()
    pretrain: PretrainConfig = PretrainConfig()
    practice: PracticeConfig = PracticeConfig()
    questions: QuestionsConfig = QuestionsConfig()
    tracking: TrackingConfig = TrackingConfig()
    runtime: RuntimeConfig = RuntimeConfig()
    compare: CompareConfig = CompareConfig()

    @field_validator("loop")
    @classmethod
    def _whole_batches(cls, loop: LoopConfig) -> LoopConfig:
        if loop.samples_per_round % loop.batch:
            raise ValueError(
                f"loop.samples_per_round={loop.samples_per_round} must be a multiple of loop.batch={loop.batch}"
            )
        return loop

    @model_validator(mode="after")
    def _rewards_that_reach_the_policy(self) -> Config:
        if self.reward.rho and self.runtime.scorers:
            raise ValueError(
                f"reward.rho={self.reward.rho:g} needs the trainer to score, which holds the second model, and "
                f"runtime.scorers={self.runtime.scorers}; set one of them to 0"
            )
        if self.reward.terminal and self.sampler.name == "ppo" and not self.ppo.gamma:
            raise ValueError(
                f"reward.terminal={self.reward.terminal:g} is paid on an episode's last step, and ppo.gamma=0 lets "
                "none of it reach the earlier ones; set ppo.gamma, for example 0.99"
            )
        return self

    def to_yaml(self) -> str:
        """The resolved configuration as YAML that `load_config` reads back to an equal object."""
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False)

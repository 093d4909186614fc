"""The typed run configuration: frozen sections, defaults with their reasons, files merged left to right.

Each field says its unit. Reading a run's `config.yaml` back reproduces the run. A section stands in the module of its
concern; everybody imports it from here.
"""

from rls3.config.compare import CompareConfig
from rls3.config.config import Config
from rls3.config.loading import load_config, with_settings
from rls3.config.questions import EvaluationConfig, QuestionsConfig, SuiteConfig
from rls3.config.run import LoopConfig, RunConfig, RuntimeConfig, TrackingConfig
from rls3.config.sampling import PpoConfig, PracticeConfig, RewardConfig, SamplerConfig
from rls3.config.simulator import SimConfig
from rls3.config.validity import RelationConfig, ValidityConfig
from rls3.config.vlm import PretrainConfig, VlmConfig

__all__ = [
    "CompareConfig",
    "Config",
    "EvaluationConfig",
    "LoopConfig",
    "PpoConfig",
    "PracticeConfig",
    "PretrainConfig",
    "QuestionsConfig",
    "RelationConfig",
    "RewardConfig",
    "RunConfig",
    "RuntimeConfig",
    "SamplerConfig",
    "SimConfig",
    "SuiteConfig",
    "TrackingConfig",
    "ValidityConfig",
    "VlmConfig",
    "load_config",
    "with_settings",
]

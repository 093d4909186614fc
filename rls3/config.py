"""The typed run configuration: frozen sections, defaults with their reasons, files merged left to right.

Each field says its unit. Reading a run's `config.yaml` back reproduces the run.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from rls3.errors import ConfigError, nearest

QuestionFamily = Literal["direction", "perspective", "support", "between", "nearness", "size", "count", "change"]
QuestionKind = Literal["multiple_choice", "yes_no", "caption_choice", "open"]


class Section(BaseModel):
    """A frozen part of the configuration; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class RunConfig(Section):
    """What the run is called and where it writes."""

    name: str = Field("run", pattern=r"^[\w.-]+$", description="names the output folder and the MLflow run")
    output: Path = Field(Path("runs"), description="folder under which the run's own folder is made")
    seed: int = Field(0, ge=0, lt=2**31, description="the only source of randomness")


class SimConfig(Section):
    """The simulator behind the AI2-THOR client."""

    engine: Literal["embedded", "unity"] = Field("embedded", description="which program the client starts")
    executable: Path | None = Field(None, description="engine program; None = rls3-engine or AI2-THOR's own build")
    commit_id: str | None = Field(None, description="AI2-THOR build to download, engine 'unity' only")
    platform: Literal["CloudRendering", "Linux64"] = Field("CloudRendering", description="Unity build's platform")
    asset_database: Path | None = Field(None, description="ProcTHOR asset table: true sizes for houses")
    mesh_pack: Path | None = Field(None, description="folder of OBJ or GLB meshes with meshes.json, engine 'embedded'")
    scenes: tuple[str, ...] = Field(("train",), description="scene names, house files (*.json), or 'train'")
    width: int = Field(224, ge=32, le=4096, description="picture width, pixels")
    height: int = Field(224, ge=32, le=4096, description="picture height, pixels")
    field_of_view: float = Field(60.0, gt=0, lt=180, description="vertical, degrees")
    grid_size: float = Field(0.25, gt=0, le=5, description="spacing of reachable positions, metres")
    actors: int = Field(2, ge=1, description="simulator actors (each hosts its own controllers)")
    slots_per_actor: int = Field(2, ge=1, description="scenes, hence controllers, per actor")
    start_timeout_s: float = Field(120.0, gt=0, description="longest wait for an engine to start, seconds")
    step_timeout_s: float = Field(60.0, gt=0, description="longest wait for one step, seconds")


class RelationConfig(Section):
    """Where the boundaries of the spatial words lie."""

    diagonal_from_deg: float = Field(
        22.5, gt=0, lt=45, description="angle off an axis from which a diagonal holds; 22.5: eight equal sectors"
    )
    vertical_from_deg: float = Field(20.0, gt=0, lt=90, description="elevation from which above or below joins")
    vertical_cone_deg: float = Field(
        15.0, ge=0, lt=90, description="angle to the vertical within which above or below stands alone"
    )
    contact_m: float = Field(
        0.03,
        gt=0,
        le=0.2,
        description="gap or overlap at which boxes still touch, metres; AI2-THOR's resting objects stay within 2 cm",
    )
    under_within_m: float = Field(
        0.8, gt=0, description="height over an object within which what hangs there has it under itself, metres"
    )
    distance_bands_m: tuple[float, ...] = Field(
        (1.0, 2.0, 3.0, 4.0), min_length=1, description="ends of the distance bands, ascending, metres"
    )

    @field_validator("distance_bands_m")
    @classmethod
    def _ascending(cls, ends: tuple[float, ...]) -> tuple[float, ...]:
        if ends[0] <= 0 or any(nearer >= farther for nearer, farther in itertools.pairwise(ends)):
            raise ValueError("the ends of distance bands must be over 0 and ascend, for example [1, 2, 3, 4]")
        return ends

    @model_validator(mode="after")
    def _room_between(self) -> Self:
        if self.vertical_from_deg + self.vertical_cone_deg >= 90:
            raise ValueError(
                f"vertical_from_deg={self.vertical_from_deg:g} and vertical_cone_deg={self.vertical_cone_deg:g} of the "
                "validity section must add up to less than 90: between them above and below join other terms"
            )
        return self


class ValidityConfig(RelationConfig):
    """When a picture and its label may teach a model, and where the words' boundaries lie.

    The shares of the picture are what a small VLM's patches can show; the margins keep every label well away from where
    people would begin to differ.
    """

    min_pixels_share: float = Field(
        0.004, ge=0, le=1, description="least share of the picture an object must fill; 0.004: 14 x 14 pixels of 224"
    )
    max_pixels_share: float = Field(
        0.5, gt=0, le=1, description="largest share an object may fill; more is a background, not a thing"
    )
    max_occlusion: float = Field(
        0.6, ge=0, le=1, description="largest hidden share of an object's projected box, which is never full itself"
    )
    max_cut_share: float = Field(
        0.35, ge=0, le=1, description="largest share of an object's projected box outside the picture"
    )
    sparsest_silhouette: float = Field(
        0.25, gt=0, le=1, description="share of its own pixel box that an unhidden lamp or stool fills at least"
    )
    max_distance_m: float = Field(6.0, gt=0, description="farthest an object may be from the camera, metres")
    max_penetration_m: float = Field(
        0.02, ge=0, description="deepest two boxes may be in each other, metres; boxes are a little larger than things"
    )
    min_margin_deg: float = Field(5.0, ge=0, lt=22.5, description="least angle to a relation boundary, degrees")
    min_contact_margin_m: float = Field(
        0.015, ge=0, description="least distance to where on, under, in or touching would change, metres"
    )
    min_between_margin_m: float = Field(
        0.05, ge=0, description="least distance to the edge of the gap between two objects, metres"
    )
    min_nearer_m: float = Field(
        0.2, ge=0, description="least difference of distances, and to a band's end, metres; less is not seen in a room"
    )
    min_size_ratio: float = Field(
        0.3, ge=0, description="least excess in length or height of the bigger; 0.3: 1.3 times, over twice the volume"
    )
    min_moved_m: float = Field(0.1, gt=0, description="least way of an object or the camera that shows, metres")


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


class VlmConfig(Section):
    """The student and how it is fine-tuned."""

    base: str = Field("rls3-vilt-base", description="packaged base model, a folder, or a hub id")
    learning_rate: float = Field(2e-4, gt=0)
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
    epochs: int = Field(4, ge=1, description="passes over a round's samples")
    replay_share: float = Field(
        0.5, ge=0, lt=1, description="share of each round's training set drawn from earlier rounds"
    )
    precision: Literal["32-true", "bf16-mixed", "16-mixed"] = Field("32-true", description="Lightning precision")
    accelerator: Literal["cpu", "gpu", "auto"] = Field("cpu")
    threads: int = Field(1, ge=1, description="torch threads of the trainer")


class LoopConfig(Section):
    """Rounds of the main job."""

    rounds: int = Field(4, ge=1)
    samples_per_round: int = Field(128, ge=1, description="edits tried per round, valid or not")
    batch: int = Field(64, ge=1, description="edits per policy update and scoring call")
    max_reward_lag: int = Field(0, ge=0, le=4, description="batches collected ahead of their rewards")


class EvaluationConfig(Section):
    """The held-out suite: scenes that no sample comes from."""

    questions: int = Field(240, ge=12, description="questions of each of the two pools")
    scenes: int = Field(20, ge=1, le=20, description="scenes of each pool that are visited")
    views: int = Field(5, ge=1, description="natural pictures per scene that questions are chosen from")
    edits: int = Field(16, ge=1, description="random edits per scene that questions on rearranged scenes come from")
    seed: int = Field(20_000, ge=0, description="seed of the suite, apart from the run's")


class PretrainConfig(Section):
    """How `rls3 pretrain` makes a base model."""

    image_size: int = Field(64, ge=32, multiple_of=8, description="edge of the student's picture, pixels")
    spawns: int = Field(12, ge=1, description="re-spawns of the small objects per scene")
    views: int = Field(20, ge=1, description="pictures per spawn")
    steps: int = Field(6000, ge=1, description="gradient steps")


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


class TrackingConfig(Section):
    """MLflow."""

    uri: str | None = Field(None, description="tracking URI; None = sqlite file mlflow.db in run.output")
    experiment: str = Field("rls3", min_length=1)


class RuntimeConfig(Section):
    """Where the parts of the loop live."""

    mode: Literal["local", "ray"] = Field("ray", description="'local' = everything in the calling process")
    address: str | None = Field(None, description="Ray cluster; None = the job's own cluster or a new local one")
    object_store_mb: int = Field(300, ge=80, description="object store of a new local cluster, MiB")
    cpus_per_actor: float = Field(0.5, ge=0, description="CPUs each actor reserves; actors mostly wait for each other")
    resources_timeout_s: float = Field(
        60.0, ge=0, description="longest wait for a cluster that is still growing, seconds"
    )
    sim_gpus: float = Field(0.0, ge=0, description="GPUs per simulator actor")
    trainer_gpus: float = Field(0.0, ge=0, description="GPUs of the trainer actor")
    stream_window: int = Field(4, ge=1, description="sample batches a simulator actor may be ahead of the loop")


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
    pretrain: PretrainConfig = PretrainConfig()
    questions: QuestionsConfig = QuestionsConfig()
    tracking: TrackingConfig = TrackingConfig()
    runtime: RuntimeConfig = RuntimeConfig()

    @field_validator("loop")
    @classmethod
    def _whole_batches(cls, loop: LoopConfig) -> LoopConfig:
        if loop.samples_per_round % loop.batch:
            raise ValueError(
                f"loop.samples_per_round={loop.samples_per_round} must be a multiple of loop.batch={loop.batch}"
            )
        return loop

    def to_yaml(self) -> str:
        """The resolved configuration as YAML that `load_config` reads back to an equal object."""
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False)


def load_config(files: Sequence[Path], overrides: Sequence[str] = ()) -> Config:
    """Merge YAML files left to right, then `section.key=value` overrides, and check the result.

    Args:
        files: YAML files; later ones win.
        overrides: texts such as "loop.rounds=2"; values are parsed as YAML.

    Raises:
        ConfigError: a missing or malformed file, an unknown key, a wrong value.
    """
    merged: dict[str, Any] = {}
    for path in files:
        _merge(merged, _read_yaml(path))
    for text in overrides:
        _merge(merged, _parse_override(text))
    source = ", ".join(str(path) for path in files) or "defaults"
    return _validated(merged, source if not overrides else f"{source} and --set")


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        shipped = ", ".join(sorted(str(p) for p in Path("configs").glob("*.yaml"))) or "none in ./configs"
        raise ConfigError(f"configuration file '{path}' does not exist; files here: {shipped}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"configuration file '{path}' cannot be read: {error}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"'{path}' is not YAML: {' '.join(str(error).split())}") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigError(f"'{path}' must hold sections such as 'loop:', not a {type(content).__name__}")
    return content


def _parse_override(text: str) -> dict[str, Any]:
    key, equals, value = text.partition("=")
    names = key.strip().split(".")
    if key.strip() == "seed":  # the one key everybody sets; it lives in the run section
        names = ["run", "seed"]
    if not equals or len(names) != 2 or not all(names):
        raise ConfigError(f"--set '{text}' must look like section.key=value, for example loop.rounds=2")
    try:
        parsed = yaml.safe_load(value)
    except yaml.YAMLError:
        raise ConfigError(f"--set '{text}': the value is not YAML; quote it") from None
    return {names[0]: {names[1]: parsed}}


def _merge(into: dict[str, Any], new: Mapping[str, Any]) -> None:
    for key, value in new.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = dict(value) if isinstance(value, Mapping) else value


def _validated(values: dict[str, Any], source: str) -> Config:
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError("; ".join(_explain(problem) for problem in error.errors()) + f" (in {source})") from None


def _explain(problem: Any) -> str:
    path = [str(part) for part in problem["loc"]]
    where = ".".join(path)
    if problem["type"] == "extra_forbidden":
        allowed = _keys_of(path[:-1])
        return f"unknown key '{where}'{nearest(path[-1], allowed)}; allowed: {', '.join(allowed)}"
    message = problem["msg"].removeprefix("Value error, ")
    return f"{where}={problem['input']!r}: {message}" if path and problem["type"] != "value_error" else message


def _keys_of(path: Sequence[str]) -> list[str]:
    model: type[BaseModel] = Config
    for name in path:
        annotation = model.model_fields[name].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return []
        model = annotation
    return list(model.model_fields)

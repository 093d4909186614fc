"""The run as a whole: its name and seed, its rounds, where its parts live and where it is tracked."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from rls3.config.section import Section


class RunConfig(Section):
    """What the run is called and where it writes."""

    name: str = Field("run", pattern=r"^[\w.-]+$", description="names the output folder and the MLflow run")
    output: Path = Field(Path("runs"), description="folder under which the run's own folder is made")
    seed: int = Field(0, ge=0, lt=2**31, description="the only source of randomness")


class LoopConfig(Section):
    """Rounds of the main job."""

    rounds: int = Field(4, ge=1)
    samples_per_round: int = Field(128, ge=1, description="edits tried per round, valid or not")
    batch: int = Field(64, ge=1, description="edits per policy update and scoring call")
    cell_share: float = Field(
        0.25,
        gt=0,
        le=1,
        description="largest share of one relation cell in a round's training set; the rest is left out",
    )
    max_reward_lag: int = Field(0, ge=0, le=4, description="batches collected ahead of their rewards")


class TrackingConfig(Section):
    """MLflow."""

    uri: str | None = Field(None, description="tracking URI; None = sqlite file mlflow.db in run.output")
    experiment: str = Field("rls3", min_length=1)
    parent_run: str | None = Field(None, description="id of the MLflow run that shows this one under itself")


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
    scorers: int = Field(
        0, ge=0, description="actors that score while the trainer trains, useful from max_reward_lag 1; 0 = it scores"
    )
    scorer_gpus: float = Field(0.0, ge=0, description="GPUs per scorer actor")
    stream_window: int = Field(4, ge=1, description="sample batches a simulator actor may be ahead of the loop")

"""The simulator: which program, which scenes, which camera, how many."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from rls3.config.section import Section


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

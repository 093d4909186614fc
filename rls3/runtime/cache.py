"""Where generated questions are kept: in the user's cache, a folder for each combination of what decides them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import rls3
from rls3.config import Config
from rls3.errors import ConfigError

_PLACE_ONLY = {"actors", "slots_per_actor", "start_timeout_s", "step_timeout_s", "scenes"}
"""Settings of `sim` that change no picture of a held-out room."""
OFFERED = ("max_subjects", "max_references")
"""Settings of `sampler` that decide what random edits of held-out rooms choose from."""
_FILES = ("executable", "asset_database", "mesh_pack")
"""Settings of `sim` that name files, which may be other ones tomorrow."""
_LIBRARIES = ("ai2thor", "mujoco", "numpy", "rls3", "warp-lang")
CODE = (
    *("assets", "engine", "scene", "thor", "samples"),
    *("benchmarks/strata.py", "sampling/choices.py", "sampling/offer.py", "sampling/simulator.py"),
    *("runtime/asking.py", "runtime/suite.py", "runtime/suite_files.py"),
)
"""Folders and modules of this package that the questions depend on: a working tree changes without its version."""


def deciding(config: Config, section: Literal["evaluation", "suite"]) -> dict[str, Any]:
    """Everything that decides the held-out questions of a section, as JSON values."""
    sim = config.sim.model_dump(mode="json", exclude=_PLACE_ONLY)
    return {
        **config.model_dump(mode="json", include={section, "validity"}),
        "sim": sim,
        "files": {name: _stamps(Path(sim[name])) for name in _FILES if sim[name]},
        "offered": {key: getattr(config.sampler, key) for key in OFFERED},
        "versions": {name: version(name) for name in _LIBRARIES},
        "code": _digest([path.read_text(encoding="utf-8") for path in code_files()]),
    }


def cached(kind: str, settings: dict[str, Any], seed: int) -> Path:
    """The folder in the user's cache for these settings; made when it is not there.

    Args:
        kind: what lies in it.
        settings: of `deciding`.
        seed: of the questions, for the folder's name.

    Raises:
        ConfigError: the cache cannot be written.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    name = f"{settings['sim']['engine']}-{settings['versions']['rls3']}-seed{seed}-{_digest(settings)}"
    folder = cache / "rls3" / kind / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".lock").touch()
    except OSError as error:
        raise ConfigError(
            f"cannot keep held-out questions in '{folder}': {error.strerror}; let XDG_CACHE_HOME name a writable folder"
        ) from None
    return folder


def code_files() -> Iterator[Path]:
    """The modules of `CODE`, in the order of their names."""
    package = Path(rls3.__file__).parent
    for part in CODE:
        yield from sorted((package / part).rglob("*.py")) if (package / part).is_dir() else [package / part]


def _stamps(path: Path) -> list[list[str | int]]:
    """Name, size and time of change of a file, or of all files in a folder."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [[str(file), file.stat().st_size, file.stat().st_mtime_ns] for file in files if file.is_file()]


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]

"""`rls3 doctor`: what this machine can run, what is missing, and the cure for each; one picture as proof."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from rls3.config import Config
from rls3.errors import Rls3Error

_PACKAGES = ("ray", "ai2thor", "torch", "transformers", "pytorch-lightning", "mlflow", "pyarrow", "warp-lang", "mujoco")
_MIN_MEMORY_GIB = 6.0
_MIN_SHM_MIB = 512


@dataclass(frozen=True)
class Finding:
    """One examined thing.

    Attributes:
        what: its name.
        level: "ok", "note" (works, but know this) or "missing" (the main job cannot run).
        state: what was found.
        cure: what to do about it; "" when nothing needs doing.
    """

    what: str
    level: str
    state: str
    cure: str = ""


def examine(config: Config, picture: Path) -> int:
    """Print the findings, render one picture through the real Controller; returns 0, or 1 when the job cannot run."""
    findings = [*_python(), *_machine(), *_torch(), *_base_model(config), _engine(config, picture)]
    table = Table(title="rls3 doctor", title_justify="left")
    for heading in ("", "what", "found", "cure"):
        table.add_column(heading, overflow="fold")
    marks = {"ok": "[green]ok[/]", "note": "[yellow]note[/]", "missing": "[red]missing[/]"}
    for finding in findings:
        table.add_row(marks[finding.level], finding.what, finding.state, finding.cure)
    Console().print(table)
    return int(any(finding.level == "missing" for finding in findings))


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    supported = (3, 11) <= sys.version_info[:2] < (3, 13)
    yield Finding("python", "ok" if supported else "note", version, "" if supported else "use Python 3.11 or 3.12")
    for package in _PACKAGES:
        try:
            yield Finding(package, "ok", importlib.metadata.version(package))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(package, "missing", "not installed", "run `make setup`")


def _machine() -> Iterator[Finding]:
    cores = len(os.sched_getaffinity(0))
    yield Finding("processor cores", "ok" if cores >= 2 else "note", str(cores), "" if cores >= 2 else "slow: use two")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    enough = memory >= _MIN_MEMORY_GIB
    yield Finding(
        "memory",
        "ok" if enough else "note",
        f"{memory:.0f} GiB",
        "" if enough else "set sim.actors=1 and sim.slots_per_actor=1",
    )
    shm = shutil.disk_usage("/dev/shm").total / 2**20 if Path("/dev/shm").exists() else 0
    yield Finding(
        "shared memory",
        "ok" if shm >= _MIN_SHM_MIB else "note",
        f"{shm:.0f} MiB in /dev/shm",
        "" if shm >= _MIN_SHM_MIB else "start the container with --shm-size=2g",
    )
    home = Path.home()
    writable = os.access(home, os.W_OK)
    yield Finding(
        "home folder",
        "ok" if writable else "note",
        f"{home} {'is' if writable else 'is not'} writable",
        "" if writable else "the AI2-THOR client writes there; set HOME to a writable folder",
    )


def _torch() -> Iterator[Finding]:
    import torch

    if torch.cuda.is_available():
        yield Finding("GPU", "ok", torch.cuda.get_device_name(0))
    else:
        yield Finding(
            "GPU", "note", "none that torch can use", "not needed: the embedded engine and VLM run on the CPU"
        )


def _base_model(config: Config) -> Iterator[Finding]:
    from rls3.vlm.student import load_student

    try:
        load_student(config.vlm)
    except Rls3Error as error:
        yield Finding("base VLM", "missing", config.vlm.base, str(error))
    else:
        yield Finding("base VLM", "ok", config.vlm.base)


def _engine(config: Config, picture: Path) -> Finding:
    from PIL import Image

    from rls3.thor.doctor import check_engine

    try:
        proof = check_engine(config.sim)
        Image.fromarray(proof.picture).save(picture)
    except Rls3Error as error:
        return Finding("scene engine", "missing", f"engine '{config.sim.engine}' did not render", str(error))
    except OSError as error:
        return Finding("scene engine", "missing", f"cannot write '{picture}'", f"{error.strerror}; see --picture")
    return Finding(
        "scene engine",
        "ok",
        f"{proof.engine.name} {proof.engine.version}: started in {proof.start_s:.1f} s, "
        f"{proof.frames_per_s:.0f} pictures/s; proof in {picture}",
    )

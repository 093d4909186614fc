"""The manifest of a comparison: what it is, made by what, and its cells; written once, then only added to."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rls3.config import CompareConfig, Config, with_settings
from rls3.errors import ConfigError
from rls3.runtime.compare_grid import Cell
from rls3.tracking.mlflow_run import tracking_uri

MANIFEST = "comparison.json"


@dataclass(frozen=True)
class Invocation:
    """One time that somebody worked on the comparison.

    Attributes:
        command: the command line.
        version: of this package.
        commit: of the git checkout that the package lies in, "-dirty" behind it when files differ; None outside of one.
        started: time, ISO 8601.
    """

    command: str
    version: str
    commit: str | None
    started: str

    @classmethod
    def now(cls, command: str, started: str) -> Invocation:
        """By the package as it is."""
        return cls(command, version("rls3"), _commit(), started)


@dataclass(frozen=True)
class Manifest:
    """What a comparison is; whoever goes on with it may add arms, students and seeds, and change nothing else.

    Attributes:
        config: what all cells share, as in a configuration file, without the sections run, tracking and compare.
        arms, students: name -> all settings on top of `config`.
        seeds: of every arm and student.
        weights: student -> SHA-256 of the base model's parameters.
        parent_run: the comparison's run in MLflow; None before it was made.
        tracking: MLflow's URI and experiment.
        invocations: the first made the folder, others went on.
    """

    config: Mapping[str, Any]
    arms: Mapping[str, Mapping[str, Any]]
    students: Mapping[str, Mapping[str, Any]]
    seeds: tuple[int, ...]
    weights: Mapping[str, str]
    parent_run: str | None
    tracking: Mapping[str, str]
    invocations: tuple[Invocation, ...]

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """The manifest of a comparison's folder; None when there is none.

        Raises:
            ConfigError: it is damaged.
        """
        try:
            return _MANIFEST.validate_json((folder / MANIFEST).read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise ConfigError(f"'{folder / MANIFEST}' is damaged: {error.error_count()} fields are wrong") from None

    def write(self, folder: Path) -> None:
        """Replace the folder's manifest, whole or not at all."""
        hidden = folder / f".{MANIFEST}.part"
        hidden.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")
        hidden.replace(folder / MANIFEST)

    def joined(self, new: Manifest, folder: Path) -> Manifest:
        """This manifest with what `new` adds to it.

        Raises:
            ConfigError: `new` is another comparison.
        """
        pairs = [(f"{section}.{key}", values.get(key), new.config.get(section, {}).get(key))
                 for section, values in self.config.items() for key in values]  # fmt: skip
        for where, old_named, new_named in (
            ("compare.arms.", self.arms, new.arms),
            ("compare.students.", self.students, new.students),
            ("weights of ", self.weights, new.weights),
            ("tracking.", self.tracking, new.tracking),
        ):
            pairs += [(where + name, old_named[name], new_named[name]) for name in old_named if name in new_named]
        for key, old, now in pairs:
            if old != now:
                raise ConfigError(
                    f"'{folder}' holds another comparison: {key} was {old!r} there and is {now!r} now; choose another "
                    "--out, or give what it was begun with (arms, students and seeds may be added)"
                )
        return replace(
            self,
            arms={**self.arms, **new.arms},
            students={**self.students, **new.students},
            seeds=tuple(sorted({*self.seeds, *new.seeds})),
            weights={**self.weights, **new.weights},
            invocations=(*self.invocations, *new.invocations),
        )

    def cells(self, folder: Path) -> list[Cell]:
        """All cells, one seed after another, so that a comparison stopped early has whole seeds.

        Raises:
            ConfigError: settings that fit together with no configuration, or two cells of one name.
        """
        found = [
            Cell(arm, student, self._config_of(folder, arm, student, seed))
            for seed in self.seeds
            for student in self.students
            for arm in self.arms
        ]
        names = [cell.name for cell in found]
        doubled = next((name for name in names if names.count(name) > 1), None)
        if doubled is not None:
            raise ConfigError(f"two cells of the comparison would be called '{doubled}'; rename an arm or a student")
        return found

    def _config_of(self, folder: Path, arm: str, student: str, seed: int) -> Config:
        shared = {f"{section}.{key}": value for section, values in self.config.items() for key, value in values.items()}
        settings = {
            **shared,
            **self.arms[arm],
            **self.students[student],
            "run.name": f"{_plain(arm)}-{_plain(student)}-seed{seed}",
            "run.output": str(folder / "cells"),
            "run.seed": seed,
            "tracking.parent_run": self.parent_run,
            **{f"tracking.{key}": value for key, value in self.tracking.items()},
        }
        return with_settings(Config(), settings, f"arm '{arm}' with student '{student}'")


_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)


def new_manifest(
    config: Config, compare: CompareConfig, weights: Mapping[str, str], invocation: Invocation
) -> Manifest:
    """The manifest of a comparison that begins.

    Args:
        config: the configuration; its run.output is the comparison's folder.
        compare: of `chosen`.
        weights: student -> SHA-256 of the base model's parameters.
        invocation: this one.
    """
    shared = config.model_dump(mode="json", exclude={"run", "tracking", "compare"})
    return Manifest(
        config=shared,
        arms=compare.arms,
        students=compare.students,
        seeds=tuple(range(config.run.seed, config.run.seed + compare.seeds)),
        weights=weights,
        parent_run=None,
        tracking={"uri": tracking_uri(config), "experiment": config.tracking.experiment},
        invocations=(invocation,),
    )


def _plain(name: str) -> str:
    """A name as part of a folder's."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.")


def _commit() -> str | None:
    file = Path(__file__)
    try:
        _git(file.parent, "ls-files", "--error-unmatch", file.name)  # else the checkout is somebody else's
        changed = _git(file.parent, "status", "--porcelain", "--untracked-files=no")
        return _git(file.parent, "rev-parse", "HEAD") + ("-dirty" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()

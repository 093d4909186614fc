"""The folder of a run: who may write to it, where things lie in it, and where a stopped run goes on."""

from __future__ import annotations

import fcntl
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from pydantic import TypeAdapter, ValidationError

from rls3.config import Config, load_config
from rls3.errors import ConfigError
from rls3.samples.scores import Evaluation
from rls3.tracking.records import RoundRecord

_CHECKPOINT = "checkpoint"


@dataclass(frozen=True)
class Progress:
    """What a resumed run must know.

    Attributes:
        rounds: the finished rounds.
        before: accuracy on the report pool before the first round.
        feedback: latest accuracy on the feedback pool.
        mlflow_run_id: the run to go on with.
    """

    rounds: tuple[RoundRecord, ...]
    before: Evaluation
    feedback: Evaluation
    mlflow_run_id: str


_PROGRESS: TypeAdapter[Progress] = TypeAdapter(Progress)


class RunFolder:
    """A run's folder, locked by this process until `close`."""

    def __init__(self, path: Path, lock: TextIO) -> None:
        self.path, self._lock = path, lock

    @classmethod
    def create(cls, config: Config) -> RunFolder:
        """Make `<run.output>/<run.name>`, or the first of `-2`, `-3`, ... that is free, and write the configuration.

        Raises:
            ConfigError: the output folder cannot be written.
        """
        base, number = config.run.output.resolve() / config.run.name, 1
        path = base
        while True:
            try:
                path.mkdir(parents=True)
                break
            except FileExistsError:
                number += 1
                path = base.with_name(f"{base.name}-{number}")
            except OSError as error:
                raise ConfigError(
                    f"cannot make the run's folder '{path}': {error.strerror}; change run.output to a writable folder"
                ) from None
        (path / "config.yaml").write_text(config.to_yaml(), encoding="utf-8")
        return cls(path, locked(path))

    @classmethod
    def open(cls, path: Path) -> tuple[RunFolder, Config]:
        """Open a stopped run's folder with the configuration it was started with.

        Raises:
            ConfigError: no run's folder, or another process is writing to it.
        """
        path = path.resolve()
        if not (path / "config.yaml").is_file():
            raise ConfigError(f"'{path}' is not the folder of a run (it has no config.yaml); --resume takes one")
        return cls(path, locked(path)), load_config([path / "config.yaml"])

    @property
    def samples(self) -> Path:
        """Parquet shards and their manifest."""
        return self.path / "samples"

    @property
    def pictures(self) -> Path:
        """Contact sheets and curves."""
        return self.path / "pictures"

    @property
    def report(self) -> Path:
        """The HTML report."""
        return self.path / "report.html"

    @property
    def policy_checkpoint(self) -> Path:
        """The sampler's part of the last checkpoint."""
        return self.path / _CHECKPOINT / "policy"

    @property
    def student_checkpoint(self) -> Path:
        """The trainer's part of the last checkpoint."""
        return self.path / _CHECKPOINT / "student"

    def new_checkpoint(self) -> Path:
        """An empty folder that becomes the checkpoint with `commit_checkpoint`."""
        hidden = self.path / f".{_CHECKPOINT}.part"
        shutil.rmtree(hidden, ignore_errors=True)
        hidden.mkdir()
        return hidden

    def commit_checkpoint(self, hidden: Path, progress: Progress) -> None:
        """Replace the last checkpoint by this one; a crash leaves the old or the new, never a mixture."""
        (hidden / "progress.json").write_text(json.dumps(asdict(progress), indent=1), encoding="utf-8")
        old = self.path / f".{_CHECKPOINT}.old"
        shutil.rmtree(old, ignore_errors=True)
        current = self.path / _CHECKPOINT
        if current.exists():
            current.rename(old)
        hidden.rename(current)
        shutil.rmtree(old, ignore_errors=True)

    def progress(self) -> Progress:
        """What the last checkpoint knows.

        Raises:
            ConfigError: there is none, or it is damaged.
        """
        old = self.path / f".{_CHECKPOINT}.old"
        if old.exists() and not (self.path / _CHECKPOINT).exists():
            old.rename(self.path / _CHECKPOINT)
        progress = read_progress(self.path)
        if progress is None:
            raise ConfigError(f"'{self.path}' stopped before its first round ended: nothing to resume; start it anew")
        return progress

    def close(self) -> None:
        """Let others have the folder."""
        self._lock.close()


def read_progress(path: Path) -> Progress | None:
    """What the last checkpoint of a run's folder knows; None when there is none. Looks only, so a run may be going on.

    Raises:
        ConfigError: it is damaged.
    """
    for name in (_CHECKPOINT, f".{_CHECKPOINT}.old", _CHECKPOINT):  # once more: it may be replaced just now
        file = path / name / "progress.json"
        try:
            return _PROGRESS.validate_json(file.read_bytes())
        except FileNotFoundError:
            continue
        except ValidationError as error:
            raise ConfigError(f"'{file}' is damaged: {error.error_count()} fields are wrong") from None
    return None


def locked(path: Path, *, wait: bool = False) -> TextIO:
    """Lock a folder for this process until the file is closed.

    Args:
        path: the folder.
        wait: until whoever holds it has let go.

    Raises:
        ConfigError: another process holds it, and nobody wants to wait.
    """
    lock = (path / ".lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        lock.close()
        raise ConfigError(
            f"'{path}' is busy: another process is writing to it; stop that one, or choose another folder"
        ) from None
    return lock

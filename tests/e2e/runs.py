"""Starting whole runs, and reading what they left."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rls3.samples.ledger import Ledger
from rls3.samples.record import Sample

RLS3 = Path(sys.executable).with_name("rls3")


def start(*arguments: object) -> subprocess.Popen[str]:
    """Start `rls3 ...` in a process group of its own."""
    return subprocess.Popen(
        [str(RLS3), *(str(argument) for argument in arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=_hear_ctrl_c,
    )


def _hear_ctrl_c() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def finish(process: subprocess.Popen[str], timeout: float = 280) -> str:
    """Wait for a run to end well; returns what it printed."""
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        raise AssertionError(f"the run did not end within {timeout} s:\n{output}") from None
    assert process.returncode == 0, output
    return output


def samples(folder: Path) -> list[Sample]:
    """Every record of a run, after checking the shards against the manifest."""
    ledger = Ledger(folder / "samples")
    ledger.verify()
    return list(ledger.read())


def fingerprint(folder: Path) -> list[tuple[object, ...]]:
    """What must be equal when the same run is made again: ids, labels, rewards and pictures of all records."""
    return [
        (
            sample.sample_id,
            sample.question,
            sample.options,
            sample.answer,
            sample.terms,
            sample.invalid,
            None if sample.image is None else hashlib.sha256(sample.image.tobytes()).hexdigest(),
        )
        for sample in samples(folder)
    ]


def rounds(folder: Path) -> list[dict[str, object]]:
    """The finished rounds as the checkpoint knows them."""
    content: list[dict[str, object]] = json.loads((folder / "checkpoint" / "progress.json").read_text())["rounds"]
    return content


def curve(folder: Path) -> list[tuple[object, ...]]:
    """What a run's VLM did, to the last bit: every round's loss and accuracies, every sample's success and reward."""
    told = [(r["vlm_loss"], r["vlm_epochs"], r["report"], r["feedback"], r["reward_mean"]) for r in rounds(folder)]
    return told + [(s.sample_id, repr(s.success_probability), s.vlm_version, s.reward) for s in samples(folder)]


def engines_of(process: subprocess.Popen[str]) -> list[int]:
    """Process ids of the engine programs (not their supervisors) that a run has started, oldest first."""
    return _named("rls3.engine.program", process)


def calling(method: str, process: subprocess.Popen[str]) -> list[int]:
    """Process ids of a run's Ray actors that answer this call now, for example "TrainerActor.fit"."""
    return _named(f"ray::{method}", process)


def wait_until(condition: object, timeout: float = 120) -> None:
    """Poll a callable until it is true."""
    deadline = time.monotonic() + timeout
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def _named(command: str, process: subprocess.Popen[str]) -> list[int]:
    return sorted(pid for pid in _descendants(process.pid) if command in _read(pid, "cmdline"))


def _descendants(root: int) -> Iterator[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _read(int(entry.name), "stat")):
            parents[int(entry.name)] = int(stat.rsplit(")", 1)[1].split()[1])
    for pid in parents:
        above = pid
        while above in parents and above != root:
            above = parents[above]
        if above == root and pid != root:
            yield pid


def _read(pid: int, name: str) -> str:
    try:
        return (Path("/proc") / str(pid) / name).read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""

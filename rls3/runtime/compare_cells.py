"""Runs cells of a comparison side by side, each in a process of its own, and tells what became of each.

A cell's process is deaf to the terminal's Ctrl-C; it stops, as a run does on Ctrl-C, when its end of the pipe closes:
because the parent was interrupted, or because the parent is gone.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from rls3.errors import Rls3Error
from rls3.runtime.compare_grid import Cell
from rls3.runtime.folder import RunFolder

_POLL_S = 2.0
_STOP_S = 120.0
"""Longest wait for a cell to stop by itself: a step of the engine, or a batch of the trainer, and the clearing away."""
_DIED = "its process died (killed, or out of memory)"


@dataclass(frozen=True)
class Happened:
    """What was seen of a cell.

    Attributes:
        cell: which.
        rounds: finished so far.
        ended: whether its process ended.
        error: why it failed; None when it did not.
    """

    cell: Cell
    rounds: int
    ended: bool = False
    error: str | None = None


def run_cells(
    cells: Sequence[Cell], job: Callable[[Cell], None], *, processes: int, logs: Path
) -> Generator[Happened, None, None]:
    """Run unfinished cells in their order; yields when one starts, ends a round, or ends.

    Closing the iterator stops the cells as Ctrl-C stops a run.

    Args:
        cells: what is left of the grid.
        job: picklable; runs a cell, `run_cell`.
        processes: how many side by side.
        logs: folder of what the cells print, `<cell>.log`.
    """
    logs.mkdir(parents=True, exist_ok=True)
    waiting, running = list(cells), dict[Any, _Running]()
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                started = _Running(waiting.pop(0), job, logs)
                running[started.pipe] = started
                yield Happened(started.cell, started.rounds)
            for pipe in wait(list(running), timeout=_POLL_S):
                yield running.pop(pipe).ended()
            for each in running.values():
                if (rounds := each.cell.rounds) > each.rounds:
                    each.rounds = rounds
                    yield Happened(each.cell, rounds)
    finally:
        for each in running.values():
            each.pipe.close()
        for each in running.values():
            each.join()


def run_cell(cell: Cell) -> None:
    """Run a cell anew, or go on after its last finished round.

    Raises:
        Rls3Error: as `start_job` and `resume_job` do; another process is at it.
    """
    from rls3.runtime.job import resume_job, start_job

    if cell.rounds:
        resume_job(cell.folder)
        return
    if (cell.folder / "config.yaml").is_file():  # it stopped in its first round, of which nothing can be used
        RunFolder.open(cell.folder)[0].close()
        shutil.rmtree(cell.folder)
    start_job(cell.config)


class _Running:
    """A cell's process and our end of its pipe."""

    def __init__(self, cell: Cell, job: Callable[[Cell], None], logs: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self.cell, self.rounds = cell, cell.rounds
        self.pipe, theirs = context.Pipe()
        log = logs / f"{cell.name}.log"
        self.process = context.Process(target=_work, args=(theirs, cell, job, log), name=cell.name)
        self.process.start()
        theirs.close()

    def ended(self) -> Happened:
        """What it said at its end."""
        try:
            error = self.pipe.recv()
        except (EOFError, ConnectionError):
            error = _DIED
        self.join()
        self.pipe.close()
        return Happened(self.cell, self.cell.rounds, ended=True, error=error)

    def join(self) -> None:
        """Wait for the process to end, and end it when it does not."""
        self.process.join(timeout=_STOP_S)
        self.process.terminate()


def _work(pipe: Connection, cell: Cell, job: Callable[[Cell], None], log: Path) -> None:
    """The process of a cell."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with log.open("a", encoding="utf-8", buffering=1) as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
        threading.Thread(target=_stop_with_parent, args=(pipe,), daemon=True).start()
        error = None
        try:
            job(cell)
        except Rls3Error as refused:
            sys.stderr.write(f"error: {refused}\n")
            error = str(refused)
        except KeyboardInterrupt:
            sys.exit(130)
        except Exception as failure:  # whatever it is, the other cells go on and the report names it
            traceback.print_exc()
            error = f"{type(failure).__name__}: {' '.join(str(failure).split())[:300]}"
        with suppress(OSError):
            pipe.send(error)


def _stop_with_parent(pipe: Connection) -> None:
    with suppress(EOFError, ConnectionError):
        pipe.recv()
    main = threading.main_thread().ident
    if main is not None:
        signal.pthread_kill(main, signal.SIGINT)

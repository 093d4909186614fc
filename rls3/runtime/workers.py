"""Processes that each drive a simulator of their own, and whose results come back in the order of the jobs.

A worker ends when its end of the pipe closes, so that none outlives a killed parent; Ctrl-C is the parent's to answer.
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from rls3.config import SimConfig
from rls3.errors import EngineLostError
from rls3.thor.simulator import Simulator

Result = TypeVar("Result")

AHEAD = 3
"""Jobs that each worker may be ahead of the first unfinished one: bounds what waits in memory."""


class SimulatorWorkers(Generic[Result]):
    """Runs `job(simulator, number)` for number = first, first + 1, ... on several processes.

    Args:
        sim: every process has a simulator of this.
        job: picklable; its results may depend on the number alone, not on who ran it or what ran before.
        processes: how many.
    """

    def __init__(self, sim: SimConfig, job: Callable[[Simulator, int], Result], processes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipes: list[Any] = []
        self._processes = []
        for _ in range(processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, sim, job), name="simulator", daemon=True)
            process.start()
            theirs.close()
            self._pipes.append(ours)
            self._processes.append(process)

    def results(self, first: int) -> Iterator[Result]:
        """The results from job `first` on, in order, without end; a job's error is raised in its place.

        Raises:
            EngineLostError: a process died.
        """
        numbers = itertools.count(first)
        limit = AHEAD * len(self._pipes)
        done: dict[int, Result | Exception] = {}
        idle = list(self._pipes)
        pending = next(numbers)
        for wanted in itertools.count(first):
            while wanted not in done:
                while idle and pending < wanted + limit:
                    idle.pop().send(pending)
                    pending = next(numbers)
                for pipe in wait([pipe for pipe in self._pipes if pipe not in idle]):
                    number, result = _received(pipe)
                    done[number] = result
                    idle.append(pipe)
            result = done.pop(wanted)
            if isinstance(result, Exception):
                raise result
            yield result

    def close(self) -> None:
        """End all processes and their simulators."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join(timeout=10)
            process.kill()


def _received(pipe: Any) -> Any:
    try:
        return pipe.recv()
    except EOFError:
        raise EngineLostError("a simulator process died; give the same command again to go on after it") from None


def _work(pipe: Connection, sim: SimConfig, job: Callable[[Simulator, int], Any]) -> None:
    """Loop of one process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    simulator = Simulator(sim)
    try:
        with contextlib.suppress(EOFError, ConnectionError):  # the parent is gone
            while True:
                number = pipe.recv()
                try:
                    result: Any = job(simulator, number)
                except Exception as error:  # whatever it is, it must reach the parent, which waits for this number
                    result = error
                pipe.send((number, result))
    finally:
        simulator.close()

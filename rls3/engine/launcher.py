"""Starts the engine and tells the client at once when it dies.

The ai2thor client does not notice a dead engine on FIFO: it waits until its timeout, or for ever if the engine
never opened the reply pipe. This supervisor keeps the reply pipe open beside the engine and, when the engine ends
badly, writes one bare end-of-message frame, which the client turns into an error. It imports only the standard
library, so that it stands before the engine has loaded anything.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import struct
import sys
import time

END_OF_MESSAGE = struct.pack("!BI", 255, 0)
CHECK_SECONDS = 0.5
OPEN_RETRY_SECONDS = 0.02
#: A client that has not opened its request pipe yet does so within this time after it was told, seconds.
LATE_SECONDS = 5.0
PR_SET_PDEATHSIG = 1


def main(argv: list[str] | None = None) -> int:
    """Run the engine under supervision (entry point of `rls3-engine`).

    Args:
        argv: command line without the program's name; Unity's flags are accepted.

    Returns:
        The engine's exit status, 128 + signal number when a signal ended it.
    """
    arguments = sys.argv[1:] if argv is None else argv
    if "--version" in arguments:
        from importlib.metadata import version

        sys.stdout.write(f"rls3-engine {version('rls3')}\n")
        return 0
    command = [sys.executable, "-m", "rls3.engine.program", *arguments]
    if os.environ.get("AI2THOR_SERVER_TYPE") != "FIFO":
        os.execv(command[0], command)  # without pipes there is nothing to keep open
    client = os.getppid()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    engine = _start_engine(command)
    return _Supervisor(engine, client).watch()


def _start_engine(command: list[str]) -> int:
    """Fork the engine so that it dies with the supervisor; return its process id."""
    supervisor = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != supervisor:
        os._exit(1)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    return os.execv(command[0], command)


class _Supervisor:
    """Waits for the engine's end or for the client's, whichever comes first."""

    def __init__(self, engine: int, client: int) -> None:
        self._engine = engine
        self._client = client
        self._reply_pipe: int | None = None

    def watch(self) -> int:
        """Return the engine's exit status, after reporting a bad one to the client."""
        while True:
            pid, status = os.waitpid(self._engine, os.WNOHANG)
            if pid:
                break
            if self._client_gone():
                os.kill(self._engine, signal.SIGKILL)
                os.waitpid(self._engine, 0)
                return 0
            self._open_reply_pipe()
            wait = OPEN_RETRY_SECONDS if self._reply_pipe is None else CHECK_SECONDS
            signal.sigtimedwait({signal.SIGCHLD}, wait)
        code = os.waitstatus_to_exitcode(status)
        if code < 0:  # any other end explains itself
            sys.stderr.write(f"rls3-engine: signal {-code} ({signal.Signals(-code).name}) ended the engine\n")
            sys.stderr.flush()
        if code:
            self._report()
        return 128 - code if code < 0 else code

    def _client_gone(self) -> bool:
        return os.getppid() != self._client

    def _open_reply_pipe(self) -> None:
        if self._reply_pipe is not None:
            return
        try:
            self._reply_pipe = os.open(os.environ["AI2THOR_FIFO_SERVER_PIPE_PATH"], os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno not in (errno.ENXIO, errno.ENOENT):  # the client has not opened its end yet
                raise

    def _report(self) -> None:
        while self._reply_pipe is None and not self._client_gone():
            self._open_reply_pipe()
            time.sleep(OPEN_RETRY_SECONDS)
        if self._reply_pipe is None:
            return
        os.set_blocking(self._reply_pipe, True)
        try:
            os.write(self._reply_pipe, END_OF_MESSAGE)
        except BrokenPipeError:
            return
        self._drain_requests()

    def _drain_requests(self) -> None:
        """Keep the request pipe readable until the client closes it, so that its next send does not break."""
        try:
            requests = os.open(os.environ["AI2THOR_FIFO_CLIENT_PIPE_PATH"], os.O_RDONLY | os.O_NONBLOCK)
        except FileNotFoundError:
            return
        seen_writer = False
        deadline = time.monotonic() + LATE_SECONDS
        while not self._client_gone():
            try:
                data = os.read(requests, 1 << 16)
            except BlockingIOError:
                seen_writer = True
            else:
                if not data and (seen_writer or time.monotonic() > deadline):
                    return
                seen_writer = seen_writer or bool(data)
            time.sleep(OPEN_RETRY_SECONDS)


if __name__ == "__main__":
    sys.exit(main())

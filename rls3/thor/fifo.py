"""AI2-THOR's FIFO server, made to notice a dead or silent engine.

The client's own class waits its whole timeout on a dead engine, and for ever in three places: opening the reply pipe,
opening the request pipe, and writing a request larger than the pipe. The protocol is unchanged.
"""

from __future__ import annotations

import os
import select
import time
from typing import Any, NoReturn

from ai2thor.fifo_server import FifoServer

from rls3.errors import EngineLostError

CHECK_SECONDS = 0.2


class WatchedFifoServer(FifoServer):  # type: ignore[misc]
    """Raises `EngineLostError` within a second of the engine's death, and at the timeout wherever it would block."""

    unity_proc: Any
    server_pipe: Any
    client_pipe: Any
    timeout: float

    def receive(self, timeout: float | None = None) -> Any:
        """The engine's next reply as an ai2thor event.

        Args:
            timeout: seconds to wait; None = the one of construction.

        Raises:
            EngineLostError: the engine died, fell silent or reported a fatal error.
        """
        limit = self.timeout if timeout is None else timeout
        if self.server_pipe is None:
            # A reader may open a FIFO without waiting for the writer only in this mode.
            descriptor = os.open(self.server_pipe_path, os.O_RDONLY | os.O_NONBLOCK)
            self.server_pipe = os.fdopen(descriptor, "rb", buffering=0)
        metadata, files = self._recv_message(timeout=limit)
        if metadata is None:  # a bare end of message: the engine's supervisor says that it is gone
            self._lost("reported that it ended")
        return self.create_event(metadata, files)

    def _read_with_timeout(self, server_pipe: Any, message_size: int, timeout: float | None) -> bytes:
        deadline = time.monotonic() + (timeout or self.timeout)
        parts: list[bytes] = []
        while message_size > 0:
            if select.select([server_pipe], [], [], CHECK_SECONDS)[0]:
                part = os.read(server_pipe.fileno(), message_size)
                if not part:
                    self._lost("closed its reply pipe")
                parts.append(part)
                message_size -= len(part)
            elif self._dead():
                self._lost("ended")
            elif time.monotonic() > deadline:
                self._lost(f"did not answer within {timeout or self.timeout:g} s (sim.step_timeout_s)")
        return b"".join(parts)

    def _send_message(self, message_type: Any, body: bytes) -> None:
        deadline = time.monotonic() + self.timeout
        if self.client_pipe is None:
            self.client_pipe = self._open_request_pipe(deadline)
        elif self.client_pipe.closed:
            self._lost("was lost in an earlier step")
        self._last_action_message = body
        rest = memoryview(self._create_header(message_type, body) + body + self.eom_header)
        while rest:
            writable = select.select([], [self.client_pipe], [], CHECK_SECONDS)[1]
            try:
                written = os.write(self.client_pipe.fileno(), rest) if writable else 0
            except BlockingIOError:
                written = 0
            except BrokenPipeError:
                self._lost("closed its request pipe")
            rest = rest[written:]
            if not written and self._dead():
                self._lost("ended")
            if rest and time.monotonic() > deadline:
                self._lost(f"did not take a request within {self.timeout:g} s (sim.step_timeout_s)")

    def _open_request_pipe(self, deadline: float) -> Any:
        while True:
            try:
                return os.fdopen(os.open(self.client_pipe_path, os.O_WRONLY | os.O_NONBLOCK), "wb", buffering=0)
            except OSError:  # ENXIO: the engine has not opened its end yet
                if self._dead():
                    self._lost("ended")
                if time.monotonic() > deadline:
                    self._lost(f"did not open its request pipe within {self.timeout:g} s (sim.step_timeout_s)")
                time.sleep(0.01)

    def _dead(self) -> bool:
        return self.unity_proc is not None and self.unity_proc.poll() is not None

    def _lost(self, what: str) -> NoReturn:
        status = None
        if self.unity_proc is not None:
            status = self.unity_proc.poll()
            self.stop()
        raise EngineLostError(f"the engine {what}" + ("" if status is None else f" (exit status {status})"))

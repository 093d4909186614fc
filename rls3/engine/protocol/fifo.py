"""AI2-THOR's FIFO transport: framed messages over two named pipes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
from pathlib import Path
from typing import Any, BinaryIO

import msgpack

from rls3.engine.errors import RequestError
from rls3.engine.protocol.transport import ClientGoneError, Field, parse_action

#: A frame begins with its field and the length of its body.
HEADER = struct.Struct("!BI")
#: Wanted size of the reply pipe, bytes, and the fcntl command that sets it (Linux).
PIPE_BYTES = 1 << 20
F_SETPIPE_SZ = 1031


class FifoTransport:
    """Reads requests from and writes replies to the pipes that the client made.

    Args:
        reply_path: named pipe from engine to client.
        request_path: named pipe from client to engine; opened at the first read, as the client opens it only then.
    """

    patches = True

    def __init__(self, reply_path: str, request_path: str) -> None:
        self._request_path = request_path
        self._requests: BinaryIO | None = None
        self._replies = os.open(reply_path, os.O_WRONLY)
        with contextlib.suppress(OSError):  # a system with a lower limit keeps its default: slower, not wrong
            fcntl.fcntl(self._replies, F_SETPIPE_SZ, PIPE_BYTES)

    def exchange(self, kind: Field, body: dict[str, Any], images: list[tuple[Field, bytes]]) -> dict[str, Any]:
        """Send one reply and wait for the next action.

        Raises:
            ClientGoneError: the client closed a pipe.
            RequestError: the request is not a JSON object in an ACTION frame.
        """
        self._send(kind, body, images)
        return self._receive()

    def _send(self, kind: Field, body: dict[str, Any], images: list[tuple[Field, bytes]]) -> None:
        """Write one reply in one piece, so that a later crash cannot leave half a message behind."""
        packed = msgpack.packb(body)
        chunks = [HEADER.pack(kind, len(packed)), packed]
        for field, data in images:
            chunks += (HEADER.pack(field, len(data)), data)
        chunks.append(HEADER.pack(Field.END_OF_MESSAGE, 0))
        message = memoryview(b"".join(chunks))
        try:
            while message:
                message = message[os.write(self._replies, message) :]
        except BrokenPipeError as error:
            raise ClientGoneError from error

    def _receive(self) -> dict[str, Any]:
        if self._requests is None:
            self._requests = Path(self._request_path).open("rb")  # noqa: SIM115 - lives as long as the engine
        body: bytes | None = None
        while True:
            field, length = HEADER.unpack(_read(self._requests, HEADER.size))
            if field == Field.END_OF_MESSAGE:
                break
            if field != Field.ACTION:
                raise RequestError(f"a request holds a frame of type {field}; only ACTION (2) is allowed")
            body = _read(self._requests, length)
        if body is None:
            raise RequestError("a request holds no ACTION frame")
        return parse_action(body)


def _read(pipe: BinaryIO, size: int) -> bytes:
    data = pipe.read(size)
    if len(data) != size:
        raise ClientGoneError
    return data

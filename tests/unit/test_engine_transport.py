"""The pipes of the FIFO transport, with the test in the client's place."""

import json
import os
import struct
import threading

import msgpack
import pytest

from rls3.engine.errors import RequestError
from rls3.engine.protocol.fifo import FifoTransport
from rls3.engine.protocol.transport import ClientGoneError, Field

END = struct.pack("!BI", Field.END_OF_MESSAGE, 0)


def frame(field, body):
    return struct.pack("!BI", field, len(body)) + body


class Pipes:
    """Both pipes, opened in the client's order; `exchange` runs one turn of the engine against a request's bytes."""

    def __init__(self, folder):
        self.paths = [str(folder / name) for name in ("server.pipe", "client.pipe")]
        for path in self.paths:
            os.mkfifo(path)
        opened = []
        opener = threading.Thread(target=lambda: opened.append(open(self.paths[0], "rb")))  # noqa: SIM115, PTH123
        opener.start()
        self.transport = FifoTransport(*self.paths)
        opener.join()
        self.replies = opened[0]

    def exchange(self, request, body=None, images=()):
        def client():
            with open(self.paths[1], "wb", buffering=0) as requests:  # noqa: PTH123
                requests.write(request)

        sender = threading.Thread(target=client)
        sender.start()
        try:
            return self.transport.exchange(Field.METADATA, body or {}, list(images))
        finally:
            sender.join()


@pytest.fixture
def pipes(tmp_path):
    opened = Pipes(tmp_path)
    yield opened
    opened.replies.close()


def test_a_reply_is_framed_and_a_request_unframed(pipes):
    action = {"action": "Pass", "sequenceId": 3}
    images = [(Field.RGB, b"\x01\x02\x03"), (Field.CAMERA_IDS, b"\x04" * 4)]
    request = frame(Field.ACTION, json.dumps(action).encode()) + END
    assert pipes.exchange(request, {"sequenceId": 2}, images) == action
    expected = frame(Field.METADATA, msgpack.packb({"sequenceId": 2})) + frame(Field.RGB, b"\x01\x02\x03")
    expected += frame(Field.CAMERA_IDS, b"\x04" * 4) + END
    assert pipes.replies.read(len(expected)) == expected


@pytest.mark.parametrize(
    ("request_bytes", "text"),
    [
        (frame(Field.ACTION, b'{"action"') + END, r"a request is no JSON: .* it begins with b'\{\"action\"'"),
        (frame(Field.ACTION, b"\xff\xfe") + END, "a request is no JSON: "),
        (frame(Field.ACTION, b"[1, 2]") + END, r"a request is no JSON object; it begins with b'\[1, 2\]'"),
        (frame(Field.RGB, b"abc") + END, r"a request holds a frame of type 4; only ACTION \(2\) is allowed"),
        (END, "a request holds no ACTION frame"),
    ],
)
def test_what_is_no_request_is_named(pipes, request_bytes, text):
    with pytest.raises(RequestError, match=text):
        pipes.exchange(request_bytes)


def test_a_request_cut_short_means_that_the_client_is_gone(pipes):
    with pytest.raises(ClientGoneError):
        pipes.exchange(frame(Field.ACTION, b"{}")[:6])

"""AI2-THOR's WSGI transport: each reply is posted to the client's web server, whose answer is the next action."""

from __future__ import annotations

import json
import socket
from typing import Any, BinaryIO

from rls3.engine.protocol.transport import ClientGoneError, Field, parse_action

BOUNDARY = b"rls3-engine-7MA4YWxkTrZu0gW"
FORM_NAMES = {
    Field.RGB: "image",
    Field.DEPTH: "image_depth",
    Field.NORMALS: "image_normals",
    Field.IDS: "image_ids",
    Field.CLASSES: "image_classes",
    Field.CAMERA_RGB: "image-thirdParty-camera",
    Field.CAMERA_DEPTH: "image_thirdParty_depth",
    Field.CAMERA_NORMALS: "image_thirdParty_normals",
    Field.CAMERA_IDS: "image_thirdParty_image_ids",
    Field.CAMERA_CLASSES: "image_thirdParty_classes",
}


class WsgiTransport:
    """Talks to `ai2thor.wsgi_server.WsgiServer`.

    Args:
        host: address of the client's web server.
        port: its port.
        token: the token the client gave the engine.
    """

    patches = False

    def __init__(self, host: str, port: int, token: str) -> None:
        self._address = (host, port)
        self._token = token

    def exchange(self, kind: Field, body: dict[str, Any], images: list[tuple[Field, bytes]]) -> dict[str, Any]:
        """Post one reply and return the next action.

        Raises:
            ClientGoneError: the client closed the connection or asked the engine to stop.
            RequestError: the client's answer is no action.
        """
        if kind != Field.METADATA:
            raise ValueError(f"WSGI has no reply of kind {kind!r}; it takes whole metadata only")
        content = self._multipart(body, images)
        head = (
            f"POST /train HTTP/1.1\r\nHost: {self._address[0]}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY.decode()}\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        try:
            # The client's server closes the connection after each answer, so every reply needs a new one.
            with socket.create_connection(self._address) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.sendall(head.encode() + content)
                with connection.makefile("rb") as answer:
                    action = parse_action(_read_answer(answer))
        except OSError as error:
            raise ClientGoneError from error
        if "action" not in action:  # an empty object means "stop"
            raise ClientGoneError
        return action

    def _multipart(self, body: dict[str, Any], images: list[tuple[Field, bytes]]) -> bytes:
        parts = [_text("metadata", json.dumps(body)), _text("token", self._token)]
        parts += [_file(FORM_NAMES[field], data) for field, data in images]
        return b"".join(b"\r\n--" + BOUNDARY + b"\r\n" + part for part in parts) + b"\r\n--" + BOUNDARY + b"--\r\n"


def _text(name: str, text: str) -> bytes:
    # The client splits headers at colons and looks for exactly this spelling of Content-disposition.
    head = f'Content-Type: text/plain; charset="utf-8"\r\nContent-disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + text.encode()


def _file(name: str, data: bytes) -> bytes:
    disposition = f'Content-disposition: form-data; name="{name}"; filename="{name}"'
    return f"Content-Type: application/octet-stream\r\n{disposition}\r\n\r\n".encode() + data


def _read_answer(answer: BinaryIO) -> bytes:
    """Return the body of an HTTP answer.

    Raises:
        ClientGoneError: the connection ended before a whole answer.
    """
    status = answer.readline()
    if b" 200 " not in status:
        raise ClientGoneError(f"the client answered {status.decode(errors='replace').strip()!r}")
    length = -1
    while (line := answer.readline().strip().lower()) != b"":
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    body = answer.read(length)
    if length < 0 or len(body) != length:
        raise ClientGoneError
    return body

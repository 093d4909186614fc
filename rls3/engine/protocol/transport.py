"""How replies reach the client: the interface of a transport, and what both transports share."""

from __future__ import annotations

import json
from enum import IntEnum
from typing import Any, Protocol

from rls3.engine.errors import RequestError


class Field(IntEnum):
    """Frame types of the protocol (ai2thor.fifo_server.FieldType)."""

    METADATA = 1
    ACTION = 2
    RGB = 4
    DEPTH = 5
    NORMALS = 6
    CLASSES = 8
    IDS = 9
    CAMERA_RGB = 10
    METADATA_PATCH = 11
    CAMERA_DEPTH = 12
    CAMERA_NORMALS = 13
    CAMERA_IDS = 14
    CAMERA_CLASSES = 15
    END_OF_MESSAGE = 255


class ClientGoneError(Exception):
    """The client went away: it closed its end of the pipes or of the connection."""


class Transport(Protocol):
    """Sends replies and receives actions; `patches` says whether it knows replies without images (METADATA_PATCH)."""

    patches: bool

    def exchange(self, kind: Field, body: dict[str, Any], images: list[tuple[Field, bytes]]) -> dict[str, Any]:
        """Send one reply and wait for the next action.

        Raises:
            ClientGoneError: the client went away.
            RequestError: the client sent no action.
        """
        ...


def parse_action(body: bytes) -> dict[str, Any]:
    """Return the action that a request's body holds.

    Raises:
        RequestError: the body is no JSON object.
    """
    try:
        action = json.loads(body)
    except ValueError as error:
        raise RequestError(f"a request is no JSON: {error}; it begins with {body[:40]!r}") from error
    if not isinstance(action, dict):
        raise RequestError(f"a request is no JSON object; it begins with {body[:40]!r}")
    return action

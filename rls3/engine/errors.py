"""Errors of the engine's actions and of its conversation with the client."""

from __future__ import annotations


class ActionError(Exception):
    """An action cannot be done in the present scene: reported as `lastActionSuccess` false.

    Args:
        message: what is wrong.
        code: AI2-THOR's error code, where it has one for this case; it does not make the client raise.
    """

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class ArgumentError(ActionError):
    """An action was called wrongly.

    Args:
        code: InvalidAction, MissingArguments, InvalidArgument or AmbiguousAction; for each the client raises
            ValueError.
        message: what is wrong.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, code)


class RequestError(Exception):
    """The client sent something that is no request of the protocol: the engine ends."""

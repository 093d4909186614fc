"""Errors of the engine's actions."""

from __future__ import annotations


class ActionError(Exception):
    """An action cannot be done in the present scene: reported as `lastActionSuccess` false, without an error code."""


class ArgumentError(ActionError):
    """An action was called wrongly.

    Args:
        code: AI2-THOR's error code: InvalidAction, MissingArguments, InvalidArgument or AmbiguousAction. The client
            raises ValueError for each.
        message: what is wrong.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

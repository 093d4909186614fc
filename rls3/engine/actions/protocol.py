"""Actions without meaning by which clients test the protocol: echoes, and AI2-THOR's own tests of its dispatcher."""

from __future__ import annotations

from typing import Any

from rls3.engine.actions.registry import action
from rls3.engine.errors import ArgumentError
from rls3.engine.session import Session


@action(query=True)
def test_fast_emit(session: Session, rvalue: str) -> str:  # noqa: ARG001
    """Return the argument in a reply without images."""
    return rvalue


@action()
def test_action_reflect_param(session: Session, rvalue: str) -> str:  # noqa: ARG001
    """Return the argument."""
    return rvalue


@action()
def test_action_dispatch_noop(
    session: Session,  # noqa: ARG001
    param1: bool | None = None,
    param2: bool | None = None,
    param6: str | None = None,
    param7: str | None = None,
) -> str:
    """Tell which of AI2-THOR's overloads was called: of none, of one, or of two arguments."""
    texts = {"param6": param6, "param7": param7}
    if any(value is not None for value in texts.values()):
        if missing := [name for name, value in texts.items() if value is None]:
            text = f"action: TestActionDispatchNoop is missing the following arguments: {','.join(missing)}"
            raise ArgumentError("MissingArguments", text)
        return "param6 param7"
    if param1 is None and param2 is not None:
        text = "action: TestActionDispatchNoop is missing the following arguments: param1"
        raise ArgumentError("MissingArguments", text)
    if param2 is not None:
        return "param1 param2"
    return "emptyargs" if param1 is None else "param1"


@action()
def test_action_dispatch_noop2(session: Session, param3: bool, param4: str = "foo") -> str:  # noqa: ARG001
    """Return the argument that has a default."""
    return f"param3 param4/default {param4}"


@action(open_bag=True)
def test_action_dispatch_noop_server_action(session: Session, extra: dict[str, Any]) -> str:  # noqa: ARG001
    """Take any arguments."""
    return "serveraction"


@action()
def test_action_dispatch_noop_all_default(
    session: Session,  # noqa: ARG001
    param12: float = 0.0,  # noqa: ARG001
    param10: float = 0.0,  # noqa: ARG001
    param11: float = 1.0,  # noqa: ARG001
) -> str:
    """Need no arguments."""
    return "alldefault"


@action()
def test_action_dispatch_noop_all_default2(
    session: Session,  # noqa: ARG001
    param12: float,  # noqa: ARG001
    param10: float = 0.0,  # noqa: ARG001
    param11: float = 1.0,  # noqa: ARG001
) -> str:
    """Need one of three arguments."""
    return "somedefault"


@action(name="TestActionDispatchSAAmbig", open_bag=True)
def test_action_dispatch_mixed(session: Session, extra: dict[str, Any]) -> None:  # noqa: ARG001
    """Fail as an action does that AI2-THOR cannot tell from its overloads.

    Raises:
        ArgumentError: always.
    """
    raise ArgumentError(
        "AmbiguousAction",
        "Ambiguous action: TestActionDispatchSAAmbig Mixing a ServerAction method with overloaded methods is not "
        "permitted",
    )


@action(name="TestActionDispatchSAAmbig2", open_bag=True)
def test_action_dispatch_same_class(session: Session, extra: dict[str, Any]) -> None:  # noqa: ARG001
    """Fail as an action does that AI2-THOR defines twice in one class.

    Raises:
        ArgumentError: always.
    """
    raise ArgumentError(
        "AmbiguousAction",
        "Ambiguous action: TestActionDispatchSAAmbig2 Signature match found in the same class",
    )

"""Registration of actions and the matching of their arguments by name.

An action is a function `f(session, ...) -> Any` under the decorator `action`. Its parameters are AI2-THOR's argument
names in snake case; the annotations say how a JSON value is converted. Its return value is the reply's `actionReturn`.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_type_hints

from rls3.engine.actions.conversion import PartialVector, convert, type_name
from rls3.engine.errors import ArgumentError
from rls3.engine.world.agents import AgentMode

#: Arguments that every action accepts and the dispatcher reads.
COMMON_ARGUMENTS = frozenset(
    {
        "action",
        "sequenceId",
        "agentId",
        "renderImage",
        "renderInstanceSegmentation",
        "renderSemanticSegmentation",
        "renderNormalsImage",
        "renderObjectImage",
        "renderClassImage",
    }
)

Handler = Callable[..., Any]
Need = Literal["hands", "knees", "arm"]

__all__ = ["ACTIONS", "Action", "Parameter", "PartialVector", "action", "find"]


@dataclass(frozen=True)
class Parameter:
    """One argument: its name on the wire, the function's name for it, its type, and its default where it has one."""

    wire_name: str
    name: str
    kind: Any
    default: Any

    @property
    def optional(self) -> bool:
        """Whether the argument may be left out."""
        return self.default is not inspect.Parameter.empty

    def __str__(self) -> str:
        ending = f" = {'' if self.default is None else self.default}" if self.optional else ""
        return f"{type_name(self.kind)} {self.wire_name}{ending}"


@dataclass(frozen=True)
class Action:
    """A registered action.

    Attributes:
        name: AI2-THOR's name of the action.
        handler: the function that does it.
        parameters: its arguments; unknown names are an error unless `open_bag`.
        query: it changes nothing, so the reply may be a patch without images.
        open_bag: unknown arguments are handed over as a dictionary `extra`.
        ignored: arguments that are accepted, but mean nothing to this engine.
        need: what an agent must have to do it, None for nothing.
    """

    name: str
    handler: Handler
    parameters: tuple[Parameter, ...]
    query: bool
    open_bag: bool
    ignored: frozenset[str]
    need: Need | None

    def bind(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return the handler's keyword arguments from a request.

        Raises:
            ArgumentError: an argument is unknown, missing or of the wrong type.
        """
        given = {k: v for k, v in message.items() if k not in COMMON_ARGUMENTS | self.ignored}
        known = {p.wire_name for p in self.parameters}
        unknown = [name for name in given if name not in known]
        bound: dict[str, Any] = {}
        if self.open_bag:
            bound["extra"] = {k: v for k, v in message.items() if k not in known | {"action", "sequenceId"}}
        elif unknown:
            raise ArgumentError("InvalidArgument", self._unknown_text(unknown, list(given)))
        missing = [p.wire_name for p in self.parameters if not p.optional and p.wire_name not in given]
        if missing:
            text = f"action: {self.name} is missing the following arguments: {','.join(missing)}"
            raise ArgumentError("MissingArguments", text)
        for parameter in self.parameters:
            value = given.get(parameter.wire_name)
            if value is not None or not parameter.optional:  # null means "not given", as with Unity
                bound[parameter.name] = convert(self.name, parameter.wire_name, parameter.kind, value)
        return bound

    def _unknown_text(self, unknown: Sequence[str], given: Sequence[str]) -> str:
        expected = ", ".join(map(str, self.parameters))
        what = "arguments" if len(unknown) > 1 else "argument"
        return (
            f'\n\tAction: "{self.name}" called with invalid {what}: {_quoted(unknown)}'
            f"\n\tExpected arguments: {expected}"
            f"\n\tYour arguments: {_quoted(given)}"
            f'\n\tValid ways to call "{self.name}" action:\n\t\tVoid {self.name}({expected})'
        )


ACTIONS: dict[str, Action] = {}


def action(
    *,
    name: str | None = None,
    query: bool = False,
    open_bag: bool = False,
    ignored: Sequence[str] = (),
    need: Need | None = None,
) -> Callable[[Handler], Handler]:
    """Register the decorated function as an action.

    Args:
        name: AI2-THOR's name; by default the function's name in camel case (`move_ahead` is `MoveAhead`).
        query: it changes nothing in the scene.
        open_bag: it takes unknown arguments as `extra`.
        ignored: AI2-THOR's arguments (as on the wire) that are accepted and mean nothing here.
        need: what the agent must have for it; the action does not exist for others.
    """

    def register(handler: Handler) -> Handler:
        action_name = name or "".join(word[:1].upper() + word[1:] for word in handler.__name__.split("_"))
        if action_name in ACTIONS:
            raise ValueError(f"action {action_name} is registered twice")
        hints = get_type_hints(handler)
        parameters = tuple(
            Parameter(_camel(p.name), p.name, hints[p.name], p.default)
            for p in list(inspect.signature(handler).parameters.values())[1:]
            if p.name != "extra"
        )
        ACTIONS[action_name] = Action(action_name, handler, parameters, query, open_bag, frozenset(ignored), need)
        return handler

    return register


def find(name: object, mode: AgentMode) -> Action:
    """Return a registered action that an agent of this mode can do.

    Raises:
        ArgumentError: there is none of this name, or not for this kind of agent.
    """
    found = ACTIONS.get(name) if isinstance(name, str) else None
    if found is None:
        near = difflib.get_close_matches(str(name), ACTIONS, n=3)
        hint = f"\nThe engine knows {', '.join(near)}" if near else ""
        raise ArgumentError("InvalidAction", f"Invalid action: {name}{hint}")
    if found.need is not None and not mode.has(found.need):
        raise ArgumentError(
            "InvalidAction", f"Invalid action: {name}\nAn agent of agentMode {mode.name!r} has no {found.need} for it"
        )
    return found


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in rest)

"""Registration of actions and the matching of their arguments by name.

An action is a function `f(session, ...) -> Any` under the decorator `action`. Its parameters are AI2-THOR's argument
names in snake case; the annotations say how a JSON value is converted. Its return value is the reply's `actionReturn`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from rls3.engine.errors import ActionError, ArgumentError

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


class PartialVector(dict[str, float]):
    """A vector argument of which any of x, y, z may be missing."""


@dataclass(frozen=True)
class Parameter:
    """One argument: its name on the wire, the function's name for it, its type and whether it may be left out."""

    wire_name: str
    name: str
    kind: Any
    optional: bool


@dataclass(frozen=True)
class Action:
    """A registered action.

    Attributes:
        name: AI2-THOR's name of the action.
        handler: the function that does it.
        parameters: its arguments; unknown names are an error unless `open_bag`.
        query: it changes nothing, so the reply may be a patch without images.
        open_bag: unknown arguments are handed over as a dictionary `extra`.
    """

    name: str
    handler: Handler
    parameters: tuple[Parameter, ...]
    query: bool
    open_bag: bool

    def bind(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return the handler's keyword arguments from a request.

        Raises:
            ArgumentError: an argument is unknown, missing or of the wrong type.
        """
        given = {k: v for k, v in message.items() if k not in COMMON_ARGUMENTS}
        known = {p.wire_name for p in self.parameters}
        unknown = sorted(set(given) - known)
        bound: dict[str, Any] = {}
        if self.open_bag:
            bound["extra"] = {k: v for k, v in message.items() if k not in known | {"action", "sequenceId"}}
        elif unknown:
            raise ArgumentError(
                "InvalidArgument",
                f"invalid argument(s) for action {self.name}: {', '.join(unknown)}. "
                f"Allowed arguments: {', '.join(sorted(known)) or 'none'}",
            )
        missing = [p.wire_name for p in self.parameters if not p.optional and p.wire_name not in given]
        if missing:
            raise ArgumentError("MissingArguments", f"action {self.name} is missing argument(s): {', '.join(missing)}")
        for parameter in self.parameters:
            value = given.get(parameter.wire_name)
            if value is not None or not parameter.optional:  # null means "not given", as with Unity
                bound[parameter.name] = self._convert(parameter, value)
        return bound

    def _convert(self, parameter: Parameter, value: Any) -> Any:
        union = isinstance(parameter.kind, UnionType)
        kinds = [get_origin(kind) or kind for kind in (get_args(parameter.kind) if union else (parameter.kind,))]
        for kind in kinds:
            if (converted := _convert_to(kind, value)) is not None:
                return converted[0]
        wanted = " or ".join(getattr(k, "__name__", str(k)) for k in kinds if k is not type(None))
        if PartialVector in kinds and not isinstance(value, dict):
            # As with Unity, a value that is no vector at all fails without an error code.
            raise ActionError(f"Error converting value {value!r} to a vector {{x, y, z}}: {parameter.wire_name}")
        raise ArgumentError(
            "InvalidArgument",
            f"action: {self.name} has an invalid argument: {parameter.wire_name} (=={value!r}). "
            f"Cannot convert to: {wanted}",
        )


def _convert_to(kind: Any, value: Any) -> tuple[Any] | None:
    """Return the converted value in a one-tuple, or None when the value is not of this kind."""
    if kind is Any:
        return (value,)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind is float and number:
        return (float(value),)
    if kind is int and number and float(value).is_integer():
        return (int(value),)
    if kind is PartialVector and isinstance(value, dict):
        numeric = all(k in "xyz" and isinstance(v, int | float) and not isinstance(v, bool) for k, v in value.items())
        return (PartialVector({k: float(v) for k, v in value.items()}),) if numeric else None
    if kind in (bool, str, dict, list) and isinstance(value, kind):
        return (value,)
    return None


ACTIONS: dict[str, Action] = {}


def action(*, name: str | None = None, query: bool = False, open_bag: bool = False) -> Callable[[Handler], Handler]:
    """Register the decorated function as an action.

    Args:
        name: AI2-THOR's name; by default the function's name in camel case (`move_ahead` is `MoveAhead`).
        query: it changes nothing in the scene.
        open_bag: it takes unknown arguments as `extra`.
    """

    def register(handler: Handler) -> Handler:
        action_name = name or "".join(word[:1].upper() + word[1:] for word in handler.__name__.split("_"))
        if action_name in ACTIONS:
            raise ValueError(f"action {action_name} is registered twice")
        hints = get_type_hints(handler)
        parameters = tuple(
            Parameter(_camel(p.name), p.name, hints[p.name], p.default is not inspect.Parameter.empty)
            for p in list(inspect.signature(handler).parameters.values())[1:]
            if p.name != "extra"
        )
        ACTIONS[action_name] = Action(action_name, handler, parameters, query, open_bag)
        return handler

    return register


def find(name: object) -> Action:
    """Return a registered action.

    Raises:
        ArgumentError: there is none of this name.
    """
    found = ACTIONS.get(name) if isinstance(name, str) else None
    if found is None:
        raise ArgumentError("InvalidAction", f"Invalid action: {name}. The engine knows: {', '.join(sorted(ACTIONS))}")
    return found


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in rest)

"""Conversion of an action's JSON arguments to the types its function declares."""

from __future__ import annotations

import math
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from rls3.engine.errors import ActionError, ArgumentError

#: AI2-THOR's names of the types, as its error messages spell them.
_NAMES = {bool: "Boolean", str: "String", dict: "JObject", list: "JArray", float: "Single", int: "Int32"}
_SHORT_NAMES = {"Single": "float", "Int32": "int"}


class PartialVector(dict[str, float]):
    """A vector argument of which any of x, y, z may be missing."""


def convert(action: str, argument: str, kind: Any, value: Any) -> Any:
    """Return an argument's value as its declared type.

    Args:
        action: the action's name, for the message.
        argument: the argument's name on the wire.
        kind: annotation of the parameter: bool, int, float, str, dict, PartialVector, Any, lists of these, unions.
        value: what JSON gave.

    Raises:
        ArgumentError: the value is not of the type.
        ActionError: a vector is no map at all, which AI2-THOR reports without an error code.
    """
    for option in _options(kind):
        converted = _convert_to(option, value)
        if converted is not None:
            return converted[0]
    if PartialVector in _options(kind) and not isinstance(value, dict):
        raise ActionError(f"Error converting value {value!r} to type 'UnityEngine.Vector3'. Path '{argument}'.")
    wanted = type_name(kind)
    raise ArgumentError(
        "InvalidArgument",
        f"action: {action} has an invalid argument: {argument} (=={value}). "
        f"Cannot convert to: {_SHORT_NAMES.get(wanted, wanted)}",
    )


def type_name(kind: Any) -> str:
    """Return AI2-THOR's name of a type."""
    options = [option for option in _options(kind) if option is not NoneType]
    if PartialVector in options:
        return "Vector3"
    if get_origin(options[0]) is list:
        return type_name(get_args(options[0])[0]) + "[]"
    return _NAMES.get(options[0], "Object")


def _options(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if isinstance(kind, UnionType) else (kind,)


def _convert_to(kind: Any, value: Any) -> tuple[Any] | None:
    """Return the converted value in a one-tuple, or None when the value is not of this kind."""
    if kind is Any:
        return (value,)
    if kind is PartialVector:
        return _vector(value)
    if get_origin(kind) in (list, dict):
        return _collection(kind, value)
    number = _is_number(value)
    if kind is float and number:
        return (float(value),)
    if kind is int and number and float(value).is_integer():
        return (int(value),)
    if kind is bool and number and value in (0, 1):
        return (bool(value),)
    if kind in (bool, str, dict, list) and isinstance(value, kind):
        return (value,)
    return None


def _vector(value: Any) -> tuple[PartialVector] | None:
    if not isinstance(value, dict):
        return None
    numeric = all(k in ("x", "y", "z") and _is_number(v) for k, v in value.items())
    return (PartialVector({k: float(v) for k, v in value.items()}),) if numeric else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _collection(kind: Any, value: Any) -> tuple[Any] | None:
    if get_origin(kind) is dict:
        return (value,) if isinstance(value, dict) else None
    if not isinstance(value, list):
        return None
    items = [_convert_to(get_args(kind)[0], item) for item in value]
    return None if None in items else ([item[0] for item in items if item is not None],)

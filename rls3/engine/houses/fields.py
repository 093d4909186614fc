"""Fields of a house's JSON, with errors that name the place of whatever is missing or wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rls3.engine.errors import ActionError
from rls3.engine.geometry import Vector


class HouseError(ActionError):
    """A house that cannot be built.

    Args:
        where: place in the file, such as `walls[3].polygon`.
        what: what is wrong there and what is allowed.
    """

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"Exception creating house: {where} {what}")


@dataclass(frozen=True)
class Record:
    """One JSON object of a house and its place in the file."""

    values: Mapping[str, Any]
    where: str

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without `default` it must be there."""
        value = self.values.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value:
            raise HouseError(self.where, f"needs a text '{key}', got {value!r}")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """Return a finite number; without `default` it must be there."""
        value = self.values.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise HouseError(self.where, f"needs a finite number '{key}', got {value!r}")
        return float(value)

    def record(self, key: str) -> Record:
        """Return an object inside this one; an empty one when there is none."""
        return self._record(self.values.get(key), f"{self.where}.{key}".lstrip("."))

    def records(self, key: str, *, required: bool = False) -> list[Record]:
        """Return a list of objects inside this one; without `required` it may be absent or null."""
        value = self.values.get(key)
        where = f"{self.where}.{key}".lstrip(".")
        if value is None and not required:
            return []
        if not isinstance(value, list):
            raise HouseError(where, f"must be a list, got {value!r}")
        return [self._record(item, f"{where}[{number}]") for number, item in enumerate(value)]

    def vector(self, key: str, default: Vector | None = None) -> Vector:
        """Return a vector {x, y, z}; without `default` it must be there."""
        if self.values.get(key) is None and default is not None:
            return default
        return self.record(key).xyz()

    def xyz(self) -> Vector:
        """Return this object's own x, y and z."""
        return (self.number("x"), self.number("y"), self.number("z"))

    @staticmethod
    def _record(value: Any, where: str) -> Record:
        if value is not None and not isinstance(value, Mapping):
            raise HouseError(where, f"must be an object, got {value!r}")
        return Record(value or {}, where)

"""What can go wrong when an object is built."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UnknownObjectTypeError(ValueError):
    """An object type that the table of types does not hold."""

    def __init__(self, object_type: str, known: Iterable[str]) -> None:
        names = sorted(known)
        lowered = {name.lower(): name for name in names}
        near = [lowered[name] for name in difflib.get_close_matches(object_type.lower(), lowered, n=4, cutoff=0.4)]
        hint = f"nearest: {', '.join(near)}" if near else f"one of {', '.join(names[:8])}, ..."
        super().__init__(
            f"unknown object type {object_type!r}; {hint}. All {len(names)} types are in rls3/assets/types.py"
        )


class BadSizeError(ValueError):
    """A wanted size that is not three positive finite lengths."""

    def __init__(self, object_type: str, size: tuple[float, ...]) -> None:
        super().__init__(
            f"size of {object_type} must be three finite lengths above 0 (x, y, z, metres), got {size}; "
            "leave size out for the type's typical size"
        )


class BadOpennessError(ValueError):
    """An openness that is no fraction."""

    def __init__(self, object_type: str, openness: float) -> None:
        super().__init__(f"openness of {object_type} must be within 0 (shut) and 1 (wide open), got {openness}")

"""Instance colours: stable hashes of names, made distinct within one scene."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

Color = tuple[int, int, int]

BACKGROUND: Color = (0, 0, 0)


@lru_cache(maxsize=65536)
def color_of(name: str, attempt: int = 0) -> Color:
    """Return the 8-bit RGB colour of a name: the same name has the same colour in every scene and process."""
    digest = hashlib.blake2b(f"{name}#{attempt}".encode(), digest_size=3).digest()
    return digest[0], digest[1], digest[2]


def distinct_colors(names: Iterable[str]) -> dict[str, Color]:
    """Return a colour for every name, no two alike and none black.

    Of two names with one hash, the one that sorts later is hashed again.
    """
    taken: dict[Color, str] = {BACKGROUND: ""}
    colors: dict[str, Color] = {}
    for name in sorted(set(names)):
        attempt = 0
        while (color := color_of(name, attempt)) in taken:
            attempt += 1
        taken[color] = name
        colors[name] = color
    return colors

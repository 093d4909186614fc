"""Which looks of objects are kept for rooms that no model trains on.

A variant of an object type is a whole number. Rooms that may train use those below `HELD_OUT`, held-out rooms those
from it on, every material of which has a tone of its own (`rls3.assets.materials.toned`): no held-out object looks
like one that may train, though the same builders shape both. An asset id names type and variant, so that metadata tell
which side an object is from.
"""

from __future__ import annotations

import re

HELD_OUT = 12
_ASSET = re.compile(r"[A-Za-z]+_(\d+)")


def asset_id(object_type: str, variant: int) -> str:
    """The id of a look, as in "Mug_3"."""
    return f"{object_type}_{variant}"


def held_out(asset: str) -> bool | None:
    """Whether an asset id names a held-out look; None when it is no id of `asset_id`'s form, such as a mesh file."""
    found = _ASSET.fullmatch(asset)
    return None if found is None else int(found[1]) >= HELD_OUT

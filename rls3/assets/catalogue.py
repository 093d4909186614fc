"""From a type's name to a built object."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from rls3.assets.builders import storage
from rls3.assets.builders.registry import BUILDERS, SCENERY
from rls3.assets.conditions import weathered
from rls3.assets.drafting import Fit, Spec, finish
from rls3.assets.errors import BadOpennessError, BadSizeError
from rls3.assets.model import CLEAN, AssetModel, Condition
from rls3.assets.types import ObjectType
from rls3.assets.types import object_type as lookup

#: Furniture that gets open shelves where things stand in it below this share of its height.
SHELVED = frozenset({"Cabinet", "Dresser", "SideTable", "TVStand", "ShelvingUnit"})
SHELF_SHARE = 0.9


def build_scenery(name: str, size: tuple[float, float, float], variant: int = 0) -> AssetModel:
    """Return a thing of `SCENERY` with the wanted bounding box (x, y, z), metres."""
    spec = Spec(name, size, variant)
    draft = SCENERY[name](spec)
    return finish(draft, spec, Fit.of(draft, size))


@lru_cache(maxsize=512)
def _build(
    object_type: str,
    size: tuple[float, float, float],
    variant: int,
    openness: float,
    condition: Condition,
    levels: tuple[float, ...],
) -> AssetModel:
    builder, rest = BUILDERS[object_type], lookup(object_type).rest_openness
    if object_type in SHELVED and any(level < SHELF_SHARE * size[1] for level in levels):
        builder = storage.open_case
    spec = Spec(object_type, size, variant, rest, levels=levels)
    draft = builder(spec)
    fit = Fit.of(draft, size)
    if openness != rest or condition != CLEAN:
        spec = Spec(object_type, size, variant, openness, condition, levels)
        draft = weathered(builder(spec), spec)
    return finish(draft, spec, fit)


def build(
    object_type: str,
    *,
    size: tuple[float, float, float] | None = None,
    variant: int = 0,
    openness: float | None = None,
    condition: Condition = CLEAN,
    levels: Sequence[float] = (),
) -> AssetModel:
    """Return the object of a type, always the same for the same arguments (equal calls share one object).

    Args:
        object_type: a name of `rls3.assets.types.OBJECT_TYPES`.
        size: wanted bounding box (x, y, z) of the clean object as it rests, metres; the type's typical size when left
            out. The object is designed for that size, then fitted to it exactly.
        variant: which of its looks, any integer; neighbouring numbers differ in shape, parts or colours.
        openness: 0 (shut) to 1 (wide open), to the nearest hundredth; as the type rests when left out. Types that do
            not open ignore it.
        condition: what else shows of its state.
        levels: heights above its foot at which things stand on it, metres: seats and mattresses are built that high,
            and cupboards with open shelves there.

    Raises:
        UnknownObjectTypeError: there is no such type.
        BadSizeError: the size is not three positive finite lengths.
        BadOpennessError: the openness is not within 0 and 1.
    """
    kind = lookup(object_type)
    wanted = kind.size if size is None else tuple(float(length) for length in size)
    if len(wanted) != 3 or not all(math.isfinite(length) and length > 0 for length in wanted):
        raise BadSizeError(object_type, wanted)
    opened = kind.rest_openness if openness is None or not kind.openable else round(openness, 2)
    if not 0 <= opened <= 1:
        raise BadOpennessError(object_type, opened)
    return _build(
        object_type, (wanted[0], wanted[1], wanted[2]), variant, opened, _shown(kind, condition), tuple(levels)
    )


def _shown(kind: ObjectType, condition: Condition) -> Condition:
    """Return what of a condition an object of a type can show."""
    return Condition(
        filled=condition.filled if kind.fillable else None,
        dirty=condition.dirty and kind.dirtyable,
        broken=condition.broken and kind.breakable,
        cooked=condition.cooked and kind.cookable,
        on=condition.on and (kind.toggleable or kind.heat_source),
        used_up=condition.used_up and kind.usable_up,
    )

"""The inside of cups and pots, and the liquid in it."""

from __future__ import annotations

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.primitives import cylinder


def cavity(draft: Draft, x: float, y: float, z: float, floor: float, at: tuple[float, float] = (0.0, 0.0)) -> None:
    """Give a round vessel a floor that carries things, and walls around it."""
    draft.basin((x, y, z), (at[0], 0, at[1]), max(floor, 0.06 * min(x, z)))
    draft.surfaces.clear()
    draft.surface(floor, (0.5 * x, 0.5 * z), center=at)


def liquid(
    draft: Draft, spec: Spec, radius: float, level: float, at: tuple[float, float] = (0.0, 0.0), depth: float = 0.004
) -> None:
    """Fill a round vessel up to a height with what the object is filled with, if anything."""
    if spec.condition.filled is not None:
        surface = cylinder(radius, depth, sides=24).moved(at[0], level - depth, at[1])
        draft.add(surface, m.LIQUIDS.get(spec.condition.filled, m.LIQUIDS["water"]), solid=False)

"""What cupboards are put together from: cases, doors, drawer fronts."""

from __future__ import annotations

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material

#: How far a cupboard's door turns, degrees, and what part of its depth a drawer comes out, when wide open.
DOOR_SWING = 90.0
DRAWER_TRAVEL = 0.62
#: Thickness of the boards of cupboards and of drawer cases, metres.
WALL = 0.018
DRAWER_CASE_WALL = 0.012


def hollow(
    draft: Draft, size: tuple[float, float, float], at: tuple[float, float, float], wall: float, material: Material
) -> None:
    """Add a box that is open to +z, its base centre at `at`."""
    x, y, z = size
    dark = m.shaded(material, 0.8)
    draft.block((x, wall, z), at, material)
    draft.block((x, wall, z), (at[0], at[1] + y - wall, at[2]), material)
    for side in (-1, 1):
        draft.block((wall, y - 2 * wall, z), (at[0] + side * (x - wall) / 2, at[1] + wall, at[2]), material)
    draft.block((x - 2 * wall, y - 2 * wall, wall), (at[0], at[1] + wall, at[2] - (z - wall) / 2), dark)


def drawer_fronts(
    draft: Draft, box: tuple[float, float, float, float], rows: int, columns: int, z: float, face: Material
) -> None:
    """Cover the rectangle (x0, y0, x1, y1) at depth z with drawer fronts and handles."""
    x0, y0, x1, y1 = box
    wide, high = (x1 - x0) / columns, (y1 - y0) / rows
    for i in range(columns):
        for j in range(rows):
            cx, base = x0 + (i + 0.5) * wide, y0 + j * high
            draft.block((wide - 0.015, high - 0.015, 0.018), (cx, base + 0.0075, z + 0.009), face, solid=False)
            grip = min(0.13, 0.4 * wide)
            draft.block((grip, 0.014, 0.022), (cx, base + 0.62 * high, z + 0.026), m.DARK_METAL, solid=False)


def door_leaf(size: tuple[float, float, float], face: Material, grip: Material, grip_side: int) -> Draft:
    """Return a panelled door, its base centre at the origin, its handle near the edge on `grip_side` of x."""
    wide, high, thick = size
    leaf = Draft()
    leaf.block(size, (0, 0, 0), face)
    border = min(0.06, 0.2 * wide)
    inner = (max(wide - 2 * border, 0.3 * wide), high - 2 * border, 0.004)
    leaf.block(inner, (0, border, thick / 2 + 0.001), m.shaded(face, 0.82), solid=False)
    bar = (0.014, min(0.16, 0.3 * high), 0.024)
    leaf.block(bar, (grip_side * (wide / 2 - 0.4 * border), high / 2, thick / 2 + 0.012), grip, solid=False)
    return leaf


def doors(
    draft: Draft,
    box: tuple[float, float, float, float],
    count: int,
    z: float,
    looks: tuple[Material, Material],
    openness: float = 0.0,
) -> None:
    """Cover the rectangle (x0, y0, x1, y1) at depth z with hinged doors of (face, grip), in pairs that open apart."""
    x0, y0, x1, y1 = box
    wide, thick = (x1 - x0) / count, 0.016
    for i in range(count):
        cx = x0 + (i + 0.5) * wide
        grip_side = 1 if i % 2 == 0 and count > 1 else -1
        leaf = door_leaf((wide - 0.012, y1 - y0 - 0.012, thick), *looks, grip_side)
        placed = Draft()
        placed.slide(leaf, (cx, y0 + 0.006, z + thick / 2))
        hinge = (cx - grip_side * (wide / 2 - 0.006), y0, z + thick)  # the outer edge: it swings clear of neighbours
        draft.hang(placed, hinge, "y", grip_side * -DOOR_SWING * openness)


def joinery(spec: Spec) -> Material:
    """Return the wood of fitted furniture: the same for cabinets, drawers and their cases of one variant."""
    woods = (m.WHITE, *m.WOODS)
    return woods[spec.variant % len(woods)]

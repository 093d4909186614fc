"""Builders of tables, shelves, carts and rails: furniture that carries things in the open."""

from __future__ import annotations

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import arc, cone, cylinder, rounded_box, sweep


def legs(draft: Draft, spec: Spec, style: str, height: float, material: Material) -> None:
    """Put four legs of a style under a rectangular top."""
    x, _, z = spec.size
    thick = min(0.07, 0.12 * min(x, z))
    for sx in (-1, 1):
        for sz in (-1, 1):
            px, pz = sx * (x / 2 - 0.9 * thick), sz * (z / 2 - 0.9 * thick)
            if style == "square":
                draft.block((thick, height, thick), (px, 0, pz), material)
            elif style == "tapered":
                leg = rounded_box(thick, height, thick, 0.006).moved(y=height / 2).tapered(0.55, 1.0)
                draft.add(leg.moved(px, 0, pz), material)
            else:
                draft.add(cone(thick * 0.3, thick * 0.5, height, sides=12).moved(px, 0, pz), material)


def table(spec: Spec) -> Draft:
    """Build a dining, coffee or side table: a top on four legs or on a central foot."""
    draft = Draft()
    x, y, z = spec.size
    wood = spec.choice("wood", m.WOODS)
    top = min(0.05, 0.12 * y)
    style = spec.choice("legs", ("square", "pedestal", "tapered", "round"))
    if style == "pedestal":
        disc = cylinder(0.5, top, sides=32).scaled(x, 1, z)
        draft.add(disc.moved(y=y - top), wood)
        draft.add(cylinder(0.06 * min(x, z) + 0.01, y - top), wood)
        foot = cone(0.30 * min(x, z), 0.06 * min(x, z) + 0.02, 0.05 + 0.05 * y, sides=24)
        draft.add(foot, wood)
        draft.surface(y, (0.70 * x, 0.70 * z))
        return draft
    frame = spec.choice("frame", (wood, m.DARK_METAL, m.shaded(wood, 0.6)))
    draft.block((x, top, z), (0, y - top, 0), wood, rounding=0.012)
    apron = min(0.09, 0.14 * y)
    for side in (-1, 1):
        draft.block((0.86 * x, apron, 0.02), (0, y - top - apron, side * (z / 2 - 0.07 * z)), frame)
        draft.block((0.02, apron, 0.82 * z), (side * (x / 2 - 0.06 * x), y - top - apron, 0), frame)
    legs(draft, spec, style, y - top, frame)
    if spec.object_type in {"CoffeeTable", "SideTable"} and spec.variant % 2 == 0:
        board = 0.28 * y
        draft.block((0.84 * x, 0.02, 0.82 * z), (0, board, 0), wood)
        draft.surface(board + 0.02, (0.80 * x, 0.78 * z), clearance=y - top - apron - board - 0.02)
    draft.surface(y, (0.96 * x, 0.96 * z))
    return draft


def shelving(spec: Spec) -> Draft:
    """Build an open shelving unit: boards between uprights, with or without a back."""
    draft = Draft()
    x, y, z = spec.size
    wood = spec.choice("wood", m.WOODS)
    style = spec.choice("style", ("closed", "posts", "closed"))
    frame = m.DARK_METAL if style == "posts" else wood
    count = max(2, round(y / 0.38) + spec.choice("count", (0, 1, -1)))
    board, foot = 0.025, 0.04
    step = (y - foot - board) / (count - 1) if style == "posts" else (y - foot - board) / count
    if style == "posts":
        for sx in (-1, 1):
            for sz in (-1, 1):
                draft.block((0.03, y, 0.03), (sx * (x / 2 - 0.015), 0, sz * (z / 2 - 0.015)), frame)
    else:
        for sx in (-1, 1):
            draft.block((board, y, z), (sx * (x - board) / 2, 0, 0), frame)
        draft.block((x - board, y - 0.02, 0.012), (0, 0.02, -z / 2 + 0.008), m.shaded(wood, 0.65))
    for i in range(count + (style != "posts")):
        level = foot + i * step
        draft.block((x - 0.02, board, z - 0.012), (0, level, 0), wood)
        last = level + step > y
        draft.surface(level + board, (x - 0.08, 0.9 * z), clearance=float("inf") if last else step - board)
    return draft


def shelf(spec: Spec) -> Draft:
    """Build a wall shelf: a board on two brackets."""
    draft = Draft()
    x, y, z = spec.size
    wood = spec.choice("wood", m.WOODS)
    board = min(0.035, 0.4 * y)
    draft.block((x, board, z), (0, y - board, 0), wood, rounding=0.006)
    metal = spec.choice("bracket", (m.DARK_METAL, m.STEEL, wood))
    for side in (-1, 1):
        px = side * 0.36 * x
        draft.block((0.025, y - board, 0.012), (px, 0, -z / 2 + 0.006), metal)
        path = [(px, 0.1 * y, -z / 2 + 0.01), (px, y - board - 0.01, 0.3 * z)]
        draft.add(sweep(path, 0.009), metal, solid=False)
        draft.block((0.025, 0.012, 0.85 * z), (px, y - board - 0.012, -0.06 * z), metal)
    draft.surface(y, (0.97 * x, 0.95 * z))
    return draft


def cart(spec: Spec) -> Draft:
    """Build a serving cart: three trays on a metal frame with wheels and a push bar."""
    draft = Draft()
    x, y, z = spec.size
    metal = spec.choice("metal", m.METALS)
    tray = spec.choice("tray", m.WOODS)
    wheel, top = 0.05, y * 0.86
    for sx in (-1, 1):
        for sz in (-1, 1):
            px, pz = sx * (x / 2 - 0.03), sz * (z / 2 - 0.03)
            draft.add(cylinder(0.012, top, sides=10).moved(px, wheel, pz), metal)
            ring = cylinder(wheel / 2, 0.02, sides=14).moved(y=-0.01).turned("z", 90)
            draft.add(ring.moved(px, wheel / 2, pz), m.RUBBER, solid=False)
    levels = (0.12, 0.45 * y, top)
    for low, high in zip(levels, (*levels[1:], float("inf")), strict=True):
        draft.block((0.94 * x, 0.02, 0.92 * z), (0, low, 0), tray)
        draft.surface(low + 0.02, (0.88 * x, 0.85 * z), clearance=high - low - 0.03)
    bar = [(x / 2 - 0.03, top, -z / 2 + 0.03), (x / 2, y - 0.012, -z / 2 + 0.03), (x / 2, y - 0.012, z / 2 - 0.03)]
    draft.add(sweep([*bar, (x / 2 - 0.03, top, z / 2 - 0.03)], 0.012), metal, solid=False)
    return draft


def rail(spec: Spec) -> Draft:
    """Build a wall rail: a bar or ring for towels or paper between two brackets."""
    draft = Draft()
    x, y, z = spec.size
    metal = spec.choice("metal", m.METALS)
    radius = 0.12 * min(y, z)
    for side in (-1, 1):
        draft.block((0.5 * y, y, 0.15 * z), (side * (x / 2 - 0.25 * y), 0, -z / 2 + 0.075 * z), metal)
        arm = [(0.0, 0.0, 0.0), (0.0, 0.0, 0.75 * z)]
        draft.add(sweep(arm, radius).moved(side * (x / 2 - 0.25 * y), y / 2, -z / 2 + 0.1 * z), metal, solid=False)
    if spec.variant % 2 == 0:
        bar = [(-x / 2 + 0.2 * y, 0.5 * y, 0.38 * z), (x / 2 - 0.2 * y, 0.5 * y, 0.38 * z)]
    else:
        bar = [(px, 0.5 * y + 0.3 * pz, 0.38 * z) for px, pz, _ in arc(0.5 * x - 0.2 * y, 180, 360, points=12)]
        bar = [(px, max(py, 0.12 * y), pz) for px, py, pz in bar]
    draft.add(sweep(bar, radius), metal, solid=False)
    draft.surface(0.5 * y + radius, (0.8 * x, 0.1 * z), center=(0.0, 0.36 * z))
    return draft

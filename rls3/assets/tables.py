"""Builders of tables, counters, chests and shelves: furniture that carries things."""

from __future__ import annotations

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import arc, cone, cylinder, rounded_box, sweep


def _legs(draft: Draft, spec: Spec, style: str, height: float, material: Material) -> None:
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
    _legs(draft, spec, style, y - top, frame)
    if spec.object_type in {"CoffeeTable", "SideTable"} and spec.variant % 2 == 0:
        board = 0.28 * y
        draft.block((0.84 * x, 0.02, 0.82 * z), (0, board, 0), wood)
        draft.surface(board + 0.02, (0.80 * x, 0.78 * z), clearance=y - top - apron - board - 0.02)
    draft.surface(y, (0.96 * x, 0.96 * z))
    return draft


def _drawer_fronts(
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


def _doors(
    draft: Draft, box: tuple[float, float, float, float], count: int, z: float, face: Material, grip: Material
) -> None:
    """Cover the rectangle (x0, y0, x1, y1) at depth z with panelled doors and upright handles."""
    x0, y0, x1, y1 = box
    wide = (x1 - x0) / count
    for i in range(count):
        cx = x0 + (i + 0.5) * wide
        draft.block((wide - 0.012, y1 - y0 - 0.012, 0.016), (cx, y0 + 0.006, z + 0.008), face, solid=False)
        inner = m.shaded(face, 0.82)
        draft.block((wide - 0.12, y1 - y0 - 0.13, 0.004), (cx, y0 + 0.065, z + 0.018), inner, solid=False)
        side = 1 if i % 2 == 0 and count > 1 else -1
        hx = cx + side * (wide / 2 - 0.05)
        draft.block((0.014, min(0.16, 0.3 * (y1 - y0)), 0.024), (hx, (y0 + y1) / 2, z + 0.026), grip, solid=False)


def desk(spec: Spec) -> Draft:
    """Build a desk: a top, a chest of drawers on one side, legs on the other, knees go in from +z."""
    draft = Draft()
    x, y, z = spec.size
    wood = spec.choice("wood", m.WOODS)
    frame = spec.choice("frame", (wood, m.DARK_METAL, m.WHITE))
    side = spec.choice("side", (1, -1))
    draft.block((x, 0.035, z), (0, y - 0.035, 0), wood, rounding=0.008)
    chest = 0.30 * x
    cx = side * (x / 2 - chest / 2 - 0.01)
    draft.block((chest, y - 0.035 - 0.05, 0.92 * z - 0.05), (cx, 0.05, -0.02), wood)
    draft.block((chest - 0.06, 0.05, 0.8 * z), (cx, 0, -0.02), m.shaded(wood, 0.5))
    front = 0.46 * z - 0.045
    _drawer_fronts(draft, (cx - chest / 2, 0.06, cx + chest / 2, y - 0.04), 3, 1, front, m.shaded(wood, 1.12))
    for sz in (-1, 1):
        draft.block((0.045, y - 0.035, 0.045), (-side * (x / 2 - 0.05), 0, sz * (z / 2 - 0.06)), frame)
    draft.block((0.6 * x, 0.25 * y, 0.018), (-side * 0.15 * x, 0.65 * y, -z / 2 + 0.06), wood)
    draft.surface(y, (0.97 * x, 0.96 * z))
    return draft


def dresser(spec: Spec) -> Draft:
    """Build a dresser: a chest with rows of drawers on short legs."""
    draft = Draft()
    x, y, z = spec.size
    wood = spec.choice("wood", m.WOODS)
    foot = 0.09 * y
    draft.block((0.96 * x, y - foot - 0.03, 0.94 * z), (0, foot, -0.015), wood)
    draft.block((x, 0.03, z), (0, y - 0.03, 0), m.shaded(wood, 0.8), rounding=0.008)
    _legs(draft, Spec(spec.object_type, (0.96 * x, foot, 0.9 * z), spec.variant), "tapered", foot, wood)
    rows, columns = spec.choice("grid", ((3, 2), (4, 2), (4, 1), (3, 3)))
    if x < 0.7:
        columns = 1
    box = (-0.47 * x, foot + 0.01, 0.47 * x, y - 0.035)
    _drawer_fronts(draft, box, rows, columns, 0.47 * z - 0.015, m.shaded(wood, 1.15))
    draft.surface(y, (0.97 * x, 0.95 * z))
    return draft


def drawer(spec: Spec) -> Draft:
    """Build a single drawer: an open tray with a front and a handle."""
    draft = Draft()
    x, y, z = spec.size
    wood = spec.choice("wood", m.WOODS)
    draft.block((x * 0.92, 0.015, z - 0.03), (0, 0.01, -0.01), wood)
    for side in (-1, 1):
        draft.block((0.015, 0.75 * y, z - 0.03), (side * 0.455 * x, 0.01, -0.01), wood)
    draft.block((0.92 * x, 0.75 * y, 0.015), (0, 0.01, -z / 2 + 0.01), wood)
    draft.block((x, y, 0.02), (0, 0, z / 2 - 0.03), m.shaded(wood, 1.1))
    draft.block((0.3 * x, 0.015, 0.02), (0, 0.5 * y, z / 2 - 0.01), m.DARK_METAL, solid=False)
    draft.surface(0.025, (0.86 * x, 0.86 * z), clearance=y)
    return draft


def cabinet(spec: Spec) -> Draft:
    """Build a cupboard with panelled doors."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (*m.WOODS, m.WHITE))
    draft.block((x, y - 0.06, z - 0.04), (0, 0.06, -0.02), body)
    draft.block((0.94 * x, 0.06, z - 0.09), (0, 0, -0.03), m.BLACK)
    count = max(1, round(x / 0.42))
    grip = spec.choice("grip", (m.STEEL, m.DARK_METAL, m.BRASS))
    _doors(draft, (-x / 2, 0.07, x / 2, y), count, z / 2 - 0.04, m.shaded(body, 1.1), grip)
    draft.surface(y, (0.97 * x, 0.95 * z - 0.03))
    return draft


def counter(spec: Spec) -> Draft:
    """Build a kitchen counter: a stone top over cupboard doors and a row of drawers."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.WHITE, *m.WOODS))
    stone = spec.choice("stone", m.STONES)
    top = min(0.04, 0.1 * y)
    draft.block((x, top, z), (0, y - top, 0), stone, rounding=0.006)
    draft.block((0.98 * x, y - top - 0.09, z - 0.07), (0, 0.09, -0.02), body)
    draft.block((0.96 * x, 0.09, z - 0.14), (0, 0, -0.03), m.BLACK)
    count = max(1, round(x / 0.45))
    front, split = z / 2 - 0.055, y - top - 0.19 * y
    _drawer_fronts(draft, (-0.49 * x, split, 0.49 * x, y - top - 0.01), 1, count, front, m.shaded(body, 1.08))
    _doors(draft, (-0.49 * x, 0.1, 0.49 * x, split), count, front, m.shaded(body, 1.08), m.STEEL)
    draft.surface(y, (0.97 * x, 0.95 * z))
    return draft


def tv_stand(spec: Spec) -> Draft:
    """Build a low media stand: open compartments between doors."""
    draft = Draft()
    x, y, z = spec.size
    wood = spec.choice("wood", m.WOODS)
    foot, board = 0.16 * y, 0.025
    draft.block((x, board, z), (0, y - board, 0), wood, rounding=0.006)
    draft.block((x, board, z), (0, foot, 0), wood)
    draft.block((0.98 * x, y - foot, 0.012), (0, foot, -z / 2 + 0.012), m.shaded(wood, 0.6))
    _legs(draft, Spec(spec.object_type, (0.9 * x, foot, 0.85 * z), spec.variant), "round", foot, m.DARK_METAL)
    parts = spec.choice("bays", (("door", "open", "door"), ("open", "open", "open"), ("open", "door", "open")))
    wide = (x - board) / len(parts)
    free = y - board - foot - board
    for i in range(len(parts) + 1):
        draft.block((board, y - foot - board, 0.97 * z), (-x / 2 + board / 2 + i * wide, foot, 0), wood)
    for i, part in enumerate(parts):
        cx = -x / 2 + board / 2 + (i + 0.5) * wide
        if part == "door":
            draft.block((wide - board, free, 0.9 * z), (cx, foot + board, -0.01), m.shaded(wood, 0.9))
            box = (cx - wide / 2 + 0.012, foot + board, cx + wide / 2 - 0.012, y - board)
            _doors(draft, box, 1, 0.45 * z - 0.01, m.shaded(wood, 1.1), m.DARK_METAL)
        else:
            middle = foot + board + 0.5 * free
            draft.block((wide - board, 0.015, 0.9 * z), (cx, middle, 0), wood)
            for height in (foot + board, middle + 0.015):
                draft.surface(height, (0.9 * wide, 0.85 * z), center=(cx, 0.0), clearance=0.5 * free - 0.015)
    draft.surface(y, (0.97 * x, 0.95 * z))
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


def doorway(spec: Spec) -> Draft:
    """Build a door frame, for a doorway with the door leaf and its knob."""
    draft = Draft()
    x, y, z = spec.size
    wood = spec.choice("wood", (m.WHITE, *m.WOODS))
    jamb = 0.07
    for side in (-1, 1):
        draft.block((jamb, y, z), (side * (x - jamb) / 2, 0, 0), wood)
    draft.block((x, jamb, z), (0, y - jamb, 0), wood)
    if spec.object_type == "Doorframe":
        return draft
    leaf = m.shaded(wood, 0.86)
    draft.block((x - 2 * jamb, y - jamb, 0.35 * z), (0, 0, 0), leaf)
    for side in (-1, 1):
        for base, high in ((0.10 * y, 0.30 * y), (0.50 * y, 0.36 * y)):
            panel = (0.3 * x, high, 0.06 * z)
            for column in (-1, 1):
                at = (column * 0.19 * x, base, side * 0.19 * z)
                draft.block(panel, at, m.shaded(leaf, 0.85), solid=False)
        knob = [(0.36 * x, 0.46 * y, 0.0), (0.36 * x, 0.46 * y, side * 0.48 * z)]
        draft.add(sweep(knob, 0.022, sides=10), m.BRASS, solid=False)
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

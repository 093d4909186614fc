"""Builders of cupboards, drawers, counters and desks."""

from __future__ import annotations

from rls3.assets import materials as m
from rls3.assets.builders.joinery import (
    DOOR_SWING,
    DRAWER_CASE_WALL,
    DRAWER_TRAVEL,
    WALL,
    doors,
    drawer_fronts,
    hollow,
    joinery,
)
from rls3.assets.builders.tables import legs
from rls3.assets.drafting import Draft, Spec
from rls3.assets.primitives import lathe, sweep


def cabinet(spec: Spec) -> Draft:
    """Build a cupboard with a shelf behind panelled doors."""
    draft = Draft()
    x, y, z = spec.size
    body = joinery(spec)
    grip = spec.choice("grip", (m.STEEL, m.DARK_METAL, m.BRASS))
    plinth = min(0.06, 0.1 * y)
    deep = z - 0.04
    hollow(draft, (x, y - plinth, deep), (0, plinth, -0.02), WALL, body)
    draft.block((0.94 * x, plinth, z - 0.09), (0, 0, -0.03), m.BLACK)
    middle = plinth + 0.5 * (y - plinth)
    draft.block((x - 2 * WALL, WALL, 0.85 * deep), (0, middle, -0.02 - 0.06 * deep), body)
    count = max(1, round(x / 0.46))
    box = (-x / 2, plinth + 0.01, x / 2, y)
    doors(draft, box, count, z / 2 - 0.04, (m.shaded(body, 1.1), grip), spec.openness)
    free = 0.5 * (y - plinth) - 2 * WALL
    for level in (plinth + WALL, middle + WALL):
        draft.surface(level, (x - 0.06, 0.8 * deep), center=(0.0, -0.02 - 0.05 * deep), clearance=free, inside=True)
    draft.surface(y, (0.97 * x, 0.95 * z - 0.03))
    return draft


def drawer(spec: Spec) -> Draft:
    """Build a single drawer: a tray behind a front with a handle, which comes out as it opens."""
    draft = Draft()
    x, y, z = spec.size
    wood = joinery(spec)
    grip = spec.choice("grip", (m.DARK_METAL, m.STEEL, m.BRASS))
    tray = Draft()
    long = z - 0.04
    tray.block((0.92 * x, 0.012, long), (0, 0.01, -0.02), wood)
    for side in (-1, 1):
        tray.block((0.012, 0.72 * y, long), (side * 0.454 * x, 0.01, -0.02), wood)
    tray.block((0.92 * x, 0.72 * y, 0.012), (0, 0.01, -z / 2 + 0.006), wood)
    tray.block((x, y, 0.02), (0, 0, z / 2 - 0.03), m.shaded(wood, 1.1))
    if spec.variant % 3 == 2:
        knob = lathe([(0.008, 0.0), (0.016, 0.012), (0.012, 0.02)], sides=14).turned("x", 90)
        tray.add(knob.moved(0, 0.5 * y, z / 2 - 0.02), grip, solid=False)
    else:
        tray.block((min(0.3 * x, 0.2), 0.015, 0.02), (0, 0.5 * y, z / 2 - 0.01), grip, solid=False)
    tray.surface(0.022, (0.86 * x, 0.9 * long), center=(0.0, -0.02), clearance=0.85 * y, inside=True)
    draft.slide(tray, (0.0, 0.0, DRAWER_TRAVEL * z * spec.openness))
    return draft


def open_case(spec: Spec) -> Draft:
    """Build furniture with open shelves at the levels at which things stand in it, and a top."""
    draft = Draft()
    x, y, z = spec.size
    wood = joinery(spec)
    hollow(draft, spec.size, (0, 0, 0), WALL, wood)
    floors = sorted({round(level, 3) for level in spec.levels if WALL < level < y - 2 * WALL})
    for low, high in zip(floors, [*floors[1:], y - WALL], strict=True):
        if low > 2 * WALL:
            draft.block((x - 2 * WALL, WALL, z - WALL), (0, low - WALL, 0.5 * WALL), wood)
        draft.surface(low, (x - 0.05, 0.9 * z), clearance=high - low - WALL)
    draft.surface(y, (0.97 * x, 0.95 * z))
    return draft


def drawer_case(spec: Spec) -> Draft:
    """Build the open case that a fitted drawer slides in."""
    draft = Draft()
    hollow(draft, spec.size, (0, 0, 0), DRAWER_CASE_WALL, joinery(spec))
    return draft


def counter(spec: Spec) -> Draft:
    """Build a kitchen counter: a stone top over cupboard doors and drawers, or the top alone when it is thin."""
    draft = Draft()
    x, y, z = spec.size
    stone = spec.choice("stone", (*m.STONES, m.WOODS[0]))
    if y < 0.12:
        draft.block((x, y, z), (0, 0, 0), stone, rounding=0.3 * y)
        draft.surface(y, (0.97 * x, 0.95 * z))
        return draft
    body = spec.choice("body", (m.WHITE, *m.WOODS))
    top = min(0.04, 0.1 * y)
    draft.block((x, top, z), (0, y - top, 0), stone, rounding=0.006)
    draft.block((0.98 * x, y - top - 0.09, z - 0.07), (0, 0.09, -0.02), body)
    draft.block((0.96 * x, 0.09, z - 0.14), (0, 0, -0.03), m.BLACK)
    count = max(1, round(x / 0.45))
    front, split = z / 2 - 0.055, y - top - 0.19 * y
    face = m.shaded(body, 1.08)
    drawer_fronts(draft, (-0.49 * x, split, 0.49 * x, y - top - 0.01), 1, count, front, face)
    doors(draft, (-0.49 * x, 0.1, 0.49 * x, split), count, front, (face, m.STEEL))
    draft.surface(y, (0.97 * x, 0.95 * z))
    return draft


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
    drawer_fronts(draft, (cx - chest / 2, 0.06, cx + chest / 2, y - 0.04), 3, 1, front, m.shaded(wood, 1.12))
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
    legs(draft, Spec(spec.object_type, (0.96 * x, foot, 0.9 * z), spec.variant), "tapered", foot, wood)
    rows, columns = spec.choice("grid", ((3, 2), (4, 2), (4, 1), (3, 3)))
    if x < 0.7:
        columns = 1
    box = (-0.47 * x, foot + 0.01, 0.47 * x, y - 0.035)
    drawer_fronts(draft, box, rows, columns, 0.47 * z - 0.015, m.shaded(wood, 1.15))
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
    legs(draft, Spec(spec.object_type, (0.9 * x, foot, 0.85 * z), spec.variant), "round", foot, m.DARK_METAL)
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
            doors(draft, box, 1, 0.45 * z - 0.01, (m.shaded(wood, 1.1), m.DARK_METAL))
        else:
            middle = foot + board + 0.5 * free
            draft.block((wide - board, 0.015, 0.9 * z), (cx, middle, 0), wood)
            for height in (foot + board, middle + 0.015):
                draft.surface(height, (0.9 * wide, 0.85 * z), center=(cx, 0.0), clearance=0.5 * free - 0.015)
    draft.surface(y, (0.97 * x, 0.95 * z))
    return draft


def safe(spec: Spec) -> Draft:
    """Build a safe: a thick door with a dial and a lever before a hollow with a shelf."""
    draft = Draft()
    x, y, z = spec.size
    steel = spec.choice("steel", (m.DARK_METAL, m.STEEL, m.tinted(m.DARK_METAL, "#3c4b3f")))
    wall = 0.09 * min(x, y)
    hollow(draft, (x, y - 0.02, z - 0.06), (0, 0.02, -0.03), wall, steel)
    for sx in (-1, 1):
        draft.block((0.06, 0.02, 0.8 * z), (sx * 0.38 * x, 0, -0.03), m.BLACK)
    leaf = Draft()
    front = z / 2 - 0.06
    leaf.block((0.94 * x, 0.90 * y, 0.03), (0, 0.07 * y, front + 0.016), m.shaded(steel, 1.35), rounding=0.006)
    dial = lathe([(0.13 * x, 0.0), (0.13 * x, 0.012), (0.05 * x, 0.026)], sides=24).turned("x", 90)
    leaf.add(dial.moved(-0.1 * x, 0.58 * y, front + 0.031), m.CHROME, solid=False)
    for k in range(8):
        tick = (0.012 * x, 0.035 * x, 0.004)
        mark = Draft()
        mark.block(tick, (-0.1 * x, 0.58 * y + 0.15 * x, front + 0.033), m.WHITE, solid=False)
        leaf.hang(mark, (-0.1 * x, 0.58 * y, 0.0), "z", 45.0 * k)
    lever = [
        (0.25 * x, 0.58 * y, front + 0.03),
        (0.25 * x, 0.58 * y, front + 0.048),
        (0.25 * x, 0.36 * y, front + 0.048),
    ]
    leaf.add(sweep(lever, 0.012), m.CHROME, solid=False)
    draft.hang(leaf, (0.47 * x, 0.0, front), "y", DOOR_SWING * spec.openness)
    draft.surface(0.02 + wall, (x - 2.4 * wall, 0.7 * z), center=(0.0, -0.02), clearance=y - 2.4 * wall, inside=True)
    draft.surface(y, (0.9 * x, 0.8 * z))
    return draft

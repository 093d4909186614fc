"""Builders of what stands in an opening: doors, windows, shower glass."""

from __future__ import annotations

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import rounded_box, sweep

#: How far doors turn, degrees, when wide open.
DOOR_SWING = 92.0
JAMB = 0.07
THRESHOLD = 0.008
#: Openings wider than this hold two leaves, metres.
DOUBLE_WIDTH = 1.4


def doorway(spec: Spec) -> Draft:
    """Build a door frame, for a doorway with one or two panelled leaves that open to +z."""
    draft = Draft()
    x, y, z = spec.size
    wood = spec.choice("wood", (m.WHITE, *m.WOODS))
    for side in (-1, 1):
        draft.block((JAMB, y, z), (side * (x - JAMB) / 2, 0, 0), wood)
    draft.block((x, JAMB, z), (0, y - JAMB, 0), wood)
    draft.block((x, THRESHOLD, z), (0, 0, 0), m.shaded(wood, 0.6), solid=False)
    if spec.object_type == "Doorframe":
        return draft
    paint = spec.choice("leaf", (m.shaded(wood, 0.86), m.WOODS[1], m.shaded(wood, 0.95), m.WOODS[3]))
    free = x - 2 * JAMB
    count = 2 if x > DOUBLE_WIDTH else 1
    style = spec.choice("panels", ("four", "glazed", "two"))
    for k in range(count):
        hinge_side = -1 if k == 0 else 1
        wide = free / count - 0.004
        cx = (k - (count - 1) / 2) * free / count
        leaf = Draft()
        leaf.slide(_leaf((wide, y - JAMB - 0.006, 0.35 * z), z, style, -hinge_side, paint), (cx, 0.004, 0.0))
        hinge = (cx + hinge_side * wide / 2, 0.0, 0.0)
        draft.hang(leaf, hinge, "y", hinge_side * DOOR_SWING * spec.openness)
    return draft


def _leaf(size: tuple[float, float, float], depth: float, style: str, knob_side: int, paint: Material) -> Draft:
    """Return a door leaf with its base centre at the origin and a knob on one side of x, `depth` with its knobs."""
    x, y, z = size
    leaf = Draft()
    leaf.block(size, (0, 0, 0), paint)
    fields = {
        "four": [(c, b, 0.32, h) for c in (-0.22, 0.22) for b, h in ((0.08, 0.32), (0.50, 0.40))],
        "glazed": [(0.0, 0.08, 0.72, 0.26), (-0.19, 0.42, 0.33, 0.50), (0.19, 0.42, 0.33, 0.50)],
        "two": [(0.0, 0.08, 0.68, 0.34), (0.0, 0.52, 0.68, 0.40)],
    }[style]
    for side in (-1, 1):
        for column, base, wide, high in fields:
            glass = style == "glazed" and base > 0.4
            face = m.tinted(m.DAYLIGHT, "#9fb8c4") if glass else m.shaded(paint, 0.82)
            at = (column * x, base * y, side * (z / 2 + 0.002))
            leaf.block((wide * x, high * y, 0.006), at, face, solid=False)
        knob_x = knob_side * (x / 2 - 0.07)
        knob = [(knob_x, 0.46 * y, 0.0), (knob_x, 0.46 * y, side * 0.47 * depth)]
        leaf.add(sweep(knob, 0.022, sides=10), m.BRASS, solid=False)
    return leaf


def window(spec: Spec) -> Draft:
    """Build a window: frame, sill, glazing bars and bright panes."""
    draft = Draft()
    x, y, z = spec.size
    frame = spec.choice("frame", (m.WHITE, m.WOODS[1], m.DARK_METAL))
    bar = min(0.07, 0.09 * min(x, y))
    for side in (-1, 1):
        draft.block((bar, y, z), (side * (x - bar) / 2, 0, 0), frame)
        draft.block((x, bar, z), (0, 0 if side < 0 else y - bar, 0), frame)
    columns, rows = spec.choice("panes", ((2, 2), (2, 1), (3, 2)))
    for k in range(1, columns):
        draft.block((0.5 * bar, y - 2 * bar, 0.6 * z), (-x / 2 + x * k / columns, bar, 0), frame)
    for k in range(1, rows):
        draft.block((x - 2 * bar, 0.5 * bar, 0.6 * z), (0, y * k / rows, 0), frame)
    draft.block((x - 1.8 * bar, y - 1.8 * bar, 0.15 * z), (0, 0.9 * bar, 0), m.DAYLIGHT)
    return draft


def framed_glass(spec: Spec) -> Draft:
    """Build a shower door or fixed shower glass: a pane in a metal frame, the door with a handle and hinges at -x."""
    draft = Draft()
    x, y, z = spec.size
    metal = spec.choice("metal", (m.CHROME, m.DARK_METAL, m.BRASS))
    bar = 0.03
    pane = Draft()
    for side in (-1, 1):
        pane.block((bar, y, 0.6 * z), (side * (x - bar) / 2, 0, 0), metal)
        pane.block((x, bar, 0.6 * z), (0, 0 if side < 0 else y - bar, 0), metal)
    pane.add(rounded_box(x - bar, y - bar, 0.25 * z, 0.002).moved(y=y / 2), m.GLASS)
    if spec.object_type == "ShowerGlass":
        pane.block((0.96 * x, 0.03, 0.3 * z), (0, 0.5 * y, 0), metal)
        draft.slide(pane, (0.0, 0.0, 0.0))
        return draft
    for side in (-1, 1):
        grip = side * 0.45 * z
        bow = [(0.36 * x, 0.42 * y, 0.0), (0.36 * x, 0.42 * y, grip), (0.36 * x, 0.58 * y, grip)]
        pane.add(sweep([*bow, (0.36 * x, 0.58 * y, 0.0)], 0.009), metal, solid=False)
    draft.hang(pane, (-x / 2, 0.0, 0.0), "y", -90.0 * spec.openness)
    return draft

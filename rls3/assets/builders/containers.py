"""Builders of boxes, bins, bags, hampers and cans."""

from __future__ import annotations

import math

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import (
    arc,
    cone,
    cushion,
    cylinder,
    ellipsoid,
    lathe,
    rounded_box,
    smooth,
    sweep,
    torus,
    vessel,
)


def carton(spec: Spec) -> Draft:
    """Build a cardboard box whose four flaps stand off when it is open and cover it when it is shut."""
    draft = Draft()
    x, y, z = spec.size
    board = spec.choice("board", (m.CARDBOARD, m.shaded(m.CARDBOARD, 1.3), m.tinted(m.CARDBOARD, "#8a9db0")))
    inside = m.shaded(board, 0.7)
    lean = spec.choice("lean", (128.0, 160.0, 105.0))
    wall = 0.008
    # Flaps of length f on walls w apart, leaning by `lean` from shut, span w + 2 f |cos(lean)| and rise f sin(lean).
    out, rise = -math.cos(math.radians(lean)), math.sin(math.radians(lean))
    wide, deep = x / (1 + 0.8 * out), z / (1 + 0.8 * out)
    high = max(y - 0.4 * max(wide, deep) * rise, 0.5 * y)
    draft.block((wide, wall, deep), (0, 0, 0), inside, solid=False)
    for side in (-1, 1):
        draft.block((wall, high, deep), (side * (wide - wall) / 2, 0, 0), board, solid=False)
        draft.block((wide, high, wall), (0, 0, side * (deep - wall) / 2), board, solid=False)
        for length, span, axis, level in ((0.4 * deep, wide, "x", high + wall), (0.4 * wide, deep, "z", high)):
            sheet = Draft()
            size, edge = ((span, wall, length), deep) if axis == "x" else ((length, wall, span), wide)
            at = side * (edge - length) / 2
            sheet.block(size, (0, level, at) if axis == "x" else (at, level, 0), board, solid=False)
            hinge = (0.0, level, side * edge / 2) if axis == "x" else (side * edge / 2, level, 0.0)
            turn = side * lean * spec.openness
            draft.hang(sheet, hinge, axis, turn if axis == "x" else -turn)
    label = spec.choice("label", (m.WHITE_PAPER, m.tinted(m.WHITE_PAPER, "#c94f3d"), m.WHITE_PAPER))
    draft.block((0.3 * wide, 0.2 * high, 0.001), (0.2 * wide, 0.15 * high, deep / 2), label, solid=False)
    if spec.variant % 3 == 1:
        draft.block(
            (0.12 * wide, 0.5 * high, 0.001), (0, 0.5 * high, deep / 2), m.tinted(m.WHITE_PAPER, "#d9c39a"), solid=False
        )
    draft.basin((wide, high, deep), (0, 0, 0), 0.012)
    if spec.openness < 0.5:
        draft.obstacle((wide, 0.012, deep), (0, high, 0))
    floor = draft.surfaces.pop()
    draft.surface(floor.height, (wide - 0.024, deep - 0.024), clearance=high - 0.012, inside=True)
    return draft


def bin_(spec: Spec) -> Draft:
    """Build a waste bin: open and tapered, with a pedal and lid, or a wire basket."""
    draft = Draft()
    x, y, z = spec.size
    paint = spec.choice("paint", (m.STEEL, m.PLASTICS[1], m.DARK_METAL, m.PLASTICS[3], m.WHITE))
    style = spec.choice("style", ("open", "pedal", "swing"))
    low = 0.38 if style == "open" else 0.46
    top = 1.0 if style == "open" else 0.86
    body = vessel([(low, 0.0), (0.49, top)], 0.02, floor=0.04, sides=32).scaled(x, y, z)
    draft.add(body, paint, solid=False)
    if style == "open":
        draft.add(
            torus(0.48, 0.02, sides=32, rows=6).scaled(x, 0.5 * y, z).moved(y=0.985 * y),
            m.shaded(paint, 0.6),
            solid=False,
        )
        draft.basin((x, y, z), (0, 0, 0), 0.1 * x)
        draft.surfaces.clear()
        draft.surface(0.05 * y, (0.5 * x, 0.5 * z))
        return draft
    lid = lathe([(0.49, 0.0), (0.5, 0.02), (0.42, 0.11), (0.2, 0.14)], sides=32)
    draft.add(lid.scaled(x, y, z).moved(y=0.86 * y), m.BLACK)
    draft.obstacle((x, 0.86 * y, z), (0, 0, 0))
    if style == "pedal":
        draft.block((0.22 * x, 0.03, 0.06), (0, 0.01, 0.49 * z), m.BLACK, solid=False)
    else:
        draft.block((0.4 * x, 0.02 * y, 0.2 * z), (0, 0.985 * y, 0), m.GREY, solid=False)
    draft.surface(0.99 * y, (0.3 * x, 0.3 * z))
    return draft


def garbage_bag(spec: Spec) -> Draft:
    """Build a knotted rubbish bag."""
    draft = Draft()
    x, y, z = spec.size
    skin = m.tinted(m.BLACK, spec.choice("skin", ("#1d1e21", "#2f3f36", "#d9d9d6")))
    body = [(0.36, 0.0), (0.48, 0.1), (0.5, 0.35), (0.4, 0.6), (0.2, 0.76), (0.07, 0.82), (0.1, 0.9), (0.16, 1.0)]
    draft.add(lathe(smooth(body), sides=14).scaled(x, y, z), skin)
    for k in range(7):
        lump = ellipsoid(0.4 * x, 0.4 * y, 0.3 * z, sides=10, rows=6)
        at = (0.28 * x * math.cos(0.9 * k), (0.2 + 0.05 * (k % 3)) * y, 0.3 * z * math.sin(0.9 * k))
        draft.add(lump.moved(*at), skin, solid=False)
    draft.add(
        torus(0.08 * x, 0.025 * x, sides=14, rows=6).moved(y=0.82 * y), m.PLASTICS[(spec.variant + 1) % 7], solid=False
    )
    return draft


def hamper(spec: Spec) -> Draft:
    """Build a laundry hamper: a woven or fabric basket, clothes in it, under a lid that leans back as it opens."""
    draft = Draft()
    x, y, z = spec.size
    weave = spec.choice("weave", (m.tinted(m.FABRICS[3], "#b98f5a"), m.LINENS[1], m.FABRICS[1]))
    weave = Material("Fabric", "tile" if spec.variant % 2 == 0 else "fabric", weave.color, weave.accent, 0.035)
    draft.add(rounded_box(0.96 * x, 0.84 * y, 0.96 * z, 0.04).moved(y=0.42 * y).tapered(0.88, 1.0), weave)
    rim = m.WOODS[1] if spec.variant % 2 == 0 else m.LINENS[0]
    draft.block((x, 0.05 * y, z), (0, 0.82 * y, 0), rim, rounding=0.015)
    for k in range(5):
        lump = cushion(0.5 * x, 0.12 * y, 0.45 * z, cells=6).turned("y", 55.0 * k)
        at = (0.17 * x * math.cos(2.0 * k), 0.86 * y, 0.17 * z * math.sin(2.0 * k))
        draft.add(lump.moved(*at), (*m.LINENS, *m.FABRICS)[(k * 3 + spec.variant) % 12], solid=False)
    lid = Draft()
    lid.block((x, 0.07 * y, z), (0, 0.93 * y, 0), weave, rounding=0.02)
    lid.block((0.96 * x, 0.06 * y, 0.96 * z), (0, 0.87 * y, 0), rim, solid=False)
    grip = [(-0.1 * x, 0.955 * y, 0.47 * z), (-0.1 * x, 0.955 * y, 0.5 * z), (0.1 * x, 0.955 * y, 0.5 * z)]
    lid.add(sweep([*grip, (0.1 * x, 0.955 * y, 0.47 * z)], 0.008, sides=6), m.BRASS, solid=False)
    draft.hang(lid, (0.0, 0.9 * y, -z / 2), "x", -95.0 * spec.openness)
    for side in (-1, 1):
        loop = [(side * 0.485 * x, 0.70 * y + py, pz) for pz, py, _ in arc(0.07, 180, 360, points=8)]
        draft.add(sweep(loop, 0.008, sides=6), rim, solid=False)
    if spec.openness > 0:
        draft.surface(0.9 * y, (0.5 * x, 0.5 * z))
    else:
        draft.surface(y, (0.8 * x, 0.8 * z))
    return draft


def watering_can(spec: Spec) -> Draft:
    """Build a watering can: body, long spout with a rose at +x, handle at -x."""
    draft = Draft()
    x, y, z = spec.size
    metal = spec.choice("metal", (m.PLASTICS[3], m.STEEL, m.COPPER, m.PLASTICS[1]))
    radius = z / 2
    middle = -0.12 * x
    body = vessel([(0.95 * radius, 0.0), (radius, 0.1 * y), (0.9 * radius, 0.66 * y)], 0.05 * radius, floor=0.04 * y)
    draft.add(body.moved(middle), metal)
    if spec.condition.filled is not None:
        water = cylinder(0.86 * radius, 0.004, sides=24).moved(middle, 0.6 * y)
        draft.add(water, m.LIQUIDS.get(spec.condition.filled, m.LIQUIDS["water"]), solid=False)
    spout = [(middle + 0.8 * radius, 0.15 * y, 0.0), (0.3 * x, 0.55 * y, 0.0), (0.45 * x, 0.84 * y, 0.0)]
    draft.add(sweep(spout, [0.06 * y, 0.045 * y, 0.04 * y], sides=10), metal)
    rose = cone(0.04 * y, 0.13 * y, 0.10 * y, sides=16).turned("z", -38).moved(0.44 * x, 0.82 * y)
    draft.add(rose, m.shaded(metal, 0.8), solid=False)
    loop = [(middle - 0.75 * radius + px, 0.60 * y + py, 0.0) for px, py, _ in arc(0.36 * y, 10, 255, points=14)]
    draft.add(sweep(loop, 0.035 * y), metal, solid=False)
    draft.obstacle((0.2 * x, 0.8 * y, 0.04), (-0.4 * x, 0.15 * y, 0))
    return draft

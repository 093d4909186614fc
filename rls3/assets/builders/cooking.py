"""Builders of stoves and of what cooks on a counter."""

from __future__ import annotations

import math

from rls3.assets import materials as m
from rls3.assets.builders.joinery import hollow
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import arc, cylinder, lathe, rounded_box, sweep, torus, tube


def fit_knob(draft: Draft, radius: float, depth: float, at: tuple[float, float, float], material: Material) -> None:
    """Put a round knob on a front, its axis along z."""
    knob = cylinder(radius, depth, sides=18).turned("x", 90)
    draft.add(knob.moved(*at), material, solid=False)


def microwave(spec: Spec) -> Draft:
    """Build a microwave: a hollow behind a door with a window, a panel with display and buttons; lit while it is on."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.WHITE, m.STEEL, m.DARK_METAL))
    on = spec.condition.on
    front, wall, foot = z / 2 - 0.04, 0.025, 0.015
    deep = front + z / 2
    wide, cx = 0.74 * x, 0.13 * x
    high = y - foot
    hollow(draft, (wide, high, deep), (cx, foot, -z / 2 + deep / 2), wall, body)
    lining = m.lit(m.SHADE, "#ffdf9a") if on else m.shaded(m.GREY, 0.8)
    draft.block((wide - 2 * wall, high - 2 * wall, 0.004), (cx, foot + wall, -z / 2 + wall), lining, solid=False)
    draft.add(cylinder(0.28 * wide, 0.006, sides=28).moved(cx, foot + wall, -0.02), m.GLASS, solid=False)
    draft.block((x - wide, high, deep), (-x / 2 + (x - wide) / 2, foot, -z / 2 + deep / 2), body)
    for side in (-1, 1):
        draft.block((0.05, foot, 0.8 * z), (side * 0.4 * x, 0, -0.02), m.BLACK)
    leaf = Draft()
    leaf.block((wide, 0.96 * high, 0.018), (cx, foot + 0.02 * high, front + 0.010), m.shaded(body, 0.9))
    window = m.lit(m.SHADE, "#f2c776") if on else m.SCREEN
    leaf.block((0.56 * x, 0.58 * y, 0.004), (cx + 0.04 * x, 0.22 * y, front + 0.020), window, solid=False)
    hx, face = cx - wide / 2 + 0.035, front + 0.018
    bar = [(hx, 0.16 * y, face), (hx, 0.2 * y, z / 2 - 0.009), (hx, 0.8 * y, z / 2 - 0.009), (hx, 0.84 * y, face)]
    leaf.add(sweep(bar, 0.009), m.CHROME, solid=False)
    draft.hang(leaf, (cx + wide / 2, 0.0, front), "y", 100.0 * spec.openness)
    panel = -x / 2 + (x - wide) / 2
    draft.block((0.22 * x, 0.9 * y, 0.012), (panel, 0.06 * y, front + 0.006), m.BLACK, solid=False)
    shown = m.lit(m.SHADE, "#4fffb0") if on else m.tinted(m.SCREEN, "#1f3a30")
    draft.block((0.16 * x, 0.13 * y, 0.004), (panel, 0.76 * y, front + 0.013), shown, solid=False)
    for row in range(4):
        for column in range(3):
            at = (panel + 0.055 * (column - 1) * x, (0.16 + 0.13 * row) * y, front + 0.013)
            draft.block((0.035 * x, 0.08 * y, 0.004), at, m.GREY, solid=False)
    floor = foot + wall + 0.006
    extent, free = (0.8 * (wide - 2 * wall), 0.7 * deep), high - 2 * wall - 0.012
    draft.surface(floor, extent, center=(cx, -0.02), clearance=free, inside=True)
    draft.surface(y, (0.9 * x, 0.8 * z))
    return draft


def stove(spec: Spec) -> Draft:
    """Build the body of a kitchen range: a top plate to put burners on, a strip for knobs, an oven door."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.WHITE, m.STEEL, m.DARK_METAL))
    top = 0.02
    front = z / 2 - 0.03
    draft.block((x, y - top, z - 0.03), (0, 0, -0.015), body)
    plate = m.BLACK if spec.variant % 2 else m.shaded(body, 0.7)
    draft.block((x, top, z - 0.02), (0, y - top, -0.01), plate, rounding=0.005)
    draft.block((0.96 * x, 0.60 * y, 0.018), (0, 0.16 * y, front + 0.008), m.shaded(body, 0.92), rounding=0.006)
    draft.block((0.66 * x, 0.30 * y, 0.006), (0, 0.28 * y, front + 0.018), m.SCREEN, solid=False)
    draft.block((0.94 * x, 0.11 * y, 0.015), (0, 0.03 * y, front + 0.006), m.shaded(body, 0.85), solid=False)
    bar = [(-0.38 * x, 0.70 * y, front), (-0.38 * x, 0.70 * y, z / 2 - 0.01), (0.38 * x, 0.70 * y, z / 2 - 0.01)]
    draft.add(sweep([*bar, (0.38 * x, 0.70 * y, front)], 0.01), m.CHROME, solid=False)
    return draft


def hood(spec: Spec) -> Draft:
    """Build a range hood: a flat funnel with a filter below and a duct to the ceiling."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.STEEL, m.WHITE, m.DARK_METAL))
    draft.block((x, 0.12 * y, z), (0, 0, 0), body)
    funnel = rounded_box(x, 0.25 * y, z, 0.004).moved(y=0.125 * y).tapered(1.0, 0.4)
    draft.add(funnel.moved(0, 0.12 * y, 0), body)
    draft.block((0.38 * x, 0.65 * y, 0.4 * z), (0, 0.35 * y, -0.3 * z + 0.2 * z), body)
    draft.block((0.8 * x, 0.01, 0.8 * z), (0, -0.004, 0), m.DARK_METAL, solid=False)
    return draft


def burner(spec: Spec) -> Draft:
    """Build one burner: a gas ring with a grate, or an electric coil; in flames or red hot while it is on."""
    draft = Draft()
    x, y, z = spec.size
    on = spec.condition.on
    if spec.variant % 2 == 0:
        cap = m.DARK_METAL if spec.variant % 4 == 0 else m.BRASS
        draft.add(cylinder(0.2 * x, 0.5 * y, sides=20), cap, solid=False)
        draft.add(torus(0.47 * x, 0.03 * x, sides=32, rows=6).scaled(1, 0.5, 1).moved(y=0.12 * y), m.BLACK, solid=False)
        for k in range(4):
            draft.hang(_grate_arm(x, y), (0.0, 0.0, 0.0), "y", 90.0 * k + 45.0)
        if on:
            for k in range(12):
                angle = 2 * math.pi * k / 12
                flame = lathe([(0.0, 0.0), (0.5, 0.3), (0.3, 0.65), (0.0, 1.0)], sides=8).scaled(0.1 * x, 0.05, 0.1 * x)
                at = (0.22 * x * math.cos(angle), 0.4 * y, 0.22 * x * math.sin(angle))
                draft.add(flame.moved(*at), m.lit(m.FLAME, "#5c9dff"), solid=False)
    else:
        coil = m.lit(m.FLAME, "#ff4a1f") if on else m.DARK_METAL
        draft.add(
            tube(0.5 * x, 0.46 * x, 0.5 * y, sides=32), m.STEEL if spec.variant % 4 == 1 else m.BRASS, solid=False
        )
        for share in (0.14, 0.25, 0.36):
            ring = torus(share * x, 0.035 * x, sides=32, rows=6).scaled(1, 0.8, 1)
            draft.add(ring.moved(y=0.6 * y), coil, solid=False)
        draft.add(cylinder(0.46 * x, 0.2 * y, sides=28), m.BLACK, solid=False)
        draft.add(torus(0.42 * x, 0.012 * x, sides=28, rows=4).moved(y=y - 0.012 * x), m.DARK_METAL, solid=False)
    draft.obstacle((0.72 * x, y, 0.72 * z), (0, 0, 0))
    draft.surface(y, (0.72 * x, 0.72 * z))
    return draft


def _grate_arm(x: float, y: float) -> Draft:
    arm = Draft()
    arm.block((0.42 * x, 0.3 * y, 0.05 * x), (0.28 * x, 0.7 * y, 0), m.BLACK, solid=False)
    arm.block((0.05 * x, 0.75 * y, 0.05 * x), (0.46 * x, 0, 0), m.BLACK, solid=False)
    return arm


def knob(spec: Spec) -> Draft:
    """Build a stove knob on its plate, facing +z; its pointer is turned while it is on."""
    draft = Draft()
    x, y, z = spec.size
    plate = cylinder(0.5, 0.25 * z, sides=24).scaled(x, 1, y).turned("x", 90)
    draft.add(plate.moved(0, y / 2, -z / 2), m.CHROME)
    fit_knob(draft, 0.38 * x, 0.5 * z, (0, y / 2, -0.25 * z), spec.choice("body", (m.BLACK, m.WHITE, m.STEEL)))
    pointer = Draft()
    mark = m.PLASTICS[0] if spec.variant % 2 else m.GREY
    pointer.block((0.14 * x, 0.7 * y, 0.35 * z), (0, 0.15 * y, 0.32 * z), mark)
    draft.hang(pointer, (0.0, y / 2, 0.0), "z", -90.0 if spec.condition.on else 0.0)
    return draft


def coffee_machine(spec: Spec) -> Draft:
    """Build a coffee machine: tower with tank, brewing head over a glass jug; it pours while it is on."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.BLACK, m.STEEL, m.PLASTICS[0], m.WHITE))
    on = spec.condition.on
    draft.block((x, y, 0.38 * z), (0, 0, -0.31 * z), body, rounding=0.02)
    draft.block((x, 0.10 * y, z), (0, 0, 0), m.shaded(body, 0.8), rounding=0.01)
    draft.block((x, 0.28 * y, 0.92 * z), (0, 0.72 * y, -0.04 * z), body, rounding=0.025)
    draft.block((0.7 * x, 0.015 * y, 0.5 * z), (0, 0.10 * y, 0.18 * z), m.DARK_METAL, solid=False)
    radius = 0.32 * min(x, 0.6 * z)
    jug = lathe([(0.85 * radius, 0.0), (radius, 0.08 * y), (radius, 0.3 * y), (0.7 * radius, 0.46 * y)], sides=24)
    at = (0.0, 0.115 * y, 0.17 * z)
    draft.add(jug.moved(*at), m.tinted(m.BROWN_GLASS, "#4a2c18"), solid=False)
    draft.add(torus(0.72 * radius, 0.01, sides=20, rows=6).moved(at[0], at[1] + 0.46 * y, at[2]), m.BLACK, solid=False)
    loop = [(0.0, at[1] + 0.24 * y + py, at[2] + radius + pz) for _, py, pz in arc(0.14 * y, -80, 80, plane="zy")]
    draft.add(sweep(loop, 0.01), m.BLACK, solid=False)
    if on:
        draft.add(cylinder(0.008, 0.16 * y, sides=8).moved(0.0, 0.57 * y, at[2]), m.COFFEE, solid=False)
    for k in range(3):
        lamp = m.lit(m.FLAME, "#ff3b2a") if on else m.PLASTICS[0]
        fit_knob(draft, 0.05 * x, 0.012, ((k - 1) * 0.2 * x, 0.86 * y, 0.415 * z), m.CHROME if k else lamp)
    draft.surface(0.115 * y, (0.6 * x, 0.4 * z), center=(0.0, 0.2 * z), clearance=0.6 * y)
    return draft


def toaster(spec: Spec) -> Draft:
    """Build a toaster with slots on top, a lever and a dial on one end; its slots glow while it is on."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.CHROME, m.CERAMICS[2], m.BLACK, m.CERAMICS[3]))
    on = spec.condition.on
    draft.block((0.94 * x, 0.92 * y, z), (-0.03 * x, 0.06 * y, 0), body, rounding=0.035)
    draft.block((0.86 * x, 0.08 * y, 0.88 * z), (-0.03 * x, 0, 0), m.BLACK)
    glow = m.lit(m.FLAME, "#ff6a1a") if on else m.BLACK
    for side in (-1, 1):
        draft.block((0.7 * x, 0.03 * y, 0.17 * z), (-0.03 * x, 0.955 * y, side * 0.2 * z), glow, solid=False)
        if spec.variant % 3 == 1:
            slice_ = rounded_box(0.5 * x, 0.3 * y, 0.09 * z, 0.02)
            draft.add(slice_.moved(-0.03 * x, 0.98 * y, side * 0.2 * z), m.tinted(m.CARDBOARD, "#b9803f"), solid=False)
    draft.block((0.07 * x, 0.10 * y, 0.2 * z), (0.465 * x, (0.2 if on else 0.6) * y, 0), m.BLACK)
    dial = cylinder(0.13 * y, 0.05 * x, sides=18).turned("z", -90)
    draft.add(dial.moved(0.44 * x, 0.3 * y, 0.3 * z), m.GREY, solid=False)
    draft.surface(0.95 * y, (0.5 * x, 0.5 * z))
    return draft

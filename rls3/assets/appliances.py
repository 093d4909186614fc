"""Builders of kitchen and laundry appliances, sinks and taps."""

from __future__ import annotations

import math

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import arc, box, cylinder, lathe, rounded_box, sweep, torus


def _knob(draft: Draft, radius: float, depth: float, at: tuple[float, float, float], material: Material) -> None:
    """Put a round knob on a front, its axis along z."""
    knob = cylinder(radius, depth, sides=18).turned("x", 90)
    draft.add(knob.moved(*at), material, solid=False)


def fridge(spec: Spec) -> Draft:
    """Build a fridge: freezer above or below, or two doors side by side, with bar handles."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.STEEL, m.WHITE, m.DARK_METAL, m.CERAMICS[3]))
    style = spec.choice("style", ("top", "side", "bottom"))
    door = 0.09
    front = z / 2 - door - 0.03
    draft.block((x, y - 0.05, z - door - 0.035), (0, 0.05, -door / 2 - 0.0175), m.shaded(body, 0.8))
    draft.block((0.94 * x, 0.05, z - 0.2), (0, 0, -0.05), m.BLACK)
    split = {"top": 0.68, "bottom": 0.40, "side": 1.0}[style]
    leaves = (
        [(-0.245 * x, 0.49 * x, 0.05, y), (0.25 * x, 0.49 * x, 0.05, y)]
        if style == "side"
        else [(0.0, x, 0.05, split * y), (0.0, x, split * y, y)]
    )
    for index, (cx, wide, low, high) in enumerate(leaves):
        size = (wide - 0.008, high - low - 0.012, door)
        draft.block(size, (cx, low + 0.006, front + door / 2), body, rounding=0.015)
        hx = cx + (1 if index == 0 else -1) * (wide / 2 - 0.06) if style == "side" else -x / 2 + 0.07
        bottom, top = low + 0.25 * (high - low), high - 0.25 * (high - low)
        if style != "side":
            bottom, top = (
                (high - 0.5 * (high - low), high - 0.06) if index == 0 else (low + 0.06, low + 0.6 * (high - low))
            )
        bar = [(hx, bottom, front + door), (hx, bottom + 0.01, z / 2 - 0.012), (hx, top - 0.01, z / 2 - 0.012)]
        draft.add(sweep([*bar, (hx, top, front + door)], 0.012), m.CHROME, solid=False)
    if style == "side":
        draft.block((0.2 * x, 0.18 * y, 0.01), (-0.25 * x, 0.55 * y, front + door), m.BLACK, solid=False)
    draft.surface(y, (0.9 * x, 0.8 * z), center=(0.0, -0.04 * z))
    return draft


def microwave(spec: Spec) -> Draft:
    """Build a microwave: window, handle, and a panel with display and buttons."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.WHITE, m.STEEL, m.DARK_METAL))
    draft.block((x, y - 0.015, z - 0.04), (0, 0.015, -0.02), body, rounding=0.008)
    for side in (-1, 1):
        draft.block((0.05, 0.015, 0.8 * z), (side * 0.4 * x, 0, -0.02), m.BLACK)
    front = z / 2 - 0.04
    draft.block((0.72 * x, 0.9 * y, 0.02), (0.13 * x, 0.06 * y, front + 0.008), m.shaded(body, 0.9), rounding=0.006)
    draft.block((0.54 * x, 0.60 * y, 0.006), (0.17 * x, 0.2 * y, front + 0.018), m.SCREEN, solid=False)
    bar = [
        (-0.18 * x, 0.16 * y, front + 0.015),
        (-0.18 * x, 0.2 * y, z / 2 - 0.009),
        (-0.18 * x, 0.8 * y, z / 2 - 0.009),
    ]
    draft.add(sweep([*bar, (-0.18 * x, 0.84 * y, front + 0.015)], 0.009), m.CHROME, solid=False)
    draft.block((0.22 * x, 0.9 * y, 0.012), (-0.375 * x, 0.06 * y, front + 0.006), m.BLACK, solid=False)
    draft.block(
        (0.16 * x, 0.13 * y, 0.004),
        (-0.375 * x, 0.76 * y, front + 0.013),
        m.tinted(m.LIT_SCREEN, "#4fd0a0"),
        solid=False,
    )
    for row in range(4):
        for column in range(3):
            at = ((-0.43 + 0.055 * column) * x, (0.16 + 0.13 * row) * y, front + 0.013)
            draft.block((0.035 * x, 0.08 * y, 0.004), at, m.GREY, solid=False)
    draft.surface(y, (0.9 * x, 0.8 * z))
    return draft


def stove(spec: Spec) -> Draft:
    """Build a stove: four burners, knobs, an oven door with window and handle."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.WHITE, m.STEEL, m.DARK_METAL))
    flat = y < 0.3
    top = 0.02
    draft.block((x, y - top, z - 0.05), (0, 0, -0.025), body)
    draft.block(
        (x, top, z - 0.03),
        (0, y - top - 0.012, -0.015),
        m.BLACK if spec.variant % 2 else m.shaded(body, 0.7),
        rounding=0.005,
    )
    size = 0.2 * min(x, z)
    for sx in (-1, 1):
        for sz in (-1, 1):
            at = (sx * 0.24 * x, y - 0.012, sz * 0.22 * z - 0.02)
            for k in (0.5, 0.95):
                draft.add(
                    torus(size * k, 0.007, sides=24, rows=4).moved(at[0], at[1] + 0.004, at[2]),
                    m.DARK_METAL,
                    solid=False,
                )
            draft.add(cylinder(0.2 * size, 0.012, sides=16).moved(*at), m.STEEL, solid=False)
    if not flat:
        front = z / 2 - 0.05
        draft.block((0.96 * x, 0.55 * y, 0.025), (0, 0.2 * y, front + 0.012), m.shaded(body, 0.92), rounding=0.006)
        draft.block((0.66 * x, 0.28 * y, 0.006), (0, 0.3 * y, front + 0.025), m.SCREEN, solid=False)
        draft.block((0.94 * x, 0.13 * y, 0.015), (0, 0.04 * y, front + 0.008), m.shaded(body, 0.85), solid=False)
        bar = [(-0.38 * x, 0.68 * y, front), (-0.38 * x, 0.68 * y, z / 2 - 0.01), (0.38 * x, 0.68 * y, z / 2 - 0.01)]
        draft.add(sweep([*bar, (0.38 * x, 0.68 * y, front)], 0.01), m.CHROME, solid=False)
        for k in range(5):
            _knob(draft, 0.022, 0.03, ((k / 4 - 0.5) * 0.8 * x, 0.85 * y, front + 0.002), m.BLACK)
    draft.surface(y, (0.8 * x, 0.75 * z), center=(0.0, -0.02))
    return draft


def knob(spec: Spec) -> Draft:
    """Build a stove knob on its plate, facing +z."""
    draft = Draft()
    x, y, z = spec.size
    plate = cylinder(0.5, 0.25 * z, sides=24).scaled(x, 1, y).turned("x", 90)
    draft.add(plate.moved(0, y / 2, -z / 2), m.CHROME)
    _knob(draft, 0.38 * x, 0.5 * z, (0, y / 2, -0.25 * z), spec.choice("body", (m.BLACK, m.WHITE, m.STEEL)))
    draft.block((0.14 * x, 0.8 * y, 0.35 * z), (0, 0.1 * y, 0.32 * z), m.PLASTICS[0] if spec.variant % 2 else m.GREY)
    return draft


def coffee_machine(spec: Spec) -> Draft:
    """Build a coffee machine: tower with tank, brewing head over a glass jug or cup stand."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.BLACK, m.STEEL, m.PLASTICS[0], m.WHITE))
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
    for k in range(3):
        _knob(draft, 0.05 * x, 0.012, ((k - 1) * 0.2 * x, 0.86 * y, 0.415 * z), m.CHROME if k else m.PLASTICS[0])
    draft.surface(0.115 * y, (0.6 * x, 0.4 * z), center=(0.0, 0.2 * z), clearance=0.6 * y)
    return draft


def toaster(spec: Spec) -> Draft:
    """Build a toaster with slots on top, a lever and a dial on one end."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.CHROME, m.CERAMICS[2], m.BLACK, m.CERAMICS[3]))
    draft.block((0.94 * x, 0.92 * y, z), (-0.03 * x, 0.06 * y, 0), body, rounding=0.035)
    draft.block((0.86 * x, 0.08 * y, 0.88 * z), (-0.03 * x, 0, 0), m.BLACK)
    for side in (-1, 1):
        draft.block((0.7 * x, 0.03 * y, 0.17 * z), (-0.03 * x, 0.955 * y, side * 0.2 * z), m.BLACK, solid=False)
        if spec.variant % 3 == 1:
            slice_ = rounded_box(0.5 * x, 0.3 * y, 0.09 * z, 0.02)
            draft.add(slice_.moved(-0.03 * x, 0.98 * y, side * 0.2 * z), m.tinted(m.CARDBOARD, "#b9803f"), solid=False)
    draft.block((0.07 * x, 0.10 * y, 0.2 * z), (0.465 * x, 0.6 * y, 0), m.BLACK)
    dial = cylinder(0.13 * y, 0.05 * x, sides=18).turned("z", -90)
    draft.add(dial.moved(0.44 * x, 0.3 * y, 0.2 * z), m.GREY, solid=False)
    draft.surface(0.95 * y, (0.5 * x, 0.5 * z))
    return draft


def washer(spec: Spec) -> Draft:
    """Build a front-loading washing machine or dryer with a porthole and a control strip."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.WHITE, m.STEEL, m.DARK_METAL))
    draft.block((x, y, z - 0.06), (0, 0, -0.03), body, rounding=0.01)
    front = z / 2 - 0.06
    rim = torus(0.27 * x, 0.045 * x, sides=36, rows=8).turned("x", 90).moved(0, 0.46 * y, front + 0.015)
    draft.add(rim, m.CHROME if spec.variant % 2 else m.GREY, solid=False)
    glass = lathe([(0.25 * x, 0.0), (0.22 * x, 0.03), (0.1 * x, 0.042)], sides=32).turned("x", 90)
    draft.add(glass.moved(0, 0.46 * y, front), m.SCREEN, solid=False)
    draft.block((0.98 * x, 0.14 * y, 0.012), (0, 0.84 * y, front + 0.006), m.shaded(body, 0.8), solid=False)
    _knob(draft, 0.05 * x, 0.03, (0.05 * x, 0.91 * y, front + 0.01), m.CHROME)
    draft.block((0.25 * x, 0.08 * y, 0.008), (0.3 * x, 0.87 * y, front + 0.014), m.LIT_SCREEN, solid=False)
    draft.block((0.26 * x, 0.1 * y, 0.012), (-0.33 * x, 0.86 * y, front + 0.012), m.shaded(body, 0.95), solid=False)
    draft.surface(y, (0.92 * x, 0.85 * z))
    return draft


def faucet(spec: Spec) -> Draft:
    """Build a tap: a swan neck on a base with one or two levers, pouring towards +z."""
    draft = Draft()
    x, y, z = spec.size
    metal = spec.choice("metal", (m.CHROME, m.BRASS, m.DARK_METAL))
    back = -z / 2 + 0.035
    draft.add(lathe([(0.034, 0.0), (0.034, 0.012), (0.02, 0.03)], sides=20).moved(z=back), metal)
    reach = (z - 0.05) / 2
    bow = [(0.0, y - reach - 0.012 + py, back + reach - pz) for pz, py, _ in arc(reach, 0, 170, points=12)]
    neck = [(0.0, 0.0, back), *[(0.0, max(py, 0.02), pz) for _, py, pz in bow]]
    draft.add(sweep(neck, 0.012, sides=10), metal)
    for side in (-1, 1) if spec.variant % 2 == 0 else (1,):
        lever = [(0.0, 0.05, back), (side * 0.5 * x * 0.9, 0.075, back)]
        draft.add(sweep(lever, [0.012, 0.008], sides=10), metal, solid=False)
        draft.add(torus(0.016, 0.007, sides=14, rows=6).moved(side * 0.42 * x, 0.075, back), metal, solid=False)
    return draft


def sink_basin(spec: Spec) -> Draft:
    """Build an open basin with a drain."""
    draft = Draft()
    tub = spec.object_type == "BathtubBasin"
    materials = (m.ENAMEL, m.STONES[0], m.tinted(m.ENAMEL, "#e5dcc8")) if tub else (m.STEEL, m.ENAMEL, m.STONES[1])
    material = spec.choice("material", materials)
    x, y, z = spec.size
    _open_box(draft, (x, y, z), (0.0, 0.0, 0.0), 0.05 * min(x, z), material)
    return draft


def _open_box(
    draft: Draft, size: tuple[float, float, float], at: tuple[float, float, float], wall: float, material: Material
) -> None:
    x, y, z = size
    draft.add(box(x, wall, z).moved(at[0], at[1] + wall / 2, at[2]), material, solid=False)
    for side in (-1, 1):
        upright = rounded_box(wall, y, z, 0.3 * wall)
        draft.add(upright.moved(at[0] + side * (x - wall) / 2, at[1] + y / 2, at[2]), material, solid=False)
        across = rounded_box(x, y, wall, 0.3 * wall)
        draft.add(across.moved(at[0], at[1] + y / 2, at[2] + side * (z - wall) / 2), material, solid=False)
    drain = cylinder(0.07 * min(x, z), 0.004, sides=18)
    draft.add(drain.moved(at[0], at[1] + wall, at[2]), m.DARK_METAL, solid=False)
    draft.basin(size, at, wall)


def sink(spec: Spec) -> Draft:
    """Build a washbasin: a basin with a tap on a pedestal or a cupboard."""
    draft = Draft()
    x, y, z = spec.size
    tap = 0.14
    rim = max(y - tap, 0.4 * y)
    deep = min(0.17, 0.5 * rim)
    _open_box(draft, (x, deep, 0.86 * z), (0.0, rim - deep, 0.07 * z), 0.04, m.ENAMEL)
    draft.block((x, deep, 0.16 * z), (0, rim - deep, -0.42 * z), m.ENAMEL, rounding=0.01)
    if rim - deep > 0.2:
        if spec.variant % 2 == 0:
            draft.add(
                lathe([(0.15, 0.0), (0.09, 0.15), (0.08, 0.6), (0.14, 1.0)], sides=24).scaled(1, rim - deep, 1),
                m.ENAMEL,
            )
        else:
            wood = spec.choice("wood", m.WOODS)
            draft.block((0.92 * x, rim - deep, 0.8 * z), (0, 0, -0.04 * z), wood)
            for side in (-1, 1):
                door = (0.42 * x, 0.85 * (rim - deep), 0.015)
                draft.block(door, (side * 0.225 * x, 0.08 * rim, 0.365 * z), m.shaded(wood, 1.15), solid=False)
                draft.block((0.012, 0.12, 0.02), (side * 0.05 * x, 0.4 * rim, 0.375 * z), m.CHROME, solid=False)
    tap_spec = Spec("Faucet", (0.13, y - rim, 0.16), spec.variant)
    for mesh, material in faucet(tap_spec).meshes:
        draft.add(mesh.moved(0, rim, -0.34 * z), material, solid=False)
    draft.obstacle((0.06, y - rim, 0.12), (0, rim, -0.36 * z))
    return draft


def shower_head(spec: Spec) -> Draft:
    """Build a shower head on a bent pipe from the wall at -z."""
    draft = Draft()
    x, y, z = spec.size
    metal = spec.choice("metal", (m.CHROME, m.BRASS, m.DARK_METAL))
    plate = cylinder(0.06, 0.015, sides=20).turned("x", 90).moved(0, 0.8 * y, -z / 2)
    draft.add(plate, metal)
    pipe = [(0.0, 0.8 * y, -z / 2), (0.0, 0.93 * y, 0.0), (0.0, 0.8 * y, 0.2 * z), (0.0, 0.35 * y, 0.28 * z)]
    draft.add(sweep(pipe, 0.012), metal, solid=False)
    bell = lathe([(0.5 * x, 0.0), (0.5 * x, 0.05 * y), (0.12 * x, 0.35 * y)], sides=28).turned("x", -18)
    draft.add(bell.moved(0, 0.0, 0.24 * z), metal)
    for k in range(8):
        angle = 2 * math.pi * k / 8
        hole = cylinder(0.012, 0.006, sides=8).moved(0.3 * x * math.cos(angle), -0.004, 0.3 * x * math.sin(angle))
        draft.add(hole.turned("x", -18).moved(z=0.24 * z), m.BLACK, solid=False)
    return draft

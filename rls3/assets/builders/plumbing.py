"""Builders of what water runs through: taps, sinks, basins, shower heads."""

from __future__ import annotations

import math

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import arc, cylinder, lathe, sweep, torus

#: Thickness of a washbasin's walls and depth of its hollow, metres; the rim of a bathtub lies this far under its tap.
BASIN_WALL = 0.035
BASIN_DEPTH = 0.17
TAP_RISE = 0.10
Hollow = tuple[tuple[float, float, float], tuple[float, float, float]]


def faucet(spec: Spec) -> Draft:
    """Build a tap: a swan neck on a base with one or two levers, pouring towards +z; water runs while it is on."""
    draft = Draft()
    x, y, z = spec.size
    metal = spec.choice("metal", (m.CHROME, m.BRASS, m.DARK_METAL))
    on = spec.condition.on
    back = -z / 2 + 0.035
    draft.add(lathe([(0.034, 0.0), (0.034, 0.012), (0.02, 0.03)], sides=20).moved(z=back), metal)
    reach = (z - 0.05) / 2
    bow = [(0.0, y - reach - 0.012 + py, back + reach - pz) for pz, py, _ in arc(reach, 0, 170, points=12)]
    neck = [(0.0, 0.0, back), *[(0.0, max(py, 0.02), pz) for _, py, pz in bow]]
    draft.add(sweep(neck, 0.012, sides=10), metal)
    for side in (-1, 1) if spec.variant % 2 == 0 else (1,):
        tip = (side * 0.45 * x, 0.1, back + 0.02) if on else (side * 0.45 * x, 0.075, back)
        draft.add(sweep([(0.0, 0.05, back), tip], [0.012, 0.008], sides=10), metal, solid=False)
        draft.add(torus(0.016, 0.007, sides=14, rows=6).moved(0.93 * tip[0], *tip[1:]), metal, solid=False)
    if on:
        end = neck[-1]
        stream = [(0.0, end[1], end[2]), (0.0, 0.4 * end[1], end[2] + 0.006), (0.0, -0.12, end[2] + 0.01)]
        draft.add(sweep(stream, [0.008, 0.007, 0.006], sides=8), m.WATER, solid=False)
    return draft


def sink_hollow(size: tuple[float, float, float]) -> Hollow:
    """Return the size of the hollow of a sink of a size, and where its middle lies in the sink's frame, metres."""
    x, y, z = size
    deep = min(BASIN_DEPTH, 0.65 * y)
    inner = (x - 2 * BASIN_WALL, deep - BASIN_WALL, 0.84 * z - 2 * BASIN_WALL)
    return inner, (0.0, y / 2 - inner[1] / 2, 0.08 * z)


def bathtub_hollow(size: tuple[float, float, float]) -> Hollow:
    """Return the size of the hollow of a bathtub of a size, and where its middle lies in the tub's frame, metres."""
    x, y, z = size
    rim = y - TAP_RISE
    inner = (0.85 * x, 0.68 * rim, 0.85 * z)
    return inner, (0.0, 0.225 * rim + inner[1] / 2 - y / 2, 0.0)


def sink(spec: Spec) -> Draft:
    """Build a washbasin on a pedestal or a cupboard, or the basin alone when it is low."""
    draft = Draft()
    x, y, z = spec.size
    (wide, deep, long), (_, _, cz) = sink_hollow(spec.size)
    floor = y - deep
    low = floor - BASIN_WALL
    steel = y < 0.3 and spec.variant % 2 == 0
    glaze = m.STEEL if steel else spec.choice("glaze", (m.ENAMEL, m.ENAMEL, m.tinted(m.ENAMEL, "#e5dcc8")))
    _trough(draft, (x, y - low, 0.84 * z), (0.0, low, cz), BASIN_WALL, glaze)
    draft.block((x, y - low, 0.16 * z), (0, low, -0.42 * z), glaze, rounding=0.01)
    if low > 0.2:
        if spec.variant % 2 == 0:
            foot = lathe([(0.15, 0.0), (0.09, 0.15), (0.08, 0.6), (0.14, 1.0)], sides=24)
            draft.add(foot.scaled(1, low, 1), glaze)
        else:
            wood = spec.choice("wood", m.WOODS)
            draft.block((0.92 * x, low, 0.8 * z), (0, 0, -0.04 * z), wood)
            for side in (-1, 1):
                door = (0.42 * x, 0.85 * low, 0.015)
                draft.block(door, (side * 0.225 * x, 0.08 * y, 0.365 * z), m.shaded(wood, 1.15), solid=False)
                draft.block((0.012, 0.12, 0.02), (side * 0.05 * x, 0.5 * low, 0.375 * z), m.CHROME, solid=False)
    draft.add(cylinder(0.06 * min(wide, long), 0.004, sides=18).moved(0, floor, cz), m.DARK_METAL, solid=False)
    draft.surface(floor, (0.94 * wide, 0.94 * long), center=(0.0, cz))
    return draft


def _trough(
    draft: Draft, size: tuple[float, float, float], at: tuple[float, float, float], wall: float, material: Material
) -> None:
    """Add a box that is open at the top, its base centre at `at`."""
    x, y, z = size
    draft.block((x, wall, z), at, material)
    for side in (-1, 1):
        upright = (wall, y, z)
        draft.block(upright, (at[0] + side * (x - wall) / 2, at[1], at[2]), material, rounding=0.3 * wall)
        across = (x, y, wall)
        draft.block(across, (at[0], at[1], at[2] + side * (z - wall) / 2), material, rounding=0.3 * wall)


def basin(spec: Spec) -> Draft:
    """Build the basin of a sink or of a bathtub, which lies in its hollow, with a drain."""
    draft = Draft()
    x, y, z = spec.size
    if spec.object_type == "BathtubBasin":
        glaze = spec.choice("glaze", (m.ENAMEL, m.STONES[0], m.tinted(m.ENAMEL, "#e5dcc8")))
        side = [(0.34, 0.0), (0.455, 0.41), (0.5, 0.97), (0.5, 1.0), (0.488, 1.0), (0.443, 0.45), (0.33, 0.04)]
        draft.add(lathe(side, sides=40).scaled(x, y, z), glaze, solid=False)
        draft.basin((x, y, z), (0, 0, 0), 0.05 * y)
        draft.surfaces.clear()
        draft.surface(0.05 * y, (0.6 * x, 0.6 * z))
    else:
        metal = spec.choice("metal", (m.STEEL, m.ENAMEL, m.STONES[1]))
        wall = 0.004
        _trough(draft, (x, y, z), (0.0, 0.0, 0.0), wall, metal)
        draft.surface(wall, (0.96 * x, 0.94 * z))
    drain = cylinder(0.07 * min(x, z), 0.004, sides=18)
    draft.add(drain.moved(0.0, 0.045 * y), m.DARK_METAL, solid=False)
    return draft


def shower_head(spec: Spec) -> Draft:
    """Build a shower head from the wall at -z, on a bent pipe or with a hose, its holes towards +z and down; water
    falls while it is on."""
    draft = Draft()
    x, y, z = spec.size
    metal = spec.choice("metal", (m.CHROME, m.BRASS, m.DARK_METAL))
    plate = cylinder(0.05, 0.015, sides=20).turned("x", 90).moved(0, 0.72 * y, -z / 2)
    draft.add(plate, metal)
    middle = (0.0, 0.62 * y, 0.18 * z)
    if spec.variant % 2 == 0:
        pipe = [(0.0, 0.72 * y, -z / 2), (0.0, 0.92 * y, -0.15 * z), (0.0, 0.9 * y, 0.02 * z), middle]
        draft.add(sweep(pipe, 0.011), metal, solid=False)
    else:
        grip = [(0.0, 0.36 * y, -0.36 * z), (0.0, 0.56 * y, -0.12 * z), middle]
        draft.add(sweep(grip, [0.011, 0.015, 0.02]), m.WHITE, solid=False)
        draft.add(sweep([(0.0, 0.72 * y, -z / 2), (0.0, 0.5 * y, -0.22 * z)], 0.014), metal, solid=False)
        hose = [
            (0.0, 0.36 * y, -0.36 * z),
            (0.02, 0.1 * y, -0.34 * z),
            (0.05, 0.0, -0.42 * z),
            (0.05, 0.3 * y, -0.48 * z),
        ]
        draft.add(sweep(hose, 0.007), m.STEEL, solid=False)
    head = Draft()
    bell = lathe([(0.46 * x, 0.0), (0.5 * x, 0.02), (0.44 * x, 0.05), (0.12 * x, 0.09)], sides=28)
    head.add(bell, metal)
    head.add(cylinder(0.42 * x, 0.004, sides=24).moved(y=-0.003), m.GREY, solid=False)
    holes = [(0.0, 0.0)] + [
        (share * x * math.cos(2 * math.pi * k / count), share * x * math.sin(2 * math.pi * k / count))
        for share, count in ((0.16, 6), (0.32, 11))
        for k in range(count)
    ]
    for px, pz in holes:
        head.add(cylinder(0.02 * x + 0.002, 0.004, sides=6).moved(px, -0.006, pz), m.WHITE, solid=False)
        if spec.condition.on:
            head.add(sweep([(px, 0.0, pz), (1.3 * px, -0.9, 1.3 * pz)], [0.003, 0.005], sides=5), m.WATER, solid=False)
    tilted = Draft()
    tilted.hang(head, (0.0, 0.0, 0.0), "x", -38.0)
    draft.slide(tilted, (middle[0], middle[1] - 0.03, middle[2] + 0.02))
    return draft

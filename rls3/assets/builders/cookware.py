"""Builders of pots, pans, kettles and cutlery."""

from __future__ import annotations

from rls3.assets import materials as m
from rls3.assets.builders.liquids import cavity, liquid
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import arc, cylinder, ellipsoid, lathe, prism, rounded_box, smooth, sweep, torus, vessel


def pot(spec: Spec) -> Draft:
    """Build a cooking pot with two side handles, some with a lid beside the rim."""
    draft = Draft()
    x, y, z = spec.size
    metal = spec.choice("metal", (m.STEEL, m.CERAMICS[2], m.DARK_METAL, m.COPPER))
    radius = min(z / 2, 0.40 * x)
    body = vessel([(0.92 * radius, 0.0), (radius, 0.1 * y), (radius, y)], 0.06 * radius, floor=0.05 * y, sides=32)
    draft.add(body, metal, solid=False)
    draft.add(torus(0.985 * radius, 0.03 * radius, sides=32, rows=6).moved(y=0.98 * y), m.STEEL, solid=False)
    grip = m.BLACK if spec.variant % 2 else metal
    for side in (-1, 1):
        reach = x / 2 - radius
        loop = [
            (side * (radius + px * reach * 1.2 - 0.1 * reach), 0.82 * y, pz * 0.35 * radius)
            for px, _, pz in arc(1.0, -85, 85, points=9, plane="xz")
        ]
        draft.add(sweep(loop, 0.045 * y), grip)
    liquid(draft, spec, 0.95 * radius, 0.84 * y)
    cavity(draft, 2 * radius, y, 2 * radius, 0.06 * y)
    return draft


def pan(spec: Spec) -> Draft:
    """Build a frying pan with its long handle towards +z."""
    draft = Draft()
    x, y, z = spec.size
    metal = spec.choice("metal", (m.DARK_METAL, m.STEEL, m.COPPER))
    radius = x / 2
    middle = -z / 2 + radius
    side = [(0.80 * radius, 0.0), (0.97 * radius, 0.35 * y), (radius, 0.62 * y)]
    draft.add(vessel(side, 0.05 * radius, floor=0.05 * y, sides=36).moved(z=middle), metal, solid=False)
    grip = [(0.0, 0.5 * y, middle + radius * 0.97), (0.0, 0.82 * y, middle + radius * 1.2), (0.0, 0.9 * y, z / 2)]
    draft.add(sweep(grip, [0.09 * x * 0.5, 0.035 * x, 0.05 * x], sides=8), spec.choice("grip", (m.BLACK, m.WOODS[1])))
    draft.basin((x, 0.62 * y, x), (0, 0, middle), 0.07 * x)
    draft.surfaces.clear()
    draft.surface(0.08 * y, (0.58 * x, 0.58 * x), center=(0.0, middle))
    return draft


def kettle(spec: Spec) -> Draft:
    """Build a kettle: belly, lid with knob, spout at +x and a bow handle; its lid leans back as it opens."""
    draft = Draft()
    x, y, z = spec.size
    metal = spec.choice("metal", (m.STEEL, m.CERAMICS[2], m.CERAMICS[1], m.DARK_METAL))
    radius = min(z / 2, 0.4 * x)
    middle = radius - x / 2
    side = [(0.9, 0.0), (1.0, 0.06), (0.98, 0.25), (0.78, 0.48), (0.5, 0.59)]
    rim, top = 0.5 * radius, 0.59 * y
    draft.add(lathe(smooth([(r * radius, h * y) for r, h in side]), sides=28).moved(middle), metal)
    draft.add(torus(0.96 * rim, 0.02 * y, sides=24, rows=6).moved(middle, top), m.shaded(metal, 0.7), solid=False)
    draft.add(cylinder(0.9 * rim, 0.002, sides=20).moved(middle, top), m.BLACK, solid=False)
    liquid(draft, spec, 0.88 * rim, top + 0.004, (middle, 0.0))
    lid = Draft()
    lid.add(lathe([(rim, 0.0), (0.95 * rim, 0.02 * y), (0.5 * rim, 0.045 * y)], sides=24).moved(middle, top), metal)
    grip = ellipsoid(0.07, 0.07, 0.07).scaled(z / 0.3, y / 0.26, z / 0.3)
    lid.add(grip.moved(middle, 0.67 * y), m.BLACK, solid=False)
    draft.hang(lid, (middle - rim, top, 0.0), "z", 80.0 * spec.openness)
    spout = [(middle + 0.75 * radius, 0.25 * y, 0.0), (middle + 1.2 * radius, 0.42 * y, 0.0), (x / 2, 0.66 * y, 0.0)]
    draft.add(sweep(spout, [0.11 * y, 0.075 * y, 0.05 * y], sides=10), metal)
    bow = [(px + middle, 0.46 * y + 1.0 * py, 0.0) for px, py, _ in arc(0.9 * radius, 5, 175, points=14)]
    height = 0.52 * y
    top = max(py for _, py, _ in bow) - 0.46 * y
    bow = [(px, 0.46 * y + (py - 0.46 * y) * height / max(top, 1e-6), pz) for px, py, pz in bow]
    draft.add(sweep(bow, 0.035 * y), m.BLACK, solid=False)
    return draft


def cutlery(spec: Spec) -> Draft:
    """Build a lying knife, fork, spoon, ladle or spatula, its handle at -z."""
    draft = Draft()
    x, y, z = spec.size
    kind = spec.object_type
    metal = spec.choice("metal", (m.CHROME, m.STEEL, m.BRASS))
    if kind == "Ladle":
        return _ladle(spec, metal)
    wooden = kind in {"Knife", "Spatula"}
    grip = spec.choice("grip", (m.BLACK, m.WOODS[1], m.PLASTICS[0])) if wooden else metal
    thick = max(0.16 * x, 0.004) if not wooden else max(0.12 * x, 0.008)
    handle = rounded_box(2.2 * thick, min(y, 1.4 * thick), 0.46 * z, 0.4 * thick)
    draft.add(handle.moved(0, y / 2, -0.27 * z), grip)
    neck = [(0.0, y / 2, -0.06 * z), (0.0, y / 2, 0.24 * z)]
    if kind in {"Knife", "ButterKnife"}:
        tip = 0.1 if kind == "Knife" else -0.3
        edge = [(-0.45, -0.05), (0.5, -0.02), (0.5, 0.3), (0.3, 0.42), (tip - 0.3, 0.5), (-0.5, 0.48), (-0.45, 0.3)]
        blade = prism([(u * x, v * z) for u, v in edge], 0.18 * y)
        draft.add(blade.moved(y=0.4 * y), metal)
    elif kind == "Fork":
        draft.add(sweep(neck, 0.09 * x), metal)
        draft.add(rounded_box(x, 0.25 * y, 0.10 * z, 0.003).moved(0, y / 2, 0.28 * z), metal)
        for i in range(4):
            px = (i / 3 - 0.5) * 0.86 * x
            draft.add(sweep([(px, y / 2, 0.32 * z), (px, 0.7 * y, 0.49 * z)], 0.055 * x, sides=6), metal, solid=False)
    elif kind == "Spatula":
        draft.add(sweep(neck, 0.06 * x), metal)
        for i in range(5):
            draft.block((0.13 * x, 0.004, 0.24 * z), ((i / 4 - 0.5) * 0.86 * x, 0.2 * y, 0.37 * z), grip)
        draft.block((x, 0.005, 0.03 * z), (0, 0.2 * y, 0.26 * z), grip)
        draft.block((x, 0.005, 0.03 * z), (0, 0.2 * y, 0.48 * z), grip)
    else:
        draft.add(sweep(neck, 0.10 * x), metal)
        scoop = 0.3
        deep = vessel([(0.12, 0.0), (0.38, 0.25), (0.5, 1.0)], 0.04, floor=0.06).scaled(x, 0.9 * y, scoop * z)
        draft.add(deep.moved(0, 0.05 * y, z / 2 - scoop * z / 2), metal)
    return draft


def _ladle(spec: Spec, metal: Material) -> Draft:
    """Build a ladle: a round bowl at +z, and a long thin handle that rises from it to a hook."""
    draft = Draft()
    x, y, z = spec.size
    bowl = vessel(smooth([(0.06, 0.0), (0.30, 0.12), (0.46, 0.5), (0.5, 1.0)]), 0.035, floor=0.06)
    draft.add(bowl.scaled(x, 0.75 * y, x).moved(z=z / 2 - x / 2), metal)
    grip = spec.choice("grip", (metal, m.BLACK, m.WOODS[1]))
    rise = [(0.0, 0.7 * y, z / 2 - x), (0.0, 0.98 * y, z / 2 - 1.35 * x), (0.0, 0.9 * y, -0.42 * z)]
    draft.add(sweep(rise, [0.05 * x, 0.06 * x, 0.07 * x]), grip)
    hook = torus(0.1 * x, 0.035 * x, sides=14, rows=6).moved(0, 0.88 * y, -z / 2 + 0.1 * x)
    draft.add(hook, grip, solid=False)
    return draft

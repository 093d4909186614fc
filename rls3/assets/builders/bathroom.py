"""Builders of bathroom things that no other room has."""

from __future__ import annotations

import math

from rls3.assets import materials as m
from rls3.assets.builders.plumbing import TAP_RISE
from rls3.assets.drafting import Draft, Spec
from rls3.assets.material_names import material_for
from rls3.assets.primitives import Mesh, cone, cylinder, ellipsoid, lathe, rounded_box, sweep, torus


def toilet(spec: Spec) -> Draft:
    """Build a toilet: pedestal, bowl with seat, a lid that is raised as it opens, and a cistern with a button at -z."""
    draft = Draft()
    x, y, z = spec.size
    glaze = spec.choice("glaze", (m.ENAMEL, m.ENAMEL, m.tinted(m.ENAMEL, "#e5dcc8")))
    seat = 0.54 * y
    tank = 0.30 * z
    middle = 0.15 * z
    foot = lathe([(0.30, 0.0), (0.28, 0.3), (0.24, 0.5), (0.4, 0.85), (0.48, 1.0)], sides=28)
    draft.add(foot.scaled(0.95 * x, seat - 0.03, 0.68 * z).moved(z=middle), glaze)
    rim = torus(0.40, 0.09, sides=32, rows=8).scaled(x, 0.22, 0.70 * z)
    draft.add(rim.moved(0, seat - 0.01, middle), spec.choice("seat", (m.WHITE, m.BLACK, m.WOODS[1])), solid=False)
    draft.add(
        cylinder(0.34, 0.01, sides=28).scaled(x, 1, 0.62 * z).moved(0, seat - 0.028, middle),
        m.tinted(m.WHITE, "#9cc4d6"),
        solid=False,
    )
    lid = Draft()
    cover = cylinder(0.48, 0.025, sides=32).scaled(x, 1, 0.68 * z)
    lid.add(cover.moved(0, seat + 0.012, middle + 0.01 * z), m.shaded(m.WHITE, 0.96))
    draft.hang(lid, (0.0, seat + 0.012, middle - 0.33 * z), "x", -86.0 * spec.openness)
    draft.block((0.9 * x, seat - 0.04, 0.3 * z), (0, 0, -z / 2 + tank), glaze, rounding=0.03)
    draft.block((0.98 * x, y - seat, tank), (0, seat - 0.03, -z / 2 + tank / 2), glaze, rounding=0.025)
    draft.block((x, 0.035, tank + 0.02), (0, y - 0.05, -z / 2 + tank / 2 + 0.01), glaze, rounding=0.01)
    draft.add(cylinder(0.035, 0.016, sides=18).moved(0, y - 0.016, -z / 2 + tank / 2), m.CHROME, solid=False)
    if spec.choice("flush", ("button", "lever")) == "lever":
        draft.block((0.09, 0.02, 0.015), (-0.3 * x, y - 0.12, -z / 2 + tank + 0.008), m.CHROME, solid=False)
    draft.surface(y - 0.014, (0.85 * x, 0.85 * tank), center=(0.0, -z / 2 + tank / 2))
    return draft


def bathtub(spec: Spec) -> Draft:
    """Build a bathtub: built in with a panel, or free-standing on feet, with a tap at -x."""
    draft = Draft()
    x, y, z = spec.size
    rim = y - TAP_RISE
    shell = lathe(
        [(0.36, 0.0), (0.45, 0.3), (0.485, 0.9), (0.5, 0.96), (0.5, 1.0), (0.44, 1.0), (0.40, 0.5), (0.30, 0.22)],
        sides=40,
    )
    if spec.variant % 2 == 0:
        panel = spec.choice("panel", (m.ENAMEL, m.STONES[0], material_for("WhiteTiles")))
        for sx in (-1, 1):
            draft.block((0.07 * x, rim, z), (sx * 0.465 * x, 0, 0), panel, rounding=0.02, solid=False)
            draft.block((x, rim, 0.10 * z), (0, 0, sx * 0.45 * z), panel, rounding=0.02, solid=False)
        draft.block((0.96 * x, 0.2 * rim, 0.96 * z), (0, 0, 0), m.ENAMEL, solid=False)
        draft.add(_corners(x, rim, z), m.ENAMEL, solid=False)
    else:
        draft.add(shell.scaled(x, 0.88 * rim, z).moved(y=0.12 * rim), m.ENAMEL, solid=False)
        for sx in (-1, 1):
            for sz in (-1, 1):
                draft.add(cone(0.02, 0.045, 0.2 * rim, sides=12).moved(sx * 0.27 * x, 0, sz * 0.25 * z), m.BRASS)
    draft.basin((x, rim, z), (0, 0, 0), 0.1 * z)
    draft.surfaces.clear()
    draft.surface(0.22 * rim, (0.6 * x, 0.55 * z))
    metal = spec.choice("metal", (m.CHROME, m.BRASS))
    pipe = [
        (-0.47 * x, rim - 0.02, 0.0),
        (-0.47 * x, y - 0.014, 0.0),
        (-0.40 * x, y - 0.014, 0.0),
        (-0.38 * x, y - 0.05, 0.0),
    ]
    draft.add(sweep(pipe, 0.014), metal, solid=False)
    for side in (-1, 1):
        draft.add(
            lathe([(0.02, 0.0), (0.012, 0.03), (0.025, 0.05)], sides=14).moved(-0.47 * x, rim, side * 0.09),
            metal,
            solid=False,
        )
    return draft


def _corners(x: float, rim: float, z: float) -> Mesh:
    """Return the rounded trough inside a built-in tub."""
    trough = lathe([(0.5, 1.0), (0.46, 1.0), (0.40, 0.5), (0.32, 0.22), (0.30, 0.15), (0.5, 0.15)], sides=40, ring=True)
    return trough.scaled(0.98 * x, rim, 0.98 * z)


def plunger(spec: Spec) -> Draft:
    """Build a plunger: a rubber bell on a stick."""
    draft = Draft()
    x, y, z = spec.size
    rubber = spec.choice("rubber", (m.RED_RUBBER, m.RUBBER, m.tinted(m.RED_RUBBER, "#b5702f")))
    bell = lathe([(0.46, 0.0), (0.5, 0.03), (0.46, 0.12), (0.3, 0.2), (0.14, 0.25), (0.12, 0.32)], sides=24)
    draft.add(bell.scaled(x, y, z), rubber)
    draft.add(cylinder(0.075 * x, 0.7 * y, sides=12).moved(y=0.29 * y), spec.choice("stick", m.WOODS))
    draft.add(ellipsoid(0.2 * x, 0.04 * y, 0.2 * z).moved(y=0.98 * y), m.WOODS[1], solid=False)
    return draft


def scrub_brush(spec: Spec) -> Draft:
    """Build a toilet brush in its holder."""
    draft = Draft()
    x, y, z = spec.size
    paint = spec.choice("paint", (m.WHITE, m.STEEL, m.PLASTICS[1], m.BLACK))
    draft.add(
        lathe([(0.5, 0.0), (0.5, 0.04), (0.36, 0.1), (0.42, 0.36), (0.34, 0.38)], sides=24).scaled(x, y, z), paint
    )
    draft.add(cylinder(0.07 * x, 0.6 * y, sides=12).moved(y=0.36 * y), m.GREY)
    draft.add(ellipsoid(0.2 * x, 0.14 * y, 0.2 * z).moved(y=0.93 * y), paint, solid=False)
    for k in range(12):
        angle = 2 * math.pi * k / 12
        tip = (0.30 * x * math.cos(angle), 0.46 * y, 0.30 * z * math.sin(angle))
        draft.add(sweep([(0.0, 0.38 * y, 0.0), tip], 0.02 * x, sides=5), m.PLASTICS[1], solid=False)
    return draft


def soap(spec: Spec) -> Draft:
    """Build a bar of soap with an embossed field."""
    draft = Draft()
    x, y, z = spec.size
    paint = m.tinted(m.WAX, spec.choice("paint", ("#f2c9d4", "#f4efe2", "#b7dcc9", "#e8cf8a")))
    draft.add(rounded_box(x, 0.95 * y, z, 0.45 * y, segments=5).moved(y=0.475 * y), paint)
    draft.add(rounded_box(0.55 * x, 0.1 * y, 0.45 * z, 0.002).moved(y=0.95 * y), m.shaded(paint, 0.8), solid=False)
    return draft

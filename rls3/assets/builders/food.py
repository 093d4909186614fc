"""Builders of food, whole and sliced."""

from __future__ import annotations

import math

import numpy as np

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import cylinder, ellipsoid, lathe, prism, rounded_box, smooth, sweep

_SKINS: dict[str, tuple[str, ...]] = {
    "Apple": ("#b3261e", "#8fb03a", "#c9642b"),
    "Tomato": ("#c2281b", "#d23c22", "#a81f1a"),
    "Potato": ("#a47b4a", "#b78f58", "#8a5f3c"),
    "Egg": ("#f1e3cd", "#d8ab82", "#f7f4ee"),
    "Bread": ("#a86a30", "#8d5427", "#c08a4a"),
}
_SEEDS = {"Apple": m.tinted(m.BLACK, "#3b2012"), "Tomato": m.tinted(m.WAX, "#f0b63f")}
_FLESH = {"Apple": "#f2e8c4", "Tomato": "#ef8a6a", "Potato": "#eadba0", "Bread": "#edd9ae", "Egg": "#f7c83a"}


def _skin(spec: Spec, name: str) -> Material:
    color = spec.choice("skin", _SKINS[name])
    return Material("Food", "ceramic", m.linear(color), m.linear(color), 0.03, 0.25 if name != "Bread" else 0.05)


def _flesh(name: str) -> Material:
    return m.tinted(Material("Food", "plain", (1, 1, 1), (1, 1, 1), 0.02, 0.1), _FLESH[name])


def fruit(spec: Spec) -> Draft:
    """Build an apple, tomato, potato or egg."""
    draft = Draft()
    x, y, z = spec.size
    name = spec.object_type
    skin = _skin(spec, name)
    if name == "Egg":
        side = [(0.0, 0.0), (0.25, 0.05), (0.42, 0.2), (0.5, 0.42), (0.42, 0.7), (0.25, 0.92), (0.0, 1.0)]
        draft.add(lathe(smooth(side), sides=20).scaled(x, y, z), skin)
    elif name == "Potato":
        draft.add(ellipsoid(x, 0.94 * y, z, sides=18, rows=10).moved(y=0.47 * y), skin)
        draft.add(ellipsoid(0.6 * x, 0.8 * y, 0.8 * z).moved(0.15 * x, 0.55 * y, 0.08 * z), skin, solid=False)
    else:
        dip = 0.10 if name == "Apple" else 0.05
        side = [(0.0, dip / 2), (0.18, 0.0), (0.38, 0.12), (0.5, 0.5), (0.45, 0.75), (0.25, 0.88), (0.08, 0.84 - dip)]
        draft.add(lathe(smooth(side), sides=22).scaled(x, y, z), skin)
        if name == "Apple":
            stem = [(0.0, 0.7 * y, 0.0), (0.03 * x, 0.9 * y, 0.0), (0.08 * x, y, 0.0)]
            draft.add(sweep(stem, 0.025 * x, sides=6), m.WOODS[1], solid=False)
            leaf = ellipsoid(0.3 * x, 0.03 * y, 0.14 * z, sides=10, rows=6).turned("z", 25)
            draft.add(leaf.moved(0.2 * x, 0.94 * y, 0), m.LEAVES[1], solid=False)
        else:
            for k in range(5):
                angle = 2 * math.pi * k / 5
                tip = (0.24 * x * math.cos(angle), 0.88 * y, 0.24 * z * math.sin(angle))
                draft.add(sweep([(0.0, 0.88 * y, 0.0), tip], [0.05 * x, 0.015 * x], sides=6), m.LEAVES[0], solid=False)
            draft.add(cylinder(0.03 * x, 0.18 * y, sides=8).moved(y=0.82 * y), m.LEAVES[0], solid=False)
    return draft


def sliced(spec: Spec) -> Draft:
    """Build cut pieces that lean on each other, skin outside and flesh on the cut."""
    draft = Draft()
    x, y, z = spec.size
    name = spec.object_type.removesuffix("Sliced")
    skin, flesh = _skin(spec, name), _flesh(name)
    if name == "Bread":
        for material, grow, thick in ((skin, 1.0, 0.86), (flesh, 0.88, 1.0)):
            slice_ = rounded_box(thick * x, 0.72 * y * grow, z * grow, 0.012)
            draft.add(slice_.moved(y=0.40 * y), material)
            top = cylinder(0.5, thick * x, sides=24).turned("z", 90).moved(thick * x / 2)
            draft.add(top.scaled(1, 0.5 * y * grow, z * grow).moved(y=0.72 * y), material, solid=False)
        return draft
    outline = _cross_section(name)
    rim, cut = [(u * z, v * y) for u, v in outline], [(0.88 * u * z, 0.88 * v * y) for u, v in outline]
    for k in range(3):
        piece = Draft()
        piece.add(prism(rim, 0.15 * x), skin)
        piece.add(prism(cut, 0.166 * x).moved(y=-0.008 * x), flesh, solid=False)
        for seed in _seeds(name):
            mark = ellipsoid(0.11 * z, 0.2 * x, 0.08 * y, sides=8, rows=4)
            piece.add(mark.moved(seed[0] * z, 0.075 * x, seed[1] * y), _SEEDS[name], solid=False)
        upright = Draft()
        upright.hang(piece, (0.0, 0.0, 0.0), "z", 90.0)
        lying = Draft()
        lying.slide(upright, ((k - 1) * 0.26 * x, 0.0, 0.0))
        draft.hang(lying, ((k - 1) * 0.26 * x, -0.4 * y, 0.0), "z", 30.0 - 4.0 * (spec.variant % 3))
    return draft


def _cross_section(name: str) -> list[tuple[float, float]]:
    """Return the outline of a cut: an apple's has dimples above and below, a potato's is uneven; about 1 across."""
    points = []
    for angle in np.linspace(0.0, 2 * np.pi, 28, endpoint=False):
        radius = 0.5
        if name == "Apple":
            radius *= 1.0 - 0.26 * abs(math.sin(angle)) ** 10 + 0.04 * math.sin(angle)
        elif name == "Potato":
            radius *= 1.0 + 0.06 * math.sin(2 * angle + 0.7) + 0.04 * math.sin(3 * angle)
        points.append((radius * math.cos(angle), radius * math.sin(angle)))
    return points


def _seeds(name: str) -> list[tuple[float, float]]:
    """Return where seeds show on a cut, in shares of its width and height."""
    if name == "Apple":
        return [(-0.06, 0.03), (0.06, 0.03)]
    if name == "Tomato":
        return [(0.27 * math.cos(angle), 0.27 * math.sin(angle)) for angle in np.arange(6) * math.pi / 3]
    return []


def bread(spec: Spec) -> Draft:
    """Build a loaf: long, round or a tin loaf."""
    draft = Draft()
    x, y, z = spec.size
    crust = _skin(spec, "Bread")
    if spec.variant % 3 == 2:
        draft.add(rounded_box(x, 0.75 * y, z, 0.03).moved(y=0.375 * y), crust)
        draft.add(ellipsoid(0.98 * x, 0.8 * y, z).moved(y=0.6 * y), m.shaded(crust, 0.85), solid=False)
    else:
        draft.add(ellipsoid(x, 1.1 * y, z, sides=20).moved(y=0.5 * y), crust)
    for k in range(4):
        at = (k - 1.5) * 0.19 * x
        cut = ellipsoid(0.05 * x, 0.12 * y, 0.55 * z, sides=10, rows=6).turned("y", 24)
        lift = 1.0 - 0.22 * abs(k - 1.5) / 1.5
        draft.add(cut.moved(at, 1.02 * y * lift, 0), _flesh("Bread"), solid=False)
    return draft


def lettuce(spec: Spec) -> Draft:
    """Build a head of lettuce from overlapping leaves with pale ribs, or a heap of cut leaves."""
    draft = Draft()
    x, y, z = spec.size
    green = m.tinted(m.LEAVES[1], spec.choice("leaf", ("#7fb24a", "#9cc85a", "#6ea23f")))
    rib = m.tinted(m.LEAVES[1], "#e3edbf")
    if spec.object_type == "LettuceSliced":
        for k in range(9):
            sheet = ellipsoid(0.5 * x, 0.08 * y, 0.42 * z, sides=12, rows=6)
            leaf = Draft()
            leaf.add(sheet, m.shaded(green, 0.8 + 0.12 * (k % 4)), solid=k == 0)
            leaf.add(ellipsoid(0.42 * x, 0.10 * y, 0.05 * z, sides=8, rows=4), rib, solid=False)
            tilted = Draft()
            tilted.hang(leaf, (0.0, 0.0, 0.0), "z", 24.0 * math.sin(2.1 * k))
            turned = Draft()
            turned.hang(tilted, (0.0, 0.0, 0.0), "y", 67.0 * k)
            draft.slide(turned, (0.2 * x * math.cos(2.4 * k), (0.2 + 0.07 * k) * y, 0.2 * z * math.sin(2.4 * k)))
        return draft
    draft.add(ellipsoid(0.72 * x, 0.84 * y, 0.72 * z).moved(y=0.45 * y), m.shaded(green, 1.25))
    for ring, count, tall in ((0.27, 6, 0.86), (0.35, 7, 0.76), (0.42, 8, 0.6)):
        for k in range(count):
            leaf = Draft()
            leaf.add(
                ellipsoid(0.4 * x, tall * y, 0.07 * z, sides=8, rows=6),
                m.shaded(green, 1.15 if k % 2 else 0.9),
                solid=False,
            )
            leaf.add(
                ellipsoid(0.05 * x, 0.8 * tall * y, 0.09 * z, sides=5, rows=4).moved(y=-0.06 * y), rib, solid=False
            )
            leaning = Draft()
            leaning.hang(leaf, (0.0, 0.0, 0.0), "x", 10.0 + 130.0 * (ring - 0.27))
            placed = Draft()
            placed.slide(leaning, (0.0, 0.42 * y, ring * z))
            draft.hang(placed, (0.0, 0.0, 0.0), "y", 360 * k / count + 100 * ring)
    return draft


def egg_cracked(spec: Spec) -> Draft:
    """Build a fried egg: a white with a yolk."""
    draft = Draft()
    x, y, z = spec.size
    white = lathe([(0.48, 0.0), (0.5, 0.15), (0.42, 0.35), (0.2, 0.42)], sides=14).scaled(x, y, z)
    draft.add(white, m.ENAMEL)
    draft.add(ellipsoid(0.4 * x, 1.2 * y, 0.4 * z).moved(spec.number("yolk", -0.1, 0.1) * x, 0.4 * y, 0), _flesh("Egg"))
    return draft

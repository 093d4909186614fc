"""Builders of food, whole and sliced."""

from __future__ import annotations

import math

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import cylinder, ellipsoid, lathe, rounded_box, smooth, sweep

_SKINS: dict[str, tuple[str, ...]] = {
    "Apple": ("#b3261e", "#8fb03a", "#c9642b"),
    "Tomato": ("#c2281b", "#d23c22", "#a81f1a"),
    "Potato": ("#a47b4a", "#b78f58", "#8c4b45"),
    "Egg": ("#f1e3cd", "#d8ab82", "#f7f4ee"),
    "Bread": ("#a86a30", "#8d5427", "#c08a4a"),
}
_FLESH = {"Apple": "#f2e8c4", "Tomato": "#e0573f", "Potato": "#eadba0", "Bread": "#edd9ae", "Egg": "#f7c83a"}


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
    for k in range(3):
        at = (k - 1) * 0.24 * x
        disc = cylinder(0.5, 0.14 * x, sides=24).turned("z", 90).scaled(1, 0.86 * y, 0.9 * z).moved(at + 0.07 * x)
        core = cylinder(0.42, 0.155 * x, sides=24).turned("z", 90).scaled(1, 0.86 * y, 0.9 * z).moved(at + 0.0775 * x)
        for mesh, material in ((disc, skin), (core, flesh)):
            draft.add(mesh.turned("z", 28 - 5 * (spec.variant % 3)).moved(y=0.45 * y), material, solid=mesh is disc)
    return draft


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
    """Build a head of lettuce (or cut leaves) from overlapping leaves."""
    draft = Draft()
    x, y, z = spec.size
    leaf = spec.choice("leaf", m.LEAVES)
    draft.add(ellipsoid(0.78 * x, 0.86 * y, 0.78 * z).moved(y=0.45 * y), m.shaded(leaf, 1.4))
    for ring, count in ((0.30, 6), (0.38, 9)):
        for k in range(count):
            angle = 360 * k / count + 100 * ring
            sheet = ellipsoid(0.42 * x, 0.72 * y, 0.10 * z, sides=12, rows=8).turned("x", 14 + 30 * (ring - 0.3))
            placed = sheet.moved(0, 0.42 * y, ring * z).turned("y", angle)
            draft.add(placed, m.shaded(leaf, 1.2 if k % 2 else 0.9), solid=False)
    return draft


def egg_cracked(spec: Spec) -> Draft:
    """Build a fried egg: a white with a yolk."""
    draft = Draft()
    x, y, z = spec.size
    white = lathe([(0.48, 0.0), (0.5, 0.15), (0.42, 0.35), (0.2, 0.42)], sides=14).scaled(x, y, z)
    draft.add(white, m.ENAMEL)
    draft.add(ellipsoid(0.4 * x, 1.2 * y, 0.4 * z).moved(spec.number("yolk", -0.1, 0.1) * x, 0.4 * y, 0), _flesh("Egg"))
    return draft

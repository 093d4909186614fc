"""Builders of statues, candles and other ornaments."""

from __future__ import annotations

import math

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import cylinder, ellipsoid, lathe, prism, sweep, torus, vessel


def statue(spec: Spec) -> Draft:
    """Build a statue on a plinth: a bust, a standing figure or an abstract ring."""
    draft = Draft()
    x, y, z = spec.size
    stone = spec.choice("stone", (*m.STONES, m.BRASS))
    draft.block((x, 0.12 * y, z), (0, 0, 0), m.shaded(stone, 0.6), rounding=0.006)
    base = 0.12 * y
    style = spec.choice("style", ("bust", "figure", "ring"))
    if style == "bust":
        draft.add(lathe([(0.2, 0.0), (0.14, 0.12), (0.2, 0.2)], sides=18).scaled(x, y, z).moved(y=base), stone)
        draft.add(ellipsoid(0.98 * x, 0.42 * y, 0.7 * z).moved(y=base + 0.30 * y), stone)
        draft.add(cylinder(0.14 * x, 0.2 * y, sides=14).moved(y=base + 0.42 * y), stone)
        draft.add(ellipsoid(0.46 * x, 0.36 * y, 0.6 * z).moved(y=y - 0.18 * y), stone)
        draft.add(ellipsoid(0.1 * x, 0.09 * y, 0.16 * z).moved(0, y - 0.2 * y, 0.3 * z), stone, solid=False)
    elif style == "figure":
        draft.add(
            lathe([(0.36, 0.0), (0.28, 0.2), (0.2, 0.36), (0.3, 0.56), (0.1, 0.64)], sides=20)
            .scaled(x, y, z)
            .moved(y=base),
            stone,
        )
        draft.add(ellipsoid(0.28 * x, 0.2 * y, 0.3 * z).moved(y=y - 0.1 * y), stone)
        for side in (-1, 1):
            arm = [
                (side * 0.26 * x, 0.66 * y, 0.0),
                (side * 0.44 * x, 0.5 * y, 0.1 * z),
                (side * 0.2 * x, 0.42 * y, 0.3 * z),
            ]
            draft.add(sweep(arm, 0.06 * x), stone)
    else:
        ring = torus(0.36, 0.1, sides=32, rows=10).turned("x", 90).scaled(x, 0.95 * y, z)
        draft.add(ring.moved(y=base + 0.44 * y), stone)
        draft.add(ellipsoid(0.3 * x, 0.22 * y, 0.4 * z).moved(y=base + 0.44 * y), m.BRASS, solid=False)
    return draft


def room_decor(spec: Spec) -> Draft:
    """Build a tall room ornament: a basket with reeds, a plinth with a sphere, or stacked stones."""
    draft = Draft()
    x, y, z = spec.size
    style = spec.choice("style", ("reeds", "plinth", "stones"))
    if style == "reeds":
        basket = m.tinted(m.FABRICS[3], "#a9814f")
        draft.add(vessel([(0.30, 0.0), (0.36, 0.2), (0.28, 0.42)], 0.03, floor=0.3).scaled(x, y, z), basket)
        for k in range(9):
            angle, reach = 2.4 * k, 0.2 + 0.28 * (k * 0.618 % 1)
            tip = (reach * x * math.cos(angle), (0.78 + 0.2 * (k * 0.382 % 1)) * y, reach * z * math.sin(angle))
            draft.add(sweep([(0.0, 0.3 * y, 0.0), tip], 0.008, sides=6), m.LINENS[3], solid=False)
            draft.add(ellipsoid(0.05, 0.14 * y, 0.05, sides=8, rows=6).moved(*tip), m.FABRICS[3], solid=False)
    elif style == "plinth":
        draft.block((0.8 * x, 0.62 * y, 0.8 * z), (0, 0, 0), m.ENAMEL, rounding=0.01)
        draft.add(
            ellipsoid(x, 0.38 * y, z, sides=24, rows=14).moved(y=0.81 * y),
            spec.choice("ball", (m.BRASS, m.CERAMICS[1])),
        )
    else:
        level = 0.0
        for k, part in enumerate((0.32, 0.26, 0.22, 0.20)):
            wide = 1.0 - 0.17 * k
            rock = ellipsoid(wide * x, part * y * 1.08, wide * z, sides=18).moved(
                0.03 * x * (k % 2), level + part * y / 2
            )
            draft.add(rock, m.STONES[(k + spec.variant) % 3])
            level += part * y
    return draft


def table_decor(spec: Spec) -> Draft:
    """Build a table ornament: an hourglass, a globe or a sailing boat."""
    draft = Draft()
    x, y, z = spec.size
    style = spec.choice("style", ("globe", "hourglass", "boat"))
    wood = spec.choice("wood", m.WOODS)
    if style == "globe":
        draft.add(lathe([(0.4, 0.0), (0.4, 0.05), (0.08, 0.12), (0.06, 0.22)], sides=24).scaled(x, y, z), wood)
        sphere = ellipsoid(0.88 * x, 0.72 * y, 0.96 * z, sides=24, rows=14).turned("z", -18)
        draft.add(
            sphere.moved(y=0.6 * y),
            Material("Plastic", "picture", m.linear("#2f6fae"), m.linear("#6f9a4a"), 0.06, 0.3),
        )
        ring = torus(0.48, 0.02, sides=28, rows=6).turned("x", 90).scaled(x, 0.8 * y, x)
        draft.add(ring.moved(y=0.6 * y), m.BRASS, solid=False)
    elif style == "hourglass":
        for level in (0.0, 0.93):
            draft.add(cylinder(0.5, 0.07, sides=24).scaled(x, y, z).moved(y=level * y), wood)
        draft.add(
            lathe([(0.36, 0.0), (0.36, 0.2), (0.06, 0.43), (0.36, 0.66), (0.36, 0.86)], sides=24)
            .scaled(x, y, z)
            .moved(y=0.07 * y),
            m.GLASS,
        )
        draft.add(
            lathe([(0.32, 0.0), (0.30, 0.12), (0.0, 0.24)], sides=20).scaled(x, y, z).moved(y=0.08 * y),
            m.SPONGE,
            solid=False,
        )
        for k in range(3):
            angle = 2 * math.pi * k / 3
            draft.add(
                cylinder(0.03 * x, y, sides=8).moved(0.43 * x * math.cos(angle), 0, 0.43 * z * math.sin(angle)), wood
            )
    else:
        hull = ellipsoid(x, 0.42 * y, 0.6 * z, sides=20, rows=10)
        draft.add(hull.tapered(0.6, 1.0).moved(y=0.21 * y), wood)
        draft.add(cylinder(0.02 * x, 0.8 * y, sides=8).moved(y=0.2 * y), m.WOODS[2])
        sail = prism([(0.04 * x, 0.0), (0.45 * x, 0.0), (0.04 * x, 0.62 * y)], 0.006).turned("x", -90)
        draft.add(sail.moved(0, 0.36 * y, 0.003), m.LINENS[0], solid=False)
        jib = prism([(-0.04 * x, 0.0), (-0.36 * x, 0.0), (-0.04 * x, 0.5 * y)], 0.006).turned("x", -90)
        draft.add(jib.moved(0, 0.38 * y, 0.003), m.FABRICS[2], solid=False)
        draft.block((0.5 * x, 0.03 * y, z), (0, 0, 0), m.shaded(wood, 0.6))
    return draft


def candle(spec: Spec) -> Draft:
    """Build a candle: on a holder, in a jar, or a thick block; with a flame while it is on."""
    draft = Draft()
    x, y, z = spec.size
    wax = m.tinted(m.WAX, spec.choice("wax", ("#f3e6c8", "#b4443c", "#d8c6e0", "#6f8f6a")))
    style = spec.choice("style", ("holder", "block", "jar"))
    top = 0.80 * y
    if style == "holder":
        draft.add(
            lathe([(0.5, 0.0), (0.46, 0.06), (0.14, 0.1), (0.12, 0.22), (0.24, 0.28), (0.24, 0.34)], sides=24).scaled(
                x, y, z
            ),
            m.BRASS,
        )
        draft.add(cylinder(0.17, 0.5, sides=18).scaled(x, y, z).moved(y=0.30 * y), wax)
    else:
        draft.add(cylinder(0.46 if style == "jar" else 0.5, 0.8, sides=24).scaled(x, y, z), wax)
        if style == "jar":
            draft.add(cylinder(0.5, 0.45, sides=24).scaled(x, y, z), m.CERAMICS[(spec.variant + 1) % 6], solid=False)
    draft.add(sweep([(0.0, top - 0.01, 0.0), (0.0, top + 0.06 * y, 0.0)], 0.02 * x, sides=6), m.BLACK, solid=False)
    if spec.condition.on:
        flame = lathe([(0.0, 0.0), (0.5, 0.3), (0.3, 0.65), (0.0, 1.0)], sides=12)
        draft.add(flame.scaled(0.18 * x, 0.22 * y, 0.18 * z).moved(y=0.82 * y), m.FLAME, solid=False)
    return draft


def target_circle(spec: Spec) -> Draft:
    """Build a flat target of coloured rings."""
    draft = Draft()
    x, y, z = spec.size
    color = spec.choice("color", ("#c2352c", "#2f62b5", "#3a8f57"))
    for k in range(4):
        disc = cylinder(0.5 * (1 - 0.25 * k), 0.7 + 0.1 * k, sides=40).scaled(x, y, z)
        draft.add(disc, m.tinted(m.WHITE, color if k % 2 == 0 else "#f1f0ed"), solid=k == 0)
    draft.surface(y, (0.7 * x, 0.7 * z))
    return draft

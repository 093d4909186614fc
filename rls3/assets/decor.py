"""Builders of plants, ornaments, pictures and candles."""

from __future__ import annotations

import math

import numpy as np

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import (
    Mesh,
    cylinder,
    ellipsoid,
    lathe,
    prism,
    smooth,
    sweep,
    torus,
    vessel,
)


def plant(spec: Spec) -> Draft:
    """Build a potted plant: broad leaves, long blades, or a bushy crown."""
    draft = Draft()
    x, y, z = spec.size
    pot = spec.choice("pot", (m.TERRACOTTA, m.ENAMEL, m.CERAMICS[1], m.CERAMICS[5]))
    high = 0.30 * y
    wide = 0.30 * min(x, z)
    side = [(0.72 * wide, 0.0), (0.95 * wide, 0.8 * high), (1.05 * wide, 0.82 * high), (1.05 * wide, high)]
    draft.add(vessel(side, 0.08 * wide, floor=0.6 * high, sides=24), pot)
    soil = m.shaded(m.SOIL, 0.45) if spec.condition.filled else m.SOIL
    draft.add(cylinder(0.94 * wide, 0.05 * high, sides=20).moved(y=0.82 * high), soil, solid=False)
    leaf = spec.choice("leaf", m.LEAVES)
    style = spec.choice("style", ("broad", "blades", "bush"))
    if style == "bush":
        draft.add(cylinder(0.03 * x, 0.35 * y, sides=10).moved(y=0.8 * high), m.WOODS[1])
        for k in range(22):
            angle, height = 2.4 * k, 1.0 - 2.0 * (k + 0.5) / 22
            reach = 0.34 * math.sqrt(1 - height * height)
            puff = ellipsoid(0.30 * x, 0.17 * y, 0.30 * z, sides=10, rows=6)
            at = (reach * x * math.cos(angle), (0.68 + 0.23 * height) * y, reach * z * math.sin(angle))
            draft.add(puff.moved(*at), m.shaded(leaf, 0.75 + 0.1 * (k % 6)), solid=k == 0)
        draft.obstacle((0.6 * x, 0.5 * y, 0.6 * z), (0, 0.45 * y, 0))
        return draft
    count = 11 if style == "broad" else 16
    for k in range(count):
        angle, lean = 137.5 * k, 12 + 62 * (k * 0.618 % 1)
        long = (0.66 if style == "blades" else 0.60) * y * (1 - 0.25 * (lean / 74))
        shade = m.shaded(leaf, 0.8 + 0.12 * (k % 5))
        if style == "blades":
            blade = _blade(long, 0.09 * x, lean)
            draft.add(blade.turned("y", angle).moved(y=0.85 * high), shade, solid=False)
        else:
            tip = (0.0, 0.62 * long * math.cos(math.radians(lean)), 0.62 * long * math.sin(math.radians(lean)))
            stem = sweep([(0.0, 0.0, 0.0), tip], 0.008, sides=6).turned("y", angle)
            draft.add(stem.moved(y=0.85 * high), m.LEAVES[0], solid=False)
            sheet = ellipsoid(0.34 * x, 0.02 * y, 0.46 * z, sides=12, rows=6).turned("x", 35 - 0.5 * lean)
            draft.add(
                sheet.moved(tip[0], tip[1], tip[2] + 0.1 * z).turned("y", angle).moved(y=0.85 * high),
                shade,
                solid=False,
            )
    draft.obstacle((0.55 * x, y - high, 0.55 * z), (0, high, 0))
    return draft


def _blade(length: float, width: float, lean: float) -> Mesh:
    """Return a long leaf that bends outward to +z."""
    points = []
    for t in np.linspace(0.0, 1.0, 6):
        angle = math.radians(lean * (0.3 + 0.9 * t))
        points.append((0.0, length * t * math.cos(angle), length * t * math.sin(angle)))
    return sweep(points, [0.25 * width, 0.5 * width, 0.5 * width, 0.4 * width, 0.25 * width, 0.02 * width], sides=5)


def vase(spec: Spec) -> Draft:
    """Build a vase: a bulb, a slim neck or an amphora with two handles, some with flowers."""
    draft = Draft()
    x, y, z = spec.size
    glaze = spec.choice("glaze", (*m.CERAMICS[1:], m.GREEN_GLASS))
    shapes = (
        [(0.26, 0.0), (0.42, 0.15), (0.5, 0.38), (0.38, 0.62), (0.2, 0.78), (0.22, 0.9), (0.3, 1.0)],
        [(0.3, 0.0), (0.5, 0.1), (0.48, 0.28), (0.2, 0.5), (0.12, 0.7), (0.13, 0.92), (0.24, 1.0)],
        [(0.24, 0.0), (0.3, 0.06), (0.5, 0.55), (0.44, 0.74), (0.2, 0.84), (0.3, 1.0)],
    )
    flowers = spec.variant % 3 == 1
    top = 0.62 * y if flowers else y
    side = spec.choice("shape", shapes)
    draft.add(vessel(smooth(side), 0.03, floor=0.05, sides=28).scaled(x, top, z), glaze)
    for level in (0.3, 0.36):
        ring = torus(1.0, 0.03, sides=28, rows=6)
        radius = float(np.interp(level, [h for _, h in side], [r for r, _ in side]))
        draft.add(ring.scaled(radius * x, 0.4 * x, radius * z).moved(y=level * top), m.shaded(glaze, 0.55), solid=False)
    if flowers:
        for k in range(5):
            angle = 2 * math.pi * k / 5
            tip = (0.3 * x * math.cos(angle), (0.9 - 0.04 * (k % 2)) * y, 0.3 * z * math.sin(angle))
            draft.add(sweep([(0.0, 0.5 * top, 0.0), tip], 0.012 * y, sides=6), m.LEAVES[0], solid=False)
            petals = ellipsoid(0.36 * x, 0.13 * y, 0.36 * z, sides=10, rows=6)
            paint = m.PLASTICS[(spec.variant + k % 2) % len(m.PLASTICS)]
            draft.add(petals.moved(*tip), m.tinted(m.SPONGE, _hex(paint)), solid=False)
    return draft


def _hex(material: Material) -> str:
    return "#" + "".join(f"{round(255 * c ** (1 / 2.2)):02x}" for c in material.color)


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


def picture(spec: Spec) -> Draft:
    """Build a painting, poster or mirror in a frame, facing +z."""
    draft = Draft()
    x, y, z = spec.size
    kind = spec.object_type
    bar = min(0.05, 0.09 * min(x, y))
    frame = spec.choice("frame", (*m.WOODS, m.BRASS, m.BLACK))
    if kind == "Poster":
        bar, frame = 0.012, m.WHITE_PAPER
    for side in (-1, 1):
        draft.block((bar, y, z), (side * (x - bar) / 2, 0, 0), frame, rounding=0.2 * bar)
        draft.block((x, bar, z), (0, 0 if side < 0 else y - bar, 0), frame, rounding=0.2 * bar)
    inner = (x - 1.6 * bar, y - 1.6 * bar)
    if kind == "Mirror":
        draft.block((*inner, 0.5 * z), (0, 0.8 * bar, -0.1 * z), m.MIRROR)
        for shift, wide in ((-0.12, 0.10), (0.06, 0.04)):
            gleam = prism([(-wide, -0.3), (wide, -0.3), (wide + 0.14, 0.3), (0.14 - wide, 0.3)], 0.002)
            turned = gleam.scaled(0.5 * inner[0], 1, inner[1]).turned("x", -90)
            draft.add(turned.moved(shift * inner[0], y / 2, 0.16 * z), m.GLEAM, solid=False)
        return draft
    mat = 0.10 * min(x, y) if spec.variant % 2 == 0 else 0.0
    draft.block((*inner, 0.4 * z), (0, 0.8 * bar, -0.15 * z), m.WHITE_PAPER)
    _canvas(draft, spec, (inner[0] - 2 * mat, inner[1] - 2 * mat), (0.8 * bar + mat), 0.06 * z)
    return draft


def _canvas(draft: Draft, spec: Spec, size: tuple[float, float], base: float, depth: float) -> None:
    """Paint a landscape, shapes or an abstract from thin layers."""
    wide, high = size

    def layer(fraction: tuple[float, float], at: tuple[float, float], color: str, level: int) -> None:
        part = (fraction[0] * wide, fraction[1] * high, 0.003)
        material = m.tinted(m.WHITE_PAPER, color)
        draft.block(part, (at[0] * wide, base + at[1] * high, depth + 0.0012 * level), material, solid=False)

    style = spec.choice("style", ("landscape", "shapes", "abstract"))
    if style == "landscape":
        layer((1, 1), (0, 0), spec.choice("sky", ("#8fc0e6", "#f0b98a", "#c6d8e6")), 0)
        for k, color in enumerate(("#5f7fa0", "#4e7a52", "#7da35a")):
            hill = [(u * wide, base + high * h) for u, h in _hill(k)]
            mesh = prism(hill, 0.003).turned("x", -90)
            draft.add(mesh.moved(0, 0, depth + 0.003 + 0.0012 * k), m.tinted(m.WHITE_PAPER, color), solid=False)
        sun = cylinder(0.09 * min(wide, high), 0.003, sides=20).turned("x", 90)
        draft.add(sun.moved(0.26 * wide, base + 0.78 * high, depth), m.tinted(m.WHITE_PAPER, "#f7e27a"), solid=False)
    elif style == "shapes":
        layer((1, 1), (0, 0), spec.choice("ground", ("#efe6d2", "#dfe5e6", "#26364f")), 0)
        layer((0.42, 0.6), (-0.22, 0.1), spec.choice("one", ("#c2452f", "#2f5f8a", "#d9a23a")), 1)
        layer((0.36, 0.36), (0.2, 0.5), spec.choice("two", ("#e2b23f", "#b53f45", "#3f7f74")), 2)
        layer((0.7, 0.07), (0.05, 0.34), "#22252a", 3)
    else:
        ground = Material("Paper", "picture", m.linear("#2d5078"), m.linear("#d8b27a"), 0.16)
        ground = spec.choice("paint", (ground, m.tinted(ground, "#b04a3a"), m.tinted(ground, "#4f8f7a")))
        draft.block((wide, high, 0.003), (0, base, depth), ground, solid=False)


def _hill(k: int) -> list[tuple[float, float]]:
    top = (0.52, 0.40, 0.24)[k]
    ridge = [
        (u, top + 0.09 * math.sin(4.5 * u + 2.1 * k) + 0.03 * math.sin(13 * u + k)) for u in np.linspace(-0.5, 0.5, 10)
    ]
    return [(-0.5, 0.0), (0.5, 0.0), *reversed([(float(u), float(h)) for u, h in ridge])]


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


def rug_target(spec: Spec) -> Draft:
    """Build a flat target of coloured rings."""
    draft = Draft()
    x, y, z = spec.size
    color = spec.choice("color", ("#c2352c", "#2f62b5", "#3a8f57"))
    for k in range(4):
        disc = cylinder(0.5 * (1 - 0.25 * k), 0.7 + 0.1 * k, sides=40).scaled(x, y, z)
        draft.add(disc, m.tinted(m.WHITE, color if k % 2 == 0 else "#f1f0ed"), solid=k == 0)
    draft.surface(y, (0.7 * x, 0.7 * z))
    return draft

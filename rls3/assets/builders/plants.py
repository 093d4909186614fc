"""Builders of plants and vases."""

from __future__ import annotations

import math

import numpy as np

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import Mesh, cylinder, ellipsoid, smooth, sweep, torus, vessel


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

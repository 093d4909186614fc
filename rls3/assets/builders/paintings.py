"""Builders of paintings, posters and mirrors."""

from __future__ import annotations

import math

import numpy as np

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import cylinder, prism


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

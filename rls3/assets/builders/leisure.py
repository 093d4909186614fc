"""Builders of things to read, write and play with."""

from __future__ import annotations

import math

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import arc, cone, cylinder, ellipsoid, lathe, prism, sweep, torus, tube


def book(spec: Spec) -> Draft:
    """Build a lying book with its spine at -x: covers, pages; its front cover turns over with half the pages."""
    draft = Draft()
    x, y, z = spec.size
    cover = m.tinted(m.LEATHERS[0], spec.choice("cover", ("#8c2f2b", "#2b4f7f", "#2f6b4a", "#c79a3a", "#4b3a63")))
    thick = 0.12 * y
    pages = (0.92 * x, 0.5 * y - thick, 0.95 * z)
    draft.block((x, thick, z), (0, 0, 0), cover, rounding=0.002)
    draft.block(pages, (0, thick, 0), m.WHITE_PAPER)
    if spec.openness < 0.5:
        draft.block((0.06 * x, y, z), (-0.47 * x, 0, 0), m.shaded(cover, 0.8), rounding=0.002)
    leaf = Draft()
    leaf.block((x, thick, z), (0, y - thick, 0), cover, rounding=0.002)
    leaf.block(pages, (0, 0.5 * y, 0), m.WHITE_PAPER)
    title = spec.choice("title", (m.BRASS, m.WHITE_PAPER, m.tinted(m.WHITE_PAPER, "#e8d9a8")))
    style = spec.choice("style", ("label", "lines", "picture"))
    if style == "label":
        leaf.block((0.6 * x, 0.01 * y, 0.18 * z), (0.04 * x, y, -0.18 * z), title, solid=False)
        leaf.block((0.5 * x, 0.01 * y, 0.05 * z), (0.04 * x, y, 0.2 * z), m.BRASS, solid=False)
    elif style == "lines":
        for k in range(3):
            leaf.block((0.7 * x, 0.01 * y, 0.035 * z), (0.03 * x, y, (-0.3 + 0.1 * k) * z), title, solid=False)
        leaf.block((0.03 * x, 0.01 * y, z), (-0.42 * x, y, 0), title, solid=False)
    else:
        leaf.block((0.66 * x, 0.01 * y, 0.42 * z), (0.03 * x, y, 0.1 * z), m.COVER_PICTURE, solid=False)
        leaf.block((0.66 * x, 0.01 * y, 0.1 * z), (0.03 * x, y, -0.32 * z), title, solid=False)
    draft.hang(leaf, (-x / 2, 0.5 * y, 0.0), "z", 180.0 * spec.openness)
    if spec.openness > 0.2:
        printed = Draft()
        printed.block((0.78 * x, 0.01 * y, 0.82 * z), (0.02 * x, 0.5 * y, 0), m.PAPER, solid=False)
        draft.slide(printed, (0.0, 0.0, 0.0))
        left = Draft()
        left.block((0.78 * x, 0.01 * y, 0.82 * z), (0.02 * x, 0.49 * y, 0), m.PAPER, solid=False)
        draft.hang(left, (-x / 2, 0.5 * y, 0.0), "z", 180.0 * spec.openness)
    return draft


def newspaper(spec: Spec) -> Draft:
    """Build a folded newspaper with a headline and a picture."""
    draft = Draft()
    x, y, z = spec.size
    for k in range(3):
        draft.block(
            (x * (1 - 0.02 * k), 0.3 * y, z * (1 - 0.015 * k)), (0.004 * k, 0.3 * k * y, 0), m.PAPER, rounding=0.003
        )
    top = 0.9 * y
    draft.block((spec.number("headline", 0.5, 0.88) * x, 0.05 * y, 0.08 * z), (0, top, -0.38 * z), m.BLACK, solid=False)
    side = -1 if spec.variant % 2 else 1
    photo = Material("Paper", "picture", m.linear("#4a4d52"), m.linear("#b9bcc0"), 0.05)
    draft.block((0.42 * x, 0.05 * y, 0.3 * z), (side * 0.2 * x, top, -0.08 * z), photo, solid=False)
    return draft


def pen(spec: Spec) -> Draft:
    """Build a lying pen or pencil, its point to +z."""
    draft = Draft()
    x, y, z = spec.size
    radius = 0.5 * min(x, y)
    color = spec.choice("paint", m.PLASTICS)
    pencil = spec.object_type == "Pencil"
    body = cylinder(radius, 0.78 * z, sides=6 if pencil else 14).turned("x", 90).moved(0, y / 2, -0.40 * z)
    draft.add(body, color)
    tip = cone(radius, 0.12 * radius, 0.12 * z, sides=14).turned("x", 90).moved(0, y / 2, 0.38 * z)
    draft.add(tip, m.WOODS[2] if pencil else m.STEEL, solid=False)
    end = cylinder(1.02 * radius, 0.10 * z, sides=14).turned("x", 90).moved(0, y / 2, -0.50 * z)
    draft.add(end, m.tinted(m.RED_RUBBER, "#d98b8b") if pencil else m.BLACK, solid=False)
    return draft


def card(spec: Spec) -> Draft:
    """Build a credit card with a chip, a stripe and a number."""
    draft = Draft()
    x, y, z = spec.size
    paint = spec.choice("paint", m.PLASTICS)
    draft.block((x, 0.8 * y, z), (0, 0, 0), paint)
    draft.block((0.15 * x, 0.15 * y, 0.2 * z), (-0.3 * x, 0.8 * y, -0.05 * z), m.BRASS, solid=False)
    draft.block((0.8 * x, 0.1 * y, 0.08 * z), (0, 0.8 * y, 0.2 * z), m.WHITE, solid=False)
    draft.block((0.3 * x, 0.1 * y, 0.16 * z), (0.28 * x, 0.8 * y, -0.3 * z), m.shaded(paint, 0.4), solid=False)
    return draft


def disc(spec: Spec) -> Draft:
    """Build a compact disc: a mirror with the colours of the rainbow in rays, or with a printed label."""
    draft = Draft()
    x, y, z = spec.size
    draft.add(tube(0.5, 0.07, 0.8, sides=40).scaled(x, y, z), m.CHROME)
    if spec.variant % 3 == 2:
        paint = spec.choice("paint", (m.PLASTICS[1], m.PLASTICS[6], m.PLASTICS[0]))
        draft.add(tube(0.46, 0.17, 0.1, sides=40).scaled(x, y, z).moved(y=0.9 * y), paint, solid=False)
        return draft
    rays = ("#ff7a7a", "#ffd66b", "#8fe388", "#6bb8ff", "#b48cff")
    for turn in (20.0, 200.0) if spec.variant % 3 else (75.0, 255.0):
        for k, color in enumerate(rays):
            wedge = prism([(0.16, -0.012), (0.47, -0.045), (0.47, 0.045), (0.16, 0.012)], 0.1)
            ray = wedge.turned("y", turn + 11.0 * k).scaled(x, y, z).moved(y=0.9 * y)
            draft.add(ray, m.tinted(m.CHROME, color), solid=False)
    draft.add(tube(0.15, 0.12, 0.1, sides=24).scaled(x, y, z).moved(y=0.9 * y), m.GREY, solid=False)
    return draft


def ball(spec: Spec) -> Draft:
    """Build a basketball with its seams."""
    draft = Draft()
    x, y, z = spec.size
    skin = m.tinted(m.RUBBER, spec.choice("skin", ("#c8692c", "#b5551f", "#8f4a2a", "#d98a3f")))
    draft.add(ellipsoid(0.99, 0.99, 0.99, sides=32, rows=18).scaled(x, y, z).moved(y=y / 2), skin)
    seam = torus(0.492, 0.008, sides=40, rows=6)
    for mesh in (seam, seam.turned("x", 90), seam.turned("z", 90)):
        draft.add(mesh.scaled(x, y, z).moved(y=y / 2), m.BLACK, solid=False)
    return draft


def bat(spec: Spec) -> Draft:
    """Build a standing baseball bat."""
    draft = Draft()
    x, y, z = spec.size
    side = [(0.34, 0.0), (0.5, 0.03), (0.5, 0.28), (0.34, 0.5), (0.2, 0.66), (0.18, 0.96), (0.3, 0.97), (0.3, 1.0)]
    wood = spec.choice("wood", (*m.WOODS[:4], m.DARK_METAL))
    draft.add(lathe(side, sides=20).scaled(x, y, z), wood)
    draft.add(
        cylinder(0.205, 0.22, sides=16).scaled(x, y, z).moved(y=0.72 * y),
        spec.choice("grip", (m.BLACK, m.PLASTICS[0])),
        solid=False,
    )
    return draft


def racket(spec: Spec) -> Draft:
    """Build a standing tennis racket with strings, its grip below."""
    draft = Draft()
    x, y, z = spec.size
    paint = spec.choice("paint", m.PLASTICS)
    middle, high = 0.73 * y, 0.26 * y
    rim = [(px * 0.48 * x, middle + py * high, 0.0) for px, py, _ in arc(1.0, 0, 345, points=24)]
    draft.add(sweep(rim, 0.22 * z, closed=True), paint)
    for k in range(-4, 5):
        u = k / 5
        half = math.sqrt(1 - u * u)
        draft.add(
            sweep(
                [(u * 0.48 * x, middle - half * high, 0.0), (u * 0.48 * x, middle + half * high, 0.0)], 0.0016, sides=4
            ),
            m.WHITE,
            solid=False,
        )
        draft.add(
            sweep(
                [(-half * 0.48 * x, middle + u * high, 0.0), (half * 0.48 * x, middle + u * high, 0.0)], 0.0016, sides=4
            ),
            m.WHITE,
            solid=False,
        )
    for side in (-1, 1):
        draft.add(
            sweep([(side * 0.3 * x, middle - 0.75 * high, 0.0), (0.0, 0.32 * y, 0.0)], 0.2 * z), paint, solid=False
        )
    draft.add(cylinder(0.42 * z, 0.34 * y, sides=12), spec.choice("grip", (m.BLACK, m.WHITE, m.LEATHERS[0])))
    return draft


def teddy(spec: Spec) -> Draft:
    """Build a sitting teddy bear."""
    draft = Draft()
    x, y, z = spec.size
    fur = m.tinted(m.SPONGE, spec.choice("fur", ("#8a5a33", "#c39a63", "#d9cbb5", "#5a4334")))
    light = m.shaded(fur, 1.6)
    draft.add(ellipsoid(0.56 * x, 0.5 * y, 0.5 * z).moved(0, 0.27 * y, -0.15 * z), fur)
    draft.add(ellipsoid(0.36 * x, 0.34 * y, 0.1 * z).moved(0, 0.27 * y, 0.08 * z), light, solid=False)
    draft.add(ellipsoid(0.54 * x, 0.4 * y, 0.5 * z).moved(0, 0.68 * y, -0.1 * z), fur)
    draft.add(ellipsoid(0.26 * x, 0.17 * y, 0.2 * z).moved(0, 0.62 * y, 0.14 * z), light, solid=False)
    draft.add(ellipsoid(0.09 * x, 0.06 * y, 0.08 * z).moved(0, 0.655 * y, 0.23 * z), m.BLACK, solid=False)
    for side in (-1, 1):
        draft.add(ellipsoid(0.2 * x, 0.17 * y, 0.12 * z).moved(side * 0.21 * x, 0.88 * y, -0.1 * z), fur, solid=False)
        draft.add(
            ellipsoid(0.055 * x, 0.045 * y, 0.05 * z).moved(side * 0.1 * x, 0.74 * y, 0.125 * z), m.BLACK, solid=False
        )
        arm = ellipsoid(0.2 * x, 0.34 * y, 0.24 * z).turned("z", 28 * side)
        draft.add(arm.moved(side * 0.36 * x, 0.38 * y, 0.0), fur)
        draft.add(ellipsoid(0.24 * x, 0.2 * y, 0.56 * z).moved(side * 0.27 * x, 0.10 * y, 0.2 * z), fur)
        draft.add(
            ellipsoid(0.17 * x, 0.14 * y, 0.04 * z).moved(side * 0.27 * x, 0.11 * y, 0.48 * z), light, solid=False
        )
    draft.add(
        torus(0.17 * x, 0.025 * x, sides=20, rows=6).moved(0, 0.5 * y, -0.1 * z),
        spec.choice("bow", m.PLASTICS),
        solid=False,
    )
    return draft


def dumbbell(spec: Spec) -> Draft:
    """Build a lying dumbbell with hexagonal, round or stacked weights."""
    draft = Draft()
    x, y, z = spec.size
    paint = spec.choice("paint", (m.DARK_METAL, m.PLASTICS[1], m.PLASTICS[0], m.STEEL))
    sides = spec.choice("sides", (6, 24))
    draft.add(cylinder(0.14 * y, 0.9 * x, sides=14).turned("z", 90).moved(0.45 * x, y / 2), m.CHROME)
    for side in (-1, 1):
        for k, (radius, thick) in enumerate(((0.5, 0.12), (0.42, 0.08), (0.3, 0.05))):
            weight = cylinder(radius, thick * x, sides=sides).turned("z", 90).scaled(1, y, z)
            at = side * (0.25 + (0.0, 0.11, 0.18)[k]) * x + thick * x / 2
            draft.add(weight.moved(at, y / 2), paint if k != 1 else m.shaded(paint, 0.7), solid=k == 0)
    return draft

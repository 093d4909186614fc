"""Builders of seats and beds."""

from __future__ import annotations

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import cone, cushion, cylinder, lathe, rounded_box, sweep, torus


def chair(spec: Spec) -> Draft:
    """Build a chair: a seat on four legs with a slatted, solid or upholstered back."""
    draft = Draft()
    x, y, z = spec.size
    seat, leg = spec.level(0.5 * y), 0.04
    wood = spec.choice("wood", m.WOODS)
    style = spec.choice("style", ("slats", "solid", "rails", "padded"))
    cover = spec.choice("cover", m.FABRICS) if style == "padded" else wood
    draft.block((x, 0.045, 0.92 * z), (0, seat - 0.045, 0.04 * z), cover, rounding=0.015)
    if style == "padded":
        draft.add(cushion(0.94 * x, 0.07, 0.88 * z).moved(0, seat + 0.005, 0.05 * z), cover, solid=False)
    for side in (-1, 1):
        px = side * (x / 2 - leg / 2 - 0.01)
        front = rounded_box(leg, seat - 0.03, leg, 0.005).moved(y=(seat - 0.03) / 2).tapered(0.65, 1.0)
        draft.add(front.moved(px, 0, z / 2 - 0.045), wood)
        draft.add(front.moved(px, 0, -z / 2 + 0.05), wood)
        post = [(px, seat - 0.05, -0.40 * z), (px, 0.75 * y, -0.44 * z), (px, y - 0.012, -0.485 * z)]
        draft.add(sweep(post, 0.018, sides=10), wood)
        draft.block((0.02, 0.03, 0.75 * z), (px, 0.35 * seat, 0), wood, solid=False)
    _chair_back(draft, spec, style, wood, cover, seat)
    draft.surface(seat + (0.025 if style == "padded" else 0.0), (0.85 * x, 0.72 * z), center=(0.0, 0.06 * z))
    return draft


def _chair_back(draft: Draft, spec: Spec, style: str, wood: Material, cover: Material, seat: float) -> None:
    x, y, z = spec.size
    if style == "slats":
        draft.block((0.92 * x, 0.09, 0.025), (0, y - 0.10, -0.475 * z), wood, rounding=0.008)
        for i in range(4):
            px = (-0.27 + 0.18 * i) * x
            slat = [(px, seat, -0.41 * z), (px, y - 0.09, -0.475 * z)]
            draft.add(sweep(slat, 0.012, sides=8), wood, solid=False)
    elif style == "rails":
        for i in range(3):
            level = seat + (0.2 + 0.28 * i) * (y - seat)
            draft.block((0.9 * x, 0.06, 0.02), (0, level, -(0.42 + 0.022 * i) * z), wood, rounding=0.006)
    else:
        high = 0.72 * (y - seat)
        panel = rounded_box(0.92 * x, high, 0.06 if style == "padded" else 0.025, 0.02)
        draft.add(panel.turned("x", -7).moved(0, y - high / 2 - 0.02, -0.45 * z), cover)


def _feet(draft: Draft, x: float, z: float, height: float, material: Material) -> None:
    for sx in (-1, 1):
        for sz in (-1, 1):
            foot = cone(0.018, 0.03, height, sides=12)
            draft.add(foot.moved(sx * (x / 2 - 0.07), 0, sz * (z / 2 - 0.07)), material)


def sofa(spec: Spec) -> Draft:
    """Build a sofa or armchair: base, arms, back, one seat and back cushion per place."""
    draft = Draft()
    x, y, z = spec.size
    single = x < 1.2
    cover = spec.choice("cover", (*m.FABRICS, *m.LEATHERS))
    pads = spec.choice("pads", (cover, m.shaded(cover, 1.25), cover))
    foot, seat = 0.09, spec.level(0.50 * y)
    arm = (0.17 if single else 0.09) * x * spec.number("arm", 0.85, 1.25)
    back = 0.24 * z
    arm_top = 0.70 * y * spec.number("arm-height", 0.95, 1.08)
    _feet(draft, x, z, foot, spec.choice("wood", m.WOODS))
    draft.block((x - 0.02, 0.30 * y, z - 0.02), (0, foot, 0), cover, rounding=0.03)
    draft.block((x - 0.5 * arm, y - foot - 0.04, 0.8 * back), (0, foot, -z / 2 + 0.4 * back), cover, rounding=0.05)
    for side in (-1, 1):
        draft.block((arm, arm_top - foot, z), (side * (x - arm) / 2, foot, 0), cover, rounding=0.05)
        if spec.variant % 3 == 1:
            roll = cylinder(0.62 * arm, z, sides=16).turned("x", 90).moved(side * (x - arm) / 2, arm_top, -z / 2)
            draft.add(roll, cover, solid=False)
    places = 1 if single else max(2, round((x - 2 * arm) / 0.65))
    wide = (x - 2 * arm) / places
    for i in range(places):
        cx = -x / 2 + arm + (i + 0.5) * wide
        size = (wide - 0.012, 0.17 * y, z - back)
        draft.block(size, (cx, seat - 0.17 * y, back / 2), pads, rounding=0.045)
        pad = rounded_box(wide - 0.02, y - seat - 0.02, 0.6 * back, 0.07).turned("x", -8)
        draft.add(pad.moved(cx, seat + (y - seat) / 2, -z / 2 + 0.98 * back), pads, solid=False)
    if not single and spec.variant % 2 == 0:
        throw = cushion(0.40, 0.13, 0.40).turned("x", 72)
        accent = spec.choice("throw", (m.LINENS[3], m.LINENS[1], m.FABRICS[2]))
        draft.add(throw.moved(x / 2 - arm - 0.24, seat + 0.19, -z / 2 + 1.35 * back), accent, solid=False)
    draft.obstacle((x - 2 * arm, y - seat, 0.35 * back), (0, seat, -z / 2 + 1.0 * back))
    draft.surface(seat, (x - 2.3 * arm, z - 1.5 * back), center=(0.0, 0.6 * back))
    return draft


def stool(spec: Spec) -> Draft:
    """Build a round or square stool with splayed legs and a foot ring."""
    draft = Draft()
    x, y, z = spec.size
    wood = spec.choice("wood", m.WOODS)
    frame = spec.choice("frame", (wood, m.DARK_METAL, m.STEEL))
    seat = spec.choice("seat", (wood, m.LEATHERS[1], m.FABRICS[2]))
    if spec.variant % 3 == 2:
        draft.block((0.9 * x, 0.06, 0.9 * z), (0, y - 0.06, 0), seat, rounding=0.02)
    else:
        disc = lathe([(0.42, 0.0), (0.46, 0.015), (0.46, 0.045), (0.43, 0.06), (0.2, 0.062)], sides=28)
        draft.add(disc.scaled(x, 1, z).moved(y=y - 0.062), seat)
    for sx in (-1, 1):
        for sz in (-1, 1):
            path = [(sx * 0.47 * x, 0.0, sz * 0.47 * z), (sx * 0.30 * x, y - 0.05, sz * 0.30 * z)]
            draft.add(sweep(path, 0.018, sides=10), frame)
    draft.add(
        torus(0.49, 0.009 / max(x, 0.05), sides=32).scaled(1.15 * x, x, 1.15 * z).moved(y=0.3 * y), frame, solid=False
    )
    draft.surface(y, (0.62 * x, 0.62 * z))
    return draft


def ottoman(spec: Spec) -> Draft:
    """Build an upholstered ottoman or footstool."""
    draft = Draft()
    x, y, z = spec.size
    cover = spec.choice("cover", (*m.FABRICS, *m.LEATHERS))
    if spec.variant % 3 == 1:
        body = lathe([(0.46, 0.0), (0.5, 0.12), (0.5, 0.85), (0.47, 0.97), (0.2, 1.0)], sides=32)
        draft.add(body.scaled(x, y, z), cover)
        draft.add(torus(0.5, 0.008, sides=32).scaled(x, x, z).moved(y=0.82 * y), m.shaded(cover, 0.6), solid=False)
        draft.surface(y, (0.66 * x, 0.66 * z))
        return draft
    foot = 0.22 * y
    _feet(draft, x, z, foot, spec.choice("wood", m.WOODS))
    draft.block((x, 0.45 * y, z), (0, foot, 0), cover, rounding=0.03)
    draft.block((x, y - foot - 0.45 * y, z), (0, foot + 0.45 * y, 0), m.shaded(cover, 1.2), rounding=0.05)
    draft.surface(y, (0.88 * x, 0.88 * z))
    return draft


def bed(spec: Spec) -> Draft:
    """Build a bed: frame, headboard at -z, mattress, blanket and pillows."""
    draft = Draft()
    x, y, z = spec.size
    wood = spec.choice("wood", m.WOODS)
    head = spec.choice("head", (wood, m.FABRICS[1], wood, m.LEATHERS[0]))
    blanket = spec.choice("blanket", (*m.FABRICS, *m.LINENS))
    board = 0.07
    top = spec.level(min(0.55, 0.55 * y) + 0.03) - 0.03
    draft.block((x, y, board), (0, 0, -z / 2 + board / 2), head, rounding=0.025)
    draft.block((0.98 * x, 0.42 * top, z - board - 0.02), (0, 0.16 * top, board / 2 - 0.01), wood, rounding=0.01)
    for sx in (-1, 1):
        for sz in (-0.9, 1):
            draft.block((0.07, 0.3 * top, 0.07), (sx * 0.44 * x, 0, sz * (z / 2 - 0.09)), wood)
    if spec.variant % 2 == 1:
        draft.block((x, 0.85 * top, 0.05), (0, 0.05, z / 2 - 0.025), head, rounding=0.015)
    long = z - board - 0.07
    draft.block((0.94 * x, 0.46 * top, long), (0, 0.52 * top, board / 2 - 0.01), m.LINENS[0], rounding=0.06)
    cover = rounded_box(0.98 * x, 0.40 * top, 0.66 * long, 0.05)
    draft.add(cover.moved(0, 0.83 * top, 0.165 * long + board / 2), blanket)
    draft.block((0.985 * x, 0.08, 0.13 * long), (0, top - 0.045, -0.20 * long + board / 2), m.LINENS[0], rounding=0.03)
    count = 2 if x > 1.2 else 1
    for i in range(count):
        px = (i - (count - 1) / 2) * 0.46 * x
        pillow = cushion(0.40 * x if count == 2 else 0.6 * x, 0.17, 0.21 * z).turned("x", 16)
        draft.add(
            pillow.moved(px, top + 0.07, -z / 2 + board + 0.135 * z),
            m.LINENS[2 if spec.variant % 3 else 0],
            solid=False,
        )
    draft.surface(top + 0.03, (0.9 * x, 0.6 * long), center=(0.0, 0.17 * long))
    return draft


def dog_bed(spec: Spec) -> Draft:
    """Build a dog bed: a padded ring around a soft floor."""
    draft = Draft()
    x, y, z = spec.size
    cover = spec.choice("cover", m.FABRICS)
    draft.add(torus(0.40, 0.10, sides=32, rows=10).scaled(x, 5 * y, z).moved(y=0.5 * y), cover, solid=False)
    inside = lathe([(0.40, 0.0), (0.40, 0.56), (0.2, 0.64)], sides=28).scaled(x, y, z)
    draft.add(inside, m.shaded(spec.choice("pad", m.LINENS), 0.9), solid=False)
    draft.basin((x, y, z), (0, 0, 0), 0.16 * min(x, z))
    draft.surfaces.clear()
    draft.obstacle((0.7 * x, 0.64 * y, 0.7 * z), (0, 0, 0))
    draft.surface(0.64 * y, (0.55 * x, 0.55 * z))
    return draft


def pillow(spec: Spec) -> Draft:
    """Build a pillow."""
    draft = Draft()
    draft.add(cushion(*spec.size, cells=10), spec.choice("cover", (*m.LINENS, *m.FABRICS)))
    return draft

"""Builders of cloth and slats that hang: curtains, blinds, towels."""

from __future__ import annotations

import numpy as np

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.primitives import Mesh, box, cylinder, ellipsoid, rounded_box, sweep, torus


def _folds(width: float, height: float, depth: float, waves: int) -> Mesh:
    """Return a hanging cloth with vertical folds, standing on y = 0, as a closed sheet."""
    steps = waves * 8
    ticks = np.linspace(-0.5, 0.5, steps + 1)
    wave = 0.34 * depth * np.sin(ticks * waves * 2 * np.pi)
    thick = 0.16 * depth
    front = [(float(u * width), float(w + thick)) for u, w in zip(ticks, wave, strict=True)]
    back = [(float(u * width), float(w - thick)) for u, w in zip(ticks, wave, strict=True)]
    vertices = [(px, py, pz) for py in (0.0, height) for px, pz in front + back]
    count = steps + 1
    faces = []
    for i in range(steps):
        for a, b, c, d in (
            (i, i + 1, i + 1 + 2 * count, i + 2 * count),
            (count + i + 1, count + i, count + i + 2 * count, count + i + 1 + 2 * count),
            (i + 1, i, count + i, count + i + 1),
            (i + 2 * count, i + 1 + 2 * count, count + i + 1 + 2 * count, count + i + 2 * count),
        ):
            faces += [(a, b, c), (a, c, d)]
    for end, flip in ((0, False), (steps, True)):
        a, b = end, count + end
        quad = (a, a + 2 * count, b + 2 * count, b)
        quad = quad[::-1] if flip else quad
        faces += [(quad[0], quad[1], quad[2]), (quad[0], quad[2], quad[3])]
    return Mesh(np.array(vertices), np.array(faces, dtype=np.int32))


def curtains(spec: Spec) -> Draft:
    """Build curtains in two wings on a rod, or one shower curtain that is drawn to the side as it opens."""
    draft = Draft()
    x, y, z = spec.size
    shower = spec.object_type == "ShowerCurtain"
    cloth = spec.choice("cloth", m.LINENS if shower else (*m.FABRICS, *m.LINENS))
    rod = sweep([(-x / 2, y - 0.03, 0.0), (x / 2, y - 0.03, 0.0)], 0.014)
    draft.add(rod, m.CHROME if shower else spec.choice("rod", (m.DARK_METAL, m.BRASS)))
    spread = 1.0
    if shower:
        spread = 1.0 - 0.75 * spec.openness
        wide = 0.97 * spread * x
        draft.add(_folds(wide, y - 0.06, z, 8).moved((wide - 0.97 * x) / 2), cloth)
    else:
        wide = spec.choice("wide", (0.28, 0.22, 0.34)) * x
        for side in (-1, 1):
            draft.add(_folds(wide, y - 0.06, z, 4).moved(side * (0.97 * x / 2 - wide / 2)), cloth)
            draft.add(ellipsoid(0.05, 0.05, 0.05).moved(side * (x / 2 - 0.02), y - 0.03), m.BRASS, solid=False)
    for k in range(9):
        ring = torus(0.022, 0.004, sides=12, rows=5).turned("z", 90)
        draft.add(ring.moved((0.115 * k * spread - 0.46) * x, y - 0.035), m.CHROME, solid=False)
    return draft


def blinds(spec: Spec) -> Draft:
    """Build slatted blinds under a head rail, which are drawn up as they open."""
    draft = Draft()
    x, y, z = spec.size
    paint = spec.choice("paint", (m.WHITE, m.WOODS[2], m.GREY))
    draft.block((x, 0.05, z), (0, y - 0.05, 0), m.shaded(paint, 0.9))
    count = max(6, round(y / 0.055))
    long = (y - 0.06) * (1.0 - 0.8 * spec.openness)
    low = y - 0.06 - long
    for k in range(count):
        slat = box(0.98 * x, 0.004, 0.55 * z).turned("x", 35)
        draft.add(slat.moved(0, low + long * (k + 0.5) / count, 0), paint, solid=False)
    draft.block((0.98 * x, 0.02, 0.5 * z), (0, low, 0), m.shaded(paint, 0.85), solid=False)
    for side in (-1, 1):
        cord = [(side * 0.35 * x, low, 0.0), (side * 0.35 * x, y - 0.03, 0.0)]
        draft.add(sweep(cord, 0.003, sides=5), m.GREY, solid=False)
    draft.obstacle((x, y - low, z), (0, low, 0))
    return draft


def hanging_cloth(spec: Spec) -> Draft:
    """Build a towel that hangs folded over a bar, the front shorter than the back, with woven stripes near its hem."""
    draft = Draft()
    x, y, z = spec.size
    cloth = spec.choice("cloth", (*m.LINENS, *m.FABRICS))
    stripe = m.LINENS[0] if max(cloth.color) < 0.6 else m.shaded(cloth, 0.5)
    bar = 0.05 * y
    for side, low in ((-1, 0.0), (1, spec.choice("front", (0.16, 0.30, 0.22)) * y)):
        sheet = rounded_box(0.92 * x, y - bar - low, 0.3 * z, 0.1 * z)
        draft.add(sheet.moved(0, low + (y - bar - low) / 2, side * 0.25 * z), cloth)
        for k, level in enumerate((0.07, 0.12)):
            band = (0.925 * x, (0.02 - 0.01 * k) * y, 0.31 * z)
            draft.block(band, (0, low + level * y, side * 0.25 * z), stripe, solid=False)
        for k in range(16):
            tassel = (0.02 * x, 0.02 * y, 0.12 * z)
            draft.block(tassel, ((k / 15 - 0.5) * 0.88 * x, low - 0.012 * y, side * 0.25 * z), stripe, solid=False)
    fold = cylinder(0.5 * z, 0.92 * x, sides=20).turned("z", 90)
    draft.add(fold.moved(0.46 * x, y - bar - 0.05 * z), cloth, solid=False)
    rod = [(-x / 2, y - bar, 0.0), (x / 2, y - bar, 0.0)]
    draft.add(sweep(rod, 0.25 * z), m.CHROME, solid=False)
    return draft

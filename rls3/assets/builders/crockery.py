"""Builders of cups, bowls, plates, bottles and shakers."""

from __future__ import annotations

import math

from rls3.assets import materials as m
from rls3.assets.builders.liquids import cavity, liquid
from rls3.assets.drafting import Draft, Spec
from rls3.assets.primitives import arc, cylinder, lathe, rounded_box, sweep, torus, vessel


def mug(spec: Spec) -> Draft:
    """Build a mug with its handle at +x."""
    draft = Draft()
    x, y, z = spec.size
    glaze = spec.choice("glaze", m.CERAMICS)
    radius = min(z / 2, 0.42 * x)
    belly = spec.choice("belly", (0.0, 0.12, -0.12))
    side = [(0.86, 0.0), (0.97 + belly / 2, 0.08), (1.0 + belly, 0.5), (1.0, 1.0)]
    middle = radius - x / 2
    body = vessel([(r * radius, h * y) for r, h in side], 0.09 * radius, floor=0.08 * y, sides=28)
    draft.add(body.moved(middle), glaze, solid=False)
    liquid(draft, spec, 0.9 * radius, 0.88 * y, (middle, 0.0))
    loop = [(px + middle + 0.96 * radius, py + 0.52 * y, 0.0) for px, py, _ in arc(0.30 * y, -80, 80, points=10)]
    draft.add(sweep(loop, 0.055 * y, sides=8), glaze)
    cavity(draft, 2 * radius, y, 2 * radius, 0.1 * y, (middle, 0.0))
    return draft


def cup(spec: Spec) -> Draft:
    """Build a tumbler, a conical glass or a stemmed glass."""
    draft = Draft()
    x, y, z = spec.size
    paint = spec.choice("paint", (m.GLASS, *m.PLASTICS[:4], m.CERAMICS[0]))
    shape = spec.choice("shape", ("cone", "stem", "straight"))
    if shape == "stem":
        side = [(0.34, 0.0), (0.36, 0.03), (0.06, 0.07), (0.05, 0.42), (0.32, 0.52), (0.5, 0.75), (0.44, 1.0)]
        draft.add(lathe([(r, h) for r, h in side] + [(0.40, 1.0), (0.42, 0.75), (0.1, 0.55)]).scaled(x, y, z), paint)
        liquid(draft, spec, 0.42 * x, 0.78 * y, depth=0.18 * y)
        draft.surface(0.56 * y, (0.1 * x, 0.1 * z))
        return draft
    low = 0.34 if shape == "cone" else 0.45
    draft.add(vessel([(low, 0.0), (0.5, 1.0)], 0.04, floor=0.06, sides=28).scaled(x, y, z), paint, solid=False)
    liquid(draft, spec, (low + 0.7 * (0.5 - low) - 0.03) * min(x, z), 0.86 * y, depth=0.7 * y)
    cavity(draft, x, y, z, 0.08 * y)
    return draft


def bowl(spec: Spec) -> Draft:
    """Build a bowl on a foot ring."""
    draft = Draft()
    x, y, z = spec.size
    glaze = spec.choice("glaze", (*m.CERAMICS, m.WOODS[0]))
    deep = spec.choice("deep", (0.36, 0.30, 0.42))
    side = [(0.22, 0.0), (0.23, 0.06), (deep, 0.32), (0.46, 0.66), (0.5, 1.0)]
    draft.add(vessel(side, 0.025, floor=0.12, sides=32).scaled(x, y, z), glaze, solid=False)
    draft.add(
        torus(0.49, 0.012, sides=32, rows=6).scaled(x, y, z).moved(y=0.985 * y), m.shaded(glaze, 0.7), solid=False
    )
    liquid(draft, spec, 0.44 * min(x, z), 0.72 * y)
    cavity(draft, x, y, z, 0.2 * y)
    return draft


def plate(spec: Spec) -> Draft:
    """Build a plate with a raised rim and a coloured band."""
    draft = Draft()
    x, y, z = spec.size
    glaze = spec.choice("glaze", m.CERAMICS)
    side = [(0.30, 0.0), (0.33, 0.1), (0.47, 0.75), (0.5, 1.0), (0.46, 0.95), (0.33, 0.42), (0.29, 0.3)]
    draft.add(lathe(side, sides=36).scaled(x, y, z), glaze)
    band = lathe([(0.39, 0.76), (0.46, 1.0), (0.46, 0.9), (0.39, 0.62)], sides=36, ring=True).scaled(x, y, z)
    draft.add(band, spec.choice("band", (m.CERAMICS[1], m.CERAMICS[4], m.CERAMICS[2], glaze)), solid=False)
    draft.surface(0.3 * y, (0.4 * x, 0.4 * z))
    return draft


def bottle(spec: Spec) -> Draft:
    """Build a bottle with neck, cap and label; wine bottles are dark and tall."""
    draft = Draft()
    x, y, z = spec.size
    wine = spec.object_type == "WineBottle"
    dark = (m.GREEN_GLASS, m.BROWN_GLASS, m.tinted(m.GREEN_GLASS, "#1c2330"))
    glass = spec.choice("glass", dark if wine else (m.tinted(m.GREEN_GLASS, "#5fa8c8"), *dark[:2]))
    shoulder = 0.62 if wine else spec.choice("shoulder", (0.55, 0.68, 0.6))
    side = [(0.46, 0.0), (0.5, 0.03), (0.5, shoulder), (0.4, shoulder + 0.08), (0.19, shoulder + 0.17), (0.17, 0.95)]
    filled = spec.condition.filled
    draft.add(lathe(side, sides=24).scaled(x, y, z), glass)
    if filled is not None:
        level = cylinder(0.506, 0.12, sides=24).scaled(x, y, z).moved(y=(shoulder - 0.14) * y)
        draft.add(level, m.LIQUIDS.get(filled, m.LIQUIDS["water"]), solid=False)
    cap = cylinder(0.2, 0.08, sides=20).scaled(x, y, z).moved(y=0.92 * y)
    draft.add(cap, spec.choice("cap", (m.PLASTICS[0], m.BRASS, m.BLACK)), solid=False)
    label = cylinder(0.512, 0.28, sides=24).scaled(x, y, z).moved(y=0.18 * y)
    draft.add(
        label, spec.choice("label", (m.WHITE_PAPER, m.CARDBOARD, m.tinted(m.WHITE_PAPER, "#c9a24a"))), solid=False
    )
    return draft


def shaker(spec: Spec) -> Draft:
    """Build a salt or pepper shaker: a waisted body with a pierced metal cap."""
    draft = Draft()
    x, y, z = spec.size
    salt = spec.object_type == "SaltShaker"
    body = spec.choice("body", (m.ENAMEL, m.GLASS, m.WOODS[2]) if salt else (m.BLACK, m.WOODS[3], m.CERAMICS[5]))
    side = [(0.48, 0.0), (0.5, 0.05), (0.38, 0.4), (0.44, 0.68)]
    draft.add(lathe(side, sides=20).scaled(x, y, z), body)
    cap = lathe([(0.45, 0.0), (0.46, 0.12), (0.36, 0.26), (0.15, 0.32)], sides=20)
    draft.add(cap.scaled(x, y, z).moved(y=0.68 * y), m.CHROME if spec.variant % 3 else m.BRASS, solid=False)
    for k in range(5):
        angle = 2 * math.pi * k / 5
        hole = cylinder(0.05 * x, 0.02 * y, sides=8)
        draft.add(hole.moved(0.2 * x * math.cos(angle), 0.96 * y, 0.2 * z * math.sin(angle)), m.BLACK, solid=False)
    return draft


def jug_bottle(spec: Spec) -> Draft:
    """Build a soap dispenser with a pump or a spray bottle with a trigger."""
    draft = Draft()
    x, y, z = spec.size
    paint = spec.choice("paint", m.PLASTICS)
    spray = spec.object_type == "SprayBottle"
    side = [(0.46, 0.0), (0.5, 0.03), (0.48, 0.45), (0.2, 0.66), (0.18, 0.72)]
    empty = m.tinted(m.GLASS, "#dfe6e8")
    draft.add(lathe(side, sides=24).scaled(0.8 * x if spray else x, y, z), empty if spec.condition.used_up else paint)
    label = cylinder(0.512, 0.24, sides=24).scaled(0.8 * x if spray else x, y, z).moved(y=0.12 * y)
    draft.add(label, spec.choice("label", (m.WHITE_PAPER, m.tinted(m.WHITE_PAPER, "#f2d36b"))), solid=False)
    nozzle = spec.choice("nozzle", (m.WHITE, m.BLACK, m.PLASTICS[0]))
    draft.add(cylinder(0.2 * x, 0.08 * y, sides=16).moved(y=0.70 * y), nozzle)
    if spray:
        draft.add(rounded_box(0.95 * x, 0.14 * y, 0.36 * z, 0.01).moved(0.02 * x, 0.92 * y, 0), nozzle)
        draft.add(cylinder(0.1 * x, 0.12 * y, sides=12).moved(0, 0.76 * y), nozzle, solid=False)
        trigger = [(0.30 * x, 0.88 * y, 0.0), (0.34 * x, 0.78 * y, 0.0), (0.28 * x, 0.68 * y, 0.0)]
        draft.add(sweep(trigger, 0.05 * x), m.PLASTICS[0] if nozzle is not m.PLASTICS[0] else m.BLACK, solid=False)
    else:
        draft.add(cylinder(0.06 * x, 0.2 * y, sides=12).moved(y=0.76 * y), nozzle)
        draft.add(rounded_box(0.3 * x, 0.06 * y, 0.7 * z, 0.008).moved(0, 0.95 * y, 0.12 * z), nozzle)
    return draft

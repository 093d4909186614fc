"""Builders of lamps and light switches."""

from __future__ import annotations

import math

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.model import Material
from rls3.assets.primitives import cylinder, ellipsoid, lathe, rounded_box, sweep, vessel


def light_switch(spec: Spec) -> Draft:
    """Build a wall switch facing +z with one or two rockers, pressed at the top while it is on."""
    draft = Draft()
    x, y, z = spec.size
    plate = spec.choice("plate", (m.WHITE, m.ENAMEL, m.BRASS))
    draft.block((x, y, 0.5 * z), (0, 0, -0.25 * z), plate, rounding=0.004)
    count = 1 + spec.variant % 2
    for k in range(count):
        at = ((k - (count - 1) / 2) * 0.36 * x, 0.5 * y, 0.1 * z)
        rocker = rounded_box(0.3 * x, 0.5 * y, 0.5 * z, 0.003).turned("x", -12 if spec.condition.on else 12)
        draft.add(rocker.moved(*at), m.shaded(plate, 0.82), solid=False)
        lamp = m.lit(m.FLAME, "#ff9a3d") if spec.condition.on else m.shaded(plate, 0.5)
        draft.block((0.06 * x, 0.03 * y, 0.002), (at[0], 0.86 * y, 0.0), lamp, solid=False)
    return draft


def _shade(spec: Spec) -> Material:
    """Return a lamp shade's cloth, which shines while the lamp is on."""
    dark = spec.choice("shade", (m.shaded(m.LINENS[0], 0.9), m.LINENS[0], m.shaded(m.FABRICS[3], 1.1)))
    return m.SHADE if spec.condition.on else dark


def _bulb(spec: Spec) -> Material:
    return m.FLAME if spec.condition.on else m.WHITE


def floor_lamp(spec: Spec) -> Draft:
    """Build a standing lamp: straight with a drum or cone shade, or three legs."""
    draft = Draft()
    x, y, z = spec.size
    metal = spec.choice("metal", (m.DARK_METAL, m.BRASS, m.STEEL))
    shade = 0.2 * y
    if spec.variant % 3 == 2:
        for k in range(3):
            angle = math.radians(120 * k + 30)
            foot = (0.46 * x * math.sin(angle), 0.0, 0.46 * z * math.cos(angle))
            draft.add(sweep([foot, (0.0, y - shade - 0.02, 0.0)], 0.013), spec.choice("wood", m.WOODS))
    else:
        draft.add(lathe([(0.36, 0.0), (0.36, 0.012), (0.06, 0.035)], sides=28).scaled(x, 1, z), metal)
        draft.add(cylinder(0.013, y - 0.5 * shade, sides=10), metal)
    top = spec.choice("top", (0.30, 0.48, 0.22))
    side = [(0.5, 0.0), (top, 1.0), (top - 0.015, 1.0), (0.485, 0.0)]
    draft.add(lathe(side, sides=32, ring=True).scaled(x, shade, z).moved(y=y - shade), _shade(spec))
    draft.add(ellipsoid(0.08, 0.11, 0.08).moved(y=y - 0.55 * shade), _bulb(spec), solid=False)
    return draft


def desk_lamp(spec: Spec) -> Draft:
    """Build a desk lamp: a jointed arm with a metal shade, or a small table lamp."""
    draft = Draft()
    x, y, z = spec.size
    paint = spec.choice("paint", (m.PLASTICS[0], m.DARK_METAL, m.PLASTICS[1], m.BRASS))
    if spec.variant % 2 == 1:
        body = [(0.3, 0.0), (0.32, 0.03), (0.12, 0.12), (0.24, 0.3), (0.1, 0.5), (0.05, 0.6)]
        glaze = spec.choice("glaze", m.CERAMICS)
        draft.add(lathe(body, sides=24).scaled(x, y, z), glaze)
        draft.add(
            lathe([(0.5, 0.0), (0.3, 0.45), (0.28, 0.45), (0.48, 0.0)], sides=28, ring=True)
            .scaled(x, y, z)
            .moved(y=0.55 * y),
            _shade(spec),
        )
        return draft
    back = -0.28 * z
    draft.add(lathe([(0.42, 0.0), (0.42, 0.025), (0.1, 0.05)], sides=28).scaled(x, y, x).moved(z=back), paint)
    arm = [(0.0, 0.03 * y, back), (0.0, 0.5 * y, back - 0.15 * z), (0.0, 0.95 * y, 0.1 * z)]
    draft.add(sweep(arm, 0.011), m.CHROME, solid=False)
    draft.obstacle((0.05, 0.9 * y, 0.5 * z), (0, 0.05 * y, -0.15 * z))
    hood = vessel([(0.10, 0.0), (0.2, 0.3), (0.5, 1.0)], 0.03).scaled(0.8 * x, 0.30 * y, 0.8 * x).turned("x", 145)
    draft.add(hood.moved(0, 0.97 * y, 0.1 * z), paint)
    bulb = ellipsoid(0.3 * x, 0.3 * x, 0.3 * x).moved(0, 0.76 * y, 0.24 * z)
    draft.add(bulb, _bulb(spec), solid=False)
    return draft

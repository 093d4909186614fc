"""Builders of small things of a household: rolls, cloths, boots, keys, and what cleans the floor."""

from __future__ import annotations

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.primitives import box, cone, cylinder, ellipsoid, lathe, prism, rounded_box, sweep, torus, tube, vessel


def roll(spec: Spec) -> Draft:
    """Build a paper roll: toilet paper, kitchen paper on a stand, or a lying foil roll."""
    draft = Draft()
    x, y, z = spec.size
    kind = spec.object_type
    if kind == "AluminumFoil":
        paint = spec.choice("paint", (m.CHROME, m.STEEL, m.BRASS))
        body = tube(0.5, 0.2, 1.0).scaled(z, 0.9 * x, y).turned("z", 90).moved(0.45 * x, y / 2)
        draft.add(body, paint)
        draft.add(cylinder(0.2, 1.0).scaled(z, x, y).turned("z", 90).moved(0.5 * x, y / 2), m.CARDBOARD, solid=False)
        return draft
    paper = spec.choice("paper", (m.WHITE_PAPER, m.tinted(m.WHITE_PAPER, "#f3e3dc"), m.shaded(m.WHITE_PAPER, 0.9)))
    if kind == "ToiletPaper":
        draft.add(tube(0.19, 0.17, 0.99, sides=24).scaled(x, y, z), m.CARDBOARD, solid=spec.condition.used_up)
        if spec.condition.used_up:
            return draft
        draft.add(tube(0.5, 0.18, 1.0, sides=32).scaled(x, y, 0.98 * z), paper)
        draft.block((0.3 * x, 0.86 * y, 0.012), (0.28 * x, 0.08 * y, 0.45 * z), paper, solid=False)
        return draft
    stand = spec.choice("stand", (*m.WOODS[:3], m.STEEL))
    draft.add(cylinder(0.5, 0.05, sides=28).scaled(x, y, z), stand)
    draft.add(cylinder(0.05, 0.95, sides=12).scaled(x, y, z).moved(y=0.03 * y), stand, solid=False)
    draft.add(ellipsoid(0.16 * x, 0.06 * y, 0.16 * z).moved(y=0.97 * y), stand, solid=False)
    draft.add(tube(0.13, 0.11, 0.79, sides=24).scaled(x, y, z).moved(y=0.06 * y), m.CARDBOARD, solid=False)
    if spec.condition.used_up:
        return draft
    draft.add(tube(0.42, 0.12, 0.80, sides=32).scaled(x, y, z).moved(y=0.06 * y), paper)
    draft.block((0.28 * x, 0.78 * y, 0.006), (0.3 * x, 0.07 * y, 0.30 * z), paper, solid=False)
    return draft


def tissues(spec: Spec) -> Draft:
    """Build a tissue box with a tissue that sticks out."""
    draft = Draft()
    x, y, z = spec.size
    paint = spec.choice("paint", (*m.LINENS[1:], m.tinted(m.CARDBOARD, "#7fa7c4")))
    draft.block((x, 0.7 * y, z), (0, 0, 0), paint, rounding=0.004)
    draft.add(cylinder(0.5, 0.004, sides=24).scaled(0.6 * x, 1, 0.4 * z).moved(y=0.70 * y), m.GREY, solid=False)
    for angle in () if spec.condition.used_up else (0, 55):
        sheet = lathe([(0.1, 0.0), (0.5, 0.7), (0.2, 1.0)], sides=12).scaled(0.34 * x, 0.3 * y, 0.12 * z)
        draft.add(sheet.turned("y", angle).moved(y=0.70 * y), m.WHITE_PAPER, solid=False)
    return draft


def boots(spec: Spec) -> Draft:
    """Build a pair of boots, toes to +z."""
    draft = Draft()
    x, y, z = spec.size
    leather = spec.choice("leather", (m.LEATHERS[0], m.LEATHERS[1], m.LEATHERS[2], m.PLASTICS[2]))
    for side in (-1, 1):
        px = side * 0.27 * x
        draft.add(cylinder(0.5, 0.1 * y, sides=24).scaled(0.46 * x, 1, 0.98 * z).moved(px), m.RUBBER)
        draft.add(ellipsoid(0.42 * x, 0.5 * y, 0.9 * z).moved(px, 0.22 * y, 0.02 * z), leather, solid=False)
        shaft = vessel([(0.36, 0.0), (0.36, 0.4), (0.42, 1.0)], 0.05, floor=0.1).scaled(0.5 * x, 0.86 * y, 0.5 * z)
        draft.add(shaft.moved(px, 0.12 * y, -0.2 * z), leather)
        ring = torus(0.40, 0.03, sides=24, rows=6).scaled(0.5 * x, 0.5 * y, 0.5 * z)
        draft.add(ring.moved(px, 0.95 * y, -0.22 * z), m.shaded(leather, 0.6), solid=False)
        for k in range(3):
            lace = (px, (0.42 + 0.13 * k) * y, (0.02 - 0.03 * k) * z)
            draft.block((0.2 * x, 0.025 * y, 0.03 * z), lace, m.WHITE_PAPER, solid=False)
    return draft


def keys(spec: Spec) -> Draft:
    """Build two keys and a tag on a ring, lying flat."""
    draft = Draft()
    _, y, z = spec.size
    draft.add(torus(0.17 * z, 0.25 * y, sides=24, rows=6).moved(0, y / 2, -0.32 * z), m.STEEL)
    for angle, metal in ((-18, m.BRASS), (14, m.STEEL)):
        head = tube(0.13 * z, 0.04 * z, 0.5 * y, sides=18).moved(z=0.12 * z)
        shaft = rounded_box(0.06 * z, 0.5 * y, 0.42 * z, 0.001).moved(0, 0.25 * y, 0.42 * z)
        tooth = box(0.06 * z, 0.5 * y, 0.05 * z)
        meshes = [head, shaft, tooth.moved(0.05 * z, 0.25 * y, 0.5 * z), tooth.moved(0.05 * z, 0.25 * y, 0.6 * z)]
        for mesh in meshes:
            draft.add(mesh.turned("y", angle).moved(0, 0.2 * y, -0.2 * z), metal, solid=False)
    tag = rounded_box(0.24 * z, 0.4 * y, 0.3 * z, 0.002).moved(-0.26 * z, y / 2, -0.2 * z)
    draft.add(tag, spec.choice("tag", m.PLASTICS), solid=False)
    return draft


def cloth(spec: Spec) -> Draft:
    """Build a folded cloth, or a crumpled one."""
    draft = Draft()
    x, y, z = spec.size
    fabric = spec.choice("fabric", (*m.LINENS, *m.FABRICS))
    if spec.variant % 3 == 2:
        stripes = spec.choice("stripes", (m.LINENS[1], m.LINENS[3]))
        for k in range(4):
            wide = (1 - 0.06 * k) * x
            draft.add(rounded_box(wide, 0.27 * y, z, 0.12 * y).moved((x - wide) / 2, (0.13 + 0.24 * k) * y), stripes)
        return draft
    for k in range(3):
        sheet = rounded_box(x * (1 - 0.03 * k), 0.36 * y, z * (1 - 0.02 * k), 0.16 * y)
        draft.add(sheet.moved(0.01 * x * k, (0.18 + 0.31 * k) * y), m.shaded(fabric, 1 - 0.08 * k))
    return draft


def sponge(spec: Spec) -> Draft:
    """Build a dish sponge with a scouring side."""
    draft = Draft()
    x, y, z = spec.size
    soft = m.tinted(m.SPONGE, spec.choice("soft", ("#e5c93f", "#e58fb0", "#7fb7dd")))
    draft.block((x, 0.72 * y, z), (0, 0, 0), soft, rounding=0.006)
    scour = m.tinted(m.SPONGE, spec.choice("scour", ("#2f6b45", "#7a3f7f", "#2b4f7f")))
    draft.block((x, 0.28 * y, z), (0, 0.72 * y, 0), scour, rounding=0.003)
    return draft


def vacuum(spec: Spec) -> Draft:
    """Build an upright vacuum cleaner: nozzle on the floor, dust canister, handle."""
    draft = Draft()
    x, y, z = spec.size
    paint = spec.choice("paint", m.PLASTICS)
    outline = [(-0.5 * x, 0.5 * z), (0.5 * x, 0.5 * z), (0.38 * x, 0.02 * z), (-0.38 * x, 0.02 * z)]
    draft.add(prism(outline, 0.09 * y), m.BLACK)
    body = rounded_box(0.55 * x, 0.5 * y, 0.4 * z, 0.04).turned("x", -9)
    draft.add(body.moved(0, 0.32 * y, -0.08 * z), paint)
    can = cylinder(0.2 * x, 0.28 * y, sides=20).turned("x", -9)
    draft.add(can.moved(0, 0.24 * y, 0.1 * z), m.GREY, solid=False)
    pole = [
        (0.0, 0.5 * y, -0.2 * z),
        (0.0, 0.88 * y, -0.4 * z),
        (0.0, 0.985 * y, -0.38 * z),
        (0.0, 0.96 * y, -0.22 * z),
    ]
    draft.add(sweep(pole, 0.018), m.BLACK)
    for side in (-1, 1):
        wheel = cylinder(0.07 * y, 0.03, sides=18).turned("z", 90).moved(0.015 + side * 0.3 * x, 0.07 * y, -0.05 * z)
        draft.add(wheel, m.GREY, solid=False)
    draft.add(cone(0.05, 0.03, 0.08).moved(0, 0.09 * y, 0.1 * z), m.BLACK, solid=False)
    return draft

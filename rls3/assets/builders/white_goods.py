"""Builders of refrigerators, washing machines and dryers."""

from __future__ import annotations

import numpy as np

from rls3.assets import materials as m
from rls3.assets.builders.cooking import fit_knob
from rls3.assets.builders.joinery import hollow
from rls3.assets.drafting import Draft, Spec
from rls3.assets.primitives import Mesh, lathe, sweep, torus, tube

#: How far a fridge's door turns when it is wide open, degrees.
FRIDGE_SWING = 105.0


def fridge(spec: Spec) -> Draft:
    """Build a fridge with shelves: freezer above or below, or two doors side by side, with bar handles."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.STEEL, m.WHITE, m.DARK_METAL, m.CERAMICS[3]))
    style = spec.choice("style", ("top", "side", "bottom"))
    door, wall, foot = 0.08, 0.045, 0.05
    front = z / 2 - door - 0.035
    deep = front + z / 2
    draft.block((0.94 * x, foot, z - 0.2), (0, 0, -0.05), m.BLACK)
    hollow(draft, (x, y - foot, deep), (0, foot, -z / 2 + deep / 2), wall, m.shaded(body, 0.8))
    inside = m.shaded(m.WHITE, 0.92)
    lining = (x - 2 * wall, y - foot - 2 * wall, 0.004)
    draft.block(lining, (0, foot + wall, -z / 2 + wall), inside, solid=False)
    split = {"top": 0.68, "bottom": 0.40, "side": 0.5}[style]
    _fridge_shelves(draft, spec, (foot + wall, split * y, y - wall), (wall, deep))
    leaves = (
        [(-0.25 * x, 0.5 * x, foot, y), (0.25 * x, 0.5 * x, foot, y)]
        if style == "side"
        else [(0.0, x, foot, split * y), (0.0, x, split * y, y)]
    )
    for index, (cx, wide, low, high) in enumerate(leaves):
        leaf = Draft()
        size = (wide - 0.008, high - low - 0.012, door)
        leaf.block(size, (cx, low + 0.006, front + 0.006 + door / 2), body, rounding=0.015)
        hinge_side = (-1 if index == 0 else 1) if style == "side" else 1
        hx = cx - hinge_side * (wide / 2 - 0.06)
        bottom, top = low + 0.25 * (high - low), high - 0.25 * (high - low)
        if style != "side":
            bottom, top = (
                (high - 0.5 * (high - low), high - 0.06) if index == 0 else (low + 0.06, low + 0.6 * (high - low))
            )
        face = front + 0.006 + door
        bar = [(hx, bottom, face), (hx, bottom + 0.01, z / 2 - 0.012), (hx, top - 0.01, z / 2 - 0.012)]
        leaf.add(sweep([*bar, (hx, top, face)], 0.012), m.CHROME, solid=False)
        if style == "side" and index == 0:
            leaf.block((0.2 * x, 0.18 * y, 0.01), (-0.25 * x, 0.55 * y, face), m.BLACK, solid=False)
        hinge = (cx + hinge_side * (wide / 2 - 0.004), 0.0, front + 0.006)
        draft.hang(leaf, hinge, "y", hinge_side * FRIDGE_SWING * spec.openness)
    draft.surface(y, (0.9 * x, 0.8 * z), center=(0.0, -0.04 * z))
    return draft


def _fridge_shelves(draft: Draft, spec: Spec, levels: tuple[float, float, float], case: tuple[float, float]) -> None:
    """Put glass shelves between floor, split and ceiling of a fridge of (wall, depth)."""
    x, _, z = spec.size
    (floor, split, ceiling), (wall, deep) = levels, case
    wide, long = x - 2 * wall, deep - 0.06
    middle = -z / 2 + wall + 0.5 * (deep - wall)
    heights = [floor, floor + 0.5 * (split - floor), split, split + 0.55 * (ceiling - split)]
    thick = 0.012
    for low, high in zip(heights, [*heights[1:], ceiling], strict=True):
        if low > floor:
            plate = m.WHITE if low == split else m.GLASS
            draft.block((wide, thick, long - 0.04), (0, low, middle - 0.02), plate)
        rest = low + (thick if low > floor else 0.0)
        draft.surface(
            rest, (0.92 * wide, 0.85 * long), center=(0.0, middle - 0.02), clearance=high - rest - 0.01, inside=True
        )


def washer(spec: Spec) -> Draft:
    """Build a front-loading washing machine or dryer: a drum behind a round door, a control strip that lights up."""
    draft = Draft()
    x, y, z = spec.size
    body = spec.choice("body", (m.WHITE, m.STEEL, m.DARK_METAL))
    on = spec.condition.on
    front = z / 2 - 0.06
    deep = front + z / 2
    low, high, half = 0.46 * y - 0.28 * x, 0.46 * y + 0.28 * x, 0.28 * x
    middle = -z / 2 + deep / 2
    draft.block((x, low, deep), (0, 0, middle), body)
    draft.block((x, y - high, deep), (0, high, middle), body)
    for side in (-1, 1):
        draft.block((x / 2 - half, high - low, deep), (side * (x / 2 + half) / 2, low, middle), body)
    draft.block((2 * half, high - low, 0.08 * z), (0, low, -0.46 * z), m.shaded(m.STEEL, 0.7))
    collar = _porthole(half, front)
    draft.add(collar.moved(y=0.46 * y), body, solid=False)
    draft.add(
        tube(0.27 * x, 0.255 * x, 0.7 * deep, sides=28).turned("x", 90).moved(0, 0.46 * y, -0.4 * z),
        m.STEEL,
        solid=False,
    )
    leaf = Draft()
    rim = torus(0.27 * x, 0.045 * x, sides=32, rows=8).turned("x", 90).moved(0, 0.46 * y, front + 0.02)
    leaf.add(rim, m.CHROME if spec.variant % 2 else m.GREY, solid=False)
    glass = lathe([(0.25 * x, 0.0), (0.22 * x, 0.03), (0.1 * x, 0.042)], sides=32).turned("x", 90)
    leaf.add(glass.moved(0, 0.46 * y, front), m.lit(m.SHADE, "#8fc7e8") if on else m.SCREEN, solid=False)
    leaf.obstacle((0.6 * x, 0.6 * x, 0.05), (0, 0.46 * y - 0.3 * x, front + 0.03))
    draft.hang(leaf, (-0.32 * x, 0.46 * y, front + 0.01), "y", -100.0 * spec.openness)
    draft.block((0.98 * x, 0.14 * y, 0.012), (0, 0.84 * y, front + 0.006), m.shaded(body, 0.8), solid=False)
    fit_knob(draft, 0.05 * x, 0.03, (0.05 * x, 0.91 * y, front + 0.01), m.CHROME)
    shown = m.lit(m.SHADE, "#58e0ff") if on else m.SCREEN
    draft.block((0.25 * x, 0.08 * y, 0.008), (0.3 * x, 0.87 * y, front + 0.014), shown, solid=False)
    draft.block((0.26 * x, 0.1 * y, 0.012), (-0.33 * x, 0.86 * y, front + 0.012), m.shaded(body, 0.95), solid=False)
    draft.surface(low, (0.36 * x, 0.6 * deep), center=(0.0, middle), clearance=0.5 * (high - low), inside=True)
    draft.surface(y, (0.92 * x, 0.85 * z))
    return draft


def _porthole(half: float, front: float) -> Mesh:
    """Return the plate round a washer's door: a square of half size `half` with a round hole, centred, at `front`."""
    ring = lathe([(0.93 * half, 0.0), (half, 0.0), (half, 0.012), (0.93 * half, 0.012)], sides=32, ring=True)
    flat = ring.vertices[:, (0, 2)]
    outer = np.linalg.norm(flat, axis=1) > 0.97 * half
    ring.vertices[np.ix_(outer, (0, 2))] = half * flat[outer] / np.abs(flat[outer]).max(axis=1, keepdims=True)
    return ring.turned("x", 90).moved(z=front - 0.012)

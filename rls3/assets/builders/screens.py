"""Builders of computers, screens, phones and clocks."""

from __future__ import annotations

import math

from rls3.assets import materials as m
from rls3.assets.drafting import Draft, Spec
from rls3.assets.primitives import cylinder, ellipsoid, lathe, rounded_box, sweep, torus


def television(spec: Spec) -> Draft:
    """Build a flat television on a foot, which shows a picture while it is on."""
    draft = Draft()
    x, y, z = spec.size
    shell = spec.choice("shell", (m.BLACK, m.DARK_METAL, m.GREY))
    foot = 0.12 * y
    depth = min(0.06, 0.4 * z)
    draft.block((x, y - foot, depth), (0, foot, 0), shell, rounding=0.012)
    shown = m.LIT_SCREEN if spec.condition.on else m.SCREEN
    draft.block(
        (0.95 * x, (y - foot) * 0.91, 0.006), (0, foot + 0.05 * (y - foot), depth / 2 - 0.001), shown, solid=False
    )
    draft.block((0.55 * x, 0.5 * (y - foot), 0.5 * depth), (0, foot + 0.2 * y, -0.7 * depth), m.BLACK)
    if spec.variant % 3 == 2:
        for side in (-1, 1):
            for sz in (-1, 1):
                leg = [(side * 0.32 * x, foot + 0.02, 0.0), (side * 0.36 * x, 0.008, sz * (z / 2 - 0.01))]
                draft.add(sweep(leg, 0.01), shell)
    else:
        draft.block((0.08 * x, foot + 0.03, 0.5 * depth), (0, 0, 0), shell)
        draft.block((0.38 * x, 0.018, z), (0, 0, 0), shell, rounding=0.006)
    return draft


def laptop(spec: Spec) -> Draft:
    """Build a laptop: keyboard, touch pad and a screen that leans back when open and lies on the keys when shut."""
    draft = Draft()
    x, y, z = spec.size
    shell = spec.choice("shell", (m.STEEL, m.BLACK, m.WHITE))
    base = 0.018
    front = 0.82 * z
    draft.block((x, base, front), (0, 0, z / 2 - front / 2), shell, rounding=0.005)
    middle = z / 2 - front / 2
    draft.block((0.86 * x, 0.003, 0.5 * front), (0, base, middle - 0.14 * front), m.BLACK, solid=False)
    keys = m.GREY if shell is not m.STEEL else m.tinted(m.BLACK, "#3a3c40")
    for row in range(4):
        for column in range(11):
            at = ((column - 5) * 0.075 * x, base + 0.003, middle + (-0.34 + 0.13 * row) * front)
            draft.block((0.058 * x, 0.002, 0.09 * front), at, keys, solid=False)
    draft.block((0.3 * x, 0.002, 0.24 * front), (0, base, middle + 0.32 * front), m.shaded(shell, 0.75), solid=False)
    hinge = (0.0, base + 0.011, z / 2 - front + 0.008)
    lean = math.degrees(math.atan2(0.18 * z, y))
    # A lid of square casing may not be longer than what it lies on, however high the open laptop is wanted.
    long = min(y - base, front - 0.01) if spec.openness < 1 else y - base
    lid = Draft()
    lid.add(rounded_box(x, long, 0.012, 0.004).moved(y=long / 2), shell)
    shown = m.LIT_SCREEN if spec.condition.on else m.SCREEN
    lid.add(rounded_box(0.93 * x, 0.88 * long, 0.003, 0.001).moved(0, long / 2, 0.006), shown, solid=False)
    badge = cylinder(0.05 * x, 0.001, sides=18).turned("x", 90)
    lid.add(badge.moved(0, 0.55 * long, -0.0065), m.CHROME if shell is not m.STEEL else m.BLACK, solid=False)
    placed = Draft()
    placed.slide(lid, hinge)
    draft.hang(placed, hinge, "x", 90.0 - (90.0 + lean) * spec.openness)
    return draft


def desktop(spec: Spec) -> Draft:
    """Build a computer monitor on a stand with a keyboard before it."""
    draft = Draft()
    x, y, z = spec.size
    shell = spec.choice("shell", (m.BLACK, m.STEEL, m.WHITE))
    low = 0.28 * y
    back = -0.25 * z
    draft.block((x, y - low, 0.03), (0, low, back), shell, rounding=0.008)
    shown = m.LIT_SCREEN if spec.condition.on else m.SCREEN
    draft.block((0.95 * x, 0.86 * (y - low), 0.004), (0, low + 0.09 * (y - low), back + 0.015), shown, solid=False)
    draft.block((0.07 * x, 0.5 * y, 0.02), (0, 0.01, back - 0.025), shell)
    draft.block((0.4 * x, 0.012, 0.45 * z), (0, 0, back), shell, rounding=0.004)
    draft.block((0.72 * x, 0.02, 0.3 * z), (0.08 * x, 0, 0.34 * z), m.shaded(shell, 0.8), rounding=0.004)
    for row in range(3):
        for column in range(12):
            at = ((column - 5.5) * 0.056 * x + 0.08 * x, 0.019, (0.25 + 0.09 * row) * z)
            draft.block((0.045 * x, 0.006, 0.07 * z), at, m.GREY, solid=False)
    mouse = ellipsoid(0.09 * x, 0.04, 0.22 * z).moved(-0.42 * x, 0.02, 0.34 * z)
    draft.add(mouse, m.GREY)
    return draft


def phone(spec: Spec) -> Draft:
    """Build a phone lying on its back, or a remote control with rows of buttons."""
    draft = Draft()
    x, y, z = spec.size
    remote = spec.object_type == "RemoteControl"
    shell = spec.choice("shell", (m.BLACK, m.GREY, m.WHITE) if remote else (m.BLACK, m.WHITE, m.PLASTICS[1]))
    draft.add(rounded_box(x, 0.9 * y, z, 0.4 * y if remote else 0.006, segments=3).moved(y=0.45 * y), shell)
    if not remote:
        screen = m.LIT_SCREEN if spec.condition.on else m.SCREEN
        draft.block((0.9 * x, 0.16 * y, 0.9 * z), (0, 0.84 * y, 0), screen, solid=False)
        return draft
    keys = m.WHITE if shell is m.BLACK else m.BLACK
    for row in range(6):
        for column in range(3):
            at = ((column - 1) * 0.27 * x, 0.86 * y, (row - 2.2) * 0.11 * z)
            draft.add(cylinder(0.1 * x, 0.14 * y, sides=10).moved(*at), keys, solid=False)
    draft.add(cylinder(0.13 * x, 0.14 * y, sides=12).moved(-0.24 * x, 0.86 * y, -0.41 * z), m.PLASTICS[0], solid=False)
    draft.add(torus(0.2 * x, 0.05 * x, sides=16, rows=6).moved(0, 0.86 * y, 0.43 * z - 0.1 * z), m.GREY, solid=False)
    return draft


def alarm_clock(spec: Spec) -> Draft:
    """Build an alarm clock: round with bells and hands, or a box with lit digits."""
    draft = Draft()
    x, y, z = spec.size
    paint = spec.choice("paint", m.PLASTICS)
    if spec.variant % 3 == 2:
        draft.block((x, y, z), (0, 0, 0), m.BLACK, rounding=0.012)
        lamp = m.lit(m.FLAME, spec.choice("lamp", ("#ff4433", "#4dff6a", "#5cb8ff")))
        for place, digit in zip((-0.33, -0.13, 0.13, 0.33), spec.choice("time", ("0730", "1025", "2146")), strict=True):
            for u, v, wide, high in _segments(digit):
                at = (-place * x - 0.14 * x * u, 0.5 * y + 0.46 * y * v - 0.23 * y * high, z / 2)
                draft.block((0.14 * x * wide, 0.46 * y * high, 0.002), at, lamp, solid=False)
        for v in (-0.2, 0.16):
            draft.block((0.025 * x, 0.06 * y, 0.002), (0, 0.5 * y + 0.46 * y * v, z / 2), lamp, solid=False)
        return draft
    radius = 0.38 * y
    middle = 0.12 * y + radius
    draft.add(cylinder(1.0, z, sides=32).scaled(0.46 * x, 1, radius).turned("x", 90).moved(0, middle, -z / 2), paint)
    face = cylinder(1.0, 0.004, sides=32).scaled(0.39 * x, 1, 0.85 * radius).turned("x", 90)
    draft.add(face.moved(0, middle, z / 2 - 0.002), m.WHITE_PAPER, solid=False)
    for dx, dy, thick in ((0.0, 0.62, 0.05), (0.42, 0.18, 0.06)):
        hand = [(0.0, middle, z / 2 + 0.003), (dx * radius, middle + dy * radius, z / 2 + 0.003)]
        draft.add(sweep(hand, thick * radius, sides=6), m.BLACK, solid=False)
    for side in (-1, 1):
        bell = ellipsoid(0.3 * x, 0.2 * y, 0.6 * z, sides=14, rows=8).turned("z", -28 * side)
        draft.add(bell.moved(side * 0.26 * x, 0.87 * y, 0), m.BRASS)
        draft.add(sweep([(side * 0.2 * x, 0.2 * y, 0.0), (side * 0.36 * x, 0.0, 0.0)], 0.04 * y, sides=8), m.STEEL)
    return draft


def _segments(digit: str) -> list[tuple[float, float, float, float]]:
    """Return the lit bars of a seven-segment digit: (u, v) of their middles and (width, height), shares of its size."""
    lit = {"0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc", "5": "afgcd", "6": "afgedc", "7": "abc"}
    bars = {
        "a": (0.0, 0.45, 0.8, 0.1),
        "g": (0.0, 0.0, 0.8, 0.1),
        "d": (0.0, -0.45, 0.8, 0.1),
        "f": (-0.45, 0.23, 0.16, 0.4),
        "b": (0.45, 0.23, 0.16, 0.4),
        "e": (-0.45, -0.23, 0.16, 0.4),
        "c": (0.45, -0.23, 0.16, 0.4),
    }
    return [bars[name] for name in lit[digit]]


def watch(spec: Spec) -> Draft:
    """Build a wrist watch lying flat: a round dial with hands and crown between the two halves of its strap."""
    draft = Draft()
    x, y, z = spec.size
    strap = spec.choice("strap", (*m.LEATHERS, m.DARK_METAL))
    case = spec.choice("case", (m.STEEL, m.BRASS, m.CHROME))
    for side in (-1, 1):
        draft.block((0.52 * x, 0.22 * y, 0.34 * z), (0, 0.1 * y, side * 0.33 * z), strap, rounding=0.1 * y)
        draft.block((0.60 * x, 0.3 * y, 0.03 * z), (0, 0.06 * y, side * 0.44 * z), case, solid=False)
    radius = 0.47 * x
    draft.add(
        lathe([(0.95 * radius, 0.0), (radius, 0.15 * y), (radius, 0.8 * y), (0.88 * radius, 0.94 * y)], sides=28), case
    )
    draft.add(
        cylinder(0.82 * radius, 0.03 * y, sides=28).moved(y=0.93 * y), spec.choice("dial", (m.WHITE_PAPER, m.BLACK))
    )
    hand = m.BLACK if spec.choice("dial", (m.WHITE_PAPER, m.BLACK)) is m.WHITE_PAPER else m.WHITE
    draft.block((0.05 * x, 0.04 * y, 0.28 * x), (0, 0.96 * y, 0.14 * x), hand, solid=False)
    draft.block((0.2 * x, 0.04 * y, 0.06 * x), (0.1 * x, 0.96 * y, 0), hand, solid=False)
    draft.block((0.06 * x, 0.2 * y, 0.1 * x), (0.48 * x, 0.4 * y, 0), case, solid=False)
    return draft

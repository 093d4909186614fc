"""The colour of objects as their pixels show it, for names such as "the red mug"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rls3.scene.model import Scene

LEAST_SHARE = 0.6
"""Share of an object's pixels that must clearly be of one colour: what shade or patterns divide has none of its own."""
LEAST_PIXELS = 150
SEEN_THROUGH = frozenset({"Mirror", "ShowerDoor", "ShowerGlass", "Window"})
"""Types whose pixels show other things: a window is not blue because the sky is."""

_ZONES: tuple[tuple[str, float, float, float, float, float, float], ...] = (
    ("black", -180, 180, 0.0, 1.0, 0.0, 0.15),
    ("black", -180, 180, 0.0, 0.35, 0.15, 0.26),
    ("gray", -180, 180, 0.0, 0.11, 0.4, 0.68),
    ("white", -180, 180, 0.0, 0.1, 0.86, 1.0),
    ("beige", 20, 55, 0.16, 0.36, 0.7, 1.0),
    ("brown", 10, 40, 0.38, 0.9, 0.2, 0.58),
    ("brown", 16, 40, 0.4, 0.68, 0.58, 0.82),
    ("orange", 14, 40, 0.74, 1.0, 0.72, 1.0),
    ("yellow", 46, 64, 0.5, 1.0, 0.62, 1.0),
    ("green", 80, 160, 0.28, 1.0, 0.2, 1.0),
    ("blue", -165, -108, 0.3, 1.0, 0.24, 1.0),
    ("purple", -98, -62, 0.22, 1.0, 0.24, 1.0),
    ("pink", -45, -6, 0.2, 0.68, 0.76, 1.0),
    ("red", -12, 9, 0.6, 1.0, 0.3, 1.0),
)
"""Colour; hue from, to, degrees (-180..180, red 0, green 120, blue -120); saturation from, to; value from, to.

Between the zones people do not agree, and light and shade decide: no colour is named there.
"""
COLORS = tuple(dict.fromkeys(zone[0] for zone in _ZONES))


def colors_of(image: NDArray[np.uint8], ids: NDArray[np.int16], scene: Scene) -> dict[str, str]:
    """Object id -> its colour, for the objects that show one colour clearly.

    Args:
        image: (H, W, 3) RGB.
        ids: (H, W) which object of `scene.objects` covers each pixel, -1 for none.
        scene: what the picture shows.
    """
    counts = np.zeros((len(scene.objects) + 1, len(COLORS) + 1), np.int64)
    np.add.at(counts, (ids.ravel(), _color_index(image).ravel()), 1)  # -1 is the last row; the last column: no colour
    totals = counts.sum(axis=1)
    best = counts[:, :-1].argmax(axis=1)
    return {
        thing.id: COLORS[best[row]]
        for row, thing in enumerate(scene.objects)
        if thing.type not in SEEN_THROUGH
        and totals[row] >= LEAST_PIXELS
        and counts[row, best[row]] >= LEAST_SHARE * totals[row]
    }


def _color_index(image: NDArray[np.uint8]) -> NDArray[np.intp]:
    """(H, W) index into `COLORS`, -1 where the colour is not clear."""
    red, green, blue = (image[..., channel].astype(np.float32) / 255 for channel in range(3))
    value = np.maximum(np.maximum(red, green), blue)
    spread = value - np.minimum(np.minimum(red, green), blue)
    safe = np.where(spread > 0, spread, 1.0)
    sextant = np.select(
        [value == red, value == green], [(green - blue) / safe, (blue - red) / safe + 2], (red - green) / safe + 4
    )
    hue = (sextant * 60.0 + 180.0) % 360.0 - 180.0
    saturation = spread / np.maximum(value, 1e-6)
    found = np.full(value.shape, -1, np.intp)
    for color, hue_from, hue_to, saturation_from, saturation_to, value_from, value_to in _ZONES:
        within = (hue >= hue_from) & (hue <= hue_to) & (saturation >= saturation_from) & (saturation <= saturation_to)
        found[within & (value >= value_from) & (value <= value_to)] = COLORS.index(color)
    return found

"""The colour of objects as their pixels show it, for names such as "the red mug"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rls3.scene.model import Scene

COLORS = ("black", "white", "gray", "beige", "brown", "red", "orange", "yellow", "green", "blue", "purple", "pink")
LEAST_SHARE = 0.7
"""Share of an object's pixels that must be of one colour: what shades or patterns divide has no colour of its own."""
LEAST_PIXELS = 150

_DARK, _PALE, _FAINT = 0.18, 0.8, 0.2
_VIVID, _BROWN_UNTIL = 0.7, 0.5
"""Warm pixels are orange from this saturation and value on: wood and cardboard are bright, but brown."""
_PINK_FROM = 0.7
"""Value from which reddish violets are pink: sofas and cushions in the shade are purple."""
_SAND, _BEIGE_FROM = 0.38, 0.65
"""Saturation up to which, and value from which, they are beige."""
_HUES = ((15.0, "red"), (40.0, "orange"), (68.0, "yellow"), (165.0, "green"), (255.0, "blue"), (290.0, "purple"))
"""Hue in degrees up to which a colour reaches; from the last on pink, and from 345 degrees on red again."""


def colors_of(image: NDArray[np.uint8], ids: NDArray[np.int16], scene: Scene) -> dict[str, str]:
    """Object id -> its colour, for the objects that show one colour clearly.

    Args:
        image: (H, W, 3) RGB.
        ids: (H, W) which object of `scene.objects` covers each pixel, -1 for none.
        scene: what the picture shows.
    """
    counts = np.zeros((len(scene.objects) + 1, len(COLORS)), np.int64)
    np.add.at(counts, (ids.ravel(), _color_index(image).ravel()), 1)  # -1 is the last row
    totals = counts.sum(axis=1)
    best = counts.argmax(axis=1)
    return {
        thing.id: COLORS[best[row]]
        for row, thing in enumerate(scene.objects)
        if totals[row] >= LEAST_PIXELS and counts[row, best[row]] >= LEAST_SHARE * totals[row]
    }


def _color_index(image: NDArray[np.uint8]) -> NDArray[np.intp]:
    """(H, W) index into `COLORS` by hue, saturation and value."""
    red, green, blue = (image[..., channel].astype(np.float32) / 255 for channel in range(3))
    value = np.maximum(np.maximum(red, green), blue)
    spread = value - np.minimum(np.minimum(red, green), blue)
    safe = np.where(spread > 0, spread, 1.0)
    hue = np.select(
        [value == red, value == green],
        [(green - blue) / safe % 6, (blue - red) / safe + 2],
        (red - green) / safe + 4,
    )
    degrees = hue * 60.0
    names = np.select(
        [degrees < end for end, _ in _HUES], [COLORS.index(name) for _, name in _HUES], COLORS.index("pink")
    )
    names = np.where((names == COLORS.index("pink")) & (value < _PINK_FROM), COLORS.index("purple"), names)
    names = np.where(degrees >= 345.0, COLORS.index("red"), names)
    saturation = spread / np.maximum(value, 1e-6)
    warm = (degrees >= 12.0) & (degrees < 45.0)
    names = np.where(warm & ((saturation < _VIVID) | (value < _BROWN_UNTIL)), COLORS.index("brown"), names)
    sand = (degrees >= 12.0) & (degrees < 60.0) & (saturation < _SAND) & (value >= _BEIGE_FROM)
    names = np.where(sand, COLORS.index("beige"), names)
    plain = saturation < _FAINT
    grays = np.select([value >= _PALE], [COLORS.index("white")], COLORS.index("gray"))
    names = np.where(plain, grays, names)
    return np.asarray(np.where(value < _DARK, COLORS.index("black"), names), np.intp)

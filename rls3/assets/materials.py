"""Procedural materials: the palette that builders choose from, and other shades of them."""

from __future__ import annotations

from dataclasses import replace

from rls3.assets.model import Material, Pattern, Rgb
from rls3.assets.variants import HELD_OUT


def linear(hex_color: str) -> Rgb:
    """Return the linear RGB of an sRGB colour such as "#c08040"."""
    values = [int(hex_color.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return red, green, blue


def _make(
    name: str, pattern: Pattern, color: str, accent: str = "", scale: float = 0.1, gloss: float = 0.0, glow: float = 0.0
) -> Material:
    return Material(name, pattern, linear(color), linear(accent or color), scale, gloss, glow)


WOODS = (
    _make("Wood", "wood", "#b98a56", "#8f6238", 0.05, 0.12),
    _make("Wood", "wood", "#6b4327", "#432816", 0.05, 0.15),
    _make("Wood", "wood", "#d8bd90", "#bd9a68", 0.06, 0.08),
    _make("Wood", "wood", "#8c4a2a", "#5f2d18", 0.05, 0.18),
    _make("Wood", "wood", "#e6e0d6", "#cfc6b8", 0.06, 0.10),
    _make("Wood", "wood", "#3b322c", "#241d19", 0.05, 0.15),
)
FABRICS = (
    _make("Fabric", "fabric", "#4d6488", "#3c4f6d", 0.012),
    _make("Fabric", "fabric", "#8d8a84", "#73706b", 0.012),
    _make("Fabric", "fabric", "#a4493d", "#86382e", 0.012),
    _make("Fabric", "fabric", "#c9b58f", "#ad9a76", 0.012),
    _make("Fabric", "fabric", "#5f7d5a", "#4a6546", 0.012),
    _make("Fabric", "fabric", "#3f3f46", "#2f2f35", 0.012),
    _make("Fabric", "fabric", "#7a5580", "#604067", 0.012),
)
LINENS = (
    _make("Fabric", "fabric", "#f0ede6", "#ddd8cf", 0.010),
    _make("Fabric", "stripes", "#e9edf2", "#8ea9c8", 0.08),
    _make("Fabric", "fabric", "#c3d2dd", "#a9bccb", 0.010),
    _make("Fabric", "stripes", "#f3e7d8", "#c98d6b", 0.06),
    _make("Fabric", "fabric", "#d9a6a0", "#c28d87", 0.010),
)
LEATHERS = (
    _make("Leather", "plain", "#5a3a28", "#3f271a", 0.02, 0.35),
    _make("Leather", "plain", "#24211f", "#161413", 0.02, 0.40),
    _make("Leather", "plain", "#b9a88f", "#9d8c74", 0.02, 0.30),
)
PLASTICS = (
    _make("Plastic", "plain", "#c23b32", gloss=0.35),
    _make("Plastic", "plain", "#2f62b5", gloss=0.35),
    _make("Plastic", "plain", "#e3b43a", gloss=0.35),
    _make("Plastic", "plain", "#3a8f57", gloss=0.35),
    _make("Plastic", "plain", "#e8e6e1", gloss=0.35),
    _make("Plastic", "plain", "#7d4fa0", gloss=0.35),
    _make("Plastic", "plain", "#e07b39", gloss=0.35),
)
CERAMICS = (
    _make("Ceramic", "ceramic", "#f2efe8", "#dedad0", 0.05, 0.55),
    _make("Ceramic", "ceramic", "#3f6fa8", "#34598a", 0.05, 0.55),
    _make("Ceramic", "ceramic", "#b6452f", "#953524", 0.05, 0.55),
    _make("Ceramic", "ceramic", "#7fa88e", "#688f77", 0.05, 0.55),
    _make("Ceramic", "ceramic", "#d9a441", "#bb8a30", 0.05, 0.55),
    _make("Ceramic", "ceramic", "#4a4744", "#393633", 0.05, 0.50),
)
STONES = (
    _make("Stone", "marble", "#e3e0da", "#a9a59d", 0.25, 0.45),
    _make("Stone", "marble", "#4b4a4c", "#2e2d2f", 0.22, 0.45),
    _make("Stone", "marble", "#b59f84", "#8a755b", 0.22, 0.40),
)
METALS = (
    _make("Metal", "metal", "#a9adb2", "#8d9196", 0.02, 0.75),
    _make("Metal", "metal", "#35373a", "#27292b", 0.02, 0.60),
    _make("Metal", "metal", "#b08d4f", "#94743c", 0.02, 0.75),
    _make("Metal", "metal", "#a5623f", "#8a4e30", 0.02, 0.70),
)
STEEL, DARK_METAL, BRASS, COPPER = METALS
CHROME = _make("Metal", "metal", "#cdd1d6", "#b7bcc2", 0.02, 0.95)
BLACK = _make("Plastic", "plain", "#1b1c1e", gloss=0.45)
GREY = _make("Plastic", "plain", "#77797d", gloss=0.30)
WHITE = _make("Plastic", "plain", "#f1f0ed", gloss=0.35)
ENAMEL = _make("Ceramic", "ceramic", "#f6f5f2", "#e6e5e0", 0.05, 0.60)
GLASS = _make("Glass", "glass", "#bcd6dc", "#a6c3cb", 0.1, 0.95)
GREEN_GLASS = _make("Glass", "ceramic", "#27502f", "#1d3d24", 0.1, 0.95)
BROWN_GLASS = _make("Glass", "ceramic", "#4d2a14", "#3a1f0f", 0.1, 0.95)
MIRROR = _make("Glass", "glass", "#dfe8ec", "#cfdade", 0.1, 1.0)
GLEAM = _make("Glass", "plain", "#ffffff", gloss=0.6, glow=0.25)
DAYLIGHT = _make("Glass", "plain", "#cfe6fb", gloss=0.6, glow=0.75)
SCREEN = _make("Glass", "plain", "#0c0e12", gloss=0.9)
LIT_SCREEN = _make("Glass", "picture", "#3f78c9", "#9fd0f2", 0.25, 0.5, 0.55)
SHADE = _make("Fabric", "fabric", "#fbeed2", "#efdcb4", 0.01, 0.0, 0.75)
PAPER = _make("Paper", "paper", "#ece8de", "#8f8c86", 0.02)
WHITE_PAPER = _make("Paper", "plain", "#f7f5ef")
COVER_PICTURE = _make("Paper", "picture", "#3f6f8f", "#e6c27a", 0.05)
CARDBOARD = _make("Paper", "plain", "#b48a5a", "#9c7547", 0.03)
LEAVES = (
    _make("Organic", "leaf", "#3f7d3a", "#2c5d2a", 0.05, 0.15),
    _make("Organic", "leaf", "#5c9a45", "#427530", 0.05, 0.15),
    _make("Organic", "leaf", "#2f6650", "#214a3a", 0.05, 0.15),
)
SOIL = _make("Organic", "plain", "#3a2a1e")
RUBBER = _make("Rubber", "plain", "#2b2b2b", gloss=0.1)
RED_RUBBER = _make("Rubber", "plain", "#a5302a", gloss=0.2)
WAX = _make("Wax", "plain", "#f3e6c8", gloss=0.2, glow=0.1)
FLAME = _make("Wax", "plain", "#ffcf6b", glow=1.0)
SPONGE = _make("Sponge", "fabric", "#e5c93f", "#cbb02f", 0.01)
TERRACOTTA = _make("Ceramic", "plain", "#b5653f", "#9b5231", 0.05, 0.1)
RED = _make("Plastic", "plain", "#b8231f", gloss=0.4)
WATER = _make("Liquid", "glass", "#8fc4dd", "#7ab4d0", 0.05, 0.9)
COFFEE = _make("Liquid", "plain", "#3a2114", "#2b170d", 0.05, 0.6)
WINE = _make("Liquid", "plain", "#5c1022", "#470a18", 0.05, 0.6)
LIQUIDS = {"water": _make("Liquid", "plain", "#7fb8d6", "#6aa7c8", 0.05, 0.8), "coffee": COFFEE, "wine": WINE}
CRACK = _make("Glass", "plain", "#eef2f4", gloss=0.2)
#: What the linear red, green and blue of held-out materials are multiplied by.
_TONES = ((0.96, 0.84, 0.72), (0.74, 0.86, 0.96), (0.72, 0.72, 0.72))


def shaded(material: Material, factor: float) -> Material:
    """Return the material with both reflectances multiplied by `factor`, at most 1."""

    def times(color: Rgb) -> Rgb:
        return min(1.0, color[0] * factor), min(1.0, color[1] * factor), min(1.0, color[2] * factor)

    return replace(material, color=times(material.color), accent=times(material.accent))


def toned(material: Material, variant: int) -> Material:
    """Return the material as things of a variant wear it: held-out ones a warmer, cooler or darker kind of it."""
    if variant < HELD_OUT:
        return material
    tone = _TONES[variant % len(_TONES)]

    def times(color: Rgb) -> Rgb:
        return color[0] * tone[0], color[1] * tone[1], color[2] * tone[2]

    return replace(material, color=times(material.color), accent=times(material.accent))


def lit(material: Material, hex_color: str) -> Material:
    """Return the material as it shines in an sRGB colour."""
    color = linear(hex_color)
    return replace(material, color=color, accent=color, emission=max(material.emission, 0.8))


def tinted(material: Material, hex_color: str) -> Material:
    """Return the material in another sRGB colour, its accent a darker shade of it."""
    color = linear(hex_color)
    return replace(material, color=color, accent=(color[0] * 0.7, color[1] * 0.7, color[2] * 0.7))

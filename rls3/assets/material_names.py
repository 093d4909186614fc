"""Materials by the names that house files give them, read from the words in a name."""

from __future__ import annotations

import colorsys
import re
import zlib
from functools import lru_cache

from rls3.assets.materials import linear
from rls3.assets.model import Material, Pattern, Rgb

_COLOR_WORDS: tuple[tuple[str, str], ...] = (
    ("black", "#2a2a2c"),
    ("charcoal", "#3c3d40"),
    ("darkgr[ae]y", "#55565a"),
    ("gr[ae]y|silver", "#9a9b9d"),
    ("offwhite|cream|eggshell|ivory|beige|sand|almond", "#e8dfcb"),
    ("white|snow|bright", "#f1f0ec"),
    ("red|crimson", "#a8392f"),
    ("orange", "#d5803c"),
    ("yellow|gold|mustard", "#dcc160"),
    ("olive", "#80814a"),
    ("green|mint|sage", "#7fa67c"),
    ("teal|cyan|turquoise", "#5fa3a3"),
    ("navy", "#2c3c60"),
    ("blue|azure", "#6c93bd"),
    ("purple|violet|lavender", "#8b74a8"),
    ("pink|rose", "#dba3a6"),
    ("walnut|darkwood|espresso|mahogany|dark", "#5d3d27"),
    ("oak|maple|birch|pine|beech|natural", "#c39a66"),
    ("cherry", "#8d4a2c"),
    ("brown|tan|khaki", "#93714f"),
    ("concrete|cement", "#9a9b9d"),
)
_KINDS: tuple[tuple[str, Pattern, str, float, float, str], ...] = (
    ("worn.?wood|wood.?floor|parquet|laminate|plank|hardwood|floorboard", "planks", "Wood", 0.14, 0.18, "#a97b4c"),
    ("wood|oak|walnut|maple|birch|pine|cherry|bamboo", "wood", "Wood", 0.06, 0.12, "#a97b4c"),
    ("brick", "brick", "Brick", 0.22, 0.0, "#a45f45"),
    ("marble|granite|stone|quartz|terrazzo", "marble", "Stone", 0.35, 0.4, "#cfcac2"),
    ("tile|checker|mosaic", "tile", "Tile", 0.30, 0.35, "#cfc9bd"),
    ("carpet|rug", "carpet", "Fabric", 0.02, 0.0, "#a09587"),
    ("fabric|cloth|cotton|linen|wool|velvet|curtain|sheet|pillow|sofa", "fabric", "Fabric", 0.012, 0.0, "#9b9287"),
    ("metal|steel|iron|alumin|chrome|brass|copper", "metal", "Metal", 0.02, 0.7, "#a3a6aa"),
    ("ceramic|porcelain|enamel", "ceramic", "Ceramic", 0.05, 0.5, "#eeece6"),
    ("glass|window|mirror", "glass", "Glass", 0.10, 0.9, "#bcd6dc"),
    ("paper|news|book|magazine", "plain", "Paper", 0.03, 0.0, "#e4ddcf"),
    ("leather", "plain", "Leather", 0.02, 0.35, "#5a3a28"),
    ("plastic|rubber|polymer", "plain", "Plastic", 0.05, 0.35, "#8e9298"),
    ("drywall|plaster|wall|paint|pure|stucco|ceiling", "plain", "Wall", 0.5, 0.0, "#e4ded2"),
)
#: Further words that only say that a material is meant: its look then comes from a hash of its name.
_BARE = re.compile(r"floor|counter|rug|mat(erial)?$|concrete|asphalt|grass|gravel|wicker|cushion|wallpaper|velvet|foil")


def is_known(name: str) -> bool:
    """Return whether a material's name tells its kind or its colour."""
    word = re.sub(r"[^a-z]", "", name.lower())
    patterns = [row[0] for row in _KINDS] + [row[0] for row in _COLOR_WORDS]
    return bool(_BARE.search(word)) or any(re.search(pattern, word) for pattern in patterns)


def _hashed_color(name: str) -> Rgb:
    code = zlib.crc32(name.encode())
    hue, saturation, value = code % 360 / 360, 0.12 + code // 360 % 100 / 400, 0.55 + code // 36000 % 100 / 300
    return colorsys.hsv_to_rgb(hue, saturation, value)


@lru_cache(maxsize=1024)
def material_for(name: str) -> Material:
    """Return a plausible material for any material name of a house file, always the same for the same name.

    Words in the name decide the pattern ("WoodFloorsCrossRED": planks) and the colour (red); what the name does not say
    is filled in from a hash of the name.
    """
    word = re.sub(r"[^a-z]", "", name.lower())
    kind = next((row for row in _KINDS if re.search(row[0], word)), None)
    painted = next((color for pattern, color in _COLOR_WORDS if re.search(pattern, word)), None)
    pattern, family, scale, gloss = (kind[1], kind[2], kind[3], kind[4]) if kind else ("plain", "Paint", 0.5, 0.05)
    if painted is not None and family in {"Wood", "Brick"}:
        color = _stained(linear(painted), linear(kind[5] if kind else painted))
    elif painted is not None and family == "Wall":
        color = _pale(linear(painted))
    elif painted is not None:
        color = linear(painted)
    elif kind is not None:
        color = _varied(linear(kind[5]), name)
    else:
        color = _hashed_color(name)
    accent_factor = 1.0 if family in {"Wall", "Paint"} else 0.66
    accent: Rgb = (color[0] * accent_factor, color[1] * accent_factor, color[2] * accent_factor)
    if family == "Brick":
        accent = linear("#b9b2a8")
    return Material(family, pattern, color, accent, scale, gloss)


def _stained(color: Rgb, bare: Rgb) -> Rgb:
    """Mix a colour with that of the bare material: stained wood still looks like wood."""
    red, green, blue = (0.55 * c + 0.45 * b for c, b in zip(color, bare, strict=True))
    return red, green, blue


def _pale(color: Rgb) -> Rgb:
    """Mix a colour with white: wall paints are rarely saturated."""
    red, green, blue = (0.45 * c + 0.40 for c in color)
    return red, green, blue


def _varied(color: Rgb, name: str) -> Rgb:
    """Change a colour's brightness by up to a fifth, by a hash of the name."""
    factor = 0.8 + zlib.crc32(name.encode()) % 1000 / 2500
    red, green, blue = (min(1.0, c * factor) for c in color)
    return red, green, blue

"""A picture with the boxes of its objects, and what holds between them beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from rls3.scene.boxes import Boxes
from rls3.scene.model import Scene
from rls3.scene.naming import STRUCTURAL_TYPES
from rls3.scene.silhouette import wireframes

PICTURE_EDGE: Final = 960
"""Longer side of the drawn picture, pixels."""
PANEL_WIDTH: Final = 520
"""Width of the column with the relations, pixels."""
_LINE, _TEXT, _GAP = 20, 14, 14
_INK, _GRAY = (32, 33, 36), (150, 152, 158)
_COLORS = tuple(tuple(int(255 * part) for part in mpl.colormaps["Dark2"](index)[:3]) for index in range(8))


def draw_relations(
    image: NDArray[np.uint8], scene: Scene, names: dict[str, str], lines: Sequence[str], path: Path
) -> None:
    """Write a PNG: the picture with the named objects' boxes in colour and all others in gray, and a column of lines.

    Args:
        image: (H, W, 3) the scene's picture.
        scene: what it shows.
        names: object id -> the text at its box.
        lines: what holds between the objects; as many as fit are shown.
        path: the PNG; its folder is made.
    """
    height, width = image.shape[:2]
    scale = PICTURE_EDGE / max(height, width)
    size = (round(width * scale), round(height * scale))
    sheet = Image.new("RGB", (size[0] + PANEL_WIDTH, max(size[1], 10 * _LINE)), "white")
    sheet.paste(_boxed(Image.fromarray(image).resize(size, Image.Resampling.LANCZOS), scene, names, scale))
    pen, font = ImageDraw.Draw(sheet), _font()
    room = (sheet.height - 2 * _GAP) // _LINE
    shown = list(lines) if len(lines) <= room else [*lines[: room - 1], f"... and {len(lines) - room + 1} more"]
    for row, line in enumerate(shown or ["nothing that could be asked"]):
        pen.text((size[0] + _GAP, _GAP + row * _LINE), line, fill=_INK, font=font)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, format="PNG")


def _boxed(picture: Image.Image, scene: Scene, names: dict[str, str], scale: float) -> Image.Image:
    pen, font = ImageDraw.Draw(picture), _font()
    frames = wireframes(Boxes.of(scene.objects), scene.camera) * scale
    rows = [row for row, thing in enumerate(scene.objects) if thing.type not in STRUCTURAL_TYPES]
    order = sorted(rows, key=lambda row: scene.objects[row].id in names)
    for row in order:  # the named ones last, over the others
        named = scene.objects[row].id in names
        color = _COLORS[row % len(_COLORS)] if named else _GRAY
        for start, end in frames[row]:
            if np.isfinite([*start, *end]).all():
                pen.line([tuple(start), tuple(end)], fill=color, width=2 if named else 1)
    for row in order:
        thing = scene.objects[row]
        if thing.id in names and np.isfinite(frames[row]).any():
            x, y = np.nanmin(frames[row], axis=(0, 1)).clip(2, np.array(picture.size) - 20)
            box = pen.textbbox((x, y), names[thing.id], font=font)
            pen.rectangle((box[0] - 2, box[1] - 1, box[2] + 2, box[3] + 1), fill=_COLORS[row % len(_COLORS)])
            pen.text((x, y), names[thing.id], fill="white", font=font)
    return picture


def _font() -> ImageFont.FreeTypeFont:
    """A font that matplotlib ships, so that pictures look alike everywhere."""
    return ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"), _TEXT)

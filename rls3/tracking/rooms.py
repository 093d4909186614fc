"""A sheet of rooms: what each camera sees, with depth and masks below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

CELL: Final = 224
"""Longer side of each picture, pixels."""
FAR_M: Final = 6.0
"""Depth that is drawn darkest, metres."""
_GAP, _TITLE, _TEXT, _INK = 10, 22, 13, (32, 33, 36)


@dataclass(frozen=True)
class RoomView:
    """One camera's pictures of a room, all of the same height and width.

    Attributes:
        image: (H, W, 3) uint8 RGB.
        depth: (H, W) metres.
        mask: (H, W, 3) uint8, one colour per object.
    """

    image: NDArray[np.uint8]
    depth: NDArray[np.float32]
    mask: NDArray[np.uint8]


def room_sheet(rooms: Sequence[tuple[str, Sequence[RoomView]]], path: Path, columns: int = 3) -> None:
    """Write a PNG with a block per room: its title, and rows of pictures, of depths (near is bright) and of masks.

    Args:
        rooms: title and views of each room, at least one room; every room has as many views.
        path: the PNG; its folder is made.
        columns: rooms side by side.
    """
    height, width = rooms[0][1][0].image.shape[:2]
    scale = CELL / max(height, width)
    cell = (round(width * scale), round(height * scale))
    block = (len(rooms[0][1]) * cell[0] + _GAP, 3 * cell[1] + _TITLE + _GAP)
    across = min(columns, len(rooms))
    down = -(-len(rooms) // columns)
    sheet = Image.new("RGB", (across * block[0] + _GAP, down * block[1] + _GAP), "white")
    pen, font = ImageDraw.Draw(sheet), _font()
    for number, (title, views) in enumerate(rooms):
        left, top = _GAP + number % columns * block[0], _GAP + number // columns * block[1]
        pen.text((left, top), title, fill=_INK, font=font)
        for column, view in enumerate(views):
            for row, pixels in enumerate((view.image, depth_colors(view.depth), view.mask)):
                smooth = Image.Resampling.LANCZOS if row == 0 else Image.Resampling.NEAREST
                picture = Image.fromarray(pixels).resize(cell, smooth)
                sheet.paste(picture, (left + column * cell[0], top + _TITLE + row * cell[1]))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, format="PNG")


def depth_colors(depth: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Depth (H, W), metres, as colours (H, W, 3): bright is near, dark is `FAR_M` or farther."""
    share = 1.0 - np.clip(depth / FAR_M, 0.0, 1.0)
    return np.asarray(255 * mpl.colormaps["magma"](share)[..., :3], np.uint8)


def _font() -> ImageFont.FreeTypeFont:
    """A font that matplotlib ships, so that sheets look alike everywhere."""
    return ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"), _TEXT)

"""Pictures as encoded bytes: always written as PNG, read from whatever a data set may hold."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rls3.errors import SampleStoreError

FORMATS = ("PNG", "JPEG", "WEBP")


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Lossless PNG bytes of a (H, W, 3) or (H, W) uint8 picture; the same pixels give the same bytes."""
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, format="PNG", compress_level=1)
    return out.getvalue()


def decode_picture(data: bytes) -> NDArray[np.uint8]:
    """The pixels of PNG, JPEG or WebP bytes: (H, W) uint8 for pictures of one channel, else (H, W, 3) RGB.

    Raises:
        SampleStoreError: the bytes are none of these, or are cut off.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            return np.asarray(picture if picture.mode == "L" else picture.convert("RGB"), np.uint8)
    except (OSError, SyntaxError) as error:  # Pillow reports broken PNG chunks as SyntaxError
        raise SampleStoreError(f"no whole PNG, JPEG or WebP picture: {error}") from None

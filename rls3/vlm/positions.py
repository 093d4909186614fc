"""Where a patch is, as sines and cosines."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def sincos_grid(side: int, width: int) -> Tensor:
    """(side * side, width) sines and cosines of row and column, wavelengths from four patches to two pictures.

    What small models' position embeddings start from: from zeros they learn where things are very late.
    """
    octaves = width // 4
    frequency = torch.pi * (side / 2) ** (torch.arange(octaves) / max(octaves - 1, 1))
    place = (torch.arange(side) + 0.5) / side
    waves = torch.outer(place, frequency)
    line = torch.cat([waves.sin(), waves.cos()], dim=1)
    grid = torch.cat([line[:, None].expand(-1, side, -1), line[None].expand(side, -1, -1)], dim=2).reshape(
        -1, 4 * octaves
    )
    return nn.functional.pad(grid, (0, width - 4 * octaves))

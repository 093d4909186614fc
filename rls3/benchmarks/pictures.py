"""Where a question's picture is, loaded only when a model asks for it.

Scoring somebody's answers needs no picture, so a folder without them is read all the same.
"""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from rls3.benchmarks.errors import BenchmarkDataError

_VIDEOS = (".mp4", ".avi", ".mov", ".mkv", ".webm")


class Picture(Protocol):
    """One picture of a question."""

    def load(self) -> NDArray[np.uint8]:
        """Pixels, (H, W, 3) uint8 RGB."""
        ...


@dataclass(frozen=True)
class FilePicture:
    """A picture in a file of its own."""

    path: Path

    def load(self) -> NDArray[np.uint8]:
        """Pixels, (H, W, 3).

        Raises:
            BenchmarkDataError: no such file, a video, or no picture.
        """
        if self.path.suffix.lower() in _VIDEOS:
            raise BenchmarkDataError(
                f"'{self.path}' is a video; put its frames as pictures into the folder '{self.path.with_suffix('')}'"
            )
        if not self.path.is_file():
            raise BenchmarkDataError(f"picture '{self.path}' does not exist; unpack the benchmark's pictures there")
        return decode(self.path.read_bytes(), str(self.path))


@dataclass(frozen=True)
class EncodedPicture:
    """A picture kept as base64 text in a table."""

    text: str = field(repr=False)
    where: str

    def load(self) -> NDArray[np.uint8]:
        """Pixels, (H, W, 3).

        Raises:
            BenchmarkDataError: not base64, or no picture.
        """
        try:
            data = base64.b64decode(self.text)
        except binascii.Error as error:
            raise BenchmarkDataError(f"{self.where}: the picture is not base64 text ({error})") from None
        return decode(data, self.where)


@dataclass(frozen=True)
class TablePicture:
    """A picture in a Parquet cell: bytes, a struct with a field `bytes`, or a list of either.

    Attributes:
        path: Parquet file.
        row: row of the file, 0-based.
        column: column's name.
        index: place in the list, where the cell holds one.
    """

    path: Path
    row: int
    column: str
    index: int = 0

    def load(self) -> NDArray[np.uint8]:
        """Pixels, (H, W, 3).

        Raises:
            BenchmarkDataError: the cell holds no picture.
        """
        first, cells = _row_group(self.path, self.row, self.column)
        cell = cells[self.row - first].as_py()
        if isinstance(cell, list):
            cell = cell[self.index]
        if isinstance(cell, dict):
            cell = cell.get("bytes")
        where = f"{self.path}, row {self.row + 1}, column '{self.column}'"
        if not isinstance(cell, bytes):
            raise BenchmarkDataError(f"{where}: no picture bytes, got {type(cell).__name__}")
        return decode(cell, where)


@dataclass(frozen=True)
class BlankPicture:
    """Mid-grey instead of a picture: what a model answers to it, it knows from the text alone."""

    side: int = 224

    def load(self) -> NDArray[np.uint8]:
        """Pixels, (side, side, 3), all 128."""
        return np.full((self.side, self.side, 3), 128, dtype=np.uint8)


def decode(data: bytes, where: str) -> NDArray[np.uint8]:
    """Pixels (H, W, 3) of an encoded picture.

    Raises:
        BenchmarkDataError: the bytes are no picture; `where` says whose they are.
    """
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except UnidentifiedImageError:
        raise BenchmarkDataError(f"{where}: these {len(data)} bytes are no picture that Pillow knows") from None


def _row_group(path: Path, row: int, column: str) -> tuple[int, Any]:
    """First row of the row group that holds `row`, and the group's column."""
    first = 0
    file = pq.ParquetFile(path)
    for group in range(file.metadata.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        if row < first + size:
            return first, _column(path, group, column)
        first += size
    raise BenchmarkDataError(f"{path} has {first} rows, asked for row {row + 1}")


@lru_cache(maxsize=4)
def _column(path: Path, group: int, column: str) -> Any:
    """One row group's column; neighbours are asked for one after another, so the last few are kept."""
    return pq.ParquetFile(path).read_row_group(group, columns=[column])[column]

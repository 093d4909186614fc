"""Rows of published tables (JSON, JSON lines, CSV, TSV, Parquet), each knowing where it stands."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rls3.benchmarks.errors import BenchmarkDataError

# TSV benchmarks carry whole pictures as base64 cells, far over the csv module's default limit.
_CELL_LIMIT = min(sys.maxsize, 2**31 - 1)


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        file: where it is from.
        place: what a reader finds it by, e.g. "line 12", "entry 3" of a JSON list or "row 7" of a Parquet file.
        index: 0-based place among the file's rows.
        values: the row itself.
    """

    file: Path
    place: str
    index: int
    values: Mapping[str, Any]

    @property
    def where(self) -> str:
        """File and place, for messages."""
        return f"{self.file}, {self.place}"

    def text(self, field: str) -> str:
        """A text field.

        Raises:
            BenchmarkDataError: the field is absent or no text.
        """
        value = self._value(field)
        if not isinstance(value, str):
            self._wrong(field, "text", value)
        return value

    def label(self, field: str) -> str:
        """A field of text or whole number, as text: ids are published as either.

        Raises:
            BenchmarkDataError: the field is absent or neither.
        """
        value = self._value(field)
        if isinstance(value, bool) or not isinstance(value, str | int):
            self._wrong(field, "text or a whole number", value)
        return str(value)

    def integer(self, field: str, allowed: range) -> int:
        """A whole number within `allowed`; CSV cells are read as numbers.

        Raises:
            BenchmarkDataError: the field is absent, no whole number or out of range.
        """
        value = self._value(field)
        if isinstance(value, str) and value.strip().isdigit():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
            self._wrong(field, f"a whole number from {allowed.start} to {allowed.stop - 1}", value)
        return int(value)

    def number(self, field: str) -> float:
        """A number, also when it is published as text.

        Raises:
            BenchmarkDataError: the field is absent or no number.
        """
        value = self._value(field)
        if isinstance(value, bool):
            self._wrong(field, "a number", value)
        try:
            return float(value)
        except (TypeError, ValueError):
            self._wrong(field, "a number", value)

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts.

        Raises:
            BenchmarkDataError: the field is absent, no list, or holds something else than texts.
        """
        value = self._value(field)
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self._wrong(field, "a list of texts", value)
        return tuple(value)

    def _value(self, field: str) -> Any:
        if field not in self.values:
            raise BenchmarkDataError(
                f"{self.where}: no field '{field}'; the row has {', '.join(map(repr, self.values)) or 'no field'}"
            )
        return self.values[field]

    def _wrong(self, field: str, expected: str, value: Any) -> NoReturn:
        shown = repr(value)
        shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
        raise BenchmarkDataError(
            f"{self.where}: field '{field}' must be {expected}, got {type(value).__name__} {shown}"
        )


def read_rows(path: Path, *, pictures: Collection[str] = ()) -> Iterator[Row]:
    """The rows of a table, by the file's ending.

    Args:
        path: .json (a list of objects, or one object per line as some are published), .jsonl, .csv, .tsv or .parquet.
        pictures: Parquet columns of pictures; the rows get the number of pictures in each cell instead.

    Raises:
        BenchmarkDataError: another ending, broken JSON, or a row that is no object.
    """
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        yield from _parquet_rows(path, pictures)
    elif suffix in (".csv", ".tsv"):
        yield from _delimited_rows(path, "\t" if suffix == ".tsv" else ",")
    elif suffix in (".json", ".jsonl"):
        yield from _json_rows(path)
    else:
        raise BenchmarkDataError(f"'{path}' is no table; known are .json, .jsonl, .csv, .tsv and .parquet")


def json_entries(path: Path) -> list[tuple[str, Any]]:
    """The entries of a JSON list, of a file with one JSON value per line, or the one value of the file.

    Returns:
        (place, value) pairs.

    Raises:
        BenchmarkDataError: broken JSON, with its line.
    """
    text = path.read_text(encoding="utf-8-sig")
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        lines = [(f"line {n}", line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
        if len(lines) < 2 or error.msg != "Extra data":
            raise BenchmarkDataError(f"{path}, line {error.lineno}: broken JSON ({error.msg})") from None
        return [(place, _parsed(path, place, line)) for place, line in lines]
    if isinstance(whole, list):
        return [(f"entry {n}", entry) for n, entry in enumerate(whole, start=1)]
    return [("line 1", whole)]


def _parsed(path: Path, place: str, line: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise BenchmarkDataError(f"{path}, {place}: broken JSON ({error.msg})") from None


def _json_rows(path: Path) -> Iterator[Row]:
    for index, (place, value) in enumerate(json_entries(path)):
        if not isinstance(value, dict):
            raise BenchmarkDataError(f"{path}, {place}: a row must be an object, got {type(value).__name__}")
        yield Row(path, place, index, value)


def _delimited_rows(path: Path, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(_CELL_LIMIT)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, delimiter=delimiter)
        for index, values in enumerate(reader):
            place = f"line {reader.line_num}"
            if None in values or None in values.values():
                raise BenchmarkDataError(f"{path}, {place}: {len(reader.fieldnames or ())} columns expected")
            yield Row(path, place, index, values)


def _parquet_rows(path: Path, pictures: Collection[str]) -> Iterator[Row]:
    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise BenchmarkDataError(f"'{path}' is no Parquet file ({error})") from None
    present = file.schema_arrow.names
    counts = {name: _picture_counts(file, name) for name in pictures if name in present}
    columns = [name for name in present if name not in pictures]
    for index, values in enumerate(file.read(columns=columns).to_pylist()):
        values |= {name: numbers[index] for name, numbers in counts.items()}
        yield Row(path, f"row {index + 1}", index, values)


def _picture_counts(file: pq.ParquetFile, column: str) -> list[int]:
    """Pictures per cell, without decoding any; of {bytes, path} cells not even the bytes are read."""
    kind = file.schema_arrow.field(column).type
    leaf = f"{column}.path" if pa.types.is_struct(kind) and "path" in [field.name for field in kind] else column
    counts: list[int] = []
    for group in range(file.num_row_groups):
        cells = file.read_row_group(group, columns=[leaf])[column]
        lengths = pc.list_value_length(cells) if pa.types.is_list(kind) else pc.cast(cells.is_valid(), pa.int32())
        counts += [length or 0 for length in lengths.to_pylist()]
    return counts

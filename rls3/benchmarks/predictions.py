"""Somebody's answers: read from CSV, JSON, JSON lines or plain lines, and matched to a benchmark's items.

An answer belongs to an item by id, or by row order when the file has no ids. Of several answer columns the one that
holds an already extracted option wins over the raw text.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rls3.benchmarks.errors import BenchmarkDataError, PredictionError
from rls3.benchmarks.item import Item
from rls3.benchmarks.reading import Faulty, Reading
from rls3.benchmarks.tables import json_entries

Given = str | int | float | bool | None

_ID_FIELDS = ("id", "idx", "question_id", "item_id", "identifier", "index", "qid")
_ANSWER_FIELDS = (
    "prediction",
    "predicted_answer",
    "pred",
    "output",
    "response",
    "model_answer",
    "full_prediction",
    "text",
    "answer",
)
_ENDINGS = (".csv", ".json", ".jsonl", ".txt")


@dataclass(frozen=True)
class Prediction:
    """One row of a predictions file.

    Attributes:
        id: whose answer it is; None when the file goes by row order.
        given: the answer; None when the model gave none.
        where: file and place, for messages.
    """

    id: str | None
    given: Given
    where: str


@dataclass(frozen=True)
class Matched:
    """Answers put to a benchmark's items.

    Attributes:
        answers: item id -> answer, for the items that have one.
        missing: items without an answer in parts that have some.
        untouched: parts of which no item has an answer, with their number of items.
        unknown: predictions whose id no item has.
    """

    answers: Mapping[str, Given]
    missing: tuple[Item, ...]
    untouched: Mapping[str, int]
    unknown: int


def read_predictions(
    path: Path, *, id_field: str | None = None, answer_field: str | None = None
) -> tuple[Prediction, ...]:
    """The answers of a file, or of all such files of a folder (one per task, as some publish them).

    Args:
        path: .csv (with or without a header), .json (list, {id: answer}, or {split: list}), .jsonl, or .txt (one answer
            per line).
        id_field: column with the item's id; None looks for the usual names.
        answer_field: column with the answer; None looks for the usual names.

    Raises:
        PredictionError: no such file, an ending or column that is not known, or an answer that is no text or number.
    """
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in _ENDINGS)
    else:
        files = [path] if path.is_file() else []
    if not files:
        raise PredictionError(
            f"no predictions at '{path}'; give a file ({', '.join(_ENDINGS)}) or a folder of such files"
        )
    rows = [row for file in files for row in _rows(file)]
    if not rows:
        raise PredictionError(f"'{path}' holds no predictions")
    names = _Names(id_field, answer_field)
    return tuple(names.prediction(where, values) for where, values in rows)


def match(predictions: Sequence[Prediction], reading: Reading) -> Matched:
    """Put answers to items.

    Raises:
        PredictionError: an id twice, ids in some rows only, no id of the benchmark at all, or a number of rows that is
            neither that of all items nor that of exactly one part.
    """
    with_id = [prediction for prediction in predictions if prediction.id is not None]
    if with_id and len(with_id) < len(predictions):
        bare = next(prediction for prediction in predictions if prediction.id is None)
        raise PredictionError(f"{bare.where}: no id, but {len(with_id)} of {len(predictions)} predictions have one")
    answers, unknown = _by_id(with_id, reading) if with_id else (_by_row(predictions, reading), 0)
    answered = Counter(item.part for item in reading.items if item.id in answers)
    totals = Counter(item.part for item in reading.items)
    return Matched(
        answers=answers,
        missing=tuple(item for item in reading.items if answered[item.part] and item.id not in answers),
        untouched={part: count for part, count in totals.items() if not answered[part]},
        unknown=unknown,
    )


def _by_id(predictions: Sequence[Prediction], reading: Reading) -> tuple[dict[str, Given], int]:
    """Answers by item id; published ids without their part ("12" for "dev/12") count when only one item has them."""
    entries: list[Item | Faulty] = [*reading.items, *reading.faulty]
    short = Counter(entry.id.rpartition("/")[2] for entry in entries)
    known = {entry.id: entry.id for entry in entries}
    known |= {name: e.id for e in entries if short[name := e.id.rpartition("/")[2]] == 1 and name not in known}
    answers: dict[str, Given] = {}
    places: dict[str, str] = {}
    unknown = 0
    for prediction in predictions:
        own = str(prediction.id).removesuffix(".png").removesuffix(".jpg")
        item = known.get(str(prediction.id)) or known.get(own)
        if item is None:
            unknown += 1
            continue
        if item in answers:
            raise PredictionError(f"{prediction.where}: id '{prediction.id}' has an answer already ({places[item]})")
        answers[item] = prediction.given
        places[item] = prediction.where
    if not answers:
        some = ", ".join(repr(entry.id) for entry in entries[:3])
        raise PredictionError(
            f"{predictions[0].where}: none of {len(predictions)} ids is an item's, such as {predictions[0].id!r}; "
            f"items are called {some} ..."
        )
    return answers, unknown


def _by_row(predictions: Sequence[Prediction], reading: Reading) -> dict[str, Given]:
    """Answers by published row order, faulty rows counted."""
    parts = reading.parts
    count = len(predictions)
    fitting = list(parts) if count == sum(parts.values()) else [part for part, size in parts.items() if size == count]
    if count != sum(parts.values()) and len(fitting) != 1:
        sizes = ", ".join(f"{part} {size}" for part, size in parts.items())
        raise PredictionError(
            f"{count} predictions without ids fit no part of the benchmark (rows as published: {sizes}; all "
            f"{sum(parts.values())}); give ids, or one answer per row"
        )
    starts, start = {}, 0
    for part in fitting:
        starts[part] = start
        start += parts[part]
    entries: list[Item | Faulty] = [*reading.items, *reading.faulty]
    return {e.id: predictions[starts[e.part] + e.position].given for e in entries if e.part in starts}


class _Names:
    """Which columns hold id and answer."""

    def __init__(self, id_field: str | None, answer_field: str | None) -> None:
        self._id = id_field
        self._answer = answer_field

    def prediction(self, where: str, values: Any) -> Prediction:
        if not isinstance(values, dict):
            return Prediction(None, _checked(values, where, "answer"), where)
        by_name = {str(name).strip().lower().replace(" ", "_"): name for name in values}
        id_name = self._column(self._id, _ID_FIELDS, by_name, values, where)
        answer_name = self._column(self._answer, _ANSWER_FIELDS, by_name, values, where)
        if answer_name is None:
            raise PredictionError(
                f"{where}: no answer; the row has {', '.join(map(repr, values))}, known are "
                f"{', '.join(_ANSWER_FIELDS)}; name another with --answer-field"
            )
        own = None if id_name is None else _checked(values[id_name], where, id_name)
        given = _checked(values[answer_name], where, answer_name)
        return Prediction(None if own is None else str(own), given, where)

    @staticmethod
    def _column(
        asked: str | None, usual: Sequence[str], by_name: Mapping[str, str], values: Mapping[str, Any], where: str
    ) -> str | None:
        if asked is not None and asked not in values:
            raise PredictionError(f"{where}: no field '{asked}'; the row has {', '.join(map(repr, values))}")
        return asked if asked is not None else next((by_name[name] for name in usual if name in by_name), None)


def _checked(value: Any, where: str, field: str) -> Given:
    if value is None or isinstance(value, str | int | float):
        return value
    raise PredictionError(f"{where}: field '{field}' must be text or a number, got {type(value).__name__}")


def _rows(path: Path) -> list[tuple[str, Any]]:
    """(file and place, row) pairs; a row is an object or a bare answer."""
    ending = path.suffix.lower()
    if ending == ".txt":
        lines = path.read_text(encoding="utf-8").splitlines()
        return [(f"{path}, line {n}", line.strip()) for n, line in enumerate(lines, start=1) if line.strip()]
    if ending == ".csv":
        return _csv_rows(path)
    if ending not in _ENDINGS:
        raise PredictionError(f"'{path}' is no predictions file; known are {', '.join(_ENDINGS)}")
    try:
        entries = json_entries(path)
    except BenchmarkDataError as error:
        raise PredictionError(str(error)) from None
    whole = ending == ".json" and len(entries) == 1
    return [row for place, value in entries for row in _json_row(path, place, value, whole=whole)]


def _json_row(path: Path, place: str, value: Any, *, whole: bool) -> list[tuple[str, Any]]:
    """One row, or all rows of a file that is {id: answer} or {split: [row, ...]}."""
    if whole and isinstance(value, dict) and value:
        if all(isinstance(rows, list) for rows in value.values()):
            return [
                (f"{path}, {split} entry {n}", row)
                for split, rows in value.items()
                for n, row in enumerate(rows, start=1)
            ]
        if not {str(name).lower() for name in value} & {*_ID_FIELDS, *_ANSWER_FIELDS}:
            return [(f"{path}, key '{name}'", {"id": name, "prediction": given}) for name, given in value.items()]
    return [(f"{path}, {place}", value)]


def _csv_rows(path: Path) -> list[tuple[str, Any]]:
    """Rows by header; without a known column name in the first line, [answer] or [id, answer] lines."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = [line for line in csv.reader(stream) if line]
    if not lines:
        return []
    header = [name.strip() for name in lines[0]]
    if {name.lower().replace(" ", "_") for name in header} & {*_ID_FIELDS, *_ANSWER_FIELDS}:
        body, first = lines[1:], 2
    else:
        header = ["prediction"] if len(header) == 1 else ["id", "prediction"]
        body, first = lines, 1
    for number, line in enumerate(body, start=first):
        if len(line) != len(header):
            raise PredictionError(f"{path}, line {number}: {len(header)} columns expected, got {len(line)}")
    return [(f"{path}, line {n}", dict(zip(header, line, strict=True))) for n, line in enumerate(body, start=first)]

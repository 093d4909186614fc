"""Somebody's answers: read from files, and matched to a benchmark's items.

An answer belongs to an item by id, or by row order when the file has no ids. Of several answer columns the one that
holds an already extracted option wins over the raw text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rls3.benchmarks.errors import PredictionError
from rls3.benchmarks.item import Item
from rls3.benchmarks.prediction_rows import ANSWER_FIELDS, ENDINGS, ID_FIELDS, rows_of
from rls3.benchmarks.reading import Faulty, Reading

Given = str | int | float | bool | None


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
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS)
    else:
        files = [path] if path.is_file() else []
    if not files:
        raise PredictionError(
            f"no predictions at '{path}'; give a file ({', '.join(ENDINGS)}) or a folder of such files"
        )
    rows = [row for file in files for row in rows_of(file)]
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
        id_name = self._column(self._id, ID_FIELDS, by_name, values, where)
        answer_name = self._column(self._answer, ANSWER_FIELDS, by_name, values, where)
        if answer_name is None:
            raise PredictionError(
                f"{where}: no answer; the row has {', '.join(map(repr, values))}, known are "
                f"{', '.join(ANSWER_FIELDS)}; name another with --answer-field"
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

"""Rows of predictions files: CSV, JSON, JSON lines or plain lines."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from rls3.benchmarks.errors import BenchmarkDataError, PredictionError
from rls3.benchmarks.tables import json_entries

#: Names under which files give the item's id and the answer; of several that are there the first counts.
ID_FIELDS = ("id", "idx", "question_id", "item_id", "identifier", "index", "qid")
ANSWER_FIELDS = (
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
#: Endings of the files that can be read.
ENDINGS = (".csv", ".json", ".jsonl", ".txt")


def rows_of(path: Path) -> list[tuple[str, Any]]:
    """(file and place, row) pairs of a file; a row is an object or a bare answer.

    Raises:
        PredictionError: an ending that is not known, or a file that is not what its ending says.
    """
    ending = path.suffix.lower()
    if ending == ".txt":
        lines = path.read_text(encoding="utf-8").splitlines()
        return [(f"{path}, line {n}", line.strip()) for n, line in enumerate(lines, start=1) if line.strip()]
    if ending == ".csv":
        return _csv_rows(path)
    if ending not in ENDINGS:
        raise PredictionError(f"'{path}' is no predictions file; known are {', '.join(ENDINGS)}")
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
        if not {str(name).lower() for name in value} & {*ID_FIELDS, *ANSWER_FIELDS}:
            return [(f"{path}, key '{name}'", {"id": name, "prediction": given}) for name, given in value.items()]
    return [(f"{path}, {place}", value)]


def _csv_rows(path: Path) -> list[tuple[str, Any]]:
    """Rows by header; without a known column name in the first line, [answer] or [id, answer] lines."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = [line for line in csv.reader(stream) if line]
    if not lines:
        return []
    header = [name.strip() for name in lines[0]]
    if {name.lower().replace(" ", "_") for name in header} & {*ID_FIELDS, *ANSWER_FIELDS}:
        body, first = lines[1:], 2
    else:
        header = ["prediction"] if len(header) == 1 else ["id", "prediction"]
        body, first = lines, 1
    for number, line in enumerate(body, start=first):
        if len(line) != len(header):
            raise PredictionError(f"{path}, line {number}: {len(header)} columns expected, got {len(line)}")
    return [(f"{path}, line {n}", dict(zip(header, line, strict=True))) for n, line in enumerate(body, start=first)]

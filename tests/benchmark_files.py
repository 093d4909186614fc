"""Benchmark items and files in their published forms, small."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from rls3.benchmarks.item import Item


def make_item(**changes: Any) -> Item:
    fields: dict[str, Any] = {
        "id": "q",
        "question": "where?",
        "options": ("left", "right"),
        "answer": 0,
        "category": "left",
        "part": "test",
        "position": 0,
    }
    return Item(**{**fields, **changes})


def write_json(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))
    return path


def write_lines(path: Path, rows: list[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def write_parquet(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def png(color: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), color).save(out, format="PNG")
    return out.getvalue()


def vsr_row(label: Any = 1, **changes: Any) -> dict[str, Any]:
    row = {"image": "1.jpg", "caption": "The cat is on the bed.", "label": label, "relation": "on"}
    return {**row, **changes}


def whatsup_rows() -> list[dict[str, Any]]:
    """One object pair in its four relations; the first caption is right."""
    relations = ("left_of", "right_of", "on", "under")
    return [
        {
            "image_path": f"data/controlled_images/mug_{true}_table.jpeg",
            "caption_options": [f"A mug {word} a table" for word in (true, *(r for r in relations if r != true))],
        }
        for true in relations
    ]


def vsi_row(number: int, kind: str, truth: str, options: list[str] | None) -> dict[str, Any]:
    return {
        "id": number,
        "dataset": "scannet",
        "scene_name": "scene0000_00",
        "question_type": kind,
        "question": "?",
        "ground_truth": truth,
        "options": options,
    }


def cv_row(number: int, source: str, task: str, answer: str = "(B)") -> dict[str, Any]:
    return {
        "idx": number,
        "type": "3D" if source == "Omni3D" else "2D",
        "task": task,
        "image": {"bytes": png(), "path": None},
        "question": "how many?",
        "choices": ["1", "2"],
        "answer": answer,
        "source": source,
    }

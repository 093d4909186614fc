"""Samples as Arrow batches: the schema of the object store and of the Parquet files, and both ways through it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

import pyarrow as pa

from rls3.errors import SampleStoreError
from rls3.samples.objects import OBJECTS, VEC3, objects_column, read_objects
from rls3.samples.pictures import decode_picture, encode_png
from rls3.samples.record import SCHEMA_VERSION, Sample
from rls3.scene.model import Camera

VERSION_KEY = b"rls3.schema_version"
_IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
_STRINGS = pa.list_(pa.string())
_CAMERA = pa.struct(
    [
        ("position", pa.list_(pa.float64())),
        ("yaw", pa.float64()),
        ("horizon", pa.float64()),
        ("field_of_view", pa.float64()),
    ]
)
_COLUMNS: tuple[tuple[str, pa.DataType], ...] = (
    ("sample_id", pa.string()),
    ("image", _IMAGE),
    ("before", _IMAGE),
    ("mask", _IMAGE),
    ("question", pa.string()),
    ("options", _STRINGS),
    ("answer", pa.int32()),
    ("caption", pa.string()),
    ("family", pa.string()),
    ("predicate", pa.string()),
    ("about", _STRINGS),
    ("value", _STRINGS),
    ("frame", pa.string()),
    ("kind", pa.string()),
    ("asserted", _STRINGS),
    ("terms", _STRINGS),
    ("azimuth", pa.float64()),
    ("elevation", pa.float64()),
    ("margin", pa.float64()),
    ("margin_unit", pa.string()),
    ("margin_share", pa.float64()),
    ("invalid", _STRINGS),
    ("subject_id", pa.string()),
    ("subject_type", pa.string()),
    ("reference_id", pa.string()),
    ("reference_type", pa.string()),
    ("subject_position", VEC3),
    ("reference_position", VEC3),
    ("subject_pixels", pa.int32()),
    ("reference_pixels", pa.int32()),
    ("masks_source", pa.string()),
    ("camera_position", VEC3),
    ("camera_yaw", pa.float64()),
    ("camera_horizon", pa.float64()),
    ("field_of_view", pa.float64()),
    ("objects", OBJECTS),
    ("before_camera", _CAMERA),
    ("before_objects", OBJECTS),
    ("scene_id", pa.string()),
    ("scene_type", pa.string()),
    ("engine_name", pa.string()),
    ("engine_version", pa.string()),
    ("placement", pa.string()),
    ("view", pa.int32()),
    ("sampler", pa.string()),
    ("seed", pa.int64()),
    ("slot", pa.int32()),
    ("episode", pa.int32()),
    ("step", pa.int32()),
    ("round", pa.int32()),
    ("policy_version", pa.int32()),
    ("vlm_version", pa.int32()),
    ("success_probability", pa.float64()),
    ("reward", pa.float64()),
)
_PICTURES = ("image", "before", "mask")
_SCENES = {"objects": ("masks", "colors"), "before_objects": ("before_masks", "before_colors")}


def _feature(kind: pa.DataType) -> Any:
    """A column's type in the words of Hugging Face `datasets`, so that it shows pictures as pictures."""
    if kind == _IMAGE:
        return {"_type": "Image"}
    if pa.types.is_struct(kind):
        return {f.name: _feature(f.type) for f in kind}
    if pa.types.is_fixed_size_list(kind):
        return {"feature": _feature(kind.value_type), "length": kind.list_size, "_type": "Sequence"}
    if pa.types.is_list(kind):
        return [_feature(kind.value_type)]
    return {"dtype": {"double": "float64"}.get(str(kind), str(kind)), "_type": "Value"}


SCHEMA = pa.schema(
    list(_COLUMNS),
    metadata={
        VERSION_KEY: str(SCHEMA_VERSION),
        "huggingface": json.dumps({"info": {"features": {name: _feature(kind) for name, kind in _COLUMNS}}}),
    },
)
_TUPLES = tuple(
    name
    for name, kind in _COLUMNS
    if (pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind)) and name not in _SCENES
)


def to_batch(samples: Sequence[Sample]) -> pa.RecordBatch:
    """Samples as one Arrow batch of `SCHEMA`, pictures as PNG bytes."""
    encoded: dict[int, bytes] = {}  # the questions of one picture share its pixels
    columns: list[pa.Array] = []
    for column in SCHEMA:
        if column.name in _SCENES:
            parts = (column.name, *_SCENES[column.name])
            columns.append(objects_column([tuple(getattr(s, part) for part in parts) for s in samples]))
            continue
        values: list[Any] = [getattr(sample, column.name) for sample in samples]
        if column.name in _PICTURES:
            values = [None if v is None else {"bytes": _encoded(v, encoded), "path": None} for v in values]
        elif column.name == "before_camera":
            values = [None if v is None else {f.name: getattr(v, f.name) for f in _CAMERA} for v in values]
        columns.append(pa.array(values, type=column.type))
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _encoded(pixels: Any, known: dict[int, bytes]) -> bytes:
    if id(pixels) not in known:
        known[id(pixels)] = encode_png(pixels)
    return known[id(pixels)]


def from_batches(batches: Iterable[pa.RecordBatch]) -> list[Sample]:
    """The samples of Arrow batches of `SCHEMA`, pictures decoded.

    Raises:
        SampleStoreError: a picture that cannot be decoded, or a pose that is not a number; the record is named.
    """
    return [sample for batch in batches for sample in _from_batch(batch)]


def _from_batch(batch: pa.RecordBatch) -> list[Sample]:
    rows: list[dict[str, Any]] = batch.drop_columns(list(_SCENES)).to_pylist()
    for name, (masks, colors) in _SCENES.items():
        for row, (objects, seen, known) in zip(rows, _objects(batch, name), strict=True):
            row[name], row[colors] = objects, known
            row[masks] = seen if objects and row["masks_source"] == "instance" else None
    return [_from_row(row) for row in rows]


def _objects(batch: pa.RecordBatch, name: str) -> list[Any]:
    try:
        return read_objects(batch.column(name))
    except SampleStoreError as error:
        if batch.num_rows == 1:
            raise SampleStoreError(f"record '{batch.column('sample_id')[0]}': {name}: {error}") from None
        return [seen for i in range(batch.num_rows) for seen in _objects(batch.slice(i, 1), name)]


def _from_row(row: dict[str, Any]) -> Sample:
    for name in _TUPLES:
        row[name] = tuple(row[name])
    for name in _PICTURES:
        row[name] = None if row[name] is None else _picture(row, name)
    camera = row["before_camera"]
    if camera is not None:
        height, width = row["before"].shape[:2]
        row["before_camera"] = Camera(**camera | {"position": tuple(camera["position"])}, width=width, height=height)
    pose = (*row["camera_position"], row["camera_yaw"], row["camera_horizon"], row["field_of_view"])
    if not all(map(math.isfinite, pose)):
        raise SampleStoreError(f"record '{row['sample_id']}': the camera's pose {pose} is not finite")
    return Sample(**{f.name: row[f.name] for f in fields(Sample)})


def _picture(row: dict[str, Any], name: str) -> Any:
    try:
        return decode_picture(row[name]["bytes"])
    except SampleStoreError as error:
        raise SampleStoreError(f"record '{row['sample_id']}': {name}: {error}") from None

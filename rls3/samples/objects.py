"""The objects of scenes as an Arrow column, built and read column by column: a scene has dozens, a batch thousands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rls3.errors import SampleStoreError
from rls3.scene.model import MaskStats, SceneObject

Seen = tuple[tuple[SceneObject, ...], Mapping[str, MaskStats] | None, Mapping[str, str]]
"""The objects of one scene, and by object id their masks in its picture and the colours they have there."""

VEC3 = pa.list_(pa.float64(), 3)
_CORNERS = pa.list_(pa.float64(), 24)
_BOX = pa.list_(pa.int32())  # of no fixed size: Parquet cannot read those back inside a null struct
_STRINGS = pa.list_(pa.string())
_MASK = pa.struct([("pixels", pa.int32()), ("box", _BOX), ("cut", pa.bool_())])
_TEXTS = ("id", "name", "type")
_VECTORS = ("center", "size", "position", "rotation")
_FLAGS = ("movable", "receptacle", "held")
_OBJECT = pa.struct(
    [
        *((name, pa.string()) for name in _TEXTS),
        *((name, VEC3) for name in _VECTORS),
        ("corners", _CORNERS),
        ("parents", _STRINGS),
        ("materials", _STRINGS),
        ("front_yaw", pa.float64()),
        *((name, pa.bool_()) for name in _FLAGS),
        ("mask", _MASK),
        ("color", pa.string()),
    ]
)
OBJECTS = pa.list_(_OBJECT)
"""All objects of a scene; `corners` are 8 points (x, y, z) in a row; `mask` is null where an object does not show."""


def objects_column(scenes: Sequence[Seen]) -> pa.Array:
    """One list of objects per scene, of type `OBJECTS`."""
    things = [thing for objects, _, _ in scenes for thing in objects]
    masks = [(seen or {}).get(thing.id) for objects, seen, _ in scenes for thing in objects]
    colors = [known.get(thing.id) for objects, _, known in scenes for thing in objects]
    columns: dict[str, pa.Array] = {name: pa.array([getattr(o, name) for o in things], pa.string()) for name in _TEXTS}
    columns |= {name: _fixed([getattr(o, name) for o in things], VEC3) for name in _VECTORS}
    columns["corners"] = _fixed([o.corners for o in things], _CORNERS)
    columns |= {name: pa.array([getattr(o, name) for o in things], _STRINGS) for name in ("parents", "materials")}
    columns["front_yaw"] = pa.array([o.front_yaw for o in things], pa.float64())
    columns |= {name: pa.array([getattr(o, name) for o in things], pa.bool_()) for name in _FLAGS}
    columns |= {"mask": _mask_column(masks), "color": pa.array(colors, pa.string())}
    ordered = [columns[f.name] for f in _OBJECT]
    offsets = np.cumsum([0, *(len(objects) for objects, _, _ in scenes)], dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.StructArray.from_arrays(ordered, fields=list(_OBJECT)))


def read_objects(column: pa.Array) -> list[tuple[tuple[SceneObject, ...], dict[str, MaskStats], dict[str, str]]]:
    """The objects of every scene in a column of type `OBJECTS`, the masks and the colours of those that show.

    Raises:
        SampleStoreError: a pose is not a number.
    """
    flat = column.flatten()
    columns: dict[str, Iterable[Any]] = {name: flat.field(name).to_pylist() for name in _OBJECT.names[:-2]}
    numbers = {name: _numbers(flat.field(name), name, flat) for name in (*_VECTORS, "corners")}
    columns |= {name: map(tuple, numbers[name].tolist()) for name in _VECTORS}
    columns["corners"] = numbers["corners"].reshape(-1, 8, 3)
    columns |= {name: map(tuple, columns[name]) for name in ("parents", "materials")}
    names = list(columns)
    things = [SceneObject(**dict(zip(names, row, strict=True))) for row in zip(*columns.values(), strict=True)]
    masks = [_mask(row) for row in flat.field("mask").to_pylist()]
    colors = flat.field("color").to_pylist()
    ends = np.cumsum(column.value_lengths().to_numpy(zero_copy_only=False)).tolist()
    scenes = []
    for start, end in zip([0, *ends], ends, strict=False):
        objects = tuple(things[start:end])
        seen = {o.id: m for o, m in zip(objects, masks[start:end], strict=True) if m is not None}
        known = {o.id: c for o, c in zip(objects, colors[start:end], strict=True) if c is not None}
        scenes.append((objects, seen, known))
    return scenes


def _fixed(rows: Sequence[Any], kind: pa.FixedSizeListType) -> pa.Array:
    values = np.asarray(rows, np.float64).reshape(-1)
    return pa.FixedSizeListArray.from_arrays(pa.array(values, pa.float64()), kind.list_size).cast(kind)


def _mask_column(masks: Sequence[MaskStats | None]) -> pa.Array:
    children = [
        pa.array([0 if m is None else m.pixels for m in masks], pa.int32()),
        pa.array([() if m is None else m.box for m in masks], _BOX),
        pa.array([m is not None and m.cut for m in masks], pa.bool_()),
    ]
    absent = pa.array([m is None for m in masks], pa.bool_())
    return pa.StructArray.from_arrays(children, fields=list(_MASK), mask=absent)


def _mask(row: dict[str, Any] | None) -> MaskStats | None:
    return None if row is None else MaskStats(row["pixels"], tuple(row["box"]), row["cut"])


def _numbers(column: pa.Array, name: str, objects: pa.Array) -> NDArray[np.float64]:
    """A fixed-size list column as (N, size) float64, all finite."""
    values = column.flatten().to_numpy(zero_copy_only=False).astype(np.float64).reshape(-1, column.type.list_size)
    wrong = np.flatnonzero(~np.isfinite(values).all(axis=1))
    if len(wrong):
        raise SampleStoreError(f"{name} of object '{objects.field('id')[int(wrong[0])]}' is not a finite number")
    return np.asarray(values)

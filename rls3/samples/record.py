"""The one record: a sample carries everything that explains it.

One record is written for every edit a sampler tried, valid or not. A record without reasons in `invalid` is a
training sample; a record with reasons counts what went wrong, and has a picture unless the simulator refused the edit.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from PIL import Image

SCHEMA_VERSION = 1
_VEC3 = pa.list_(pa.float64(), 3)
_IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])


@dataclass(frozen=True)
class Sample:
    """One picture with its question, its truth and its origin.

    Attributes:
        sample_id: unique within and across runs of different sampler or seed; sorts in the order of making.
        image: (H, W, 3) uint8, or None when the simulator refused the edit.
        mask: (H, W) uint8: 1 = subject, 2 = reference, 0 = the rest; None without image.
        question: one question about subject and reference.
        options: candidate answers in the order shown.
        answer: index of the right option.
        caption: a true sentence on the picture.
        terms: the true relation, one to three of `rls3.scene.edit.TERMS`; () when there is none.
        azimuth: viewer-frame direction reference -> subject, degrees clockwise from "behind"; 0..360.
        elevation: angle of that direction over the horizontal plane, degrees.
        margin: degrees to the nearest boundary at which the terms would change.
        invalid: reasons why this is no training sample; () = valid.
        subject_id, subject_type, reference_id, reference_type: AI2-THOR ids and types.
        subject_position, reference_position: box centres, metres.
        subject_pixels, reference_pixels: mask pixels.
        camera_position, camera_yaw, camera_horizon, field_of_view: metres, degrees.
        scene_id, scene_type: e.g. "FloorPlan7", "kitchen".
        engine_name, engine_version: which program drew it.
        placement, view: the edit asked for; ("", -1) for a scene as it naturally is.
        sampler, seed, slot, episode, step: where in the run it was made.
        round: the run's round, 0-based; -1 before the ledger stamps it.
        policy_version: updates the policy had seen.
        vlm_version: version of the weights that scored it; -1 = not scored.
        success_probability: the VLM's probability of the right option; NaN = not scored.
        reward: what the policy was paid; NaN = not rewarded.
    """

    sample_id: str
    image: NDArray[np.uint8] | None
    mask: NDArray[np.uint8] | None
    question: str
    options: tuple[str, ...]
    answer: int
    caption: str
    terms: tuple[str, ...]
    azimuth: float
    elevation: float
    margin: float
    invalid: tuple[str, ...]
    subject_id: str
    subject_type: str
    reference_id: str
    reference_type: str
    subject_position: tuple[float, float, float]
    reference_position: tuple[float, float, float]
    subject_pixels: int
    reference_pixels: int
    camera_position: tuple[float, float, float]
    camera_yaw: float
    camera_horizon: float
    field_of_view: float
    scene_id: str
    scene_type: str
    engine_name: str
    engine_version: str
    placement: str
    view: int
    sampler: str
    seed: int
    slot: int
    episode: int
    step: int
    round: int = -1
    policy_version: int = 0
    vlm_version: int = -1
    success_probability: float = float("nan")
    reward: float = float("nan")

    @property
    def valid(self) -> bool:
        """Whether it may train a model."""
        return not self.invalid

    def stamped(self, **changes: int | float) -> Sample:
        """A copy with round, version, score or reward filled in."""
        return replace(self, **changes)  # type: ignore[arg-type]


SCHEMA = pa.schema(
    [
        ("sample_id", pa.string()),
        ("image", _IMAGE),
        ("mask", _IMAGE),
        ("question", pa.string()),
        ("options", pa.list_(pa.string())),
        ("answer", pa.int32()),
        ("caption", pa.string()),
        ("terms", pa.list_(pa.string())),
        ("azimuth", pa.float64()),
        ("elevation", pa.float64()),
        ("margin", pa.float64()),
        ("invalid", pa.list_(pa.string())),
        ("subject_id", pa.string()),
        ("subject_type", pa.string()),
        ("reference_id", pa.string()),
        ("reference_type", pa.string()),
        ("subject_position", _VEC3),
        ("reference_position", _VEC3),
        ("subject_pixels", pa.int32()),
        ("reference_pixels", pa.int32()),
        ("camera_position", _VEC3),
        ("camera_yaw", pa.float64()),
        ("camera_horizon", pa.float64()),
        ("field_of_view", pa.float64()),
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
    ],
    metadata={"rls3.schema_version": str(SCHEMA_VERSION)},
)
_PICTURES = ("image", "mask")
_TUPLES = tuple(f.name for f in SCHEMA if pa.types.is_list(f.type) or pa.types.is_fixed_size_list(f.type))


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Lossless PNG bytes of a (H, W, 3) or (H, W) uint8 picture; the same pixels give the same bytes."""
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(out, format="PNG", compress_level=1)
    return out.getvalue()


def decode_png(data: bytes) -> NDArray[np.uint8]:
    """The pixels of PNG bytes, as uint8."""
    return np.asarray(Image.open(io.BytesIO(data)), dtype=np.uint8)


def to_batch(samples: Sequence[Sample]) -> pa.RecordBatch:
    """Samples as one Arrow batch of `SCHEMA`, pictures as PNG bytes."""
    columns: list[pa.Array] = []
    for column in SCHEMA:
        values: list[Any] = [getattr(sample, column.name) for sample in samples]
        if column.name in _PICTURES:
            values = [None if v is None else {"bytes": encode_png(v), "path": None} for v in values]
        columns.append(pa.array(values, type=column.type))
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def from_batches(batches: Iterable[pa.RecordBatch]) -> list[Sample]:
    """The samples of Arrow batches, pictures decoded."""
    return [_from_row(row) for batch in batches for row in batch.to_pylist()]


def _from_row(row: dict[str, Any]) -> Sample:
    for name in _PICTURES:
        row[name] = None if row[name] is None else decode_png(row[name]["bytes"])
    for name in _TUPLES:
        row[name] = tuple(row[name])
    return Sample(**{f.name: row[f.name] for f in fields(Sample)})

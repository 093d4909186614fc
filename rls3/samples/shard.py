"""One Parquet file of samples: written whole or not at all, read as a stream, its damage told by file and record."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from rls3.errors import SampleStoreError
from rls3.samples.arrow import SCHEMA, VERSION_KEY, from_batches, to_batch
from rls3.samples.record import SCHEMA_VERSION, Sample

OnDamage = Callable[[SampleStoreError], None]


def raise_damage(damage: SampleStoreError) -> None:
    """The strict way to take damage: raise it."""
    raise damage


def write_shard(path: Path, samples: Sequence[Sample]) -> str:
    """Write samples to a hidden file, flush it, rename it to `path`; returns the file's SHA-256.

    Questions of one picture stand side by side, so that the compression stores its pixels and its scene once.
    """
    hidden = path.with_name(f".{path.name}.part")
    with pq.ParquetWriter(hidden, SCHEMA, compression="zstd") as writer:
        writer.write_batch(to_batch(samples))
    sync(hidden)
    digest = sha256_of(hidden)
    hidden.replace(path)
    return digest


def read_shard(path: Path, *, batch_rows: int = 64, on_damage: OnDamage = raise_damage) -> Iterator[Sample]:
    """Stream the samples of a file.

    Args:
        path: a file of `write_shard`.
        batch_rows: records decoded at a time.
        on_damage: told of a file that cannot be read (on) and of each damaged record, which is left out.
    """
    try:
        for batch in shard_batches(path, batch_rows=batch_rows):
            yield from whole_samples(path, batch, on_damage)
    except SampleStoreError as damage:
        on_damage(damage)


def shard_batches(
    path: Path, *, columns: Sequence[str] | None = None, batch_rows: int = 256
) -> Iterator[pa.RecordBatch]:
    """Stream a file as Arrow batches; all columns, or only those named.

    Raises:
        SampleStoreError: the file is missing, cut off, no Parquet file of samples, or of another schema version.
    """
    with _named(path):
        file = pq.ParquetFile(path)
    with file:
        _check_schema(path, file.schema_arrow)
        batches = file.iter_batches(batch_size=batch_rows, columns=columns)
        wanted = pa.schema([SCHEMA.field(name) for name in columns or SCHEMA.names], SCHEMA.metadata)
        while True:
            with _named(path):
                batch = next(batches, None)
                if batch is not None:  # other programs that rewrote a file name the parts of lists differently
                    batch = batch.select(wanted.names).cast(wanted)
            if batch is None:
                return
            yield batch


def whole_samples(path: Path, batch: pa.RecordBatch, on_damage: OnDamage) -> Iterator[Sample]:
    """The samples of a batch of a file; when one is damaged, record by record, and the damaged ones told."""
    try:
        yield from from_batches([batch])
        return
    except SampleStoreError as damage:
        if batch.num_rows == 1:
            on_damage(SampleStoreError(f"'{path}': {damage}"))
            return
    for row in range(batch.num_rows):
        yield from whole_samples(path, batch.slice(row, 1), on_damage)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Make sure that a file's content is on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _check_schema(path: Path, schema: pa.Schema) -> None:
    version = (schema.metadata or {}).get(VERSION_KEY)
    if version is None:
        raise SampleStoreError(f"'{path}' is a Parquet file, but not one of samples (it states no rls3.schema_version)")
    if version.decode() != str(SCHEMA_VERSION):
        raise SampleStoreError(
            f"'{path}' has schema version {version.decode()}; this rls3 reads version {SCHEMA_VERSION}"
        )
    if missing := [name for name in SCHEMA.names if name not in schema.names]:
        raise SampleStoreError(f"'{path}' lacks columns of schema version {SCHEMA_VERSION}: {', '.join(missing[:4])}")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise SampleStoreError(f"'{path}' is missing") from None
    except (pa.ArrowException, OSError) as error:
        raise SampleStoreError(f"'{path}' is no whole Parquet file: {' '.join(str(error).split())}") from None

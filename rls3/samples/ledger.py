"""The ledger: append-only Parquet shards and a manifest from which every count is derived.

A shard is written to a hidden file, flushed, and renamed; then the manifest that names it is replaced in the same
way. A crash loses at most the shard that was open and never leaves a half-written one among the counted.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from rls3.errors import SampleStoreError
from rls3.samples.record import SCHEMA, SCHEMA_VERSION, Sample, from_batches, to_batch

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Shard:
    """One closed Parquet file: rows, valid rows, reasons of the others, restarts noted with it, SHA-256."""

    file: str
    round: int
    rows: int
    valid: int
    invalid_reasons: Mapping[str, int]
    restarts: int
    sha256: str


class Ledger:
    """All samples of one run, in one folder."""

    def __init__(self, folder: Path) -> None:
        """Open the folder's ledger, or start one.

        Raises:
            SampleStoreError: the folder holds a ledger of another schema, or files that no manifest names.
        """
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._shards = _read_manifest(folder)
        known = {shard.file for shard in self._shards}
        strays = sorted(p.name for p in folder.glob("*.parquet") if p.name not in known)
        if strays:
            raise SampleStoreError(
                f"'{folder}' holds Parquet files that its manifest does not name ({', '.join(strays[:3])}); "
                "move them away or choose another run.name"
            )

    @property
    def shards(self) -> tuple[Shard, ...]:
        """The closed shards, oldest first."""
        return tuple(self._shards)

    @property
    def rows(self) -> int:
        """Records in all shards."""
        return sum(shard.rows for shard in self._shards)

    @property
    def restarts(self) -> int:
        """Engine restarts noted in all shards."""
        return sum(shard.restarts for shard in self._shards)

    def append(self, samples: Sequence[Sample], *, round_index: int, restarts: int = 0) -> Shard:
        """Write one shard of a round's samples.

        Args:
            samples: at least one record.
            round_index: the round they belong to.
            restarts: engine restarts while they were made.

        Raises:
            SampleStoreError: a record of the same id is in this call twice.
        """
        doubled = [name for name, n in Counter(s.sample_id for s in samples).items() if n > 1]
        if doubled or not samples:
            raise SampleStoreError(f"a shard needs distinct samples, at least one; twice: {doubled[:3]}")
        name = f"round-{round_index:04d}-{len(self._shards):04d}.parquet"
        hidden = self._folder / f".{name}.part"
        with pq.ParquetWriter(hidden, SCHEMA) as writer:
            writer.write_batch(to_batch(samples))
        reasons = Counter(reason for sample in samples for reason in sample.invalid)
        shard = Shard(
            file=name,
            round=round_index,
            rows=len(samples),
            valid=sum(sample.valid for sample in samples),
            invalid_reasons=dict(sorted(reasons.items())),
            restarts=restarts,
            sha256=hashlib.sha256(hidden.read_bytes()).hexdigest(),
        )
        _sync(hidden)
        hidden.replace(self._folder / name)
        self._shards.append(shard)
        self._write_manifest()
        return shard

    def read(self, *, round_index: int | None = None, batch_rows: int = 64) -> Iterator[Sample]:
        """Stream the records back, lazily, in order of writing; only one round's if asked."""
        for shard in self._shards:
            if round_index is None or shard.round == round_index:
                for batch in pq.ParquetFile(self._folder / shard.file).iter_batches(batch_size=batch_rows):
                    yield from from_batches([batch])

    def drop_from(self, round_index: int) -> int:
        """Take back all shards of this and later rounds, for a run that resumes there; returns the rows dropped."""
        dropped = [shard for shard in self._shards if shard.round >= round_index]
        self._shards = [shard for shard in self._shards if shard.round < round_index]
        self._write_manifest()
        for shard in dropped:
            (self._folder / shard.file).unlink()
        return sum(shard.rows for shard in dropped)

    def verify(self) -> None:
        """Check every shard against the manifest.

        Raises:
            SampleStoreError: a shard is missing, changed, or counts other rows than the manifest says.
        """
        for shard in self._shards:
            path = self._folder / shard.file
            if not path.is_file():
                raise SampleStoreError(f"'{path}' is named in {MANIFEST} but missing")
            if hashlib.sha256(path.read_bytes()).hexdigest() != shard.sha256:
                raise SampleStoreError(f"'{path}' was changed after it was written (its SHA-256 differs)")

    def _write_manifest(self) -> None:
        content = {
            "schema_version": SCHEMA_VERSION,
            "rows": self.rows,
            "valid": sum(shard.valid for shard in self._shards),
            "restarts": self.restarts,
            "shards": [vars(shard) for shard in self._shards],
        }
        hidden = self._folder / f".{MANIFEST}.part"
        hidden.write_text(json.dumps(content, indent=1), encoding="utf-8")
        _sync(hidden)
        hidden.replace(self._folder / MANIFEST)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _read_manifest(folder: Path) -> list[Shard]:
    path = folder / MANIFEST
    if not path.exists():
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content["schema_version"]
        shards = [Shard(**shard) for shard in content["shards"]]
    except (ValueError, KeyError, TypeError) as error:
        raise SampleStoreError(f"'{path}' is not a ledger manifest of rls3: {error}") from None
    if version != SCHEMA_VERSION:
        raise SampleStoreError(f"'{path}' has schema version {version}; this rls3 reads version {SCHEMA_VERSION}")
    return shards

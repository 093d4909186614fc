"""The ledger: append-only Parquet shards and a manifest from which every count is derived.

A shard is written to a hidden file, flushed, and renamed; then the manifest that names it is replaced in the same
way. A crash loses at most the shard that was open and never leaves a half-written one among the counted.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rls3.errors import SampleStoreError
from rls3.samples.record import SCHEMA_VERSION, Sample
from rls3.samples.shard import OnDamage, raise_damage, read_shard, sha256_of, shard_batches, sync, write_shard

MANIFEST = "manifest.json"
_SHARD_NAME = re.compile(r"round-\d{4}-(\d{4})\.parquet")


@dataclass(frozen=True)
class Shard:
    """One closed Parquet file.

    Attributes:
        file: its name.
        round: the run's round.
        rows: records.
        valid: those that may teach.
        invalid_reasons: reasons of the others -> how many records have it.
        restarts: engine restarts while they were made.
        sha256: of the file.
        rejected: what was found unfit before it became a record while these were made: reason -> how often.
    """

    file: str
    round: int
    rows: int
    valid: int
    invalid_reasons: Mapping[str, int]
    restarts: int
    sha256: str
    rejected: Mapping[str, int] = field(default_factory=dict)


class Ledger:
    """All samples of one run or data set, in one folder.

    Attributes:
        folder: where the shards and the manifest lie.
    """

    def __init__(self, folder: Path) -> None:
        """Open the folder's ledger, or start one.

        Raises:
            SampleStoreError: the folder holds a ledger of another schema, or files that no manifest names.
        """
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._shards, self._progress = _read_manifest(folder)
        self._ids: set[str] | None = None
        self._unnamed()

    @classmethod
    def existing(cls, folder: Path) -> Ledger:
        """Open a ledger that must be there.

        Raises:
            SampleStoreError: no such folder, no manifest in it, or the manifest is none.
        """
        if not folder.is_dir():
            raise SampleStoreError(f"folder '{folder}' does not exist; give one made by 'rls3 generate' or 'rls3 run'")
        if not (folder / MANIFEST).is_file():
            inner = next((path.parent for path in sorted(folder.glob(f"*/{MANIFEST}"))), None)
            hint = f"; did you mean '{inner}'?" if inner else ""
            raise SampleStoreError(f"'{folder}' holds no {MANIFEST}, so it is no folder of samples{hint}")
        return cls(folder)

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

    @property
    def progress(self) -> Any:
        """What the last `append` noted for whoever goes on after it; None when nothing."""
        return self._progress

    def append(
        self,
        samples: Sequence[Sample],
        *,
        round_index: int,
        restarts: int = 0,
        rejected: Mapping[str, int] | None = None,
        progress: Any = None,
    ) -> Shard:
        """Write one shard of a round's samples.

        Args:
            samples: at least one record.
            round_index: the round they belong to.
            restarts: engine restarts while they were made.
            rejected: what was found unfit while they were made, by reason.
            progress: JSON value for whoever goes on after this shard; replaced together with the manifest.

        Raises:
            SampleStoreError: a record of the same id is in this call twice, or in the ledger already.
        """
        names = [sample.sample_id for sample in samples]
        known = self._known_ids()
        doubled = [name for name, n in Counter(names).items() if n > 1 or name in known]
        if doubled or not samples:
            raise SampleStoreError(f"a shard needs new and distinct samples, at least one; twice: {doubled[:3]}")
        for path in self._unnamed():
            path.unlink()
        name = f"round-{round_index:04d}-{len(self._shards):04d}.parquet"
        reasons = Counter(reason for sample in samples for reason in sample.invalid)
        shard = Shard(
            file=name,
            round=round_index,
            rows=len(samples),
            valid=sum(sample.valid for sample in samples),
            invalid_reasons=dict(sorted(reasons.items())),
            restarts=restarts,
            sha256=write_shard(self.folder / name, samples),
            rejected=dict(sorted((rejected or {}).items())),
        )
        self._shards.append(shard)
        self._progress = progress
        self._write_manifest()
        known.update(names)
        return shard

    def read(
        self, *, round_index: int | None = None, batch_rows: int = 64, on_damage: OnDamage = raise_damage
    ) -> Iterator[Sample]:
        """Stream the records back, lazily, in order of writing.

        Args:
            round_index: only this round's; None = all.
            batch_rows: records decoded at a time.
            on_damage: told of files and records that cannot be read; the rest comes all the same.
        """
        for shard in self._shards:
            if round_index is None or shard.round == round_index:
                yield from read_shard(self.folder / shard.file, batch_rows=batch_rows, on_damage=on_damage)

    def drop_from(self, round_index: int) -> int:
        """Take back all shards of this and later rounds, for a run that resumes there; returns the rows dropped."""
        dropped = [shard for shard in self._shards if shard.round >= round_index]
        self._shards = [shard for shard in self._shards if shard.round < round_index]
        self._progress, self._ids = None, None
        self._write_manifest()
        for shard in dropped:
            (self.folder / shard.file).unlink()
        return sum(shard.rows for shard in dropped)

    def verify(self) -> None:
        """Check every shard against the manifest.

        Raises:
            SampleStoreError: a shard is missing or was changed.
        """
        for shard in self._shards:
            check_file(self.folder, shard)

    def _known_ids(self) -> set[str]:
        if self._ids is None:
            files = [self.folder / shard.file for shard in self._shards]
            batches = (batch for path in files for batch in shard_batches(path, columns=["sample_id"]))
            self._ids = {name for batch in batches for name in batch.column("sample_id").to_pylist()}
        return self._ids

    def _unnamed(self) -> list[Path]:
        """Shards that a crash kept the manifest from naming: they were never closed.

        Raises:
            SampleStoreError: other Parquet files lie in the folder, or several without any manifest.
        """
        known = {shard.file for shard in self._shards}
        strays = sorted(path for path in self.folder.glob("*.parquet") if path.name not in known)
        lost = len(strays) > 1 and not (self.folder / MANIFEST).exists()
        for path in strays:
            found = _SHARD_NAME.fullmatch(path.name)
            if lost or found is None or int(found[1]) < len(known):
                raise SampleStoreError(
                    f"'{self.folder}' holds Parquet files that its manifest does not name "
                    f"({', '.join(path.name for path in strays[:3])}); move them away or choose another folder"
                )
        return strays

    def _write_manifest(self) -> None:
        content = {
            "schema_version": SCHEMA_VERSION,
            "rows": self.rows,
            "valid": sum(shard.valid for shard in self._shards),
            "restarts": self.restarts,
            "shards": [vars(shard) for shard in self._shards],
            "progress": self._progress,
        }
        hidden = self.folder / f".{MANIFEST}.part"
        hidden.write_text(json.dumps(content, indent=1), encoding="utf-8")
        sync(hidden)
        hidden.replace(self.folder / MANIFEST)


def check_file(folder: Path, shard: Shard) -> None:
    """Check a shard's file against its line in the manifest.

    Raises:
        SampleStoreError: it is missing or was changed.
    """
    path = folder / shard.file
    if not path.is_file():
        raise SampleStoreError(f"'{path}' is named in {MANIFEST} but missing")
    if sha256_of(path) != shard.sha256:
        raise SampleStoreError(f"'{path}' was changed after it was written (its SHA-256 differs)")


def _read_manifest(folder: Path) -> tuple[list[Shard], Any]:
    path = folder / MANIFEST
    if not path.exists():
        return [], None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content["schema_version"]
        if version != SCHEMA_VERSION:
            raise SampleStoreError(f"'{path}' has schema version {version}; this rls3 reads version {SCHEMA_VERSION}")
        return [Shard(**shard) for shard in content["shards"]], content.get("progress")
    except (ValueError, KeyError, TypeError) as error:
        raise SampleStoreError(f"'{path}' is not a ledger manifest of rls3: {error}") from None

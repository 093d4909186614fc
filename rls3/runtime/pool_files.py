"""Keeps the held-out pools of runs in the user's cache: their questions depend on settings alone, not on the run.

A pool is a ledger of one shard. One that is damaged is made anew; of runs that start together, one asks and the others
wait for it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import TextIO

from rls3.config import Config
from rls3.errors import SampleStoreError
from rls3.runtime.cache import cached, deciding
from rls3.runtime.folder import locked
from rls3.samples.ledger import Ledger
from rls3.samples.record import Sample
from rls3.scene.model import EngineInfo


class PoolFiles:
    """The pools of these settings.

    Args:
        config: sections evaluation, sim, validity and sampler are used.
        engine: the program that draws.

    Raises:
        ConfigError: the cache cannot be written.
    """

    def __init__(self, config: Config, engine: EngineInfo) -> None:
        settings = {**deciding(config, "evaluation"), "engine": [engine.name, engine.version]}
        self._folder = cached("pools", settings, config.evaluation.seed)
        self._lock: TextIO | None = None

    def hold(self) -> None:
        """Wait until no other process asks the questions of these settings, and keep others waiting."""
        if self._lock is None:
            self._lock = locked(self._folder, wait=True)

    def release(self) -> None:
        """Let others look."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def read(self, pool: str) -> list[Sample] | None:
        """The questions of a pool; None when they were never asked, or their file is no longer as it was written."""
        folder = self._folder / pool
        try:
            kept = Ledger.existing(folder)
            kept.verify()
            return list(kept.read()) or None
        except SampleStoreError:
            shutil.rmtree(folder, ignore_errors=True)
            return None

    def write(self, pool: str, questions: Sequence[Sample]) -> None:
        """Keep the questions of a pool; `hold` comes first."""
        Ledger(self._folder / pool).append(questions, round_index=0)

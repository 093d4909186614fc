"""One process at a time opens an MLflow store of this machine: two that start together would make its tables twice."""

from __future__ import annotations

import fcntl
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def one_at_a_time(uri: str) -> Iterator[None]:
    """Wait until no other process of this user opens the store of that URI, and keep others waiting meanwhile.

    The lock lies in the machine's folder for temporary files: the store's own may not exist yet, and a run that is
    refused must leave nothing there.
    """
    name = f"rls3-{os.getuid()}-{zlib.crc32(uri.encode()):08x}.lock"
    with (Path(tempfile.gettempdir()) / name).open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

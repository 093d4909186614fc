"""What can be wrong with a benchmark's files or with somebody's answers."""

from __future__ import annotations

from rls3.errors import Rls3Error


class BenchmarkDataError(Rls3Error):
    """A benchmark's folder lacks files, or a row is not as published."""


class PredictionError(Rls3Error):
    """A predictions file cannot be read, or does not fit the benchmark."""

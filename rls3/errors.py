"""The project's errors.

Every error a user can cause says what is wrong, what is allowed and where to change it. The command line prints the
message alone and exits with `exit_code`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class Rls3Error(Exception):
    """Root of all errors a user of rls3 can cause or must know of."""

    exit_code = 2


class ConfigError(Rls3Error):
    """A configuration key, value or file is wrong."""


class EngineStartError(Rls3Error):
    """The program behind the AI2-THOR client did not start or is not an engine."""


class EngineLostError(Rls3Error):
    """The engine died or fell silent in the middle of a step; the controller must be rebuilt."""


class UnsupportedMetadataError(Rls3Error):
    """The metadata is not AI2-THOR 5.x metadata."""


class UnusableObjectError(Rls3Error):
    """An object of the metadata cannot be used: it lacks a box, or a pose is not a number."""


class SampleStoreError(Rls3Error):
    """The sample folder is busy, damaged or of another schema."""


class ModelLoadError(Rls3Error):
    """A model folder or id cannot be loaded as the configured student."""


class ActorLostError(Rls3Error):
    """The process of a simulator, trainer or scorer died, and again and again in its place."""


class HeldOutError(Rls3Error):
    """A held-out scene shows a look that training scenes show too, or the other way round."""


class TrackingError(Rls3Error):
    """The MLflow tracking store does not answer."""


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The allowed word that looks most like `word`, as " (did you mean 'x'?)", or "" when none is near."""
    match = difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.5)
    return f" (did you mean '{match[0]}'?)" if match else ""

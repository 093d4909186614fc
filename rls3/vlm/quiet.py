"""Keeping libraries' progress bars and advice off the terminal, only while we call them."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator

from transformers.utils import logging as transformers_logging


@contextlib.contextmanager
def quiet_transformers() -> Iterator[None]:
    """No bars, load reports or retry notices of transformers and the hub client."""
    level, bars = transformers_logging.get_verbosity(), transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        with _level("huggingface_hub", logging.CRITICAL):
            yield
    finally:
        transformers_logging.set_verbosity(level)
        if bars:
            transformers_logging.enable_progress_bar()


@contextlib.contextmanager
def quiet_lightning() -> Iterator[None]:
    """No device report and no advice on worker processes."""
    with _level("pytorch_lightning", logging.ERROR), warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="pytorch_lightning")
        yield


@contextlib.contextmanager
def _level(name: str, level: int) -> Iterator[None]:
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(level)
    try:
        yield
    finally:
        logger.setLevel(before)

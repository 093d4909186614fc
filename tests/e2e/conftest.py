"""A run small enough for a test: two slots, two rounds, small pictures, a handful of held-out questions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = """
run: {{name: small, output: "{output}"}}
sim: {{scenes: [FloorPlan201, FloorPlan302], width: 96, height: 96, actors: 1, slots_per_actor: 2}}
sampler: {{name: random}}
loop: {{rounds: 2, samples_per_round: 16, batch: 8}}
vlm: {{epochs: 1}}
evaluation: {{questions: 12, scenes: 1, views: 4, edits: 8}}
runtime: {{mode: local}}
"""


@pytest.fixture
def small_config(tmp_path: Path, no_questions_in_the_users_cache: Callable[[Path], None]) -> Path:
    """A configuration file for the embedded engine that finishes in seconds; its questions are kept in `cache`."""
    no_questions_in_the_users_cache(tmp_path / "cache")
    path = tmp_path / "small.yaml"
    path.write_text(SMALL.format(output=tmp_path / "runs"), encoding="utf-8")
    return path

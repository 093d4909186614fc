"""The comparison kept under docs/results: whole, of what the configuration says today, and quoted as it is."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from rls3.config import load_config

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "results" / "compare"
SHARED = ("sim", "validity", "sampler", "ppo", "reward", "vlm", "loop", "evaluation")


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "results.json").read_text())
    return found


def test_no_cell_is_missing(results: dict[str, Any]) -> None:
    grid = load_config([ROOT / "configs" / "compare.yaml"]).compare
    wanted = set(product(grid.arms, grid.students, range(grid.seeds)))
    assert {(cell["arm"], cell["student"], cell["seed"]) for cell in results["cells"]} == wanted
    assert results["missing"] == {}


def test_it_is_the_comparison_of_the_configuration(results: dict[str, Any]) -> None:
    config = load_config([ROOT / "configs" / "compare.yaml"])
    then, now = results["manifest"], config.model_dump(mode="json", include=set(SHARED))
    for name in SHARED:  # settings that came later do not count
        assert then["config"][name].items() <= {**then["config"][name], **now[name]}.items(), name
    for arm, settings in config.compare.arms.items():
        assert then["arms"][arm] == {"sampler.name": arm, **settings}


def test_it_names_engine_commit_and_command_and_no_machine(results: dict[str, Any]) -> None:
    (engine,) = results["engines"]
    assert engine.startswith("rls3-engine ")
    for invocation in results["manifest"]["invocations"]:
        assert re.fullmatch(r"[0-9a-f]{40}", invocation["commit"]), "of a clean checkout"
        assert invocation["command"].startswith("rls3 compare configs/compare.yaml")
    for path in FOLDER.iterdir():
        if path.is_file():
            assert not re.search(r"(?<![\w.<])/(home|root|Users|tmp|work)/", path.read_text()), path


def test_what_the_readmes_quote_is_what_was_measured() -> None:
    rows = {line for line in (FOLDER / "table.md").read_text().splitlines() if line.startswith("|")}
    for path in (ROOT / "README.md", FOLDER / "README.md"):
        text = path.read_text()
        quoted = [line for line in text.splitlines() if line.startswith("| rls3-")]
        assert quoted, path
        assert set(quoted) <= rows, path
        for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", text):
            assert (path.parent / picture).is_file(), picture

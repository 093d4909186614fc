"""What a fresh interpreter really loads: floors hold at run time, not only in the import statements."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"torch", "ray", "ai2thor", "mlflow", "pytorch_lightning", "transformers", "warp", "mujoco", "gymnasium"}
GROUND = HEAVY | {"pyarrow", "matplotlib"}

_LOAD = """
import importlib, json, pkgutil, sys
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(module, "__path__", []), name + "."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
print(json.dumps(sorted(sys.modules)))
"""


def loaded(*names: str) -> set[str]:
    """Modules in a fresh interpreter that imported packages with all their modules."""
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, *names], capture_output=True, text=True, cwd=ROOT, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def outside(modules: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def inside(modules: Iterable[str]) -> set[str]:
    return {name.split(".")[1] for name in modules if name.startswith("rls3.")}


@pytest.mark.parametrize(
    ("packages", "forbidden", "neighbours"),
    [
        (("rls3.config", "rls3.errors"), GROUND | {"numpy"}, {"config", "errors"}),
        (("rls3.assets",), GROUND, {"assets", "errors"}),
        (("rls3.scene",), GROUND, {"scene", "config", "errors"}),
        (("rls3.samples",), HEAVY | {"matplotlib"}, {"samples", "scene", "config", "errors"}),
        (("rls3.thor",), HEAVY - {"ai2thor"}, {"thor", "assets", "scene", "samples", "config", "errors"}),
        (("rls3.tracking",), HEAVY, {"tracking", "samples", "scene", "config", "errors"}),
        (("rls3.engine",), HEAVY - {"warp", "mujoco"} | {"pyarrow", "pydantic"}, {"engine", "assets"}),
        (("rls3.cli",), GROUND | {"numpy"}, {"cli", "config", "errors"}),
    ],
    ids=lambda value: value[0].removeprefix("rls3.") if isinstance(value, tuple) else "",
)
def test_a_package_loads_its_own_floors_only(
    packages: tuple[str, ...], forbidden: set[str], neighbours: set[str]
) -> None:
    modules = loaded(*packages)
    assert not outside(modules) & forbidden
    assert inside(modules) <= neighbours


def test_environment_and_rewards_need_neither_ray_nor_torch() -> None:
    modules = loaded("rls3.sampling.env", "rls3.sampling.rewards", "rls3.sampling.bandit", "rls3.sampling.natural")
    assert not outside(modules) & {"ray", "torch", "ai2thor", "mlflow", "transformers"}
    assert inside(modules) <= {"sampling", "scene", "assets", "samples", "config", "errors"}


def test_the_spine_reads_in_one_sitting_and_makes_no_ray_call() -> None:
    lines = (ROOT / "rls3" / "runtime" / "loop.py").read_text().splitlines()
    assert len(lines) < 250
    assert not any(line.lstrip().startswith(("import ray", "from ray")) or "ray." in line for line in lines)


def test_rllib_is_known_to_the_ppo_learner_only() -> None:
    users = {
        path.relative_to(ROOT).parent.as_posix()
        for path in (ROOT / "rls3").rglob("*.py")
        if any(line.lstrip().startswith(("from ray.rllib", "import ray.rllib")) for line in path.open())
    }
    assert users == {"rls3/sampling/ppo"}

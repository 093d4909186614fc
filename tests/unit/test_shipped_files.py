"""What ships beside the package: configurations, pins, Dockerfiles, the Kubernetes job, the CI script."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from rls3.config import Config, load_config, with_settings

ROOT = Path(__file__).parents[2]
CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))
MANIFESTS = sorted((ROOT / "cluster").glob("*.yaml"))
DOCKERFILES = sorted((ROOT / "docker").glob("*.Dockerfile"))


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def ray_job() -> dict[str, Any]:
    documents = yaml.safe_load_all((ROOT / "cluster" / "ray-job.quickstart.yaml").read_text())
    return next(document for document in documents if document["kind"] == "RayJob")


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_configuration_loads(path: Path) -> None:
    assert load_config([path]) != Config()


def test_the_configurations_are_what_they_are_for() -> None:
    assert {path.stem for path in CONFIGS} >= {"quickstart", "paper", "cluster"}
    quick = load_config([ROOT / "configs" / "quickstart.yaml"])
    assert quick.sim.engine == "embedded"
    assert quick.loop.rounds * quick.loop.samples_per_round == 960
    both = load_config([ROOT / "configs" / "paper.yaml", ROOT / "configs" / "cluster.yaml"])
    assert both.sim.engine == "unity"
    assert both.loop.rounds * both.loop.samples_per_round == 98_304
    assert both.runtime.trainer_gpus > 0


def test_the_packaged_policy_goes_on_with_what_it_practised_for() -> None:
    practised, quick = (load_config([ROOT / "configs" / name]) for name in ("practice.yaml", "quickstart.yaml"))
    comparison = load_config([ROOT / "configs" / "compare.yaml"])
    assert quick.reward == practised.reward
    for arm in ("ppo-warm", "ppo"):
        paid = {key: value for key, value in comparison.compare.arms[arm].items() if key.startswith("reward.")}
        assert with_settings(comparison, paid, arm).reward == practised.reward


def test_pins_satisfy_the_project_file_and_name_no_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = {name.lower().replace("_", "-"): number for name, number in pins().items()}
    extras = [text for texts in project["optional-dependencies"].values() for text in texts]
    for requirement in map(Requirement, [*project["dependencies"], *extras]):
        if requirement.name == project["name"]:
            assert requirement.extras <= project["optional-dependencies"].keys()
            continue
        assert requirement.specifier.contains(pinned[requirement.name.lower()]), requirement
    assert not re.search(r"[/@+]|^-", (ROOT / "constraints.txt").read_text().split("\n", 2)[2], re.MULTILINE)


def test_pins_are_what_the_tests_run_with() -> None:
    for name in ("ray", "ai2thor", "torch", "transformers", "mlflow", "pyarrow", "numpy", "warp-lang", "mujoco"):
        assert version(name).partition("+")[0] == pins()[name]


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.stem)
def test_dockerfiles_copy_what_exists_and_pin_ray_and_python(path: Path) -> None:
    text = path.read_text().replace("\\\n", " ")
    steps = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    copied = [name for step in steps if step[0] == "COPY" for name in step[1:-1]]
    assert copied
    for name in copied:
        assert (ROOT / name).exists(), name
    assert re.findall(r'"ray\[[\w,]+\]==([\d.]+)"', text) == [pins()["ray"]]
    assert steps[0][:2] == ["FROM", "python:3.11-slim-bookworm"]
    assert "--shm-size" in path.read_text()


def test_both_images_exist() -> None:
    assert [path.name for path in DOCKERFILES] == ["cpu.Dockerfile", "gpu.Dockerfile"]


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.stem)
def test_every_manifest_parses(path: Path) -> None:
    for document in yaml.safe_load_all(path.read_text()):
        assert {"apiVersion", "kind", "metadata", "spec"} <= document.keys()


def test_the_ray_job_fits_the_image_and_the_configuration() -> None:
    cluster = ray_job()["spec"]["rayClusterSpec"]
    assert cluster["rayVersion"] == pins()["ray"]
    pod = cluster["headGroupSpec"]["template"]["spec"]
    (head,) = pod["containers"]
    assert head["image"] in (ROOT / "docker" / "cpu.Dockerfile").read_text()
    assert {mount["name"] for mount in head["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    logical_cpus = int(cluster["headGroupSpec"]["rayStartParams"]["num-cpus"])
    quick = load_config([ROOT / "configs" / "quickstart.yaml"])
    assert logical_cpus >= quick.sim.actors + 3  # trainer, policy, RLlib's learner


def test_the_ray_job_runs_a_command_that_is_valid() -> None:
    words = ray_job()["spec"]["entrypoint"].split()
    assert words[:2] == ["rls3", "run"]
    files = [ROOT / Path(word).relative_to("/rls3") for word in words[2:] if word.endswith(".yaml")]
    overrides = [after for word, after in pairwise(words) if word == "--set"]
    (head,) = ray_job()["spec"]["rayClusterSpec"]["headGroupSpec"]["template"]["spec"]["containers"]
    config = load_config(files, overrides)
    assert str(config.run.output) in {mount["mountPath"] for mount in head["volumeMounts"]}


def test_ci_script_is_executable_and_valid_bash() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)


@pytest.mark.parametrize(
    ("tests", "line", "status"),
    [("echo '3 passed, 1 skipped in 2.10s'; echo more", "3 passed, 1 skipped in 2.10s", 0),
     ("echo '1 failed, 2 passed in 61.00s (0:01:01)'; exit 1", "1 failed, 2 passed in 61.00s (0:01:01)", 2)],
)  # fmt: skip
def test_ci_script_ends_with_the_closing_line(tmp_path: Path, tests: str, line: str, status: int) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "run").write_text((ROOT / ".ci" / "run").read_text())
    (tmp_path / "Makefile").write_text(f"check:\n\t@echo checked\ntest:\n\t@{tests}\n")
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # not a make in a make
    command = ["bash", str(tmp_path / ".ci" / "run")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=outside)
    assert done.stdout.splitlines()[0] == "checked"
    assert done.stdout.splitlines()[-1] == line
    assert done.returncode == status


def test_nothing_shipped_names_a_machine() -> None:
    place = re.compile(r"/(home|root|Users|tmp|opt/(?!hostedtoolcache))/?\w*|/work/|pypi\.org|index-url +http")
    for path in [*CONFIGS, *MANIFESTS, *DOCKERFILES, ROOT / "Makefile", ROOT / "CONTRIBUTING.md", ROOT / ".ci" / "run"]:
        assert not place.search(path.read_text()), path

"""Generates `rls3-suite` once and keeps it: a folder of samples that the benchmark reads.

Every visit to a scene is one job and one file of candidates, so that a stopped generation goes on where it was and the
result does not depend on how many processes share the work. The packaged model then guesses every answer without a
picture, the questions are chosen from all candidates and written as a ledger, and the candidates removed.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import groupby, product
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import rls3
from rls3.benchmarks.pictures import BlankPicture
from rls3.benchmarks.strata import STRATA, Candidate, Cell, cells_of, stratified
from rls3.benchmarks.suite import SUITE_FILE, candidates_of
from rls3.config import Config, VlmConfig
from rls3.errors import ConfigError
from rls3.runtime.cache import cached, deciding
from rls3.runtime.folder import locked
from rls3.runtime.suite import pool_scenes
from rls3.runtime.workers import SimulatorWorkers
from rls3.samples.ledger import Ledger
from rls3.samples.shard import read_shard, sha256_of, write_shard
from rls3.thor.simulator import Simulator
from rls3.vlm.data import Example
from rls3.vlm.student import load_student

POOL = "report"
GUESSER = "rls3-vilt-base"
CANDIDATES = "candidates"


def suite_folder(config: Config, folder: Path | None, processes: int) -> Path:
    """The folder of the generated suite; what is missing of it is generated.

    Args:
        config: sections suite, sim, validity and sampler are used.
        folder: where to keep it; None = in the user's cache, by settings.
        processes: simulators side by side.

    Raises:
        ConfigError: `folder` holds something else or a suite of other settings, or the scenes have too few questions.
        HeldOutError: a scene shows a look that training scenes show too.
    """
    config = config.model_copy(update={"evaluation": config.suite})
    settings = _settings(config)
    folder = cached("rls3-suite", settings, config.suite.seed) if folder is None else folder
    folder.mkdir(parents=True, exist_ok=True)
    with closing(locked(folder)):
        _check(folder, settings)
        if not (folder / SUITE_FILE).exists():
            _note(folder, settings=settings)
        if "notes" not in json.loads((folder / SUITE_FILE).read_text(encoding="utf-8")):
            notes = _generate(config, folder, processes)
            _note(folder, settings=settings, notes=notes)
            shutil.rmtree(folder / CANDIDATES)
    return folder


def _settings(config: Config) -> dict[str, Any]:
    """Everything that decides the questions, as JSON values."""
    guesser = Path(rls3.__file__).parent / "vlm" / "base" / GUESSER / "model.safetensors"
    return {**deciding(config, "suite"), "guesser": sha256_of(guesser)}


def _check(folder: Path, settings: dict[str, Any]) -> None:
    """Refuse a folder that is in other use."""
    names = {path.name for path in folder.iterdir()} - {".lock"}
    if not names:
        return
    if SUITE_FILE not in names:
        raise ConfigError(f"'{folder}' is not empty and holds no rls3-suite ('{min(names)}'); choose another --data")
    known = json.loads((folder / SUITE_FILE).read_text(encoding="utf-8"))["settings"]
    if other := sorted(key for key in settings if known.get(key) != settings[key]):
        raise ConfigError(
            f"'{folder}' holds an rls3-suite of other settings ({', '.join(other)}); choose another --data, or leave "
            "it out: each suite then has a folder of its own in the user's cache"
        )


def _note(folder: Path, **about: Any) -> None:
    """Write what is known of the suite; its notes come last, when it is complete."""
    hidden = folder / f".{SUITE_FILE}.part"
    hidden.write_text(json.dumps({"pool": POOL, **about}, indent=1) + "\n", encoding="utf-8")
    hidden.replace(folder / SUITE_FILE)


def _generate(config: Config, folder: Path, processes: int) -> list[str]:
    """Gather candidates, choose, and write the questions; what a reader of the score must know of them."""
    jobs = list(product(range(config.suite.visits), pool_scenes(config, POOL)))
    drafts = folder / CANDIDATES
    drafts.mkdir(exist_ok=True)
    columns = (TextColumn("rls3-suite: visits"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        closing(SimulatorWorkers(config.sim, partial(_draft, config, drafts, jobs), processes)) as workers,
        Progress(*columns, console=Console(stderr=True)) as bar,
    ):
        task = bar.add_task("visits", total=len(jobs))
        for _ in zip(jobs, workers.results(0), strict=False):
            bar.advance(task)
    files = sorted(drafts.glob("[!.]*.parquet"))
    candidates = _with_guesses([found for path in files for found in candidates_of(path, ("question",))])
    ids = set(stratified(candidates, config.suite.questions, seed=config.suite.seed))
    if len(ids) < config.suite.questions:
        raise ConfigError(
            f"of {len(candidates)} candidates in {len(pool_scenes(config, POOL))} scenes {len(ids)} can be asked "
            f"without giving answers away, not suite.questions={config.suite.questions}; lower it or raise suite.visits"
        )
    ledger = Ledger(folder)
    ledger.drop_from(0)  # what a stopped generation had written
    for _, of_scene in groupby(files, key=lambda path: path.stem.split("-")[0]):
        if kept := [sample for path in of_scene for sample in read_shard(path) if sample.sample_id in ids]:
            ledger.append(kept, round_index=0)
    return [*_notes(candidates, ids), _looks(config)]


def _with_guesses(found: Sequence[tuple[Candidate, Mapping[str, Any]]]) -> list[Candidate]:
    """The candidates with the guesses of the packaged model, which knows the training rooms, without a picture."""
    student = load_student(VlmConfig(base=GUESSER))
    size = student.sight.size or BlankPicture.side
    blank = BlankPicture(size).load()
    examples = [Example(blank, texts["question"], each.options, each.answer, (), ()) for each, texts in found]
    scores = student.score_options(examples)
    orders = [np.argsort(np.argsort(-row, kind="stable")) for row in scores]
    return [
        replace(each, guessed=tuple(int(place) for place in order))
        for (each, _), order in zip(found, orders, strict=True)
    ]


def _draft(config: Config, drafts: Path, jobs: Sequence[tuple[int, str]], simulator: Simulator, number: int) -> None:
    """One visit's candidates as a file; workers look ahead, so numbers beyond the last job bring nothing."""
    from rls3.runtime.asking import visit_candidates

    if number >= len(jobs):
        return
    visit, scene = jobs[number]
    path = drafts / f"{scene}-{visit:02d}.parquet"
    if not path.exists() and (found := visit_candidates(config, simulator, scene, visit)):
        write_shard(path, found)


def _notes(candidates: Sequence[Candidate], ids: set[str]) -> Iterator[str]:
    """How the cells are filled, and which are empty for which reason."""
    shown = Counter(cell for candidate in candidates for cell in cells_of(candidate))
    asked = Counter(cell for each in candidates if each.sample_id in ids for cell in cells_of(each))
    members = [sorted({cell[place] for cell in shown}) for place in range(len(STRATA))]
    empty: list[Cell] = [cell for cell in product(*members) if not asked[cell]]
    yield (
        f"{len(ids)} of {len(candidates)} candidates, in {len(asked)} cells ({' x '.join(STRATA)}) of "
        f"{min(asked.values())} to {max(asked.values())} questions"
    )
    unseen = [cell for cell in empty if not shown[cell]]
    if unseen:
        yield f"{len(unseen)} cells are empty, because no picture shows such a pair: {_listed(unseen)}"
    if refused := [cell for cell in empty if shown[cell]]:
        yield f"{len(refused)} cells are empty, because their texts would give answers away: {_listed(refused)}"


def _looks(config: Config) -> str:
    """What is held out besides scenes and seeds of spawning."""
    if config.sim.engine != "embedded":
        return "looks of objects and materials may be shared with scenes that train: Unity's scenes use the same assets"
    if config.sim.mesh_pack is not None:
        return "meshes of sim.mesh_pack are shared with scenes that train; other looks and all materials are not"
    return "no look of an object and no material is shared with scenes that train: checked in every scene"


def _listed(cells: Sequence[Cell]) -> str:
    """The cells, those that differ in the relation alone together."""
    relations: dict[Cell, list[str]] = {}
    for relation, *others in cells:
        relations.setdefault(tuple(others), []).append(relation)
    return "; ".join(" / ".join((", ".join(names), *others)) for others, names in relations.items())

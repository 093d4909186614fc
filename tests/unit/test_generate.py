"""What `rls3 generate` does to its folder, and what it chooses; visits are made up, so no simulator is started."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rls3.config import Config, load_config
from rls3.errors import ConfigError
from rls3.runtime import generate
from rls3.runtime.chooser import Chooser
from rls3.runtime.visit import Shot, Visit
from rls3.samples.ledger import MANIFEST, Ledger
from rls3.scene.facts import FAMILIES, Family
from rls3.scene.language import KINDS, names_of, questions_of
from rls3.scene.model import Camera
from rls3.scene.truth import facts_of
from tests.fakes import picture_of
from tests.unit.scene_factory import scene, thing

CAMERA = Camera((0.0, 1.5, -3.2), 0.0, 15.0, 60.0, 64, 64)


def visit_number(number: int, families: Sequence[Family] = FAMILIES, kinds: Sequence[str] = KINDS) -> Visit:
    """Two pictures of three boxes at places drawn by the number, with everything that can be asked about them."""
    rng = np.random.default_rng(number)
    shots = []
    for _ in range(2):
        places = [(x, rng.uniform(0.2, 0.6), rng.uniform(-1, 1)) for x in (-1.2, 0.0, 1.2)]
        boxes = [thing(kind, at, (0.4, 0.4, 0.4)) for kind, at in zip(("Stool", "Box", "Toaster"), places, strict=True)]
        view = picture_of(scene(*boxes, view=CAMERA))
        candidates: dict[str, Any] = {}
        for fact in facts_of(view.scene, Config().validity, families):
            if fact.answerable:
                questions = questions_of(fact, view.scene, names_of(view.scene), rng)
                fitting = [question for question in questions if question.kind in kinds]
                candidates[fact.family] = (*candidates.get(fact.family, ()), *fitting)
        shots.append(Shot(view, None, {}, candidates, {"size: too_far": 1}, None))
    return Visit(tuple(shots), {"edit: place_taken": 2}, 0)


class FakeWorkers:
    """As `SimulatorWorkers`."""

    def __init__(self, *_: Any) -> None:
        pass

    def results(self, first: int) -> Iterator[Visit]:
        return map(visit_number, itertools.count(first))

    def close(self) -> None:
        pass


class BlindWorkers(FakeWorkers):
    """Visits that show nothing."""

    def results(self, first: int) -> Iterator[Visit]:
        return itertools.repeat(replace(visit_number(first), shots=()))


@pytest.fixture(autouse=True)
def fake_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "SimulatorWorkers", FakeWorkers)
    monkeypatch.setattr(generate, "SHARD_ROWS", 8)


def config(*settings: str) -> Config:
    return load_config([], ["questions.samples=30", *settings])


def make(out: Path, *settings: str, overwrite: bool = False) -> Ledger:
    generate.generate_job(config(*settings), out=out, processes=1, overwrite=overwrite)
    return Ledger(out)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_configuration_offers_every_family_and_kind_of_question() -> None:
    assert config().questions.families == FAMILIES and config().questions.kinds == KINDS


def test_families_and_answers_come_equally_often() -> None:
    chooser = Chooser(config("questions.families=[direction, nearness]"))
    visits = (visit_number(number, ("direction", "nearness"), ["yes_no"]) for number in range(60))
    samples = [sample for found in visits for sample in chooser.choose(found, 1000)]
    families = Counter(sample.family for sample in samples)
    answers = Counter(sample.options[sample.answer] for sample in samples)
    assert min(families.values()) > 0.8 * max(families.values())
    assert abs(answers["yes"] - answers["no"]) < 0.2 * len(samples)
    facts = {(s.sample_id.rpartition("-")[0], s.family, s.predicate, s.about, s.value) for s in samples}
    assert len(facts) == len(samples)  # one question for a fact of a picture
    assert max(Counter(s.sample_id.rpartition("-")[0] for s in samples).values()) <= 4


def test_a_chooser_goes_on_from_its_state_as_if_never_stopped() -> None:
    whole, first = Chooser(config()), Chooser(config())
    expected = [s.question for number in range(6) for s in whole.choose(visit_number(number), 99)]
    begun = [s.question for number in range(3) for s in first.choose(visit_number(number), 99)]
    second = Chooser(config(), json.loads(json.dumps(first.state())))
    assert begun + [s.question for number in range(3, 6) for s in second.choose(visit_number(number), 99)] == expected


def test_what_was_rejected_is_counted_with_the_shards(tmp_path: Path) -> None:
    ledger = make(tmp_path)
    visits = ledger.progress["visits"]
    total = sum((Counter(shard.rejected) for shard in ledger.shards), Counter())
    assert total == {"edit: place_taken": 2 * visits, "size: too_far": 2 * visits}
    assert ledger.rows == 30 and len(ledger.shards) == 4


def test_a_folder_in_other_use_is_left_alone(tmp_path: Path) -> None:
    make(tmp_path / "data")
    before = content(tmp_path / "data")
    make(tmp_path / "data", "sim.actors=7", "run.name=other")  # complete, and nothing that matters is different
    with pytest.raises(ConfigError, match=r"another configuration \(run.seed, validity.min_margin_deg\).*--overwrite"):
        make(tmp_path / "data", "seed=1", "validity.min_margin_deg=9")
    assert content(tmp_path / "data") == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    for overwrite in (False, True):
        with pytest.raises(ConfigError, match=r"is not empty and no data set \(it holds 'thesis.txt'\)"):
            make(tmp_path / "mine", overwrite=overwrite)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_overwriting_replaces_a_data_set(tmp_path: Path) -> None:
    make(tmp_path)
    with pytest.raises(ConfigError, match=r"another configuration \(questions.samples\)"):
        make(tmp_path, "questions.samples=2")
    assert make(tmp_path, "questions.samples=2", overwrite=True).rows == 2
    assert sorted(content(tmp_path)) == [".lock", "config.yaml", MANIFEST, "round-0000-0000.parquet"]


def test_scenes_without_questions_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "SimulatorWorkers", BlindWorkers)
    with pytest.raises(ConfigError, match=r"40 visits in a row brought no question; .*edit: place_taken \(80 times\)"):
        make(tmp_path)
    assert Ledger(tmp_path).rows == 0

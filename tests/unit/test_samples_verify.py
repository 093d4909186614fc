"""Verification derives every label anew: a true folder has no disagreement, each lie is told by file and record."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rls3.config import ValidityConfig
from rls3.errors import SampleStoreError
from rls3.samples.labelling import Provenance, make_sample, question_sample
from rls3.samples.ledger import MANIFEST, Ledger
from rls3.samples.record import Sample, scene_of
from rls3.samples.verify import objections, verify_ledger
from rls3.scene.language import caption, names_of, question, questions_of
from rls3.scene.model import Camera
from rls3.scene.truth import facts_of, facts_of_change
from tests.fakes import FakeView, picture_of
from tests.unit.scene_factory import scene, thing

VALIDITY = ValidityConfig(min_pixels_share=0.002)
CAMERA = Camera((0.0, 1.5, -3.2), 0.0, 15.0, 60.0, 64, 64)


def pictures() -> tuple[FakeView, FakeView]:
    """A desk with a laptop and a toaster on it beside a fridge; a stool before the desk comes nearer."""
    desk = thing("Desk", (0.0, 0.4, 0.0), (1.6, 0.8, 0.7), movable=False, receptacle=True)
    still = (
        desk,
        thing("Laptop", (-0.45, 0.95, 0.0), (0.4, 0.3, 0.3), parents=(desk.id,)),
        thing("Toaster", (0.5, 0.9, 0.0), (0.3, 0.2, 0.2), parents=(desk.id,)),
        thing("Fridge", (1.4, 0.9, 0.5), (0.6, 1.8, 0.6), movable=False),
    )
    stools = [thing("Stool", center, (0.4, 0.6, 0.4)) for center in ((-1.2, 0.3, 0.6), (-0.8, 0.3, -0.9))]
    before, after = (picture_of(scene(*still, stool, view=CAMERA)) for stool in stools)
    return before, after


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    """One record of every kind of question about every kind of fact that two pictures offer, and a run's own."""
    before, after = pictures()
    rng = np.random.default_rng(0)
    facts = {(f.family, f.predicate, f.value): f for f in facts_of(after.scene, VALIDITY) if f.answerable}
    changes = [fact for fact in facts_of_change(before.scene, after.scene, VALIDITY) if fact.answerable]
    names = names_of(after.scene, {})
    found = []
    for fact in (*facts.values(), *changes):
        for asked in questions_of(fact, after.scene, names, rng, VALIDITY):
            origin = Provenance(f"s-{len(found):03d}", "balanced", 0, 0, 0, 0)
            earlier = before if fact in changes else None
            found.append(question_sample(after, asked, provenance=origin, colors={}, before=earlier))
    origin = Provenance("run", "random", 0, 0, 0, 0)
    return [*found, make_sample(after, "Stool|0", "Fridge|0", provenance=origin, validity=VALIDITY, rng=rng)]


def first(samples: list[Sample], **wanted: Any) -> Sample:
    return next(s for s in samples if all(getattr(s, name) == value for name, value in wanted.items()))


def test_a_true_folder_has_no_disagreement(samples: list[Sample], tmp_path: Path) -> None:
    assert {s.family for s in samples} >= {"direction", "nearness", "size", "support", "count", "change"}
    assert {s.kind for s in samples} == {"multiple_choice", "yes_no", "caption_choice", "open"}
    ledger = Ledger(tmp_path)
    ledger.append(samples, round_index=0)
    assert list(verify_ledger(ledger, VALIDITY)) == []


LIES: dict[str, tuple[dict[str, Any], Callable[[Sample], dict[str, Any]], str]] = {
    "the other answer": ({"kind": "multiple_choice"}, lambda s: {"answer": 1 - min(s.answer, 1)}, "is (true|false) in"),
    "yes for no": ({"kind": "yes_no", "answer": 0}, lambda s: {"answer": 1}, "question '.*' is true in its scene"),
    "another caption": ({"family": "direction"}, lambda s: {"caption": s.caption + " indeed"}, "nothing that can be"),
    "another truth": (
        {"family": "size"},
        lambda s: {"value": ("no",) if s.value == ("yes",) else ("yes",)},
        "value is",
    ),
    "another assertion": ({"kind": "yes_no"}, lambda s: {"asserted": ("x",)}, r"does not ask whether \('x',\)"),
    "another synonym": ({"kind": "open"}, lambda s: {"options": ("yonder",)}, "are not those of the truth"),
    "more margin": ({"family": "direction"}, lambda s: {"margin": s.margin + 1}, "margin is stated as"),
    "a moved camera": ({"family": "direction"}, lambda s: {"camera_yaw": s.camera_yaw + 120.0}, "value is stated"),
    "a wrong mask": ({"family": "size"}, lambda s: {"mask": np.zeros_like(s.mask)}, "its mask shows 0 pixels"),
    "another subject": ({"family": "size"}, lambda s: {"subject_type": "Cup"}, "subject_type is stated as Cup"),
    "a stranger": ({"family": "size"}, lambda s: {"about": ("Nobody|0", s.about[1])}, "no object 'Nobody|0'"),
    "no picture": ({"family": "size"}, lambda s: {"image": None}, "valid, but without a picture"),
    "the other option of a run": ({"sample_id": "run"}, lambda s: {"answer": (s.answer + 1) % 4}, "is (true|false) in"),
    "no option of a run": ({"sample_id": "run"}, lambda s: {"options": ("up", *s.options[1:])}, "which is no relation"),
    "another question": ({"kind": "multiple_choice"}, lambda s: {"question": "why?"}, "'why.' does not ask about"),
}


@pytest.mark.parametrize("lie", LIES)
def test_each_lie_is_told(samples: list[Sample], lie: str) -> None:
    wanted, change, told = LIES[lie]
    true = first(samples, **wanted)
    assert list(objections(true, VALIDITY)) == []
    found = list(objections(replace(true, **change(true)), VALIDITY))
    assert any(re.search(told, problem) for problem in found), found


def test_an_open_question_in_the_words_of_a_run_is_judged_as_open(samples: list[Sample]) -> None:
    asked = first(samples, kind="open", family="direction")
    subject, reference = (scene_of(asked).by_id(object_id) for object_id in asked.about)
    plain = {"question": question(subject, reference), "caption": caption(subject, reference, asked.terms)}
    assert list(objections(replace(asked, **plain), VALIDITY)) == []


def test_stricter_thresholds_than_a_record_was_made_by_are_told(samples: list[Sample]) -> None:
    sample = first(samples, family="direction")
    strict = ValidityConfig(min_pixels_share=0.9)
    assert any("valid, but" in found and "too_small" in found for found in objections(sample, strict))


def test_counts_checksums_and_ids_are_checked(samples: list[Sample], tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for number in range(2):
        ledger.append([replace(samples[number], sample_id=f"{number}")], round_index=0)
    path = tmp_path / MANIFEST
    manifest = json.loads(path.read_text())
    manifest["rows"] = 7
    manifest["shards"][0] |= {"rows": 3, "sha256": "0" * 64}
    manifest["shards"][1] |= {"valid": 0, "invalid_reasons": {"too_far": 1}}
    path.write_text(json.dumps(manifest))
    twin = tmp_path / manifest["shards"][1]["file"]
    twin.write_bytes((tmp_path / manifest["shards"][0]["file"]).read_bytes())
    text = "\n".join(verify_ledger(Ledger(tmp_path), VALIDITY))
    for told in (
        "round-0000-0000.parquet' was changed after it was written",
        "round-0000-0000.parquet': manifest.json states rows: 3, but it holds 1",
        "round-0000-0001.parquet': record '0': another record has this id",
        "states valid: 0, but it holds 1",
        "states invalid_reasons: {'too_far': 1}, but it holds {}",
        "states rows: 7, but its shards add up to 4",
    ):
        assert told in text


def test_damage_is_told_by_file_and_record_and_the_rest_stays_usable(samples: list[Sample], tmp_path: Path) -> None:
    lost = replace(samples[1].objects[0], center=(float("nan"), 0.0, 0.0))
    bad_pose = replace(samples[1], sample_id="nan", objects=(lost, *samples[1].objects[1:]))
    ledger = Ledger(tmp_path)
    ledger.append([replace(samples[0], sample_id="good"), bad_pose], round_index=0)
    ledger.append([replace(samples[2], sample_id="cut")], round_index=1)
    cut = tmp_path / ledger.shards[1].file
    cut.write_bytes(cut.read_bytes()[:-200])
    damages: list[SampleStoreError] = []
    assert [s.sample_id for s in ledger.read(on_damage=damages.append)] == ["good"]
    texts = [str(damage) for damage in damages]
    assert f"record 'nan': objects: center of object '{lost.id}' is not a finite number" in texts[0]
    assert "round-0000-0000.parquet'" in texts[0] and "round-0001-0001.parquet' is no whole Parquet file" in texts[1]
    assert set(texts) <= set(verify_ledger(ledger, VALIDITY))
    with pytest.raises(SampleStoreError, match="not a finite number"):
        list(ledger.read())

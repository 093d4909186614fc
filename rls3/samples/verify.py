"""Is a folder of samples true? Every label, text, checksum and count is derived anew from what the files hold."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from rls3.config import ValidityConfig
from rls3.errors import SampleStoreError
from rls3.samples.labelling import about_fields
from rls3.samples.ledger import MANIFEST, Ledger, Shard, check_file
from rls3.samples.record import Sample, scene_before, scene_of
from rls3.samples.shard import read_shard
from rls3.samples.texts import misreadings
from rls3.scene.edit import TERMS
from rls3.scene.facts import Fact, Family, Unit
from rls3.scene.language import Statement
from rls3.scene.split import scene_type
from rls3.scene.truth import restate

TOLERANCE = 1e-6
"""Largest difference of recomputed numbers, in their own units: other processors round otherwise."""


def verify_ledger(ledger: Ledger, validity: ValidityConfig) -> Iterator[str]:
    """Everything that disagrees, one line each, with file and record.

    Args:
        ledger: of the folder.
        validity: the thresholds its samples were labelled by.
    """
    known: set[str] = set()
    for shard in ledger.shards:
        try:
            check_file(ledger.folder, shard)
        except SampleStoreError as damage:
            yield str(damage)
        yield from _verify_shard(ledger, shard, validity, known)
    stated = json.loads((ledger.folder / MANIFEST).read_text(encoding="utf-8"))
    for name, counted in (("rows", ledger.rows), ("valid", sum(shard.valid for shard in ledger.shards))):
        if stated.get(name) != counted:
            yield f"'{ledger.folder / MANIFEST}' states {name}: {stated.get(name)}, but its shards add up to {counted}"


def _verify_shard(ledger: Ledger, shard: Shard, validity: ValidityConfig, known: set[str]) -> Iterator[str]:
    path = ledger.folder / shard.file
    damages: list[SampleStoreError] = []
    reasons: Counter[str] = Counter()
    rows = valid = 0
    for sample in read_shard(path, on_damage=damages.append):
        rows, valid = rows + 1, valid + sample.valid
        reasons.update(sample.invalid)
        if sample.sample_id in known:
            yield f"'{path}': record '{sample.sample_id}': another record has this id"
        known.add(sample.sample_id)
        for problem in objections(sample, validity):
            yield f"'{path}': record '{sample.sample_id}': {problem}"
    yield from map(str, damages)
    stated = {"rows": shard.rows, "valid": shard.valid, "invalid_reasons": dict(shard.invalid_reasons)}
    counted = {"rows": rows, "valid": valid, "invalid_reasons": dict(reasons)}
    for name, value in stated.items():
        if counted[name] != value:
            yield f"'{path}': {MANIFEST} states {name}: {value}, but it holds {counted[name]}"


def objections(sample: Sample, validity: ValidityConfig) -> Iterator[str]:
    """What in one record disagrees with the scene that it holds.

    Args:
        sample: the record.
        validity: the thresholds it was labelled by.
    """
    if sample.image is None:
        if sample.valid:
            yield "valid, but without a picture"
        return
    scene, before = scene_of(sample), scene_before(sample)
    yield from _columns(sample)
    stated = _fact_of(sample)
    try:
        fact = restate(stated, scene, validity, before)
    except (KeyError, ValueError) as error:
        yield f"its fact cannot be derived: {error.args[0]}"
        return
    names = ("value", "frame", "margin", "unit", "share") if sample.valid else ("value",)
    for name in names:
        there, here = getattr(stated, name), getattr(fact, name)
        if not _equal(there, here):
            yield f"{name} is stated as {there}, but is {here}"
    if not sample.valid or fact.value != stated.value:
        return
    if fact.reasons:
        yield f"valid, but {', '.join(fact.reasons)}"

    @cache
    def holds(statement: Statement) -> bool:
        asked = Fact(**{**vars(fact), "predicate": statement.predicate, "about": statement.about})
        return restate(asked, scene, validity, before).value == statement.value

    if not 0 <= sample.answer < len(sample.options):
        yield f"answer {sample.answer} is none of its {len(sample.options)} options"
        return
    yield from misreadings(sample, fact, scene, validity, holds)


def _fact_of(sample: Sample) -> Fact:
    return Fact(
        family=cast(Family, sample.family),
        predicate=sample.predicate,
        about=sample.about,
        value=sample.value,
        frame=sample.frame,
        margin=sample.margin,
        unit=cast(Unit, sample.margin_unit),
        share=sample.margin_share,
        reasons=sample.invalid,
    )


def _columns(sample: Sample) -> Iterator[str]:
    """Columns that repeat what the scene says, and masks against their pixels."""
    scene = scene_of(sample)
    try:
        expected: dict[str, Any] = about_fields(scene, sample.about)
    except KeyError as error:
        yield str(error.args[0])
        return
    expected |= {"scene_type": scene_type(sample.scene_id), "terms": tuple(t for t in sample.value if t in TERMS)}
    for name, value in expected.items():
        if not _equal(getattr(sample, name), value):
            yield f"{name} is stated as {getattr(sample, name)}, but is {value}"
    for number, object_id in enumerate(sample.about, start=1):
        shown = 0 if sample.mask is None else int((sample.mask == number).sum())
        pixels = sample.masks[object_id].pixels if sample.masks and object_id in sample.masks else 0
        if sample.masks is not None and shown != pixels:
            yield f"its mask shows {shown} pixels of '{object_id}', its scene states {pixels}"


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (one != one and other != other) or math.isclose(one, other, abs_tol=TOLERANCE)
    return bool(one == other)

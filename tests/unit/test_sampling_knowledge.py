"""What is known per relation cell, and what of a round trains."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from rls3.samples.record import Sample
from rls3.samples.scores import Score
from rls3.sampling.curation import curated
from rls3.sampling.knowledge import ASPECTS, Knowledge
from rls3.scene.cells import CELLS, cell_of
from rls3.scene.edit import TERMS
from tests.factories import make_sample


def scored(success: float, version: int = 0, name: str = "test-0", **fields: object) -> Sample:
    return make_sample(sample_id=name, vlm_version=version, success_probability=success, **fields)


def test_there_are_26_cells_each_named_by_its_terms() -> None:
    assert len(CELLS) == len(set(CELLS)) == 26
    assert {len(cell.split("_")) for cell in CELLS} == {1, 2, 3}
    assert cell_of(("left", "above")) == "above_left" and cell_of(["behind"]) == "behind"
    assert all(cell_of(cell.split("_")) == cell for cell in CELLS)
    for wrong in ((), ("left", "right"), ("beside",)):
        with pytest.raises(ValueError, match=r"no relation has the terms .*; one has one to three of"):
            cell_of(wrong)


def test_statistics_belong_to_one_version_and_remember_the_one_before() -> None:
    known = Knowledge()
    assert (known.accuracy("left"), known.learnability("left"), known.progress("left")) == (0.5, 1.0, 0.0)
    left = make_sample(terms=("left",))
    for _ in range(2):
        assert known.note(left, Score("test-0", (0.0, 1.0, 0.0, 0.0), 0))
    assert (known.accuracy("left"), known.learnability("left")) == (0.75, 0.5)  # drawn half-way to what was known
    known.advance(1)
    assert (known.accuracy("left"), known.learnability("left"), known.progress("left")) == (1.0, 0.0, 0.0)
    for _ in range(6):
        assert known.note(left, Score("test-0", (0.5, 0.5, 0.0, 0.0), 1))
    assert known.accuracy("left") == pytest.approx((6 * 0.5 + 2 * 1.0) / 8)
    assert known.progress("left") == pytest.approx(-0.375)
    assert not known.note(left, Score("test-0", (0.0, 1.0, 0.0, 0.0), 0)), "a stale score"
    assert known.fresh["left"].count == 6
    known.advance(2)
    known.advance(3)
    assert known.before["left"].count == 6, "the last version that scored any of it"


def test_the_deficit_is_even_at_first_and_falls_as_a_cell_floods() -> None:
    known = Knowledge()
    assert {known.deficit(cell) for cell in CELLS} == {0.0}
    for cell in CELLS:
        known.count((cell, "alike"))
    assert {known.deficit(cell) for cell in CELLS} == {0.0}
    for _ in range(26):
        known.count(("left",))
    assert known.deficit("left") == -1.0 and known.deficit("behind") == pytest.approx(0.5)
    assert known.shares()[TERMS.index("left")] > known.shares()[TERMS.index("right")]
    assert known.deficit("alike") == -1.0 and known.deficit("larger") == 1.0, "sizes lag behind sizes"


def test_what_is_due_follows_weakness() -> None:
    known = Knowledge(weakness=dict.fromkeys(ASPECTS, 0.1) | {"behind": 0.4, "left": 0.0})
    for cell in CELLS:
        known.count((cell,))
    # of nine cells with "behind" one has no other term, four have one, four have two; "left" counts as 0.05 alone
    assert known.deficit("behind") > known.deficit("behind_right") > known.deficit("above_behind_right") > 0.0
    assert 0.0 > known.deficit("right") > known.deficit("left") == -1.0


def test_a_runs_records_tell_all_of_it(tmp_path: Path) -> None:
    records = [
        scored(0.5, 0, "a"),
        scored(0.9, 0, "b", terms=("above",)),
        scored(0.9, 0, "c", invalid=("floating",)),
        scored(0.7, 1, "d"),
        scored(0.7, 0, "late"),  # scored before the fit, paid after it
    ]
    known = Knowledge.of(records)
    assert known.version == 1
    assert (known.fresh["left"].count, known.before["left"].count, known.before["above"].count) == (1, 1, 1)
    assert (known.made["left"], known.made["above"], known.made["alike"]) == (3, 1, 4)
    assert (known.fresh["alike"].count, known.before["alike"].count) == (1, 2)
    assert known.kinds == {"Mug|Bowl|left": 3, "Mug|Bowl|above": 1}
    known.save(tmp_path / "known.json")
    assert Knowledge.load(tmp_path / "known.json") == known


def test_what_is_taken_over_is_the_vlm_not_what_was_made() -> None:
    mine, other = Knowledge(), Knowledge(version=4, weakness=dict.fromkeys(ASPECTS, 0.1))
    mine.count(("left",))
    other.count(("right",))
    other.note_success(make_sample(), 1.0)
    mine.observe(other)
    assert (mine.version, mine.weakness["left"], mine.fresh["left"].count) == (4, 0.1, 1)
    assert (mine.made["left"], mine.made["right"]) == (1, 0)
    other.note_success(make_sample(), 1.0)
    assert mine.fresh["left"].count == 1, "a copy"


def test_half_a_weakness_is_refused() -> None:
    with pytest.raises(ValueError, match="weakness of 'right' is None; each of"):
        Knowledge().set_weakness({"left": 0.5})
    with pytest.raises(ValueError, match=r"weakness of 'left' is 1.5; .* needs one in 0..1"):
        Knowledge().set_weakness(dict.fromkeys(ASPECTS, 1.5))


def flood() -> list[Sample]:
    """Thirty samples on the left, ten above."""
    return [scored(0.9, name=f"s{n:02d}", terms=("above",) if n % 4 == 3 else ("left",)) for n in range(40)]


def test_a_cell_gives_no_more_than_its_share() -> None:
    kept = curated(flood(), cell_share=0.3, rng=np.random.default_rng(0))
    assert Counter(sample.terms for sample in kept) == {("left",): 12, ("above",): 10}
    names = [sample.sample_id for sample in kept]
    assert names == sorted(names)
    assert names == [s.sample_id for s in curated(flood(), cell_share=0.3, rng=np.random.default_rng(0))]
    assert names != [s.sample_id for s in curated(flood(), cell_share=0.3, rng=np.random.default_rng(1))]
    whole = curated(flood(), cell_share=1.0, rng=np.random.default_rng(0))
    assert [sample.sample_id for sample in whole] == [sample.sample_id for sample in flood()]
    assert len(curated(flood()[:1], cell_share=0.1, rng=np.random.default_rng(0))) == 1
    assert curated([], cell_share=0.1, rng=np.random.default_rng(0), hard_share=0.5) == []


def test_hard_ones_are_drawn_in_proportion_to_their_loss() -> None:
    samples = [scored(0.05 if n % 2 else 0.95, name=f"s{n:03d}", terms=(TERMS[n % 6],)) for n in range(200)]
    kept = curated(samples, cell_share=1.0, rng=np.random.default_rng(0), hard_share=0.25)
    assert len(kept) == 50
    assert sum(sample.success_probability < 0.5 for sample in kept) > 45  # their loss is 58 times that of the others
    sure = [scored(1.0, name=f"s{n}") for n in range(4)]
    assert len(curated(sure, cell_share=1.0, rng=np.random.default_rng(0), hard_share=0.5)) == 2

"""What a comparison says: figures of hand-made runs, and the report, tables and progress that show them."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from rls3.samples.ledger import Ledger
from rls3.samples.scores import Evaluation, Tally
from rls3.scene.edit import TERMS
from rls3.tracking.comparison.analysis import analyse
from rls3.tracking.comparison.guards import Asked, text_only, text_only_of, top_cell_share
from rls3.tracking.comparison.outcome import Comparison
from rls3.tracking.comparison.progress import GridProgress
from rls3.tracking.comparison.report import Origin, write_comparison
from rls3.tracking.comparison.results import TERM_SETS, CellResult, chosen_sizes, chosen_terms
from rls3.tracking.comparison.tables import efficiency_table, final_table, guards_table, pair_tables, print_tables
from tests.factories import make_sample
from tests.unit.tracking_factory import make_round

ORIGIN = Origin(
    "mine <1>",
    {
        "weights": {"vilt": "0123456789abcdef0123"},
        "invocations": [{"version": "0.2.0", "commit": "c0ffee", "command": "rls3 compare mine.yaml"}],
    },
    {"slow-vilt-seed2": "1 of 3 rounds; failed: no memory"},
)


def evaluated(correct: int) -> Evaluation:
    """100 questions; 25 on each relation and in each of two kinds of room, "behind" and bathrooms answered worst."""
    quarter = correct // 4
    by_term: dict[str, Tally] = {term: Tally(quarter, 25) for term in TERMS} | {"behind": Tally(quarter - 5, 25)}
    rooms = {"bathroom": Tally(quarter - 2, 25), "kitchen": Tally(quarter, 25)}
    return Evaluation("report", 0, Tally(correct, 100), by_term, by_room_type=rooms, by_term_count={"1": Tally(1, 2)})


def cell(folder: Path, arm: str, seed: int, curve: Sequence[int], terms: Sequence[tuple[str, ...]] = ()) -> CellResult:
    """A run of 10 edits a round, 5 valid, whose right answers of 100 are `curve`; `terms` = samples of the first."""
    samples = folder / f"{arm}{seed}"
    made = [make_sample(sample_id=f"s{n}", terms=found) for n, found in enumerate(terms or [("left",)])]
    ledger = Ledger(samples)
    ledger.append([*made, make_sample(sample_id="bad", invalid=("too_far",))], round_index=0)
    rounds = tuple(
        make_round(index, attempted=10, valid=5, trained=5, report=evaluated(correct), collect_s=60.0, score_s=0.0,
                   fit_s=0.0, evaluate_s=0.0)
        for index, correct in enumerate(curve[1:])
    )  # fmt: skip
    return CellResult(arm, "vilt", seed, evaluated(curve[0]), rounds, samples)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[CellResult]:
    folder = tmp_path_factory.mktemp("cells")
    return [
        cell(folder, "quick", 0, (60, 72, 80, 80), [("behind", "left"), ("left",)]),
        cell(folder, "slow", 0, (60, 64, 68, 72)),
        cell(folder, "quick", 1, (60, 68, 80, 84)),
        cell(folder, "slow", 1, (60, 60, 64, 64)),
    ]


@pytest.fixture(scope="module")
def comparison(results: list[CellResult]) -> Comparison:
    return analyse(results, frozenset({"kitchen"}))


def test_an_arms_figures_are_means_over_seeds(comparison: Comparison) -> None:
    quick, slow = comparison.of("vilt")
    assert (quick.arm, slow.arm, quick.seeds) == ("quick", "slow", (0, 1))
    assert (quick.base.value, quick.final.value, quick.gain.value) == pytest.approx((0.6, 0.82, 0.22))
    assert (quick.gain.low, quick.gain.high) == pytest.approx((0.22 - 0.02 * 12.706, 0.22 + 0.02 * 12.706))
    assert quick.first_round.value == pytest.approx(0.1)
    assert (quick.rendered, quick.trained, quick.seconds, quick.valid_share.value) == (30, 15, 180, 0.5)
    assert quick.worst[0] == "behind"
    assert quick.transfer.value == pytest.approx(-0.08), "bathrooms, where nothing was trained, against kitchens"
    assert quick.curves["rendered"].x == (0, 10, 20, 30)
    assert quick.curves["rendered"].mean == pytest.approx((0.6, 0.7, 0.8, 0.82))
    assert quick.curves["seconds"].x[-1] == 180


def test_arms_are_compared_on_the_seeds_that_both_finished(results: list[CellResult], comparison: Comparison) -> None:
    pair = comparison.pair("vilt", "quick", "slow")
    assert pair is not None and pair.seeds == (0, 1)
    assert pair.difference.value == pytest.approx(0.14)  # 80 - 72 and 84 - 64
    assert pair.average.value == pytest.approx(0.12)  # (232 - 204) / 3 and (232 - 188) / 3: rounds without the start
    assert pair.reach.level == pytest.approx(0.68)  # slow's best mean, after 30 edits
    assert (pair.reach.baseline, pair.reach.arm) == pytest.approx((30, 8))
    assert pair.reach.ratio.value == pytest.approx(3.75)
    fewer = analyse(results[:3], frozenset()).pair("vilt", "quick", "slow")
    assert fewer is not None and fewer.seeds == (0,)
    assert fewer.difference.value == pytest.approx(0.08)
    assert fewer.difference.low < 0.08 < fewer.difference.high, "one seed has the interval of its questions"
    assert not fewer.difference.excludes_zero


def test_what_was_chosen_is_counted_by_set_of_terms(results: list[CellResult]) -> None:
    assert len(TERM_SETS) == 26
    chosen = np.array(chosen_terms([results[0], results[2]]))
    assert chosen.shape == (26, 3)
    left, both = TERM_SETS.index(("left",)), TERM_SETS.index(("left", "behind"))
    assert (chosen[left, 0], chosen[both, 0], chosen.sum()) == (1.0, 0.5, 1.5)
    first, *rest = results[0].rounds
    sized = replace(results[0], rounds=(replace(first, sizes={"larger": 4}), *rest))
    assert chosen_sizes([sized, results[2]]) == [[0, 0, 0], [0, 0, 0], [0, 0, 0], [2, 0, 0], [0, 0, 0]]


def test_the_reader_without_pictures_finds_what_texts_give_away() -> None:
    options = ("left", "right", "above", "behind")
    rng = np.random.default_rng(0)
    types = ("Mug", "Pot", "Bed")
    told = [Asked(types[n % 3], "Table", options, n % 3) for n in range(60)]  # a mug is always left
    fair = [Asked(types[rng.integers(3)], "Table", options, int(rng.integers(4))) for _ in range(400)]
    assert text_only(told).accuracy == 1.0
    low, high = text_only(fair).interval()
    assert low < 0.25 < high
    assert text_only([]) == Tally(0, 0)


def test_guards_are_told_per_arm(results: list[CellResult], comparison: Comparison) -> None:
    assert text_only_of(results[0]).total == 2, "valid samples only"
    assert math.isnan(top_cell_share(results))
    first, *rest = results[0].rounds
    paid = [replace(results[0], rounds=(replace(first, top_cell="left", top_cell_share=0.4), *rest))]
    assert top_cell_share(paid) == 0.4
    table = guards_table(comparison, "vilt")
    assert [row[0] for row in table.rows] == ["quick", "slow"] and table.rows[0][2] == "–"


def test_tables_show_intervals_and_what_was_never_reached(comparison: Comparison) -> None:
    markdown = final_table(comparison).markdown().splitlines()
    assert markdown[0].startswith("| student | arm | seeds | base, % | final, % |")
    assert markdown[2].startswith("| vilt | quick | 2 | 60.0 | 82.0 [56.6, 100.0] | +22.0 [-3.4, +47.4] |")
    rows = {row[0]: row for row in efficiency_table(comparison, "vilt").rows}
    assert re.fullmatch(r"3\.75 \[\d\.\d\d, \d\.\d\d\]; 8", rows["quick"][2])
    assert rows["slow"][1] == "<1.00; >30"
    final, average, _ = pair_tables(comparison, "vilt")
    assert (final.rows[0][2], average.rows[0][2]) == ("+14.0 [-62.2, +90.2]", "+12.0 [-21.9, +45.9]")
    out = io.StringIO()
    print_tables(comparison, Console(file=out, width=160))
    assert "* = the interval excludes 0" in out.getvalue()
    assert "+14.0 [-62.2, +90.2]" in out.getvalue()


def test_there_is_no_ratio_to_an_arm_that_gained_nothing(tmp_path: Path) -> None:
    gained, lost = cell(tmp_path, "gained", 0, (60, 72, 80)), cell(tmp_path, "lost", 0, (60, 56, 52))
    rows = {row[0]: row for row in efficiency_table(analyse([gained, lost], frozenset()), "vilt").rows}
    assert rows["gained"][2] == "–; 0" and rows["lost"][1] == "<1.00; >20"


def test_the_report_has_every_arm_and_what_is_missing(
    comparison: Comparison, results: list[CellResult], tmp_path: Path
) -> None:
    files = write_comparison(comparison, results, ORIGIN, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for arm in ("quick", "slow"):
        assert f"Samples of {arm}" in page and f"<td>{arm}</td>" in page
    assert "mine &lt;1&gt;" in page
    assert "1 cells are missing" in page and "1 of 3 rounds; failed: no memory" in page
    assert "embedded 0.1.0" in page and "commit c0ffee" in page and "0123456789abcdef…" in page
    assert not re.search(r'src="(?!data:image/png;base64,)', page)
    found = json.loads((tmp_path / "results.json").read_text())
    assert found["arms"][0]["gain"]["value"] == pytest.approx(0.22)
    assert found["arms"][0]["worst_relation"] == "behind"
    assert found["pairs"][1]["reach"]["arm"] is None, "never"
    assert found["cells"][0]["accuracy"] == [0.6, 0.72, 0.8, 0.8]
    assert found["cells"][0]["groups"]["room type"]["kitchen"][0] == [15, 25]
    assert "| quick |" in (tmp_path / "table.md").read_text()
    pictures = [path for path in files if path.suffix == ".png"]
    assert len(pictures) == 6
    for path in pictures:
        assert np.asarray(Image.open(path).convert("L")).std() > 5, path.name


def test_one_arm_with_one_seed_is_reported_too(results: list[CellResult], tmp_path: Path) -> None:
    alone = analyse(results[:1], frozenset({"kitchen", "bathroom"}))
    assert alone.pairs == ()
    assert math.isnan(alone.arms[0].transfer.value), "all kinds of rooms were trained on"
    assert alone.arms[0].gain.low < 0.2 < alone.arms[0].gain.high
    write_comparison(alone, results[:1], ORIGIN, tmp_path)
    assert json.loads((tmp_path / "results.json").read_text())["arms"][0]["transfer"]["value"] is None


def test_progress_tells_the_time_left_and_what_failed() -> None:
    now, out = [0.0], io.StringIO()
    console = Console(file=out, width=100, soft_wrap=True)
    with GridProgress(4, 1, rounds=2, done=1, console=console, clock=lambda: now[0]) as display:
        display.seen("a", 1)  # resumed after its first round
        assert math.isnan(display.left())
        now[0] = 10.0
        display.ended("a", 2, None)
        assert display.left() == 40.0  # four rounds of two cells, ten seconds each
        display.seen("b", 0)
        display.ended("b", 0, "no memory")
        assert display.left() == 20.0
    lines = out.getvalue().splitlines()
    assert lines == ["2/4 a: done · 40 s left", "3/4 b: FAILED: no memory · 20 s left"]


def test_on_a_terminal_the_cells_in_progress_are_shown() -> None:
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=True, color_system=None)
    with GridProgress(4, 1, rounds=2, done=0, console=console) as display:
        display.seen("a", 0)
        display.seen("a", 1)
    assert "cells 1/4" in out.getvalue()
    assert "3/8 rounds" in out.getvalue()
    assert "a 1/2" in out.getvalue()

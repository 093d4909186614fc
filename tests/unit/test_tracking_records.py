"""Records, the figures drawn from them, and what a person reads."""

from __future__ import annotations

import io
import math

import pytest
from rich.console import Console

from rls3.tracking.figures import duration
from rls3.tracking.progress import LineProgress, LiveProgress, Pace, make_progress
from rls3.tracking.records import metrics
from rls3.tracking.summary import print_summary
from tests.unit.tracking_factory import make_evaluation, make_round, make_summary


def test_metrics_carry_units_and_leave_out_what_is_unknown() -> None:
    values = metrics(make_round(2, vlm_loss=math.nan, policy={"entropy": 2.0, "kl": math.inf}))
    assert values["valid_share"] == 0.75
    assert values["edits_per_second"] == pytest.approx(128 / 20)
    assert values["accuracy_report"] == pytest.approx(0.6)
    assert values["accuracy_feedback_left"] == pytest.approx(0.5)
    assert values["invalid_floating_count"] == 12
    assert values["policy_entropy"] == 2.0
    assert not {"vlm_loss", "policy_kl", "accuracy_stopping"} & values.keys()
    assert all(math.isfinite(value) for value in values.values())


def test_metrics_tell_of_early_stopping_and_lost_trainers() -> None:
    values = metrics(make_round(vlm_epochs=3, stopping_accuracy=0.75, trainer_restarts=1))
    assert (values["vlm_epochs"], values["accuracy_stopping"], values["trainer_restarts_count"]) == (3, 0.75, 1)


def test_summary_counts_are_sums_over_rounds() -> None:
    summary = make_summary(rounds=(make_round(0, trainer_restarts=1), make_round(1, restarts=2)))
    assert (summary.attempted, summary.valid, summary.restarts, summary.trainer_restarts) == (256, 192, 2, 1)
    assert list(summary.invalid_reasons.items()) == [("floating", 24), ("overlapping", 8)]


def test_pace_tells_the_time_left_from_the_rounds_seen() -> None:
    now = [0.0]
    pace = Pace(4, lambda: now[0])
    pace.start(1)  # a resumed run
    assert math.isnan(pace.left())
    now[0] = 60.0
    pace.finish()
    assert pace.left() == 120.0
    pace.start(2)
    now[0] = 70.0
    assert pace.left() == 110.0


@pytest.mark.parametrize(
    ("seconds", "text"), [(41.6, "42 s"), (185, "3 min 05 s"), (7800, "2 h 10 min"), (59.7, "1 min 00 s")]
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_without_terminal_each_round_is_one_plain_line() -> None:
    out = io.StringIO()
    progress = make_progress(2, 128, Console(file=out, width=40, soft_wrap=True))
    assert isinstance(progress, LineProgress)
    progress.measured_before(make_evaluation("report", 0, 0.5))
    for index in range(2):
        progress.round_started(index)
        progress.batch_done(128, 96, 0.4)
        progress.round_done(make_round(index, restarts=index))
    progress.close()
    lines = out.getvalue().splitlines()
    assert len(lines) == 3
    assert "\x1b" not in out.getvalue()
    assert lines[0].startswith("before: held-out accuracy 50.0 %")
    assert lines[1].startswith("round 1/2: 96 of 128 edits valid (75.0 %)")
    assert lines[2].endswith("1 simulator restart")


def test_on_a_terminal_the_round_in_progress_is_shown() -> None:
    out = io.StringIO()
    progress = make_progress(2, 128, Console(file=out, width=110, force_terminal=True, color_system=None))
    assert isinstance(progress, LiveProgress)
    try:
        progress.round_started(1)
        progress.batch_done(64, 48, 0.5)
    finally:
        progress.close()
    assert "round 2/2" in out.getvalue()
    assert "64/128 edits" in out.getvalue()
    assert "valid 75.0 %" in out.getvalue()
    assert "reward +0.50" in out.getvalue()


def test_final_table_says_what_changed_and_where_everything_is() -> None:
    out = io.StringIO()
    summary = make_summary()
    print_summary(summary, Console(file=out, width=120))
    text = out.getvalue()
    overall = next(line for line in text.splitlines() if line.strip().startswith("all "))
    assert overall.split() == ["all", "240", "50.0", "%", "44-56", "60.0", "%", "54-66", "+10.0", "192"]
    assert "256 edits, 192 valid samples; reasons of the others: floating 24, overlapping 8;" in text
    for place in (summary.report_path, summary.pictures, summary.dataset):
        assert str(place) in text
    assert "mlflow server" in text
    assert f"/runs/{summary.mlflow_run_id}" in text

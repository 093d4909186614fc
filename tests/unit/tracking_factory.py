"""Small records of rounds and runs for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rls3.samples.scores import Evaluation, Tally
from rls3.scene.edit import TERMS
from rls3.tracking.records import RoundRecord, RunSummary


def make_evaluation(pool: str = "report", vlm_version: int = 1, accuracy: float = 0.6) -> Evaluation:
    """240 questions, 60 of them under each term, all answered with about the same accuracy."""
    by_term: dict[str, Tally] = {term: Tally(round(60 * accuracy), 60) for term in TERMS}
    return Evaluation(pool, vlm_version, Tally(round(240 * accuracy), 240), by_term)


def make_round(index: int = 0, **overrides: Any) -> RoundRecord:
    """A round of 128 edits, 96 of them valid; every field can be overridden."""
    values: dict[str, Any] = {
        "round": index,
        "attempted": 128,
        "valid": 96,
        "invalid_reasons": {"overlapping": 4, "floating": 12},
        "restarts": 0,
        "reward_mean": 0.4,
        "terms": dict.fromkeys(TERMS, 10 + index),
        "report": make_evaluation("report"),
        "feedback": make_evaluation("feedback", accuracy=0.5),
        "collect_s": 20.0,
        "score_s": 2.0,
        "fit_s": 11.0,
        "evaluate_s": 4.0,
        "vlm_loss": 0.9,
        "policy": {"entropy": 2.0},
    }
    return RoundRecord(**(values | overrides))


def make_summary(run_dir: Path = Path("/runs/demo"), **overrides: Any) -> RunSummary:
    """A run of two rounds; every field can be overridden."""
    values: dict[str, Any] = {
        "run_dir": run_dir,
        "dataset": run_dir / "samples",
        "pictures": run_dir / "pictures",
        "report_path": run_dir / "report.html",
        "sampler": "ppo",
        "seed": 7,
        "engine_name": "embedded",
        "engine_version": "0.1.0",
        "base_model": "rls3-vilt-base",
        "before": make_evaluation(vlm_version=0, accuracy=0.5),
        "after": make_evaluation(vlm_version=2),
        "rounds": (make_round(0), make_round(1)),
        "tracking_uri": "sqlite:////runs/mlflow.db",
        "mlflow_experiment_id": "1",
        "mlflow_run_id": "abc",
    }
    return RunSummary(**(values | overrides))

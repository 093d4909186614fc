"""Typed records of what happened in a run, made where it happened; every table and curve is drawn from them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rls3.samples.scores import Evaluation


@dataclass(frozen=True)
class RoundRecord:
    """One finished round.

    Attributes:
        round: 0-based.
        attempted: edits tried.
        valid: edits that made a valid sample: one whose own question may be asked.
        invalid_reasons: how often each reason was given; an edit may have several.
        restarts: simulators that had to be rebuilt.
        reward_mean: mean worth of the attempted edits that have one (see `rls3.sampling.rewards`).
        terms: valid samples per relation term; a sample counts under each of its one to three terms.
        report: held-out accuracy after the round, on questions the sampler never hears of.
        feedback: held-out accuracy after the round, on the questions that steer the sampler.
        collect_s: seconds waited for edits and their pictures.
        score_s: seconds waited for the VLM's scores.
        fit_s: seconds of fine-tuning.
        evaluate_s: seconds of evaluation.
        vlm_loss: mean training loss of the round.
        policy: figures of the sampler's last update (entropy, KL divergence, ...); empty without a policy.
        vlm_epochs: passes over the round's training set.
        stopping_accuracy: best accuracy on the early-stopping pool; None without early stopping.
        trainer_restarts: trainers that died and were replaced.
        rendered: edits that led to a picture, valid or not.
        trained: valid samples that the VLM was fine-tuned on; the others flooded their cell or were not chosen.
        stale: rewards the policy was not told, since an earlier version of the VLM had scored the sample.
        cells: valid samples per relation cell; cells without any are left out.
        sizes: valid samples per size of the subject beside the reference's (`rls3.scene.figure`), likewise.
        top_cell, top_cell_share: the cell that brought most of the valid samples' reward, and its share, 0..1; "" and
            0 without any.
    """

    round: int
    attempted: int
    valid: int
    invalid_reasons: Mapping[str, int]
    restarts: int
    reward_mean: float
    terms: Mapping[str, int]
    report: Evaluation
    feedback: Evaluation
    collect_s: float
    score_s: float
    fit_s: float
    evaluate_s: float
    vlm_loss: float
    policy: Mapping[str, float]
    vlm_epochs: int = 0
    stopping_accuracy: float | None = None
    trainer_restarts: int = 0
    rendered: int = 0
    trained: int = 0
    stale: int = 0
    cells: Mapping[str, int] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    top_cell: str = ""
    top_cell_share: float = 0.0

    @property
    def valid_share(self) -> float:
        """Valid edits per attempted edit, 0..1; NaN when nothing was attempted."""
        return self.valid / self.attempted if self.attempted else float("nan")

    @property
    def total_s(self) -> float:
        """Seconds from the round's first edit to its last evaluated question."""
        return self.collect_s + self.score_s + self.fit_s + self.evaluate_s

    @property
    def edits_per_second(self) -> float:
        """Edits collected per second of waiting for them; NaN when no time was measured."""
        return self.attempted / self.collect_s if self.collect_s > 0 else float("nan")


@dataclass(frozen=True)
class RunSummary:
    """A finished run, as the final table and the report tell it.

    Attributes:
        run_dir: the run's folder.
        dataset: folder of the Parquet samples.
        pictures: folder of the contact sheet and the curves.
        report_path: the HTML report.
        sampler: as `sampler.name` of the configuration.
        seed: the run's seed.
        engine_name, engine_version: the program that drew the pictures.
        base_model: the VLM the run started from.
        before, after: accuracy on the report pool before the first and after the last round.
        rounds: every round, in order.
        tracking_uri: MLflow store.
        mlflow_experiment_id, mlflow_run_id: where the run is in that store.
    """

    run_dir: Path
    dataset: Path
    pictures: Path
    report_path: Path
    sampler: str
    seed: int
    engine_name: str
    engine_version: str
    base_model: str
    before: Evaluation
    after: Evaluation
    rounds: tuple[RoundRecord, ...]
    tracking_uri: str
    mlflow_experiment_id: str
    mlflow_run_id: str

    @property
    def attempted(self) -> int:
        """Edits tried in all rounds."""
        return sum(record.attempted for record in self.rounds)

    @property
    def valid(self) -> int:
        """Valid samples of all rounds."""
        return sum(record.valid for record in self.rounds)

    @property
    def restarts(self) -> int:
        """Simulators rebuilt in all rounds."""
        return sum(record.restarts for record in self.rounds)

    @property
    def trainer_restarts(self) -> int:
        """Trainers replaced in all rounds."""
        return sum(record.trainer_restarts for record in self.rounds)

    @property
    def seconds(self) -> float:
        """Duration of all rounds, seconds."""
        return sum(record.total_s for record in self.rounds)

    @property
    def invalid_reasons(self) -> dict[str, int]:
        """Reasons of all rounds, most frequent first, equal counts by name."""
        total: Counter[str] = Counter()
        for record in self.rounds:
            total.update(record.invalid_reasons)
        return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))


def evaluation_metrics(evaluation: Evaluation) -> dict[str, float]:
    """Shares 0..1 named "accuracy_<pool>" and "accuracy_<pool>_<group's member>"; those without questions left out."""
    name = f"accuracy_{evaluation.pool}"
    values = {name: evaluation.overall.accuracy}
    counts = {f"terms_{count}": hits for count, hits in evaluation.by_term_count.items()}
    parts = {**evaluation.by_source, **evaluation.by_room_type, **counts, **evaluation.by_term, **evaluation.by_size}
    values.update({f"{name}_{part}": tally.accuracy for part, tally in parts.items()})
    return _finite(values)


def metrics(record: RoundRecord) -> dict[str, float]:
    """A round as flat numbers with their units in the names; what is not a finite number is left out."""
    values: dict[str, float] = {
        "edits_count": record.attempted,
        "rendered_count": record.rendered,
        "valid_count": record.valid,
        "trained_count": record.trained,
        "stale_rewards_count": record.stale,
        "reward_top_cell_share": record.top_cell_share,
        "valid_share": record.valid_share,
        "restarts_count": record.restarts,
        "reward_mean": record.reward_mean,
        "collect_seconds": record.collect_s,
        "score_seconds": record.score_s,
        "fit_seconds": record.fit_s,
        "evaluate_seconds": record.evaluate_s,
        "round_seconds": record.total_s,
        "edits_per_second": record.edits_per_second,
        "vlm_loss": record.vlm_loss,
        "vlm_epochs": record.vlm_epochs,
        "trainer_restarts_count": record.trainer_restarts,
    }
    if record.stopping_accuracy is not None:
        values["accuracy_stopping"] = record.stopping_accuracy
    values.update({f"samples_{group}_count": count for group, count in {**record.terms, **record.sizes}.items()})
    values.update({f"invalid_{reason}_count": count for reason, count in record.invalid_reasons.items()})
    values.update({f"policy_{name}": value for name, value in record.policy.items()})
    return _finite(values) | evaluation_metrics(record.report) | evaluation_metrics(record.feedback)


def _finite(values: Mapping[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in values.items() if math.isfinite(value)}

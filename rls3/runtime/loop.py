"""The spine: one round after another.

    sampler.collect --> source.take --> student.score --> rewards --> sampler.learn     once per batch
                                                                         |
    ledger.append  <-- all batches of the round                          |              once per round
    student.fit    <-- their valid samples                               |
    student.evaluate --> "report" pool (figures)                         |
                     --> "feedback" pool --> weakness --> sampler.observe

What waits for what. `collect` consumes the policy as it is and produces sample ids; the samples themselves come
through `take`, which waits until the simulators' streams delivered them. `learn` consumes the rewards of the oldest
batch. At most `max_reward_lag` batches are collected ahead of their rewards. With 0, each batch is paid before the
next begins, `fit` and `evaluate` happen between rounds, every score of a round comes from one version of the VLM, and
the same seed gives the same samples whichever driver runs the parts. With more, that many batches of the next round are
collected and sent to be scored while the VLM is fine-tuned and evaluated; where scorers of their own score, these
batches get the version before the fit, and each score says so.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from rls3.config import Config
from rls3.runtime.handles import Batch, Parts, Pending
from rls3.samples.ledger import Ledger
from rls3.samples.record import Sample
from rls3.samples.scores import Evaluation, Score
from rls3.sampling.rewards import coverage_deficit, edit_reward
from rls3.sampling.sampler import Collected
from rls3.scene.edit import TERMS
from rls3.tracking.records import RoundRecord

if TYPE_CHECKING:
    from rls3.vlm.trainer import FitResult


class Observer(Protocol):
    """Who watches the loop; gets facts, changes nothing."""

    def round_started(self, round_index: int) -> None:
        """A round begins."""
        ...

    def batch_done(self, attempted: int, valid: int, reward_mean: float) -> None:
        """A batch was collected, scored and paid."""
        ...

    def round_done(self, record: RoundRecord) -> None:
        """A round ended."""
        ...


@dataclass
class _Round:
    """What has happened in a round so far; `counts` = valid samples per term of the whole run."""

    index: int
    counts: Counter[str]
    weakness: Mapping[str, float] = field(default_factory=dict)
    collecting: deque[Pending[Collected]] = field(default_factory=deque)
    scoring: deque[tuple[Batch, Pending[Sequence[Score]]]] = field(default_factory=deque)
    batches: list[Batch] = field(default_factory=list)
    stamped: list[Sample] = field(default_factory=list)
    restarts: int = 0
    policy: Mapping[str, float] = field(default_factory=dict)
    waited: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @contextmanager
    def waits(self, phase: str) -> Iterator[None]:
        """Count the seconds under "collect", "score", "fit" or "evaluate"; a part in this process works meanwhile."""
        started = time.monotonic()
        yield
        self.waited[phase] += time.monotonic() - started


def evaluate_both(parts: Parts) -> tuple[Evaluation, Evaluation]:
    """Held-out accuracy now: ("report", "feedback")."""
    report, feedback = parts.student.evaluate("report"), parts.student.evaluate("feedback")
    return report.result(), feedback.result()


def run_rounds(
    parts: Parts,
    ledger: Ledger,
    config: Config,
    observer: Observer,
    *,
    first_round: int,
    feedback: Evaluation,
) -> Iterator[RoundRecord]:
    """Run the remaining rounds; after each yield the run may be checkpointed or stopped.

    Args:
        parts: sampler, sample source and student.
        ledger: receives one shard per round.
        config: rounds, batch size, lag, reward weights.
        observer: told of rounds and batches.
        first_round: 0, or the round to resume at.
        feedback: latest evaluation on the feedback pool.
    """
    parts.sampler.observe(feedback.weakness()).result()
    counts: Counter[str] = Counter(dict.fromkeys(TERMS, 0))
    counts.update(term for sample in ledger.read() if sample.valid for term in sample.terms)
    coming = _Round(first_round, counts)
    trainer_restarts = 0
    for index in range(first_round, config.loop.rounds):
        observer.round_started(index)
        this, coming = coming, _Round(index + 1, counts)
        this.weakness = feedback.weakness()
        _collect_and_pay(this, parts, config, observer)
        ledger.append(this.stamped, round_index=index, restarts=this.restarts)
        with this.waits("fit"):
            fitting = parts.student.fit(this.batches)
        with this.waits("evaluate"):
            evaluating = [parts.student.evaluate(pool) for pool in ("report", "feedback")]
        if index + 1 < config.loop.rounds:
            _run_ahead(coming, parts, config)
        with this.waits("fit"):
            fitted = fitting.result()
        with this.waits("evaluate"):
            report, feedback = (pending.result() for pending in evaluating)
        parts.sampler.observe(feedback.weakness()).result()
        record = _record(this, report, feedback, fitted, parts.student.restarts - trainer_restarts)
        trainer_restarts = parts.student.restarts
        observer.round_done(record)
        yield record


def _run_ahead(coming: _Round, parts: Parts, config: Config) -> None:
    """Collect the first `max_reward_lag` batches of a round before it begins, and send them to be scored."""
    ahead = min(config.loop.max_reward_lag, config.loop.samples_per_round // config.loop.batch)
    for _ in range(ahead):
        _collect(coming, parts, config)
    for _ in range(ahead):
        _send_to_be_scored(coming, parts)


def _collect_and_pay(this: _Round, parts: Parts, config: Config, observer: Observer) -> None:
    """Collect the round's batches, never more than `max_reward_lag` ahead of their rewards."""
    for _ in range(config.loop.samples_per_round // config.loop.batch - len(this.scoring)):
        _collect(this, parts, config)
        if len(this.collecting) + len(this.scoring) > config.loop.max_reward_lag:
            _pay(this, parts, config, observer)
    while this.collecting or this.scoring:
        _pay(this, parts, config, observer)


def _collect(this: _Round, parts: Parts, config: Config) -> None:
    with this.waits("collect"):
        this.collecting.append(parts.sampler.collect(config.loop.batch))


def _send_to_be_scored(this: _Round, parts: Parts) -> None:
    """Wait for the oldest batch and ask for its scores."""
    with this.waits("collect"):
        collected = this.collecting.popleft().result()
        batch = parts.source.take(collected.sample_ids)
    this.restarts += collected.restarts
    with this.waits("score"):
        this.scoring.append((batch, parts.student.score(batch)))


def _pay(this: _Round, parts: Parts, config: Config, observer: Observer) -> None:
    """Wait for the scores of the oldest batch, pay the policy, and stamp its records."""
    if not this.scoring:
        _send_to_be_scored(this, parts)
    batch, pending = this.scoring.popleft()
    with this.waits("score"):
        scores = {score.sample_id: score for score in pending.result()}
    deficit = coverage_deficit(this.counts)
    stamped = [_stamp(sample, scores.get(sample.sample_id), this, deficit, config) for sample in batch.samples]
    this.counts.update(term for sample in stamped if sample.valid for term in sample.terms)
    this.policy = parts.sampler.learn({sample.sample_id: sample.reward for sample in stamped}).result()
    this.batches.append(batch)
    this.stamped.extend(stamped)
    observer.batch_done(len(stamped), sum(s.valid for s in stamped), sum(s.reward for s in stamped) / len(stamped))


def _stamp(sample: Sample, score: Score | None, this: _Round, deficit: Mapping[str, float], config: Config) -> Sample:
    reward = edit_reward(sample, score, this.weakness, deficit, config.reward)
    if score is None:
        return sample.stamped(round=this.index, reward=reward)
    return sample.stamped(
        round=this.index,
        reward=reward,
        vlm_version=score.vlm_version,
        success_probability=score.success(sample),
    )


def _record(
    this: _Round, report: Evaluation, feedback: Evaluation, fitted: FitResult, trainer_restarts: int
) -> RoundRecord:
    valid = [sample for sample in this.stamped if sample.valid]
    terms = Counter(term for sample in valid for term in sample.terms)
    return RoundRecord(
        round=this.index,
        attempted=len(this.stamped),
        valid=len(valid),
        invalid_reasons=dict(Counter(reason for sample in this.stamped for reason in sample.invalid)),
        restarts=this.restarts,
        reward_mean=sum(sample.reward for sample in this.stamped) / len(this.stamped),
        terms={term: terms[term] for term in TERMS},
        report=report,
        feedback=feedback,
        collect_s=this.waited["collect"],
        score_s=this.waited["score"],
        fit_s=this.waited["fit"],
        evaluate_s=this.waited["evaluate"],
        vlm_loss=fitted.loss,
        policy=dict(this.policy),
        vlm_epochs=fitted.epochs,
        stopping_accuracy=fitted.accuracy,
        trainer_restarts=trainer_restarts,
    )

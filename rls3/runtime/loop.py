"""The spine: one round after another.

    sampler.collect --> source.take --> student.score --> payroll --> sampler.learn, .observe     once per batch
                                                             |
    ledger.append  <-- all batches of the round              |                                    once per round
    student.fit    <-- their valid samples, curated          |
    student.evaluate --> "report" pool (figures)             |
                     --> "feedback" pool --> weakness --> knowledge --> sampler.observe

What waits for what. `collect` consumes the policy as it is and produces sample ids; the samples themselves come
through `take`, which waits until the simulators' streams delivered them. `learn` consumes the rewards of the oldest
batch. At most `max_reward_lag` batches are collected ahead of their rewards. With 0, each batch is paid before the
next begins, `fit` and `evaluate` happen between rounds, every score of a round comes from one version of the VLM, and
the same seed gives the same samples whichever driver runs the parts. With more, that many batches of the next round are
collected and sent to be scored while the VLM is fine-tuned and evaluated; where scorers of their own score, these
batches get the version before the fit, each score says so, and the policy does not learn from them.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rls3.config import Config
from rls3.runtime.handles import Batch, Parts, Pending
from rls3.samples.ledger import Ledger
from rls3.samples.record import Sample
from rls3.samples.scores import Evaluation, Score
from rls3.sampling.curation import curated
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.rewards import Payroll, Wage, top_cell_share
from rls3.sampling.sampler import Collected, mean_reward
from rls3.scene.cells import cell_of
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
    """What has happened in a round so far."""

    index: int
    collecting: deque[Pending[Collected]] = field(default_factory=deque)
    scoring: deque[tuple[Batch, Pending[Sequence[Score]]]] = field(default_factory=deque)
    batches: list[Batch] = field(default_factory=list)
    stamped: list[Sample] = field(default_factory=list)
    restarts: int = 0
    stale: int = 0
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
    payroll = Payroll(config.reward, Knowledge.of(ledger.read()), config.sampler.episode_steps)
    _tell(parts, payroll, feedback)
    coming = _Round(first_round)
    trainer_restarts = 0
    for index in range(first_round, config.loop.rounds):
        observer.round_started(index)
        this, coming = coming, _Round(index + 1)
        _collect_and_pay(this, parts, payroll, config, observer)
        ledger.append(this.stamped, round_index=index, restarts=this.restarts)
        trained = _curated(this, config)
        with this.waits("fit"):
            fitting = parts.student.fit(this.batches, [sample.sample_id for sample in trained])
        with this.waits("evaluate"):
            evaluating = [parts.student.evaluate(pool) for pool in ("report", "feedback")]
        if index + 1 < config.loop.rounds:
            _run_ahead(coming, parts, config)
        with this.waits("fit"):
            fitted = fitting.result()
        with this.waits("evaluate"):
            report, feedback = (pending.result() for pending in evaluating)
        _tell(parts, payroll, feedback)
        record = _record(this, report, feedback, fitted, len(trained), parts.student.restarts - trainer_restarts)
        trainer_restarts = parts.student.restarts
        observer.round_done(record)
        yield record


def _tell(parts: Parts, payroll: Payroll, feedback: Evaluation) -> None:
    """Tell the sampler what the feedback pool says of the VLM as it is now."""
    payroll.known.set_weakness(feedback.weakness())
    payroll.known.advance(feedback.vlm_version)
    parts.sampler.observe(payroll.known).result()


def _run_ahead(coming: _Round, parts: Parts, config: Config) -> None:
    """Collect the first `max_reward_lag` batches of a round before it begins, and send them to be scored."""
    ahead = min(config.loop.max_reward_lag, config.loop.samples_per_round // config.loop.batch)
    for _ in range(ahead):
        _collect(coming, parts, config)
    for _ in range(ahead):
        _send_to_be_scored(coming, parts)


def _collect_and_pay(this: _Round, parts: Parts, payroll: Payroll, config: Config, observer: Observer) -> None:
    """Collect the round's batches, never more than `max_reward_lag` ahead of their rewards."""
    for _ in range(config.loop.samples_per_round // config.loop.batch - len(this.scoring)):
        _collect(this, parts, config)
        if len(this.collecting) + len(this.scoring) > config.loop.max_reward_lag:
            _pay(this, parts, payroll, observer)
    while this.collecting or this.scoring:
        _pay(this, parts, payroll, observer)


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


def _pay(this: _Round, parts: Parts, payroll: Payroll, observer: Observer) -> None:
    """Wait for the scores of the oldest batch, pay the policy, and stamp its records."""
    if not this.scoring:
        _send_to_be_scored(this, parts)
    batch, pending = this.scoring.popleft()
    with this.waits("score"):
        scores = {score.sample_id: score for score in pending.result()}
    wages = payroll.pay(batch.samples, scores)
    pairs = list(zip(batch.samples, wages, strict=True))
    stamped = [_stamp(sample, scores.get(sample.sample_id), wage, this.index) for sample, wage in pairs]
    this.policy = parts.sampler.learn({sample.sample_id: wage.paid for sample, wage in pairs}).result()
    parts.sampler.observe(payroll.known).result()
    this.batches.append(batch)
    this.stamped.extend(stamped)
    this.stale += sum(wage.stale for wage in wages)
    observer.batch_done(len(stamped), sum(s.valid for s in stamped), _mean_reward(stamped))


def _stamp(sample: Sample, score: Score | None, wage: Wage, round_index: int) -> Sample:
    if score is None:
        return sample.stamped(round=round_index, reward=wage.worth)
    success, version = score.success(sample), score.vlm_version
    return sample.stamped(round=round_index, reward=wage.worth, vlm_version=version, success_probability=success)


def _curated(this: _Round, config: Config) -> list[Sample]:
    """The round's samples that train."""
    rng = np.random.default_rng((config.run.seed, this.index))
    hard_share = config.sampler.hard_share if config.sampler.name == "hard" else None
    valid = [sample for sample in this.stamped if sample.valid]
    return curated(valid, cell_share=config.loop.cell_share, rng=rng, hard_share=hard_share)


def _mean_reward(samples: Sequence[Sample]) -> float:
    return mean_reward({sample.sample_id: sample.reward for sample in samples})


def _record(
    this: _Round, report: Evaluation, feedback: Evaluation, fitted: FitResult, trained: int, trainer_restarts: int
) -> RoundRecord:
    valid = [sample for sample in this.stamped if sample.valid]
    top_cell, top_share = top_cell_share(valid)
    terms = Counter(term for sample in valid for term in sample.terms)
    return RoundRecord(
        round=this.index,
        attempted=len(this.stamped),
        valid=len(valid),
        invalid_reasons=dict(Counter(reason for sample in this.stamped for reason in sample.invalid)),
        restarts=this.restarts,
        reward_mean=_mean_reward(this.stamped),
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
        rendered=sum(sample.image is not None for sample in this.stamped),
        trained=trained,
        stale=this.stale,
        cells=dict(Counter(cell_of(sample.terms) for sample in valid)),
        sizes=dict(Counter(sample.size for sample in valid if sample.size is not None)),
        top_cell=top_cell,
        top_cell_share=top_share,
    )

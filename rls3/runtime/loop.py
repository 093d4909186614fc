"""The spine: one round after another.

    sampler.collect --> source.take --> student.score --> rewards --> sampler.learn     once per batch
                                                                         |
    ledger.append  <-- all batches of the round                          |              once per round
    student.fit    <-- their valid samples                               |
    student.evaluate --> "report" pool (figures)                         |
                     --> "feedback" pool --> weakness --> sampler.observe

What waits for what. `collect` consumes the policy as it is and produces sample ids; the samples themselves come
through `take`, which waits until the simulators' streams delivered them. `learn` consumes the rewards of the oldest
batch. At most `max_reward_lag` batches are collected ahead of their rewards: with 0, each batch is paid before the
next begins, and the same seed gives the same samples whichever driver runs the parts. `fit` and `evaluate` happen
between rounds, so every score of a round comes from one version of the VLM.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rls3.config import Config
from rls3.runtime.handles import Batch, Parts, Pending
from rls3.samples.ledger import Ledger
from rls3.samples.record import Sample
from rls3.samples.scores import Evaluation, Score
from rls3.sampling.rewards import coverage_deficit, edit_reward
from rls3.sampling.sampler import Collected
from rls3.scene.edit import TERMS
from rls3.tracking.records import RoundRecord


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
    """What has happened in the running round so far; `counts` = valid samples per term of the whole run."""

    index: int
    weakness: Mapping[str, float]
    counts: Counter[str]
    batches: list[Batch] = field(default_factory=list)
    stamped: list[Sample] = field(default_factory=list)
    restarts: int = 0
    policy: Mapping[str, float] = field(default_factory=dict)
    collect_s: float = 0.0
    score_s: float = 0.0


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
    for index in range(first_round, config.loop.rounds):
        observer.round_started(index)
        this = _Round(index, feedback.weakness(), counts)
        _collect_and_pay(this, parts, config, observer)
        ledger.append(this.stamped, round_index=index, restarts=this.restarts)
        started = time.monotonic()
        fitted = parts.student.fit(this.batches).result()
        fit_done = time.monotonic()
        report, feedback = evaluate_both(parts)
        parts.sampler.observe(feedback.weakness()).result()
        record = _record(this, report, feedback, fitted.loss, fit_done - started, time.monotonic() - fit_done)
        observer.round_done(record)
        yield record


def _collect_and_pay(this: _Round, parts: Parts, config: Config, observer: Observer) -> None:
    """Collect the round's batches, never more than `max_reward_lag` ahead of their rewards."""
    ahead: deque[Pending[Collected]] = deque()
    for _ in range(config.loop.samples_per_round // config.loop.batch):
        asked = time.monotonic()
        ahead.append(parts.sampler.collect(config.loop.batch))
        this.collect_s += time.monotonic() - asked  # a part in this process has done the work by now
        if len(ahead) > config.loop.max_reward_lag:
            _pay(ahead.popleft(), this, parts, config, observer)
    while ahead:
        _pay(ahead.popleft(), this, parts, config, observer)


def _pay(pending: Pending[Collected], this: _Round, parts: Parts, config: Config, observer: Observer) -> None:
    """Wait for a batch, score it, pay the policy, and stamp its records."""
    started = time.monotonic()
    collected = pending.result()
    batch = parts.source.take(collected.sample_ids)
    taken = time.monotonic()
    scores = {score.sample_id: score for score in parts.student.score(batch).result()}
    this.score_s += time.monotonic() - taken
    this.collect_s += taken - started
    this.restarts += collected.restarts
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
    this: _Round, report: Evaluation, feedback: Evaluation, vlm_loss: float, fit_s: float, evaluate_s: float
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
        collect_s=this.collect_s,
        score_s=this.score_s,
        fit_s=fit_s,
        evaluate_s=evaluate_s,
        vlm_loss=vlm_loss,
        policy=dict(this.policy),
    )

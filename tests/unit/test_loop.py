"""The spine, turned by fakes: what waits for what, and that its figures add up to the ledger's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import pytest

from rls3.config import load_config
from rls3.runtime.handles import Batch, Parts
from rls3.runtime.local import DONE, Ready
from rls3.runtime.loop import evaluate_both, run_rounds
from rls3.samples.ledger import Ledger
from rls3.samples.scores import Evaluation, Score, Tally
from rls3.sampling.knowledge import Knowledge
from rls3.sampling.sampler import Collected
from rls3.scene.edit import TERMS
from rls3.scene.model import EngineInfo
from rls3.tracking.records import RoundRecord
from rls3.vlm.trainer import FitResult
from tests.factories import make_sample

BATCH = 4


class FakeSampler:
    """Makes ids; every fourth edit is invalid; remembers what it was paid and how far it ran ahead."""

    def __init__(self) -> None:
        self.made, self.unpaid, self.most_unpaid = 0, 0, 0
        self.paid: dict[str, float] = {}
        self.observed: list[Knowledge] = []

    def collect(self, num_edits: int) -> Ready[Collected]:
        ids = tuple(f"s-{n:04d}" for n in range(self.made, self.made + num_edits))
        self.made += num_edits
        self.unpaid += 1
        self.most_unpaid = max(self.most_unpaid, self.unpaid)
        return Ready(Collected(ids, valid=num_edits - 1, restarts=1))

    def learn(self, rewards: Mapping[str, float]) -> Ready[Mapping[str, float]]:
        self.paid.update(rewards)
        self.unpaid -= 1
        return Ready({"entropy_nats": 1.0})

    def observe(self, knowledge: Knowledge) -> Ready[None]:
        self.observed.append(deepcopy(knowledge))
        return DONE

    def save(self, folder: Path) -> Ready[None]:
        return DONE

    def restore(self, folder: Path) -> Ready[None]:
        return DONE


class FakeSource:
    def take(self, sample_ids: Sequence[str]) -> Batch:
        samples = tuple(
            make_sample(sample_id=name, terms=("left",), invalid=("too_far",) if int(name[2:]) % 4 == 3 else ())
            for name in sample_ids
        )
        return Batch(samples, samples)


@dataclass(frozen=True)
class FakeEvaluation:
    """Done, as by the trainer's actor, after the fit that was asked for before it."""

    pool: str
    student: FakeStudent

    def result(self) -> Evaluation:
        version = self.student.version
        by_term = dict.fromkeys(TERMS, Tally(1, 4)) | {"above": Tally(version, 4)}
        return Evaluation(self.pool, version, Tally(version, 4), by_term)


class FakeStudent:
    """Is always half sure; every fit loses a trainer and makes it right on one more question about "above"."""

    def __init__(self, sampler: FakeSampler) -> None:
        self.version = self.restarts = 0
        self.trained: list[str] = []
        self.made_when_waited_for: list[int] = []
        self._sampler = sampler

    def score(self, batch: Batch) -> Ready[Sequence[Score]]:
        return Ready([Score(s.sample_id, (0.5,) * len(s.options), self.version) for s in batch.samples])

    def fit(self, batches: Sequence[Batch], sample_ids: Sequence[str]) -> FakeStudent:
        assert {s.sample_id for batch in batches for s in batch.samples} >= set(sample_ids)
        self.trained += sample_ids
        return self

    def result(self) -> FitResult:
        """The student is its own unfinished fit: the version changes when somebody waits for it."""
        self.version += 1
        self.restarts += 1
        self.made_when_waited_for.append(self._sampler.made)
        return FitResult(loss=1.0 / self.version, steps=1, seconds=0.1, version=self.version, epochs=4)

    def evaluate(self, pool: str) -> FakeEvaluation:
        return FakeEvaluation(pool, self)

    def save(self, folder: Path) -> Ready[None]:
        return DONE

    def committed(self, folder: Path) -> None:
        pass

    def restore(self, folder: Path) -> Ready[None]:
        return DONE


class Watcher:
    def __init__(self) -> None:
        self.seen: list[object] = []

    def round_started(self, round_index: int) -> None:
        self.seen.append(round_index)

    def batch_done(self, attempted: int, valid: int, reward_mean: float) -> None:
        self.seen.append((attempted, valid))

    def round_done(self, record: RoundRecord) -> None:
        self.seen.append(record)


def turn(
    tmp_path: Path, lag: int, first_round: int = 0, more: Sequence[str] = ()
) -> tuple[FakeSampler, FakeStudent, Ledger, Watcher]:
    settings = ["loop.rounds=2", "loop.samples_per_round=12", f"loop.batch={BATCH}", f"loop.max_reward_lag={lag}"]
    sampler, watcher, ledger = FakeSampler(), Watcher(), Ledger(tmp_path)
    student = FakeStudent(sampler)
    parts = Parts(sampler, FakeSource(), student, EngineInfo("fake", "1"))
    _, feedback = evaluate_both(parts)
    config = load_config([], [*settings, "loop.cell_share=1", "reward.normalise=false", *more])
    records = list(run_rounds(parts, ledger, config, watcher, first_round=first_round, feedback=feedback))
    assert records == [seen for seen in watcher.seen if isinstance(seen, RoundRecord)]
    return sampler, student, ledger, watcher


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_no_more_batches_wait_for_rewards_than_the_lag_allows_and_all_are_paid(tmp_path: Path, lag: int):
    sampler, _, _, _ = turn(tmp_path, lag)
    assert sampler.most_unpaid == lag + 1
    assert sampler.unpaid == 0
    assert len(sampler.paid) == sampler.made == 24


def test_the_next_round_runs_ahead_of_the_fit_as_far_as_the_lag_allows(tmp_path: Path):
    for lag, made in {0: [12, 24], 1: [16, 24], 2: [20, 24]}.items():
        sampler, student, ledger, watcher = turn(tmp_path / str(lag), lag)
        assert student.made_when_waited_for == made
        stale = [sample for sample in ledger.read(round_index=1) if sample.vlm_version == 0]
        assert len(stale) == lag * BATCH, "scored before the fit was done, and they say so"
        assert all(math.isnan(sample.reward) == sample.valid for sample in stale)
        records = [seen for seen in watcher.seen if isinstance(seen, RoundRecord)]
        assert [record.stale for record in records] == [0, sum(sample.valid for sample in stale)]
        assert [math.isnan(sampler.paid[s.sample_id]) for s in stale] == [s.valid for s in stale]


def test_ledger_records_and_training_set_agree(tmp_path: Path):
    sampler, student, ledger, watcher = turn(tmp_path, lag=0)
    records = [seen for seen in watcher.seen if isinstance(seen, RoundRecord)]
    assert [record.attempted for record in records] == [12, 12]
    assert [record.valid for record in records] == [9, 9]
    assert [record.invalid_reasons for record in records] == [{"too_far": 3}] * 2
    assert [(record.rendered, record.trained, record.stale) for record in records] == [(12, 9, 0)] * 2
    assert [(record.cells, record.top_cell, record.top_cell_share) for record in records] == [
        ({"left": 9}, "left", 1)
    ] * 2
    assert [record.restarts for record in records] == [3, 3]
    assert [(record.trainer_restarts, record.vlm_epochs, record.vlm_loss) for record in records] == [
        (1, 4, 1.0),
        (1, 4, 0.5),
    ]
    assert ledger.rows == 24 and ledger.restarts == 6
    written = list(ledger.read())
    assert [s.sample_id for s in written if s.valid] == student.trained
    assert {s.sample_id: s.reward for s in written} == sampler.paid
    assert [{s.vlm_version for s in written if s.round == n} for n in (0, 1)] == [{0}, {1}]
    assert all(s.success_probability == 0.5 for s in written)


def test_what_is_known_is_told_before_the_first_round_and_after_each_batch_and_fit(tmp_path: Path):
    sampler, _, _, watcher = turn(tmp_path, lag=0)
    told = [(known.weakness["above"], known.version, known.fresh["left"].count) for known in sampler.observed]
    assert told == [
        (1.0, 0, 0), (1.0, 0, 3), (1.0, 0, 6), (1.0, 0, 9),
        (0.75, 1, 0), (0.75, 1, 3), (0.75, 1, 6), (0.75, 1, 9), (0.5, 2, 0),
    ]  # fmt: skip
    assert watcher.seen[:4] == [0, (4, 3), (4, 3), (4, 3)]


def test_a_flooding_relation_is_paid_less_as_the_run_goes_on(tmp_path: Path):
    sampler, _, _, _ = turn(tmp_path, lag=0)
    assert sampler.paid["s-0000"] > sampler.paid["s-0012"], "all samples are on the left"
    assert sampler.paid["s-0003"] == sampler.paid["s-0015"] == -0.5


def test_a_resumed_run_turns_the_remaining_rounds_only(tmp_path: Path):
    sampler, _, ledger, watcher = turn(tmp_path, lag=0, first_round=1)
    assert sampler.made == 12
    assert [shard.round for shard in ledger.shards] == [1]
    assert watcher.seen[0] == 1


def test_what_floods_a_cell_is_rendered_and_valid_but_does_not_train(tmp_path: Path):
    _, student, ledger, watcher = turn(tmp_path, lag=0, more=["loop.cell_share=0.4"])
    records = [seen for seen in watcher.seen if isinstance(seen, RoundRecord)]
    assert [(record.rendered, record.valid, record.trained) for record in records] == [(12, 9, 3)] * 2
    valid = [sample.sample_id for sample in ledger.read() if sample.valid]
    assert len(student.trained) == 6 and student.trained == [name for name in valid if name in student.trained]


def test_the_policy_is_told_deviations_and_the_ledger_what_they_come_from(tmp_path: Path):
    sampler, _, ledger, _ = turn(tmp_path, lag=0, more=["reward.normalise=true"])
    worth = {sample.sample_id: sample.reward for sample in ledger.read()}
    assert worth["s-0003"] == -0.5 and worth["s-0000"] > 1
    assert sampler.paid["s-0003"] < -1 and 0 < sampler.paid["s-0000"] < 2
    first = [sampler.paid[f"s-{n:04d}"] for n in range(BATCH)]
    assert sum(first) == pytest.approx(0.0, abs=1e-9)

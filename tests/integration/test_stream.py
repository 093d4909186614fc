"""Samples through Ray's object store: merged, in the order asked for, and never far ahead of the loop."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator

import pyarrow as pa
import pytest
import ray

import tests.factories
from rls3.config import RuntimeConfig
from rls3.errors import ActorLostError
from rls3.runtime.cluster import connect
from rls3.runtime.stream import SampleStream
from rls3.samples.arrow import to_batch
from tests.factories import make_sample

WINDOW, LIMIT = 2, 6


class Producer:
    """Stands in for a simulator actor: streams `count` batches of two samples as fast as it may."""

    def __init__(self, name: str, count: int, fails: bool = False) -> None:
        self.name, self.count, self.fails, self.made = name, count, fails, 0

    @ray.method(concurrency_group="stream", num_returns="streaming")
    def stream(self) -> Iterator[pa.RecordBatch]:
        for n in range(self.count):
            self.made += 1
            yield to_batch([make_sample(sample_id=f"{self.name}-{n:02d}-{k}") for k in range(2)])
        if self.fails:
            raise RuntimeError("the simulator is gone")

    @ray.method(concurrency_group="control")
    def progress(self) -> int:
        return self.made


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    for module in (sys.modules[__name__], tests.factories):  # workers cannot import the tests' folder
        ray.cloudpickle.register_pickle_by_value(module)
    connect(RuntimeConfig(object_store_mb=100))
    yield


def producers(*arguments: tuple[object, ...]) -> list[object]:
    actor = ray.remote(num_cpus=0, concurrency_groups={"control": 1, "stream": 1})(Producer)
    return [actor.remote(*each) for each in arguments]


def test_a_producer_waits_while_nobody_takes_its_samples():
    (actor,) = producers(("a", 40))
    stream = SampleStream([actor], window=WINDOW, limit=LIMIT, patience_s=60.0)
    stream.take(["a-00-0", "a-00-1"])
    time.sleep(2.0)
    ahead = ray.get(actor.progress.remote())
    assert ahead <= 1 + LIMIT // 2 + WINDOW + 2, "taken, waiting here, in the window, in the making"
    for n in range(1, 40):
        batch = stream.take([f"a-{n:02d}-1", f"a-{n:02d}-0"])
        assert [sample.sample_id for sample in batch.samples] == [f"a-{n:02d}-1", f"a-{n:02d}-0"]
    assert ray.get(actor.progress.remote()) == 40
    stream.close()


def test_streams_of_several_simulators_are_merged_in_the_order_asked_for():
    stream = SampleStream(producers(("a", 3), ("b", 3)), window=WINDOW, limit=100, patience_s=60.0)
    wanted = [f"{name}-{n:02d}-{k}" for n in range(3) for name in "ba" for k in range(2)]
    batch = stream.take(wanted)
    assert [sample.sample_id for sample in batch.samples] == wanted
    assert len(batch.payload) == 6, "each Arrow batch is passed on once, as a reference"
    stream.close()


def test_what_ends_a_stream_reaches_whoever_waits_for_its_samples():
    stream = SampleStream(producers(("a", 2, True)), window=WINDOW, limit=100, patience_s=60.0)
    with pytest.raises(RuntimeError, match="the simulator is gone"):
        stream.take(["a-99-0"])
    stream.close()


class Dying:
    """Streams three samples; its first process dies after two, the next streams all of them again."""

    @ray.method(num_returns="streaming")
    def stream(self) -> Iterator[pa.RecordBatch]:
        for n in range(3):
            if n == 2 and not ray.get_runtime_context().was_current_actor_reconstructed:
                time.sleep(1.0)  # so that the two have left
                os.kill(os.getpid(), signal.SIGKILL)
            yield to_batch([make_sample(sample_id=str(n))])


def test_what_a_new_process_streams_again_is_taken_once():
    stream = SampleStream([ray.remote(num_cpus=0, max_restarts=1)(Dying).remote()], window=4, limit=9, patience_s=60.0)
    assert stream.take(["1"]).samples[0].sample_id == "1"
    assert [sample.sample_id for sample in stream.take(["2", "0"]).samples] == ["2", "0"]
    stream.close()
    assert not stream._waiting, "nothing came twice"


def test_a_stream_whose_actor_is_gone_tells_how_to_go_on():
    stream = SampleStream([ray.remote(num_cpus=0)(Dying).remote()], window=4, limit=9, patience_s=1.0)
    with pytest.raises(ActorLostError, match="rls3 run --resume"):
        stream.take(["2"])
    stream.close()

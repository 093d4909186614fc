"""The driver's end of the sample streams: pulls Arrow batches from every simulator as they come.

Only references are held; the pixels stay in the object store until somebody takes them. At most `limit` samples may
wait here. Beyond that nothing is pulled, Ray's back-pressure fills the simulators' windows, and they wait.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import ray

from rls3.runtime.handles import Batch
from rls3.runtime.remote import await_process
from rls3.samples.arrow import from_batches


class SampleStream:
    """Merges the streams of several simulator actors; each sample comes once, also when an actor is restored."""

    def __init__(self, simulators: Sequence[Any], *, window: int, limit: int, patience_s: float) -> None:
        """Start pulling.

        Args:
            simulators: `SimulatorActor` handles.
            window: batches that each may be ahead (Ray generator back-pressure).
            limit: samples that may wait here; must cover every batch the loop may have ahead, else it would wait
                for samples that cannot come.
            patience_s: longest wait for the new process of an actor that died, seconds.
        """
        self._window, self._limit, self._patience_s = window, limit, patience_s
        self._waiting: dict[str, Any] = {}
        self._known: set[str] = set()
        self._changed = threading.Condition()
        self._error: Exception | None = None
        self._closed = False
        self._live = [(actor, self._stream_of(actor)) for actor in simulators]
        self._thread = threading.Thread(target=self._pull, name="sample-stream", daemon=True)
        self._thread.start()

    def take(self, sample_ids: Sequence[str]) -> Batch:
        """Wait for these samples and hand them over, in this order; raises what ended the stream."""
        with self._changed:
            self._changed.wait_for(lambda: self._error is not None or all(i in self._waiting for i in sample_ids))
            if any(i not in self._waiting for i in sample_ids) and self._error is not None:
                raise self._error
            refs = list(dict.fromkeys(self._waiting.pop(i) for i in sample_ids))
            self._changed.notify_all()
        by_id = {sample.sample_id: sample for sample in from_batches(ray.get(refs))}
        return Batch(tuple(by_id[i] for i in sample_ids), refs)

    def close(self) -> None:
        """Stop pulling."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(timeout=10)

    def _stream_of(self, actor: Any) -> Any:
        return actor.stream.options(_generator_backpressure_num_objects=self._window).remote()

    def _pull(self) -> None:
        try:
            while self._live and self._may_pull():
                ready, _ = ray.wait([generator for _, generator in self._live], num_returns=1, timeout=0.5)
                self._live = [after for pair in self._live if (after := self._advanced(*pair, ready)) is not None]
        except Exception as error:  # whatever ended a stream must reach the loop, which waits in another thread
            with self._changed:
                self._error = error
                self._changed.notify_all()

    def _advanced(self, actor: Any, generator: Any, ready: list[Any]) -> tuple[Any, Any] | None:
        """Take the next batch of a stream that is ready; the stream to go on with, None after its end."""
        if generator not in ready:
            return actor, generator
        try:
            self._keep(next(generator))
        except StopIteration:
            return None
        except ray.exceptions.RayActorError:
            await_process(actor, self._patience_s)
            return actor, self._stream_of(actor)
        return actor, generator

    def _may_pull(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._waiting) < self._limit)
            return not self._closed

    def _keep(self, ref: Any) -> None:
        names = ray.get(ref).column("sample_id").to_pylist()
        with self._changed:
            self._waiting |= {name: ref for name in names if name not in self._known}
            self._known.update(names)
            self._changed.notify_all()

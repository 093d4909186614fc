"""The trainer: fine-tunes the student round by round, scores samples and evaluates."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from torch.utils.data import DataLoader

from rls3.config import VlmConfig
from rls3.samples.record import Sample
from rls3.samples.scores import Evaluation, Score, tally
from rls3.vlm.data import Example, ExampleDataset, to_example
from rls3.vlm.module import FineTuning
from rls3.vlm.quiet import quiet_lightning
from rls3.vlm.replay import Reservoir
from rls3.vlm.student import Student, load_student
from rls3.vlm.vilt import probabilities

REPLAY_CAPACITY = 4096
"""Earlier examples kept: 48 MiB at 64 x 64 pixels."""


@dataclass(frozen=True)
class FitResult:
    """What one fit did.

    Attributes:
        loss: mean loss over the last pass; NaN when there was nothing to learn from.
        steps: gradient steps.
        seconds: wall time.
        version: version of the weights after it.
    """

    loss: float
    steps: int
    seconds: float
    version: int


class VLMTrainer:
    """Owns the student and its version.

    The same seed and the same samples in the same order give the same weights on the same machine.

    Args:
        config: the student and how it is fine-tuned.
        seed: of shuffling and replay.

    Raises:
        ModelLoadError: `config.base` cannot be loaded.
    """

    def __init__(self, config: VlmConfig, seed: int) -> None:
        self._config = config
        self._seed = seed
        torch.set_num_threads(config.threads)
        self._student: Student = load_student(config.base)
        self._device = _scoring_device(config.accelerator)
        self._student.network.to(self._device)
        self._replay = Reservoir(REPLAY_CAPACITY, seed)
        self._version = 0

    @property
    def version(self) -> int:
        """0 for the base weights, one more after each fit that took steps."""
        return self._version

    def fit(self, samples: Sequence[Sample]) -> FitResult:
        """Fine-tune on a round's samples mixed with earlier ones.

        Invalid samples are left out. Without any valid one nothing changes: no step, same version, loss NaN.

        Args:
            samples: the round's samples.
        """
        started = time.perf_counter()
        fresh = [to_example(sample, self._student.image_size) for sample in samples if sample.valid]
        if not fresh:
            return FitResult(math.nan, 0, time.perf_counter() - started, self._version)
        share = self._config.replay_share
        examples = fresh + self._replay.draw(round(len(fresh) * share / (1 - share)))
        self._replay.add(fresh)
        losses = self._train(examples)
        self._version += 1
        last_pass = losses[-math.ceil(len(examples) / self._config.batch_size) :]
        return FitResult(sum(last_pass) / len(last_pass), len(losses), time.perf_counter() - started, self._version)

    def score(self, samples: Sequence[Sample]) -> list[Score]:
        """Probabilities of the options of each sample, by the present weights.

        Raises:
            ValueError: a sample has no picture.
        """
        return [
            Score(sample.sample_id, tuple(probabilities(scores).tolist()), self._version)
            for sample, scores in zip(samples, self._student.score_options(samples), strict=True)
        ]

    def evaluate(self, pool: str, samples: Sequence[Sample]) -> Evaluation:
        """Accuracy of the present weights on a pool of questions."""
        return tally(pool, self._version, samples, self.score(samples))

    def state(self) -> dict[str, Any]:
        """Weights, version and memory, on the CPU: everything that the next fit depends on."""
        weights = {name: value.detach().cpu().clone() for name, value in self._student.network.state_dict().items()}
        return {"version": self._version, "weights": weights, "replay": self._replay.state()}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take over what `state` returned; the next fit and score are then the same as they would have been there."""
        self._student.network.load_state_dict(state["weights"])
        self._replay.load_state(state["replay"])
        self._version = state["version"]

    def save(self, folder: Path) -> None:
        """Write the student so that `vlm.base: <folder>` loads it."""
        self._student.save(folder)

    def _train(self, examples: Sequence[Example]) -> list[float]:
        config = self._config
        order = torch.Generator().manual_seed(self._seed * 1_000_003 + self._version)
        loader = DataLoader(
            ExampleDataset(examples), batch_size=config.batch_size, shuffle=True, generator=order,
            collate_fn=self._student.collate,
        )  # fmt: skip
        steps = len(loader) * config.epochs
        task = FineTuning(
            self._student,
            learning_rate=config.learning_rate,
            weight_decay=config.weight_decay,
            total_steps=steps,
        )
        # forked: dropout of a base that has some draws from torch's global generator, which belongs to the caller
        with quiet_lightning(), torch.random.fork_rng():
            torch.manual_seed(self._seed * 1_000_003 + self._version)
            pl.Trainer(
                accelerator=config.accelerator, devices=1, max_epochs=config.epochs, precision=config.precision,
                gradient_clip_val=1.0, logger=False, enable_checkpointing=False, enable_progress_bar=False,
                enable_model_summary=False, num_sanity_val_steps=0, use_distributed_sampler=False,
            ).fit(task, loader)  # fmt: skip
        self._student.network.to(self._device).eval()
        return task.losses


def _scoring_device(accelerator: str) -> torch.device:
    wants_gpu = accelerator == "gpu" or (accelerator == "auto" and torch.cuda.is_available())
    return torch.device("cuda" if wants_gpu else "cpu")

"""The trainer: fine-tunes the student round by round, scores samples and evaluates."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytorch_lightning as pl
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch.utils.data import DataLoader

from rls3.config import VlmConfig
from rls3.errors import ConfigError, ModelLoadError
from rls3.samples.record import Sample
from rls3.samples.scores import Evaluation, Score, tally
from rls3.vlm.data import Example, ExampleDataset, to_example
from rls3.vlm.module import FineTuning
from rls3.vlm.quiet import quiet_lightning
from rls3.vlm.replay import Reservoir
from rls3.vlm.student import Student, load_student
from rls3.vlm.vilt import probabilities

DECODED_AT_ONCE = 256
"""Pictures held at the student's size while scoring."""

REPLAY_CAPACITY = 4096
"""Earlier examples kept: 48 MiB at 64 x 64 pixels."""

TRAINABLE_FILE, MEMORY_FILE, VERSION_FILE = "trainable.safetensors", "replay.npz", "trainer.json"


@dataclass(frozen=True)
class FitResult:
    """What one fit did.

    Attributes:
        loss: mean loss over the last pass; NaN when there was nothing to learn from.
        steps: gradient steps.
        seconds: wall time.
        version: version of the weights after it.
        epochs: passes over the samples.
        accuracy: best accuracy on the early-stopping questions; None without early stopping.
    """

    loss: float
    steps: int
    seconds: float
    version: int
    epochs: int = 0
    accuracy: float | None = None


class VLMTrainer:
    """Owns the student and its version.

    The same seed and the same samples in the same order give the same weights on the same machine.

    Args:
        config: the student and how it is fine-tuned.
        seed: of shuffling and replay.

    Raises:
        ModelLoadError: `config.base` cannot be loaded.
        ConfigError: a GPU is asked for and there is none.
    """

    def __init__(self, config: VlmConfig, seed: int) -> None:
        self._config = config
        self._seed = seed
        torch.set_num_threads(config.threads)
        self._device = scoring_device(config.accelerator)
        self._student: Student = load_student(config)
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
        fresh = [to_example(sample, self._student.picture_size) for sample in samples if sample.valid]
        if not fresh:
            return FitResult(math.nan, 0, time.perf_counter() - started, self._version)
        share = self._config.replay_share
        examples = fresh + self._replay.draw(round(len(fresh) * share / (1 - share)))
        self._replay.add(fresh)
        losses = self._train(examples)
        self._version += 1
        passes = math.ceil(len(examples) / self._config.batch_size)
        steps = math.ceil(passes / self._config.accumulate) * self._config.epochs
        return FitResult(sum(losses[-passes:]) / passes, steps, time.perf_counter() - started, self._version)

    def score(self, samples: Sequence[Sample]) -> list[Score]:
        """Probabilities of the options of each sample, by the present weights.

        Raises:
            ValueError: a sample has no picture.
        """
        return [
            Score(sample.sample_id, tuple(probabilities(scores).tolist()), self._version)
            for sample, scores in zip(samples, self._scores(samples), strict=True)
        ]

    def _scores(self, samples: Sequence[Sample]) -> Iterator[NDArray[np.float64]]:
        for start in range(0, len(samples), DECODED_AT_ONCE):
            part = samples[start : start + DECODED_AT_ONCE]
            yield from self._student.score_options([to_example(each, self._student.picture_size) for each in part])

    def evaluate(self, pool: str, samples: Sequence[Sample]) -> Evaluation:
        """Accuracy of the present weights on a pool of questions."""
        return tally(pool, self._version, samples, self.score(samples))

    def save(self, folder: Path) -> None:
        """Write the student, so that `vlm.base: <folder>` loads it, and what the next fit depends on beside it.

        The trained weights are written a second time under the names they have here: formats for exchange rename,
        tie and merge them.
        """
        self._student.save(folder)
        save_file({name: p.detach().cpu().contiguous() for name, p in self._trainable()}, folder / TRAINABLE_FILE)
        self._replay.save(folder / MEMORY_FILE)
        (folder / VERSION_FILE).write_text(json.dumps({"version": self._version}), encoding="utf-8")

    def restore(self, folder: Path) -> None:
        """Take over what `save` wrote; every later fit and score is the same as it would have been there.

        Raises:
            ModelLoadError: files are missing or damaged, or belong to another base model.
        """
        try:
            weights = load_file(folder / TRAINABLE_FILE)
            version = json.loads((folder / VERSION_FILE).read_text(encoding="utf-8"))["version"]
            self._replay.restore(folder / MEMORY_FILE)
            with torch.no_grad():
                for name, parameter in self._trainable():
                    parameter.copy_(weights[name])  # in place: alignment stays, hence the last bits of scores
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise ModelLoadError(
                f"'{folder}' cannot be resumed from: {' '.join(str(error).split())[:300]}; it must be a folder that a "
                f"trainer of vlm.base='{self._config.base}' saved: give another folder or start a new run"
            ) from error
        self._version = version

    def _trainable(self) -> Iterator[tuple[str, torch.nn.Parameter]]:
        return ((name, p) for name, p in self._student.network.named_parameters() if p.requires_grad)

    def _train(self, examples: Sequence[Example]) -> list[float]:
        config = self._config
        order = torch.Generator().manual_seed(self._seed * 1_000_003 + self._version)
        loader = DataLoader(
            ExampleDataset(examples), batch_size=config.batch_size, shuffle=True, generator=order,
            collate_fn=self._student.collate,
        )  # fmt: skip
        steps = math.ceil(len(loader) / config.accumulate) * config.epochs
        task = FineTuning(self._student, config, total_steps=steps)
        # forked: dropout of a base that has some draws from torch's global generator, which belongs to the caller
        with quiet_lightning(), torch.random.fork_rng():
            torch.manual_seed(self._seed * 1_000_003 + self._version)
            pl.Trainer(
                accelerator=config.accelerator, devices=1, max_epochs=config.epochs, precision=config.precision,
                accumulate_grad_batches=config.accumulate, gradient_clip_val=config.gradient_clip or None,
                logger=False, enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False,
                num_sanity_val_steps=0, use_distributed_sampler=False,
            ).fit(task, loader)  # fmt: skip
        self._student.network.to(self._device).eval()
        return task.losses


def scoring_device(accelerator: str) -> torch.device:
    """Where a student computes outside Lightning, for `vlm.accelerator`.

    Raises:
        ConfigError: a GPU is asked for and there is none.
    """
    there_is_one = torch.cuda.is_available()
    if accelerator == "gpu" and not there_is_one:
        raise ConfigError("vlm.accelerator='gpu', but torch sees no CUDA device here; use 'cpu' or 'auto'")
    return torch.device("cuda" if there_is_one and accelerator != "cpu" else "cpu")

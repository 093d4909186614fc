"""The trainer: fine-tunes the student round by round, scores samples and evaluates."""

from __future__ import annotations

import json
import math
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytorch_lightning as pl
import torch
from pytorch_lightning.strategies import DDPStrategy
from safetensors.torch import save_file

from rls3.config import ValidityConfig, VlmConfig
from rls3.errors import ConfigError, ModelLoadError
from rls3.samples.record import Sample
from rls3.vlm.data import Example, lesson, to_example
from rls3.vlm.module import FineTuning
from rls3.vlm.quiet import quiet_lightning
from rls3.vlm.rehearsal import Rehearsal
from rls3.vlm.replay import Reservoir
from rls3.vlm.scorer import TRAINABLE_FILE, VERSION_FILE, Scorer, scoring_device
from rls3.vlm.student import model_folder

REPLAY_CAPACITY = 4096
"""Earlier examples kept: 48 MiB at 64 x 64 pixels."""

MEMORY_FILE = "replay.npz"


@dataclass(frozen=True)
class FitResult:
    """What one fit did.

    Attributes:
        loss: mean loss over the pass whose weights were kept; NaN when there was nothing to learn from.
        steps: gradient steps.
        seconds: wall time.
        version: version of the weights after it.
        epochs: passes over the samples that were made.
        accuracy: of the weights that were kept, on the early-stopping questions; None without early stopping.
    """

    loss: float
    steps: int
    seconds: float
    version: int
    epochs: int = 0
    accuracy: float | None = None


class VLMTrainer(Scorer):
    """A scorer that learns.

    The same seed and the same samples in the same order give the same weights on the same machine.

    Args:
        config: the student and how it is fine-tuned.
        seed: of shuffling, replay and further questions.
        validity: which further questions a picture may teach.

    Raises:
        ModelLoadError: `config.base` cannot be loaded.
        ConfigError: more GPUs are asked for than there are.
    """

    def __init__(self, config: VlmConfig, seed: int, validity: ValidityConfig | None = None) -> None:
        gpus = torch.cuda.device_count()
        if scoring_device(config.accelerator).type == "cuda" and config.devices > gpus:
            raise ConfigError(
                f"vlm.devices={config.devices}, but torch sees {gpus} CUDA devices here; lower it, or raise "
                "runtime.trainer_gpus"
            )
        super().__init__(config)
        self._seed = seed
        self._validity = validity or ValidityConfig()
        self._replay = Reservoir(REPLAY_CAPACITY, seed)
        self._rehearsal = Rehearsal(model_folder(config.base))

    @property
    def stops_early(self) -> bool:
        """Whether `fit` asks for early-stopping questions."""
        return self._config.patience > 0

    def fit(self, samples: Sequence[Sample], stopping: Sequence[Sample] = ()) -> FitResult:
        """Fine-tune on a round's samples mixed with earlier ones, and with some that the base model was taught.

        Each valid sample's picture teaches up to `vlm.questions_per_picture`, see `lesson`. Without any nothing
        changes: no step, same version, loss NaN.

        Args:
            samples: the round's samples.
            stopping: the early-stopping questions, where `stops_early`.

        Raises:
            ValueError: there are none and the fit should stop early.
        """
        if self.stops_early and not stopping:
            raise ValueError(
                f"vlm.patience={self._config.patience} needs early-stopping questions, and none were given"
            )
        started = time.perf_counter()
        sight = self._student.sight
        most, rng = self._config.questions_per_picture, np.random.default_rng((self._seed, self._version))
        fresh = [
            example
            for sample in samples
            for example in lesson(sample, sight, most=most, validity=self._validity, rng=rng)
        ]
        if not fresh:
            return FitResult(math.nan, 0, time.perf_counter() - started, self._version)
        earlier, taught = self._config.replay_share, self._config.rehearsal_share
        whole = len(fresh) / (1 - earlier - taught)
        examples = [
            *fresh,
            *self._replay.draw(round(whole * earlier)),
            *self._rehearsal.draw(round(whole * taught), rng),
        ]
        self._replay.add(fresh)
        done = self._train(examples, [to_example(sample, sight) for sample in stopping if self.stops_early])
        self._version += 1
        return FitResult(
            loss=done["loss"],
            steps=int(done["steps"]),
            seconds=time.perf_counter() - started,
            version=self._version,
            epochs=int(done["epochs"]),
            accuracy=done.get("accuracy"),
        )

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
        super().restore(folder)
        try:
            self._replay.restore(folder / MEMORY_FILE)
        except (OSError, ValueError, KeyError) as error:
            raise ModelLoadError(
                f"'{folder / MEMORY_FILE}' cannot be read: {' '.join(str(error).split())[:300]}; start a new run with "
                f"vlm.base='{folder}'"
            ) from error

    def _train(self, examples: Sequence[Example], stopping: Sequence[Example]) -> dict[str, float]:
        config = self._config
        seed = self._seed * 1_000_003 + self._version
        task = FineTuning(self._student, config, examples, seed=seed, stopping=stopping)
        # forked: dropout of a base that has some draws from torch's global generator, which belongs to the caller
        with quiet_lightning(), torch.random.fork_rng():
            torch.manual_seed(seed)
            trainer = pl.Trainer(
                accelerator=config.accelerator, devices=config.devices, strategy=_strategy(config),
                max_epochs=config.epochs, precision=config.precision, accumulate_grad_batches=config.accumulate,
                gradient_clip_val=config.gradient_clip or None, logger=False, enable_checkpointing=False,
                enable_progress_bar=False, enable_model_summary=False, num_sanity_val_steps=0,
                use_distributed_sampler=False,
            )  # fmt: skip
            with _interruptible(trainer):
                trainer.fit(task)
        self._student.network.to(self._device).eval()
        return {name: float(value) for name, value in trainer.callback_metrics.items()}


@contextmanager
def _interruptible(trainer: pl.Trainer) -> Iterator[None]:
    """Ctrl-C stays Ctrl-C: Lightning ends the program instead, and lets it ignore the next."""
    handler = signal.getsignal(signal.SIGINT)
    try:
        yield
    except SystemExit as ended:
        if not trainer.interrupted:
            raise
        signal.signal(signal.SIGINT, handler)
        raise KeyboardInterrupt from ended


def _strategy(config: VlmConfig) -> DDPStrategy | str:
    """Processes are spawned, since Lightning's other way starts the program once more, and an actor's is Ray's. They
    begin with the trainer's weights, and Lightning brings the first one's back. Some students have weights that no loss
    reaches, such as a vision tower's last layers, hence the search for unused ones.
    """
    if config.devices == 1 and config.strategy == "auto":
        return "auto"
    return DDPStrategy(start_method="spawn", find_unused_parameters=True)

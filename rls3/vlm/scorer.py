"""Answers by the present weights, which may come from a trainer elsewhere."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file

from rls3.config import VlmConfig
from rls3.errors import ConfigError, ModelLoadError
from rls3.samples.record import Sample
from rls3.samples.scores import Evaluation, Score, tally
from rls3.vlm.data import to_example
from rls3.vlm.student import Student, load_student
from rls3.vlm.vilt import probabilities

DECODED_AT_ONCE = 256
"""Pictures held at the student's size while scoring."""

TRAINABLE_FILE, VERSION_FILE = "trainable.safetensors", "trainer.json"


@dataclass(frozen=True)
class Weights:
    """What training changes, as it travels from the trainer to scorers.

    Attributes:
        version: as in `Score.vlm_version`.
        arrays: trainable parameters by their name in the student's network, float32.
    """

    version: int
    arrays: Mapping[str, NDArray[np.float32]]


class Scorer:
    """A student that answers; its version says how often it was fine-tuned.

    Args:
        config: which student, and where it computes.

    Raises:
        ModelLoadError: `config.base` cannot be loaded.
        ConfigError: a GPU is asked for and there is none.
    """

    def __init__(self, config: VlmConfig) -> None:
        self._config = config
        torch.set_num_threads(config.threads)
        self._device = scoring_device(config.accelerator)
        self._student: Student = load_student(config)
        self._student.network.to(self._device)
        self._version = 0

    @property
    def version(self) -> int:
        """0 for the base weights, one more after each fit that took steps."""
        return self._version

    def score(self, samples: Sequence[Sample]) -> list[Score]:
        """Probabilities of the options of each sample, by the present weights.

        Raises:
            ValueError: a sample has no picture.
        """
        return [
            Score(sample.sample_id, tuple(probabilities(scores).tolist()), self._version)
            for sample, scores in zip(samples, self._scores(samples), strict=True)
        ]

    def evaluate(self, pool: str, samples: Sequence[Sample]) -> Evaluation:
        """Accuracy of the present weights on a pool of questions."""
        return tally(pool, self._version, samples, self.score(samples))

    def weights(self) -> Weights:
        """The present weights; on a CPU the arrays are the weights themselves, not copies."""
        return Weights(self._version, {name: p.detach().float().cpu().numpy() for name, p in self._trainable()})

    def adopt(self, weights: Weights) -> None:
        """Take over another's weights; arrays may be read-only.

        Raises:
            KeyError: they belong to another base model.
        """
        with torch.no_grad(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The given NumPy array is not writable")  # it is only read
            for name, parameter in self._trainable():
                parameter.copy_(torch.from_numpy(weights.arrays[name]))
        self._version = weights.version

    def restore(self, folder: Path) -> None:
        """Take over weights and version that a trainer saved; every later score is as it would have been there.

        Raises:
            ModelLoadError: files are missing or damaged, or belong to another base model.
        """
        try:
            saved = load_file(folder / TRAINABLE_FILE)
            version = json.loads((folder / VERSION_FILE).read_text(encoding="utf-8"))["version"]
            with torch.no_grad():
                for name, parameter in self._trainable():
                    parameter.copy_(saved[name])  # in place: alignment stays, hence the last bits of scores
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise ModelLoadError(
                f"'{folder}' cannot be resumed from: {' '.join(str(error).split())[:300]}; it must be a folder that a "
                f"trainer of vlm.base='{self._config.base}' saved: give another folder or start a new run"
            ) from error
        self._version = version

    def _scores(self, samples: Sequence[Sample]) -> Iterator[NDArray[np.float64]]:
        for start in range(0, len(samples), DECODED_AT_ONCE):
            part = samples[start : start + DECODED_AT_ONCE]
            yield from self._student.score_options([to_example(each, self._student.sight) for each in part])

    def _trainable(self) -> Iterator[tuple[str, torch.nn.Parameter]]:
        return ((name, p) for name, p in self._student.network.named_parameters() if p.requires_grad)


def scoring_device(accelerator: str) -> torch.device:
    """Where a student computes outside Lightning, for `vlm.accelerator`.

    Raises:
        ConfigError: a GPU is asked for and there is none.
    """
    there_is_one = torch.cuda.is_available()
    if accelerator == "gpu" and not there_is_one:
        raise ConfigError("vlm.accelerator='gpu', but torch sees no CUDA device here; use 'cpu' or 'auto'")
    return torch.device("cuda" if there_is_one and accelerator != "cpu" else "cpu")

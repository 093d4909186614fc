"""What a student is, and how one is loaded from `vlm.base`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers import ViltConfig, ViltForQuestionAnswering, ViltProcessor

from rls3.errors import ModelLoadError, nearest
from rls3.samples.record import Sample
from rls3.scene.edit import TERMS
from rls3.vlm.data import Example
from rls3.vlm.quiet import quiet_transformers
from rls3.vlm.vilt import Batch, ViltStudent, term_labels


class Student(Protocol):
    """A vision-language model that answers multiple-choice questions on pictures and can be trained."""

    @property
    def network(self) -> nn.Module:
        """The weights."""
        ...

    @property
    def image_size(self) -> int:
        """Side of the square input, pixels."""
        ...

    def collate(self, examples: Sequence[Example]) -> Batch:
        """Examples as a batch of tensors for `training_loss`."""
        ...

    def training_loss(self, batch: Batch) -> Tensor:
        """Scalar loss of a batch."""
        ...

    def score_options(self, samples: Sequence[Sample]) -> list[NDArray[np.float64]]:
        """Per sample the log score of each of its options, in their order."""
        ...

    def save(self, folder: Path) -> None:
        """Write everything that `load_student(str(folder))` needs."""
        ...


def load_student(base: str) -> Student:
    """The student named by `vlm.base`.

    Args:
        base: a packaged model's name, a folder that `Student.save` wrote, or the id of a ViLT on the Hugging Face hub.
            A ViLT whose labels are not the six relation terms gets a new head with fixed initial weights.

    Raises:
        ModelLoadError: nothing of that name, not a ViLT, or damaged files.
    """
    source = _resolve(base)
    with quiet_transformers():
        _check_is_vilt(base, source)
        try:
            network = _realigned(_load_network(source))
            processor = ViltProcessor.from_pretrained(source)
        except SafetensorError as error:
            raise ModelLoadError(f"vlm.base='{base}' has damaged weights: {_one_line(error)}") from error
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise ModelLoadError(f"vlm.base='{base}' cannot be loaded: {_one_line(error)}") from error
    return ViltStudent(network, processor)


def packaged_models() -> list[str]:
    """Names of the base models that ship with the package, sorted."""
    folder = _packaged_folder()
    return sorted(path.parent.name for path in folder.glob("*/config.json"))


def _packaged_folder() -> Path:
    return Path(str(files("rls3.vlm"))) / "base"


def _resolve(base: str) -> str:
    if base in packaged_models():
        return str(_packaged_folder() / base)
    folder = Path(base)
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise ModelLoadError(
                f"vlm.base='{base}' is a folder without config.json; allowed: a folder that save_pretrained wrote; "
                "change vlm.base in the configuration"
            )
        return base
    if base.count("/") == 1 and not base.startswith((".", "/", "~")):
        return base
    known = packaged_models()
    raise ModelLoadError(
        f"vlm.base='{base}' is no model{nearest(base, known)}; allowed: a packaged model "
        f"({', '.join(known) or 'none packaged'}), an existing folder, or a hub id such as "
        "dandelin/vilt-b32-finetuned-vqa; change vlm.base in the configuration"
    )


def _check_is_vilt(base: str, source: str) -> None:
    try:
        config, _ = ViltConfig.get_config_dict(source)
    except (OSError, ValueError) as error:
        raise ModelLoadError(
            f"vlm.base='{base}' has no readable model configuration: {_one_line(error)}; give a packaged model "
            f"({', '.join(packaged_models()) or 'none packaged'}), a folder or a reachable hub id in vlm.base"
        ) from error
    kind = config.get("model_type")
    if kind != "vilt":
        raise ModelLoadError(
            f"vlm.base='{base}' holds a model of type '{kind}'; allowed: 'vilt'; change vlm.base in the configuration"
        )


def _load_network(source: str) -> Any:
    config = ViltConfig.from_pretrained(source)
    labels = [config.id2label.get(i) for i in range(len(config.id2label))]
    if labels == list(TERMS):
        return ViltForQuestionAnswering.from_pretrained(source, config=config)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return ViltForQuestionAnswering.from_pretrained(source, ignore_mismatched_sizes=True, **term_labels())


def _realigned(network: Any) -> Any:
    # Loaded tensors lie in the file's mapping as the file aligns them, and matrix kernels round differently by
    # alignment. Copies make a loaded student answer with the bits of the one that was saved.
    for parameter in network.parameters():
        parameter.data = parameter.data.clone()
    return network


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__

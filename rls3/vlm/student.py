"""What a student is, and how one is loaded from `vlm.base`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers import PretrainedConfig
from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES

from rls3.config import VlmConfig
from rls3.errors import ModelLoadError, nearest
from rls3.vlm import clip, vilt
from rls3.vlm.data import Example, Sight
from rls3.vlm.generative import load_generative
from rls3.vlm.marks import MARKED
from rls3.vlm.quiet import quiet_transformers

Batch = dict[str, Tensor]


class Student(Protocol):
    """A vision-language model that answers multiple-choice questions on pictures and can be trained."""

    @property
    def network(self) -> nn.Module:
        """The weights."""
        ...

    @property
    def sight(self) -> Sight:
        """How it sees pictures."""
        ...

    def collate(self, examples: Sequence[Example]) -> Batch:
        """Examples as a batch of tensors for `training_loss`."""
        ...

    def training_loss(self, batch: Batch) -> Tensor:
        """Scalar loss of a batch."""
        ...

    def score_options(self, examples: Sequence[Example]) -> list[NDArray[np.float64]]:
        """Per example the log score of each of its options, in their order."""
        ...

    def save(self, folder: Path) -> None:
        """Write everything that `load_student` needs to read it back."""
        ...


def load_student(config: VlmConfig) -> Student:
    """The student that `vlm.base` names, ready to be trained as the section says.

    `vlm.base` is a packaged model's name, a folder that `Student.save` or `save_pretrained` wrote, or a hub id.

    Raises:
        ModelLoadError: nothing of that name, an architecture that is no student, or damaged files.
    """
    base = config.base
    source = _resolve(base)
    with quiet_transformers():
        kind = _model_type(base, source)
        try:
            student = _load(kind, source, config)
        except SafetensorError as error:
            raise ModelLoadError(f"vlm.base='{base}' has damaged weights: {_one_line(error)}") from error
        except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
            raise ModelLoadError(f"vlm.base='{base}' cannot be loaded: {_one_line(error)}") from error
    if config.marked is not None:
        setattr(student.network.config, MARKED, config.marked)
    # Loaded tensors lie in the file's mapping as the file aligns them, and matrix kernels round differently by
    # alignment. Copies make a loaded student answer with the bits of the one that was saved.
    for parameter in student.network.parameters():
        parameter.data = parameter.data.clone()
    return student


def _load(kind: str, source: str, config: VlmConfig) -> Student:
    if kind == vilt.MODEL_TYPE:
        return vilt.load_vilt(source)
    if kind in clip.MODEL_TYPES:
        return clip.load_clip(source)
    return load_generative(source, lora_rank=config.lora_rank, gradient_checkpointing=config.gradient_checkpointing)


def packaged_models() -> list[str]:
    """Names of the base models that ship with the package, sorted."""
    folder = _packaged_folder()
    return sorted(path.parent.name for path in folder.glob("*/config.json"))


def model_folder(base: str) -> Path:
    """Where the files of `vlm.base` lie; a folder that does not exist for a hub id."""
    return Path(_resolve(base))


def _packaged_folder() -> Path:
    return Path(str(files("rls3.vlm"))) / "base"


def _resolve(base: str) -> str:
    if base in packaged_models():
        return str(_packaged_folder() / base)
    folder = Path(base)
    if folder.is_dir():
        if not any((folder / name).is_file() for name in ("config.json", "adapter_config.json")):
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


def _model_type(base: str, source: str) -> str:
    adapted = Path(source) / "adapter_config.json"
    if adapted.is_file():
        source = str(json.loads(adapted.read_text(encoding="utf-8"))["base_model_name_or_path"])
    try:
        content, _ = PretrainedConfig.get_config_dict(source)
    except (OSError, ValueError) as error:
        raise ModelLoadError(
            f"vlm.base='{base}' has no readable model configuration: {_one_line(error)}; give a packaged model "
            f"({', '.join(packaged_models()) or 'none packaged'}), a folder or a reachable hub id in vlm.base"
        ) from error
    kind = str(content.get("model_type"))
    if kind not in {vilt.MODEL_TYPE, *clip.MODEL_TYPES, *MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES}:
        raise ModelLoadError(
            f"vlm.base='{base}' holds a model of type '{kind}'; allowed: vilt, "
            f"{', '.join(clip.MODEL_TYPES)}, or a generative one that AutoModelForImageTextToText loads (paligemma, "
            "qwen2_5_vl, smolvlm, llava, ...); change vlm.base in the configuration"
        )
    return kind


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__

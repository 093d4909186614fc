"""CLIP and its kin as students: a picture and a sentence are compared by the cosine of their embeddings.

A question is answered by its most similar option, each option put as a sentence (`rls3.vlm.data.statements`).

The training loss has two parts. The first is CLIP's symmetric contrastive loss (Radford et al., "Learning Transferable
Visual Models From Natural Language Supervision", ICML 2021) over the pictures and true sentences of a batch, with the
foils of every picture as further sentences (hard negatives: Yuksekgonul et al., "When and why vision-language models
behave like bags-of-words", ICLR 2023). Ours is the second, a hinge on the cosine between the true sentence and each
foil of the same picture, and the masking of sentences that a batch holds twice: both would else be pushed apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModel, AutoProcessor

from rls3.vlm.data import Example, Sight
from rls3.vlm.marks import MARKED
from rls3.vlm.quiet import quiet_transformers

Batch = dict[str, Tensor]
MODEL_TYPES = ("clip", "siglip", "siglip2")
SCORING_BATCH = 64
"""Questions per forward pass when scoring."""
MARGIN = 0.2
"""By how much the cosine of the true sentence should exceed that of a foil."""
MARGIN_WEIGHT = 1.0
"""Weight of the hinge beside the contrastive loss."""


class ClipStudent:
    """A `transformers` model with a picture tower and a text tower.

    Args:
        network: `CLIPModel`, `SiglipModel` or one of the same interface.
        processor: its tokenizer and picture normalisation.
    """

    def __init__(self, network: Any, processor: Any) -> None:
        self.network: nn.Module = network
        self._towers: Any = network
        self._processor: Any = processor
        self._text_length = int(network.config.text_config.max_position_embeddings)
        self.network.eval()

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.network.parameters()).device

    @property
    def sight(self) -> Sight:
        """How it sees pictures."""
        config = self._towers.config
        return Sight(int(config.vision_config.image_size), getattr(config, MARKED, False))

    def collate(self, examples: Sequence[Example]) -> Batch:
        """Tensors `pixel_values` (N, 3, S, S); of all M sentences `input_ids` (M, L), `attention_mask` (M, L) where the
        tokenizer makes one, `owner` (M,) the picture each belongs to and `same` (M,) equal numbers for equal sentences;
        `truth` (N,) the index of each picture's true sentence.
        """
        texts = [text for example in examples for text in example.statements]
        counts = [len(example.statements) for example in examples]
        starts = np.cumsum([0, *counts[:-1]])
        batch: Batch = dict(
            self._processor.tokenizer(
                texts, padding="max_length" if self._pads_to_length else True, truncation=True,
                max_length=self._text_length, return_tensors="pt", return_token_type_ids=False,
            )
        )  # fmt: skip
        pictures = self._processor.image_processor([example.image for example in examples], return_tensors="pt")
        number = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        return batch | {
            "pixel_values": pictures["pixel_values"],
            "owner": torch.from_numpy(np.repeat(np.arange(len(examples)), counts)),
            "truth": torch.tensor([start + e.answer for start, e in zip(starts.tolist(), examples, strict=True)]),
            "same": torch.tensor([number[text] for text in texts]),
        }

    def training_loss(self, batch: Batch) -> Tensor:
        """The dual loss of the module's docstring, a scalar."""
        return self.dual_loss(*self._embeddings(batch), batch)

    def dual_loss(self, pictures: Tensor, texts: Tensor, batch: Batch) -> Tensor:
        """`training_loss` of embeddings that are known: of the pictures (N, D) and of all sentences (M, D)."""
        cosines = _cosines(pictures, texts)
        logits = cosines * self._towers.logit_scale.exp()
        truth, owner, same = batch["truth"], batch["owner"], batch["same"]
        rows = torch.arange(len(truth), device=truth.device)
        repeated = same[None, :] == same[truth][:, None]
        repeated[rows, truth] = False
        to_texts = nn.functional.cross_entropy(logits.masked_fill(repeated, -torch.inf), truth)
        to_pictures = nn.functional.cross_entropy(logits[:, truth].T.masked_fill(repeated[:, truth], -torch.inf), rows)
        foils = owner[None, :] == rows[:, None]
        foils[rows, truth] = False
        gap = cosines[rows, truth][:, None] - cosines
        hinge = (MARGIN - gap).clamp(min=0)[foils].sum() / foils.sum().clamp(min=1)
        return (to_texts + to_pictures) / 2 + MARGIN_WEIGHT * hinge

    @torch.no_grad()
    def score_options(self, examples: Sequence[Example]) -> list[NDArray[np.float64]]:
        """Per example the scaled similarity of each of its options, in their order."""
        self.network.eval()
        scores: list[NDArray[np.float64]] = []
        for start in range(0, len(examples), SCORING_BATCH):
            part = examples[start : start + SCORING_BATCH]
            batch = {key: value.to(self.device) for key, value in self.collate(part).items()}
            logits = (_cosines(*self._embeddings(batch)) * self._towers.logit_scale.exp()).double().cpu().numpy()
            owner = batch["owner"].cpu().numpy()
            scores += [logits[i, owner == i] for i in range(len(part))]
        return scores

    def save(self, folder: Path) -> None:
        """Write weights (safetensors), configuration, tokenizer and image processor; `load_student` reads them back."""
        folder.mkdir(parents=True, exist_ok=True)
        with quiet_transformers():
            self._towers.save_pretrained(folder)
            self._processor.save_pretrained(folder)

    @property
    def _pads_to_length(self) -> bool:
        # SigLIP was trained on sentences padded to full length and reads its embedding off the last token.
        return str(self._towers.config.model_type) != "clip"

    def _embeddings(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Of the pictures (N, D) and of all sentences (M, D)."""
        words = {key: batch[key] for key in ("input_ids", "attention_mask") if key in batch}
        pictures: Tensor = self._towers.get_image_features(pixel_values=batch["pixel_values"]).pooler_output
        texts: Tensor = self._towers.get_text_features(**words).pooler_output
        return pictures, texts


def load_clip(source: str) -> ClipStudent:
    """The student of a folder or hub id.

    Raises:
        OSError, ValueError, RuntimeError, KeyError: what transformers raises for missing or damaged files.
    """
    return ClipStudent(AutoModel.from_pretrained(source), AutoProcessor.from_pretrained(source))


def _cosines(pictures: Tensor, texts: Tensor) -> Tensor:
    """(N, M) cosines of embeddings (N, D) and (M, D)."""
    return nn.functional.normalize(pictures, dim=-1) @ nn.functional.normalize(texts, dim=-1).T

"""ViLT as a student (Kim et al., "ViLT: Vision-and-Language Transformer Without Convolution", ICML 2021).

ViLT answers visual questions with a multi-label sigmoid classifier trained by binary cross entropy on soft labels.
Here its labels are the six relation terms. Ours is the reading of an option: an option names a set of terms, and its
score is the log-likelihood that exactly these terms hold, the sum over the six terms of log sigmoid(+-logit).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import ViltConfig, ViltForQuestionAnswering, ViltImageProcessorPil, ViltProcessor

from rls3.scene.edit import TERMS
from rls3.scene.language import terms_of
from rls3.vlm.data import Example, Sight, term_targets
from rls3.vlm.marks import MARKED
from rls3.vlm.positions import sincos_grid
from rls3.vlm.quiet import quiet_transformers
from rls3.vlm.tokenizer import MAX_LENGTH, build_tokenizer

Batch = dict[str, Tensor]
MODEL_TYPE = "vilt"
SCORING_BATCH = 64
"""Questions per forward pass when scoring."""


class ViltStudent:
    """A `transformers` ViLT for question answering whose six labels are the relation terms.

    Args:
        network: the model; its labels must be `rls3.scene.edit.TERMS` in order.
        processor: its tokenizer and picture normalisation.
    """

    def __init__(self, network: ViltForQuestionAnswering, processor: ViltProcessor) -> None:
        self.network: nn.Module = network
        self._vilt: Any = network.vilt
        self._config: Any = network.config
        self._processor: Any = processor
        pictures = processor.image_processor
        self._mean = torch.tensor(pictures.image_mean)
        self._std = torch.tensor(pictures.image_std)
        self.network.eval()

    @property
    def image_size(self) -> int:
        """Side of the square input, pixels."""
        return int(self._config.image_size)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.network.parameters()).device

    @property
    def sight(self) -> Sight:
        """How it sees pictures."""
        return Sight(self.image_size, getattr(self._config, MARKED, False))

    def collate(self, examples: Sequence[Example]) -> Batch:
        """Tensors `pixel_values` (N, 3, S, S), `input_ids` and `attention_mask` (N, L), `labels` (N, 6)."""
        images = torch.from_numpy(np.stack([example.image for example in examples]))
        batch = self.encode_questions([example.question for example in examples])
        batch["pixel_values"] = self.normalize(images)
        batch["labels"] = torch.from_numpy(term_targets([example.terms for example in examples]))
        return batch

    def encode_questions(self, questions: Sequence[str]) -> Batch:
        """`input_ids` and `attention_mask`, both (N, L), padded to the longest question."""
        encoded = self._processor.tokenizer(
            list(questions), padding=True, truncation=True, max_length=self._config.max_position_embeddings,
            return_tensors="pt", return_token_type_ids=False,
        )  # fmt: skip
        return {"input_ids": encoded["input_ids"], "attention_mask": encoded["attention_mask"]}

    def normalize(self, images: Tensor) -> Tensor:
        """(N, S, S, 3) uint8 to (N, 3, S, S) float32, as the model's own image processor scales them."""
        return (((images.float() / 255) - self._mean) / self._std).permute(0, 3, 1, 2).contiguous()

    def forward(self, batch: Batch) -> Tensor:
        """Logits of the six terms, (N, 6)."""
        return self.forward_with_layers(batch)[0]

    def forward_with_layers(self, batch: Batch) -> tuple[Tensor, list[Tensor]]:
        """Logits (N, 6), and each layer's output (N, L + 1 + P, hidden): the L tokens of the text, one token for the
        whole picture, its P patches in raster order.
        """
        pictures = self._picture_tokens(batch["pixel_values"])
        present = torch.ones(pictures.shape[:2], dtype=torch.long, device=pictures.device)
        out = self._vilt(
            input_ids=batch["input_ids"],
            attention_mask=batch["attention_mask"],
            image_embeds=pictures,
            pixel_mask=present,
            output_hidden_states=True,
        )
        classifier: Any = self.network.classifier
        return classifier(out.pooler_output), list(out.hidden_states[1:])

    def training_loss(self, batch: Batch) -> Tensor:
        """ViLT's own question-answering loss: binary cross entropy summed over the terms, averaged over the batch."""
        return nn.functional.binary_cross_entropy_with_logits(self.forward(batch), batch["labels"]) * len(TERMS)

    @torch.no_grad()
    def score_options(self, examples: Sequence[Example]) -> list[NDArray[np.float64]]:
        """Per example the log-likelihood of each of its options, in their order."""
        self.network.eval()
        scores: list[NDArray[np.float64]] = []
        for start in range(0, len(examples), SCORING_BATCH):
            part = examples[start : start + SCORING_BATCH]
            batch = {key: value.to(self.device) for key, value in self.collate(part).items()}
            logits = self.forward(batch).double().cpu().numpy()
            scores += [option_scores(row, example.options) for row, example in zip(logits, part, strict=True)]
        return scores

    def save(self, folder: Path) -> None:
        """Write weights (safetensors), configuration, tokenizer and image processor; `load_student` reads them back."""
        folder.mkdir(parents=True, exist_ok=True)
        network: Any = self.network
        with quiet_transformers():
            network.save_pretrained(folder)
            self._processor.save_pretrained(folder)

    def _picture_tokens(self, pixels: Tensor) -> Tensor:
        # transformers' own `visual_embed` shuffles the patches with torch's global generator. Position embeddings are
        # added before the shuffle, so the order changes nothing but reproducibility: the same tokens, in raster order.
        embeddings = self._vilt.embeddings
        patches = embeddings.patch_embeddings(pixels).flatten(2).transpose(1, 2)
        tokens = torch.cat([embeddings.cls_token.expand(len(pixels), -1, -1), patches], dim=1)
        result: Tensor = embeddings.dropout(tokens + embeddings.position_embeddings)
        return result


def load_vilt(source: str) -> ViltStudent:
    """The student of a folder or hub id; one whose labels are not the six terms gets a new head of fixed weights.

    Raises:
        OSError, ValueError, RuntimeError, KeyError: what transformers raises for missing or damaged files.
    """
    config = ViltConfig.from_pretrained(source)
    labels = [config.id2label.get(i) for i in range(len(config.id2label))]
    if labels == list(TERMS):
        network = ViltForQuestionAnswering.from_pretrained(source, config=config)
    else:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            network = ViltForQuestionAnswering.from_pretrained(source, ignore_mismatched_sizes=True, **term_labels())
    return ViltStudent(network, ViltProcessor.from_pretrained(source))


def option_scores(logits: NDArray[np.float64], options: Sequence[str]) -> NDArray[np.float64]:
    """Log-likelihood of each option under independent terms.

    Args:
        logits: (6,) in the order of `TERMS`.
        options: answers such as "behind and left"; each names a set of terms.
    """
    signs = 2.0 * term_targets([terms_of(option) for option in options]) - 1.0
    scores: NDArray[np.float64] = -np.logaddexp(0.0, -signs * logits).sum(axis=1)
    return scores


def probabilities(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Softmax of option scores."""
    weights = np.exp(scores - scores.max())
    result: NDArray[np.float64] = weights / weights.sum()
    return result


def new_vilt(
    *,
    image_size: int = 64,
    patch_size: int = 8,
    hidden: int = 96,
    layers: int = 4,
    heads: int = 4,
    seed: int,
) -> ViltStudent:
    """A small ViLT with fresh weights that knows the project's words.

    Ours: position embeddings of the patches start as 2-D sines and cosines instead of zeros, and weights are drawn
    with standard deviation 1/sqrt(hidden): a model this small otherwise learns where things are very late.
    """
    tokenizer = build_tokenizer()
    config = ViltConfig(
        vocab_size=len(tokenizer), hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads,
        intermediate_size=2 * hidden, image_size=image_size, patch_size=patch_size,
        max_position_embeddings=MAX_LENGTH, initializer_range=hidden**-0.5, **term_labels(), **{MARKED: True},
    )  # fmt: skip
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = ViltForQuestionAnswering(config)
    side = image_size // patch_size
    with torch.no_grad():
        network.vilt.embeddings.position_embeddings[0, 1:] = sincos_grid(side, hidden)
    pictures = ViltImageProcessorPil(
        size={"shortest_edge": image_size}, size_divisor=patch_size, resample=4,  # PIL's box filter, as `shrink`
        image_mean=[0.5, 0.5, 0.5], image_std=[0.25, 0.25, 0.25],
    )  # fmt: skip
    return ViltStudent(network, ViltProcessor(image_processor=pictures, tokenizer=tokenizer))


def term_labels() -> dict[str, Any]:
    """The label part of a ViLT configuration: the six terms in order."""
    return {"id2label": dict(enumerate(TERMS)), "label2id": {term: i for i, term in enumerate(TERMS)}}

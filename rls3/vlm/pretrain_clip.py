"""Pretraining a CLIP: its contrastive loss, hard negatives included, on captions of the pictures.

The outlines in a picture tell its tower which two objects the captions are about; else its embedding would have to hold
how all things in the picture lie to each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPProcessor

from rls3.vlm.auxiliary import MaskLoss, MaskTruth, MaskWeights
from rls3.vlm.clip import ClipStudent
from rls3.vlm.marks import MARKED
from rls3.vlm.positions import sincos_grid
from rls3.vlm.pretrain import PretrainRecipe, Pupil
from rls3.vlm.pretrain_data import Drawn, PretrainData
from rls3.vlm.tokenizer import MAX_LENGTH, build_tokenizer


@dataclass(frozen=True)
class ClipRecipe(PretrainRecipe):
    """A CLIP; `rls3-clip-base` by default.

    Attributes:
        text_hidden, text_layers: width and depth of the text tower, which has as many heads.
        embedded: width of the common embedding.
        auxiliary: weights of the auxiliary losses.
    """

    learning_rate: float = 1.5e-3
    batch: int = 32
    text_hidden: int = 64
    text_layers: int = 2
    embedded: int = 64
    auxiliary: MaskWeights = field(default_factory=MaskWeights)
    task: ClassVar[str] = "zero-shot-image-classification"
    description: ClassVar[str] = (
        "A small CLIP that tells which of several captions says truly where one object is relative to another, seen\n"
        "from the camera: the one whose embedding is nearest to the picture's."
    )
    weakness: ClassVar[str] = (
        "Its picture tower never reads the caption: without outlines it cannot know which two objects are meant."
    )

    def pupil(self, data: PretrainData, seed: int) -> Pupil:
        """See `PretrainRecipe`."""
        return ClipPupil(data, self, seed)


class ClipPupil:
    """A CLIP in training.

    Args:
        data: what it will see.
        recipe: its shape and losses.
        seed: of all weights and of the captions' foils.
    """

    def __init__(self, data: PretrainData, recipe: ClipRecipe, seed: int) -> None:
        self.student = new_clip(recipe, data.images.shape[1], seed)
        self.heads = MaskLoss(recipe.hidden, data.coverage.shape[1:], recipe.auxiliary, seed)
        self._towers: Any = self.student.network
        self._data, self._bfloat16 = data, recipe.bfloat16
        self._rng = np.random.default_rng(seed)

    def losses(self, drawn: Drawn) -> tuple[Tensor, Tensor]:
        """The dual loss of captions and their foils, and the weighted auxiliary losses of a batch, two scalars."""
        batch = self.student.collate(self._data.examples(drawn, self._rng))
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            seen = self._towers.get_image_features(pixel_values=batch["pixel_values"], output_hidden_states=True)
            read = self._towers.get_text_features(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
        loss = self.student.dual_loss(seen.pooler_output.float(), read.pooler_output.float(), batch)
        layers = [layer[:, 1:].float() for layer in seen.hidden_states[1:]]
        roles = torch.from_numpy(drawn.roles(self._data)).float()
        truth = MaskTruth(torch.from_numpy(drawn.coverage).float(), roles)
        return loss, self.heads(layers[len(layers) // 2 - 1], layers[-2], truth)


def new_clip(recipe: ClipRecipe, image_size: int, seed: int) -> ClipStudent:
    """A small CLIP with fresh weights that knows the project's words.

    Ours, as in `rls3.vlm.vilt.new_vilt`: position embeddings of the patches start as 2-D sines and cosines.
    """
    tokenizer = build_tokenizer()
    config = CLIPConfig(
        text_config={
            "vocab_size": len(tokenizer), "hidden_size": recipe.text_hidden, "num_hidden_layers": recipe.text_layers,
            "intermediate_size": 2 * recipe.text_hidden, "num_attention_heads": recipe.heads,
            "max_position_embeddings": MAX_LENGTH, "projection_dim": recipe.embedded,
            "pad_token_id": tokenizer.pad_token_id, "bos_token_id": tokenizer.cls_token_id,
            "eos_token_id": tokenizer.sep_token_id, "hidden_act": "gelu",
        },
        vision_config={
            "hidden_size": recipe.hidden, "num_hidden_layers": recipe.layers, "intermediate_size": 2 * recipe.hidden,
            "num_attention_heads": recipe.heads, "image_size": image_size, "patch_size": recipe.patch,
            "projection_dim": recipe.embedded, "hidden_act": "gelu", "initializer_range": recipe.hidden**-0.5,
        },
        projection_dim=recipe.embedded, **{MARKED: True},
    )  # fmt: skip
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = CLIPModel(config)
    network.set_attn_implementation("eager")  # at this size the fused one is slower, its backward pass threefold
    with torch.no_grad():
        places = network.vision_model.embeddings.position_embedding.weight
        places[1:] = sincos_grid(image_size // recipe.patch, recipe.hidden)
    size = {"height": image_size, "width": image_size}
    pictures = CLIPImageProcessorPil(
        size=size, do_center_crop=False, resample=4,  # PIL's box filter, as `shrink`
        image_mean=[0.5, 0.5, 0.5], image_std=[0.25, 0.25, 0.25],
    )  # fmt: skip
    return ClipStudent(network, CLIPProcessor(image_processor=pictures, tokenizer=tokenizer))

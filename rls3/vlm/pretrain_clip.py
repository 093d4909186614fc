"""Pretraining a CLIP: its contrastive loss, hard negatives included, on captions of the pictures.

A picture's embedding is made before anybody says which two objects are meant, so it must hold how all of them lie to
each other; a caption's embedding picks its two. What teaches both is `rls3.vlm.auxiliary.PictureLoss`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPProcessor

from rls3.scene.language import terms_of
from rls3.vlm.auxiliary import Pairs, PictureLoss, PictureWeights
from rls3.vlm.clip import ClipStudent
from rls3.vlm.data import term_targets
from rls3.vlm.marks import MARKED
from rls3.vlm.positions import sincos_grid
from rls3.vlm.pretrain import PretrainRecipe, Pupil
from rls3.vlm.pretrain_data import Drawn, PretrainData, swap_sides
from rls3.vlm.tokenizer import MAX_LENGTH, build_tokenizer


@dataclass(frozen=True)
class ClipRecipe(PretrainRecipe):
    """A CLIP; `rls3-clip-base` by default.

    Attributes:
        text_hidden, text_layers: width and depth of the text tower, which has as many heads.
        embedded: width of the common embedding.
        captioned: one picture in so many is also described; the others teach the picture tower alone, which has far
            more to learn.
        auxiliary: weights of the auxiliary losses.
    """

    hidden: int = 128
    learning_rate: float = 1.5e-3
    batch: int = 32
    text_hidden: int = 128
    text_layers: int = 2
    embedded: int = 256
    captioned: int = 4
    auxiliary: PictureWeights = field(default_factory=PictureWeights)
    task: ClassVar[str] = "zero-shot-image-classification"
    description: ClassVar[str] = (
        "A small CLIP that tells which of several captions says truly where one object is relative to another, seen\n"
        "from the camera: the one whose embedding is nearest to the picture's."
    )
    weakness: ClassVar[str] = (
        "It embeds a picture before anybody says which two objects are meant, so it learns far more slowly than a "
        "model that reads the question: in unseen rooms it hardly knows more than habit (compare accuracy and blind). "
        "It is a start for training, not a finished model."
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
        self.student, processor = new_clip(recipe, data.images.shape[1], seed)
        self._picture_processor: Any = processor.image_processor
        self.heads = PictureLoss(recipe.hidden, recipe.embedded, data.coverage.shape[1:], recipe.auxiliary, seed)
        self._towers: Any = self.student.network
        self._data, self._bfloat16, self._captioned = data, recipe.bfloat16, recipe.captioned
        self._rng = np.random.default_rng(seed)
        self._by_picture = np.argsort(data.image, kind="stable")
        self._starts = np.searchsorted(data.image[self._by_picture], np.arange(len(data.images) + 1))

    def losses(self, drawn: Drawn) -> tuple[Tensor, Tensor]:
        """The dual loss of captions and their foils, and the weighted auxiliary losses of a batch, two scalars."""
        described = drawn.take(slice(None, None, self._captioned))
        examples = self._data.examples(described, self._rng)
        batch = self.student.collate(examples)
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            seen = self._towers.get_image_features(pixel_values=self._pixels(drawn.images), output_hidden_states=True)
            read = self._towers.get_text_features(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
        pictures, texts = seen.pooler_output.float(), read.pooler_output.float()
        middle = seen.hidden_states[len(seen.hidden_states) // 2][:, 1:].float()
        types = torch.from_numpy(drawn.coverage).float()
        rows = described.rows[batch["owner"].numpy()]
        said = term_targets([terms_of(option) for example in examples for option in example.options])
        captions = self.heads.caption_loss(
            texts, torch.from_numpy(self._data.subject[rows]), torch.from_numpy(self._data.reference[rows]),
            torch.from_numpy(said),
        )  # fmt: skip
        dense = self.heads(middle, pictures, types, self._pairs(drawn))
        return self.student.dual_loss(pictures[:: self._captioned], texts, batch), dense + captions

    def _pixels(self, images: NDArray[np.uint8]) -> Tensor:
        pixels: Tensor = self._picture_processor(list(images), return_tensors="pt")["pixel_values"]
        return pixels

    def _pairs(self, drawn: Drawn) -> Pairs:
        """All that is asked about the batch's pictures."""
        data, pictures = self._data, self._data.image[drawn.rows]
        asked = [self._by_picture[self._starts[i] : self._starts[i + 1]] for i in pictures]
        rows = np.concatenate(asked)
        of = np.repeat(np.arange(len(pictures)), [len(each) for each in asked])
        terms = np.where(drawn.mirrored[of, None], swap_sides(data.terms[rows]), data.terms[rows])
        return Pairs(
            torch.from_numpy(of), torch.from_numpy(data.subject[rows]), torch.from_numpy(data.reference[rows]),
            torch.from_numpy(terms.astype(np.float32)),
        )  # fmt: skip


def new_clip(recipe: ClipRecipe, image_size: int, seed: int) -> tuple[ClipStudent, CLIPProcessor]:
    """A small CLIP with fresh weights that knows the project's words, and its processor.

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
    processor = CLIPProcessor(image_processor=pictures, tokenizer=tokenizer)
    return ClipStudent(network, processor), processor

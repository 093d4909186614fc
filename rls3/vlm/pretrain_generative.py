"""Pretraining a PaliGemma: its language-model loss on the answer.

PaliGemma reads picture and prompt in both directions and writes the answer from left to right (Beyer et al.,
"PaliGemma: A versatile 3B VLM for transfer", 2024), so its patches can be asked for what the question is about, as
a ViLT's can.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy
from transformers import (
    PaliGemmaConfig,
    PaliGemmaForConditionalGeneration,
    PaliGemmaProcessor,
    SiglipImageProcessorPil,
)

from rls3.scene.naming import noun
from rls3.vlm.auxiliary import MaskLoss, MaskTruth, MaskWeights
from rls3.vlm.generative import IGNORED, GenerativeStudent
from rls3.vlm.marks import MARKED
from rls3.vlm.positions import sincos_grid
from rls3.vlm.pretrain import PretrainRecipe, Pupil
from rls3.vlm.pretrain_data import Drawn, PretrainData
from rls3.vlm.tokenizer import build_tokenizer

PROMPT_WORDS = ("answer", "with", "one", ":", ";")
"""What `GenerativeStudent` says beside the question and its options."""
ANSWER_GROUPS = ("in front",)
"""One token each: all terms then count the same in a score that is a mean over tokens."""
LONGEST_PROMPT = 256
"""Most tokens of picture, prompt and answer."""


@dataclass(frozen=True)
class GenerativeRecipe(PretrainRecipe):
    """A PaliGemma.

    Attributes:
        vision_layers: depth of the tower that reads the patches before the language model does.
        auxiliary: weights of the auxiliary losses.
    """

    batch: int = 32
    vision_layers: int = 2
    auxiliary: MaskWeights = field(default_factory=MaskWeights)
    task: ClassVar[str] = "image-text-to-text"
    description: ClassVar[str] = (
        "A small PaliGemma that writes where one object is relative to another, seen from the camera, in the words of\n"
        "one of the options in the prompt."
    )
    weakness: ClassVar[str] = "It knows prompts as rls3 words them, options included, and no others."

    def pupil(self, data: PretrainData, seed: int) -> Pupil:
        """See `PretrainRecipe`."""
        return GenerativePupil(data, self, seed)


class GenerativePupil:
    """A PaliGemma in training.

    Args:
        data: what it will see.
        recipe: its shape and losses.
        seed: of all weights and of the options in the prompts.
    """

    def __init__(self, data: PretrainData, recipe: GenerativeRecipe, seed: int) -> None:
        self.student, tokenizer = new_generative(recipe, data.images.shape[1], seed)
        self.heads = MaskLoss(recipe.hidden, data.coverage.shape[1:], recipe.auxiliary, seed)
        self._model: Any = self.student.network
        self._data, self._bfloat16 = data, recipe.bfloat16
        self._rng = np.random.default_rng(seed)
        self._names = torch.tensor(tokenizer.convert_tokens_to_ids([noun(name) for name in data.types]))

    def losses(self, drawn: Drawn) -> tuple[Tensor, Tensor]:
        """The language-model loss of the answers and the weighted auxiliary losses of a batch, two scalars."""
        data = self._data
        batch = self.student.collate(data.examples(drawn, self._rng))
        labels = batch.pop("labels")[:, 1:]
        told = labels != IGNORED
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            out = self._model.model(**batch, use_cache=False, output_hidden_states=True)
            # scores of all words are wanted where the answer stands, not at every patch
            logits = self._model.lm_head(out.last_hidden_state[:, :-1][told])
        layers = out.hidden_states[1:]
        middle, late = layers[len(layers) // 2 - 1].float(), layers[-2].float()
        ids, patches = batch["input_ids"], drawn.coverage.shape[1]
        asked = np.stack([data.subject[drawn.rows], data.reference[drawn.rows]], axis=1)
        named = (ids[:, None, :] == self._names[torch.from_numpy(asked)][..., None]).int().argmax(dim=2)
        nouns = late.gather(1, named[..., None].expand(-1, -1, late.shape[2]))
        truth = MaskTruth(torch.from_numpy(drawn.coverage).float(), torch.from_numpy(drawn.roles(data)).float())
        auxiliary = self.heads(middle[:, :patches], late[:, :patches], truth, nouns)
        return cross_entropy(logits.float(), labels[told]), auxiliary


def new_generative(recipe: GenerativeRecipe, image_size: int, seed: int) -> tuple[GenerativeStudent, Any]:
    """A small PaliGemma with fresh weights that knows the project's words, and its tokenizer.

    Ours, as in `rls3.vlm.vilt.new_vilt`: position embeddings of the patches start as 2-D sines and cosines, and weights
    are drawn with standard deviation 1/sqrt(hidden).
    """
    tokenizer = build_tokenizer((*PROMPT_WORDS, *ANSWER_GROUPS), framed=False, max_length=LONGEST_PROMPT)
    tokenizer.add_special_tokens({"bos_token": "[CLS]", "eos_token": "[SEP]"})
    pictures = SiglipImageProcessorPil(
        size={"height": image_size, "width": image_size}, resample=4,  # PIL's box filter, as `shrink`
        image_mean=[0.5, 0.5, 0.5], image_std=[0.25, 0.25, 0.25],
        image_seq_length=(image_size // recipe.patch) ** 2,
    )  # fmt: skip
    processor = PaliGemmaProcessor(pictures, tokenizer)
    shape = {
        "hidden_size": recipe.hidden, "intermediate_size": 2 * recipe.hidden, "num_attention_heads": recipe.heads,
        "initializer_range": recipe.hidden**-0.5,
    }  # fmt: skip
    config = PaliGemmaConfig(
        vision_config={
            **shape, "model_type": "siglip_vision_model", "num_hidden_layers": recipe.vision_layers,
            "image_size": image_size, "patch_size": recipe.patch, "vision_use_head": False,
        },
        text_config={
            **shape, "model_type": "gemma", "num_hidden_layers": recipe.layers, "num_key_value_heads": recipe.heads,
            "head_dim": recipe.hidden // recipe.heads, "vocab_size": len(tokenizer),
            "max_position_embeddings": LONGEST_PROMPT, "pad_token_id": tokenizer.pad_token_id,
            "bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id,
        },
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"), projection_dim=recipe.hidden,
        hidden_size=recipe.hidden, **{MARKED: True},
    )  # fmt: skip
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = PaliGemmaForConditionalGeneration(config)
    network.set_attn_implementation("eager")  # at this size the fused one is slower, its backward pass threefold
    with torch.no_grad():
        places = network.model.vision_tower.embeddings.position_embedding.weight
        places.copy_(sincos_grid(image_size // recipe.patch, recipe.hidden))
    return GenerativeStudent(network, processor), tokenizer

"""Tiny models with fresh weights, saved in the format that hub models have: network, tokenizer and processor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    CLIPProcessor,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    PaliGemmaConfig,
    PaliGemmaForConditionalGeneration,
    PaliGemmaProcessor,
    PreTrainedTokenizerFast,
    SiglipConfig,
    SiglipImageProcessor,
    SiglipModel,
    SiglipProcessor,
)

from rls3.samples.record import Sample
from rls3.vlm.data import to_example
from rls3.vlm.student import Student

WORDS = (
    "where is the mug bowl relative to ? a an of left right above below behind front in and answer with one : ; . "
    "user assistant yes no \n"
)
_VISION = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "initializer_range": 0.15,
}
_TEXT = {**_VISION, "vocab_size": 2048, "max_position_embeddings": 64}
_PICTURE = {"image_size": 32, "patch_size": 8}


def scores_of(student: Student, samples: Sequence[Sample]) -> list[np.ndarray]:
    """Option scores of samples."""
    return student.score_options([to_example(sample, student.sight) for sample in samples])


def save_clip(folder: Path) -> Path:
    """A `CLIPModel`."""
    tokenizer = _tokenizer(framed=True)
    ends = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    config = CLIPConfig(
        text_config={**_TEXT, **ends, "projection_dim": 32},
        vision_config={**_VISION, **_PICTURE, "projection_dim": 32},
        projection_dim=32,
    )
    pictures = CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    return _save(folder, CLIPModel, config, CLIPProcessor(image_processor=pictures, tokenizer=tokenizer))


def save_siglip(folder: Path) -> Path:
    """A `SiglipModel`."""
    config = SiglipConfig(text_config={**_TEXT, "projection_size": 32}, vision_config={**_VISION, **_PICTURE})
    pictures = SiglipImageProcessor(size={"height": 32, "width": 32})
    processor = SiglipProcessor(image_processor=pictures, tokenizer=_tokenizer(framed=True))
    return _save(folder, SiglipModel, config, processor)


def save_llava(folder: Path) -> Path:
    """A `LlavaForConditionalGeneration` with a chat template."""
    tokenizer = _tokenizer()
    config = LlavaConfig(
        vision_config={"model_type": "clip_vision_model", **_VISION, **_PICTURE, "projection_dim": 32},
        text_config={"model_type": "llama", **_TEXT, "num_key_value_heads": 2, "max_position_embeddings": 256},
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
    )
    pictures = CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    template = (
        "{% for m in messages %}{{ m['role'] }} : {% for c in m['content'] %}{% if c['type'] == 'image' %}<image> "
        "{% else %}{{ c['text'] }}{% endif %}{% endfor %}{% endfor %} assistant :"
    )
    processor = LlavaProcessor(
        image_processor=pictures, tokenizer=tokenizer, patch_size=8, vision_feature_select_strategy="default",
        num_additional_image_tokens=1, chat_template=template,
    )  # fmt: skip
    return _save(folder, LlavaForConditionalGeneration, config, processor)


def save_paligemma(folder: Path) -> Path:
    """A `PaliGemmaForConditionalGeneration`, which has no chat template and tells prompt from answer by token type."""
    tokenizer = _tokenizer()
    config = PaliGemmaConfig(
        vision_config={"model_type": "siglip_vision_model", **_VISION, **_PICTURE},
        text_config={
            "model_type": "gemma", **_TEXT, "num_key_value_heads": 1, "head_dim": 16, "max_position_embeddings": 256,
        },
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"), projection_dim=32, hidden_size=32,
    )  # fmt: skip
    pictures = SiglipImageProcessor(size={"height": 32, "width": 32})
    pictures.image_seq_length = 16
    return _save(folder, PaliGemmaForConditionalGeneration, config, PaliGemmaProcessor(pictures, tokenizer))


def _tokenizer(*, framed: bool = False) -> PreTrainedTokenizerFast:
    special = ["[PAD]", "[UNK]", "[BOS]", "[EOS]", "<image>"]
    ids = {word: i for i, word in enumerate(dict.fromkeys([*special, *WORDS.split(" ")]))}
    backend = Tokenizer(models.WordLevel(ids, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    if framed:  # CLIP reads a sentence off its end token
        backend.post_processor = processors.TemplateProcessing(
            single="[BOS] $A [EOS]", special_tokens=[(token, ids[token]) for token in ("[BOS]", "[EOS]")]
        )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, pad_token="[PAD]", unk_token="[UNK]", bos_token="[BOS]", eos_token="[EOS]"
    )
    tokenizer.add_special_tokens({"additional_special_tokens": ["<image>"]})
    return tokenizer


def _save(folder: Path, kind: type, config: object, processor: object) -> Path:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        kind(config).save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder

"""A word-level tokenizer for the project's questions: one token per word or noun, no download, no training."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from rls3.assets.types import OBJECT_TYPES
from rls3.scene.language import vocabulary
from rls3.scene.naming import noun

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
"""The order is the order of ids; padding has id 0."""

MAX_LENGTH = 32
"""Longest question, tokens; longer ones are truncated."""


def build_tokenizer(
    more: Iterable[str] = (), *, framed: bool = True, max_length: int = MAX_LENGTH
) -> PreTrainedTokenizerFast:
    """The tokenizer of a base model made here: it knows every template word and every AI2-THOR type's noun.

    A group of words that it knows, as the noun "coffee table", is one token, so that a question's words stand at fixed
    positions. Text is lower-cased; any other word becomes [UNK].

    Args:
        more: further words, groups of words and punctuation marks to know.
        framed: put text between [CLS] and [SEP].
        max_length: of a text, tokens.
    """
    nouns = {noun(name) for name in OBJECT_TYPES}
    tokens = dict.fromkeys((*SPECIAL_TOKENS, "?", ".", ",", *sorted({*vocabulary(), *nouns}), *more))
    ids = {token: i for i, token in enumerate(tokens)}
    backend = Tokenizer(models.WordLevel(ids, unk_token="[UNK]"))
    backend.normalizer = normalizers.Lowercase()
    backend.pre_tokenizer = pre_tokenizers.Split(Regex(_token_pattern(tokens)), behavior="removed", invert=True)
    if framed:
        backend.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", special_tokens=[(token, ids[token]) for token in ("[CLS]", "[SEP]")]
        )
    return PreTrainedTokenizerFast(
        tokenizer_object=backend,
        model_max_length=max_length,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )


def _token_pattern(known: Iterable[str]) -> str:
    """What counts as one token: a known group of words (longest first), a word, or a punctuation mark."""
    compounds = sorted((each for each in known if " " in each), key=lambda text: (-len(text), text))
    return "|".join([*(rf"\b{re.escape(each)}\b" for each in compounds), r"\w+", r"[^\w\s]"])

"""A word-level tokenizer for the project's questions: one token per word, no download, no training."""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
"""Padding has id 0; the order is the order of ids."""


def words_of(texts: Iterable[str]) -> list[str]:
    """The distinct lower-case words and punctuation marks of texts, sorted."""
    split = pre_tokenizers.Whitespace()
    return sorted({word for text in texts for word, _ in split.pre_tokenize_str(text.lower())})


def build_tokenizer(texts: Iterable[str], max_length: int) -> PreTrainedTokenizerFast:
    """A WordLevel tokenizer that knows every word of `texts` and frames each question as [CLS] ... [SEP].

    Args:
        texts: sentences (or single words) whose words become tokens; any other word becomes [UNK].
        max_length: longest encoded question, tokens; longer ones are truncated.
    """
    vocabulary = {token: i for i, token in enumerate((*SPECIAL_TOKENS, *words_of(texts)))}
    backend = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.Lowercase()
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(token, vocabulary[token]) for token in ("[CLS]", "[SEP]")],
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

"""Generative VLMs as students: PaliGemma, Qwen-VL, SmolVLM, LLaVA, whatever `AutoModelForImageTextToText` loads.

An option's score is the log-likelihood of its tokens after the question, divided by their number, so that longer
answers are not at a disadvantage (length normalisation as in the GPT-3 paper's multiple-choice tasks, Brown et al.,
NeurIPS 2020, section 2.4). The training loss is the language-model loss on the true answer and the end of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModelForImageTextToText, AutoProcessor

from rls3.errors import ModelLoadError
from rls3.vlm.data import Example, Sight
from rls3.vlm.marks import MARKED
from rls3.vlm.quiet import quiet_transformers

Batch = dict[str, Tensor]
SCORING_BATCH = 8
"""Questions per forward pass when scoring; each counts as many rows as it has options."""
LONGEST_TEXT = 32
"""Most tokens written as a free answer."""
IGNORED = -100
"""Label of tokens that are not part of the answer."""
_APPENDED = {"attention_mask": 1, "token_type_ids": 1, "mm_token_type_ids": 0}
"""What an answer's token is in each per-token input: PaliGemma's types tell prompt (0) from answer (1)."""


class GenerativeStudent:
    """A `transformers` model that continues a picture and a prompt with text.

    Args:
        network: the model, or a `peft` model round it.
        processor: its tokenizer, picture processor and chat template.
    """

    def __init__(self, network: Any, processor: Any) -> None:
        self.network: nn.Module = network
        self._model: Any = network
        self._processor: Any = processor
        self._tokenizer: Any = processor.tokenizer
        self.network.eval()

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.network.parameters()).device

    @property
    def sight(self) -> Sight:
        """How it sees pictures."""
        return Sight(None, getattr(self._model.config, MARKED, False))

    def collate(self, examples: Sequence[Example]) -> Batch:
        """The processor's tensors for picture, prompt and true answer, and `labels` (N, L): the answer's tokens and the
        end of text, `IGNORED` elsewhere.
        """
        return self._encode(examples, [example.options[example.answer] for example in examples], ended=True)

    def training_loss(self, batch: Batch) -> Tensor:
        """Mean cross entropy of the answers' tokens."""
        labels = batch["labels"]
        loss: Tensor = nn.functional.cross_entropy(
            self._logits(batch)[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), ignore_index=IGNORED
        )
        return loss

    @torch.no_grad()
    def score_options(self, examples: Sequence[Example]) -> list[NDArray[np.float64]]:
        """Per example the mean log-likelihood of each of its options' tokens, in their order."""
        self.network.eval()
        scores: list[NDArray[np.float64]] = []
        for start in range(0, len(examples), SCORING_BATCH):
            part = examples[start : start + SCORING_BATCH]
            rows = [(example, option) for example in part for option in example.options]
            batch = self._encode([example for example, _ in rows], [option for _, option in rows], ended=False)
            values = self._mean_log_likelihood({key: value.to(self.device) for key, value in batch.items()})
            scores += np.split(values, np.cumsum([len(example.options) for example in part])[:-1])
        return scores

    @torch.no_grad()
    def write(self, examples: Sequence[Example]) -> list[str]:
        """What the model writes after each question, greedily, at most `LONGEST_TEXT` tokens."""
        self.network.eval()
        texts: list[str] = []
        for example in examples:
            batch = self._processor(images=[[example.image]], text=[self._prompt(example)], return_tensors="pt")
            batch.pop("labels", None)
            inputs = {key: value.to(self.device) for key, value in batch.items()}
            written = self._model.generate(**inputs, max_new_tokens=LONGEST_TEXT, do_sample=False)
            fresh = written[0, inputs["input_ids"].shape[1] :]
            texts.append(str(self._tokenizer.decode(fresh, skip_special_tokens=True)).strip())
        return texts

    def save(self, folder: Path) -> None:
        """Write weights (of adapters: theirs alone), configuration and processor; `load_student` reads them back."""
        folder.mkdir(parents=True, exist_ok=True)
        with quiet_transformers():
            self._model.save_pretrained(folder)
            self._processor.save_pretrained(folder)

    def _logits(self, batch: Batch) -> Tensor:
        inputs = {key: value for key, value in batch.items() if key != "labels"}
        logits: Tensor = self._model(**inputs, use_cache=False).logits
        return logits.float()

    def _mean_log_likelihood(self, batch: Batch) -> NDArray[np.float64]:
        labels = batch["labels"][:, 1:]
        counted = labels != IGNORED
        # only where the answers stand: a row per patch and word of the prompt would be most of the work
        chances = nn.functional.log_softmax(self._logits(batch)[:, :-1][counted].double(), dim=-1)
        of_token = torch.zeros(labels.shape, dtype=chances.dtype, device=chances.device)
        of_token[counted] = chances.gather(1, labels[counted][:, None])[:, 0]
        means: NDArray[np.float64] = (of_token.sum(1) / counted.sum(1)).cpu().numpy()
        return means

    def _prompt(self, example: Example) -> str:
        text = example.question
        if len(example.options) > 1:
            text += f" answer with one of: {'; '.join(example.options)}."
        if self._processor.chat_template is None:
            return f"{self._processor.image_token}{text}\n"
        turn = {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": text}]}
        return str(self._processor.apply_chat_template([turn], add_generation_prompt=True, tokenize=False))

    def _encode(self, examples: Sequence[Example], answers: Sequence[str], *, ended: bool) -> Batch:
        """Prompts with their answers' tokens behind them, padded on the right."""
        prompts = [self._prompt(example) for example in examples]
        inputs = dict(
            self._processor(
                images=[[example.image] for example in examples], text=prompts, padding=True, return_tensors="pt"
            )
        )
        inputs.pop("labels", None)
        kept = inputs["attention_mask"].bool()
        ends = [self._tokenizer.eos_token_id] if ended else []
        tails = [
            self._tokenizer(answer if prompt[-1].isspace() else f" {answer}", add_special_tokens=False)["input_ids"]
            + ends
            for prompt, answer in zip(prompts, answers, strict=True)
        ]
        for key, fill in _APPENDED.items():
            if key in inputs:
                inputs[key] = _joined(inputs[key], kept, [[fill] * len(tail) for tail in tails], 0)
        padding = self._tokenizer.pad_token_id or 0
        ignored = torch.full_like(inputs["input_ids"], IGNORED)
        return inputs | {
            "input_ids": _joined(inputs["input_ids"], kept, tails, padding),
            "labels": _joined(ignored, kept, tails, IGNORED),
        }


def load_generative(source: str, *, lora_rank: int, gradient_checkpointing: bool) -> GenerativeStudent:
    """The student of a folder or hub id.

    Args:
        source: a model, or adapters that an earlier student saved.
        lora_rank: rank of new low-rank adapters on every linear layer (Hu et al., "LoRA", ICLR 2022); 0 trains all
            weights, and the adapters when `source` holds some.
        gradient_checkpointing: recompute activations in the backward pass: less memory, a third more time.

    Raises:
        ModelLoadError: adapters are asked for and `peft` is not installed.
        OSError, ValueError, RuntimeError, KeyError: what transformers raises for missing or damaged files.
    """
    processor = AutoProcessor.from_pretrained(source)
    network = AutoModelForImageTextToText.from_pretrained(source)
    if gradient_checkpointing:
        network.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    if lora_rank:
        try:
            from peft import LoraConfig, get_peft_model
        except ImportError:
            raise ModelLoadError(
                f"vlm.lora_rank={lora_rank} needs the package peft; install rls3[lora], or set vlm.lora_rank=0"
            ) from None
        network = get_peft_model(
            network, LoraConfig(r=lora_rank, lora_alpha=2 * lora_rank, target_modules="all-linear", lora_dropout=0.0)
        )
    return GenerativeStudent(network, processor)


def _joined(tokens: Tensor, kept: Tensor, tails: Sequence[Sequence[int]], fill: int) -> Tensor:
    """Rows of `tokens` (N, L) where `kept`, each with its tail behind it, padded on the right with `fill`."""
    rows = [
        torch.cat([row[mask], torch.tensor(tail, dtype=tokens.dtype)])
        for row, mask, tail in zip(tokens, kept, tails, strict=True)
    ]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=fill)

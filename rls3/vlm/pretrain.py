"""Making a base model from scratch, whatever its family.

Relations alone teach a small transformer nothing for a long time; `rls3.vlm.auxiliary` says what breaks that plateau.
Half of each batch is seen in a mirror, with "left" and "right" exchanged. Nothing is evened out: what natural rooms and
people's way to speak of them hardly show, the model hardly learns, and that is what fine-tuning is for. What differs
between families of students is in `rls3.vlm.pretrain_vilt`, `pretrain_clip` and `pretrain_generative`.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from rls3.samples.scores import Tally
from rls3.scene.edit import TERMS
from rls3.vlm.data import Example
from rls3.vlm.module import decayed_groups
from rls3.vlm.pretrain_data import Drawing, Drawn, PretrainData, as_asked
from rls3.vlm.rehearsal import REHEARSED, save_rehearsal
from rls3.vlm.student import Student


class Pupil(Protocol):
    """A student in training."""

    @property
    def student(self) -> Student:
        """What ships."""
        ...

    @property
    def heads(self) -> nn.Module:
        """What is trained beside it and does not ship."""
        ...

    def losses(self, drawn: Drawn) -> tuple[Tensor, Tensor]:
        """The relation loss and the weighted auxiliary losses of a batch, two scalars."""
        ...


@dataclass(frozen=True)
class PretrainRecipe(ABC):
    """Shape of a model and its training; a family's defaults are those of its shipped base model, where one ships.

    Attributes:
        hidden, layers, heads, patch: width, depth, attention heads and patch side (pixels) of what sees the picture.
        learning_rate: peak of the one-cycle schedule.
        weight_decay: AdamW's.
        batch: questions per step.
        bfloat16: multiply in bfloat16 (weights stay float32): over twice as fast where the CPU has AVX512-BF16.
        held_out: share of the pictures kept for the report.
        threads: torch threads.
        task: Hugging Face's name of what the model does.
        description: two lines for the model card.
        weakness: one more for it, of the family's own.
    """

    hidden: int = 96
    layers: int = 4
    heads: int = 4
    patch: int = 8
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    batch: int = 64
    bfloat16: bool = True
    held_out: float = 0.05
    threads: int = 1
    task: ClassVar[str]
    description: ClassVar[str]
    weakness: ClassVar[str]

    @abstractmethod
    def pupil(self, data: PretrainData, seed: int) -> Pupil:
        """A model with fresh weights that is to learn from `data`."""


@dataclass(frozen=True)
class Progress:
    """State of a training that goes on.

    Attributes:
        step, steps: steps done and to do.
        loss: the relation loss, mean since the last report.
        accuracy: share of right answers among four options on a part of the held-out questions, 0..1.
        seconds: since the start.
    """

    step: int
    steps: int
    loss: float
    accuracy: float
    seconds: float


@dataclass(frozen=True)
class PretrainReport:
    """What came of a training.

    Attributes:
        recipe: how it was trained.
        seed, steps, seconds: of the training.
        pictures, questions: that it was trained on.
        asked: of these questions those whose truth has a term, by term.
        parameters: number of weights that ship.
        overall: right answers among four options on the held-out questions; chance is a quarter.
        by_term: the same over the questions whose truth has the term.
        blind: as `overall`, with grey pictures.
        blind_by_term: as `by_term`, with grey pictures.
    """

    recipe: PretrainRecipe
    seed: int
    steps: int
    seconds: float
    pictures: int
    questions: int
    asked: dict[str, int]
    parameters: int
    overall: Tally
    by_term: dict[str, Tally]
    blind: Tally
    blind_by_term: dict[str, Tally]


def pretrain(
    data: PretrainData,
    recipe: PretrainRecipe,
    *,
    seed: int,
    steps: int,
    out: Path,
    progress: Callable[[Progress], None] | None = None,
    report_every: int = 250,
) -> PretrainReport:
    """Train a model from scratch and write it to `out`, where `load_student` finds it.

    Args:
        data: pictures and questions; the last pictures are held out.
        recipe: which family, and how.
        seed: of weights, batches and mirrors: the same data, recipe and seed give the same weights.
        steps: gradient steps.
        out: folder of the model.
        progress: called every `report_every` steps and at the end.
        report_every: steps.
    """
    torch.set_num_threads(recipe.threads)
    training, held_out = data.split(recipe.held_out)
    pupil = recipe.pupil(training, seed)
    student = pupil.student
    started = time.perf_counter()
    run = _Run(pupil, Drawing(training, seed), recipe, steps)
    losses: list[float] = []
    for step in range(1, steps + 1):
        losses.append(run.step())
        if progress and (step % report_every == 0 or step == steps):
            overall, _ = answer_accuracy(student, held_out, limit=512)
            mean = sum(losses) / len(losses)
            progress(Progress(step, steps, mean, overall.accuracy, time.perf_counter() - started))
            losses.clear()
    seconds = time.perf_counter() - started
    student.save(out)
    save_rehearsal(rehearsed(training, seed), out)
    return PretrainReport(
        recipe, seed, steps, seconds, len(np.unique(training.image)), len(training.question),
        dict(zip(TERMS, training.terms.sum(0).tolist(), strict=True)),
        sum(p.numel() for p in student.network.parameters()),
        *answer_accuracy(student, held_out), *answer_accuracy(student, held_out.blind()),
    )  # fmt: skip


class _Run:
    """Optimiser and batches of one training."""

    def __init__(self, pupil: Pupil, drawing: Drawing, recipe: PretrainRecipe, steps: int) -> None:
        self._pupil, self._drawing, self._batch_size = pupil, drawing, recipe.batch
        groups = decayed_groups(nn.ModuleList([pupil.student.network, pupil.heads]), recipe.weight_decay)
        self._optimizer = torch.optim.AdamW(groups, lr=recipe.learning_rate, foreach=True)
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimizer, recipe.learning_rate, total_steps=steps + 1
        )

    def step(self) -> float:
        """One gradient step; returns the relation loss."""
        network = self._pupil.student.network
        network.train()
        loss, auxiliary = self._pupil.losses(self._drawing.draw(self._batch_size))
        self._optimizer.zero_grad()
        torch.autograd.backward(loss + auxiliary)
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        self._optimizer.step()
        self._schedule.step()
        return loss.item()


def rehearsed(data: PretrainData, seed: int) -> list[Example]:
    """REHEARSED of the questions, as they were asked, for those who train the model on."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(data.question))[:REHEARSED]
    return data.examples(as_asked(data, rows), rng)


def answer_accuracy(student: Student, data: PretrainData, limit: int | None = None) -> tuple[Tally, dict[str, Tally]]:
    """Right answers among four options, overall and per true term; options are drawn with a fixed seed.

    Args:
        student: the model.
        data: pictures and questions.
        limit: questions asked, evenly spread; None = all.
    """
    count = len(data.question)
    rows = np.arange(count) if limit is None or count <= limit else np.linspace(0, count - 1, limit).astype(np.int64)
    examples = data.examples(as_asked(data, rows), np.random.default_rng(0))
    right = [
        scores[example.answer] > np.delete(scores, example.answer).max()
        for example, scores in zip(examples, student.score_options(examples), strict=True)
    ]
    hits = np.array(right, bool)
    by_term: dict[str, Tally] = {
        term: Tally(int(hits[data.terms[rows, i]].sum()), int(data.terms[rows, i].sum()))
        for i, term in enumerate(TERMS)
    }
    return Tally(int(hits.sum()), len(hits)), by_term

"""Making a base model from scratch.

Relations alone teach a small transformer nothing for a long time; `rls3.vlm.auxiliary` says what breaks that plateau.
Half of each batch is seen in a mirror, with "left" and "right" exchanged, and relations that are rare in natural rooms
are drawn more often than they occur.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from rls3.samples.scores import Tally
from rls3.scene.edit import TERMS
from rls3.scene.language import options
from rls3.scene.naming import noun
from rls3.vlm.auxiliary import AuxiliaryLoss, AuxiliaryWeights, DenseTruth
from rls3.vlm.module import decayed_groups
from rls3.vlm.pretrain_data import PretrainData, mirrored
from rls3.vlm.vilt import Batch, ViltStudent, new_vilt, option_scores


@dataclass(frozen=True)
class PretrainRecipe:
    """Shape of the model and its training; the defaults are the shipped base model's.

    Attributes:
        hidden, layers, heads, patch: the ViLT's width, depth, attention heads and patch side (pixels).
        learning_rate: peak of the one-cycle schedule.
        weight_decay: AdamW's.
        batch: questions per step.
        auxiliary: weights of the auxiliary losses.
        bfloat16: multiply in bfloat16 (weights stay float32): over twice as fast where the CPU has AVX512-BF16.
        held_out: share of the pictures kept for the report.
        threads: torch threads.
    """

    hidden: int = 96
    layers: int = 4
    heads: int = 4
    patch: int = 8
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    batch: int = 64
    auxiliary: AuxiliaryWeights = field(default_factory=AuxiliaryWeights)
    bfloat16: bool = True
    held_out: float = 0.05
    threads: int = 1


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
        parameters: number of weights that ship.
        overall: right answers among four options on the held-out questions; chance is a quarter.
        by_term: the same over the questions whose truth has the term.
    """

    recipe: PretrainRecipe
    seed: int
    steps: int
    seconds: float
    pictures: int
    questions: int
    parameters: int
    overall: Tally
    by_term: dict[str, Tally]


def pretrain(
    data: PretrainData,
    *,
    seed: int,
    steps: int,
    out: Path,
    recipe: PretrainRecipe | None = None,
    progress: Callable[[Progress], None] | None = None,
    report_every: int = 250,
) -> PretrainReport:
    """Train a ViLT from scratch and write it to `out`, where `load_student` finds it.

    Args:
        data: pictures and questions; the last pictures are held out.
        seed: of weights, batches and mirrors: the same data, recipe and seed give the same weights.
        steps: gradient steps.
        out: folder of the model.
        recipe: how; None = the defaults.
        progress: called every `report_every` steps and at the end.
        report_every: steps.
    """
    recipe = recipe or PretrainRecipe()
    torch.set_num_threads(recipe.threads)
    training, held_out = data.split(recipe.held_out)
    student = new_vilt(
        image_size=data.images.shape[1], patch_size=recipe.patch, hidden=recipe.hidden, layers=recipe.layers,
        heads=recipe.heads, seed=seed,
    )  # fmt: skip
    started = time.perf_counter()
    run = _Run(student, training, recipe, seed, steps)
    losses: list[float] = []
    for step in range(1, steps + 1):
        losses.append(run.step())
        if progress and (step % report_every == 0 or step == steps):
            overall, _ = answer_accuracy(student, held_out, limit=512)
            mean = sum(losses) / len(losses)
            progress(Progress(step, steps, mean, overall.accuracy, time.perf_counter() - started))
            losses.clear()
    overall, by_term = answer_accuracy(student, held_out)
    student.save(out)
    return PretrainReport(
        recipe, seed, steps, time.perf_counter() - started, len(np.unique(training.image)), len(training.question),
        sum(p.numel() for p in student.network.parameters()), overall, by_term,
    )  # fmt: skip


class _Run:
    """Optimiser, auxiliary heads and random state of one training."""

    def __init__(self, student: ViltStudent, data: PretrainData, recipe: PretrainRecipe, seed: int, steps: int) -> None:
        self._student, self._data = student, data
        self._batch_size, self._bfloat16 = recipe.batch, recipe.bfloat16
        self._rng = np.random.default_rng(seed)
        self._auxiliary = AuxiliaryLoss(recipe.hidden, data.coverage.shape[1:], recipe.auxiliary, seed)
        groups = decayed_groups(nn.ModuleList([student.network, self._auxiliary]), recipe.weight_decay)
        self._optimizer = torch.optim.AdamW(groups, lr=recipe.learning_rate, foreach=True)
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimizer, recipe.learning_rate, total_steps=steps + 1
        )
        self._chance = _balanced(data.terms)
        texts, first, self._text_row = np.unique(np.array(data.question), return_index=True, return_inverse=True)
        self._encoded = student.encode_questions(texts.tolist())
        self._nouns = _noun_tokens(student, data, self._encoded["input_ids"], first)

    def step(self) -> float:
        """One gradient step; returns the relation loss."""
        batch, truth = self._draw()
        self._student.network.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            logits, layers = self._student.forward_with_layers(batch)
        loss = binary_cross_entropy_with_logits(logits.float(), batch["labels"]) * len(TERMS)
        total = loss + self._auxiliary(layers, truth)
        self._optimizer.zero_grad()
        total.backward()
        nn.utils.clip_grad_norm_(self._student.network.parameters(), 1.0)
        self._optimizer.step()
        self._schedule.step()
        return loss.item()

    def _draw(self) -> tuple[Batch, DenseTruth]:
        data, size = self._data, self._batch_size
        rows = np.searchsorted(self._chance, self._rng.random(size))
        images, coverage, terms = data.images[data.image[rows]], data.coverage[data.image[rows]], data.terms[rows]
        half = size // 2
        flipped = mirrored(images[:half], coverage[:half], terms[:half])
        images, coverage, terms = (
            np.concatenate([mirror, plain[half:]])
            for plain, mirror in zip((images, coverage, terms), flipped, strict=True)
        )
        here = np.arange(size)
        roles = np.stack([coverage[here, :, data.subject[rows]], coverage[here, :, data.reference[rows]]], axis=-1)
        text = torch.from_numpy(self._text_row[rows])
        batch = {name: table[text] for name, table in self._encoded.items()}
        batch["pixel_values"] = self._student.normalize(torch.from_numpy(images))
        batch["labels"] = torch.from_numpy(terms.astype(np.float32))
        return batch, DenseTruth(torch.from_numpy(coverage).float(), torch.from_numpy(roles).float(), self._nouns[text])


def _noun_tokens(student: ViltStudent, data: PretrainData, texts: Tensor, rows: NDArray[np.intp]) -> Tensor:
    """(U, 2) which token of each text (U, L) names the subject and which the reference; `rows[i]` asks text i."""
    names = student.encode_questions([noun(name) for name in data.types])["input_ids"][:, 1]  # behind [CLS]
    asked = np.stack([data.subject[rows], data.reference[rows]], axis=1)
    return (texts[:, None, :] == names[torch.from_numpy(asked)][..., None]).int().argmax(dim=2)


def _balanced(terms: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(Q,) cumulative chances of the questions: sets of terms that are rare in natural rooms are drawn more often.

    A set that is n times as frequent is drawn sqrt(n) times as often.
    """
    _, which, counts = np.unique(terms, axis=0, return_inverse=True, return_counts=True)
    cumulative = np.cumsum(counts[which.ravel()] ** -0.5)
    result: NDArray[np.float64] = cumulative / cumulative[-1]
    return result


def answer_accuracy(
    student: ViltStudent, data: PretrainData, limit: int | None = None
) -> tuple[Tally, dict[str, Tally]]:
    """Right answers among four options, overall and per true term; options are drawn with a fixed seed.

    Args:
        student: the model.
        data: pictures and questions.
        limit: questions asked, evenly spread; None = all.
    """
    count = len(data.question)
    rows = np.arange(count) if limit is None or count <= limit else np.linspace(0, count - 1, limit).astype(int)
    rng = np.random.default_rng(0)
    right = []
    for row, logits in zip(rows, _term_logits(student, data, rows), strict=True):
        truth = tuple(term for term, holds in zip(TERMS, data.terms[row], strict=True) if holds)
        texts, answer = options(truth, rng)
        scores = option_scores(logits, texts)
        right.append(scores[answer] > np.delete(scores, answer).max())
    hits = np.array(right, bool)
    by_term: dict[str, Tally] = {
        term: Tally(int(hits[data.terms[rows, i]].sum()), int(data.terms[rows, i].sum()))
        for i, term in enumerate(TERMS)
    }
    return Tally(int(hits.sum()), len(hits)), by_term


@torch.no_grad()
def _term_logits(student: ViltStudent, data: PretrainData, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    student.network.eval()
    logits = []
    for chunk in np.array_split(rows, max(1, len(rows) // 128)):
        batch = student.encode_questions([data.question[row] for row in chunk])
        batch["pixel_values"] = student.normalize(torch.from_numpy(data.images[data.image[chunk]]))
        logits.append(student.forward(batch).double().numpy())
    return np.concatenate(logits)


def write_model_card(
    report: PretrainReport, folder: Path, *, data: str, engine: str, command: str, weaknesses: tuple[str, ...]
) -> None:
    """Write the model's README.md with Hugging Face's card header.

    Args:
        report: what `pretrain` returned.
        folder: the model's folder.
        data: one sentence on the pictures: which scenes, which seeds.
        engine: name and version of the program that drew them.
        command: the command line that made the model.
        weaknesses: what users must know.
    """
    shape = ", ".join(f"{name} {value}" for name, value in asdict(report.recipe).items())
    rows = [f"| {term} | {tally.accuracy:.3f} | {tally.total} |" for term, tally in report.by_term.items()]
    lines = [
        "---", "license: apache-2.0", "library_name: transformers", "pipeline_tag: visual-question-answering", "---",
        f"# {folder.name}", "",
        "A small ViLT that answers where one object is relative to another, seen from the camera. Its six labels are",
        f"the terms {', '.join(TERMS)}; an option's score is the log-likelihood of exactly its terms.", "",
        f"- Data: {data}", f"- Engine: {engine}",
        f"- Trained on {report.questions} questions on {report.pictures} pictures",
        f"- Steps {report.steps}, seed {report.seed}",
        f"- Parameters: {report.parameters}", f"- Recipe: {shape}", f"- Command: `{command}`", "",
        "Held-out accuracy among four options of the same shape (chance 0.25), pictures not trained on:", "",
        "| term | accuracy | questions |", "|---|---|---|",
        f"| all | {report.overall.accuracy:.3f} | {report.overall.total} |", *rows, "", "Known weaknesses:", "",
        *(f"- {weakness}" for weakness in weaknesses), "",
    ]  # fmt: skip
    (folder / "README.md").write_text("\n".join(lines), encoding="utf-8")

"""Fine-tuning as a LightningModule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor
from torch.utils.data import DataLoader, DistributedSampler

from rls3.config import VlmConfig
from rls3.vlm.data import Example, ExampleDataset
from rls3.vlm.student import Batch, Student


class FineTuning(pl.LightningModule):
    """One short fine-tuning of a student: AdamW, linear warm-up, then cosine decay to zero or a constant rate.

    Every round starts with a fresh optimiser and a learning rate near zero: the first steps on a new mixture then
    cannot throw the weights off, which is where published runs first got worse. Matrices decay; biases and norms stay
    free.

    With early stopping, the accuracy on questions apart is taken after every pass; `vlm.patience` passes without a
    better one end the fit, and the weights of the best pass are kept, of equals the earliest.

    It leaves in the Lightning trainer's `callback_metrics`, from where they come back even from spawned processes:
    `loss` (mean over the kept pass), `epochs` and `steps` made, and with early stopping the kept pass's `accuracy`.

    Args:
        student: the model; its weights are changed in place.
        config: learning rate, decay, schedule, batches and patience.
        examples: what it learns from.
        seed: of their order.
        stopping: early-stopping questions; none = no early stopping.
    """

    def __init__(
        self,
        student: Student,
        config: VlmConfig,
        examples: Sequence[Example],
        *,
        seed: int,
        stopping: Sequence[Example] = (),
    ) -> None:
        super().__init__()
        self.student = student
        self.network = student.network
        self._config, self._examples, self._seed, self._stopping = config, examples, seed, stopping
        self._losses: list[float] = []
        self._kept_loss, self._kept_accuracy, self._passes_since_best = math.nan, -1.0, 0
        self._kept_weights: list[Tensor] = []

    def train_dataloader(self) -> DataLoader[Example]:
        """Batches in a seeded order; several processes get batches apart, so one step sees as many as there are."""
        data = ExampleDataset(self._examples)
        world = self.trainer.world_size
        shares: DistributedSampler[Example] | None = None
        if world > 1:
            shares = DistributedSampler(data, world, self.trainer.global_rank, seed=self._seed)
        return DataLoader(
            data, batch_size=self._config.batch_size, sampler=shares, shuffle=shares is None,
            generator=torch.Generator().manual_seed(self._seed), collate_fn=self.student.collate,
        )  # fmt: skip

    def on_train_epoch_start(self) -> None:
        """Training mode, which dropout and gradient checkpointing ask for; scoring leaves the other."""
        self.network.train()

    def training_step(self, batch: Batch, _: int) -> Tensor:
        """Loss of one batch."""
        loss = self.student.training_loss(batch)
        self._losses.append(float(loss.detach()))
        return loss

    def on_train_epoch_end(self) -> None:
        """Decide whether this pass is kept and whether it was the last."""
        loss = sum(self._losses) / len(self._losses)
        self._losses.clear()
        if not self._stopping:
            self._kept_loss = loss
        else:
            # the first process decides for all: rounding differs between GPUs, and who stops alone makes others wait
            accuracy = self.trainer.strategy.broadcast(share_right(self.student, self._stopping))
            self._passes_since_best += 1
            if accuracy > self._kept_accuracy:
                self._kept_loss, self._kept_accuracy, self._passes_since_best = loss, accuracy, 0
                self._kept_weights = [parameter.detach().clone() for parameter in self._trainable()]
            self.trainer.should_stop = self._passes_since_best >= self._config.patience
            self.log("accuracy", self._kept_accuracy, sync_dist=True)
        self.log_dict(
            {"loss": self._kept_loss, "epochs": self.current_epoch + 1.0, "steps": float(self.global_step)},
            sync_dist=True,
        )

    def on_train_end(self) -> None:
        """Back to the best pass."""
        if self._kept_weights:
            with torch.no_grad():
                for parameter, kept in zip(self._trainable(), self._kept_weights, strict=True):
                    parameter.copy_(kept)

    def configure_optimizers(self) -> Any:
        """AdamW with its schedule, stepped with every gradient step."""
        optimizer = torch.optim.AdamW(
            decayed_groups(self.network, self._config.weight_decay), lr=self._config.learning_rate, foreach=True
        )
        total = int(self.trainer.estimated_stepping_batches)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate_share(self._config, step, total))
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def _trainable(self) -> list[torch.nn.Parameter]:
        return [parameter for parameter in self.network.parameters() if parameter.requires_grad]


def rate_share(config: VlmConfig, step: int, total: int) -> float:
    """Learning rate of step `step` (0-based) of `total` as a share of `vlm.learning_rate`."""
    warmup = round(config.warmup_share * total)
    if step < warmup:
        return (step + 1) / (warmup + 1)
    if config.schedule == "constant":
        return 1.0
    progress = (step - warmup) / max(1, total - warmup)
    return 0.5 * (1.0 + math.cos(math.pi * min(1.0, progress)))


def share_right(student: Student, questions: Sequence[Example]) -> float:
    """Share of the questions whose true option has strictly the best score."""
    right = [
        all(score < scores[question.answer] for i, score in enumerate(scores) if i != question.answer)
        for question, scores in zip(questions, student.score_options(questions), strict=True)
    ]
    return sum(right) / len(right)


def decayed_groups(network: torch.nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Parameter groups for AdamW: matrices decay, vectors (biases, norms) do not."""
    trainable = [parameter for parameter in network.parameters() if parameter.requires_grad]
    return [
        {"params": [p for p in trainable if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in trainable if p.ndim <= 1], "weight_decay": 0.0},
    ]

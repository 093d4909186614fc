"""Fine-tuning as a LightningModule."""

from __future__ import annotations

import math
from typing import Any

import pytorch_lightning as pl
import torch
from torch import Tensor

from rls3.config import VlmConfig
from rls3.vlm.student import Batch, Student


class FineTuning(pl.LightningModule):
    """One short fine-tuning of a student: AdamW, linear warm-up, then cosine decay to zero or a constant rate.

    Every round starts with a fresh optimiser and a learning rate near zero: the first steps on a new mixture then
    cannot throw the weights off, which is where published runs first got worse. Matrices decay; biases and norms stay
    free.

    Args:
        student: the model; its weights are changed in place.
        config: learning rate, decay and schedule.
        total_steps: gradient steps of the whole fit.
    """

    def __init__(self, student: Student, config: VlmConfig, *, total_steps: int) -> None:
        super().__init__()
        self.student = student
        self.network = student.network
        self._config = config
        self._total_steps = total_steps
        self.losses: list[float] = []
        """Loss of each pass."""

    def training_step(self, batch: Batch, _: int) -> Tensor:
        """Loss of one batch."""
        loss = self.student.training_loss(batch)
        self.losses.append(float(loss.detach()))
        return loss

    def configure_optimizers(self) -> Any:
        """AdamW with its schedule, stepped with every gradient step."""
        optimizer = torch.optim.AdamW(
            decayed_groups(self.network, self._config.weight_decay), lr=self._config.learning_rate, foreach=True
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, self._rate)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def _rate(self, step: int) -> float:
        warmup = round(self._config.warmup_share * self._total_steps)
        if step < warmup:
            return (step + 1) / (warmup + 1)
        if self._config.schedule == "constant":
            return 1.0
        progress = (step - warmup) / max(1, self._total_steps - warmup)
        return 0.5 * (1.0 + math.cos(math.pi * min(1.0, progress)))


def decayed_groups(network: torch.nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Parameter groups for AdamW: matrices decay, vectors (biases, norms) do not."""
    trainable = [parameter for parameter in network.parameters() if parameter.requires_grad]
    return [
        {"params": [p for p in trainable if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in trainable if p.ndim <= 1], "weight_decay": 0.0},
    ]

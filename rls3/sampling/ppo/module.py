"""The policy network: every object is read by the same weights, so what is learned of one slot holds for all."""

from __future__ import annotations

from typing import Any

import torch
from ray.rllib.core.columns import Columns
from ray.rllib.core.distribution.torch.torch_distribution import TorchMultiCategorical
from ray.rllib.core.rl_module.apis.value_function_api import ValueFunctionAPI
from ray.rllib.core.rl_module.torch import TorchRLModule
from torch import Tensor, nn

from rls3.sampling.observation import OBJECT_FEATURES, REFERENCE_FEATURES, SHARED_FEATURES
from rls3.scene.edit import NUM_VIEWS, TERMS

_MASKED_OUT = -1e9
_UNIFORM_START = 0.01


class _Pointer(nn.Module):
    """One logit per object, from the object and the context."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.join = nn.Linear(2 * hidden, hidden)
        self.score = nn.Linear(hidden, 1)

    def forward(self, objects: Tensor, context: Tensor) -> Tensor:
        """(B, N, hidden) objects and (B, hidden) context to (B, N) logits."""
        everywhere = context.unsqueeze(1).expand(-1, objects.shape[1], -1)
        logits: Tensor = self.score(torch.tanh(self.join(torch.cat([objects, everywhere], -1)))).squeeze(-1)
        return logits


class EditModule(TorchRLModule, ValueFunctionAPI):  # type: ignore[misc]
    """Masked policy over (subject, reference, placement, view), and a value function on the same body.

    Objects are encoded by one network for subjects and one for references, averaged into a context together with the
    shared features; pointers score the objects, linear heads the placements and views. Branches are independent given
    the observation. `model_config`: "max_subjects", "max_references", "hidden" (width). Observations are those of
    `rls3.sampling.observation.ObservationLayout`.
    """

    def setup(self) -> None:
        """Build the network; heads start small, so that the first policy is close to uniform."""
        self._num_subjects = int(self.model_config["max_subjects"])
        self._num_references = int(self.model_config["max_references"])
        hidden = int(self.model_config["hidden"])
        self.subject_body = nn.Sequential(nn.Linear(OBJECT_FEATURES, hidden), nn.Tanh())
        self.reference_body = nn.Sequential(nn.Linear(REFERENCE_FEATURES, hidden), nn.Tanh())
        self.context = nn.Sequential(
            nn.Linear(2 * hidden + SHARED_FEATURES, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh()
        )
        self.subject_head, self.reference_head = _Pointer(hidden), _Pointer(hidden)
        self.placement_head = nn.Linear(hidden, len(TERMS))
        self.view_head = nn.Linear(hidden, NUM_VIEWS)
        self.value_head = nn.Linear(hidden, 1)
        for head in (self.subject_head.score, self.reference_head.score, self.placement_head, self.view_head):
            nn.init.normal_(head.weight, std=_UNIFORM_START)
            nn.init.zeros_(head.bias)
        branches = [int(size) for size in self.action_space.nvec]
        self.action_dist_cls = TorchMultiCategorical.get_partial_dist_cls(space=self.action_space, input_lens=branches)

    def _encode(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, num_features) to subjects (B, S, hidden), references (B, R, hidden) and context (B, hidden)."""
        sizes = [self._num_subjects * OBJECT_FEATURES, self._num_references * REFERENCE_FEATURES, SHARED_FEATURES]
        first, second, shared = torch.split(features.float(), sizes, dim=-1)
        subjects = first.reshape(-1, self._num_subjects, OBJECT_FEATURES)
        references = second.reshape(-1, self._num_references, REFERENCE_FEATURES)
        encoded_subjects, encoded_references = self.subject_body(subjects), self.reference_body(references)
        pooled = [_mean(encoded_subjects, subjects[..., 0]), _mean(encoded_references, references[..., 0])]
        return encoded_subjects, encoded_references, self.context(torch.cat([*pooled, shared], -1))

    def _logits(self, batch: dict[str, Any]) -> tuple[Tensor, Tensor]:
        """Context (B, hidden) and masked logits (B, sum of branches)."""
        observation = batch[Columns.OBS]
        subjects, references, context = self._encode(observation["features"])
        branches = [
            self.subject_head(subjects, context),
            self.reference_head(references, context),
            self.placement_head(context),
            self.view_head(context),
        ]
        return context, torch.cat(branches, -1) + (1.0 - observation["action_mask"].float()) * _MASKED_OUT

    def _forward(self, batch: dict[str, Any], **_: Any) -> dict[str, Tensor]:
        return {Columns.ACTION_DIST_INPUTS: self._logits(batch)[1]}

    def _forward_train(self, batch: dict[str, Any], **_: Any) -> dict[str, Tensor]:
        context, logits = self._logits(batch)
        return {Columns.ACTION_DIST_INPUTS: logits, Columns.EMBEDDINGS: context}

    def compute_values(self, batch: dict[str, Any], embeddings: Tensor | None = None) -> Tensor:
        """(B,) expected return of each observation; `embeddings` is the context of `_forward_train`, if at hand."""
        context = self._encode(batch[Columns.OBS]["features"])[2] if embeddings is None else embeddings
        values: Tensor = self.value_head(context).squeeze(-1)
        return values


def _mean(objects: Tensor, present: Tensor) -> Tensor:
    """Mean (B, hidden) of (B, N, hidden) over the slots where `present` (B, N) is 1; 0 where there is none."""
    return (objects * present.unsqueeze(-1)).sum(1) / present.sum(1, keepdim=True).clamp(min=1.0)

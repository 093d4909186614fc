"""The policy network: every object is read by the same weights, so what is learned of one slot holds for all."""

from __future__ import annotations

from typing import Any

import torch
from ray.rllib.core.columns import Columns
from ray.rllib.core.rl_module.apis.value_function_api import ValueFunctionAPI
from ray.rllib.core.rl_module.torch import TorchRLModule
from torch import Tensor, nn

from rls3.sampling.observation import OBJECT_FEATURES, REFERENCE_FEATURES, SHARED_FEATURES
from rls3.sampling.ppo.distribution import EditDistribution
from rls3.scene.edit import NUM_VIEWS, TERMS

_MASKED_OUT = -1e9
_UNIFORM_START = 0.01


class _Scorer(nn.Module):
    """Logits for each of several things, from the thing and the context."""

    def __init__(self, hidden: int, num_logits: int = 1) -> None:
        super().__init__()
        self.join = nn.Linear(2 * hidden, hidden)
        self.score = nn.Linear(hidden, num_logits)
        nn.init.normal_(self.score.weight, std=_UNIFORM_START)
        nn.init.zeros_(self.score.bias)

    def forward(self, things: Tensor, context: Tensor) -> Tensor:
        """(B, N, hidden) things and (B, hidden) context to (B, N * num_logits) logits."""
        everywhere = context.unsqueeze(1).expand(-1, things.shape[1], -1)
        logits: Tensor = self.score(torch.tanh(self.join(torch.cat([things, everywhere], -1)))).flatten(1)
        return logits


class EditModule(TorchRLModule, ValueFunctionAPI):  # type: ignore[misc]
    """Masked policy over (subject, reference, placement, view), and a value function on the same body.

    Objects are encoded by one network for subjects and one for references, averaged into a context together with the
    shared features. Each subject, each reference, each reference's views and each term are scored by networks of their
    own kind; terms by their weakness and share, so that "go where the VLM is weak" is learned once for all of them,
    plus what is special to each. `model_config`: "max_subjects", "max_references", "hidden" (width). Observations are
    those of `rls3.sampling.observation.ObservationLayout`, actions are drawn by `EditDistribution`.
    """

    def setup(self) -> None:
        """Build the network; scores start small, so that the first policy is close to uniform."""
        self._num_subjects = int(self.model_config["max_subjects"])
        self._num_references = int(self.model_config["max_references"])
        hidden = int(self.model_config["hidden"])
        self.subject_body = nn.Sequential(nn.Linear(OBJECT_FEATURES, hidden), nn.Tanh())
        self.reference_body = nn.Sequential(nn.Linear(REFERENCE_FEATURES, hidden), nn.Tanh())
        self.term_body = nn.Sequential(nn.Linear(2, hidden), nn.Tanh())
        self.context = nn.Sequential(
            nn.Linear(2 * hidden + SHARED_FEATURES, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh()
        )
        self.subject_head, self.reference_head, self.term_head = _Scorer(hidden), _Scorer(hidden), _Scorer(hidden)
        self.view_head = _Scorer(hidden, NUM_VIEWS)
        self.placement_head = nn.Linear(hidden, len(TERMS))
        nn.init.normal_(self.placement_head.weight, std=_UNIFORM_START)
        nn.init.zeros_(self.placement_head.bias)
        self.value_head = nn.Linear(hidden, 1)
        branches = tuple(int(size) for size in self.action_space.nvec)
        self.action_dist_cls = EditDistribution.get_partial_dist_cls(branches=branches)

    def _split(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, num_features) to subjects (B, S, ...), references (B, R, ...) and shared features (B, ...)."""
        sizes = [self._num_subjects * OBJECT_FEATURES, self._num_references * REFERENCE_FEATURES, SHARED_FEATURES]
        subjects, references, shared = torch.split(features.float(), sizes, dim=-1)
        return (
            subjects.reshape(-1, self._num_subjects, OBJECT_FEATURES),
            references.reshape(-1, self._num_references, REFERENCE_FEATURES),
            shared,
        )

    def _encode(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, num_features) to subjects (B, S, hidden), references (B, R, hidden) and context (B, hidden)."""
        subjects, references, shared = self._split(features)
        encoded_subjects, encoded_references = self.subject_body(subjects), self.reference_body(references)
        pooled = [_mean(encoded_subjects, subjects[..., 0]), _mean(encoded_references, references[..., 0])]
        return encoded_subjects, encoded_references, self.context(torch.cat([*pooled, shared], -1))

    def _logits(self, batch: dict[str, Any]) -> tuple[Tensor, Tensor]:
        """Context (B, hidden) and the masked logits of `EditDistribution`."""
        observation = batch[Columns.OBS]
        subjects, references, context = self._encode(observation["features"])
        _, plain_references, shared = self._split(observation["features"])
        free = [
            self.subject_head(subjects, context),
            self.reference_head(references, context),
            self.term_head(self.term_body(_term_features(shared)), context) + self.placement_head(context),
        ]
        legal = observation["action_mask"].float()[:, :-NUM_VIEWS]
        visible = plain_references[..., -NUM_VIEWS:].flatten(1)
        logits = torch.cat([*free, self.view_head(references, context)], -1)
        return context, logits + (1.0 - torch.cat([legal, visible], -1)) * _MASKED_OUT

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


def _term_features(shared: Tensor) -> Tensor:
    """(B, SHARED_FEATURES) to (B, terms, 2): each term's weakness and share."""
    return shared[:, : 2 * len(TERMS)].reshape(-1, 2, len(TERMS)).transpose(1, 2)


def _mean(objects: Tensor, present: Tensor) -> Tensor:
    """Mean (B, hidden) of (B, N, hidden) over the slots where `present` (B, N) is 1; 0 where there is none."""
    return (objects * present.unsqueeze(-1)).sum(1) / present.sum(1, keepdim=True).clamp(min=1.0)

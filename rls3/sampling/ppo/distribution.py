"""How an edit is drawn: the view depends on the reference, so that only sides from which it can be seen are tried."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import torch
from ray.rllib.core.distribution.distribution import Distribution
from torch import Tensor
from torch.distributions import Categorical, kl_divergence


class EditDistribution(Distribution):  # type: ignore[misc]
    """p(subject) p(reference) p(placement) p(view | reference) over actions (B, 4) in that order.

    Args:
        subject: logits (B, S).
        reference: logits (B, R).
        placement: logits (B, P).
        views: logits (B, R, V), a row of views per reference.
    """

    def __init__(self, subject: Tensor, reference: Tensor, placement: Tensor, views: Tensor) -> None:
        self._free = [_categorical(logits) for logits in (subject, reference, placement)]
        self._views = views

    @classmethod
    def from_logits(cls, logits: Tensor, *, branches: tuple[int, int, int, int], **_: Any) -> EditDistribution:
        """From (B, S + R + P + R * V) logits, concatenated in this order; `branches` is (S, R, P, V)."""
        sizes = [*branches[:3], branches[1] * branches[3]]
        subject, reference, placement, views = torch.split(logits, sizes, dim=-1)
        return cls(subject, reference, placement, views.reshape(-1, branches[1], branches[3]))

    @staticmethod
    def required_input_dim(space: gym.Space, **_: Any) -> int:
        """Number of logits for a MultiDiscrete (S, R, P, V)."""
        subjects, references, placements, views = (int(size) for size in space.nvec)
        return subjects + references + placements + references * views

    def sample(self) -> Tensor:
        """(B, 4) int64 actions."""
        subject, reference, placement = (branch.sample() for branch in self._free)
        return torch.stack([subject, reference, placement, self._view_given(reference).sample()], -1)

    def rsample(self, sample_shape: tuple[int, ...] = ()) -> Tensor:
        """Discrete draws have no gradient."""
        raise NotImplementedError("edits are discrete: use sample() and logp()")

    def logp(self, value: Tensor) -> Tensor:
        """(B,) log probability of (B, 4) actions."""
        *free, view = value.long().unbind(-1)
        terms = [branch.log_prob(choice) for branch, choice in zip(self._free, free, strict=True)]
        return torch.stack([*terms, self._view_given(free[1]).log_prob(view)]).sum(0)

    def entropy(self) -> Tensor:
        """(B,) nats, exact: the view's entropy is averaged over the references."""
        views = (self._free[1].probs * _categorical(self._views).entropy()).sum(-1)
        return torch.stack([*(branch.entropy() for branch in self._free), views]).sum(0)

    def kl(self, other: EditDistribution) -> Tensor:
        """(B,) nats from this distribution to another."""
        free = [kl_divergence(mine, theirs) for mine, theirs in zip(self._free, other._free, strict=True)]
        per_reference = kl_divergence(_categorical(self._views), _categorical(other._views))
        return torch.stack([*free, (self._free[1].probs * per_reference).sum(-1)]).sum(0)

    def _view_given(self, reference: Tensor) -> Any:
        rows = reference[:, None, None].expand(-1, 1, self._views.shape[-1])
        return _categorical(self._views.gather(1, rows).squeeze(1))


def _categorical(logits: Tensor) -> Any:
    """torch's own is not typed."""
    return Categorical(logits=logits)

"""How an edit is drawn: one branch after another, each by what was chosen before it."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import torch
from ray.rllib.core.distribution.distribution import Distribution
from torch import Tensor


class EditDistribution(Distribution):  # type: ignore[misc]
    """p(subject) p(reference | subject) p(placement | pair) p(view | pair, placement) over actions (B, 4).

    Args:
        tables: logits (B, S), (B, S, R), (B, S, R, P) and (B, S, R, P, V): for every choice so far, those of the next.
    """

    def __init__(self, tables: Sequence[Tensor]) -> None:
        self._tables = [torch.log_softmax(logits, -1) for logits in tables]

    @classmethod
    def from_logits(cls, logits: Tensor, *, branches: tuple[int, ...], **_: Any) -> EditDistribution:
        """From the tables one after another in a row (B, S + S R + S R P + S R P V); `branches` is (S, R, P, V)."""
        parts = torch.split(logits, table_sizes(branches), dim=-1)
        return cls([part.reshape(-1, *branches[:depth]) for depth, part in enumerate(parts, start=1)])

    @staticmethod
    def required_input_dim(space: gym.Space, **_: Any) -> int:
        """Number of logits for a MultiDiscrete (S, R, P, V)."""
        return sum(table_sizes([int(size) for size in space.nvec]))

    def sample(self) -> Tensor:
        """(B, 4) int64 actions."""
        chosen: list[Tensor] = []
        for table in self._tables:
            chosen.append(torch.multinomial(_row(table, chosen).exp(), 1).squeeze(-1))
        return torch.stack(chosen, -1)

    def rsample(self, sample_shape: tuple[int, ...] = ()) -> Tensor:
        """Discrete draws have no gradient."""
        raise NotImplementedError("edits are discrete: use sample() and logp()")

    def logp(self, value: Tensor) -> Tensor:
        """(B,) log probability of (B, 4) actions."""
        chosen = list(value.long().unbind(-1))
        terms = [
            _row(table, chosen[:depth]).gather(-1, chosen[depth].unsqueeze(-1)).squeeze(-1)
            for depth, table in enumerate(self._tables)
        ]
        return torch.stack(terms).sum(0)

    def entropy(self) -> Tensor:
        """(B,) nats, exact: each branch's entropy is averaged over what may be chosen before it."""
        return self._expected([-table for table in self._tables])

    def kl(self, other: EditDistribution) -> Tensor:
        """(B,) nats from this distribution to another."""
        return self._expected([mine - theirs for mine, theirs in zip(self._tables, other._tables, strict=True)])

    def _expected(self, values: Sequence[Tensor]) -> Tensor:
        """(B,) the sum of a value of every choice, averaged over the choices."""
        total = torch.zeros_like(values[-1])
        for table, value in zip(reversed(self._tables), reversed(values), strict=True):
            total = (table.exp() * (value + total)).sum(-1)
        return total


def table_sizes(branches: Sequence[int]) -> list[int]:
    """Number of logits in each table, for branches (S, R, P, V)."""
    return list(itertools.accumulate(branches, operator.mul))


def _row(table: Tensor, chosen: Sequence[Tensor]) -> Tensor:
    """(B, choices) the row of a table that earlier choices, (B,) each, lead to."""
    rows = torch.arange(len(table), device=table.device)
    return table[(rows, *chosen)]

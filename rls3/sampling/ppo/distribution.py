"""How an edit is drawn: one branch after another, each by what was chosen before it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import torch
from ray.rllib.core.distribution.distribution import Distribution
from torch import Tensor

from rls3.sampling.choices import NUM_PLACED

_PAIR = 2
"""Number of choices that make a pair."""


class EditDistribution(Distribution):  # type: ignore[misc]
    """Actions (B, branches) whose branches depend on each other as `rls3.sampling.choices.BRANCHES` says.

    p(subject) p(reference | subject) p(asked | pair) p(placement | pair, asked) p(view | pair, asked, placement), times
    p(how | pair) for each of distance, turn and change.

    Args:
        chain: logits (B, S), (B, S, R), (B, S, R, A), (B, S, R, A, P) and (B, S, R, A, P, V): for every choice so far,
            those of the next.
        sides: logits (B, S, R, choices) of each branch that depends on the pair alone.
    """

    def __init__(self, chain: Sequence[Tensor], sides: Sequence[Tensor]) -> None:
        self._chain = [torch.log_softmax(logits, -1) for logits in chain]
        self._sides = [torch.log_softmax(logits, -1) for logits in sides]

    @classmethod
    def from_logits(cls, logits: Tensor, *, branches: tuple[int, ...], **_: Any) -> EditDistribution:
        """From the tables one after another in a row; `branches` are the choices per branch."""
        shapes = table_shapes(branches)
        parts = torch.split(logits, [math.prod(shape) for shape in shapes], dim=-1)
        tables = [part.reshape(-1, *shape) for part, shape in zip(parts, shapes, strict=True)]
        return cls(tables[:NUM_PLACED], tables[NUM_PLACED:])

    @staticmethod
    def required_input_dim(space: gym.Space, **_: Any) -> int:
        """Number of logits for a MultiDiscrete of the branches."""
        return sum(math.prod(shape) for shape in table_shapes([int(size) for size in space.nvec]))

    def sample(self) -> Tensor:
        """(B, branches) int64 actions."""
        chosen: list[Tensor] = []
        for table in self._chain:
            chosen.append(_drawn(_row(table, chosen)))
        return torch.stack([*chosen, *(_drawn(_row(table, chosen[:2])) for table in self._sides)], -1)

    def rsample(self, sample_shape: tuple[int, ...] = ()) -> Tensor:
        """Discrete draws have no gradient."""
        raise NotImplementedError("edits are discrete: use sample() and logp()")

    def logp(self, value: Tensor) -> Tensor:
        """(B,) log probability of (B, branches) actions."""
        chosen = list(value.long().unbind(-1))
        rows = [_row(table, chosen[:depth]) for depth, table in enumerate(self._chain)]
        rows += [_row(table, chosen[:2]) for table in self._sides]
        terms = [row.gather(-1, choice.unsqueeze(-1)) for row, choice in zip(rows, chosen, strict=True)]
        return torch.cat(terms, -1).sum(-1)

    def entropy(self) -> Tensor:
        """(B,) nats, exact: each branch's entropy is averaged over what may be chosen before it."""
        return self._expected([-table for table in self._chain], [-table for table in self._sides])

    def kl(self, other: EditDistribution) -> Tensor:
        """(B,) nats from this distribution to another."""
        chain, sides = (
            [mine - theirs for mine, theirs in zip(*tables, strict=True)]
            for tables in ((self._chain, other._chain), (self._sides, other._sides))
        )
        return self._expected(chain, sides)

    def _expected(self, chain: Sequence[Tensor], sides: Sequence[Tensor]) -> Tensor:
        """(B,) the sum of a value of every choice, averaged over the choices."""
        total = torch.zeros_like(chain[-1])
        for depth in reversed(range(len(self._chain))):
            total = (self._chain[depth].exp() * (chain[depth] + total)).sum(-1)
            if depth == _PAIR:
                for table, value in zip(self._sides, sides, strict=True):
                    total = total + (table.exp() * value).sum(-1)
        return total


def table_shapes(branches: Sequence[int]) -> list[tuple[int, ...]]:
    """The shape of each branch's table of logits."""
    chain = [tuple(branches[:depth]) for depth in range(1, NUM_PLACED + 1)]
    return [*chain, *((*branches[:2], size) for size in branches[NUM_PLACED:])]


def _row(table: Tensor, chosen: Sequence[Tensor]) -> Tensor:
    """(B, choices) the row of a table that earlier choices, (B,) each, lead to."""
    rows = torch.arange(len(table), device=table.device)
    return table[(rows, *chosen)]


def _drawn(row: Tensor) -> Tensor:
    """(B,) draws from log probabilities (B, choices)."""
    return torch.multinomial(row.exp(), 1).squeeze(-1)

"""The distribution over edits against the same distribution written out over all of them."""

from __future__ import annotations

import gymnasium as gym
import pytest
import torch

from rls3.sampling.ppo.distribution import EditDistribution

BRANCHES = (2, 3, 2, 8)
ACTIONS = torch.cartesian_prod(*(torch.arange(size) for size in BRANCHES))
MASKED = -1e9


def distribution(seed: int) -> EditDistribution:
    """Two rows of random logits; reference 1 can only be seen from view 6, reference 2 is masked out."""
    size = EditDistribution.required_input_dim(gym.spaces.MultiDiscrete(BRANCHES))
    logits = torch.randn(2, size, generator=torch.Generator().manual_seed(seed))
    logits[:, 4] = MASKED
    views = logits[:, 7:].view(2, 3, 8)
    views[:, 1, :6] = views[:, 1, 7:] = MASKED
    return EditDistribution.from_logits(logits, branches=BRANCHES)


def log_table(of: EditDistribution) -> torch.Tensor:
    """(2, number of actions) log probabilities."""
    return torch.stack([of.logp(action.expand(2, -1)) for action in ACTIONS], -1)


def test_probabilities_sum_to_one_and_keep_to_what_can_be_seen() -> None:
    table = log_table(distribution(0)).exp()
    assert table.sum(-1) == pytest.approx([1.0, 1.0], abs=1e-5)
    seen = (ACTIONS[:, 1] == 0) | ((ACTIONS[:, 1] == 1) & (ACTIONS[:, 3] == 6))
    assert table[:, ~seen].sum() == 0 and (table[:, seen] > 0).all()


def test_entropy_and_divergence_are_exact() -> None:
    one, two = distribution(0), distribution(1)
    p, q = log_table(one), log_table(two)
    possible = p[0].exp() > 0
    p, q = p[:, possible], q[:, possible]
    torch.testing.assert_close(one.entropy(), -(p.exp() * p).sum(-1))
    torch.testing.assert_close(one.kl(two), (p.exp() * (p - q)).sum(-1))


def test_draws_follow_the_probabilities() -> None:
    torch.manual_seed(0)
    one = distribution(0)
    draws = torch.stack([one.sample() for _ in range(4000)])[:, 0]
    index = (draws * torch.tensor([48, 16, 8, 1])).sum(-1)
    shares = torch.bincount(index, minlength=len(ACTIONS)) / 4000
    assert (shares - log_table(one)[0].exp()).abs().max() < 0.03
    with pytest.raises(NotImplementedError, match=r"edits are discrete: use sample\(\)"):
        one.rsample()

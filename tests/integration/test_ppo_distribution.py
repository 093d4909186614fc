"""The distribution over edits is one: what it draws, how likely that is, and its entropy agree."""

from __future__ import annotations

import itertools
import math

import pytest
import torch

from rls3.sampling.choices import NUM_PLACED
from rls3.sampling.ppo.distribution import EditDistribution, table_shapes

BRANCHES = (2, 3, 2, 2, 2, 3, 2, 2)


def drawn(seed: int) -> EditDistribution:
    """A distribution with random logits for one observation."""
    size = sum(math.prod(shape) for shape in table_shapes(BRANCHES))
    logits = torch.randn((1, size), generator=torch.Generator().manual_seed(seed))
    return EditDistribution.from_logits(logits, branches=BRANCHES)


def test_probabilities_entropy_and_divergence_are_those_of_all_actions() -> None:
    one, other = drawn(0), drawn(1)
    actions = torch.tensor(list(itertools.product(*(range(size) for size in BRANCHES))))
    mine, theirs = (torch.cat([each.logp(action[None]) for action in actions]) for each in (one, other))
    assert mine.exp().sum().item() == pytest.approx(1.0, abs=1e-4)
    assert one.entropy().item() == pytest.approx(-(mine.exp() * mine).sum().item(), abs=1e-4)
    assert one.kl(other).item() == pytest.approx((mine.exp() * (mine - theirs)).sum().item(), abs=1e-4)
    assert one.kl(one).item() == pytest.approx(0.0, abs=1e-6)


def test_a_draw_has_a_choice_per_branch_and_later_branches_follow_earlier_ones() -> None:
    tables = [torch.zeros((1, *shape)) for shape in table_shapes(BRANCHES)]
    tables[1][0, 0, 2] = tables[1][0, 1, 0] = 50.0  # subject 0 goes to reference 2, subject 1 to reference 0
    actions = torch.cat([EditDistribution(tables[:NUM_PLACED], tables[NUM_PLACED:]).sample() for _ in range(40)])
    assert actions.shape == (40, len(BRANCHES))
    assert {tuple(pair) for pair in actions[:, :2].tolist()} == {(0, 2), (1, 0)}

"""A draw of an edit never ends in nothing, and what is legal depends on what was chosen before."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from rls3.sampling.choices import Choices


def few() -> Choices:
    """Four legal edits among 2 subjects, 3 references, 2 placements and 2 views."""
    legal = np.zeros((2, 3, 2, 2), np.bool_)
    for edit in [(0, 1, 0, 1), (0, 1, 1, 0), (0, 1, 1, 1), (0, 2, 0, 0)]:
        legal[edit] = True
    return Choices(legal)


def test_draws_are_legal_and_uniform_branch_by_branch() -> None:
    rng = np.random.default_rng(0)
    drawn = Counter(few().draw(rng) for _ in range(800))
    assert set(drawn) == {(0, 1, 0, 1), (0, 1, 1, 0), (0, 1, 1, 1), (0, 2, 0, 0)}
    assert drawn[0, 2, 0, 0] == pytest.approx(400, abs=60)  # one of two references
    assert drawn[0, 1, 0, 1] == pytest.approx(200, abs=50)  # one of two placements
    assert drawn[0, 1, 1, 0] == pytest.approx(100, abs=40)  # one of two views


def test_a_wanted_placement_is_drawn_only_where_it_is_legal() -> None:
    rng = np.random.default_rng(0)
    assert {few().draw(rng, placement=1) for _ in range(50)} == {(0, 1, 1, 0), (0, 1, 1, 1)}
    nothing = Choices(np.zeros((1, 1, 2, 2), np.bool_))
    assert nothing.exhausted and nothing.draw(rng) is None
    assert not few().exhausted and few().draw(rng, placement=5) is None


def test_an_illegal_action_is_refused_with_what_is_legal_there() -> None:
    few().check((0, 1, 1, 0))
    for action, words in [
        ((1, 1, 0, 1), r"subject 1 is not one of \[0\]; choose where observation\['action_mask'\] is 1"),
        ((0, 0, 0, 1), r"reference 0 is not one of \[1, 2\] for subject 0;"),
        ((0, 2, 1, 0), r"placement 1 is not one of \[0\] for subject 0 reference 2;"),
        ((0, 1, 0, 0), r"view 0 is not one of \[1\] for subject 0 reference 1 placement 0;"),
        ((-1, 1, 0, 0), r"subject -1 is not one of"),
    ]:
        with pytest.raises(ValueError, match=words):
            few().check(action)


def test_padding_adds_nothing_legal() -> None:
    wide = few().padded(4, 5)
    assert wide.legal.shape == (4, 5, 2, 2) and wide.legal.sum() == 4
    assert np.array_equal(wide.legal[:2, :3], few().legal)

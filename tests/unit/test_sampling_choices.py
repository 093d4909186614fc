"""A draw of an edit never ends in nothing, and what is legal depends on what was chosen before."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest

from rls3.sampling.choices import NUM_PLACED, Action, Choices
from rls3.scene.edit import CHANGES, DISTANCES, NUM_VIEWS, PLACEMENTS


def few() -> Choices:
    """Four legal edits among 2 subjects, 3 references, 2 placements and 2 views; one pair is seen from one distance."""
    legal = np.zeros((2, 3, 2, 2), np.bool_)
    for edit in [(0, 1, 0, 1), (0, 1, 1, 0), (0, 1, 1, 1), (0, 2, 0, 0)]:
        legal[edit] = True
    distances = np.ones((2, 3, len(DISTANCES)), np.bool_)
    distances[0, 2] = [False, True, False]
    return Choices(legal, distances)


def where(action: Action) -> tuple[int, ...]:
    """Subject, reference, placement and view."""
    return (*action[:2], *action[3:NUM_PLACED])


def test_draws_are_legal_and_uniform_branch_by_branch() -> None:
    rng = np.random.default_rng(0)
    drawn = [few().draw(rng) for _ in range(800)]
    placed = Counter(where(action) for action in drawn if action)
    assert set(placed) == {(0, 1, 0, 1), (0, 1, 1, 0), (0, 1, 1, 1), (0, 2, 0, 0)}
    assert placed[0, 2, 0, 0] == pytest.approx(400, abs=60)  # one of two references
    assert placed[0, 1, 0, 1] == pytest.approx(200, abs=50)  # one of two placements
    assert placed[0, 1, 1, 0] == pytest.approx(100, abs=40)  # one of two views
    assert Counter(action[2] for action in drawn if action)[1] == pytest.approx(400, abs=60)  # one of the two is asked
    assert {action[NUM_PLACED] for action in drawn if action and action[1] == 2} == {1}
    assert {action[NUM_PLACED] for action in drawn if action and action[1] == 1} == {0, 1, 2}
    assert {action[-2:] for action in drawn if action} == set(itertools.product(range(4), range(len(CHANGES))))


def test_a_wanted_placement_is_drawn_only_where_it_is_legal() -> None:
    rng = np.random.default_rng(0)
    drawn = [few().draw(rng, placement=1) for _ in range(50)]
    assert {where(action) for action in drawn if action} == {(0, 1, 1, 0), (0, 1, 1, 1)}
    nothing = Choices(np.zeros((1, 1, 2, 2), np.bool_), np.ones((1, 1, 3), np.bool_))
    assert nothing.exhausted and nothing.draw(rng) is None
    assert not few().exhausted and few().draw(rng, placement=5) is None


def test_an_illegal_action_is_refused_with_what_is_legal_there() -> None:
    few().check((0, 1, 1, 1, 0, 2, 3, 0))
    for action, words in [
        ((1, 1, 0, 0, 1, 0, 0, 0), r"subject 1 is not one of \[0\]; choose where observation\['action_mask'\] is 1"),
        ((0, 0, 0, 0, 1, 0, 0, 0), r"reference 0 is not one of \[1, 2\] for subject 0;"),
        ((0, 1, 2, 0, 1, 0, 0, 0), r"asked 2 is not one of \[0, 1\] for subject 0 reference 1;"),
        ((0, 2, 0, 1, 0, 0, 0, 0), r"placement 1 is not one of \[0\] for subject 0 reference 2 asked 0;"),
        ((0, 1, 1, 0, 0, 0, 0, 0), r"view 0 is not one of \[1\] for subject 0 reference 1 asked 1 placement 0;"),
        (
            (0, 2, 0, 0, 0, 2, 0, 0),
            r"distance 2 is not one of \[1\] for subject 0 reference 2 asked 0 placement 0 view 0;",
        ),
        ((0, 1, 0, 0, 1, 0, 0, 9), r"change 9 is not one of"),
        ((-1, 1, 0, 0, 0, 0, 0, 0), r"subject -1 is not one of"),
    ]:
        with pytest.raises(ValueError, match=words):
            few().check(action)


def test_a_mask_among_more_objects_has_nothing_more_that_is_legal_and_is_read_back() -> None:
    legal = np.zeros((1, 2, len(PLACEMENTS), NUM_VIEWS), np.bool_)
    legal[0, 1, 2, 3] = True
    distances = np.array([[[True, False, False], [False, True, True]]])
    read = Choices.read(Choices(legal, distances).flat(3, 4), 3, 4)
    assert read.legal.shape == (3, 4, len(PLACEMENTS), NUM_VIEWS) and np.argwhere(read.legal).tolist() == [[0, 1, 2, 3]]
    assert np.array_equal(read.distances[:1, :2], distances) and read.distances.sum() == 3


def test_a_plain_edit_keeps_place_and_view_and_is_legal_where_only_another_distance_is() -> None:
    choices = few()
    assert choices.plain((0, 1, 1, 1, 0, 2, 3, 1)) == (0, 1, 0, 1, 0, 0, 0, 0)
    assert choices.plain((0, 2, 1, 0, 0, 1, 0, 2)) == (0, 2, 0, 0, 0, 1, 0, 0)
    choices.check(choices.plain((0, 2, 1, 0, 0, 1, 0, 2)))

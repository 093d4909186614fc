"""Students of which only the weakness is real."""

from __future__ import annotations

import numpy as np
import pytest

from rls3.sampling.knowledge import ASPECTS
from rls3.sampling.practice import PracticeStudent
from tests.factories import make_sample


def student(**skills: float) -> PracticeStudent:
    return PracticeStudent(dict.fromkeys(ASPECTS, 0.0) | skills, 0, np.random.default_rng(0))


def mean_success(taught: PracticeStudent, **fields: object) -> float:
    sample = make_sample(**fields)
    return float(np.mean([score.success(sample) for score in taught.score([sample] * 400)]))


def test_students_differ_and_a_seed_gives_the_same_one() -> None:
    drawn = [PracticeStudent.drawn(np.random.default_rng(seed)).weakness() for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    for weakness in drawn:
        assert set(weakness) == set(ASPECTS)
        assert all(0.0 < error < 1.0 for error in weakness.values())
    every = [PracticeStudent.drawn(np.random.default_rng(seed)).weakness() for seed in range(200)]
    assert 0.25 < np.mean([np.mean(list(each.values())) for each in every]) < 0.45
    assert np.mean([max(each.values()) > 0.5 for each in every]) > 0.5, "most have something they are bad at"


def test_it_is_as_right_as_its_size_and_its_weakest_term_let_it_be() -> None:
    weak = student(left=2.0, above=-2.0, alike=1.0)
    assert mean_success(weak, terms=("left",)) > 0.9
    assert mean_success(weak, terms=("above",)) == pytest.approx(0.3, abs=0.05)
    assert mean_success(weak, terms=("above", "left")) == pytest.approx(0.3, abs=0.05)
    assert mean_success(student(left=2.0, alike=-2.0), terms=("left",)) == pytest.approx(0.5, abs=0.05)
    assert weak.weakness()["above"] > weak.weakness()["right"] > weak.weakness()["left"]
    (score,) = weak.score([make_sample()])
    assert sum(score.probabilities) == pytest.approx(1.0) and score.vlm_version == 0


def test_it_learns_what_it_is_shown_and_nothing_else() -> None:
    taught = student()
    taught.fit([make_sample(terms=("behind",))] * 100)
    assert taught.version == 1
    assert taught.skills["behind"] == taught.skills["alike"] == pytest.approx(0.75, abs=0.25)
    assert {aspect for aspect, skill in taught.skills.items() if skill} == {"behind", "alike"}
    once = taught.skills["behind"]
    taught.fit([make_sample(terms=("behind",))] * 100)
    assert taught.skills["behind"] - once < once, "what is known teaches less"


def test_a_scene_that_does_not_tell_the_size_is_answered_by_the_terms() -> None:
    assert mean_success(student(alike=-9.0), terms=("left",), objects=()) == pytest.approx(0.5, abs=0.05)

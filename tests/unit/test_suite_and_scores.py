"""The held-out pools are balanced and repeatable; accuracy is counted by hand-checked rules."""

import math

import numpy as np
import pytest

from rls3.benchmarks.suite import balanced, scene_seed
from rls3.samples.scores import Score, Tally, tally
from rls3.scene.split import HELD_OUT_SEEDS, POOLS
from tests.factories import make_sample


def lopsided():
    """Ninety questions on "left", six on "above", six on both."""
    kinds = [("left",)] * 90 + [("above",)] * 6 + [("above", "left")] * 6
    return [make_sample(sample_id=f"q-{n:03d}", terms=terms) for n, terms in enumerate(kinds)]


def test_rare_relations_get_their_share_of_a_pool():
    chosen = balanced(lopsided(), 24, seed=0)
    assert len(chosen) == 24
    above = sum("above" in sample.terms for sample in chosen)
    assert above == 12, "all there are"
    assert sum("left" in sample.terms for sample in chosen) <= 24 - above + 6


def test_the_same_seed_chooses_the_same_questions_whatever_their_order():
    ids = [s.sample_id for s in balanced(lopsided(), 10, seed=3)]
    assert ids == [s.sample_id for s in balanced(lopsided(), 10, seed=3)]
    assert ids != [s.sample_id for s in balanced(lopsided(), 10, seed=4)]
    assert len(balanced(lopsided(), 1000, seed=0)) == 102


def test_every_scene_has_its_own_seed():
    seeds = {scene_seed(5, scene) for scenes in POOLS.values() for scene in scenes}
    assert len(seeds) == 40
    assert all(seed in HELD_OUT_SEEDS for seed in seeds)


def score(sample, *probabilities):
    return Score(sample.sample_id, probabilities, vlm_version=2)


def test_accuracy_is_counted_overall_by_term_and_by_source_and_a_tie_is_wrong():
    samples = [
        make_sample(sample_id="a", terms=("left",), answer=0, sampler="natural"),
        make_sample(sample_id="b", terms=("above", "left"), answer=1, sampler="natural"),
        make_sample(sample_id="c", terms=("above",), answer=0, sampler="rearranged"),
    ]
    scores = [
        score(samples[0], 0.7, 0.1, 0.1, 0.1),
        score(samples[1], 0.4, 0.4, 0.1, 0.1),
        score(samples[2], 1, 0, 0, 0),
    ]
    found = tally("report", 2, samples, scores)
    assert found.overall == Tally(2, 3)
    assert found.by_term["left"] == Tally(1, 2)
    assert found.by_term["above"] == Tally(1, 2)
    assert found.by_source == {"natural": Tally(1, 2), "rearranged": Tally(1, 1)}
    assert found.weakness()["left"] == 0.5
    assert found.weakness()["behind"] == 0.5, "nothing is known of it"
    assert math.isnan(found.by_term["behind"].accuracy)


def test_the_interval_is_wilsons():
    low, high = Tally(80, 100).interval()
    assert (low, high) == (pytest.approx(0.7112, abs=1e-3), pytest.approx(0.8666, abs=1e-3))
    assert np.isclose(Tally(0, 0).interval(), (0.0, 1.0)).all()

"""The held-out pools come when they are wanted; accuracy is counted by hand-checked rules."""

import math

import numpy as np
import pytest

from rls3.config import load_config
from rls3.errors import ConfigError
from rls3.runtime.asking import visit_seed
from rls3.runtime.suite import HeldOut, assemble_pool
from rls3.samples.scores import Score, Tally, tally
from rls3.scene.model import EngineInfo
from rls3.scene.split import HELD_OUT_SEEDS, POOLS
from tests.factories import asked_in, make_sample

POOL_CONFIG = load_config([], ["evaluation.questions=12", "evaluation.scenes=2"])


def test_a_pool_is_asked_for_when_it_is_wanted_and_once(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    began, ended = [], []

    def ask(scenes):
        began.append(tuple(scenes))

        def wait():
            ended.append(tuple(scenes))
            return {scene: asked_in(scene) for scene in scenes}

        return wait

    held_out = HeldOut(POOL_CONFIG, EngineInfo("embedded", "9"), ask)
    held_out.request("feedback", "report")
    assert began == [(*POOLS["feedback"][:2], *POOLS["report"][:2])] and not ended
    assert len(held_out.questions("report")) == 12
    assert {sample.scene_id for sample in held_out.questions("report")} == set(POOLS["report"][:2])
    assert len(began) == len(ended) == 1, "nothing was asked for the stopping pool"
    stopping = held_out.questions("stopping")
    assert held_out.questions("stopping") is stopping
    assert began[1:] == [POOLS["stopping"][:2]]


def test_a_pool_without_any_question_is_refused():
    with pytest.raises(ConfigError, match="no held-out question for the stopping pool in 2 scenes; raise evaluation"):
        assemble_pool(POOL_CONFIG, "stopping", {scene: [] for scene in POOLS["stopping"]})


def test_every_visit_has_a_seed_of_its_own_that_no_training_has():
    seeds = {visit_seed(5, scene, visit) for scenes in POOLS.values() for scene in scenes for visit in range(3)}
    assert len(seeds) == 120
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


@pytest.mark.parametrize("total", range(1, 40))
def test_an_interval_holds_its_accuracy_and_is_one(total):
    for correct in range(total + 1):
        low, high = Tally(correct, total).interval()
        assert 0.0 <= low <= correct / total <= high <= 1.0

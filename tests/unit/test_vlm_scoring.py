"""Option scores are the likelihoods they claim to be, and depend on nothing but the question and the weights."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from rls3.samples.scores import Score
from rls3.scene.edit import TERMS
from rls3.vlm.data import shrink, term_targets, to_example
from rls3.vlm.vilt import new_vilt, option_scores, probabilities
from tests.factories import make_sample, squares
from tests.unit.model_factory import scores_of


@pytest.fixture(scope="module")
def student():
    return new_vilt(hidden=32, layers=2, heads=2, seed=3)


def varied(count):
    rng = np.random.default_rng(0)
    nouns = ("mug", "alarm clock", "toilet paper hanger", "bowl")
    return [
        make_sample(
            sample_id=f"s{i}",
            image=rng.integers(0, 256, (64, 64, 3), dtype=np.uint8),
            question=f"where is the {nouns[i % 4]} relative to the{' very' * (i % 3)} {nouns[(i + 1) % 4]}?",
            options=("in front and left", "behind and left", "behind and right", "in front and right"),
        )
        for i in range(count)
    ]


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def test_an_option_scores_the_log_likelihood_of_exactly_its_terms():
    logits = np.array([2.0, -1.0, 0.5, -0.5, 3.0, -2.0])  # left right front behind above below
    above_and_left, in_front = option_scores(logits, ["above and left", "in front"])
    p = [sigmoid(x) for x in logits]
    want = p[0] * (1 - p[1]) * (1 - p[2]) * (1 - p[3]) * p[4] * (1 - p[5])
    assert above_and_left == pytest.approx(math.log(want))
    want = (1 - p[0]) * (1 - p[1]) * p[2] * (1 - p[3]) * (1 - p[4]) * (1 - p[5])
    assert in_front == pytest.approx(math.log(want))


def test_scores_survive_logits_that_overflow_a_sigmoid():
    scores = option_scores(np.array([900.0, -900, -900, -900, -900, -900]), ["left", "right"])
    assert probabilities(scores).tolist() == [1.0, 0.0]


def test_probabilities_are_a_softmax():
    assert probabilities(np.log([0.1, 0.3])) == pytest.approx([0.25, 0.75])


def test_a_tie_is_wrong():
    sample = make_sample(options=("left", "left", "right", "behind"), answer=0)
    tied = probabilities(option_scores(np.array([5.0, -5, -5, -5, -5, -5]), sample.options))
    assert tied[0] == tied[1] > 0.4
    assert not Score(sample.sample_id, tuple(tied), 0).correct(sample)


def test_equal_input_gives_equal_bits_whatever_the_random_state(student):
    samples = varied(6)
    first = scores_of(student, samples)
    torch.manual_seed(99)
    assert all(np.array_equal(a, b) for a, b in zip(first, scores_of(student, samples), strict=True))


def test_a_score_does_not_depend_on_order_padding_or_neighbours(student):
    samples = varied(7)
    together = scores_of(student, samples)
    backwards = scores_of(student, samples[::-1])[::-1]
    alone = [scores_of(student, [sample])[0] for sample in samples]
    assert np.ptp(np.concatenate(together)) > 1e-3
    for a, b, c in zip(together, backwards, alone, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
        np.testing.assert_allclose(a, c, atol=1e-5)


def test_our_deterministic_forward_is_vilts_own(student):
    """transformers shuffles the patches; the logits must be those of its own forward all the same."""
    sample = varied(1)[0]
    inputs = student._processor(
        images=[to_example(sample, student.sight).image], text=[sample.question], return_tensors="pt"
    )
    inputs.pop("token_type_ids", None)
    with torch.no_grad():
        stock = student.network(**inputs).logits
    ours = scores_of(student, [replace(sample, options=("left", "right"))])
    np.testing.assert_allclose(ours[0], option_scores(stock[0].double().numpy(), ("left", "right")), atol=1e-4)


def test_shrinking_averages_instead_of_skipping():
    stripes = np.zeros((128, 128, 3), np.uint8)
    stripes[:, ::2] = 200
    assert np.all(shrink(stripes, 64) == 100)
    assert shrink(squares(), 64).shape == (64, 64, 3)


def test_targets_follow_the_order_of_the_terms():
    assert term_targets([("above", "left")]).tolist() == [[float(term in ("above", "left")) for term in TERMS]]


def test_a_sample_without_a_picture_cannot_be_scored(student):
    with pytest.raises(ValueError, match="sample 'r7' has no picture"):
        scores_of(student, [make_sample(sample_id="r7", image=None, mask=None)])

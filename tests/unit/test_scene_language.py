import itertools

import numpy as np
import pytest
from scene_factory import thing

from rls3.scene.language import caption, option_text, options, phrase, question, terms_of, vocabulary

EVERY_ANSWER = [
    *((t,) for t in ("above", "below", "front", "behind", "left", "right")),
    *itertools.product(("front", "behind"), ("left", "right")),
    *itertools.product(("above", "below"), ("front", "behind", "left", "right")),
    *itertools.product(("above", "below"), ("front", "behind"), ("left", "right")),
]


def shape(terms):
    return (len(terms), sum(t in ("above", "below") for t in terms) if len(terms) > 1 else 0)


@pytest.mark.parametrize("terms", EVERY_ANSWER)
def test_options_are_four_of_one_shape_and_hold_the_truth(terms):
    texts, answer = options(terms, np.random.default_rng(3))
    assert len(set(texts)) == 4
    assert terms_of(texts[answer]) == terms
    assert {shape(terms_of(text)) for text in texts} == {shape(terms)}


def test_the_place_of_the_truth_is_even_and_given_by_the_seed():
    rng = np.random.default_rng(0)
    counts = np.bincount([options(("left",), rng)[1] for _ in range(2000)], minlength=4)
    assert counts.min() > 430
    assert options(("above", "left"), np.random.default_rng(9)) == options(("above", "left"), np.random.default_rng(9))


def test_sentences():
    pot, table = thing("Pot", (0.0, 1.0, 0.0)), thing("CoffeeTable", (0.0, 0.0, 0.0))
    assert question(pot, table) == "where is the pot relative to the coffee table?"
    assert phrase(("above", "behind", "left")) == "above, behind and to the left of"
    assert phrase(("front",)) == "in front of"
    assert caption(pot, table, ("front", "right")) == "the pot is in front of and to the right of the coffee table"
    assert option_text(("left", "above", "behind")) == "above, behind and left"
    assert {"relative", "front", "in", "left", "and"} <= set(vocabulary())


def test_a_word_that_is_no_relation_is_refused():
    with pytest.raises(ValueError, match="option 'near and left' holds 'near', which is no relation; allowed: left"):
        terms_of("near and left")

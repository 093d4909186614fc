"""What a picture teaches beside the question that was asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rls3.config import ValidityConfig
from rls3.samples.labelling import Provenance, make_sample
from rls3.samples.record import Sample
from rls3.scene.language import caption, option_text, question
from rls3.scene.model import Camera
from rls3.scene.relations import relation
from rls3.vlm.data import Sight, lesson, to_example
from rls3.vlm.marks import COLORS
from tests.fakes import picture_of
from tests.unit.scene_factory import scene, thing

VALIDITY = ValidityConfig(min_pixels_share=0.002)
SIGHT = Sight(32)
CAMERA = Camera((0.0, 1.5, -3.2), 0.0, 15.0, 60.0, 64, 64)


@pytest.fixture(scope="module")
def sample() -> Sample:
    """Where the laptop on a desk is, seen from the toaster beside it; a fridge stands behind."""
    desk = thing("Desk", (0.0, 0.4, 0.0), (1.6, 0.8, 0.7), movable=False, receptacle=True)
    laptop = thing("Laptop", (-0.45, 0.95, 0.0), (0.4, 0.3, 0.3), parents=(desk.id,))
    toaster = thing("Toaster", (0.5, 0.9, 0.0), (0.3, 0.2, 0.2), parents=(desk.id,))
    fridge = thing("Fridge", (1.4, 0.9, 0.5), (0.6, 1.8, 0.6), movable=False)
    picture = picture_of(scene(desk, laptop, toaster, fridge, view=CAMERA))
    made = make_sample(
        picture,
        laptop.id,
        toaster.id,
        provenance=Provenance("s", "random", 0, 0, 0, 0),
        validity=VALIDITY,
        rng=np.random.default_rng(0),
    )
    assert made.valid
    return made


def taught(sample: Sample, most: int = 99):
    return lesson(sample, SIGHT, most=most, validity=VALIDITY, rng=np.random.default_rng(0))


def test_the_question_asked_comes_first_and_others_on_the_same_picture_follow(sample: Sample):
    found = taught(sample)
    assert len(found) > 2
    assert found[0].question == to_example(sample, SIGHT).question
    assert len({example.question for example in found}) == len(found)
    assert all(np.array_equal(example.image, found[0].image) for example in found)


def test_each_further_question_has_the_truth_as_its_answer(sample: Sample):
    pairs = {question(a, b): (a, b) for a in sample.objects for b in sample.objects if a.id != b.id}
    for example in taught(sample)[1:]:
        subject, reference = pairs[example.question]
        truth = relation(subject, reference, CAMERA, VALIDITY)
        assert example.terms == truth.terms
        assert example.options[example.answer] == option_text(truth.terms)
        assert example.statements[example.answer] == caption(subject, reference, truth.terms)


def test_an_invalid_sample_and_a_refused_edit_teach_nothing(sample: Sample):
    assert taught(replace(sample, invalid=("ambiguous_relation",))) == []
    assert taught(replace(sample, image=None, invalid=("place_taken",))) == []


def test_no_more_than_the_most_are_taught(sample: Sample):
    assert [len(taught(sample, most)) for most in (1, 2, 3)] == [1, 2, 3]


def test_a_marked_student_sees_both_objects_outlined_in_every_question(sample: Sample):
    plain = to_example(sample, SIGHT).image
    for example in lesson(sample, Sight(32, marked=True), most=99, validity=VALIDITY, rng=np.random.default_rng(0)):
        changed = (example.image != plain).any(axis=2)
        colors = {tuple(color) for color in example.image[changed].tolist()}
        assert colors == set(COLORS)

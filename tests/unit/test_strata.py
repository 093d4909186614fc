"""Questions are chosen evenly over the strata, repeatably, and so that their texts tell nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from lopsided_rooms import lopsided_room
from text_only_reader import advantage

from rls3.benchmarks.strata import MOST_PER_PICTURE, STRATA, Candidate, cells_of, stratified
from rls3.scene.language import options, question
from rls3.scene.relations import relation
from tests.factories import make_sample

COMMON = {(term,): 40 for term in ("left", "right", "front", "behind")}
RARE = {("above",): 6, ("below",): 6}
ROOMS, PAIRS, QUESTIONS = 500, 16, 900
SIMPLE = Candidate.of(make_sample())


def lopsided(kinds: dict[tuple[str, ...], int]) -> list[Candidate]:
    """So many candidates of each truth, a picture each, their options drawn as always."""
    truths = [terms for terms, count in kinds.items() for _ in range(count)]
    found = []
    for number, terms in enumerate(truths):
        shown, answer = options(terms, np.random.default_rng(number))
        found.append(
            replace(SIMPLE, sample_id=f"q-{number:03d}", step=number, terms=terms, options=shown, answer=answer)
        )
    return found


def test_rare_relations_get_their_share():
    candidates = lopsided(COMMON | RARE)
    chosen = stratified(candidates, 30, seed=0)
    asked = Counter(cell[0] for each in candidates if each.sample_id in chosen for cell in cells_of(each))
    assert len(chosen) == 30
    assert len(asked) == 6
    assert max(asked.values()) - min(asked.values()) <= 2


def test_the_same_seed_chooses_the_same_questions():
    candidates = lopsided(COMMON | RARE)
    assert stratified(candidates, 20, seed=3) == stratified(candidates, 20, seed=3)
    assert stratified(candidates, 20, seed=3) != stratified(candidates, 20, seed=4)
    assert stratified([], 20, seed=3) == []


def test_one_picture_is_asked_about_a_few_times_only():
    one_picture = [replace(each, step=0) for each in lopsided(COMMON | RARE)]
    assert len(stratified(one_picture, 50, seed=0)) == MOST_PER_PICTURE


def test_what_is_always_so_is_not_asked_again_and_again():
    """All lamps are above: every further such question would help whoever learned that."""
    lamps = [replace(each, subject_type="FloorLamp") for each in lopsided({("above",): 200})]
    assert len(stratified(lamps, 200, seed=0)) < 10


def test_the_guesses_of_who_knows_rooms_come_to_nothing():
    """A reader whose first guess is right for three quarters of all candidates, and for a quarter of those chosen."""
    rng, found = np.random.default_rng(0), []
    for each in lopsided({(term,): 100 for term in ("left", "right", "front", "behind", "above", "below")}):
        others = [place for place in range(4) if place != each.answer]
        first = each.answer if rng.random() < 0.75 else others[rng.integers(3)]
        order = [first, *(place for place in range(4) if place != first)]
        found.append(replace(each, guessed=tuple(order.index(place) for place in range(4))))
    ids = set(stratified(found, 150, seed=0))
    chosen = [each for each in found if each.sample_id in ids]
    assert len(chosen) == 150
    assert np.mean([each.guessed[each.answer] == 0 for each in chosen]) < 0.32


def test_a_candidate_belongs_to_a_cell_per_term():
    far = replace(SIMPLE, terms=("above", "left"), camera_position=(0.0, 3.0, 4.0), sampler="rearranged")
    assert cells_of(far) == [
        ("above", "kitchen", "2 of 3", "over 4 m", "rearranged"),
        ("left", "kitchen", "2 of 3", "over 4 m", "rearranged"),
    ]
    assert len(STRATA) == 5


@pytest.fixture(scope="module")
def candidates() -> tuple[list[Candidate], dict[str, str]]:
    """Candidates from rooms where what a thing is says where it is, and their questions."""
    found, texts = [], {}
    for seed in range(ROOMS):
        rng, room = np.random.default_rng(seed), lopsided_room(seed)
        things = [room.by_id(thing) for thing in room.masks or ()]
        for pair in range(PAIRS):
            subject, reference = (things[i] for i in rng.permutation(len(things))[:2])
            terms = relation(subject, reference, room.camera).terms
            if not {"above", "below"}.intersection(terms):
                continue  # of these a thing's name tells little
            shown, answer = options(terms, rng)
            own = replace(SIMPLE, sample_id=f"{seed:03d}-{pair:02d}", scene_id=room.id, terms=terms, options=shown)
            own = replace(own, answer=answer, subject_type=subject.type, reference_type=reference.type)
            found.append(replace(own, subject_position=subject.center, camera_position=room.camera.position))
            texts[own.sample_id] = question(subject, reference)
    return found, texts


def test_a_reader_of_texts_learns_far_less_of_chosen_questions(candidates):
    """Of rooms as lopsided as these; with the guesses of who knows them, nothing is left: see the test above."""
    found, texts = candidates
    by_id = {each.sample_id: each for each in found}
    chosen = [by_id[name] for name in stratified(found, QUESTIONS, seed=0)]
    assert len(chosen) == QUESTIONS
    asked = [(texts[each.sample_id], each.options, each.answer) for each in chosen]
    drawn = np.random.default_rng(0).permutation(len(found))[:QUESTIONS]
    as_they_come = [(texts[found[i].sample_id], found[i].options, found[i].answer) for i in drawn]
    assert advantage(asked) < advantage(as_they_come) / 2
    assert advantage(as_they_come) > 0.2
    assert max(Counter(each.answer for each in chosen).values()) < 0.27 * QUESTIONS

"""What a reader of texts alone gets right, and the chooser that keeps it at chance."""

import itertools
import json
from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest
from lopsided_rooms import after_a_change, lopsided_room
from text_only_reader import advantage, advantage_by_heart

from rls3.config import ValidityConfig
from rls3.scene.facts import FAMILIES, Fact
from rls3.scene.language import KINDS, Balance, Claim, Question, names_of, questions_of, varied
from rls3.scene.naming import Name
from rls3.scene.truth import facts_of, facts_of_change

RULE = ValidityConfig()
QUESTIONS = 5000
ROOMS = 1000
QUESTIONS_PER_ROOM = 7
FACTS_PER_FAMILY = 4
WITHIN = 0.03


def candidates(seed):
    """Questions on a few facts of each family of one room and of one change in it, as `rls3 generate` draws them."""
    rng = np.random.default_rng(seed)
    room = lopsided_room(seed)
    changed = after_a_change(room, seed)
    ids = list(room.masks)
    about = [ids[i] for i in rng.permutation(len(ids))[:9]]
    found = defaultdict(list)
    for scene, facts in (
        (room, facts_of(room, RULE, about=about)),
        (changed, facts_of_change(room, changed, RULE)),
    ):
        names = names_of(scene)
        for family, of_family in itertools.groupby(facts, key=lambda fact: fact.family):
            for fact in itertools.islice(varied((f for f in of_family if f.answerable), rng), FACTS_PER_FAMILY):
                found[family] += questions_of(fact, scene, names, rng)
    return dict(found)


@pytest.fixture(scope="module")
def rooms():
    return [candidates(seed) for seed in range(ROOMS)]


def ask(rooms, choose, count=QUESTIONS):
    """`count` questions on different facts, of the family asked least so far that has one the chooser takes."""
    families, asked = Counter(), []
    rng = np.random.default_rng(1)
    for room in map(dict, rooms):
        for _ in range(QUESTIONS_PER_ROOM):
            for family in sorted(FAMILIES, key=lambda name: families[name]):
                question = choose(room[family], rng) if room.get(family) else None
                if question is not None:
                    families[family] += 1
                    asked.append(question)
                    room[family] = [each for each in room[family] if each.fact is not question.fact]
                    break
            if len(asked) == count:
                return asked
    raise AssertionError(f"the rooms gave {len(asked)} questions only")


def read(question):
    """What a reader without the picture is given; of an open question what it might answer."""
    if question.kind != "open":
        return question.text, question.options, question.answer
    shown = [" ".join([*claim.words, *(thing.phrase for thing in claim.things[:1])]) for claim in question.claims]
    return question.text, tuple(shown), 0


def advantages(asked, measure=advantage):
    """Kind -> accuracy beyond chance of a reader without the picture."""
    # the truth of an open question comes first among its claims, which no reader sees
    by_kind = {kind: [read(question) for question in asked if question.kind == kind] for kind in KINDS}
    rng = np.random.default_rng(0)
    by_kind["open"] = [shuffled(each, rng) for each in by_kind["open"]]
    return {kind: measure(each) for kind, each in by_kind.items()}


def shuffled(asked, rng):
    text, options, answer = asked
    order = rng.permutation(len(options))
    return text, tuple(options[i] for i in order), int(np.flatnonzero(order == answer)[0])


def test_no_text_predicts_its_answer(rooms):
    asked = ask(rooms, Balance().choose)
    found = advantages(asked)
    shares = Counter(question.kind for question in asked)
    overall = sum(found[kind] * shares[kind] for kind in KINDS) / len(asked)
    assert max(abs(each) for each in (*found.values(), overall)) < WITHIN, found
    by_heart = advantages(asked, advantage_by_heart)
    assert max(by_heart.values()) < WITHIN, by_heart


def test_without_the_chooser_texts_give_answers_away(rooms):
    asked = ask(rooms, lambda found, rng: found[rng.integers(len(found))], 2000)
    assert min(advantages(asked).values()) > 3 * WITHIN


def test_a_restored_chooser_goes_on_as_if_never_stopped(rooms):
    rng = np.random.default_rng(0)
    first = Balance()
    for room in rooms[:40]:
        first.choose(room.get("support", ()), rng)
    second = Balance()
    second.restore(json.loads(json.dumps(first.state())))
    assert second.state() == first.state() and 0 < second.taken <= second.examined
    choices = [
        [balance.choose(room.get(family, ()), draws) for room in rooms[40:60] for family in ("support", "direction")]
        for balance, draws in ((first, np.random.default_rng(1)), (second, np.random.default_rng(1)))
    ]
    assert choices[0] == choices[1] and any(choices[0])


def test_what_is_always_so_is_hardly_ever_asked():
    lamp, rug = Name("floor lamp"), Name("rug")
    about = Fact("direction", "direction", ("lamp", "rug"), ("above",), "viewer", 9.0, "deg", 9.0)
    asked = Question(
        "yes_no", "?", ("yes", "no"), 0, "", about, ("above",), (Claim(("direction:above",), (lamp, rug)),)
    )
    balance, rng = Balance(), np.random.default_rng(0)
    taken = [balance.choose([asked], rng) is not None for _ in range(400)]
    assert sum(taken[:5]) >= 2 and sum(taken[-200:]) <= 4
    never = replace(asked, answer=1)
    assert balance.choose([never], rng) is never


def test_forms_asked_least_come_first(rooms):
    balance, rng = Balance(), np.random.default_rng(0)
    chosen = [balance.choose(room.get("direction", ()), rng) for room in rooms[:120]]
    kinds = Counter(question.kind for question in chosen if question is not None)
    assert set(kinds) == set(KINDS) and max(kinds.values()) <= 1.4 * min(kinds.values())
    assert balance.choose([], rng) is None


def test_the_order_of_facts_puts_rare_values_first():
    room = lopsided_room(2)
    facts = [fact for fact in facts_of(room, RULE, ("support",)) if fact.answerable]
    ordered = list(varied(facts, np.random.default_rng(0)))
    assert sorted(map(repr, ordered)) == sorted(map(repr, facts))
    cells = {(fact.predicate, fact.value) for fact in facts}
    assert {(fact.predicate, fact.value) for fact in ordered[: len(cells)]} == cells

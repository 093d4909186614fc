"""Questions on facts: their texts, their foils, their answers."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from lopsided_rooms import after_a_change, lopsided_room
from scene_factory import scene, thing

from rls3.config import ValidityConfig
from rls3.scene.facts import NO, VIEWER, YES, Fact
from rls3.scene.language import KINDS, hard_negatives, names_of, question, questions_of, truth_of
from rls3.scene.language.wording import SENTENCES, STEMS, YES_NO
from rls3.scene.naming import Name
from rls3.scene.relations.measure import bands
from rls3.scene.truth import facts_of, facts_of_change, restate

RULE = ValidityConfig()
BANDS = bands(RULE)
MUG, BOOTS, KNIFE, BOX = "Mug|0", "Boots|0", "Knife|0", "Box|0"
SCENE = scene(*(thing(kind, (0.3 * i, 0.8, 0.0)) for i, kind in enumerate(("Mug", "Boots", "Knife", "Box"))))
NAMES = {
    MUG: Name("mug", color="red"),
    BOOTS: Name("boots", "size", "smaller", color="blue"),
    KNIFE: Name("knife", "support", place="on the desk", support="Desk|0"),
    BOX: Name("box", "material", "wooden"),
}


def fact(family, predicate, about, value):
    return Fact(family, predicate, about, value, VIEWER, 1.0, "none", math.inf)


EVERY_TERMS = [
    ("left",),
    ("front",),
    ("above",),
    ("behind", "right"),
    ("front", "left"),
    ("above", "front"),
    ("below", "right"),
    ("above", "front", "left"),
    ("below", "behind", "right"),
]
PAIRS = [(MUG, BOX), (BOOTS, MUG), (MUG, BOOTS), (BOX, KNIFE)]
EVERY_FACT = [
    *(
        fact(family, "direction", pair, v)
        for family in ("direction", "perspective")
        for pair in PAIRS
        for v in EVERY_TERMS
    ),
    *(fact("change", "moved", (one,), v) for one in (MUG, BOOTS) for v in EVERY_TERMS),
    *(
        fact("support", word, pair, v)
        for word in ("on", "under", "in", "touching")
        for pair in PAIRS
        for v in (YES, NO)
    ),
    *(fact("between", "between", about, v) for about in ((MUG, BOX, BOOTS), (BOOTS, MUG, KNIFE)) for v in (YES, NO)),
    *(fact("nearness", "nearer", pair, (v,)) for pair in PAIRS for v in ("nearer", "farther")),
    *(fact("nearness", "nearest", about, about[:1]) for about in ((MUG, BOX), (BOOTS, MUG, BOX), (MUG, KNIFE, BOX))),
    *(fact("nearness", "band", (one,), (v,)) for one in (MUG, BOOTS) for v in BANDS),
    *(fact("size", word, pair, v) for word in ("bigger", "taller") for pair in PAIRS for v in (YES, NO)),
    *(fact("count", "count", (one,), (v,)) for one in (MUG, KNIFE) for v in ("1", "2", "3")),
    *(fact("change", "cause", about, (v,)) for about, v in (((MUG,), "object"), ((), "camera"))),
]


@pytest.fixture(scope="module")
def asked():
    """Every kind of question on every fact, in all paraphrases, by many draws."""
    rng = np.random.default_rng(0)
    return [each for _ in range(25) for about in EVERY_FACT for each in questions_of(about, SCENE, NAMES, rng)]


def texts_of(asked):
    return {text for each in asked for text in (each.text, each.caption, *each.options)}


def test_every_template_is_reached(asked):
    texts = texts_of(asked)
    for template in {t for table in (SENTENCES, YES_NO, STEMS) for templates in table.values() for t in templates}:
        pattern = re.compile(
            "".join(".+" if part.startswith("{") else re.escape(part) for part in re.split(r"({\w+})", template))
        )
        assert any(pattern.fullmatch(text) for text in texts), template
    assert all(len(set(templates)) >= 3 for table in (SENTENCES, YES_NO, STEMS) for templates in table.values())
    assert {each.kind for each in asked} == set(KINDS)


UNGRAMMATICAL = {
    "doubled, leading or trailing space": r"  |^ | $",
    "space before or none after a comma": r" ,|,\S| :|:\S",
    "upper case or a field left open": r"[A-Z{}_]",
    "doubled word": r"\b(\w+) \1\b",
    "article before a vowel": r"\ba [aeiou]|\ban [^aeiou]",
    "singular verb with a plural": r"boots (is|has|does|rests|touches|stands|contains|faces)\b",
    "singular question of a plural": r"\b(is|has|does) the (\w+ )?boots\b",
    "plural verb with a singular": r"(?<!and )the (red )?mug (are|have)\b|^the (red )?mug (do|rest|touch|stand)\b",
    "plural question of a singular": r"\b(are|have|do) the (red )?mug\b(?! and)",
    "one of several or several of one": r"\b1 (mugs|knives)\b|\b[2-9] (mug|knife)\b|\bmany (mug|knife)\b",
    "front of what": r"in front (?!of |and |or |relative)\w|in front of$|front of\?|of of|in front of and (the|\?)",
    "full stop": r"\.$",
}


def test_every_text_is_grammatical(asked):
    for text in texts_of(asked):
        for fault, pattern in UNGRAMMATICAL.items():
            assert not re.search(pattern, text), f"{fault}: {text}"
    assert all(each.text.endswith("?") and each.text.count("?") == 1 for each in asked)
    assert not any("?" in text for each in asked for text in (each.caption, *each.options))


def test_options_differ_and_the_answer_is_the_truth(asked):
    for each in asked:
        assert len(set(each.options)) == len(each.options)
        if each.kind in ("multiple_choice", "caption_choice"):
            assert len(each.claims) == len(each.options) >= 2
        if each.kind == "yes_no":
            assert each.options == ("yes", "no")
            assert each.options[each.answer] == ("yes" if each.asserted == each.fact.value else "no")
        else:
            assert each.asserted == each.fact.value


def only(about, kind, seed=0, among=SCENE, names=NAMES):
    found = questions_of(about, among, names, np.random.default_rng(seed))
    return [each for each in found if each.kind == kind]


def test_the_plain_direction_question_is_the_one_the_shipped_model_was_trained_on():
    about = fact("direction", "direction", (MUG, BOX), ("above", "left"))
    plain = question(SCENE.by_id(MUG), SCENE.by_id(BOX))
    names = {MUG: Name("mug"), BOX: Name("box")}
    found = [each for seed in range(9) for each in only(about, "multiple_choice", seed, names=names)]
    match = next(each for each in found if each.text == plain)
    assert match.options[match.answer] == "above and left" and len(match.options) == 4


def test_short_answers_by_example():
    truth = fact("nearness", "nearest", (MUG, BOX, BOOTS), (BOOTS,))
    [choice] = only(truth, "multiple_choice")
    assert set(choice.options) == {"the mug", "the wooden box", "the smaller boots"}
    assert choice.options[choice.answer] == "the smaller boots"
    [number] = only(fact("count", "count", (MUG,), ("2",)), "open")
    assert number.options == ("2", "two", "2 mugs", "two mugs")
    [way] = only(fact("change", "moved", (MUG,), ("above", "front", "left")), "open")
    assert way.options[0] == "up, towards the camera and to the left"
    [far] = only(fact("nearness", "band", (MUG,), ("1 to 2 m",)), "open")
    assert re.search(r": .*1 to 2 m.*\?$", far.text) and far.options == ("1 to 2 m", "1 to 2 metres")


def test_what_has_no_name_or_a_telling_one_is_not_asked():
    rng = np.random.default_rng(0)
    near = fact("nearness", "nearer", (MUG, BOX), ("nearer",))
    assert questions_of(near, SCENE, {**NAMES, BOX: None}, rng) == ()
    assert questions_of(near, SCENE, {MUG: NAMES[MUG]}, rng) == ()
    assert questions_of(fact("size", "bigger", (BOX, MUG), YES), SCENE, NAMES, rng) != ()
    by_size = {**NAMES, MUG: Name("mug", "size", "smaller"), BOX: Name("mug", "size", "larger")}
    assert questions_of(fact("size", "bigger", (BOX, MUG), YES), SCENE, by_size, rng) == ()
    desk = replace(thing("Desk", (0.9, 0.4, 0.0)), id="Desk|0")
    with_desk = replace(SCENE, objects=(*SCENE.objects, desk))
    above = fact("direction", "direction", (KNIFE, "Desk|0"), ("above",))
    assert questions_of(above, with_desk, {**NAMES, "Desk|0": Name("desk")}, rng) == ()
    bread = scene(thing("Bread", (0.0, 0.8, 0.0)))
    assert questions_of(fact("count", "count", ("Bread|0",), ("1",)), bread, names_of(bread), rng) == ()
    bottles = scene(thing("Bottle", (0.0, 0.8, 0.0)), thing("WineBottle", (0.4, 0.8, 0.0)))
    assert questions_of(fact("count", "count", ("Bottle|0",), ("1",)), bottles, names_of(bottles), rng) == ()


def test_the_cause_of_a_change_is_asked_alike_whichever_it_is():
    by_object = questions_of(fact("change", "cause", (MUG,), ("object",)), SCENE, NAMES, np.random.default_rng(4))
    by_camera = questions_of(fact("change", "cause", (), ("camera",)), SCENE, NAMES, np.random.default_rng(4))
    assert [each.kind for each in by_object] == [each.kind for each in by_camera]
    assert not any("mug" in text for text in texts_of(by_object))


@pytest.mark.parametrize("about", EVERY_FACT, ids=lambda each: f"{each.predicate}-{'-'.join(each.value)}")
def test_hard_negatives_differ_in_exactly_one_thing(about):
    truth = truth_of(about)
    for foil in hard_negatives(about, BANDS):
        changed = [name for name in ("predicate", "about", "value") if getattr(foil, name) != getattr(truth, name)]
        assert len(changed) == 1 and foil.family == truth.family
        if changed == ["value"] and truth.in_terms:
            assert sum(a != b for a, b in zip(foil.value, truth.value, strict=True)) == 1
        if changed == ["about"]:
            assert sorted(foil.about) == sorted(truth.about)


@pytest.mark.parametrize("seed", range(3))
def test_hard_negatives_are_false_in_the_scene_by_a_margin(seed):
    before = lopsided_room(seed)
    after = after_a_change(before, seed)
    drawn = [(each, None) for each in facts_of(before, RULE, about=list(before.masks)[:9])]
    drawn += [(each, before) for each in facts_of_change(before, after, RULE)]
    checked = set()
    for about, earlier in drawn:
        if not about.answerable:
            continue
        for foil in hard_negatives(about, BANDS):
            stated = replace(about, predicate=foil.predicate, about=foil.about)
            anew = restate(stated, after if earlier else before, RULE, earlier)
            assert anew.value != foil.value, (about, foil)
            assert anew.share >= 1, (about, foil, anew)
            checked.add((about.family, about.predicate))
    assert {"direction", "support", "between", "nearness", "size", "count"} <= {family for family, _ in checked}


def test_a_picture_gives_the_same_questions_for_the_same_seed():
    about = fact("direction", "direction", (MUG, BOX), ("left",))
    first, second = (questions_of(about, SCENE, NAMES, np.random.default_rng(7)) for _ in range(2))
    assert first == second
    assert first != questions_of(about, SCENE, NAMES, np.random.default_rng(8))

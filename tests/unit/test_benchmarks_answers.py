"""Free text is read as one option by fixed rules; refusals and contradictions are no answer."""

import pytest

from rls3.benchmarks.answers import extract
from rls3.benchmarks.registry import BENCHMARKS
from tests.benchmark_files import make_item

SIDES = ("in front of", "behind", "left of", "right of")
YES_NO = ("yes", "no")


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("(B)", SIDES, 1),
        ("b", SIDES, 1),
        ("B.", SIDES, 1),
        ("**B) behind**", SIDES, 1),
        ("<s> (C) left of</s>", SIDES, 2),
        ("Left.", SIDES, 2),
        ("\\boxed{D}", SIDES, 3),
        ("<think>A? No, B.</think> <answer>C</answer>", SIDES, 2),
        ("The answer is B", SIDES, 1),
        ("The boy faces us.\n\nSo the correct answer is:\n\n(C) left of", SIDES, 2),
        ("Yes.", YES_NO, 0),
        ("No, the cat is not on the mat.", YES_NO, 1),
        ("Yes", ("False", "True"), 1),
        ("That is not true.", ("False", "True"), None),
        ("on", ("on/above", "below"), 0),
        ("3", ("1", "3", "2"), 1),
        ("Point A, circled in red, is closer than point B.", ("A is closer", "B is closer"), 0),
        ("A point in the sky is far away.", ("A is closer", "B is closer"), None),
        ("It is to the left, not to the right.", SIDES, 2),
        ("The camera moves to the right. More of the left side comes into view.", ("left", "right"), 1),
    ],
)
def test_the_named_option_is_read(text, options, expected):
    assert extract(text, options) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "E",
        "I'm sorry, but I can't assist with that request.",
        "None of the choices (A), (B), (C) or (D) apply.",
        "Neither option (A) nor (B) can be selected.",
        "(A) or (B)",
        "(B) left of",
        "The answer is A. The answer is B.",
        "both A and B",
        "left or right",
        "It is not behind him.",
        "The lamp is beautiful.",
    ],
)
def test_refusals_contradictions_and_empty_words_are_no_answer(text):
    assert extract(text, SIDES) is None


def test_a_text_on_yes_and_no_at_once_is_no_answer():
    assert extract("Yes and no.", YES_NO) is None


def test_a_bare_digit_is_an_index_only_where_predictions_are_published_so():
    item = make_item(options=("two", "three"), answer=1)
    assert BENCHMARKS["whatsup"].grade(item, "1").points == 1
    assert not BENCHMARKS["cv-bench"].grade(item, "1").answered


def test_true_and_false_of_json_answer_true_or_false_options():
    item = make_item(options=("False", "True"), answer=1)
    assert [BENCHMARKS["vsr"].grade(item, given).points for given in (True, False, 1, 0, "1", 1.0)] == [
        1,
        0,
        1,
        0,
        1,
        1,
    ]


def test_blink_takes_the_bracketed_letter_as_its_authors_do():
    item = make_item(options=("left", "right"), answer=1)
    blink = BENCHMARKS["blink"]
    assert blink.grade(item, "Between (A) and (B) I think\n\n(B) left").points == 1
    assert blink.grade(item, "The answer is right.").points == 1, "what the rule leaves open is read by our rules"
    assert not blink.grade(item, "(Z)").answered


def test_viewspatial_takes_the_first_lone_letter_of_the_last_line():
    item = make_item(options=("left", "right", "front", "back"), answer=0)
    viewspatial = BENCHMARKS["viewspatial"]
    assert viewspatial.grade(item, "It is on the right.\nB. right").points == 0
    assert viewspatial.grade(item, "He holds a cup").points == 1, "the authors' rule takes the article for an A"
    assert not viewspatial.grade(item, "It is on the left").answered
    assert not viewspatial.grade(item, "left", written=True).answered, "nor does it know an option's text"
    assert viewspatial.grade(item, "left").points == 1, "a model that chose the option did answer"

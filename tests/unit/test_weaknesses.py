"""Weaknesses are the right answers, grouped by what can be said of a question."""

import pytest
from rich.console import Console

from rls3.benchmarks.weaknesses import LEAST_QUESTIONS, weaknesses
from rls3.samples.scores import Score, Tally
from rls3.tracking.weaknesses import print_weaknesses, weaknesses_picture
from tests.factories import make_sample

RIGHT, WRONG = (0.1, 0.7, 0.1, 0.1), (0.7, 0.1, 0.1, 0.1)


def answered(count, right, **overrides):
    samples = [make_sample(sample_id=f"s{i}", **overrides) for i in range(count)]
    scores = [Score(sample.sample_id, RIGHT if i < right else WRONG, 0) for i, sample in enumerate(samples)]
    return samples, scores


@pytest.fixture
def groups():
    near = answered(8, 6, terms=("left",), sampler="natural", camera_position=(0.0, 0.0, -1.0))
    far = answered(10, 1, terms=("left", "above"), sampler="rearranged", camera_position=(0.0, 0.0, -9.0),
                   subject_type="Pot", scene_type="living_room")  # fmt: skip
    return weaknesses(near[0] + far[0], near[1] + far[1])


def test_every_question_counts_in_each_group_it_belongs_to(groups):
    assert groups["relation"] == {"above": Tally(1, 10), "left": Tally(7, 18)}
    assert groups["terms"] == {"1 of 3": Tally(6, 8), "2 of 3": Tally(1, 10)}
    assert groups["room"] == {"kitchen": Tally(6, 8), "living room": Tally(1, 10)}
    assert groups["arrangement"] == {"natural": Tally(6, 8), "rearranged": Tally(1, 10)}
    assert groups["distance"] == {"0 to 1.5 m": Tally(6, 8), "over 4 m": Tally(1, 10)}
    assert groups["clutter"] == {"0 to 8 objects": Tally(7, 18)}


def test_objects_come_worst_first_and_rare_ones_not_at_all(groups):
    assert groups["object"] == {"pot": Tally(1, 10), "bowl": Tally(7, 18), "mug": Tally(6, 8)}
    assert list(groups["object"]) == ["pot", "bowl", "mug"]
    assert weaknesses(*answered(LEAST_QUESTIONS - 1, 1))["object"] == {}


def test_table_and_picture_show_every_group(groups, tmp_path):
    console = Console(record=True, width=100)
    print_weaknesses(Tally(7, 18), groups, console)
    text = console.export_text()
    assert all(name in text for name in groups) and "38.9 %" in text
    weaknesses_picture(Tally(7, 18), groups, tmp_path / "w.png", "Where it fails")
    assert (tmp_path / "w.png").stat().st_size > 10_000

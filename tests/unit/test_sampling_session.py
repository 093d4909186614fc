"""A session offers sensible objects, labels what it makes, and leaves nothing of an invalid edit behind."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rls3.assets.types import OBJECT_TYPES
from rls3.config import SamplerConfig, ValidityConfig
from rls3.errors import ConfigError
from rls3.sampling.offer import MAX_SUBJECT_SIZE_M, NEVER_OFFERED, extent, offer
from rls3.sampling.session import EditSession
from rls3.sampling.stage import LocalStage
from rls3.scene.edit import Edit
from rls3.scene.figure import volume
from rls3.scene.model import Scene
from tests.fakes import FakeSimulator, make_object, make_room

GOOD = Edit("Stool|1", "Sink|1", "left", 1)


def session(simulator: FakeSimulator | None = None, **changes: Any) -> EditSession:
    settings: dict[str, Any] = {
        "sampler": "random",
        "seed": 7,
        "slot": 3,
        "scenes": ("FloorPlan1", "FloorPlan2", "FloorPlan3"),
        "sampler_config": SamplerConfig(),
        "validity": ValidityConfig(),
    }
    return EditSession(simulator or FakeSimulator(), **(settings | changes))


def test_offers_single_things_of_a_good_size_which_may_be_both_moved_and_moved_beside() -> None:
    situation = session().reset()
    assert situation.subjects == ("Stool|1", "Pot|1", "Toaster|1")  # largest first; no chair (two), no fork (tiny)
    assert situation.references == ("Fridge|1", "Sink|1", "Stool|1", "Pot|1", "Toaster|1")  # no floor
    assert situation.views.sum(axis=1).tolist() == [2, 8, 8, 8, 8]
    legal = situation.choices.legal.any(axis=(2, 3))
    assert legal.tolist() == [[1, 1, 0, 1, 1], [1, 1, 1, 0, 1], [1, 1, 1, 1, 0]]  # nothing beside itself
    assert pickle.loads(pickle.dumps(situation)).scene == situation.scene


def crowd(number: int) -> Scene:
    """A room with many single movable things, each twice as bulky as the one before."""
    kinds = sorted(set(OBJECT_TYPES) - NEVER_OFFERED)[:number]
    floor = make_object("Floor", (0.0, -0.05, 0.0), (40.0, 0.1, 40.0), movable=False)
    sides = [0.13 * 2 ** (k / 3) for k in range(number)]
    things = [
        make_object(kind, (2.0 * k, side / 2, 0.0), (side,) * 3)
        for k, (kind, side) in enumerate(zip(kinds, sides, strict=True))
    ]
    return replace(make_room(), objects=(floor, *things))


def test_what_is_offered_is_spread_over_all_sizes_and_drawn_anew_by_seed() -> None:
    scene, simulator = crowd(20), FakeSimulator()
    simulator.scene = scene
    order = sorted(scene.objects, key=volume, reverse=True)
    bulk = {thing.id: place for place, thing in enumerate(o for o in order if o.type != "Floor")}
    movable = [thing for thing in order if extent(thing) <= MAX_SUBJECT_SIZE_M]
    seen = set()
    for seed in range(12):
        config = SamplerConfig(max_subjects=5, max_references=4)
        found = offer(simulator, scene, config, np.random.default_rng(seed))
        again = offer(simulator, scene, config, np.random.default_rng(seed))
        assert (found.subjects, found.references) == (again.subjects, again.references)
        seen.add(found.subjects)
        assert [bulk[name] // 5 for name in found.references] == [0, 1, 2, 3]
        assert len(found.subjects) == 5 and set(found.subjects) <= {thing.id for thing in movable}
    assert len(seen) > 6 and len({name for names in seen for name in names}) == len(movable)


def test_what_is_behind_a_door_is_no_reference_until_it_is_taken_out() -> None:
    scene, simulator = make_room(spawn_seed=1), FakeSimulator()
    shut = tuple(replace(o, parents=("Fridge|1",)) if o.id == "Pot|1" else o for o in scene.objects)
    simulator.scene = replace(scene, objects=shut)
    before = offer(simulator, simulator.scene, SamplerConfig(), np.random.default_rng(0))
    assert "Pot|1" in before.subjects and "Pot|1" not in before.references


def test_an_edit_changes_what_is_legal_next() -> None:
    simulator = FakeSimulator()
    here = session(simulator)
    before = here.reset()
    simulator.can_view = lambda reference_id: (reference_id != "Stool|1",) * 8  # type: ignore[method-assign]
    refused = here.step(Edit("Stool|1", "Sink|1", "below", 1), 0)[0].situation
    assert np.array_equal(refused.choices.legal, before.choices.legal) and refused.step == 1
    after = here.step(GOOD, 0)[0].situation
    row = after.references.index("Stool|1")
    assert not after.choices.legal[:, row].any() and before.choices.legal[:, row].any()
    assert after.references == before.references and after.step == 2


def test_a_valid_edit_stays_and_its_record_tells_where_it_was_made() -> None:
    simulator = FakeSimulator()
    here = session(simulator)
    here.reset()
    outcome, sample = here.step(GOOD, policy_version=5)
    assert outcome.valid and outcome.terms == ("left",) == sample.terms
    assert outcome.sample_id == sample.sample_id == "random-7-003-00000-000"
    assert (sample.seed, sample.slot, sample.episode, sample.step, sample.policy_version) == (7, 3, 0, 0, 5)
    assert (sample.placement, sample.view, sample.scene_id) == ("left", 1, simulator.loaded[0][0])
    moved = outcome.situation.scene.by_id("Stool|1")
    assert moved == simulator.scene.by_id("Stool|1") and moved.center == sample.subject_position
    assert here.step(GOOD, policy_version=5)[0].sample_id == "random-7-003-00000-001"


@pytest.mark.parametrize("valid", [True, False])
def test_the_other_of_the_two_can_be_asked_about(valid: bool) -> None:
    here = session(FakeSimulator() if valid else FakeSimulator(refuse=lambda edit: "unreachable_view"))
    here.reset()
    _, sample = here.step(replace(GOOD, asked="reference"), policy_version=5)
    assert (sample.subject_id, sample.reference_id) == ("Sink|1", "Stool|1") == sample.about
    assert sample.placement == "left, reference asked"
    assert sample.terms == (("right",) if valid else ())


@pytest.mark.parametrize(
    ("simulator", "reason"),
    [
        (FakeSimulator(hide=lambda edit: True), "subject_occluded"),
        (FakeSimulator(refuse=lambda edit: "unreachable_view"), "unreachable_view"),
    ],
)
def test_an_invalid_edit_leaves_nothing_behind(simulator: FakeSimulator, reason: str) -> None:
    here = session(simulator)
    before = here.reset()
    outcome, sample = here.step(GOOD, policy_version=0)
    assert not outcome.valid and reason in outcome.invalid and sample.invalid == outcome.invalid
    assert simulator.scene == before.scene == outcome.situation.scene
    assert outcome.situation.step == 1
    assert (sample.image is None) == (reason == "unreachable_view")


def test_a_look_takes_a_picture_and_changes_nothing() -> None:
    simulator = FakeSimulator()
    here = session(simulator, sampler="natural")
    with pytest.raises(ValueError, match=r"no episode has begun; call reset\(\)"):
        here.look(0)
    before = here.reset()
    outcomes = [here.look(policy_version=0) for _ in range(3)]
    assert [outcome.situation.step for outcome, _ in outcomes] == [1, 2, 3]
    assert outcomes[-1][0].situation.scene == before.scene
    samples = [sample for _, sample in outcomes]
    assert [sample.sample_id for sample in samples] == [f"natural-7-003-00000-00{step}" for step in range(3)]
    assert {(sample.placement, sample.view) for sample in samples} == {("", -1)}
    assert [sample.invalid for sample in samples] == [(), ("nothing_to_ask",), ()]
    assert [sample.image is None for sample in samples] == [False, True, False]
    assert len({sample.camera_yaw for sample in samples}) > 1
    again = session(sampler="natural")
    again.reset()
    assert [again.look(0)[1].question for _ in range(3)] == [sample.question for sample in samples]
    simulator.glance = lambda rng: None  # type: ignore[method-assign, assignment, return-value]
    outcome, sample = here.look(0)
    assert outcome.invalid == ("nothing_to_ask",) and sample.image is None


def test_restarts_are_counted_where_they_happen() -> None:
    def crash_once(edit: Edit) -> None:
        simulator.restarts += int(edit.placement == "right")

    simulator = FakeSimulator(refuse=crash_once)
    here = session(simulator)
    here.reset()
    edits = [GOOD, Edit("Stool|1", "Sink|1", "right", 1), GOOD]
    assert [here.step(edit, 0)[0].restarts for edit in edits] == [0, 1, 0]
    simulator.restarts += 1  # while the next scene is loaded
    here.reset()
    assert [here.step(edit, 0)[0].restarts for edit in (GOOD, GOOD)] == [1, 0]


def loaded(episodes: int, **changes: Any) -> list[tuple[str, int | None]]:
    simulator = FakeSimulator()
    here = session(simulator, **changes)
    for _ in range(episodes):
        here.reset()
    return simulator.loaded


def test_scenes_take_turns_in_an_order_that_the_seed_fixes() -> None:
    visits = loaded(9)
    names = [name for name, _ in visits]
    for start in (0, 3, 6):
        assert sorted(names[start : start + 3]) == ["FloorPlan1", "FloorPlan2", "FloorPlan3"]
    assert len({seed for _, seed in visits}) == 9
    assert visits == loaded(9)
    assert visits != loaded(9, slot=4) and visits != loaded(9, seed=8)
    assert loaded(4, first_episode=5) == visits[5:]  # a resumed run goes on where it would have been


def test_the_same_seed_gives_the_same_picture_and_options() -> None:
    def first_sample(seed: int) -> Any:
        here = session(seed=seed)
        here.reset()
        return here.step(GOOD, 0)[1]

    one, two, other = first_sample(7), first_sample(7), first_sample(8)
    assert one.options == two.options and np.array_equal(one.image, two.image)
    assert not np.array_equal(one.image, other.image)


def test_refuses_what_cannot_be_edited() -> None:
    with pytest.raises(ConfigError, match=r"no scene to edit; name some in sim\.scenes"):
        session(scenes=())
    blind = FakeSimulator()
    blind.can_view = lambda reference_id: (False,) * 8  # type: ignore[method-assign]
    with pytest.raises(ConfigError, match=r"none of 3 scenes has a movable object of 0\.12 to 1\.3 m"):
        session(blind).reset()
    here = session()
    with pytest.raises(ValueError, match=r"no episode has begun; call reset\(\)"):
        here.step(GOOD, 0)
    here.reset()
    with pytest.raises(ValueError, match=r"cannot move 'Sink\|1' beside 'Stool\|1'; subjects: Stool\|1"):
        here.step(Edit("Sink|1", "Stool|1", "left", 0), 0)
    with pytest.raises(ValueError, match=r"cannot move 'Pot\|1' beside 'Pot\|1'"):
        here.step(Edit("Pot|1", "Pot|1", "left", 0), 0)


def test_a_stage_keeps_samples_until_they_are_taken_once() -> None:
    simulators = [FakeSimulator(), FakeSimulator()]
    stage = LocalStage([session(simulator, slot=slot) for slot, simulator in enumerate(simulators)])
    stage.reset([0, 1])
    ids = [outcome.sample_id for outcome in stage.step([1, 0], [GOOD, GOOD], policy_version=2)]
    assert ids == ["random-7-001-00000-000", "random-7-000-00000-000"]
    assert [sample.sample_id for sample in stage.take(ids)] == ids
    with pytest.raises(KeyError, match="never made here, or taken before"):
        stage.take(ids[:1])
    with pytest.raises(ValueError, match="shorter"):
        stage.step([1, 0], [GOOD], policy_version=2)
    stage.close()
    assert all(simulator.closed for simulator in simulators)


def test_an_episode_played_again_from_its_number_makes_the_same_samples() -> None:
    """As a new simulator process does in the place of a lost one."""

    def play(here: EditSession, edits: list[Edit]) -> list[Any]:
        situation = here.reset()
        made: list[Any] = [(situation.subjects, situation.references, situation.choices.flat(8, 8).tolist())]
        for edit in edits:
            outcome, sample = here.step(edit, policy_version=2)
            made.append(
                (sample.sample_id, sample.placement, sample.options, outcome.situation.choices.flat(8, 8).tolist())
            )
        return made

    one, rng = session(first_episode=4), np.random.default_rng(0)
    one.reset()
    situation = one.reset()
    edits = []
    for _ in range(3):
        action = situation.choices.draw(rng)
        assert action is not None
        edits.append(situation.edit(action))
        situation = one.step(edits[-1], policy_version=2)[0].situation
    assert {edit.words for edit in edits} - {edit.placement for edit in edits}, "with distances, turns or changes"
    first, again = (
        play(session(first_episode=5), edits),
        play(session(first_episode=5), pickle.loads(pickle.dumps(edits))),
    )
    assert first == again
    assert first[-1][-1] == situation.choices.flat(8, 8).tolist(), "where the lost one was"

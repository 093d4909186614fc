"""The simulator against the embedded engine, through the real ai2thor client."""

import itertools
import math
import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rls3.config import SimConfig, ValidityConfig
from rls3.errors import ConfigError, EngineLostError
from rls3.scene.edit import NUM_VIEWS, TERMS, Edit
from rls3.scene.geometry import project
from rls3.scene.naming import STRUCTURAL_TYPES
from rls3.scene.relations import relation
from rls3.scene.validity import invalid_reasons
from rls3.thor.doctor import check_engine
from rls3.thor.session import Looks
from rls3.thor.simulator import NOT_MOVABLE, PLACE_TAKEN, REFUSALS, Simulator
from rls3.thor.views import named_count, natural_views

SCENE = "FloorPlan201"
SIM = SimConfig(width=96, height=96)
FIXTURES = Path(os.environ.get("RLS3_FIXTURES", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(scope="module")
def simulator():
    running = Simulator(SIM)
    yield running
    running.close()


def candidate_edits(simulator, scene):
    """Edits of pairs of large objects from sides that can be seen, in a fixed order."""
    large = sorted((o for o in scene.objects if o.type not in STRUCTURAL_TYPES), key=lambda o: (-max(o.size), o.id))
    sides = {o.id: simulator.can_view(o.id) for o in large}
    pairs = [(s, r) for r, s in itertools.product(large, large) if s.movable and s.id != r.id]
    for number, (subject, reference) in enumerate(pairs):
        for step in range(NUM_VIEWS):
            view = (number + step) % NUM_VIEWS
            if sides[reference.id][view]:
                yield Edit(subject.id, reference.id, TERMS[number % len(TERMS)], view)
                break


def successful(simulator, scene, count):
    """The first edits that are made, each undone again."""
    found = []
    for edit in candidate_edits(simulator, scene):
        result = simulator.apply(edit)
        if result.view is not None:
            simulator.undo()
            found.append(edit)
            if len(found) == count:
                return found
    raise AssertionError(f"only {len(found)} edits of {scene.id} are possible")


def kill(simulator):
    os.kill(simulator._engine._controller.server.unity_proc.pid, signal.SIGKILL)


def poses(scene):
    return {o.id: (o.position, o.rotation, o.center) for o in scene.objects}


def test_an_edit_shows_what_was_asked_and_is_undone_exactly(simulator):
    scene = simulator.reset(SCENE, spawn_seed=3)
    kept = 0
    edits = successful(simulator, scene, 12)
    for edit in edits:
        view = simulator.apply(edit).view
        assert view.image.shape == (96, 96, 3) and view.image.flags.c_contiguous and view.image.flags.writeable
        assert view.scene.camera.yaw == pytest.approx(edit.view * 45.0)
        subject, reference = view.scene.by_id(edit.subject_id), view.scene.by_id(edit.reference_id)
        found = relation(subject, reference, view.scene.camera)
        assert edit.placement in found.terms
        kept += not invalid_reasons(view.scene, subject, reference, found, ValidityConfig())
        simulator.undo()
        fresh = simulator._engine.observe(picture=False).metadata["objects"]
        stated = {o["objectId"]: tuple(o["position"].values()) for o in fresh}
        assert stated == {o.id: o.position for o in scene.objects}
        assert poses(simulator.scene) == poses(scene)
    assert kept >= 4


def _same_picture(one, other):
    return one.image.tobytes() == other.image.tobytes()


def test_distance_turn_and_changes_show_and_are_undone(simulator):
    scene = simulator.reset(SCENE, spawn_seed=3)
    (plain,) = successful(simulator, scene, 1)
    usual = simulator.apply(plain).view
    simulator.undo()
    seen = []
    for changed in (
        replace(plain, change="light"),
        replace(plain, change="materials"),
        replace(plain, distance="near"),
    ):
        view = simulator.apply(changed).view
        assert poses(view.scene) == poses(usual.scene)
        seen.append(view)
        simulator.undo()
        assert _same_picture(simulator.apply(plain).view, usual)  # nothing of it is left
        simulator.undo()
        assert _same_picture(simulator.apply(changed).view, view)  # and it always means the same
        simulator.undo()
    assert len({view.image.tobytes() for view in (usual, *seen)}) == 4
    assert math.dist(seen[2].scene.camera.position, scene.by_id(plain.reference_id).center) <= math.dist(
        usual.scene.camera.position, scene.by_id(plain.reference_id).center
    )
    assert simulator._engine.looks == Looks()


def test_a_turned_thing_stands_turned_until_it_is_undone(simulator):
    scene = simulator.reset(SCENE, spawn_seed=3)
    for edit in successful(simulator, scene, 6):
        view = simulator.apply(replace(edit, turn=90)).view
        if view is not None:
            before, after = scene.by_id(edit.subject_id), view.scene.by_id(edit.subject_id)
            assert (after.rotation[1] - before.rotation[1]) % 360 == pytest.approx(90)
            assert after.size == pytest.approx(before.size[::-1], abs=1e-3)
            break
    else:
        raise AssertionError("no turned edit was made")
    simulator.undo()
    assert poses(simulator.scene) == poses(scene)


def test_a_lost_engine_comes_back_in_the_light_and_materials_it_had(simulator):
    scene = simulator.reset(SCENE, spawn_seed=3)
    (edit,) = successful(simulator, scene, 1)
    expected = []
    for lost in (False, True):
        simulator.reset(SCENE, spawn_seed=3)
        simulator.apply(replace(edit, change="materials"))
        simulator.apply(replace(edit, change="light"))
        if lost:
            kill(simulator)
        expected.append(simulator.apply(edit).view)
    assert _same_picture(*expected)


def test_masks_lie_where_the_boxes_project(simulator):
    scene = simulator.reset(SCENE)
    view = next(v for o in scene.objects for k in range(NUM_VIEWS) if (v := simulator.look(o.id, k)) is not None)
    checked = 0
    for index, item in enumerate(view.scene.objects):
        if item.id not in view.scene.masks or item.type in STRUCTURAL_TYPES:
            continue
        mask = view.scene.masks[item.id]
        assert mask.pixels == (view.ids == index).sum()
        pixels, depth = project(item.corners, view.scene.camera)
        if depth.min() > 0.1:
            x0, y0, x1, y1 = mask.box
            assert pixels[:, 0].min() - 2 <= x0 and x1 <= pixels[:, 0].max() + 2
            assert pixels[:, 1].min() - 2 <= y0 and y1 <= pixels[:, 1].max() + 2
            checked += 1
    assert checked >= 2
    assert view.ids.min() >= -1


def test_refusals_say_why_and_change_nothing(simulator):
    scene = simulator.reset(SCENE)
    fixed = next(o for o in scene.objects if not o.movable)
    movable = next(o for o in scene.objects if o.movable)
    assert simulator.apply(Edit(fixed.id, movable.id, "left", 0)).refused == NOT_MOVABLE
    assert simulator.apply(Edit(movable.id, movable.id, "left", 0)).refused == NOT_MOVABLE
    refused = [r for e in itertools.islice(candidate_edits(simulator, scene), 60) if (r := _refusal(simulator, e))]
    assert PLACE_TAKEN in refused and set(refused) <= set(REFUSALS)
    assert poses(simulator.scene) == poses(scene)
    with pytest.raises(KeyError, match="has no object 'Nothing"):
        simulator.apply(Edit("Nothing|1", movable.id, "left", 0))


def _refusal(simulator, edit):
    result = simulator.apply(edit)
    simulator.undo()
    return result.refused


def test_a_killed_engine_comes_back_with_every_moved_object(simulator):
    scene = simulator.reset(SCENE, spawn_seed=7)
    (first,) = successful(simulator, scene, 1)
    simulator.apply(first)
    second, third = successful(simulator, simulator.scene, 2)
    expected = []
    for _ in range(2):
        simulator.reset(SCENE, spawn_seed=7)
        expected.append([simulator.apply(edit).view for edit in (first, second)])
    assert all(
        np.array_equal(a.image, b.image) and np.array_equal(a.ids, b.ids) for a, b in zip(*expected, strict=True)
    )
    simulator.reset(SCENE, spawn_seed=7)
    before = simulator.restarts
    simulator.apply(first)
    kill(simulator)
    again = simulator.apply(second).view
    assert simulator.restarts == before + 1
    assert again.image.tobytes() == expected[0][1].image.tobytes()
    assert poses(again.scene) == poses(expected[0][1].scene)
    simulator.undo()
    kill(simulator)
    assert simulator.apply(third).view is not None


@pytest.mark.parametrize("action", ["PlaceObjectAtPoint", "TeleportFull", "ResetObjectFilter"])
def test_a_loss_in_the_middle_of_an_edit_does_not_show(simulator, monkeypatch, action):
    scene = simulator.reset(SCENE, spawn_seed=7)
    edit = successful(simulator, scene, 1)[0]
    expected = simulator.apply(edit).view
    simulator.undo()
    real, killed = type(simulator._engine)._step, []

    def step(self, name, **arguments):
        event = real(self, name, **arguments)
        if name == action and not killed:
            killed.append(name)
            kill(simulator)
        return event

    monkeypatch.setattr(type(simulator._engine), "_step", step)
    view = simulator.apply(edit).view
    assert killed
    assert view.image.tobytes() == expected.image.tobytes()
    assert poses(view.scene) == poses(expected.scene)


def test_a_second_loss_is_an_error(simulator, monkeypatch):
    scene = simulator.reset(SCENE)
    target = next(o.id for o in scene.objects if any(simulator.can_view(o.id)))
    rebuild = simulator._engine._rebuild

    def rebuild_and_lose():
        rebuild()
        kill(simulator)

    monkeypatch.setattr(simulator._engine, "_rebuild", rebuild_and_lose)
    kill(simulator)
    with pytest.raises(EngineLostError, match=r"the engine .* during"):
        simulator.look(target, simulator.can_view(target).index(True))


def test_natural_views_are_the_same_every_time_and_hold_named_objects(simulator):
    first = list(natural_views(simulator, "FloorPlan26", seed=11, count=3))
    second = list(natural_views(simulator, "FloorPlan26", seed=11, count=3))
    other = list(natural_views(simulator, "FloorPlan26", seed=12, count=1))
    assert len(first) == 3
    assert [v.image.tobytes() for v in first] == [v.image.tobytes() for v in second]
    assert other[0].image.tobytes() != first[0].image.tobytes()
    assert all(named_count(v.scene) >= 2 for v in first)


def test_an_unknown_scene_leaves_the_simulator_usable(simulator):
    with pytest.raises(ConfigError, match=r"the engine has no scene 'FloorPlan99'.*change sim.scenes"):
        simulator.reset("FloorPlan99")
    assert simulator.reset("FloorPlan2").id == "FloorPlan2"


def test_a_procthor_house_is_loaded(simulator):
    house = FIXTURES / "procthor" / "two-room" / "house_100.json"
    if not house.is_file():
        pytest.skip(f"no ProcTHOR house in {FIXTURES} (set RLS3_FIXTURES)")
    scene = simulator.reset(str(house))
    assert scene.id == "house_100"
    assert len(simulator.reachable) > 20
    assert any(any(simulator.can_view(o.id)) for o in scene.objects)


def test_the_doctors_check_draws_a_picture():
    found = check_engine(SIM)
    assert found.engine.name == "rls3-engine"
    assert found.picture.shape == (96, 96, 3) and found.picture.std() > 5
    assert found.start_s > 0 and found.frames_per_s > 0 and found.objects > 10

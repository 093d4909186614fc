"""Filters, opening, switching, filling, holding, looks and rest of objects."""

from __future__ import annotations

import numpy as np
import pytest

from tests.contract.thor.client import SCENE, close, difference, objects, the

BESIDE_FRIDGE = {"x": -1.0, "y": 0.901, "z": -0.5, "rotation": {"y": 90}, "horizon": 0, "standing": True}
AT_STOVE = {"x": -1.0, "y": 0.901, "z": -2.25, "rotation": {"y": 90}, "horizon": 30.0, "standing": True}


def test_a_filter_limits_the_objects(either):
    every = sorted(o["objectId"] for o in either.last_event.metadata["objects"])
    for wanted in (every[:3], []):
        event = either.step("SetObjectFilter", objectIds=wanted)
        assert sorted(o["objectId"] for o in event.metadata["objects"]) == wanted
    event = either.step("ResetObjectFilter")
    assert sorted(o["objectId"] for o in event.metadata["objects"]) == every


def test_openness_is_a_fraction(either):
    fridge = the(either.last_event, "Fridge")["objectId"]
    for openness in (0.5, 0.7, 0):
        event = either.step("OpenObject", objectId=fridge, openness=openness, forceAction=True, raise_for_failure=True)
        found = event.get_object(fridge)
        assert found["openness"] == pytest.approx(openness, abs=1e-3)
        assert found["isOpen"] == (openness != 0)
    for openness in (-0.5, 1.5):
        assert not either.step("OpenObject", objectId=fridge, openness=openness, forceAction=True)


@pytest.mark.parametrize(("magnitude", "openness"), [(0, 1.0), (0.65, 0.65)])
def test_open_object_knows_its_old_argument(either, magnitude, openness):
    fridge = the(either.last_event, "Fridge")["objectId"]
    event = either.step("OpenObject", objectId=fridge, forceAction=True, moveMagnitude=magnitude)
    assert event.get_object(fridge)["openness"] == pytest.approx(openness, abs=1e-3)
    assert event.get_object(fridge)["isOpen"]
    shut = either.step("CloseObject", objectId=fridge, forceAction=True).get_object(fridge)
    assert (shut["openness"], shut["isOpen"]) == (pytest.approx(0, abs=1e-3), False)


def test_the_box_grows_when_a_door_opens(either):
    before = the(either.last_event, "Fridge")
    opened = either.step("OpenObject", objectId=before["objectId"], forceAction=True, raise_for_failure=True)
    assert not close(
        opened.get_object(before["objectId"])["axisAlignedBoundingBox"]["size"],
        before["axisAlignedBoundingBox"]["size"],
    )
    shut = either.step("CloseObject", objectId=before["objectId"], forceAction=True, raise_for_failure=True)
    assert close(
        shut.get_object(before["objectId"])["axisAlignedBoundingBox"]["size"], before["axisAlignedBoundingBox"]["size"]
    )


@pytest.mark.parametrize("filtered", [False, True])
def test_a_visible_fridge_opens(either, filtered):
    fridge = the(either.step("TeleportFull", **BESIDE_FRIDGE, raise_for_failure=True), "Fridge")
    assert fridge["visible"]
    if filtered:
        assert either.step("SetObjectFilter", objectIds=[]).metadata["objects"] == []
    either.step("OpenObject", objectId=fridge["objectId"], raise_for_failure=True)
    assert the(either.step("ResetObjectFilter"), "Fridge")["isOpen"]


def test_an_object_out_of_sight_does_not_open(thor):
    thor.step("TeleportFull", **{**BESIDE_FRIDGE, "rotation": {"y": 270}}, raise_for_failure=True)
    event = thor.step("OpenObject", objectId=the(thor.last_event, "Fridge")["objectId"])
    assert not event
    assert "not found within the specified visibility" in event.metadata["errorMessage"]


def test_a_knob_of_the_stove_is_turned(either):
    event = either.step("TeleportFull", **AT_STOVE, raise_for_failure=True)
    knob = next(o for o in objects(event, "StoveKnob") if o["visible"])
    assert not knob["isToggled"]
    event = either.step("ToggleObjectOn", objectId=knob["objectId"], raise_for_failure=True)
    assert event.get_object(knob["objectId"])["isToggled"]


def test_a_pot_is_filled_and_emptied(either):
    pot = the(either.last_event, "Pot")
    assert (pot["fillLiquid"], pot["isFilledWithLiquid"], pot["canFillWithLiquid"]) == (None, False, True)
    for liquid in ("water", "wine", "coffee"):
        arguments = {"objectId": pot["objectId"], "forceAction": True}
        filled = either.step("FillObjectWithLiquid", fillLiquid=liquid, **arguments).get_object(pot["objectId"])
        assert (filled["fillLiquid"], filled["isFilledWithLiquid"]) == (liquid, True)
        empty = either.step("EmptyLiquidFromObject", **arguments).get_object(pot["objectId"])
        assert (empty["fillLiquid"], empty["isFilledWithLiquid"]) == (None, False)


@pytest.mark.parametrize("action", ["DropHeldObject", "DropHandObject"])
def test_what_is_held_is_dropped(either, action):
    bottle = the(either.last_event, "SoapBottle")["objectId"]
    assert either.last_event.metadata["inventoryObjects"] == []
    held = either.step("PickupObject", objectId=bottle, forceAction=True)
    assert held.metadata["inventoryObjects"] == [{"objectId": bottle, "objectType": "SoapBottle"}]
    assert held.get_object(bottle)["isPickedUp"]
    dropped = either.step(action)
    assert dropped, dropped.metadata["errorMessage"]
    assert dropped.metadata["inventoryObjects"] == []


def test_an_agent_with_an_arm_has_no_other_hand(either):
    event = either.reset(agentMode="arm")
    assert not either.step("PickupObject", x=0.5, y=0.5)
    something = next(o["objectId"] for o in event.metadata["objects"] if o["pickupable"])
    assert not either.step("PickupObject", objectId=something, forceAction=True)


def test_a_scene_at_rest_stays_at_rest(thor):
    def poses():
        return {o["objectId"]: (o["position"], o["rotation"]) for o in thor.last_event.metadata["objects"]}

    thor.reset(agentMode="arm")
    for _ in range(10):
        thor.step("AdvancePhysicsStep", raise_for_failure=True)
    before = poses()
    for _ in range(10):
        thor.step("AdvancePhysicsStep", raise_for_failure=True)
    after = poses()
    assert all(close(after[k][i], before[k][i], 0.01) for k in before for i in (0, 1))


def test_the_seed_decides_the_materials(either):
    def painted(seed):
        first = either.reset().frame
        either.step("SetRandomSeed", seed=seed)
        return first, either.step("RandomizeMaterials").frame

    original, with_41 = painted(41)
    _, with_42 = painted(42)
    again, with_42_again = painted(42)
    assert difference(with_41, with_42) >= 10
    assert difference(original, with_41) >= 10
    assert difference(original, again) <= 1
    assert difference(with_42, with_42_again) <= 1


@pytest.mark.parametrize("undo", ["reset", "ResetMaterials"])
def test_materials_come_back(thor, undo):
    before = thor.reset().frame
    painted = thor.step("RandomizeMaterials").frame
    after = (thor.reset() if undo == "reset" else thor.step("ResetMaterials")).frame
    # Shares of the whole range, summed over the channels, as upstream counts them.
    assert 3 * difference(before, painted) / 255 > 0.05
    assert 3 * difference(painted, after) / 255 > 0.05
    assert 3 * difference(before, after) / 255 < 0.01


@pytest.mark.parametrize(
    ("scene", "split"),
    [
        ("FloorPlan20", "Train"),
        ("FloorPlan221", "Val"),
        ("FloorPlan325", "Val"),
        ("FloorPlan426", "Test"),
        ("FloorPlan_Train5_3", "Train"),
        ("FloorPlan_Val2_1", "Val"),
    ],
)
def test_the_number_of_a_scene_decides_which_materials_it_gets(thor, scene, split):
    if thor.normalize_scene(scene) not in thor.scenes_in_build:
        pytest.skip(f"the engine under test has no scene {scene}")
    thor.reset(scene)
    used = thor.step("RandomizeMaterials").metadata["actionReturn"]
    expected = {
        "useTrainMaterials": split == "Train",
        "useExternalMaterials": split == "Train",
        "useValMaterials": split == "Val",
        "useTestMaterials": split == "Test",
    }
    assert {k: used[k] for k in expected} == expected
    assert used["totalMaterialsConsidered"] > 0


def test_materials_can_be_chosen(thor):
    thor.reset("FloorPlan15")
    choice = {
        "useTrainMaterials": True,
        "useValMaterials": True,
        "useTestMaterials": True,
        "useExternalMaterials": False,
    }
    every = thor.step("RandomizeMaterials", **choice).metadata["actionReturn"]
    assert {k: every[k] for k in choice} == choice
    assert not thor.step("RandomizeMaterials", useTrainMaterials=False)
    kitchen = thor.step("RandomizeMaterials", inRoomTypes=["Kitchen"]).metadata["actionReturn"]
    both = thor.step("RandomizeMaterials", inRoomTypes=["Kitchen", "LivingRoom"]).metadata["actionReturn"]
    assert 0 < kitchen["totalMaterialsConsidered"] < both["totalMaterialsConsidered"]
    for other in ("LivingRoom", "RoboTHOR"):
        assert not thor.step("RandomizeMaterials", inRoomTypes=[other])


def test_masks_and_boxes_belong_together(thor):
    event = thor.reset(SCENE, renderInstanceSegmentation=True)
    assert len(event.instance_masks) >= 5
    for name, mask in event.instance_masks.items():
        rows, columns = np.nonzero(mask)
        box = (columns.min(), rows.min(), columns.max(), rows.max())
        assert event.instance_detections2D[name] == box

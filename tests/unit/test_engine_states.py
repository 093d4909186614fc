import numpy as np
import pytest
from engine_factory import block, session_of, thing

from rls3.engine.pictures.lighting import scene_lighting
from rls3.engine.protocol.server import handle


def step(session, action, **arguments):
    return handle(session, {"action": action, "sequenceId": 1, "renderImage": False, **arguments}).body["agents"][0]


def forced(session, action, object_id, **arguments):
    return step(session, action, objectId=object_id, forceAction=True, **arguments)


def record(reply, object_id):
    return next(o for o in reply["objects"] if o["objectId"] == object_id)


def test_a_box_grows_with_its_door_and_shrinks_again():
    session = session_of(thing("Fridge|1", (0.0, 0.0, 0.0)))
    shut = record(step(session, "Pass"), "Fridge|1")
    wide = record(forced(session, "OpenObject", "Fridge|1", openness=0.7), "Fridge|1")
    assert (wide["isOpen"], wide["openness"]) == (True, 0.7)
    assert wide["axisAlignedBoundingBox"]["size"]["z"] > shut["axisAlignedBoundingBox"]["size"]["z"] + 0.2
    assert wide["position"] == shut["position"]
    assert record(forced(session, "CloseObject", "Fridge|1"), "Fridge|1") == shut


@pytest.mark.parametrize("z", [0.75, 0.55])
def test_a_door_stops_at_what_stands_before_it(z):
    session = session_of(thing("Fridge|1", (0.0, 0.0, -0.5)), block("Box|1", (0.3, 0.3, 0.3), (0.0, 0.15, z - 0.5)))
    reply = forced(session, "OpenObject", "Fridge|1")
    assert reply["errorMessage"] == "Object failed to open/close successfully: Box|1 is in the way of Fridge|1"
    assert session.world.objects["Fridge|1"].state.openness == 0


def test_what_lies_in_a_drawer_moves_with_it():
    drawer = thing("Drawer|1", (0.0, 0.3, 0.0))
    session = session_of(drawer)
    floor = min(s.height for s in drawer.model.surfaces)
    session.world.put(thing("Spoon|1", (0.0, drawer.position[1] + floor, 0.0)))
    before = np.array(session.world.objects["Spoon|1"].position)
    assert forced(session, "OpenObject", "Drawer|1", openness=1.0)["lastActionSuccess"]
    moved = np.array(session.world.objects["Spoon|1"].position) - before
    assert moved[2] > 0.1
    assert abs(moved[:2]).max() < 1e-9
    assert step(session, "Pass")["lastActionSuccess"]
    assert session.containment.parents["Spoon|1"] == ["Drawer|1"]
    assert forced(session, "CloseObject", "Drawer|1")["lastActionSuccess"]
    np.testing.assert_allclose(session.world.objects["Spoon|1"].position, before, atol=1e-9)


def test_lamps_and_the_switch_change_the_light():
    session = session_of(thing("DeskLamp|1", (0.0, 0.0, 0.0)), thing("LightSwitch|1", (1.0, 1.2, 1.95), 180.0))
    dark = scene_lighting(session.world)
    assert forced(session, "ToggleObjectOn", "DeskLamp|1")["lastActionSuccess"]
    lamp = scene_lighting(session.world).points[-1]
    assert len(scene_lighting(session.world).points) == len(dark.points) + 1
    assert lamp.position[1] > 0.2
    assert forced(session, "ToggleObjectOff", "LightSwitch|1")["lastActionSuccess"]
    assert scene_lighting(session.world).points == (lamp,)
    assert max(scene_lighting(session.world).ambient) < max(dark.ambient)


def test_a_knob_switches_the_burner_on_its_side_and_that_cooks():
    burners = [thing(f"StoveBurner|{i}", (0.7 * i, 0.0, 0.0)) for i in range(2)]
    knobs = [thing(f"StoveKnob|{i}", (0.7 * i, 0.5, 0.35)) for i in range(2)]
    top = burners[1].position[1] + max(s.height for s in burners[1].model.surfaces)
    session = session_of(*burners, *knobs, thing("PotatoSliced|1", (0.7, top, 0.0)))
    assert record(step(session, "Pass"), "StoveKnob|1")["controlledObjects"] == ["StoveBurner|1"]
    reply = forced(session, "ToggleObjectOn", "StoveKnob|1")
    assert [session.world.objects[f"StoveBurner|{i}"].state.toggled for i in range(2)] == [False, True]
    slice_ = record(reply, "PotatoSliced|1")
    assert (slice_["isCooked"], slice_["temperature"]) == (True, "Hot")
    assert record(forced(session, "ToggleObjectOff", "StoveKnob|1"), "PotatoSliced|1")["temperature"] == "RoomTemp"


def test_slices_take_the_place_of_bread():
    session = session_of(block("DiningTable|1", (1.0, 0.7, 1.0), (0.0, 0.35, 0.0)), thing("Bread|1", (0.0, 0.7, 0.0)))
    reply = forced(session, "SliceObject", "Bread|1")
    slices = [o for o in reply["objects"] if o["objectType"] == "BreadSliced"]
    assert [o["objectId"] for o in slices] == [f"Bread|1|BreadSliced_{i}" for i in range(5)]
    assert record(reply, "Bread|1")["isSliced"]
    assert {tuple(o["parentReceptacles"]) for o in slices} == {("DiningTable|1",)}
    assert "nothing left to act on" in forced(session, "SliceObject", "Bread|1")["errorMessage"]


def test_a_slice_that_would_enter_its_neighbour_lies_beside():
    lettuce = thing("Lettuce|1", (0.0, 0.0, 0.0))
    wall = block("Box|1", (0.3, 0.3, 0.3), (lettuce.boxes.high[0, 0] + 0.15, 0.15, 0.0))
    session = session_of(lettuce, wall)
    assert session.physics.collisions(wall.boxes, {"Box|1"}) == []
    assert forced(session, "SliceObject", "Lettuce|1")["lastActionSuccess"]
    assert session.physics.collisions(wall.boxes, {"Box|1"}) == []


def test_a_broken_egg_runs_out_and_what_stands_on_a_broken_thing_stays_up():
    session = session_of(thing("Egg|1", (0.0, 0.0, 0.0)), thing("Vase|1", (1.0, 0.0, 0.0)))
    reply = forced(session, "BreakObject", "Egg|1")
    assert record(reply, "Egg|1")["isBroken"]
    assert record(reply, "Egg|1|EggCracked_0")["axisAlignedBoundingBox"]["center"]["y"] < 0.05
    assert record(forced(session, "BreakObject", "Vase|1"), "Vase|1")["isBroken"]
    forced(session, "TeleportObject", "Vase|1", x=1, y=0.5, z=1, makeUnbreakable=True)
    assert not record(step(session, "Pass"), "Vase|1")["breakable"]


@pytest.mark.parametrize(
    ("name", "action", "arguments", "text"),
    [
        ("Mug", "OpenObject", {}, "Mug|1 is not an Openable object"),
        ("Fridge", "OpenObject", {"openness": 1.5}, "openness must be in [0:1], not 1.5"),
        ("Fridge", "OpenObject", {"moveMagnitude": -0.5}, "openness must be in [0:1], not -0.5"),
        ("Mug", "ToggleObjectOn", {}, "Mug|1 is not a Toggleable object"),
        ("Candle", "ToggleObjectOff", {}, "can't toggle object off if it's already off!"),
        ("Mug", "SliceObject", {}, "Mug|1 Does not have the CanBeSliced property!"),
        ("Apple", "BreakObject", {}, "Apple|1 does not have the CanBreak property!!"),
        ("Mug", "CookObject", {}, "Mug|1 does not have the CanBeCooked property!"),
        ("Mug", "CleanObject", {}, "Mug|1 is already clean!"),
        ("Mug", "UseUpObject", {}, "Mug|1 does not have the CanBeUsedUp property!"),
        ("Mug", "EmptyLiquidFromObject", {}, "Mug|1 is already empty!"),
        (
            "Mug",
            "FillObjectWithLiquid",
            {"fillLiquid": "tea"},
            "Unknown fillLiquid 'tea'; allowed: water, coffee, wine",
        ),
        ("Apple", "FillObjectWithLiquid", {"fillLiquid": "wine"}, "Apple|1 does not have the CanBeFilled property!"),
        ("Mug", "SetObjectStates", {"SetObjectStates": {}}, "SetObjectStates needs either objectType or stateChange"),
        (
            "Mug",
            "SetObjectStates",
            {"SetObjectStates": {"stateChange": "loud"}},
            "Unknown stateChange 'loud'; allowed: toggleable, openable, breakable",
        ),
        (
            "Mug",
            "SetObjectStates",
            {"SetObjectStates": {"stateChange": "dirtyable"}},
            "SetObjectStates needs true or false for isDirty",
        ),
    ],
)
def test_a_wrong_change_says_why(name, action, arguments, text):
    session = session_of(thing(f"{name}|1", (0.0, 0.0, 0.0)))
    target = {} if action == "SetObjectStates" else {"objectId": f"{name}|1", "forceAction": True}
    assert text in step(session, action, **target, **arguments)["errorMessage"]


def test_a_change_is_not_made_twice():
    session = session_of(thing("Mug|1", (0.0, 0.0, 0.0)), thing("Egg|1", (1.0, 0.0, 0.0)))
    for action, arguments, text in (
        ("FillObjectWithLiquid", {"fillLiquid": "coffee"}, "Mug|1 is already Filled!"),
        ("DirtyObject", {}, "Mug|1 is already dirty!"),
        ("BreakObject", {}, "Mug|1 is already broken!"),
    ):
        assert forced(session, action, "Mug|1", **arguments)["lastActionSuccess"]
        assert forced(session, action, "Mug|1", **arguments)["errorMessage"] == text
    mug = record(step(session, "Pass"), "Mug|1")
    assert (mug["isDirty"], mug["isBroken"], mug["isFilledWithLiquid"], mug["fillLiquid"]) == (True, True, False, None)


def test_an_object_out_of_sight_is_left_alone():
    session = session_of(thing("Mug|1", (1.5, 0.0, 1.5)))
    message = step(session, "DirtyObject", objectId="Mug|1")["errorMessage"]
    assert message == "Target object not found within the specified visibility."
    assert (
        "x and y must both be in [0:1], not (x=1.5, y=0.5)"
        in step(session, "DirtyObject", x=1.5, y=0.5)["errorMessage"]
    )


def test_states_of_many_objects_at_once():
    names = ("Mug|1", "Plate|1", "Bowl|1")
    session = session_of(*(thing(name, (0.5 * i, 0.0, 0.0)) for i, name in enumerate(names)))

    def dirty():
        return [session.world.objects[name].state.dirty for name in names]

    assert step(session, "SetObjectStates", SetObjectStates={"objectType": "Plate", "isDirty": True})[
        "lastActionSuccess"
    ]
    assert dirty() == [False, True, False]
    step(session, "SetObjectStates", SetObjectStates={"stateChange": "dirtyable", "isDirty": True})
    assert dirty() == [True, True, True]
    step(session, "SetObjectStates", SetObjectStates={"stateChange": "dirtyable", "isDirty": False})
    assert dirty() == [False, False, False]
    step(session, "SetObjectStates", SetObjectStates={"stateChange": "breakable", "isBroken": True})
    reply = step(session, "SetObjectStates", SetObjectStates={"stateChange": "breakable", "isBroken": False})
    assert "broken already, which cannot be undone" in reply["errorMessage"]

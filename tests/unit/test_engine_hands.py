import math

import numpy as np
import pytest
from engine_factory import block, session_of, thing

from rls3.engine.protocol.server import handle
from rls3.engine.world.agents import Agent

TABLE = ("DiningTable|1", (1.0, 0.7, 1.0), (0.0, 0.35, 1.0))
MUG = ("Mug|1", (0.1, 0.1, 0.1), (1.0, 0.05, 0.0))


def step(session, action, **arguments):
    return handle(session, {"action": action, "sequenceId": 1, "renderImage": False, **arguments}).body["agents"][0]


def holding(*objects, held="Mug|1"):
    """A session whose agent stands in the middle, looks along +z and has picked an object up."""
    session = session_of(*objects)
    session.world.agents = [Agent((0.0, 0.901, 0.0))]
    reply = step(session, "PickupObject", objectId=held, forceAction=True)
    assert reply["lastActionSuccess"], reply["errorMessage"]
    return session


def test_what_is_picked_up_is_in_the_hand_and_goes_with_the_agent():
    session = holding(block(*MUG))
    reply = step(session, "RotateRight")
    assert reply["inventoryObjects"] == [{"objectId": "Mug|1", "objectType": "Mug"}]
    mug = next(o for o in reply["objects"] if o["objectId"] == "Mug|1")
    assert mug["isPickedUp"]
    assert mug["parentReceptacles"] is None
    assert mug["position"] == pytest.approx({"x": 0.38, "y": 0.901 + 0.675 - 0.16, "z": 0.0})
    assert reply["heldObjectPose"]["position"] == pytest.approx(mug["position"])
    reply = step(session, "DropHandObject")
    assert reply["inventoryObjects"] == []
    assert session.world.objects["Mug|1"].bottom == pytest.approx(0.0, abs=1e-6)
    assert session.world.objects["Mug|1"].position[0] == pytest.approx(0.38)


def test_a_plate_is_picked_up_put_down_and_dropped_with_what_lies_on_it():
    plate, apple = (
        block("Plate|1", (0.2, 0.02, 0.2), (1.0, 0.01, 0.0)),
        block("Apple|1", (0.08,) * 3, (1.05, 0.06, 0.0)),
    )
    session = holding(plate, apple, block(*TABLE), held="Plate|1")
    objects = session.world.objects
    assert [objects[k].state.held_by for k in ("Plate|1", "Apple|1")] == [0, 0]
    assert step(session, "LookDown")["lastActionSuccess"]
    assert step(session, "PutObject", objectId="DiningTable|1", forceAction=True)["lastActionSuccess"]
    offset = np.subtract(session.world.objects["Apple|1"].position, session.world.objects["Plate|1"].position)
    np.testing.assert_allclose(offset, (0.05, 0.05, 0.0), atol=1e-6)
    assert session.containment.parents["Plate|1"] == ["DiningTable|1"]
    assert session.world.objects["Plate|1"].position[2] < 0.75  # on the agent's side of the table
    assert session.world.agents[0].hand.holds is None


def test_a_held_thing_keeps_the_agent_from_turning_into_a_wall():
    session = session_of(block("Pan|1", (0.2, 0.2, 0.6), (0.0, 0.1, 0.0)))
    session.world.agents = [Agent((1.75, 0.901, 0.0))]
    assert step(session, "PickupObject", objectId="Pan|1", forceAction=True)["lastActionSuccess"]
    reply = step(session, "RotateRight")
    assert "Pan|1 will collide with something: Wall_1 is in the way" in reply["errorMessage"]
    assert reply["agent"]["rotation"]["y"] == 0.0


def test_the_hand_is_drawn_back_where_there_is_no_room():
    session = session_of(block(*MUG))
    session.world.agents = [Agent((0.0, 0.901, 1.65))]
    reply = step(session, "PickupObject", objectId="Mug|1", forceAction=True)
    assert reply["heldObjectPose"]["localPosition"]["z"] == pytest.approx(0.3)


def test_the_hand_moves_and_turns():
    session = holding(block(*MUG))
    before = np.array(session.world.agents[0].hand.position)
    step(session, "MoveHeldObject", ahead=0.1, right=0.05, up=-0.1)
    step(session, "MoveHeldObjectUp", moveMagnitude=0.02)
    pose = step(session, "MoveHeldObjectLeft", moveMagnitude=0.05)["heldObjectPose"]["localPosition"]
    np.testing.assert_allclose([pose[k] for k in "xyz"], before + np.array((0.0, -0.08, 0.1)), atol=1e-9)
    turned = step(session, "RotateHeldObject", roll=90)["heldObjectPose"]["localRotation"]
    assert turned == pytest.approx({"x": 0, "y": 0, "z": 270})
    turned = step(session, "RotateHeldObject", rotation={"x": 90, "y": 180, "z": 0})["heldObjectPose"]["localRotation"]
    assert turned == pytest.approx({"x": 90, "y": 180, "z": 0})


def test_a_thrown_thing_flies_ahead_and_comes_to_rest():
    session = holding(block(*MUG))
    assert step(session, "ThrowObject", moveMagnitude=20)["lastActionSuccess"]
    thrown = session.world.objects["Mug|1"]
    assert thrown.position[2] > 0.9
    assert abs(thrown.position[0]) < 1e-6
    assert thrown.bottom == pytest.approx(0.0, abs=1e-6)


def test_what_falls_on_an_edge_comes_to_rest_beside_it():
    session = holding(block(*MUG), block("Box|1", (0.4, 0.3, 0.4), (0.21, 0.15, 0.38)))
    assert step(session, "DropHandObject")["lastActionSuccess"]
    x, y, z = session.world.objects["Mug|1"].position
    assert math.hypot(x, z - 0.38) <= 0.16
    assert round(y - 0.05, 4) in (0.0, 0.3)


@pytest.mark.parametrize(
    ("action", "arguments", "text"),
    [
        ("PickupObject", {"objectId": "Box|1", "forceAction": True}, "Agent hand has something in it already!"),
        ("PutObject", {"objectId": "Vase|1", "forceAction": True}, "This target object is NOT a receptacle! Vase|1"),
        ("PutObject", {"objectId": "Mug|1", "forceAction": True}, "Mug|1 is itself in the agent's hand"),
        ("PutObject", {"objectId": "Bowl|1", "forceAction": True}, "No valid positions to place object found"),
        ("MoveHeldObject", {"ahead": 2.0}, "farther than 1.5 metres from the camera"),
        ("MoveHeldObject", {"up": 1.06}, "Mug|1 will collide with something: Ceiling is in the way"),
        ("RotateHeldObject", {}, "RotateHeldObject needs either rotation, or some of pitch, yaw and roll"),
        ("ThrowObject", {"moveMagnitude": -1}, "moveMagnitude must not be below 0 newtons, got -1"),
        ("SliceObject", {"objectId": "Mug|1", "forceAction": True}, "does not have the CanBeSliced"),
        ("PlaceObjectAtPoint", {"objectId": "Mug|1", "position": {"x": 0, "y": 1, "z": 1}}, "put it down first"),
    ],
)
def test_a_full_hand_cannot_do_everything(action, arguments, text):
    session = holding(
        block(*MUG),
        block("Box|1", (0.2, 0.2, 0.2), (1.0, 0.1, 1.0)),
        block("Vase|1", (0.1, 0.3, 0.1), (-1.0, 0.15, 1.0)),
        block("Bowl|1", (0.05, 2.45, 0.05), (-1.0, 1.225, 0.0)),
    )
    assert text.lower() in step(session, action, **arguments)["errorMessage"].lower()
    assert session.world.agents[0].hand.holds == "Mug|1"


@pytest.mark.parametrize(
    ("action", "arguments", "text"),
    [
        ("DropHandObject", {}, "nothing in hand to drop!"),
        ("DropHeldObject", {}, "nothing in hand to drop!"),
        ("ThrowObject", {}, "Nothing in Hand to Throw!"),
        ("PutObject", {"objectId": "DiningTable|1"}, "Can't place an object if Agent isn't holding anything"),
        ("MoveHeldObject", {"ahead": 0.1}, "Can't move an object if Agent isn't holding anything"),
        ("RotateHeldObject", {"yaw": 90}, "Can't rotate an object if Agent isn't holding anything"),
        (
            "PickupObject",
            {"objectId": "DiningTable|1", "forceAction": True},
            "DiningTable|1 must have the property CanPickup to be picked up.",
        ),
    ],
)
def test_an_empty_hand_has_nothing_to_move(action, arguments, text):
    assert step(session_of(block(*TABLE)), action, **arguments)["errorMessage"] == text


def test_a_closed_drawer_takes_nothing():
    session = holding(block(*MUG), thing("Drawer|1", (0.0, 0.3, 1.0)))
    message = step(session, "PutObject", objectId="Drawer|1", forceAction=True)["errorMessage"]
    assert message == "Target Drawer|1 is CLOSED, can't place object inside; open it first"


def test_an_object_leaves_the_hand_with_the_scene_or_by_teleport_only_when_told():
    session = holding(block(*MUG))
    where = {"objectId": "Mug|1", "position": {"x": 1, "y": 0.5, "z": 1}}
    assert "put it down first" in step(session, "TeleportObject", **where)["errorMessage"]
    assert step(session, "TeleportObject", **where, allowTeleportOutOfHand=True)["inventoryObjects"] == []
    assert step(session, "PickupObject", objectId="Mug|1", forceAction=True)["inventoryObjects"]
    assert step(session, "RemoveFromScene", objectId="Mug|1")["inventoryObjects"] == []


def test_a_hand_is_empty_when_its_scene_is_gone():
    session = holding(block(*MUG))
    assert step(session, "DestroyHouse")["inventoryObjects"] == []

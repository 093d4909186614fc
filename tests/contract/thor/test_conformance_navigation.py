"""Turning, looking, walking and teleporting."""

from __future__ import annotations

import math

import pytest

from tests.contract.thor.client import AT_BASE, BASE, SCENE, agent, close, the


def test_looking_down_stops_at_sixty_degrees(either):
    before = agent(either.step("RotateLook", rotation=0, horizon=0))
    assert before["cameraHorizon"] == 0
    for horizon in (30, 60, 60):
        after = agent(either.step("LookDown"))
        assert round(after["cameraHorizon"]) == horizon
        assert (after["position"], after["rotation"]) == (before["position"], {"x": 0, "y": 0, "z": 0})


def test_looking_up_stops_at_thirty_degrees(either):
    before = agent(either.step("RotateLook", rotation=0, horizon=0))
    for _ in range(2):
        after = agent(either.step("LookUp"))
        assert after["cameraHorizon"] == pytest.approx(-30)
        assert (after["position"], after["rotation"]) == (before["position"], {"x": 0, "y": 0, "z": 0})


@pytest.mark.parametrize(("action", "yaw"), [("RotateLeft", 270), ("RotateRight", 90)])
def test_a_turn_changes_the_yaw_only(either, action, yaw):
    before = agent(either.step("RotateLook", rotation=0, horizon=0))
    after = agent(either.step(action))
    assert after == {**before, "rotation": {"x": 0, "y": pytest.approx(yaw), "z": 0}}


def test_rotate_look_sets_both_angles(either):
    before = agent(either.step("RotateLook", rotation=0, horizon=0))
    after = agent(either.step("RotateLook", rotation=90, horizon=31))
    assert after["position"] == before["position"]
    assert round(after["cameraHorizon"]) == 31
    assert after["rotation"] == {"x": 0, "y": pytest.approx(90), "z": 0}


@pytest.mark.parametrize(
    ("action", "arguments", "x", "z"),
    [
        ("MoveAhead", {}, -1.5, -1.25),
        ("MoveBack", {}, -1.5, -1.75),
        ("MoveLeft", {}, -1.75, -1.5),
        ("MoveRight", {}, -1.25, -1.5),
        ("MoveAhead", {"moveMagnitude": 0.5}, -1.5, -1.0),
    ],
)
def test_a_move_goes_one_way(either, action, arguments, x, z):
    either.step("TeleportFull", **AT_BASE, raise_for_failure=True)
    event = either.step(action, **arguments, raise_for_failure=True)
    assert close(agent(event)["position"], {"x": x, "y": 0.901, "z": z})


def test_a_move_through_a_wall_fails(either):
    either.step("TeleportFull", **AT_BASE, raise_for_failure=True)
    event = either.step("MoveAhead", moveMagnitude=5.0)
    assert not event
    assert "is blocking Agent 0 from moving by" in event.metadata["errorMessage"]
    assert close(agent(event)["position"], BASE)


def test_a_teleport_settles_on_the_floor(either):
    for x, z in ((-1.5, -1.5), (-2.0, -2.5)):
        event = either.step("TeleportFull", **{**AT_BASE, "x": x, "y": 0.95, "z": z}, raise_for_failure=True)
        assert close(agent(event)["position"], {"x": x, "y": 0.901, "z": z})


@pytest.mark.parametrize(
    ("change", "text"),
    [({"y": 1.0}, "y component"), ({"z": -3.5}, "Collided with"), ({"z": 0}, "Collided with")],
    ids=["too high", "into an object", "into a wall"],
)
def test_a_teleport_to_a_bad_place_changes_nothing(either, change, text):
    before = agent(either.last_event)
    event = either.step("Teleport", **{**AT_BASE, **change})
    assert not event
    assert text in event.metadata["errorMessage"]
    assert agent(event) == before


@pytest.mark.parametrize("action", ["Teleport", "TeleportFull"])
def test_a_teleport_out_of_the_scene_fails(thor, action):
    rotation = {"x": 0, "y": 90, "z": 0}
    where = {"position": {"x": 2000, "y": 0, "z": 9000}, "rotation": rotation, "horizon": 30, "standing": True}
    with pytest.raises(RuntimeError, match="out of scene bounds"):
        thor.step(action, **where, raise_for_failure=True)


def test_a_teleport_keeps_what_is_not_given(thor):
    before = agent(thor.last_event)
    after = agent(thor.step("Teleport", horizon=10))
    assert after["cameraHorizon"] == pytest.approx(10, abs=0.01)
    assert close(after["position"], before["position"])
    assert close(after["rotation"], before["rotation"])
    assert after["isStanding"] is before["isStanding"] is True


@pytest.mark.parametrize("mode", ["locobot", "drone"])
def test_agents_without_knees_teleport_without_standing(thor, mode):
    event = thor.reset(agentMode=mode)
    assert agent(event)["isStanding"] is None
    where = {"position": {"x": -1.5, "y": 0.9, "z": -1.5}, "rotation": {"x": 0, "y": 90, "z": 0}, "horizon": 30}
    for action in ("Teleport", "TeleportFull"):
        assert thor.step(action, **where), thor.last_event.metadata["errorMessage"]
        with pytest.raises(ValueError, match="standing"):
            thor.step(action, **where, standing=True)
    before = agent(thor.step("Teleport", **where))
    after = agent(thor.step("Teleport", horizon=10))
    assert after["cameraHorizon"] == pytest.approx(10, abs=0.01)
    assert close(after["position"], before["position"])
    assert close(after["rotation"], before["rotation"])


def test_reachable_positions_have_an_alias_for_one_event(either):
    event = either.step("GetReachablePositions")
    with pytest.warns(UserWarning, match="reachablePositions"):
        positions = event.metadata["reachablePositions"]
    assert positions == event.metadata["actionReturn"]
    assert isinstance(positions, list)
    assert positions
    assert "reachablePositions" not in event.metadata.keys()  # noqa: SIM118 - `in metadata` is overloaded
    with pytest.raises(IndexError, match="reachablePositions"):
        either.step("Pass").metadata["reachablePositions"]


def test_the_grid_of_reachable_positions_may_turn_with_the_agent(thor):
    aligned = thor.step("GetReachablePositions").metadata["actionReturn"]
    thor.step("Teleport", position={"x": -1.0, "y": 0.901, "z": -1.25}, rotation={"x": 0, "y": 49.1, "z": 0})
    assert len(thor.step("GetReachablePositions").metadata["actionReturn"]) == len(aligned)
    turned = thor.step("GetReachablePositions", directionsRelativeAgent=True).metadata["actionReturn"]
    sine, cosine = math.sin(math.radians(49.1)), math.cos(math.radians(49.1))
    for point in turned:
        dx, dz = point["x"] + 1.0, point["z"] + 1.25
        ahead, right = dx * sine + dz * cosine, dx * cosine - dz * sine
        assert (4 * ahead, 4 * right) == pytest.approx((round(4 * ahead), round(4 * right)), abs=0.01)
    assert len(turned) > 50


def test_interactable_poses_show_the_object(thor):
    fridge = the(thor.last_event, "Fridge")["objectId"]
    poses = thor.step("GetInteractablePoses", objectId=fridge).metadata["actionReturn"]
    assert len(poses) > 100
    for pose in poses[:: len(poses) // 8]:
        event = thor.step("TeleportFull", **pose, raise_for_failure=True)
        assert event.get_object(fridge)["visible"]
        found = agent(event)
        assert found["position"]["x"] == pytest.approx(pose["x"], abs=1e-3)
        assert found["rotation"]["y"] == pytest.approx(pose["rotation"], abs=1e-3)
        assert found["cameraHorizon"] == pytest.approx(pose["horizon"], abs=1e-3)
        assert found["isStanding"] == pose["standing"]


def test_interactable_poses_keep_to_what_is_asked(thor):
    event = thor.last_event
    fridge = the(event, "Fridge")["objectId"]

    def poses(object_id=fridge, **arguments):
        return thor.step("GetInteractablePoses", objectId=object_id, **arguments).metadata["actionReturn"]

    one_way = {"rotations": [90], "horizons": [0], "standings": [True]}
    near = poses(**one_way)
    assert len(poses(**one_way, maxPoses=5)) == 5
    assert len(poses(**one_way, maxDistance=5)) > len(near) > 5
    assert {(p["rotation"], p["horizon"], p["standing"]) for p in near} == {(90, 0, True)}
    turned_away = poses(**{**one_way, "rotations": [270]})
    assert [p for p in turned_away if p["x"] < -1.0] == []
    assert poses(the(event, "Potato")["objectId"], **one_way) == []  # it is in the fridge


@pytest.mark.parametrize("action", ["MoveAgent", "MoveRight"])
def test_an_agent_with_an_arm_moves(thor, action):
    event = thor.reset(SCENE, agentMode="arm", gridSize=0.25)
    start, yaw = agent(event)["position"], agent(event)["rotation"]["y"]
    assert (close(start, BASE), yaw) == (True, pytest.approx(180))
    if action == "MoveAgent":
        moved = thor.step("MoveAgent", ahead=0.25, right=0.15)
        assert close(agent(moved)["position"], {"x": -1.65, "y": 0.901, "z": -1.75})
        back = thor.step("MoveAgent", ahead=-0.25, right=-0.15)
    else:
        assert close(agent(thor.step("MoveRight"))["position"], {"x": -1.75, "y": 0.901, "z": -1.5})
        back = thor.step("MoveLeft")
    assert close(agent(back)["position"], start)


def test_an_agent_with_an_arm_turns_by_any_angle(thor):
    thor.reset(SCENE, agentMode="arm", rotateStepDegrees=90)
    yaws = [
        agent(thor.step(name, **arguments))["rotation"]["y"]
        for name, arguments in (
            ("RotateAgent", {"degrees": 60}),
            ("RotateRight", {}),
            ("RotateLeft", {}),
            ("RotateRight", {"degrees": 60}),
            ("RotateLeft", {"degrees": 60}),
        )
    ]
    assert yaws == pytest.approx([240, 330, 240, 300, 240])

import pytest
from engine_factory import block, empty_room, session_of

from rls3.engine.actions.registry import ACTIONS, PartialVector, action
from rls3.engine.errors import RequestError
from rls3.engine.protocol.server import handle
from rls3.engine.protocol.transport import Field
from rls3.engine.session import Session


def step(session, action_name, **arguments):
    return handle(session, {"action": action_name, "sequenceId": 7, **arguments}).body["agents"][0]


@pytest.mark.parametrize(
    ("message", "code", "text"),
    [
        ({"action": "Jump"}, "InvalidAction", "Invalid action: Jump"),
        ({"action": None}, "InvalidAction", "Invalid action: None"),
        ({"action": "OpenObject"}, "MissingArguments", "missing the following arguments: objectId, or x and y"),
        (
            {"action": "Pass", "speed": 1},
            "InvalidArgument",
            'Action: "Pass" called with invalid argument: .speed.\n\tExpected arguments: \n\tYour arguments: .speed.',
        ),
        (
            {"action": "ChangeResolution", "x": "wide", "y": 3},
            "InvalidArgument",
            r"ChangeResolution has an invalid argument: x \(==wide\). Cannot convert to: int",
        ),
        (
            {
                "action": "AddThirdPartyCamera",
                "position": {"x": 0, "y": 1, "z": 0},
                "rotation": {},
                "orthographicSize": {},
            },
            "InvalidArgument",
            r"orthographicSize \(=={}\). Cannot convert to: float",
        ),
        (
            {"action": "AddThirdPartyCamera", "position": 5, "rotation": {}},
            None,
            "Error converting value 5 to type .UnityEngine.Vector3",
        ),
        ({"action": "PlaceObjectAtPoint", "objectId": "Vase|1"}, "MissingArguments", "PlaceObjectAtPoint .* position"),
        ({"action": "Pass", "agentId": 4}, None, "agentId must be a whole number from 0 to 0, got 4"),
        ({"action": "OpenObject", "objectId": "Vase|9"}, None, r"Cannot find object with id Vase\|9"),
    ],
)
def test_wrong_calls_have_ai2thors_error_codes(message, code, text):
    session = session_of(block("Vase|1", (0.2, 0.3, 0.2), (0.0, 0.15, 0.0)))
    reply = handle(session, {"sequenceId": 7, **message}).body
    agent = reply["agents"][0]
    assert (agent["lastActionSuccess"], agent["errorCode"], reply["sequenceId"]) == (False, code, 7)
    with pytest.raises(AssertionError, match=text):
        raise AssertionError(agent["errorMessage"])


def test_an_exception_in_an_action_is_reported_and_undone():
    session = session_of(block("Vase|1", (0.2, 0.3, 0.2), (0.0, 0.15, 0.0)))

    @action(name="TestBreaksHalfWay")
    def breaks(session):
        session.world.remove("Vase|1")
        raise KeyError("half way")

    try:
        reply = step(session, "TestBreaksHalfWay")
    finally:
        del ACTIONS["TestBreaksHalfWay"]
    assert reply["errorMessage"].startswith("KeyError: 'half way'. trace: ")
    assert reply["errorCode"] is None
    assert "Vase|1" in session.world.objects


def test_an_action_name_is_registered_once():
    with pytest.raises(ValueError, match="action Pass is registered twice"):
        action(name="Pass")(lambda session: None)


def test_null_means_not_given_and_whole_floats_are_integers():
    bound = ACTIONS["GetReachablePositions"].bind({"action": "x", "maxStepCount": 2.0, "gridSize": None})
    assert bound == {"max_step_count": 2}
    bound = ACTIONS["Teleport"].bind({"position": {"x": 1}, "rotation": 90})
    assert bound == {"position": PartialVector(x=1.0), "rotation": 90.0}


def test_queries_are_patches_only_when_fast_emit_is_on():
    session = session_of()
    assert handle(session, {"action": "GetSceneBounds", "sequenceId": 1}).kind == Field.METADATA
    step(session, "Initialize", renderImage=False)
    session.initialized = False  # pictures are not of interest here
    reply = handle(session, {"action": "GetSceneBounds", "sequenceId": 2})
    assert reply.kind == Field.METADATA_PATCH
    assert set(reply.body) == {
        "lastAction",
        "errorMessage",
        "errorCode",
        "lastActionSuccess",
        "agentId",
        "actionReturn",
    }
    step(session, "Initialize", renderImage=False, fastActionEmit=False)
    session.initialized = False
    assert handle(session, {"action": "GetSceneBounds", "sequenceId": 3}).kind == Field.METADATA


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"gridSize": 0}, r"grid size must be in the range \(0,5\]"),
        ({"fieldOfView": 180}, "fov must be set to"),
        ({"rotateStepDegrees": 45}, "Invalid values .rotateStepDegrees.: 45.0 and .snapToGrid."),
        (
            {"agentMode": "stretch"},
            "agentMode 'stretch' is not available in this engine; allowed: default, locobot, drone, arm",
        ),
        ({"renderFlowImage": True}, "renderFlowImage is not available in this engine"),
        ({"visibilityScheme": "Ray"}, "visibilityScheme 'Ray' is unknown; allowed: Collider, Distance"),
        ({"agentCount": 0}, "agentCount must be at least 1"),
    ],
)
def test_initialize_refuses_what_it_cannot_do(arguments, text):
    with pytest.raises(AssertionError, match=text):
        raise AssertionError(step(session_of(), "Initialize", **arguments)["errorMessage"])


@pytest.mark.parametrize(
    ("action_name", "arguments", "text"),
    [
        ("Initialize", {"visibilityDistance": -1}, "visibilityDistance must not be below 0 metres, got -1"),
        ("Initialize", {"rotateStepDegrees": 0}, "rotateStepDegrees must be a non-zero, non-negative float"),
        ("Initialize", {"agentCount": 500}, r"there is room for \d+ agents only: lower agentCount \(now 500\)"),
        ("Reset", {"sceneName": "FloorPlan0"}, "Scene 'FloorPlan0' is not in the build; GetScenesInBuild lists"),
        ("ChangeResolution", {"x": 0, "y": 9}, "the resolution must be within 1..4096 pixels a side, got 0 x 9"),
        ("SetRandomSeed", {"seed": -1}, "seed must not be below 0, got -1"),
        ("Teleport", {"rotation": {"x": 10}}, "No agents currently can change in pitch or roll"),
        ("RotateLeft", {"degrees": -5}, "degrees must be a positive number, got -5; use the opposite action"),
        ("LookUp", {"degrees": -5}, "LookUp and LookDown require a positive degree value. Invalid value used: -5"),
        ("Stand", {}, "Already Standing"),
        ("MoveAgent", {"ahead": 1}, "Invalid action: MoveAgent\nAn agent of agentMode 'default' has no arm for it"),
        ("MoveAhed", {}, "Invalid action: MoveAhed\nThe engine knows MoveAhead"),
        ("GetReachablePositions", {"gridSize": 6}, r"grid size must be in the range \(0,5\], got 6"),
        ("GetVisibleObjects", {"thirdPartyCameraIndex": 0}, "thirdPartyCameraIndex 0 must in 0 <= index < 0"),
        ("BBoxDistance", {"objectId0": "Floor|0", "objectId1": "Floor|0", "divisions": 1}, "divisions must be >= 2"),
        ("PerformRaycast", {"origin": {}, "destination": {}}, "origin and destination must differ"),
    ],
)
def test_what_cannot_be_done_says_why(action_name, arguments, text):
    record = step(session_of(), action_name, **arguments)
    with pytest.raises(AssertionError, match=text):
        raise AssertionError(record["errorMessage"])


def test_other_agents_have_what_they_need():
    session = session_of()
    step(session, "Initialize", agentMode="arm", renderImage=False)
    assert "Must specify ahead or right!" in step(session, "MoveAgent")["errorMessage"]
    assert step(session, "MoveAgent", right=0.3)["agent"]["position"]["x"] == pytest.approx(-1.45)
    step(session, "Initialize", agentMode="drone", renderImage=False)
    assert "has no knees for it" in step(session, "Crouch")["errorMessage"]
    up = step(session, "Teleport", position={"x": -1.5, "y": 1.8, "z": -1.5})
    assert up["agent"]["position"]["y"] == 1.8
    step(session, "Initialize", agentMode="default", renderImage=False)
    assert step(session, "Crouch")["cameraPosition"]["y"] == pytest.approx(0.901)
    assert "Already Crouching" in step(session, "Crouch")["errorMessage"]


def test_looking_too_far_has_a_code_of_its_own():
    session = session_of()
    assert step(session, "LookDown", degrees=61)["errorCode"] == "LookDownCantExceedMin"
    assert step(session, "LookUp", degrees=31)["errorCode"] == "LookUpCantExceedMax"


def test_numbers_that_are_none_are_refused():
    for value in (float("nan"), float("inf"), True, "1"):
        assert step(session_of(), "LookUp", degrees=value)["errorCode"] == "InvalidArgument"
    assert ACTIONS["Teleport"].bind({"forceAction": 1}) == {"force_action": True}


def test_a_device_that_is_not_there_is_named():
    session = Session(64, 64, device="cuda:99")
    session.world = empty_room()
    assert "render device 'cuda:99' is not available here" in step(session, "Initialize")["errorMessage"]
    assert "change the engine's --device" in step(session, "Initialize")["errorMessage"]


def test_a_request_needs_a_number():
    with pytest.raises(RequestError, match="sequenceId must be a whole number, got 'x'"):
        handle(session_of(), {"action": "Pass", "sequenceId": "x"})


def test_teleport_errors():
    session = session_of(block("DiningTable|1", (1.0, 0.7, 1.0), (0.0, 0.35, 0.0)))
    for arguments, text in (
        ({"position": {"x": 9.0, "y": 0.901, "z": 0.0}}, "out of scene bounds"),
        ({"position": {"x": 1.1, "y": 0.901, "z": 1.0}}, "not on the grid of size 0.25"),
        ({"position": {"x": 1.0, "y": 1.1, "z": 1.0}}, "too large a change"),
        ({"position": {"x": 0.5, "y": 0.901, "z": 0.5}}, "Collided with: DiningTable|1."),
        ({"horizon": 70}, "Each horizon must be in [-30:60]"),
    ):
        assert text in step(session, "Teleport", **arguments)["errorMessage"]
    reply = step(session, "Teleport", position={"x": 1.0, "y": 0.95, "z": 1.0}, rotation=-90, horizon=30)
    assert reply["lastActionSuccess"]
    assert reply["agent"]["position"] == {"x": 1.0, "y": 0.901, "z": 1.0}
    assert (reply["agent"]["rotation"]["y"], reply["agent"]["cameraHorizon"]) == (270.0, 30.0)
    assert step(session, "Teleport", horizon=0)["agent"]["position"]["x"] == 1.0
    assert step(session, "TeleportFull", position={"x": 1, "y": 0.9}, rotation=0, horizon=0, standing=True)[
        "errorCode"
    ] == ("MissingArguments")


def test_walking_stops_at_furniture_and_walls():
    session = session_of(block("DiningTable|1", (1.0, 0.7, 1.0), (0.0, 0.35, 0.0)))
    step(session, "Teleport", position={"x": 0.0, "y": 0.901, "z": -0.75})
    reply = step(session, "MoveAhead")
    assert "DiningTable|1 is blocking Agent 0 from moving by (0.0000, 0.0000, 0.2500)" in reply["errorMessage"]
    assert step(session, "MoveBack", moveMagnitude=0.75)["lastActionSuccess"]
    assert "Wall_0 is blocking" in step(session, "MoveBack", moveMagnitude=0.5)["errorMessage"]
    assert step(session, "MoveRight")["agent"]["position"]["x"] == 0.25
    assert step(session, "RotateLeft")["agent"]["rotation"]["y"] == 270.0
    assert "can't look down beyond 60 degrees" in step(session, "LookDown", degrees=61)["errorMessage"]


def test_reachable_positions_are_the_free_part_of_the_grid():
    session = session_of(block("Bed|1", (3.99, 0.5, 0.5), (0.0, 0.25, 0.0)))
    points = step(session, "GetReachablePositions")["actionReturn"]
    # The bed parts the room: 15 x 7 points on the agent's side, those within 0.2 m of wall and bed left out.
    assert {p["z"] for p in points} == {-1.75, -1.5, -1.25, -1.0, -0.75, -0.5}
    assert len(points) == 15 * 6
    assert "Too many steps" in step(session, "GetReachablePositions", maxStepCount=1)["errorMessage"]


def test_camera_checks():
    session = session_of()
    where = {"position": {"x": 0, "y": 1, "z": 0}, "rotation": {"x": 0, "y": 0, "z": 0}}
    for fov in (-1, 0, 181):
        assert "fov must be set to" in step(session, "AddThirdPartyCamera", **where, fieldOfView=fov)["errorMessage"]
    reply = step(session, "AddThirdPartyCamera", **where, orthographicSize=2)
    assert "orthographicSize(: 2) can only be set when orthographic=True" in reply["errorMessage"]
    for refused in (
        {"orthographic": True, "orthographicSize": 0},
        {"nearClippingPlane": 1},
        {"antiAliasing": "msaa"},
        {"skyboxColor": "sky"},
        {"farClippingPlane": 0},
    ):
        assert list(refused)[-1] in step(session, "AddThirdPartyCamera", **where, **refused)["errorMessage"]
    assert session.world.cameras == []
    assert "must in 0 <=" in step(session, "UpdateThirdPartyCamera")["errorMessage"]
    assert step(session, "AddThirdPartyCamera", **where)["thirdPartyCameras"][0]["fieldOfView"] == 90.0
    reply = step(session, "UpdateThirdPartyCamera", position={"y": 2.0}, fieldOfView=45)
    assert reply["thirdPartyCameras"][0] == {
        "thirdPartyCameraId": 0,
        "position": {"x": 0.0, "y": 2.0, "z": 0.0},
        "rotation": {"x": 0.0, "y": 0.0, "z": 0.0},
        "fieldOfView": 45.0,
    }


def test_states_and_filters():
    session = session_of(
        block("Fridge|1", (0.8, 1.8, 0.7), (1.0, 0.9, 1.0)), block("DeskLamp|1", (0.2, 0.4, 0.2), (0.0, 0.2, 0.0))
    )
    for openness in (1.5, -0.5):
        assert (
            "openness"
            in step(session, "OpenObject", objectId="Fridge|1", forceAction=True, openness=openness)["errorMessage"]
        )
    step(session, "OpenObject", objectId="Fridge|1", forceAction=True, openness=0.5)
    step(session, "ToggleObjectOn", objectId="DeskLamp|1", forceAction=True)
    objects = {o["objectId"]: o for o in step(session, "Pass")["objects"]}
    assert (objects["Fridge|1"]["isOpen"], objects["Fridge|1"]["openness"]) == (True, 0.5)
    assert objects["DeskLamp|1"]["isToggled"]
    assert "not an Openable" in step(session, "OpenObject", objectId="DeskLamp|1", forceAction=True)["errorMessage"]
    assert [o["objectId"] for o in step(session, "SetObjectFilter", objectIds=["Fridge|1"])["objects"]] == ["Fridge|1"]
    assert len(step(session, "ResetObjectFilter")["objects"]) == 3

"""The real ai2thor Controller starts and drives the engine."""

import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("ai2thor")
from ai2thor.controller import Controller

FIXTURES = Path(os.environ.get("RLS3_FIXTURES", Path(__file__).parents[2] / "../shared/data"))
HOUSE = FIXTURES / "procthor/two-room/house_100.json"
ENGINE = f"{sys.executable} -m rls3.engine.launcher"


def start(scene="FloorPlan1", engine=ENGINE, **arguments):
    options = {"renderDepthImage": True, "renderInstanceSegmentation": True, "server_timeout": 120, **arguments}
    return Controller(local_executable_path=engine, x_display=":0", scene=scene, width=300, height=300, **options)


@pytest.fixture(scope="module")
def controller():
    started = start()
    yield started
    started.stop()


@pytest.fixture
def scene(controller):
    controller.reset("FloorPlan1", **controller.initialization_parameters)
    return controller


def poses(event):
    return [(o["objectId"], o["position"], o["rotation"], o["parentReceptacles"]) for o in event.metadata["objects"]]


def movable(event, on_floor=True):
    return [
        o
        for o in event.metadata["objects"]
        if (o["pickupable"] or o["moveable"]) and (not on_floor or "Floor" in str(o["parentReceptacles"]))
    ]


def test_a_scene_starts_turns_and_lists_where_one_can_go(scene):
    event = scene.last_event
    assert event.metadata["sceneName"] == "FloorPlan1_physics"
    assert event.metadata["engine"]["name"] == "rls3-engine"
    assert len(scene.step("GetReachablePositions").metadata["reachablePositions"]) >= 30
    assert len(scene.scenes_in_build) == 121
    before = event.metadata["agent"]["rotation"]["y"]
    turned = scene.step("RotateRight")
    assert turned.metadata["agent"]["rotation"]["y"] == (before + 90) % 360
    assert (turned.frame != event.frame).mean() > 0.2


def test_masks_boxes_and_classes_decode(scene):
    event = scene.last_event
    for object_id, mask in event.instance_masks.items():
        x0, y0, x1, y1 = event.instance_detections2D[object_id]
        rows, columns = np.nonzero(mask)
        assert (columns.min(), rows.min(), columns.max(), rows.max()) == (x0, y0, x1, y1)
    known = {o["objectId"]: o["objectType"] for o in event.metadata["objects"]}
    assert set(event.instance_masks) <= set(known)
    assert len(event.instance_masks) >= 5
    assert {"Wall", "Ceiling", "Floor"} & set(event.class_masks)
    visible = [o["objectId"] for o in event.metadata["objects"] if o["visible"]]
    assert set(visible) <= set(event.instance_masks)
    # Projection puts the middle of each wholly seen object into its mask's box.
    camera = event.metadata["cameraPosition"]
    yaw = np.radians(event.metadata["agent"]["rotation"]["y"])
    checked = 0
    for o in event.metadata["objects"]:
        center = o["axisAlignedBoundingBox"]["center"]
        dx, dy, dz = (center[k] - camera[k] for k in "xyz")
        ahead = dx * np.sin(yaw) + dz * np.cos(yaw)
        box = event.instance_detections2D.get(o["objectId"]) if o["objectId"] in event.instance_masks else None
        if box is None or ahead < 0.5 or box[0] == 0 or box[1] == 0 or box[2] == 299 or box[3] == 299:
            continue
        u = 150 + 150 * (dx * np.cos(yaw) - dz * np.sin(yaw)) / ahead
        v = 150 - 150 * dy / ahead
        assert box[0] - 25 < u < box[2] + 25, o["objectId"]
        assert box[1] - 40 < v < box[3] + 40, o["objectId"]
        checked += 1
    assert checked >= 3


def test_depth_is_the_distance_along_the_axis(scene):
    scene.step("SetObjectPoses", objectPoses=[])  # nothing movable is left in the way
    agent = scene.last_event.metadata["agent"]
    bounds = scene.last_event.metadata["sceneBounds"]
    for yaw, axis, sign in ((0, "z", 1), (90, "x", 1), (180, "z", -1), (270, "x", -1)):
        scene.step("Teleport", rotation=yaw, horizon=-30)
        event = scene.step("Teleport", rotation=yaw, horizon=0)
        wall = bounds["center"][axis] + sign * (bounds["size"][axis] / 2 - 0.1)  # walls are 0.1 m thick
        expected = abs(wall - agent["position"][axis])
        middle = event.depth_frame[150, 150]
        hit = [k for k, m in event.class_masks.items() if m[150, 150]]
        if hit == ["Wall"]:
            assert middle == pytest.approx(expected, abs=0.01)
            return
    pytest.fail("no wall is seen straight ahead in any direction")


def test_a_third_party_camera_sees_what_the_agent_sees(scene):
    agent = scene.last_event.metadata["agent"]
    event = scene.step(
        "AddThirdPartyCamera",
        position=scene.last_event.metadata["cameraPosition"],
        rotation={"x": agent["cameraHorizon"], "y": agent["rotation"]["y"], "z": 0},
        fieldOfView=90,
    )
    assert (event.third_party_camera_frames[0] == event.frame).all()
    assert (event.third_party_depth_frames[0] == event.depth_frame).all()
    assert set(event.third_party_instance_masks[0]) == set(event.instance_masks)


def test_a_map_view_sees_the_furniture_from_above(scene):
    properties = scene.step("GetMapViewCameraProperties").metadata["actionReturn"]
    event = scene.step("AddThirdPartyCamera", **properties)
    assert event, event.metadata["errorMessage"]
    seen = set(event.third_party_instance_masks[0])
    standing = [o["objectId"] for o in event.metadata["objects"] if o["objectType"] in ("Fridge", "CounterTop", "Sink")]
    assert set(standing) <= seen


def test_placing_moves_exactly_one_object_and_a_refusal_none(scene):
    small, other = [o for o in movable(scene.last_event, on_floor=False) if o["pickupable"]][:2]
    before = poses(scene.last_event)
    event = scene.step("PlaceObjectAtPoint", objectId=small["objectId"], position=other["position"])
    assert not event
    assert other["objectId"] in event.metadata["errorMessage"]
    assert poses(event) == before

    table = next(o for o in event.metadata["objects"] if o["objectType"] in ("DiningTable", "CounterTop"))
    spots = scene.step("GetSpawnCoordinatesAboveReceptacle", objectId=table["objectId"], anywhere=True)
    points = spots.metadata["actionReturn"]
    assert len(points) > 20
    event = scene.step("PlaceObjectAtPoint", objectId=small["objectId"], positions=points)
    assert event, event.metadata["errorMessage"]
    changed = [a[0] for a, b in zip(poses(event), before, strict=True) if a[:3] != b[:3]]
    assert changed == [small["objectId"]]
    assert event.get_object(small["objectId"])["parentReceptacles"] == [table["objectId"]]


def test_the_same_edits_give_the_same_bytes(scene):
    def run():
        scene.reset("FloorPlan210")
        thing = movable(scene.last_event)[0]["objectId"]
        for point in scene.step("GetReachablePositions").metadata["actionReturn"]:
            if scene.step("PlaceObjectAtPoint", objectId=thing, position={**point, "y": 0.01}):
                break
        event = scene.last_event
        return (
            event.frame.tobytes(),
            event.depth_frame.tobytes(),
            event.instance_segmentation_frame.tobytes(),
            poses(event),
        )

    assert run() == run()


def engine_process(controller):
    supervisor = controller.server.unity_proc.pid
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    assert len(children) == 1
    return int(children[0])


def left_running(*pids, within):
    """Those of some processes that still run after a time, seconds."""
    deadline = time.monotonic() + within
    while (left := [pid for pid in pids if running(pid)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def running(pid):
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.parametrize("during_a_step", [False, True])
def test_a_killed_engine_is_reported_at_once_and_nothing_is_left_running(during_a_step):
    controller = start(scene="Procedural")
    supervisor, engine = controller.server.unity_proc, engine_process(controller)
    killed = []

    def kill():
        os.kill(engine, signal.SIGKILL)
        killed.append(time.monotonic())

    killer = threading.Timer(0.3 if during_a_step else 0.0, kill)
    killer.start()
    if not during_a_step:
        killer.join()
    with pytest.raises(RuntimeError, match="Error encountered when running action"):
        controller.step("Sleep", seconds=60)
    assert time.monotonic() - killed[0] < 1.0  # under 0.1 s on a machine that has nothing else to do
    controller.stop()
    assert supervisor.wait(timeout=5) is not None
    assert left_running(engine, within=1) == []


def test_an_engine_that_hangs_is_given_up_and_ends():
    controller = start(scene="Procedural", server_timeout=4.0)
    supervisor, engine = controller.server.unity_proc.pid, engine_process(controller)
    os.kill(engine, signal.SIGSTOP)
    with pytest.raises(TimeoutError):
        controller.step("Pass")
    assert left_running(engine, within=5) == []
    assert controller.server.unity_proc.wait(timeout=5) is not None
    assert not running(supervisor)


def test_stopping_ends_supervisor_and_engine():
    controller = start(scene="Procedural")
    engine = engine_process(controller)
    controller.stop()
    assert left_running(engine, within=5) == []


def test_an_engine_that_dies_at_the_start_is_reported():
    began = time.monotonic()
    with pytest.raises(ValueError, match="no metadata received"):
        start(engine=f"{ENGINE} -screen-width wide")
    assert time.monotonic() - began < 5.0  # under 1 s on a machine that has nothing else to do


@pytest.mark.parametrize(
    ("arguments", "environment", "line"),
    [
        ([], {}, "the environment lacks AI2THOR_SERVER_TYPE; this program is started by ai2thor's Controller"),
        ([], {"AI2THOR_SERVER_TYPE": "WSGI"}, "the environment lacks AI2THOR_PORT, AI2THOR_CLIENT_TOKEN; this"),
        (["-screen-width", "wide"], {}, "argument -screen-width: invalid int value: 'wide'"),
    ],
)
def test_a_wrong_start_is_explained_in_one_line(arguments, environment, line):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AI2THOR_")}
    done = subprocess.run(
        [*ENGINE.split(), *arguments], env={**kept, **environment}, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"rls3-engine: {line}")
    assert done.stderr.count("\n") == 1


def test_a_request_that_is_none_ends_the_engine_with_one_line(tmp_path):
    replies, requests = tmp_path / "server.pipe", tmp_path / "client.pipe"
    os.mkfifo(replies)
    os.mkfifo(requests)
    environment = {
        **os.environ,
        "AI2THOR_SERVER_TYPE": "FIFO",
        "AI2THOR_FIFO_SERVER_PIPE_PATH": str(replies),
        "AI2THOR_FIFO_CLIENT_PIPE_PATH": str(requests),
    }
    engine = subprocess.Popen(ENGINE.split(), env=environment, stderr=subprocess.PIPE, text=True)
    end = struct.pack("!BI", 255, 0)
    with replies.open("rb", buffering=0) as answers, requests.open("wb", buffering=0) as actions:
        said = answers.read(1)
        assert said == b"\x01"  # the first, unasked metadata
        actions.write(struct.pack("!BI", 2, 9) + b'{"action"' + end)
        while not said.endswith(end * 2):  # the end of that, and the supervisor's bare one
            said += answers.read(1 << 16)
    assert engine.wait(timeout=10) == 3
    lines = [line for line in engine.stderr.read().splitlines() if line.startswith("rls3-engine:")]
    assert len(lines) == 1
    assert "a request is no JSON" in lines[0]


@pytest.mark.skipif(not HOUSE.exists(), reason=f"no ProcTHOR house under {FIXTURES} (RLS3_FIXTURES)")
def test_a_house_is_built_from_its_json():
    database = FIXTURES / "procthor/databases/asset-database.json"
    house = json.loads(HOUSE.read_text())
    controller = start(scene=house, engine=f"{ENGINE} --asset-database '{database}'", snapToGrid=False)
    try:
        event = controller.last_event
        assert event, event.metadata["errorMessage"]
        ids = {o["objectId"] for o in event.metadata["objects"]}
        assert {"room|2", "room|3", "Bed|3|0", "Book|3|2", "door|2|3"} <= ids
        assert event.get_object("Bed|3|0")["sizeSource"] == "assetDatabase"
        assert len(controller.step("GetReachablePositions").metadata["actionReturn"]) > 60
        assert len(np.unique(event.frame.reshape(-1, 3), axis=0)) > 50
        assert controller.step("DestroyHouse").metadata["objects"] == []
    finally:
        controller.stop()


def test_the_program_tells_its_version():
    told = subprocess.run([*ENGINE.split(), "--version"], capture_output=True, text=True, timeout=30)
    assert told.stdout.startswith("rls3-engine 0.")


def test_a_camera_may_have_its_own_sky(scene):
    bounds = scene.last_event.metadata["sceneBounds"]
    high = {"x": bounds["center"]["x"], "y": 50.0, "z": bounds["center"]["z"]}
    for color in ("#ff0000", "#00ff00"):
        event = scene.step("AddThirdPartyCamera", position=high, rotation={"x": -90, "y": 0, "z": 0}, skyboxColor=color)
    red, green = (frame[0, 0] for frame in event.third_party_camera_frames)
    assert red[0] > 200 > 50 > red[1]
    assert green[1] > 200 > 50 > green[0]


def test_the_engine_goes_when_its_client_is_killed():
    program = (
        "from ai2thor.controller import Controller\n"
        f"c = Controller(local_executable_path={ENGINE!r}, x_display=':0', scene='Procedural')\n"
        "print(c.server.unity_proc.pid, flush=True)\n"
        "input()\n"
    )
    client = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    supervisor = int(client.stdout.readline())
    engine = int(Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text())
    client.kill()
    client.wait()
    assert left_running(supervisor, engine, within=10) == []

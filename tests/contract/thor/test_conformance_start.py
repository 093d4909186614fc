"""Starting, resetting, sizes, pictures on request, timeouts."""

from __future__ import annotations

import time

import numpy as np
import pytest
from ai2thor.fifo_server import FifoServer
from ai2thor.wsgi_server import WsgiServer

from tests.contract.thor.client import start


def test_the_old_name_of_agent_modes_is_refused():
    with pytest.raises(ValueError, match="`agentControllerType` is no longer an allowed initialization parameter"):
        start(agentControllerType="physics").stop()


@pytest.mark.parametrize(("width", "height"), [(600, 300), (128, 64)])
def test_pictures_have_the_wanted_shape(thor, width, height):
    thor.reset(width=width, height=height)
    assert thor.step("Initialize", gridSize=0.25).frame.shape == (height, width, 3)


def test_reset_changes_size_and_pictures(thor):
    event = thor.reset(width=520, height=310, renderDepthImage=True)
    assert (event.frame.shape, event.depth_frame.shape) == ((310, 520, 3), (310, 520))
    event = thor.reset(width=300, height=300, renderDepthImage=False)
    assert event.depth_frame is None
    assert event.frame.shape == (300, 300, 3)


def test_bot_is_the_old_name_of_locobot(thor):
    event = thor.reset(agentMode="bot")
    assert thor.initialization_parameters["agentMode"].lower() == "locobot"
    assert event, event.metadata["errorMessage"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "names", [("renderObjectImage", "renderClassImage"), ("renderInstanceSegmentation", "renderSemanticSegmentation")]
)
def test_both_names_of_segmentation_work(thor, names):
    event = thor.reset(**dict.fromkeys(names, True))
    assert event.instance_segmentation_frame is not None
    assert event.semantic_segmentation_frame is not None
    assert event.class_segmentation_frame is event.semantic_segmentation_frame


def test_one_step_may_ask_for_segmentation(thor):
    thor.reset(renderInstanceSegmentation=False)
    assert thor.step("RotateRight").instance_segmentation_frame is None
    assert thor.step("Pass", renderInstanceSegmentation=True).instance_segmentation_frame is not None
    assert thor.step("Pass").instance_segmentation_frame is None


def test_one_step_may_do_without_pictures(thor):
    assert thor.step("Pass", renderImage=False).frame is None
    assert thor.step("Pass").frame is not None


def test_normals_are_sent_on_request(thor):
    event = thor.reset(renderNormalsImage=True)
    assert event.normals_frame.shape[:2] == (300, 300)
    assert len(np.unique(event.normals_frame.reshape(-1, event.normals_frame.shape[2]), axis=0)) > 3


def test_the_resolution_can_change(either):
    assert either.step("Pass", raise_for_failure=True).frame.shape == (300, 300, 3)
    event = either.step("ChangeResolution", x=400, y=400, raise_for_failure=True)
    assert event.frame.shape == (400, 400, 3)
    assert (event.screen_width, event.screen_height) == (400, 400)
    either.step("ChangeResolution", x=300, y=300, raise_for_failure=True)


def test_a_change_of_resolution_and_back_changes_nothing(thor):
    thor.reset(renderInstanceSegmentation=True, renderDepthImage=True, renderSemanticSegmentation=True)
    before = thor.step("RotateRight")
    large = thor.step("ChangeResolution", x=500, y=500)
    assert large.depth_frame.shape == (500, 500)
    assert large.instance_segmentation_frame.shape == large.semantic_segmentation_frame.shape == (500, 500, 3)
    after = thor.step("ChangeResolution", x=300, y=300)
    np.testing.assert_allclose(after.depth_frame, before.depth_frame, atol=0.001)
    np.testing.assert_array_equal(after.instance_segmentation_frame, before.instance_segmentation_frame)
    np.testing.assert_array_equal(after.semantic_segmentation_frame, before.semantic_segmentation_frame)
    assert after.object_id_to_color == before.object_id_to_color
    assert after.color_to_object_id == before.color_to_object_id


def test_colours_of_classes_are_known_both_ways(either):
    for arguments in (
        {"renderSemanticSegmentation": True},
        {"renderSemanticSegmentation": False, "renderInstanceSegmentation": True},
    ):
        event = either.reset(**arguments)
        assert event.color_to_object_id[event.object_id_to_color["Fridge"]] == "Fridge"


def test_the_quality_can_change(thor):
    assert thor.step("ChangeQuality", quality="Low")


def test_the_build_lists_its_scenes(either):
    scenes = either.step("GetScenesInBuild", raise_for_failure=True).metadata["actionReturn"]
    rooms = {f"FloorPlan{first + n}_physics" for first in (0, 200, 300, 400) for n in range(1, 31)}
    assert rooms | {"Procedural"} <= set(scenes)


@pytest.mark.parametrize("server_class", [FifoServer, WsgiServer])
def test_a_silent_engine_is_given_up(server_class):
    controller = start(server_class=server_class, server_timeout=4.0)
    assert controller.step("Sleep", seconds=0.2)
    assert controller.step("MoveAhead").metadata["errorCode"] is None
    with pytest.raises(TimeoutError):
        controller.step("Sleep", seconds=30)
    deadline = time.monotonic() + 5
    while controller.server.unity_proc.poll() is None:
        assert time.monotonic() < deadline, "the engine runs on after the client gave it up"
        time.sleep(0.02)

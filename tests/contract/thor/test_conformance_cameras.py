"""Third-party cameras, several agents, and rays through the picture."""

from __future__ import annotations

import numpy as np
import pytest

from tests.contract.thor.client import SCENE, STANDING, close, the

POSE = {"position": {"x": 1.2, "y": 2.3, "z": 3.4}, "rotation": {"x": 30, "y": 40, "z": 50}}
LOOKS_IN = {"position": {"x": -1.0, "y": 1.0, "z": -2.0}, "rotation": {"x": 0, "y": 0, "z": 90}}


def test_a_camera_is_added_as_given(either):
    assert either.last_event.metadata["thirdPartyCameras"] == []
    cameras = either.step("AddThirdPartyCamera", **POSE, fieldOfView=45.0).metadata["thirdPartyCameras"]
    assert len(cameras) == 1
    assert close(cameras[0]["position"], POSE["position"])
    assert close(cameras[0]["rotation"], POSE["rotation"])
    assert cameras[0]["fieldOfView"] == 45.0


def test_a_camera_with_a_wrong_argument_is_not_added(either):
    turned = {"x": 0, "y": 0, "z": 0}
    event = either.step("AddThirdPartyCamera", position=5, rotation=turned)
    assert (bool(event), event.metadata["errorCode"]) == (False, None)
    with pytest.raises(ValueError, match=r"^action: AddThirdPartyCamera has an invalid argument: orthographicSize"):
        either.step("AddThirdPartyCamera", position=turned, rotation=turned, orthographic=True, orthographicSize=turned)
    assert not either.step("AddThirdPartyCamera", **POSE, orthographicSize=2.0)
    assert either.last_event.metadata["thirdPartyCameras"] == []


def test_a_camera_sends_every_kind_of_picture(either):
    either.reset(
        renderInstanceSegmentation=True,
        renderDepthImage=True,
        renderSemanticSegmentation=True,
        renderNormalsImage=True,
    )
    event = either.step("AddThirdPartyCamera", **LOOKS_IN)
    for frames in (
        event.third_party_camera_frames,
        event.third_party_depth_frames,
        event.third_party_instance_segmentation_frames,
        event.third_party_semantic_segmentation_frames,
        event.third_party_normals_frames,
    ):
        assert len(frames) == 1
        assert frames[0].shape[:2] == (300, 300)


def test_a_camera_is_changed_in_part(thor):
    thor.step("AddThirdPartyCamera", **POSE, fieldOfView=45.0)
    whole = {"position": {"x": 2.2, "y": 3.3, "z": 4.4}, "rotation": {"x": 10, "y": 20, "z": 30}}
    camera = thor.step("UpdateThirdPartyCamera", thirdPartyCameraId=0, **whole).metadata["thirdPartyCameras"][0]
    assert close(camera["position"], whole["position"])
    assert close(camera["rotation"], whole["rotation"])
    assert camera["fieldOfView"] == 45.0
    event = thor.step(
        "UpdateThirdPartyCamera",
        thirdPartyCameraId=0,
        fieldOfView=55.0,
        position={"x": 3.2, "z": 5},
        rotation={"y": 90},
    )
    expected = ({"x": 3.2, "y": 3.3, "z": 5}, {"x": 10, "y": 90, "z": 30})
    for fov in (-1, 0, 181):
        camera = event.metadata["thirdPartyCameras"][0]
        assert (close(camera["position"], expected[0]), close(camera["rotation"], expected[1])) == (True, True)
        assert camera["fieldOfView"] == 55.0
        event = thor.step("UpdateThirdPartyCamera", thirdPartyCameraId=0, fieldOfView=fov)
        assert not event
    assert not thor.step("UpdateThirdPartyCamera", thirdPartyCameraId=1)


def test_a_camera_at_the_agents_eye_measures_the_same_depth(thor):
    thor.reset(renderDepthImage=True)
    yaw = {"x": 0.0, "y": 90.0, "z": 0.0}
    aside, there = ({"x": -2.75, "y": 0.901, "z": z} for z in (-1.25, -1.75))
    thor.step("Teleport", position=aside, rotation=yaw, horizon=0.0, standing=True, raise_for_failure=True)
    eye = {**there, "y": 1.576}
    camera_depth = thor.step("AddThirdPartyCamera", position=eye, rotation=yaw).third_party_depth_frames[0]
    event = thor.step("Teleport", position=there, rotation=yaw, horizon=0.0, standing=True, raise_for_failure=True)
    assert np.square(camera_depth - event.depth_frame).mean() < 1e-4


def test_agents_have_pictures_of_their_own_beside_a_camera(thor):
    thor.reset(SCENE, agentCount=2)
    for event in (thor.last_event, thor.step("AddThirdPartyCamera", **LOOKS_IN)):
        first, second = event.events
        assert (first.frame != second.frame).any()
    turned = thor.step("RotateRight", agentId=1)
    assert turned.events[0].metadata["agent"] == first.metadata["agent"]
    assert turned.events[1].metadata["agent"] != second.metadata["agent"]
    assert turned.metadata["agentId"] == 1


def test_a_map_view_shows_the_room_from_above(thor):
    properties = thor.step("GetMapViewCameraProperties").metadata["actionReturn"]
    assert properties["orthographic"] is True
    assert close(properties["rotation"], {"x": 90, "y": 0, "z": 0})
    event = thor.step("AddThirdPartyCamera", **properties)
    assert len(np.unique(event.third_party_camera_frames[0].reshape(-1, 3), axis=0)) > 100


def test_a_ray_through_the_picture_ends_where_depth_says(thor):
    thor.reset(renderDepthImage=True)
    place = {"position": {"x": -1.5, "y": 0.901, "z": -1.5}, **STANDING, "rotation": {"x": 0, "y": 90, "z": 0}}
    event = thor.step("TeleportFull", **place, raise_for_failure=True)
    eye, depth = event.metadata["cameraPosition"], event.depth_frame
    for x, y in ((1.5, 0.5), (1.1, 0.3), (-0.1, 0.8), (-0.5, -0.3)):
        assert not thor.step("GetCoordinateFromRaycast", x=x, y=y)
    for row, column in ((150, 150), (60, 150), (150, 75)):
        x, y = (column + 0.5) / 300, (row + 0.5) / 300
        point = thor.step("GetCoordinateFromRaycast", x=x, y=y).metadata["actionReturn"]
        ahead = float(depth[row, column])
        expected = {"x": eye["x"] + ahead, "y": eye["y"] + (1 - 2 * y) * ahead, "z": eye["z"] - (2 * x - 1) * ahead}
        assert close(point, expected, 0.02)


def test_a_place_of_the_picture_names_its_object(thor):
    event = thor.reset(renderInstanceSegmentation=True)
    known = {o["objectId"] for o in event.metadata["objects"]}
    masks = {name: mask for name, mask in event.instance_masks.items() if name in known and mask.sum() > 200}
    assert len(masks) >= 3
    for name, mask in masks.items():
        rows, columns = np.nonzero(mask)
        middle = np.argmin(np.hypot(rows - rows.mean(), columns - columns.mean()))
        x, y = (columns[middle] + 0.5) / 300, (rows[middle] + 0.5) / 300
        assert thor.step("GetObjectInFrame", x=x, y=y).metadata["actionReturn"] == name


def test_outlines_from_above_enclose_the_objects(thor):
    hulls = thor.step("Get2DSemanticHulls").metadata["actionReturn"]
    fridge = the(thor.last_event, "Fridge")
    corners = np.array(hulls[fridge["objectId"]])
    box = fridge["axisAlignedBoundingBox"]
    size = corners.max(axis=0) - corners.min(axis=0)
    np.testing.assert_allclose(size, (box["size"]["x"], box["size"]["z"]), atol=0.05)
    only = thor.step("Get2DSemanticHulls", objectTypes=["Tomato", "Drawer", "Fridge"]).metadata["actionReturn"]
    assert {name.split("|")[0] for name in only} == {"Tomato", "Drawer", "Fridge"}
    one = thor.step("Get2DSemanticHull", objectId=fridge["objectId"]).metadata["actionReturn"]
    assert one == hulls[fridge["objectId"]]
    assert not thor.step("Get2DSemanticHulls", objectTypes=["Fridge"], objectIds=[fridge["objectId"]])

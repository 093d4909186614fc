import itertools
import math

import numpy as np
import pytest
from engine_factory import block, empty_room, session_of

from rls3.assets.catalogue import build
from rls3.assets.types import OBJECT_TYPES
from rls3.engine.geometry import Boxes, footprint_distances, ray_distances, rotation_matrix
from rls3.engine.protocol.server import handle
from rls3.engine.session import Session
from rls3.engine.world.agents import Agent
from rls3.engine.world.objects import SceneObject


def step(session, action, **arguments):
    return handle(session, {"action": action, "sequenceId": 1, **arguments}, patches=False).body["agents"][0]


def answer(session, action, **arguments):
    record = step(session, action, **arguments)
    assert record["lastActionSuccess"], record["errorMessage"]
    return record["actionReturn"]


def drawn(object_id, position, yaw=0.0):
    """An object of the catalogue, which the renderer draws."""
    kind = OBJECT_TYPES[object_id.split("|")[0]]
    return SceneObject(object_id, object_id, kind, build(kind.name), position, (0.0, yaw, 0.0))


def looking(*objects, x=0.0, z=-1.0, **settings):
    """A session whose agent looks along +z from (x, z)."""
    session = Session(64, 64)
    session.world = empty_room(*objects)
    session.world.agents = [Agent((x, 0.901, z))]
    step(session, "Initialize", **settings)
    return session


def test_distances_of_points_and_rays_to_turned_boxes():
    boxes = Boxes(np.zeros((1, 3)), np.array([[1.0, 0.5, 0.1]]), rotation_matrix((0.0, 90.0, 0.0))[None])
    np.testing.assert_allclose(footprint_distances(boxes, np.array([(1.1, 0.0), (0.0, 0.9)])), [[1.0], [0.0]])
    assert ray_distances(boxes, (-2.0, 0.0, 0.5), (4.0, 0.0, 0.0)) == pytest.approx(1.9 / 4)
    assert math.isinf(ray_distances(boxes, (-2.0, 0.6, 0.5), (1.0, 0.0, 0.0))[0])
    assert ray_distances(boxes, (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)) == 0.0


def test_boxes_distances_supports_and_lines():
    table, mug = block("SideTable|1", (0.6, 0.5, 0.4), (0.0, 0.25, 0.0)), block("Mug|1", (0.1,) * 3, (0.1, 0.55, 0.0))
    far = block("Box|1", (0.4, 0.4, 0.4), (1.5, 0.2, 0.0), (0.0, 90.0, 0.0))
    session = session_of(table, mug, far)
    assert answer(session, "BBoxDistance", objectId0="SideTable|1", objectId1="Box|1") == pytest.approx(1.0)
    assert answer(session, "BBoxDistance", objectId0="Mug|1", objectId1="SideTable|1") == pytest.approx(0.0)
    on = answer(session, "CheckWhatObjectsOn", objectIds=["Mug|1", "SideTable|1", "Floor|0"])
    assert on == {"Mug|1": "SideTable|1", "SideTable|1": "Floor|0", "Floor|0": None}
    clear = answer(session, "CheckUnobstructedPathBetweenObjectCenters", objectId0="SideTable|1", objectId1="Box|1")
    assert clear == {"adjacent": True, "objectInWay": []}
    session.world.put(block("Vase|1", (0.2, 0.6, 0.2), (0.8, 0.3, 0.0)))
    barred = answer(session, "CheckUnobstructedPathBetweenObjectCenters", objectId0="SideTable|1", objectId1="Box|1")
    assert barred == {"adjacent": False, "objectInWay": ["Vase|1"]}


def test_rays_name_what_they_hit():
    session = session_of(block("Vase|1", (0.2, 0.6, 0.2), (0.8, 0.3, 0.0)))
    ends = {"origin": {"x": 0, "y": 0.3, "z": 0}, "destination": {"x": 3, "y": 0.3, "z": 0}}
    hit = answer(session, "PerformRaycast", **ends)
    assert (hit["objectHit"], hit["distance"]) == ("Vase|1", pytest.approx(0.7))
    ends["destination"] = {"x": 0.5, "y": 0.3, "z": 0}
    assert "hits nothing" in step(session, "PerformRaycast", **ends)["errorMessage"]


def test_outlines_from_above():
    session = session_of(block("Box|1", (0.4, 0.2, 0.2), (0.5, 0.1, 0.0), (0.0, 90.0, 0.0)))
    hull = np.array(answer(session, "Get2DSemanticHull", objectId="Box|1"))
    np.testing.assert_allclose((hull.min(axis=0), hull.max(axis=0)), ((0.4, -0.2), (0.6, 0.2)), atol=1e-9)
    assert list(answer(session, "Get2DSemanticHulls", objectTypes=["Box"])) == ["Box|1"]


def test_paths_go_round_furniture():
    bed = block("Bed|1", (2.5, 0.5, 0.5), (-0.75, 0.25, 0.0))  # leaves a passage at the right
    session = session_of(bed)
    path = answer(session, "GetShortestPathToPoint", target={"x": -1.75, "y": 0, "z": 1.75})
    corners = [(c["x"], c["z"]) for c in path["corners"]]
    assert (corners[0], corners[-1]) == ((-1.75, -1.75), (-1.75, 1.75))
    assert max(x for x, _ in corners) == pytest.approx(0.7, abs=0.15)
    length = sum(math.dist(a, b) for a, b in itertools.pairwise(corners))
    round_the_corners = 2 * math.dist((-1.75, -1.75), (0.6, -0.4)) + 0.8
    assert length == pytest.approx(round_the_corners, rel=0.05)
    session.world.put(block("Bed|1", (3.99, 0.5, 0.5), (0.0, 0.25, 0.0)))
    record = step(session, "GetShortestPathToPoint", target={"x": -1.75, "y": 0, "z": 1.75})
    assert "Could not find path between" in record["errorMessage"]
    record = step(session, "GetShortestPathToPoint", target={"x": 9, "y": 0, "z": 0})
    assert "No point on NavMesh near targetPosition" in record["errorMessage"]


def test_a_path_to_an_object_ends_where_it_is_seen():
    fridge = drawn("Fridge|1", (0.0, OBJECT_TYPES["Fridge"].size[1] / 2, 1.6), 180.0)
    session = looking(fridge, z=-1.75)
    end = answer(session, "GetShortestPath", objectType="Fridge")["corners"][-1]
    assert 0.5 < 1.6 - end["z"] < 2.0
    for arguments, text in (
        ({"objectType": "Bed"}, "Object type Bed was not found in the scene."),
        ({}, "give objectId or objectType"),
    ):
        assert text in step(session, "GetShortestPath", **arguments)["errorMessage"]


def test_visible_is_near_and_seen():
    near, far = drawn("Vase|1", (0.0, 0.9, 0.45)), drawn("Vase|2", (0.6, 0.9, 1.2))
    screen = drawn("Fridge|1", (0.0, 0.9, -0.2))
    assert answer(looking(near, far), "GetVisibleObjects") == ["Floor|0", "Vase|1"]
    session = looking(near, far, visibilityDistance=3.0)
    assert answer(session, "GetVisibleObjects") == ["Floor|0", "Vase|1", "Vase|2"]
    assert "Vase|1" not in answer(looking(near, screen), "GetVisibleObjects")  # the fridge hides it


def test_the_distance_scheme_measures_to_what_is_seen():
    shelf = drawn("Vase|1", (0.0, 2.35, 0.0))
    assert "Vase|1" in answer(looking(shelf, visibilityDistance=1.05), "GetVisibleObjects")
    low = looking(shelf, visibilityDistance=1.05, visibilityScheme="distance")
    assert "Vase|1" in answer(low, "GetVisibleObjects")
    high = looking(shelf, z=-0.5, visibilityDistance=0.6, visibilityScheme="Distance")
    step(high, "Teleport", horizon=-30, forceAction=True)
    assert "Vase|1" not in answer(high, "GetVisibleObjects")  # it is 0.7 m above the camera


def test_poses_are_checked():
    session = looking(drawn("Vase|1", (0.0, 0.9, 0.3)))
    for arguments, text in (
        ({"maxPoses": 0}, "maxPoses must be > 0."),
        ({"maxDistance": -1}, "maxDistance must be >= 0 meters from the object."),
        ({"horizons": [70]}, "Each horizon must be in [-30:60]. You gave 70."),
        ({"rotations": []}, "Every degree of freedom must have at least 1 valid value."),
    ):
        assert text in step(session, "GetInteractablePoses", objectId="Vase|1", **arguments)["errorMessage"]


def test_what_is_not_there_is_seen_from_nowhere():
    session = looking(drawn("Vase|1", (0.0, 0.25, 0.0)))
    assert answer(session, "GetInteractablePoses", objectId="Vase|1", maxPoses=1)
    answer(session, "DisableObject", objectId="Vase|1")
    assert answer(session, "GetInteractablePoses", objectId="Vase|1") == []
    assert "is seen from no reachable place" in step(session, "GetShortestPath", objectId="Vase|1")["errorMessage"]
    assert session.settings.visibility_distance == 1.5


def test_places_of_the_picture():
    session = looking(drawn("Fridge|1", (0.0, 0.9, 0.5), 180.0))
    assert answer(session, "GetObjectInFrame", x=0.5, y=0.5) == "Fridge|1"
    assert "no sim objects found" in step(session, "GetObjectInFrame", x=0.5, y=0.0)["errorMessage"]
    point = answer(session, "GetCoordinateFromRaycast", x=0.5, y=0.5)
    assert point["z"] == pytest.approx(0.5 - OBJECT_TYPES["Fridge"].size[2] / 2, abs=0.05)
    assert (point["x"], point["y"]) == pytest.approx((0.0, 1.576), abs=1e-3)
    assert len(answer(session, "VisibleRange")) == 26
    assert (
        "x and y must be in [0:1] not (x=1.5, y=0.5)."
        in step(session, "GetCoordinateFromRaycast", x=1.5, y=0.5)["errorMessage"]
    )


def test_agents_see_each_other_but_not_themselves():
    for visible in (True, False):
        session = looking(agentCount=2, makeAgentsVisible=visible)
        session.world.agents[1] = Agent((0.0, 0.901, 0.5))  # ahead of the first, and looking away from it
        seen = [
            "Agent" in session.view.of_agent(session.world, number, session.optics).names_in_view for number in (0, 1)
        ]
        assert seen == [visible, False]

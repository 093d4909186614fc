import pytest
from engine_factory import block, session_of, thing

from rls3.assets.catalogue import build
from rls3.assets.types import OBJECT_TYPES
from rls3.engine.physics.stability import at_rest
from rls3.engine.protocol.server import handle
from rls3.engine.world.objects import SceneObject

TABLE = ("DiningTable|1", (1.0, 0.7, 1.0), (0.0, 0.35, 0.0))


def step(session, action, **arguments):
    return handle(session, {"action": action, "sequenceId": 1, **arguments}).body["agents"][0]


def place(session, object_id, x, y, z, yaw=0.0):
    return step(
        session,
        "PlaceObjectAtPoint",
        objectId=object_id,
        position={"x": x, "y": y, "z": z},
        rotation={"x": 0.0, "y": yaw, "z": 0.0},
    )


def poses(session):
    return {k: (o.position, o.rotation, o.state) for k, o in session.world.objects.items()}


def test_penetration_up_to_five_millimetres_is_contact():
    session = session_of(block("Box|1", (0.4, 0.4, 0.4), (0.0, 0.2, 0.0)))
    near = block("Box|2", (0.4, 0.4, 0.4), (0.396, 0.2, 0.0))
    deep = block("Box|2", (0.4, 0.4, 0.4), (0.394, 0.2, 0.0))
    assert session.physics.collisions(near.boxes) == []
    assert session.physics.collisions(deep.boxes) == ["Box|1"]


def test_a_turned_box_collides_only_where_it_really_is():
    session = session_of(block("Box|1", (1.0, 0.4, 0.1), (0.0, 0.2, 0.0), (0.0, 45.0, 0.0)))
    corner = block("Box|2", (0.3, 0.4, 0.3), (0.3, 0.2, 0.3))
    middle = block("Box|2", (0.3, 0.4, 0.3), (0.15, 0.2, 0.0))
    assert session.physics.collisions(corner.boxes) == []  # inside its bounds, beside the box itself
    assert session.physics.collisions(middle.boxes) == ["Box|1"]


def test_an_object_falls_to_the_surface_below_and_rests_there():
    session = session_of(block(*TABLE), block("Vase|1", (0.2, 0.3, 0.2), (-1.0, 0.15, 1.0)))
    reply = place(session, "Vase|1", 0.2, 1.4, 0.1, yaw=30.0)
    assert reply["lastActionSuccess"], reply["errorMessage"]
    vase = next(o for o in reply["objects"] if o["objectId"] == "Vase|1")
    assert vase["position"]["y"] == pytest.approx(0.7 + 0.15, abs=1e-6)
    assert vase["rotation"]["y"] == 30.0
    assert vase["parentReceptacles"] == ["DiningTable|1"]


def test_a_point_just_inside_the_surface_is_raised():
    session = session_of(block(*TABLE), block("Vase|1", (0.2, 0.3, 0.2), (-1.0, 0.15, 1.0)))
    assert place(session, "Vase|1", 0.0, 0.68, 0.0)["lastActionSuccess"]
    assert session.world.objects["Vase|1"].bottom == pytest.approx(0.7, abs=1e-6)


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ((0.0, 0.3, 0.0), r"Spawn area not clear \(DiningTable\|1\) is in the way\)"),
        ((0.49, 0.9, 0.0), None),
        ((0.51, 0.9, 0.0), r"Vase\|1 is not stable at .* tip over on DiningTable\|1"),
        ((1.95, 0.0, 1.5), r"Spawn area not clear \(Wall_"),
        ((-1.75, 0.0, -1.7), r"agent 0\) is in the way"),
        ((5.0, 0.5, 0.0), r"Position coordinate \(5.0, 0.5, 0.0\) is not within scene bounds"),
    ],
)
def test_a_refused_placement_says_why_and_changes_nothing(point, message):
    session = session_of(block(*TABLE), block("Vase|1", (0.2, 0.3, 0.2), (-1.0, 0.15, 1.0)))
    before = poses(session)
    reply = place(session, "Vase|1", *point)
    assert reply["lastActionSuccess"] is (message is None)
    if message is not None:
        assert poses(session) == before
        assert reply["errorCode"] is None
        with pytest.raises(AssertionError, match=message):
            raise AssertionError(reply["errorMessage"])


def test_what_stands_on_an_object_moves_with_it():
    session = session_of(
        block("SideTable|1", (0.6, 0.5, 0.4), (0.0, 0.25, 0.0)),
        block("Box|1", (0.3, 0.2, 0.3), (0.1, 0.6, 0.0)),
        block("Vase|1", (0.1, 0.2, 0.1), (0.1, 0.8, 0.05)),
    )
    assert place(session, "SideTable|1", 1.0, 0.0, 1.0, yaw=90.0)["lastActionSuccess"]
    # Turned by 90 degrees, what was at +x is at -z and what was at +z is at +x.
    assert session.world.objects["Box|1"].position == pytest.approx((1.0, 0.6, 0.9))
    assert session.world.objects["Vase|1"].position == pytest.approx((1.05, 0.8, 0.9))
    assert session.containment.parents["Box|1"] == ["SideTable|1"]


def test_a_loaded_object_is_not_tilted():
    session = session_of(
        block("SideTable|1", (0.6, 0.5, 0.4), (0.0, 0.25, 0.0)), block("Vase|1", (0.1, 0.2, 0.1), (0.1, 0.6, 0.0))
    )
    reply = step(
        session,
        "PlaceObjectAtPoint",
        objectId="SideTable|1",
        position={"x": 1, "y": 0, "z": 1},
        rotation={"x": 90, "y": 0, "z": 0},
    )
    assert "cannot be tilted while it carries Vase|1" in reply["errorMessage"]


def test_a_tilted_obstacle_is_met_at_its_face():
    session = session_of(block("Box|1", (1.0, 0.2, 1.0), (0.0, 0.6, 0.0), (0.0, 0.0, 30.0)))
    falling = block("Vase|1", (0.02, 0.02, 0.02), (-0.3, 2.0, 0.0))
    gap = session.physics.drop(falling.boxes, {"Vase|1"})
    # The face 0.1 m above the middle is lower where x is below 0: y = 0.6 + 0.1 / cos 30 + x tan 30.
    corner = -0.3 + 0.01
    assert 1.99 - gap == pytest.approx(0.6 + 0.1 / 0.8660254 + corner * 0.5773503, abs=2e-3)


def test_removing_a_support_lets_its_load_fall():
    session = session_of(block(*TABLE), block("Vase|1", (0.2, 0.3, 0.2), (0.2, 0.85, 0.0)))
    assert step(session, "RemoveFromScene", objectId="DiningTable|1")["lastActionSuccess"]
    assert session.world.objects["Vase|1"].bottom == pytest.approx(0.0, abs=1e-6)


def test_disabled_objects_come_back_only_to_a_free_place():
    session = session_of(
        block("Box|1", (0.4, 0.4, 0.4), (1.0, 0.2, 1.0)), block("Box|2", (0.4, 0.4, 0.4), (0.0, 0.2, 0.0))
    )
    assert step(session, "DisableObject", objectId="Box|1")["lastActionSuccess"]
    assert [o["objectId"] for o in step(session, "Pass")["objects"]] == ["Floor|0", "Box|2"]
    assert place(session, "Box|2", 1.1, 0.0, 1.0)["lastActionSuccess"]
    assert "Box|2 is in its place" in step(session, "EnableObject", objectId="Box|1")["errorMessage"]


def test_teleport_object_names_what_it_hits():
    session = session_of(block(*TABLE), block("Vase|1", (0.2, 0.3, 0.2), (-1.0, 0.15, 1.0)))
    reply = step(session, "TeleportObject", objectId="Vase|1", position={"x": 0, "y": 0.4, "z": 0})
    assert reply["errorMessage"] == "Vase|1 is colliding with DiningTable|1 after teleport."
    assert step(session, "TeleportObject", objectId="Vase|1", x=0, y=1.5, z=0)["lastActionSuccess"]
    assert session.world.objects["Vase|1"].bottom == pytest.approx(0.7, abs=1e-6)


def test_initial_random_spawn_depends_on_the_seed_only():
    objects = (block(*TABLE), *(block(f"Vase|{i}", (0.1, 0.3, 0.1), (-1.0, 0.15, 0.3 * i)) for i in range(3)))
    results = []
    for seed in (3, 3, 4):
        session = session_of(*objects)
        assert step(session, "InitialRandomSpawn", randomSeed=seed)["lastActionSuccess"]
        results.append(poses(session))
        assert set(session.containment.children["DiningTable|1"]) == {"Vase|0", "Vase|1", "Vase|2"}
    assert results[0] == results[1] != results[2]


def test_set_object_poses_copies_and_removes_by_name():
    session = session_of(block(*TABLE), block("Vase|1", (0.1, 0.3, 0.1), (-1.0, 0.15, 1.0)))
    entries = [
        {
            "objectName": "Vase|1",
            "position": {"x": x, "y": 0.15, "z": 1.0},
            "rotation": {"x": 0, "y": 0, "z": 0},
        }
        for x in (0.0, 1.0)
    ]
    reply = step(session, "SetObjectPoses", objectPoses=entries)
    assert [o["name"] for o in reply["objects"]] == ["Floor", "Vase|1", "Vase|1_copy_1"]
    assert [o["objectId"] for o in reply["objects"]][1:] == ["Vase|00.00|+00.15|+01.00", "Vase|+01.00|+00.15|+01.00"]
    unknown = [{**entries[0], "objectName": "Nobody"}]
    message = step(session, "SetObjectPoses", objectPoses=unknown)["errorMessage"]
    assert message == "No Pickupable or Moveable object of name Nobody found in scene."


@pytest.mark.parametrize("name", sorted(k for k, t in OBJECT_TYPES.items() if t.pickupable or t.moveable))
def test_every_movable_type_can_stand_on_the_floor(name):
    kind = OBJECT_TYPES[name]
    for variant in range(2):
        thing = SceneObject(f"{name}|1", name, kind, build(name, variant=variant), (9.0, kind.size[1] / 2, 9.0))
        session = session_of(thing)
        reply = place(session, thing.object_id, 0.0, 0.2, 0.0, yaw=20.0)
        assert reply["lastActionSuccess"], reply["errorMessage"]
        assert session.world.objects[thing.object_id].bottom == pytest.approx(0.0, abs=1e-5)


def test_a_kinematic_object_hangs_until_it_is_placed_again():
    session = session_of(block("Vase|1", (0.2, 0.3, 0.2), (0.0, 0.15, 0.0)))
    where = {"objectId": "Vase|1", "position": {"x": 0, "y": 1.0, "z": 0}}
    assert step(session, "PlaceObjectAtPoint", **where, forceKinematic=True)["lastActionSuccess"]
    assert session.world.objects["Vase|1"].bottom == pytest.approx(1.0)
    assert session.world.objects["Vase|1"].state.kinematic
    assert step(session, "PlaceObjectAtPoint", **where)["lastActionSuccess"]
    assert session.world.objects["Vase|1"].bottom == pytest.approx(0.0, abs=1e-6)
    assert not session.world.objects["Vase|1"].state.kinematic


def test_a_stack_is_refused_when_its_lower_part_would_tip():
    session = session_of(
        block("Dumbbell|1", (0.1, 0.2, 0.1), (0.0, 0.1, 0.0)),
        block("Footstool|1", (0.6, 0.2, 0.6), (0.0, 0.3, 0.0)),
        block("Vase|1", (0.1, 0.3, 0.1), (1.0, 0.15, 1.0)),
        block("Safe|1", (0.2, 0.2, 0.2), (-1.0, 0.1, 1.0)),
    )
    assert "Footstool|1 would tip over on Dumbbell|1" in place(session, "Safe|1", 0.25, 0.5, 0.0)["errorMessage"]
    assert place(session, "Safe|1", 0.0, 0.5, 0.0)["lastActionSuccess"]
    assert place(session, "Vase|1", 0.2, 0.5, 0.2)["lastActionSuccess"]  # the safe holds the stool down


def test_of_several_points_the_first_free_one_is_taken():
    session = session_of(block(*TABLE), block("Vase|1", (0.2, 0.3, 0.2), (-1.0, 0.15, 1.0)))
    points = [{"x": 0, "y": 0.3, "z": 0}, {"x": 0.2, "y": 0.8, "z": 0.2}, {"x": -0.2, "y": 0.8, "z": 0.2}]
    assert step(session, "PlaceObjectAtPoint", objectId="Vase|1", positions=points)["lastActionSuccess"]
    assert session.world.objects["Vase|1"].position == pytest.approx((0.2, 0.85, 0.2))
    for arguments, text in (({}, "position or positions"), ({"position": {"x": 1}}, "position is missing .*: y,z")):
        reply = step(session, "PlaceObjectAtPoint", objectId="Vase|1", **arguments)
        assert reply["errorCode"] == "MissingArguments"
        with pytest.raises(AssertionError, match=text):
            raise AssertionError(reply["errorMessage"])


def test_furniture_does_not_stand_on_small_things():
    tissues, sofa = (
        block("TissueBox|1", (0.5, 0.1, 0.5), (0.0, 0.05, 0.0)),
        block("Sofa|1", (0.6, 0.5, 0.6), (1.0, 0.25, 1.0)),
    )
    session = session_of(tissues, sofa, block("Laptop|1", (0.3, 0.2, 0.3), (-1.0, 0.1, 1.0)))
    message = place(session, "Sofa|1", 0.0, 0.2, 0.0)["errorMessage"]
    assert message == "Sofa|1 (55 kg) is too heavy to stand on TissueBox|1"
    assert place(session, "Laptop|1", 0.0, 0.2, 0.0)["lastActionSuccess"]


def test_what_loses_one_of_two_supports_falls_off_the_other():
    session = session_of(
        block("Box|1", (0.2, 0.4, 0.2), (-0.3, 0.2, 0.0)),
        block("Box|2", (0.2, 0.4, 0.2), (0.3, 0.2, 0.0)),
        block("Book|1", (0.9, 0.05, 0.2), (0.0, 0.425, 0.0)),
        block("Mug|1", (0.1, 0.1, 0.1), (0.1, 0.5, 0.0)),
    )
    assert step(session, "RemoveFromScene", objectId="Box|2")["lastActionSuccess"]
    board, mug = session.world.objects["Book|1"], session.world.objects["Mug|1"]
    assert board.bottom < 0.41
    assert mug.bottom == pytest.approx(board.bottom + 0.05)  # it came along
    assert all(at_rest(session.world, session.physics, o) for o in session.world.active_objects())


def test_poses_that_overlap_are_refused_and_what_floats_falls():
    session = session_of(block(*TABLE), block("Vase|1", (0.2, 0.3, 0.2), (-1.0, 0.15, 1.0)))
    table = {
        "objectName": "DiningTable|1",
        "position": {"x": 0, "y": 0.35, "z": 0},
        "rotation": {"x": 0, "y": 0, "z": 0},
    }

    def vase(y):
        return {"objectName": "Vase|1", "position": {"x": 0.2, "y": y, "z": 0}, "rotation": {"x": 0, "y": 0, "z": 0}}

    before = poses(session)
    reply = step(session, "SetObjectPoses", objectPoses=[table, vase(0.6)])
    assert reply["errorMessage"] == "objectPoses put Vase|1 into DiningTable|00.00|+00.35|00.00"
    assert poses(session) == before
    assert step(session, "SetObjectPoses", objectPoses=[table, vase(1.2)])["lastActionSuccess"]
    assert session.world.objects["Vase|+00.20|+01.20|00.00"].bottom == pytest.approx(0.7, abs=1e-6)


def test_random_spawning_obeys_its_limits():
    table, shelf = block(*TABLE), thing("Cabinet|1", (1.2, 0.0, 1.5))
    vases = [block(f"Vase|{i}", (0.1, 0.15, 0.1), (-1.0, 0.075, 0.3 * i)) for i in range(4)]
    session = session_of(table, shelf, *vases)
    only = {"receptacleObjectIds": ["Cabinet|1"], "objectIds": ["Vase|0", "Vase|1"], "numPlacementAttempts": 20}
    assert step(session, "InitialRandomSpawn", **only)["lastActionSuccess"]
    assert {k for k in ("Vase|0", "Vase|1") if "Cabinet|1" in session.containment.parents[k]}
    assert session.world.objects["Vase|3"].position == vases[3].position
    step(session, "InitialRandomSpawn", randomSeed=1, forceVisible=True, excludedReceptacles=["DiningTable"])
    inside = session.containment.children.get("Cabinet|1", [])
    assert all(session.world.objects[k].bottom > 0.5 for k in inside)  # on top, if anywhere
    more = [{"objectType": "Vase", "count": 6}]
    assert step(session, "InitialRandomSpawn", numDuplicatesOfType=more)["lastActionSuccess"]
    assert step(session, "InitialRandomSpawn", numDuplicatesOfType=more, randomSeed=2)["lastActionSuccess"]
    assert sum(o.type.name == "Vase" for o in session.world.active_objects()) == 6
    for arguments, text in (
        ({"numPlacementAttempts": 0}, "numPlacementAttempts must be above 0, got 0"),
        ({"randomSeed": -1}, "randomSeed must not be below 0, got -1"),
        ({"objectIds": ["Nobody|1"]}, "Cannot find object with id Nobody|1"),
        ({"numDuplicatesOfType": [{"objectType": "Mug", "count": 2}]}, "asks for Mug, which is not in the scene"),
        ({"numDuplicatesOfType": [{"count": 2}]}, "numDuplicatesOfType needs objectType and count in each entry"),
        ({"receptacleObjectIds": ["Vase|0"]}, "no receptacle is left to spawn on"),
    ):
        assert text in step(session, "InitialRandomSpawn", **arguments)["errorMessage"]


def test_objects_of_a_type_are_disabled_together():
    session = session_of(block(*TABLE), block("Vase|1", (0.2, 0.3, 0.2), (0.2, 0.85, 0.0)))
    assert step(session, "DisableAllObjectsOfType", objectType="DiningTable")["lastActionSuccess"]
    assert session.world.objects["Vase|1"].bottom == pytest.approx(0.0, abs=1e-6)
    reply = step(session, "DisableAllObjectsOfType", objectType="Sofa")
    assert reply["errorMessage"] == "no object of type Sofa is in the scene"
    assert (
        "DiningTable|1 is already disabled" in step(session, "DisableObject", objectId="DiningTable|1")["errorMessage"]
    )
    assert "Vase|1 is in its place" in step(session, "EnableObject", objectId="DiningTable|1")["errorMessage"]

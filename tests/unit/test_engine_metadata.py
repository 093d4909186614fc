import gzip
import json
import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from engine_factory import block, session_of

from rls3.engine.pictures.colors import color_of, distinct_colors
from rls3.engine.protocol.server import handle
from rls3.engine.session import Session
from rls3.engine.world.objects import object_id_for

FIXTURES = Path(os.environ.get("RLS3_FIXTURES", Path(__file__).parents[2] / "../shared/data"))
RECORDED = FIXTURES / "thor-events/pickup_mug/00.metadata.json.gz"


needs_recordings = pytest.mark.skipif(
    not RECORDED.exists(), reason=f"no recorded AI2-THOR events under {FIXTURES} (RLS3_FIXTURES)"
)


def step(session, action, **arguments):
    return handle(session, {"action": action, "sequenceId": 1, **arguments}).body["agents"][0]


def metadata(*objects):
    return step(session_of(*objects), "Pass")


def kinds(value, path, found):
    """Collect what kinds of values are at each path of a record, lists taken as one."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    found[path].add("number" if number else type(value).__name__)
    items = (
        value.items() if isinstance(value, dict) else [("[]", each) for each in value] if type(value) is list else ()
    )
    for key, each in items:
        kinds(each, f"{path}.{key}", found)


@needs_recordings
def test_whole_replies_have_the_keys_and_kinds_of_real_ones():
    real, ours = defaultdict(set), defaultdict(set)
    for path in RECORDED.parent.parent.glob("*/*.metadata.json.gz"):
        kinds(json.loads(gzip.decompress(path.read_bytes())), "", real)
    session = Session(64, 64)
    step(session, "Reset", sceneName="FloorPlan1_physics")
    records = [step(session, "Initialize", renderImage=False)]
    pickupable = [o["objectId"] for o in records[0]["objects"] if o["pickupable"]]
    for object_id in pickupable[:8]:
        records.append(step(session, "PickupObject", objectId=object_id, forceAction=True))
        if records[-1]["lastActionSuccess"]:
            break
    records.append(step(session, "DropHandObject"))
    for record in records:
        kinds(record, "", ours)
    assert set(real) - set(ours) == set()
    # By these our data is told from Unity's, and a typical size from a known one.
    assert set(ours) - set(real) == {".engine", ".engine.name", ".engine.version", ".objects.[].sizeSource"}
    assert {path: ours[path] - real[path] for path in real if ours[path] - real[path]} == {}


@needs_recordings
def test_the_corners_of_boxes_come_in_the_order_of_a_real_reply():
    apple = json.loads(gzip.decompress(RECORDED.read_bytes()))["objects"][0]
    mug = metadata(block("Mug|1", (0.1, 0.12, 0.14), (0.0, 0.06, 0.0)))["objects"][1]
    for box in ("axisAlignedBoundingBox", "objectOrientedBoundingBox"):
        signs = [
            np.sign(np.array(r[box]["cornerPoints"]) - np.mean(r[box]["cornerPoints"], axis=0)) for r in (apple, mug)
        ]
        np.testing.assert_array_equal(*signs)


def test_boxes_of_a_turned_object():
    record = metadata(block("Box|1", (0.4, 0.2, 0.2), (0.5, 0.1, 0.0), (0.0, 90.0, 0.0)))["objects"][1]
    assert record["axisAlignedBoundingBox"]["size"] == pytest.approx({"x": 0.2, "y": 0.2, "z": 0.4})
    corners = np.array(record["objectOrientedBoundingBox"]["cornerPoints"])
    np.testing.assert_allclose(corners.max(axis=0), (0.6, 0.2, 0.2))
    assert record["distance"] == pytest.approx(np.linalg.norm(np.array((0.5, 0.1, 0.0)) - (-1.75, 0.901, -1.75)))


def test_receptacles_know_their_contents():
    records = metadata(
        block("SideTable|1", (0.6, 0.5, 0.4), (0.0, 0.25, 0.0)), block("Mug|1", (0.1, 0.1, 0.1), (0.1, 0.55, 0.0))
    )["objects"]
    floor, table, mug = records
    assert (mug["parentReceptacles"], mug["receptacleObjectIds"]) == (["SideTable|1"], [])
    assert (table["parentReceptacles"], table["receptacleObjectIds"]) == (["Floor|0"], ["Mug|1"])
    assert (floor["parentReceptacles"], floor["receptacleObjectIds"]) == (None, ["SideTable|1"])


def test_object_ids_are_written_as_ai2thor_does():
    assert object_id_for("Apple", (-0.4652, 1.1512, 0.0)) == "Apple|-00.47|+01.15|00.00"


def test_colors_are_stable_and_distinct():
    assert color_of("Mug|+01.00|+00.50|-02.00") == color_of("Mug|+01.00|+00.50|-02.00")
    names = [f"Thing|{i}" for i in range(20000)]  # enough for hashes of 24 bits to meet
    colors = distinct_colors(names)
    assert len(set(colors.values())) == len(names)
    assert (0, 0, 0) not in colors.values()

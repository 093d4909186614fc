import gzip
import json
import os
from pathlib import Path

import numpy as np
import pytest
from engine_factory import block, session_of

from rls3.engine.colors import color_of, distinct_colors
from rls3.engine.server import handle
from rls3.engine.world import object_id_for

FIXTURES = Path(os.environ.get("RLS3_FIXTURES", Path(__file__).parents[2] / "../shared/data"))
RECORDED = FIXTURES / "thor-events/pickup_mug/00.metadata.json.gz"


def metadata(*objects):
    return handle(session_of(*objects), {"action": "Pass", "sequenceId": 1}).body["agents"][0]


@pytest.mark.skipif(not RECORDED.exists(), reason=f"no recorded AI2-THOR events under {FIXTURES} (RLS3_FIXTURES)")
def test_the_records_have_the_keys_and_kinds_of_a_real_reply():
    real = json.loads(gzip.decompress(RECORDED.read_bytes()))
    ours = metadata(block("Mug|1", (0.1, 0.1, 0.1), (0.0, 0.05, 0.0)))
    assert set(ours) - set(real) == {"engine"}
    assert set(real) - set(ours) == set()
    apple, mug = real["objects"][0], ours["objects"][1]
    assert set(mug) - set(apple) == {"sizeSource"}
    assert set(apple) - set(mug) == set()
    for key, value in apple.items():
        if value is not None and mug[key] is not None:
            assert isinstance(mug[key], type(value)), key
    assert set(ours["agent"]) == set(real["agent"])
    assert set(ours["sceneBounds"]) == set(real["sceneBounds"])


@pytest.mark.skipif(not RECORDED.exists(), reason=f"no recorded AI2-THOR events under {FIXTURES} (RLS3_FIXTURES)")
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

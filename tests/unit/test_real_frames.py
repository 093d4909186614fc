"""Labels of real AI2-THOR frames against what plain arithmetic on their corners and claims says (RLS3_FIXTURES)."""

import math
import os
from pathlib import Path

import numpy as np
import pytest

from rls3.config import ValidityConfig
from rls3.scene.relations.support import agreement
from rls3.scene.truth import facts_of
from rls3.thor import scene_from_metadata
from rls3.thor.metadata import read_metadata

FIXTURES = Path(os.environ.get("RLS3_FIXTURES", Path(__file__).parents[3] / "shared" / "data"))
FRAMES = sorted((FIXTURES / "thor-events").rglob("*.metadata.json.gz"))
VALIDITY = ValidityConfig()
pytestmark = pytest.mark.skipif(not FRAMES, reason=f"no recorded AI2-THOR frames in {FIXTURES} (set RLS3_FIXTURES)")
SECTORS = ("behind", "behind right", "right", "front right", "front", "front left", "left", "behind left")


def middle(record):
    return np.mean(record["axisAlignedBoundingBox"]["cornerPoints"], axis=0)


@pytest.mark.parametrize("path", FRAMES[::4], ids=lambda path: f"{path.parent.name}/{path.name[:2]}")
def test_labels_of_real_frames_agree_with_corners_and_receptacles(path):
    metadata = read_metadata(path)
    scene = scene_from_metadata(metadata)
    assert not scene.left_out
    records = {record["objectId"]: record for record in metadata["objects"]}
    eye = np.array([metadata["cameraPosition"][axis] for axis in "xyz"])
    yaw = math.radians(metadata["agent"]["rotation"]["y"])
    right, ahead = np.array([math.cos(yaw), 0, -math.sin(yaw)]), np.array([math.sin(yaw), 0, math.cos(yaw)])
    checked = dict.fromkeys(("direction", "nearer", "on", "in"), 0)
    about = [thing.id for thing in scene.objects if thing.type != "Floor"]
    for fact in facts_of(scene, VALIDITY, ("direction", "support", "nearness"), about=about):
        if fact.share < 1 or fact.predicate not in checked or "support_disputed" in fact.reasons:
            continue
        subject, reference = (records[object_id] for object_id in fact.about)
        offset = middle(subject) - middle(reference)
        checked[fact.predicate] += 1
        if fact.predicate == "direction":
            level = " ".join(term for term in fact.value if term not in ("above", "below"))
            azimuth = math.degrees(math.atan2(offset @ right, offset @ ahead)) % 360
            assert level in ("", SECTORS[round(azimuth / 45) % 8]), fact
            assert ("above" not in fact.value or offset[1] > 0) and ("below" not in fact.value or offset[1] < 0), fact
        elif fact.predicate == "nearer":
            distances = [np.linalg.norm(middle(record) - eye) for record in (subject, reference)]
            assert (fact.value == ("nearer",)) == (distances[0] < distances[1]), fact
        elif subject["parentReceptacles"]:
            claimed = any(parent.startswith(reference["objectId"]) for parent in subject["parentReceptacles"])
            assert (fact.value == ("yes",)) == claimed or (fact.predicate == "in" and fact.value == ("no",)), fact
    assert min(checked.values()) > 0


@pytest.mark.parametrize("path", FRAMES[::8], ids=lambda path: f"{path.parent.name}/{path.name[:2]}")
def test_boxes_bear_out_what_the_simulator_claims_of_real_frames(path):
    found = agreement(scene_from_metadata(read_metadata(path)), VALIDITY)
    assert found.agreed > 20
    assert found.only_claimed == 0
    assert found.only_boxes + found.unclaimed < 0.4 * found.agreed

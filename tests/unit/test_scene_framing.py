import math

import pytest
from scene_factory import thing

from rls3.scene.framing import camera_distance

TABLE = thing("DiningTable", (0.0, 0.4, 0.0), (1.4, 0.8, 0.8), movable=False, receptacle=True)
MUG = thing("Mug", (0.3, 0.86, 0.1), (0.1, 0.12, 0.1))
CHAIR = thing("Chair", (2.0, 0.45, 0.0), (0.5, 0.9, 0.5))


def test_the_camera_stands_farther_from_larger_things():
    assert 0.9 <= camera_distance(MUG, 60.0) < 1.2
    assert 1.5 < camera_distance(TABLE, 60.0) < 3.0
    assert camera_distance(TABLE, 60.0, subject=MUG) == pytest.approx(1.2, abs=0.1)  # near enough for the mug
    assert camera_distance(MUG, 60.0, subject=TABLE) == camera_distance(TABLE, 60.0, subject=MUG)
    assert camera_distance(CHAIR, 60.0, subject=TABLE) > camera_distance(CHAIR, 60.0) + 0.5
    assert math.isclose(camera_distance(thing("Bed", (0.0, 0.3, 0.0), (3.0, 0.6, 3.0)), 60.0), 3.0)

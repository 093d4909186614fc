"""An outside check of the placing rules: simulated with MuJoCo's dynamics, nothing in a room moves much."""

import pytest
from physics_check import moved_when_let_go

from rls3.engine.scenes import load_scene


@pytest.mark.parametrize("name", ["FloorPlan8_physics", "FloorPlan222_physics"])
def test_nothing_moves_when_let_go(name):
    moved = moved_when_let_go(load_scene(name))
    assert len(moved) >= 10
    assert {k: v for k, v in moved.items() if v > 0.02} == {}

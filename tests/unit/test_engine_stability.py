"""An outside check of the placing rules: simulated with MuJoCo's dynamics, nothing in a room moves much."""

import mujoco
import numpy as np
import pytest

from rls3.engine.placement import balance_point
from rls3.engine.scenes import load_scene

SECONDS = 0.5


def simulated(world):
    """Let all movable objects go under gravity; return how far each went, metres."""
    spec = mujoco.MjSpec()
    spec.option.gravity = (0.0, -9.81, 0.0)
    spec.option.timestep = 0.004

    def add(body, boxes, index, origin, turn):
        quaternion = np.zeros(4)
        mujoco.mju_mat2Quat(quaternion, (turn.T @ boxes.rotations[index]).ravel())
        position = turn.T @ (boxes.centers[index] - origin)
        body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX, size=boxes.halves[index], pos=position, quat=quaternion, density=300.0
        )

    for piece in world.shell.pieces:
        for i in range(len(piece.boxes)):
            add(spec.worldbody, piece.boxes, i, np.zeros(3), np.eye(3))
    bodies = {}
    for item in world.active_objects():
        if item.movable and not item.type.wall_mounted:
            body = spec.worldbody.add_body(name=item.object_id, pos=item.position)
            body.add_freejoint()
            body.explicitinertial = True
            body.mass, body.inertia = (
                item.type.mass,
                item.type.mass * np.square(item.model.size).sum() / 12 * np.ones(3),
            )
            body.ipos = np.asarray(balance_point(item)) - np.asarray(item.position)
            bodies[item.object_id] = item
        else:
            body = spec.worldbody
        origin = np.asarray(item.position) if item.object_id in bodies else np.zeros(3)
        for i in range(len(item.boxes)):
            add(body, item.boxes, i, origin, np.eye(3))
    model = spec.compile()
    data = mujoco.MjData(model)
    for _ in range(round(SECONDS / model.opt.timestep)):
        mujoco.mj_step(model, data)
    return {k: float(np.linalg.norm(data.body(k).xpos - np.asarray(o.position))) for k, o in bodies.items()}


@pytest.mark.parametrize("name", ["FloorPlan8_physics", "FloorPlan222_physics"])
def test_nothing_moves_when_let_go(name):
    moved = simulated(load_scene(name))
    assert len(moved) >= 10
    assert {k: v for k, v in moved.items() if v > 0.02} == {}

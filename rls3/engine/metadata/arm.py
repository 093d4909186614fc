"""The arm of an agent of agentMode "arm", in its resting pose: it is shown in the metadata and does not move."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from rls3.engine.geometry import Array, Vector, pose_matrix, rotation_matrix
from rls3.engine.metadata.records import vector
from rls3.engine.world.agents import Agent

#: The shoulder in the agent's frame: right, up, ahead of the middle of its body, metres.
SHOULDER = (0.0, 0.2, 0.1)
#: Joints from the shoulder outwards: place in the shoulder's frame, metres; Euler angles in the one before, degrees.
JOINTS: tuple[tuple[str, Vector, Vector], ...] = (
    ("robot_arm_1_jnt", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
    ("robot_arm_2_jnt", (0.0, -0.1, 0.05), (45.0, 0.0, 0.0)),
    ("robot_arm_3_jnt", (0.0, -0.3, 0.15), (-90.0, 0.0, 0.0)),
    ("robot_arm_4_jnt", (0.0, -0.25, 0.35), (45.0, 0.0, 0.0)),
)
HAND_RADIUS = 0.06


def arm_record(agent: Agent) -> dict[str, Any]:
    """Return the metadata's `arm`: joints, hand and what it could hold."""
    root = pose_matrix(agent.position, (0.0, agent.yaw, 0.0)) @ pose_matrix(SHOULDER, (0.0, 0.0, 0.0))
    joints = []
    turn = np.eye(3)
    for name, place, local in JOINTS:
        turn = turn @ rotation_matrix(local)
        world = root @ np.array([*place, 1.0])
        joints.append(
            {
                "name": name,
                "position": vector(world[:3]),
                "rootRelativePosition": vector(place),
                "rotation": _axis_angle(root[:3, :3] @ turn),
                "rootRelativeRotation": _axis_angle(turn),
                "localRotation": _axis_angle(rotation_matrix(local)),
            }
        )
    return {
        "joints": joints,
        "heldObjects": [],
        "pickupableObjects": [],
        "touchedNotHeldObjects": [],
        "handSphereCenter": joints[-1]["position"],
        "handSphereRadius": HAND_RADIUS,
    }


def _axis_angle(rotation: Array) -> dict[str, float]:
    """Return a rotation as AI2-THOR's arm tells it: unit axis x, y, z and angle w in degrees."""
    angle = math.acos(min(1.0, max(-1.0, (float(np.trace(rotation)) - 1.0) / 2.0)))
    axis = np.array((rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]))
    length = float(np.linalg.norm(axis))
    if length < 1e-9:  # no turn, or half a turn: then the axis is the column that stays
        values, vectors = np.linalg.eigh((rotation + rotation.T) / 2.0)
        axis, length = vectors[:, int(values.argmax())], 1.0
    x, y, z = (float(v) / length for v in axis)
    return {"x": x, "y": y, "z": z, "w": math.degrees(angle)}

"""What an agent looks like to the other agents and to third-party cameras."""

from __future__ import annotations

import numpy as np

from rls3.assets.model import Material, Part
from rls3.assets.primitives import Mesh, cylinder, ellipsoid, lathe, smooth
from rls3.engine.world.agents import AGENT_CENTER_Y, AGENT_RADIUS, STANDING_EYE

#: Class of agents in segmentation images.
BODY_NAME = "Agent"
_SHELL = Material("Plastic", "plain", (0.62, 0.64, 0.66), (0.62, 0.64, 0.66), gloss=0.3)
_TRIM = Material("Plastic", "plain", (0.05, 0.06, 0.08), (0.05, 0.06, 0.08), gloss=0.5)


def _part(mesh: Mesh, material: Material) -> Part:
    return Part(mesh.vertices.astype(np.float32), mesh.faces.astype(np.int32), material)


def _body() -> tuple[Part, ...]:
    """Return a robot on a round foot, with a head that looks ahead; its origin is the middle of the capsule."""
    ground = -AGENT_CENTER_Y
    width = AGENT_RADIUS - 0.02
    head = STANDING_EYE + 0.02
    trunk = lathe(smooth([(0.0, 0.06), (0.12, 0.07), (0.07, 0.5), (0.14, 1.05), (0.13, 1.3), (0.05, 1.4), (0.0, 1.41)]))
    return (
        _part(cylinder(width, 0.08).moved(y=ground), _TRIM),
        _part(trunk.moved(y=ground), _SHELL),
        _part(ellipsoid(0.24, 0.24, 0.24).moved(y=head), _SHELL),
        _part(ellipsoid(0.18, 0.08, 0.06).moved(y=head, z=0.1), _TRIM),
    )


BODY = _body()

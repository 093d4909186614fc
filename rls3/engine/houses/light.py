"""The light of a house."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rls3.engine.geometry import Vector, forward
from rls3.engine.houses.fields import HouseError, Record
from rls3.engine.render.scene import DirectionalLight, Lighting, PointLight
from rls3.engine.world.shell import Room

#: Unity's intensity of a ProcTHOR ceiling light times this is the renderer's, and likewise for its sun.
LAMP_FACTOR = 1.8
SUN_FACTOR = 0.6


def house_lighting(parameters: Record, rooms: Sequence[Room]) -> Lighting:
    """Return the lights of a house's `proceduralParameters`; without a lamp each room gets one in its middle.

    Raises:
        HouseError: a light is of an unknown type, or a number of it is none.
    """
    points, sun = [], None
    for light in parameters.records("lights"):
        kind = light.text("type")
        color = _color(light.record("rgb"))
        if kind == "point":
            power = light.number("intensity", 0.75) * LAMP_FACTOR
            points.append(PointLight(light.vector("position"), color, power, light.number("range", 12.0)))
        elif kind == "directional":
            sun = DirectionalLight(
                _travel(light.vector("rotation")), color, SUN_FACTOR * light.number("intensity", 1.0)
            )
        else:
            raise HouseError(light.where, f"has the type '{kind}'; it must be point or directional")
    if not points:
        for room in rooms:
            x, z = np.mean(np.array(room.polygon), axis=0)
            points.append(PointLight((float(x), room.height - 0.3, float(z))))
    return Lighting(points=tuple(points), sun=sun)


def _color(record: Record) -> Vector:
    return (record.number("r", 1.0), record.number("g", 1.0), record.number("b", 1.0))


def _travel(rotation: Vector) -> Vector:
    """Return the direction in which light turned by Unity Euler angles travels."""
    pitch, yaw, _ = rotation
    flat, down = math.cos(math.radians(pitch)), -math.sin(math.radians(pitch))
    x, _, z = forward(yaw)
    return (x * flat, down, z * flat)

"""Which object controls which: the knobs of a stove switch its burners."""

from __future__ import annotations

import math

from rls3.engine.geometry import Array
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.world import World

#: Burners within this distance of each other belong to one stove, metres.
STOVE_SIZE = 1.0


def controlled_by(world: World, item: SceneObject) -> list[SceneObject]:
    """Return the objects that an object switches besides itself.

    A stove's knobs and burners belong together in the order in which each stands from left to right, seen from the
    front; of as many burners as knobs each knob has one, and further knobs share them.
    """
    if item.type.name != "StoveKnob":
        return []
    burners = [o for o in world.objects.values() if o.type.name == "StoveBurner" and o.present]
    knobs = [o for o in world.objects.values() if o.type.name == "StoveKnob" and o.present]
    if not burners:
        return []
    nearest = min(burners, key=lambda b: math.dist(b.position, item.position))
    stove = [b for b in burners if math.dist(b.position, nearest.position) < STOVE_SIZE]
    row = [k for k in knobs if min(burners, key=lambda b: math.dist(b.position, k.position)) in stove]
    right = item.pose[:3, 0]
    number = sorted(row, key=lambda k: _along(k, right)).index(item)
    ordered = sorted(stove, key=lambda b: _along(b, right))
    return [ordered[number % len(ordered)]]


def _along(item: SceneObject, right: Array) -> tuple[float, str]:
    x, _, z = item.position
    return (round(float(x * right[0] + z * right[2]), 3), item.object_id)

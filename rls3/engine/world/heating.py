"""What is hot and what is cold, and what cooks: read from where things stand."""

from __future__ import annotations

from typing import Literal

from rls3.engine.world.objects import SceneObject
from rls3.engine.world.receptacles import Containment
from rls3.engine.world.world import World

Temperature = Literal["RoomTemp", "Hot", "Cold"]


def temperature(world: World, item: SceneObject, relations: Containment) -> Temperature:
    """Return how warm an object is: hot on or in what heats and is switched on, cold in what cools."""
    for carrier in _carriers(world, item, relations):
        if carrier.type.heat_source and is_hot(carrier):
            return "Hot"
        if carrier.type.cold_source:
            return "Cold"
    return "Hot" if item.type.heat_source and is_hot(item) else "RoomTemp"


def is_hot(source: SceneObject) -> bool:
    """Return whether a heat source is switched on."""
    return source.state.toggled


def heated_by(world: World, source: SceneObject, relations: Containment) -> list[SceneObject]:
    """Return what can be cooked and stands on or in a heat source, directly or in a pot or pan."""
    return [
        o
        for o in world.active_objects()
        if o.type.cookable and not o.state.cooked and source in _carriers(world, o, relations)
    ]


def _carriers(world: World, item: SceneObject, relations: Containment) -> list[SceneObject]:
    found: list[SceneObject] = []
    front = [item.object_id]
    while front:
        for parent in relations.parents.get(front.pop(), []):
            carrier = world.objects[parent]
            if carrier not in found and carrier.object_id != item.object_id:
                found.append(carrier)
                front.append(parent)
    return found

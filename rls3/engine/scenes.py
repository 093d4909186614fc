"""The scenes by name: iTHOR's 120 rooms and the empty procedural scene."""

from __future__ import annotations

from functools import lru_cache

from rls3.engine.mesh_pack import MeshPack
from rls3.engine.rooms.floorplan28 import NAME, floorplan28
from rls3.engine.rooms.generator import generate_room
from rls3.engine.world.shell import Shell
from rls3.engine.world.world import World

PROCEDURAL = "Procedural"
#: Scenes that are kept as they are at first, so that coming back to one costs nothing: all rooms, 200 MB together.
KEPT_SCENES = 121
#: Numbers of the scenes of each kind of room.
NUMBERS = {
    "kitchen": range(1, 31),
    "living_room": range(201, 231),
    "bedroom": range(301, 331),
    "bathroom": range(401, 431),
}
#: So many of each kind come first and may train models; the looks of all that is in the others are their own.
TRAINING_PLANS = 20


def scene_names() -> list[str]:
    """Return the names of all rooms, as AI2-THOR spells them."""
    return [f"FloorPlan{n}_physics" for numbers in NUMBERS.values() for n in numbers]


def load_scene(name: str, meshes: MeshPack | None = None) -> World:
    """Build a scene; the same name and meshes always give the same scene.

    Args:
        name: one of `scene_names`, or `PROCEDURAL`.
        meshes: shapes in place of the catalogue's.

    Raises:
        ValueError: there is no scene of that name.
    """
    built = _build(name)
    world = World(name, built.shell, built.objects.values())
    world.agents = list(built.agents)
    if meshes is not None:
        meshes.dress(world)
    return world


@lru_cache(maxsize=KEPT_SCENES)
def _build(name: str) -> World:
    """Return a scene as it is at first, which its user must not change."""
    if name == PROCEDURAL:
        return World(name, Shell((), ()))
    if name == NAME:
        return floorplan28()
    for kind, numbers in NUMBERS.items():
        names = [f"FloorPlan{n}_physics" for n in numbers]
        if name in names:
            return generate_room(name, kind, held_out=names.index(name) >= TRAINING_PLANS)
    raise ValueError(f"unknown scene {name!r}; FloorPlan1-30, 201-230, 301-330 and 401-430 (_physics) and {PROCEDURAL}")

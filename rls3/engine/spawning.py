"""Random respawning of objects on receptacles (InitialRandomSpawn)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from rls3.engine.errors import ActionError
from rls3.engine.physics import Physics
from rls3.engine.placement import place
from rls3.engine.receptacles import WorldSurface, surfaces_of
from rls3.engine.world import SceneObject, World

#: Receptacles on which nothing is put at random: the floor and what would look wrong.
NEVER = frozenset({"Floor", "Toilet", "Bathtub", "BathtubBasin", "TargetCircle", "StoveBurner", "Toaster"})


@dataclass(frozen=True)
class SpawnRequest:
    """The parameters of InitialRandomSpawn; `None` means all."""

    seed: int = 0
    attempts: int = 5
    duplicates: Mapping[str, int] = field(default_factory=dict)
    excluded_types: frozenset[str] = frozenset()
    excluded_ids: frozenset[str] = frozenset()
    object_ids: frozenset[str] | None = None
    receptacle_ids: frozenset[str] | None = None
    moveable: bool = False


def respawn(world: World, physics: Physics, request: SpawnRequest) -> None:
    """Move objects to random surfaces; the same seed and scene give the same result.

    Raises:
        ActionError: there is no receptacle to use, or a duplicate's type is not in the scene.
    """
    generator = np.random.default_rng(request.seed)
    _duplicate(world, request)
    receptacles = [o for o in world.active_objects() if _is_target(o, request)]
    if not receptacles:
        raise ActionError("no receptacle is left to spawn on: check receptacleObjectIds and excludedReceptacles")
    chosen = [o.object_id for o in world.active_objects() if _is_chosen(o, request)]
    for index in generator.permutation(len(chosen)):
        object_id = chosen[index]
        targets = [o for o in receptacles if o.object_id != object_id]
        for _ in range(request.attempts * 4):
            target = world.objects[targets[generator.integers(len(targets))].object_id]
            if _try(world, physics, world.objects[object_id], target, generator):
                break


def _try(
    world: World, physics: Physics, item: SceneObject, target: SceneObject, generator: np.random.Generator
) -> bool:
    surfaces = [s for s in surfaces_of(target) if _fits(item, s)]
    if not surfaces:
        return False
    surface = surfaces[generator.integers(len(surfaces))]
    u, v = generator.uniform(-1, 1, 2)
    yaw = float(generator.integers(0, 8)) * 45.0
    try:
        place(world, physics, item, surface.point(float(u), float(v)), (item.rotation[0], yaw, item.rotation[2]))
    except ActionError:
        return False
    return True


def _fits(item: SceneObject, surface: WorldSurface) -> bool:
    low, high = item.aabb
    size = high - low
    return bool(size[1] < surface.clearance and min(size[0], size[2]) < 2 * max(surface.half_size))


def _is_target(item: SceneObject, request: SpawnRequest) -> bool:
    kind = item.type
    usable = kind.receptacle and not kind.pickupable and kind.name not in NEVER | request.excluded_types
    return usable and (request.receptacle_ids is None or item.object_id in request.receptacle_ids)


def _is_chosen(item: SceneObject, request: SpawnRequest) -> bool:
    free = not item.type.wall_mounted and not item.state.kinematic
    movable = free and (item.type.pickupable or (request.moveable and item.type.moveable))
    wanted = request.object_ids is None or item.object_id in request.object_ids
    return movable and wanted and item.object_id not in request.excluded_ids


def _duplicate(world: World, request: SpawnRequest) -> None:
    """Add copies of objects until each type of `duplicates` has its count; a copy that finds no place is left out."""
    for kind, count in sorted(request.duplicates.items()):
        present = [o for o in world.active_objects() if o.type.name == kind]
        if not present:
            raise ActionError(f"numDuplicatesOfType asks for {kind}, which is not in the scene")
        physics = Physics(world)
        generator = np.random.default_rng([request.seed, count])
        targets = [o for o in world.active_objects() if _is_target(o, request)]
        for number in range(1, count - len(present) + 1):
            source = present[0]
            copy = replace(source, object_id=f"{source.object_id}_copy_{number}", name=f"{source.name}_copy_{number}")
            for _ in range(request.attempts * 4 if targets else 0):
                if _try(world, physics, copy, targets[generator.integers(len(targets))], generator):
                    break

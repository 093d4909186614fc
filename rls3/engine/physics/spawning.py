"""Random respawning of objects on receptacles (InitialRandomSpawn)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rls3.engine.errors import ActionError
from rls3.engine.physics.collision import Physics
from rls3.engine.physics.placing import place
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.receptacles import WorldSurface, surfaces_of
from rls3.engine.world.world import World

#: Receptacles on which nothing is put at random because it would look wrong.
NEVER = frozenset({"Toilet", "Bathtub", "BathtubBasin", "TargetCircle", "StoveBurner", "Toaster"})

#: Places tried per attempt of numPlacementAttempts.
PLACES_PER_ATTEMPT = 4
#: What is spawned may fall this far onto its surface, metres; what falls farther missed it.
SLACK = 0.02


@dataclass(frozen=True)
class SpawnRequest:
    """The parameters of InitialRandomSpawn.

    Attributes:
        seed: of all choices.
        attempts: how often places are tried for an object.
        duplicates: how many objects there shall be, by type.
        excluded_types: receptacle types that nothing is put on.
        excluded_ids: objects that stay where they are.
        object_ids: the only objects that move, None for all.
        receptacle_ids: the only receptacles that are used, None for all.
        moveable: whether furniture moves too.
        floor: whether the floor is used as well.
        visible: whether nothing is put behind closed doors.
    """

    seed: int = 0
    attempts: int = 5
    duplicates: Mapping[str, int] = field(default_factory=dict)
    excluded_types: frozenset[str] = frozenset()
    excluded_ids: frozenset[str] = frozenset()
    object_ids: frozenset[str] | None = None
    receptacle_ids: frozenset[str] | None = None
    moveable: bool = False
    floor: bool = False
    visible: bool = False


def respawn(world: World, physics: Physics, request: SpawnRequest) -> None:
    """Move objects to random surfaces; the same seed and scene give the same result.

    Raises:
        ActionError: there is no receptacle to use, or a duplicate's type is not in the scene.
    """
    generator = np.random.default_rng(request.seed)
    _duplicate(world, physics, request)
    receptacles = [o.object_id for o in world.active_objects() if _is_target(o, request)]
    if not receptacles:
        raise ActionError("no receptacle is left to spawn on: check receptacleObjectIds and excludedReceptacles")
    chosen = [o.object_id for o in world.active_objects() if _is_chosen(o, request)]
    for index in generator.permutation(len(chosen)):
        targets = [key for key in receptacles if key != chosen[index]]
        _put_on_any(world, physics, world.objects[chosen[index]], targets, request, generator)


def _put_on_any(
    world: World,
    physics: Physics,
    item: SceneObject,
    targets: Sequence[str],
    request: SpawnRequest,
    generator: np.random.Generator,
) -> None:
    """Put an object somewhere on one of the targets, or leave it when no try succeeds."""
    for _ in range(request.attempts * PLACES_PER_ATTEMPT if targets else 0):
        target = world.objects[targets[int(generator.integers(len(targets)))]]
        surfaces = [s for s in surfaces_of(target) if _fits(item, s) and not (request.visible and s.shut)]
        if not surfaces:
            continue
        surface = surfaces[int(generator.integers(len(surfaces)))]
        u, v = generator.uniform(-1, 1, 2)
        rotation = (item.rotation[0], float(generator.integers(0, 8)) * 45.0, item.rotation[2])
        try:
            place(world, physics, item, surface.point(float(u), float(v)), rotation, furthest=SLACK)
        except ActionError:
            continue
        return


def _fits(item: SceneObject, surface: WorldSurface) -> bool:
    low, high = item.aabb
    size = high - low
    return bool(size[1] < surface.clearance and min(size[0], size[2]) < 2 * max(surface.half_size))


def _is_target(item: SceneObject, request: SpawnRequest) -> bool:
    kind = item.type
    if request.receptacle_ids is not None:
        return kind.receptacle and item.object_id in request.receptacle_ids
    if kind.name == "Floor":
        return request.floor
    return kind.receptacle and not kind.pickupable and kind.name not in NEVER | request.excluded_types


def _is_chosen(item: SceneObject, request: SpawnRequest) -> bool:
    free = not item.type.wall_mounted and not item.state.kinematic and item.state.held_by is None
    movable = free and (item.type.pickupable or (request.moveable and item.type.moveable))
    wanted = request.object_ids is None or item.object_id in request.object_ids
    return movable and wanted and item.object_id not in request.excluded_ids


def _duplicate(world: World, physics: Physics, request: SpawnRequest) -> None:
    """Add copies of objects until each type of `duplicates` has its count; a copy that finds no place is left out."""
    for kind, count in sorted(request.duplicates.items()):
        present = [o for o in world.active_objects() if o.type.name == kind]
        if not present:
            raise ActionError(f"numDuplicatesOfType asks for {kind}, which is not in the scene")
        generator = np.random.default_rng([request.seed, count])
        targets = [o.object_id for o in world.active_objects() if _is_target(o, request)]
        source, number = present[0], 0
        for _ in range(count - len(present)):
            number += 1
            while f"{source.object_id}_copy_{number}" in world.objects:
                number += 1
            suffix = f"_copy_{number}"
            copy = replace(source.changed(held_by=None), object_id=source.object_id + suffix, name=source.name + suffix)
            _put_on_any(world, physics, copy, targets, request, generator)

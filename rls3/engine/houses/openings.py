"""The doors and windows of a house."""

from __future__ import annotations

import math
from dataclasses import replace

from rls3.assets.catalogue import build
from rls3.engine.houses.assets import Asset, AssetDatabase
from rls3.engine.houses.records import OpeningRecord, WallRecord
from rls3.engine.physics.collision import Physics
from rls3.engine.world.objects import ObjectState, SceneObject, type_of
from rls3.engine.world.world import World


def opening_object(record: OpeningRecord, line: WallRecord, assets: AssetDatabase) -> SceneObject:
    """Return a door or window as an object in its wall `line`."""
    u0, v0, u1, v1 = record.hole
    share = (u0 + u1) / 2 / line.length
    x, z = (a + share * (b - a) for a, b in zip(line.start, line.end, strict=True))
    yaw = math.degrees(math.atan2(line.start[1] - line.end[1], line.end[0] - line.start[0]))
    kind = type_of("Window" if record.window else "Doorframe" if record.frame_only else "Doorway")
    size = (u1 - u0, v1 - v0, kind.size[2])
    state = replace(ObjectState.of(kind), openness=record.openness if kind.openable else 0.0, kinematic=True)
    variant = Asset.variant(record.asset_id)
    return SceneObject(
        object_id=record.opening_id,
        name=record.opening_id,
        type=kind,
        model=build(kind.name, size=size, variant=variant, openness=state.openness),
        position=(x, line.base + (v0 + v1) / 2, z),
        rotation=(0.0, yaw % 360.0, 0.0),
        asset_id=record.asset_id,
        size_source="assetDatabase" if record.asset_id in assets.known else "typical",
        state=state,
    )


def hang_doors(world: World) -> None:
    """Turn open doors whose leaf would enter something to the other side, or leave out the leaf."""
    physics = Physics(world)
    for item in [o for o in world.objects.values() if o.type.name == "Doorway" and o.state.openness > 0]:
        x, yaw, z = item.rotation
        frame = replace(item, model=build("Doorframe", size=item.model.size, variant=item.model.variant))
        for candidate in (item, item.at(item.position, (x, (yaw + 180.0) % 360.0, z)), frame):
            world.put(candidate)
            if not physics.collisions(candidate.boxes, {candidate.object_id}):
                break

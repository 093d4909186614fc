"""What changed between two pictures of one scene: which objects moved and which way, and whether the camera did."""

from __future__ import annotations

import math

from rls3.config import RelationConfig
from rls3.scene.model import Camera, Scene, SceneObject
from rls3.scene.relations.direction import Relation, relation_of_points


def moved(before: Scene, after: Scene) -> dict[str, float]:
    """Object id -> how far its middle moved, metres, for every object of both scenes that is not held in either."""
    earlier = {thing.id: thing for thing in before.objects if not thing.held}
    return {
        thing.id: math.dist(thing.center, earlier[thing.id].center)
        for thing in after.objects
        if thing.id in earlier and not thing.held
    }


def way(before: SceneObject, after: SceneObject, camera: Camera, rule: RelationConfig) -> Relation:
    """Which way an object moved, in the frame of the viewer: "front" = towards the camera."""
    return relation_of_points(after.center, before.center, camera.yaw, rule)


def camera_shift(before: Camera, after: Camera) -> float:
    """How far the camera moved, metres; a turn counts as the way of a point 1 m before the lens."""
    yaw = (after.yaw - before.yaw + 180.0) % 360.0 - 180.0
    turn = math.radians(math.hypot(yaw, after.horizon - before.horizon))
    return math.dist(before.position, after.position) + turn

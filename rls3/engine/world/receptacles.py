"""Which object stands on or in which receptacle, read from the support surfaces."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rls3.engine.geometry import Array, Vector, as_vector
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.world import World

#: An object's lowest point may be this far from a surface and still count as standing on it, metres.
REACH = 0.02


@dataclass(frozen=True)
class Containment:
    """Receptacles of each object and objects in each receptacle, by id; both in the order of the scene."""

    parents: dict[str, list[str]] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class WorldSurface:
    """A horizontal rectangle that carries objects.

    Attributes:
        owner: id of the object it belongs to.
        frame: (4, 4) pose of its middle.
        half_size: half extents (x, z) along the frame's axes, metres.
        clearance: free height above it, metres.
        shut: whether it lies behind a door or under a lid that is closed now.
    """

    owner: str
    frame: Array
    half_size: tuple[float, float]
    clearance: float
    shut: bool = False

    def point(self, u: float, v: float) -> Vector:
        """Return the world position at fractions -1..1 of the half sizes."""
        offset = np.array((u * self.half_size[0], 0.0, v * self.half_size[1]))
        return as_vector(self.frame[:3, 3] + self.frame[:3, :3] @ offset)


def containment(world: World) -> Containment:
    """Return who stands on whom: the lowest point lies at a surface's height and the centre over the surface."""
    found = Containment()
    items = [o for o in world.active_objects() if o.state.held_by is None]
    surfaces = [s for item in items if item.type.receptacle for s in surfaces_of(item)]
    if not surfaces:
        return found
    frames = np.array([s.frame for s in surfaces])
    halves = np.array([s.half_size for s in surfaces])
    feet = np.array([(o.position[0], o.bottom, o.position[2]) for o in items])
    local = np.einsum("sji,snj->sni", frames[:, :3, :3], feet[None] - frames[:, None, :3, 3])
    over = (np.abs(local[..., 0]) <= halves[:, None, 0]) & (np.abs(local[..., 2]) <= halves[:, None, 1])
    on = over & (np.abs(local[..., 1]) <= REACH)
    for n, item in enumerate(items):
        for s in np.flatnonzero(on[:, n]):
            owner = surfaces[int(s)].owner
            if owner != item.object_id and owner not in found.parents.get(item.object_id, []):
                found.parents.setdefault(item.object_id, []).append(owner)
                found.children.setdefault(owner, []).append(item.object_id)
    return found


def surfaces_of(item: SceneObject) -> list[WorldSurface]:
    """Return the support surfaces of an object that stands upright; a tilted one has none."""
    if item.pose[1, 1] < 0.999:
        return []
    found = []
    for surface in item.model.surfaces:
        frame = item.pose.copy()
        frame[:3, 3] += frame[:3, :3] @ np.array((surface.center[0], surface.height, surface.center[1]))
        shut = surface.inside and item.type.openable and item.state.openness == 0
        found.append(WorldSurface(item.object_id, frame, surface.half_size, surface.clearance, shut))
    return found

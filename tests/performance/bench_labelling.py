"""How many scenes a second one core labels: every ordered pair of 30 objects, with masks.

Directions, nearness, sizes and support of all pairs with their margins, and which of them may be asked.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from rls3.config import ValidityConfig
from rls3.scene.geometry import bounds, frame_part, polygon_area, projected_hull
from rls3.scene.model import Camera, EngineInfo, MaskStats, Scene, SceneObject
from rls3.scene.table import Table

OBJECTS = 30
SCENES = 50
ROUNDS = 100
KINDS = ("Chair", "DiningTable", "Mug", "Bowl", "Shelf", "Fridge", "Book", "Box", "Plate", "Sofa")


def label(scene: Scene, thresholds: ValidityConfig) -> Table:
    """Compute all that is true of the pairs of a scene."""
    table = Table(scene, thresholds)
    _ = table.teachable, table.nearness, table.sizes, table.support
    return table


def room(rng: np.random.Generator) -> Scene:
    """A floor and boxes on it, turned at random, half of them on another; before the camera, a few beside it."""
    camera = Camera((0.0, 1.5, -2.5), 0.0, 15.0, 60.0, 224, 224)
    floor = _box("Floor|0", "Floor", np.array([0.0, -0.05, 0.0]), np.array([8.0, 0.1, 8.0]), 0.0)
    things = [floor]
    for number in range(1, OBJECTS):
        size = rng.uniform(0.1, 0.6, 3)
        carrier = things[rng.integers(len(things))] if rng.random() < 0.5 else floor
        top = carrier.center[1] + carrier.size[1] / 2
        spot = rng.uniform(-2.0, 2.0, 2) if carrier is floor else np.array(carrier.center)[[0, 2]]
        center = np.array([spot[0], top + size[1] / 2, spot[1]])
        kind = KINDS[number % len(KINDS)]
        thing = _box(f"{kind}|{number}", kind, center, size, float(rng.uniform(0, 360)))
        things.append(replace(thing, parents=(carrier.id,)))
    return Scene("FloorPlan1", tuple(things), camera, EngineInfo("bench", "1"), _masks(things, camera))


def _box(name: str, kind: str, center: np.ndarray, size: np.ndarray, yaw: float) -> SceneObject:
    sine, cosine = np.sin(np.radians(yaw)), np.cos(np.radians(yaw))
    turn = np.array([[cosine, 0.0, sine], [0.0, 1.0, 0.0], [-sine, 0.0, cosine]])
    signs = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    corners = center + (signs * size / 2) @ turn.T
    extent = np.ptp(corners, axis=0)
    place = tuple(float(v) for v in center)
    return SceneObject(
        name, name, kind, place, tuple(map(float, extent)), place, (0.0, yaw, 0.0), corners, movable=kind != "Floor"
    )


def _masks(things: list[SceneObject], camera: Camera) -> dict[str, MaskStats]:
    masks = {}
    for thing in things:
        part = frame_part(projected_hull(thing, camera), camera)
        if polygon_area(part) > 1:
            x0, y0, x1, y1 = (int(v) for v in bounds(part))
            masks[thing.id] = MaskStats(int(polygon_area(part) * 0.7), (x0, y0, x1, y1), cut=False)
    return masks


def measure() -> float:
    """Scenes labelled in a second: of each scene the fastest of several rounds, as neighbours disturb the others."""
    rng = np.random.default_rng(0)
    thresholds = ValidityConfig()
    scenes = [room(rng) for _ in range(SCENES)]
    fastest = np.full(SCENES, np.inf)
    for _ in range(ROUNDS):
        for number, scene in enumerate(scenes):
            start = time.perf_counter()
            label(scene, thresholds)
            fastest[number] = min(fastest[number], time.perf_counter() - start)
    return SCENES / float(fastest.sum())


if __name__ == "__main__":
    print(f"labelling: {measure():,.0f} scenes/s of {OBJECTS} objects on one core")  # noqa: T201

"""Rooms in which, as in real ones, what a thing is already says much about where it is and how large.

Lamps stand high, dog beds lie low, mugs stand on tables and never under them, sofas are large, chairs come in fours.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np

from rls3.scene.geometry import bounds, frame_part, polygon_area, projected_hull
from rls3.scene.model import Camera, EngineInfo, MaskStats, Scene, SceneObject, Vec3

CARRIERS = {
    "CoffeeTable": (1.1, 0.45, 0.6),
    "DiningTable": (1.6, 0.76, 0.95),
    "Desk": (1.3, 0.76, 0.65),
    "SideTable": (0.5, 0.58, 0.45),
    "TVStand": (1.4, 0.52, 0.42),
    "Dresser": (1.1, 0.9, 0.5),
    "Stool": (0.4, 0.65, 0.4),
    "Chair": (0.46, 0.9, 0.5),
    "Sofa": (2.0, 0.85, 0.92),
    "ArmChair": (0.85, 0.9, 0.85),
}
ON_FLOOR = {
    "DogBed": (0.8, 0.15, 0.65),
    "GarbageCan": (0.36, 0.55, 0.36),
    "BasketBall": (0.24, 0.24, 0.24),
    "FloorLamp": (0.42, 1.6, 0.42),
    "HousePlant": (0.45, 0.75, 0.45),
    "Box": (0.4, 0.3, 0.32),
    "Boots": (0.26, 0.28, 0.3),
}
ON_TOP = {
    "Mug": (0.12, 0.1, 0.12),
    "Bowl": (0.2, 0.1, 0.2),
    "Book": (0.2, 0.05, 0.25),
    "Laptop": (0.34, 0.24, 0.26),
    "DeskLamp": (0.22, 0.48, 0.3),
    "Vase": (0.18, 0.34, 0.18),
    "Statue": (0.18, 0.38, 0.16),
    "Television": (1.1, 0.7, 0.24),
    "Pillow": (0.5, 0.16, 0.38),
    "TeddyBear": (0.3, 0.38, 0.26),
    "Box": (0.4, 0.3, 0.32),
    "TissueBox": (0.24, 0.13, 0.12),
    "HousePlant": (0.45, 0.55, 0.45),
}
ON_WALL = {
    "Painting": (0.8, 0.6, 0.05),
    "Window": (1.3, 1.3, 0.1),
    "Shelf": (0.9, 0.1, 0.26),
    "Mirror": (0.7, 1.0, 0.06),
}
FRONTED = ("Chair", "Sofa", "ArmChair", "Television", "Laptop", "Dresser")
MATERIALS = (("Wood",), ("Metal",), ("Fabric",))


def lopsided_room(seed: int) -> Scene:
    """A furnished room of 6 x 6 m seen from a random side; every mask is the object's projected box."""
    rng = np.random.default_rng(seed)
    things = list(_furniture(rng))
    view = _camera(rng)
    scene = Scene(f"room{seed}", tuple(things), view, EngineInfo("test", "1"))
    return replace(scene, masks={thing.id: mask for thing in things if (mask := _mask(thing, view)) is not None})


def after_a_change(before: Scene, seed: int) -> Scene:
    """The scene after one small thing was put elsewhere at its height, or after the camera turned and stepped aside."""
    rng = np.random.default_rng(seed)
    things, view = list(before.objects), before.camera
    if rng.random() < 0.5:
        x, y, z = view.position
        view = replace(view, yaw=view.yaw + rng.uniform(5, 15), position=(x + rng.uniform(0.2, 0.4), y, z))
    else:
        index = int(rng.choice([i for i, thing in enumerate(things) if thing.movable]))
        shift = rng.uniform(-1.0, 1.0, 3) * (1.0, rng.random() < 0.4, 1.0)
        x, y, z = things[index].center + shift
        things[index] = _placed(things[index], (x, max(y, 0.1), z))
    masks = {thing.id: mask for thing in things if (mask := _mask(thing, view)) is not None}
    return replace(before, objects=tuple(things), camera=view, masks=masks)


def _furniture(rng: np.random.Generator) -> list[SceneObject]:
    places = [np.array(p) for p in itertools.product((-2.2, -0.75, 0.75, 2.2), repeat=2)]
    rng.shuffle(places)
    kinds = list(rng.choice(list(CARRIERS), 6, replace=False)) + ["Chair"] * int(rng.integers(0, 3))
    kinds += list(rng.choice(list(ON_FLOOR), 4, replace=False))
    numbers: dict[str, int] = {}
    things: list[SceneObject] = []

    def add(kind: str, x: float, bottom: float, z: float, size: Vec3, parents: tuple[str, ...] = ()) -> SceneObject:
        numbers[kind] = numbers.get(kind, 0) + 1
        thing = _box(kind, numbers[kind], (x, bottom + size[1] / 2, z), size, parents, rng)
        things.append(thing)
        return thing

    for kind, (x, z) in zip(kinds, places, strict=False):
        size = _varied((CARRIERS | ON_FLOOR)[kind], rng)
        x, z = x + rng.uniform(-0.2, 0.2), z + rng.uniform(-0.2, 0.2)
        carrier = add(kind, x, 0.0, z, size)
        if kind in CARRIERS:
            for side in rng.permutation([-1, 1])[: rng.integers(0, 3)]:
                small = str(rng.choice(list(ON_TOP)))
                add(small, x + side * size[0] * 0.28, size[1], z, _varied(ON_TOP[small], rng), (carrier.id,))
    for kind in rng.choice(list(ON_WALL), 2, replace=False):
        add(str(kind), rng.uniform(-2, 2), rng.uniform(1.2, 1.7), 2.9, _varied(ON_WALL[kind], rng))
    return things


def _varied(size: Vec3, rng: np.random.Generator) -> Vec3:
    x, y, z = (float(edge * rng.uniform(0.75, 1.35)) for edge in size)
    return x, y, z


def _box(
    kind: str, number: int, center: Vec3, size: Vec3, parents: tuple[str, ...], rng: np.random.Generator
) -> SceneObject:
    signs = np.array(list(itertools.product((-0.5, 0.5), repeat=3)))
    return SceneObject(
        id=f"{kind}|{number}",
        name=f"{kind}_{number}",
        type=kind,
        center=center,
        size=size,
        position=center,
        rotation=(0.0, 0.0, 0.0),
        corners=np.asarray(center) + signs * np.asarray(size),
        parents=parents,
        movable=kind not in ON_WALL,
        receptacle=kind in CARRIERS or kind == "Box",
        materials=MATERIALS[rng.integers(3)],
        front_yaw=float(rng.integers(4) * 90) if kind in FRONTED else None,
    )


def _placed(thing: SceneObject, center: Vec3) -> SceneObject:
    corners = thing.corners - thing.center + np.asarray(center)
    return replace(thing, center=center, position=center, corners=corners, parents=())


def _camera(rng: np.random.Generator) -> Camera:
    yaw = float(rng.uniform(0, 360))
    distance = rng.uniform(2.0, 3.2)
    x, z = -distance * np.sin(np.radians(yaw)), -distance * np.cos(np.radians(yaw))
    return Camera((float(x), 1.5, float(z)), yaw + rng.uniform(-15, 15), float(rng.uniform(10, 30)), 70.0, 224, 224)


def _mask(thing: SceneObject, camera: Camera) -> MaskStats | None:
    outline = frame_part(projected_hull(thing, camera), camera)
    pixels = int(polygon_area(outline))
    if pixels == 0:
        return None
    x0, y0, x1, y1 = (int(edge) for edge in bounds(outline))
    return MaskStats(pixels, (x0, y0, x1, y1), x0 <= 0 or y0 <= 0 or x1 >= camera.width or y1 >= camera.height)

"""Small scenes for tests: boxes, a camera, masks."""

from __future__ import annotations

import itertools

import numpy as np

from rls3.scene.model import Camera, EngineInfo, MaskStats, Scene, SceneObject, Vec3


def thing(
    kind: str,
    center: Vec3,
    size: Vec3 = (0.2, 0.2, 0.2),
    *,
    movable: bool = True,
    receptacle: bool = False,
    held: bool = False,
    parents: tuple[str, ...] = (),
    number: int = 0,
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
        movable=movable,
        receptacle=receptacle,
        held=held,
    )


def camera(yaw: float = 0.0, position: Vec3 = (0.0, 1.5, -2.0), horizon: float = 20.0) -> Camera:
    return Camera(position, yaw, horizon, 60.0, 224, 224)


def scene(*objects: SceneObject, view: Camera | None = None, masks: dict[str, MaskStats] | None = None) -> Scene:
    return Scene("FloorPlan1", objects, view or camera(), EngineInfo("test", "1"), masks)

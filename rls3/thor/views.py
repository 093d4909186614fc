"""Pictures of scenes as they naturally are, which no edit has prepared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from rls3.scene.geometry import distance, frame_part, polygon_area, projected_hull
from rls3.scene.model import Scene
from rls3.scene.naming import uniquely_named
from rls3.thor.picture import View
from rls3.thor.viewpoint import EYE_ABOVE_AGENT_M

if TYPE_CHECKING:
    from rls3.thor.simulator import Simulator

MAX_HORIZON_DEG = 30.0
LEAST_PIXELS = 80
MAX_DISTANCE_M = 6.0
TRIES_PER_VIEW = 40


def natural_views(simulator: Simulator, scene: str, *, seed: int, count: int) -> Iterator[View]:
    """Pictures from random reachable places in which at least two uniquely named objects show.

    Small objects are spawned anew by the seed. Fewer than `count` views come where a scene hardly has such places.

    Args:
        simulator: a driven engine; the scene is loaded into it.
        scene: scene name or house file.
        seed: of spawning, places and directions.
        count: how many views are wanted.
    """
    simulator.reset(scene, spawn_seed=seed)
    yield from islice(look_around(simulator, np.random.default_rng(seed), count * TRIES_PER_VIEW), count)


def look_around(simulator: Simulator, rng: np.random.Generator, tries: int = TRIES_PER_VIEW) -> Iterator[View]:
    """Pictures of the loaded scene as it is, from as many random reachable places as `tries` allow."""
    if len(simulator.reachable) == 0:
        return
    for _ in range(tries):
        x, y, z = (float(v) for v in simulator.reachable[rng.integers(len(simulator.reachable))])
        yaw, horizon = float(rng.integers(360)), round(float(rng.uniform(0.0, MAX_HORIZON_DEG)), 1)
        eye = (x, y + EYE_ABOVE_AGENT_M, z)
        camera = replace(simulator.scene.camera, position=eye, yaw=yaw, horizon=horizon)
        if named_count(replace(simulator.scene, camera=camera)) < 2:
            continue
        view = simulator.look_from((x, y, z), yaw, horizon)
        if view is not None and named_count(view.scene) >= 2:
            yield view


def named_count(scene: Scene) -> int:
    """How many objects of a fair size show under a name of their own, by masks or, without masks, by projection."""
    return sum(
        _pixels(scene, index) >= LEAST_PIXELS and uniquely_named(scene, thing)
        for index, thing in enumerate(scene.objects)
    )


def _pixels(scene: Scene, index: int) -> float:
    thing = scene.objects[index]
    if scene.masks is not None:
        return scene.masks[thing.id].pixels if thing.id in scene.masks else 0
    if distance(scene.camera, thing) > MAX_DISTANCE_M:
        return 0.0
    return polygon_area(frame_part(projected_hull(thing, scene.camera), scene.camera))

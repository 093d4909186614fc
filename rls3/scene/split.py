"""Which scenes and seeds train, and which are held out: to steer, to stop early, and to report.

Every kind of iTHOR room has thirty plans: 1-20 train, 21-23 make the feedback pool, 24 and 25 the stopping pool, 26-30
the report pool. They are the train, val (feedback and stopping) and test plans of AI2-THOR's own split.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from rls3.errors import ConfigError, nearest

SceneType = Literal["kitchen", "living_room", "bedroom", "bathroom", "house"]

_BASES: dict[int, SceneType] = {0: "kitchen", 200: "living_room", 300: "bedroom", 400: "bathroom"}


def _plans(first: int, last: int) -> tuple[str, ...]:
    """Plans first..last of each kind, the kinds taking turns, so that any prefix is mixed."""
    return tuple(f"FloorPlan{base + number}" for number in range(first, last + 1) for base in _BASES)


TRAIN_SCENES = _plans(1, 20)
TRAINING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"train": TRAIN_SCENES, "train-1": _plans(1, 10), "train-2": _plans(11, 20)}
)
"""Names that stand for many training scenes: all of them, and two halves, of which one may be for practice."""
POOLS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"feedback": _plans(21, 23), "stopping": _plans(24, 25), "report": _plans(26, 30)}
)
"""The held-out scenes: "feedback" steers the policy, "stopping" ends fits early, "report" is only ever reported."""
HELD_OUT_SEEDS = range(2**31 - 2**20, 2**31)
"""Seeds of spawning that only held-out scenes get; the largest of the 32-bit ones that AI2-THOR takes."""


def held_out_pool(scene: str) -> str | None:
    """The pool that a scene is held out for; None when it may train."""
    plain = scene.removesuffix("_physics")
    return next((pool for pool, scenes in POOLS.items() if plain in scenes), None)


def spawn_seed(scene: str, number: int) -> int:
    """The seed of spawning that a whole number stands for: held-out scenes and those that may train never share one."""
    if held_out_pool(scene):
        return HELD_OUT_SEEDS[number % len(HELD_OUT_SEEDS)]
    return number % HELD_OUT_SEEDS.start


def scene_type(scene_id: str) -> SceneType:
    """The kind of room of an iTHOR scene; anything else is a house."""
    digits = scene_id.removeprefix("FloorPlan")
    if digits == scene_id or not digits.isdigit():
        return "house"
    base, number = divmod(int(digits), 100)
    return _BASES.get(base * 100, "house") if 1 <= number <= 30 else "house"


def training_scenes(names: tuple[str, ...]) -> tuple[str, ...]:
    """The scenes of `sim.scenes`, names of `TRAINING` spelled out; duplicates are dropped.

    Args:
        names: scene names such as "FloorPlan7", names of `TRAINING`, or paths of ProcTHOR house files (*.json).

    Raises:
        ConfigError: nothing named, a held-out scene, an unknown scene, or a house file that does not exist.
    """
    if not names:
        raise ConfigError(
            "sim.scenes is empty; give 'train', scene names such as 'FloorPlan1', or house files (*.json)"
        )
    resolved: list[str] = []
    for name in names:
        resolved.extend(TRAINING.get(name) or (_checked(name),))
    return tuple(dict.fromkeys(resolved))


def _checked(name: str) -> str:
    if name.endswith(".json"):
        if not Path(name).is_file():
            raise ConfigError(f"house file '{name}' of sim.scenes does not exist")
        return name
    if pool := held_out_pool(name):
        raise ConfigError(
            f"scene '{name}' of sim.scenes is held out for the {pool} pool; plans 1-20 of each kind may train, "
            "for example FloorPlan1, FloorPlan201, FloorPlan301, FloorPlan401, or 'train' for all of them"
        )
    plain = name.removesuffix("_physics")
    if plain not in TRAIN_SCENES:
        raise ConfigError(
            f"unknown scene '{name}' in sim.scenes{nearest(plain, TRAIN_SCENES)}; allowed: "
            f"{', '.join(TRAINING)}, FloorPlan1-20, 201-220, 301-320, 401-420, or house files (*.json)"
        )
    return plain

"""What of a scene a policy may choose from: which objects to move, beside which others, seen from where."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rls3.config import SamplerConfig
from rls3.sampling.simulator import EditableSimulator
from rls3.scene.edit import NUM_VIEWS
from rls3.scene.model import Scene, SceneObject
from rls3.scene.naming import STRUCTURAL_TYPES

#: The least extent of what is offered, and the greatest of what is moved, metres.
MIN_SIZE_M, MAX_SUBJECT_SIZE_M = 0.12, 0.7
_FIXTURES = (
    "Blinds Curtains Doorframe Doorway LightSwitch Mirror Painting Poster Rug ShowerCurtain ShowerDoor ShowerGlass "
    "TargetCircle Window"
)
NEVER_OFFERED = STRUCTURAL_TYPES | frozenset(_FIXTURES.split())
"""AI2-THOR types that are part of the building, hang on it or lie flat: nothing can be put beside them."""


@dataclass(frozen=True)
class Situation:
    """What a policy may choose from.

    Attributes:
        scene: as it is now.
        subjects: ids of objects that may be moved, largest first.
        references: ids of objects to move them beside, largest first; never a subject.
        views: (len(references), NUM_VIEWS) bool: from where each reference can be looked at.
        step: edits made in this episode.
    """

    scene: Scene
    subjects: tuple[str, ...]
    references: tuple[str, ...]
    views: NDArray[np.bool_]
    step: int


def offer(simulator: EditableSimulator, scene: Scene, config: SamplerConfig) -> Situation:
    """What may be edited in a scene: subjects first, then references among the rest: the branches of an action factor.

    Args:
        simulator: the scene is loaded in it.
        scene: as it is now.
        config: how many objects are offered.
    """
    counts = Counter(thing.type for thing in scene.objects)
    single = [o for o in scene.objects if counts[o.type] == 1 and o.type not in NEVER_OFFERED]
    single = [o for o in single if extent(o) >= MIN_SIZE_M]
    single.sort(key=lambda o: (-extent(o), o.id))
    movable = [o for o in single if o.movable and extent(o) <= MAX_SUBJECT_SIZE_M]
    subjects = tuple(o.id for o in movable[: config.max_subjects])
    references: list[str] = []
    views: list[tuple[bool, ...]] = []
    for thing in single:
        if len(references) == config.max_references:
            break
        if thing.id in subjects:
            continue
        seen = simulator.can_view(thing.id)
        if any(seen):
            references.append(thing.id)
            views.append(seen)
    reachable = np.array(views, dtype=np.bool_).reshape(len(views), NUM_VIEWS)
    return Situation(scene, subjects, tuple(references), reachable, 0)


def extent(thing: SceneObject) -> float:
    """Longest side of the object's axis-aligned box, metres."""
    return max(thing.size)

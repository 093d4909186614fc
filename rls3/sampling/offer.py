"""What of a scene a policy may choose from: which objects to move, beside which others, seen from where."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rls3.config import SamplerConfig
from rls3.sampling.choices import Choices, Flags
from rls3.sampling.simulator import EditableSimulator
from rls3.scene.edit import ASKED, CHANGES, DISTANCES, NUM_VIEWS, PLACEMENTS, TURNS_DEG, Edit
from rls3.scene.feasibility import feasible
from rls3.scene.figure import volume
from rls3.scene.model import Scene, SceneObject
from rls3.scene.naming import STRUCTURAL_TYPES
from rls3.scene.traits import CLOSING_TYPES

#: The least extent of what is offered, and the greatest of what is moved, metres.
MIN_SIZE_M, MAX_SUBJECT_SIZE_M = 0.12, 1.3
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
        references: ids of objects to move them beside, largest first; a subject may be among them.
        views: (len(references), NUM_VIEWS) bool: from where each reference can be looked at.
        choices: which edits are legal.
        step: edits made in this episode.
    """

    scene: Scene
    subjects: tuple[str, ...]
    references: tuple[str, ...]
    views: Flags
    choices: Choices
    step: int

    def edit(self, action: Sequence[int]) -> Edit:
        """What an action, a number per branch, means here.

        Raises:
            ValueError: it is not legal.
        """
        self.choices.check(action)
        subject, reference, asked, placement, view, distance, turn, change = (int(choice) for choice in action)
        return Edit(
            self.subjects[subject],
            self.references[reference],
            PLACEMENTS[placement],
            view,
            ASKED[asked],
            DISTANCES[distance],
            TURNS_DEG[turn],
            CHANGES[change],
        )


def offer(simulator: EditableSimulator, scene: Scene, config: SamplerConfig, rng: np.random.Generator) -> Situation:
    """What may be edited in a scene: subjects and references of all sizes, from small to large.

    Args:
        simulator: the scene is loaded in it.
        scene: as it is now.
        config: how many objects are offered.
        rng: draws those offered among all that may be.
    """
    counts = Counter(thing.type for thing in scene.objects)
    single = [o for o in scene.objects if counts[o.type] == 1 and o.type not in NEVER_OFFERED]
    single = [o for o in single if extent(o) >= MIN_SIZE_M]
    single.sort(key=lambda o: (-volume(o), o.id))
    movable = [o for o in single if o.movable and not o.held and extent(o) <= MAX_SUBJECT_SIZE_M]
    views = {o.id: _views(simulator, o) for o in single}
    subjects = _spread(movable, config.max_subjects, rng)
    references = _spread([o for o in single if any(views[o.id])], config.max_references, rng)
    return _situation(scene, subjects, references, [views[o.id] for o in references], 0)


def offer_again(simulator: EditableSimulator, scene: Scene, before: Situation) -> Situation:
    """What may be edited next: the same objects, after an edit that may have moved some of them.

    Args:
        simulator: the scene is loaded in it.
        scene: as it is now.
        before: what was on offer before the edit.
    """
    if scene is before.scene:
        return replace(before, step=before.step + 1)
    subjects = [scene.by_id(object_id) for object_id in before.subjects]
    references = [scene.by_id(object_id) for object_id in before.references]
    views = [_views(simulator, o) for o in references]
    return _situation(scene, subjects, references, views, before.step + 1)


def extent(thing: SceneObject) -> float:
    """Longest side of the object's axis-aligned box, metres."""
    return max(thing.size)


def _views(simulator: EditableSimulator, thing: SceneObject) -> tuple[bool, ...]:
    """From which sides it can be looked at; from none while it is behind a door."""
    if any(parent.partition("|")[0] in CLOSING_TYPES for parent in thing.parents):
        return (False,) * NUM_VIEWS
    return simulator.can_view(thing.id)


def _situation(
    scene: Scene,
    subjects: Sequence[SceneObject],
    references: Sequence[SceneObject],
    views: Sequence[tuple[bool, ...]],
    step: int,
) -> Situation:
    seen = np.array(views, dtype=np.bool_).reshape(len(views), NUM_VIEWS)
    found = feasible(scene, subjects, references, seen)
    choices = Choices(found.edits, found.distances)
    return Situation(scene, tuple(o.id for o in subjects), tuple(o.id for o in references), seen, choices, step)


def _spread(things: Sequence[SceneObject], count: int, rng: np.random.Generator) -> list[SceneObject]:
    """Some of the things, one from each of `count` equal parts of their order, in that order; all if they are fewer."""
    if len(things) <= count:
        return list(things)
    ends = np.linspace(0, len(things), count + 1).round().astype(int)
    return [things[int(rng.integers(low, high))] for low, high in itertools.pairwise(ends)]

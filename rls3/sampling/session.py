"""One slot: a simulator whose scene is edited step by step, and the sample that each edit makes.

An episode edits one scene for a few steps; then the next scene is loaded with small objects spawned anew. An edit
that does not make a valid sample is undone, so that it costs a step and leaves nothing behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rls3.config import SamplerConfig, ValidityConfig
from rls3.errors import ConfigError
from rls3.samples.labelling import Picture, Provenance, make_sample, refused_sample
from rls3.samples.record import Sample
from rls3.scene.edit import NUM_VIEWS, Edit
from rls3.scene.model import Scene, SceneObject
from rls3.scene.naming import STRUCTURAL_TYPES
from rls3.scene.split import spawn_seed

MIN_SIZE_M, MAX_SUBJECT_SIZE_M = 0.12, 0.7
_FIXTURES = (
    "Blinds Curtains Doorframe Doorway LightSwitch Mirror Painting Poster Rug ShowerCurtain ShowerDoor ShowerGlass "
    "TargetCircle Window"
)
NEVER_OFFERED = STRUCTURAL_TYPES | frozenset(_FIXTURES.split())
"""AI2-THOR types that are part of the building, hang on it or lie flat: nothing can be put beside them."""

_ORDER, _SPAWN, _LABEL = range(3)  # separate random streams of one (seed, slot, episode)


class EditResult(Protocol):
    """What a simulator made of an edit: a view, or the reason why it refused."""

    @property
    def view(self) -> Picture | None:
        """The picture after the edit; None when it was refused."""
        ...

    @property
    def refused(self) -> str | None:
        """Why nothing happened; None when the edit was made."""
        ...


class EditableSimulator(Protocol):
    """What a session asks of a simulator; `rls3.thor.simulator.Simulator` is one."""

    @property
    def restarts(self) -> int:
        """How often the engine was started again."""
        ...

    def reset(self, scene: str, *, spawn_seed: int | None = None) -> Scene:
        """Load a scene, its small objects spawned by seed."""
        ...

    def apply(self, edit: Edit) -> EditResult:
        """Make an edit and look at it; a refused edit changes nothing."""
        ...

    def undo(self) -> object:
        """Take the last edit back."""
        ...

    def can_view(self, reference_id: str) -> tuple[bool, ...]:
        """From which of the NUM_VIEWS sides the object can be looked at."""
        ...

    def close(self) -> None:
        """Stop the engine."""
        ...


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


@dataclass(frozen=True)
class StepOutcome:
    """What an edit led to, without its pictures.

    Attributes:
        sample_id: the sample it made.
        valid: whether that is a training sample.
        invalid: why not.
        terms: its relation terms.
        situation: what can be chosen from next.
        restarts: simulator restarts since the last outcome.
    """

    sample_id: str
    valid: bool
    invalid: tuple[str, ...]
    terms: tuple[str, ...]
    situation: Situation
    restarts: int


class EditSession:
    """Edits scenes in one simulator and labels what comes out.

    Args:
        simulator: the session's own; `close` stops it.
        sampler: name written into samples and their ids.
        seed: of the run.
        slot: number of the session within the run; part of every random stream.
        scenes: names to cycle through, in an order drawn anew for each pass.
        sampler_config: length of an episode and how many objects are offered.
        validity: when a sample may teach.
        first_episode: number of the first episode; past all recorded ones when a run resumes, so that no id repeats.

    Raises:
        ConfigError: `scenes` is empty.
    """

    def __init__(
        self,
        simulator: EditableSimulator,
        *,
        sampler: str,
        seed: int,
        slot: int,
        scenes: Sequence[str],
        sampler_config: SamplerConfig,
        validity: ValidityConfig,
        first_episode: int = 0,
    ) -> None:
        if not scenes:
            raise ConfigError("no scene to edit; name some in sim.scenes, for example 'train' or [FloorPlan1]")
        self._simulator = simulator
        self._sampler, self._seed, self._slot = sampler, seed, slot
        self._scenes = tuple(scenes)
        self._config, self._validity = sampler_config, validity
        self._next_episode = first_episode
        self._told_restarts = simulator.restarts
        self._situation: Situation | None = None

    def reseed(self, seed: int) -> None:
        """Start over: the next `reset` begins episode 0 of that seed."""
        self._seed, self._next_episode, self._situation = seed, 0, None

    def reset(self) -> Situation:
        """Begin the next episode in the next scene that offers something to edit.

        Raises:
            ConfigError: a whole pass over the scenes found nothing to edit.
        """
        for _ in self._scenes:
            episode = self._next_episode
            self._next_episode += 1
            name = self._scene_of(episode)
            seed = spawn_seed(name, int(self._rng(_SPAWN, episode).integers(2**31)))
            scene = self._simulator.reset(name, spawn_seed=seed)
            situation = offer(self._simulator, scene, self._config)
            if situation.subjects and situation.references:
                self._situation = situation
                return situation
        raise ConfigError(
            f"none of {len(self._scenes)} scenes has a movable object of {MIN_SIZE_M} to {MAX_SUBJECT_SIZE_M} m and "
            "another to put it beside, each the only one of its type; choose other scenes in sim.scenes"
        )

    def step(self, edit: Edit, policy_version: int) -> tuple[StepOutcome, Sample]:
        """Make an edit, label it, and take it back unless the sample is valid.

        Args:
            edit: ids must be among the current situation's subjects and references.
            policy_version: written into the sample.

        Raises:
            ValueError: an id that is not on offer, or no episode has begun.
        """
        before = self._offered(edit)
        provenance = self._provenance(edit, before.step, policy_version)
        result = self._simulator.apply(edit)
        if result.view is None:
            sample = refused_sample(before.scene, edit, result.refused or "refused", provenance)
            scene = before.scene
        else:
            sample = make_sample(
                result.view,
                edit.subject_id,
                edit.reference_id,
                provenance=provenance,
                validity=self._validity,
                rng=self._rng(_LABEL, provenance.episode, before.step),
            )
            scene = result.view.scene
            if not sample.valid:
                self._simulator.undo()
                scene = before.scene
        situation = Situation(scene, before.subjects, before.references, before.views, before.step + 1)
        self._situation = situation
        restarts = self._simulator.restarts - self._told_restarts  # those while a scene was loaded count too
        self._told_restarts = self._simulator.restarts
        outcome = StepOutcome(sample.sample_id, sample.valid, sample.invalid, sample.terms, situation, restarts)
        return outcome, sample

    def close(self) -> None:
        """Stop the simulator."""
        self._simulator.close()

    def _rng(self, stream: int, *key: int) -> np.random.Generator:
        return np.random.default_rng((stream, self._seed, self._slot, *key))

    def _scene_of(self, episode: int) -> str:
        turn, index = divmod(episode, len(self._scenes))
        order = self._rng(_ORDER, turn).permutation(len(self._scenes))
        return self._scenes[int(order[index])]

    def _provenance(self, edit: Edit, step: int, policy_version: int) -> Provenance:
        episode = self._next_episode - 1
        return Provenance(
            sample_id=f"{self._sampler}-{self._seed}-{self._slot:03d}-{episode:05d}-{step:03d}",
            sampler=self._sampler,
            seed=self._seed,
            slot=self._slot,
            episode=episode,
            step=step,
            placement=edit.placement,
            view=edit.view,
            policy_version=policy_version,
        )

    def _offered(self, edit: Edit) -> Situation:
        situation = self._situation
        if situation is None:
            raise ValueError("no episode has begun; call reset() before step()")
        if edit.subject_id not in situation.subjects or edit.reference_id not in situation.references:
            raise ValueError(
                f"cannot move '{edit.subject_id}' beside '{edit.reference_id}'; subjects: "
                f"{', '.join(situation.subjects)}; references: {', '.join(situation.references)}"
            )
        return situation


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

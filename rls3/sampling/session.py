"""One slot: a simulator whose scene is edited step by step, and the sample that each edit makes.

An episode edits one scene for a few steps; then the next scene is loaded with small objects spawned anew. An edit
that does not make a valid sample is undone, so that it costs a step and leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rls3.config import SamplerConfig, ValidityConfig
from rls3.errors import ConfigError
from rls3.samples.labelling import Provenance, make_sample, refused_sample
from rls3.samples.record import Sample
from rls3.sampling.asking import natural_sample
from rls3.sampling.knowledge import groups_of
from rls3.sampling.offer import MAX_SUBJECT_SIZE_M, MIN_SIZE_M, Situation, offer, offer_again
from rls3.sampling.simulator import EditableSimulator
from rls3.scene.edit import Edit
from rls3.scene.model import Scene
from rls3.scene.split import spawn_seed

_ORDER, _SPAWN, _LABEL, _LOOK, _OFFER = range(5)  # separate random streams of one (seed, slot, episode)


@dataclass(frozen=True)
class StepOutcome:
    """What an edit led to, without its pictures.

    Attributes:
        sample_id: the sample it made.
        valid: whether that is a training sample.
        invalid: why not.
        terms: its relation terms.
        groups: what it counts as, see `rls3.sampling.knowledge`; () when it is invalid.
        situation: what can be chosen from next.
        restarts: simulator restarts since the last outcome.
    """

    sample_id: str
    valid: bool
    invalid: tuple[str, ...]
    terms: tuple[str, ...]
    groups: tuple[str, ...]
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

    @property
    def episode(self) -> int:
        """Number of the present episode; scenes that offered nothing used up some before it."""
        return self._next_episode - 1

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
            situation = offer(self._simulator, scene, self._config, self._rng(_OFFER, episode))
            if not situation.choices.exhausted:
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
        provenance = self._provenance(edit.words, edit.view, before.step, policy_version)
        result = self._simulator.apply(edit)
        if result.view is None:
            sample = refused_sample(before.scene, edit, result.refused or "refused", provenance)
            scene = before.scene
        else:
            sample = make_sample(
                result.view,
                *edit.about,
                provenance=provenance,
                validity=self._validity,
                rng=self._rng(_LABEL, provenance.episode, before.step),
            )
            scene = result.view.scene
            if not sample.valid:
                self._simulator.undo()
                scene = before.scene
        return self._outcome(sample, scene, before), sample

    def look(self, policy_version: int) -> tuple[StepOutcome, Sample]:
        """Take a picture of the scene as it is, without an edit, and ask about it as people speak.

        Args:
            policy_version: written into the sample.

        Raises:
            ValueError: no episode has begun.
        """
        before = self._begun()
        provenance = self._provenance("", -1, before.step, policy_version)
        rng = self._rng(_LOOK, provenance.episode, before.step)
        sample = natural_sample(self._simulator.glance(rng), before.scene, provenance, self._validity, rng)
        return self._outcome(sample, before.scene, before), sample

    def close(self) -> None:
        """Stop the simulator."""
        self._simulator.close()

    def _rng(self, stream: int, *key: int) -> np.random.Generator:
        return np.random.default_rng((stream, self._seed, self._slot, *key))

    def _scene_of(self, episode: int) -> str:
        turn, index = divmod(episode, len(self._scenes))
        order = self._rng(_ORDER, turn).permutation(len(self._scenes))
        return self._scenes[int(order[index])]

    def _outcome(self, sample: Sample, scene: Scene, before: Situation) -> StepOutcome:
        """What an edit or a look led to, and the next situation, in the scene as it is now."""
        situation = offer_again(self._simulator, scene, before)
        self._situation = situation
        restarts = self._simulator.restarts - self._told_restarts  # those while a scene was loaded count too
        self._told_restarts = self._simulator.restarts
        groups = groups_of(sample) if sample.valid else ()
        return StepOutcome(sample.sample_id, sample.valid, sample.invalid, sample.terms, groups, situation, restarts)

    def _provenance(self, placement: str, view: int, step: int, policy_version: int) -> Provenance:
        episode = self.episode
        return Provenance(
            sample_id=f"{self._sampler}-{self._seed}-{self._slot:03d}-{episode:05d}-{step:03d}",
            sampler=self._sampler,
            seed=self._seed,
            slot=self._slot,
            episode=episode,
            step=step,
            placement=placement,
            view=view,
            policy_version=policy_version,
        )

    def _begun(self) -> Situation:
        if self._situation is None:
            raise ValueError("no episode has begun; call reset() before step()")
        return self._situation

    def _offered(self, edit: Edit) -> Situation:
        situation = self._begun()
        known = edit.subject_id in situation.subjects and edit.reference_id in situation.references
        if not known or edit.subject_id == edit.reference_id:
            raise ValueError(
                f"cannot move '{edit.subject_id}' beside '{edit.reference_id}'; subjects: "
                f"{', '.join(situation.subjects)}; references: {', '.join(situation.references)}"
            )
        return situation

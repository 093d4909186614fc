"""One visit of a scene for `rls3 generate`: pictures as it is and after single edits, and what can be asked about each.

A visit depends on the configuration and its number alone, so that any number of processes makes the same data set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from rls3.config import Config
from rls3.sampling.offer import Situation, offer
from rls3.scene.colors import colors_of
from rls3.scene.edit import TERMS, Edit
from rls3.scene.facts import Fact
from rls3.scene.language import Question, names_of, questions_of, varied
from rls3.scene.naming import Name
from rls3.scene.relations import relation
from rls3.scene.split import spawn_seed, training_scenes
from rls3.scene.truth import facts_of, facts_of_change
from rls3.scene.validity import FLOATING, OVERLAPPING, invalid_reasons
from rls3.thor.picture import View
from rls3.thor.simulator import Simulator
from rls3.thor.viewpoint import EYE_ABOVE_AGENT_M
from rls3.thor.views import natural_views

NATURAL_VIEWS = 3
EDIT_TRIES = 4
FACTS_PER_FAMILY = 4
"""How many facts of a family, by turns of all that can be said, are put into words."""
NOT_NAMEABLE = "not_nameable"
"""Reason against a fact: no name tells one of its objects apart, or only one that gives the answer away."""
TURNS_DEG = (8.0, 25.0)
"""How far the camera turns between the two pictures of a scene in which nothing moved."""


@dataclass(frozen=True)
class Shot:
    """One picture, or two of the same scene, and the questions that may be asked.

    Attributes:
        view: the picture.
        before: the picture before the change; None where only one picture is asked about.
        colors: object id -> its colour in `view`.
        candidates: family -> questions, those of one fact side by side.
        rejected: "family: reason" -> how many facts may not be asked for that reason.
        edit: the edit that led to `view`; None for a scene as it naturally is.
    """

    view: View
    before: View | None
    colors: Mapping[str, str]
    candidates: Mapping[str, tuple[Question, ...]]
    rejected: Mapping[str, int]
    edit: Edit | None


@dataclass(frozen=True)
class Visit:
    """What a visit brought.

    Attributes:
        shots: in the order of taking.
        refused: "edit: reason" -> how many edits could not be made or kept.
        restarts: engine restarts meanwhile.
    """

    shots: tuple[Shot, ...]
    refused: Mapping[str, int]
    restarts: int


def visit(config: Config, simulator: Simulator, number: int) -> Visit:
    """Visit number `number`: the next scene of an order drawn anew for each pass over all scenes."""
    return _Visitor(config, simulator, number).visit()


def scene_of_visit(config: Config, number: int) -> str:
    """Which scene a visit goes to."""
    scenes = training_scenes(config.sim.scenes)
    turn, place = divmod(number, len(scenes))
    return scenes[int(np.random.default_rng((config.run.seed, turn)).permutation(len(scenes))[place])]


@dataclass
class _Visitor:
    config: Config
    simulator: Simulator
    number: int
    refused: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng((self.config.run.seed, self.number, 1))
        self._changes = "change" in self.config.questions.families

    def visit(self) -> Visit:
        restarts = self.simulator.restarts
        shots = tuple(self._shots())
        return Visit(shots, dict(self.refused), self.simulator.restarts - restarts)

    def _shots(self) -> Iterator[Shot]:
        scene = scene_of_visit(self.config, self.number)
        seed = spawn_seed(scene, int(self.rng.integers(2**31)))
        for view in list(natural_views(self.simulator, scene, seed=seed, count=NATURAL_VIEWS)):
            yield self._shot(view)
            turn = float(self.rng.uniform(*TURNS_DEG)) * (1 if self.rng.random() < 0.5 else -1)
            turned = self._look_again(view, turn)
            if turned is not None and self._changes:
                yield self._shot(turned, before=view)
        if self.config.questions.sampler == "natural":
            return
        situation = offer(self.simulator, self.simulator.scene, self.config.sampler, self.rng)
        for step in range(self.config.sampler.episode_steps):
            yield from self._edited(situation, step)

    def _edited(self, situation: Situation, step: int) -> Iterator[Shot]:
        """The picture after an edit; then that picture and the one after another edit of the same object, as a pair."""
        balanced = self.config.questions.sampler == "balanced"
        wanted = (self.number * self.config.sampler.episode_steps + step) % len(TERMS)
        for _ in range(EDIT_TRIES if balanced else 1):
            action = situation.choices.draw(self.rng, wanted if balanced else None)
            if action is None:
                return
            edit = situation.edit(situation.choices.plain(action))
            view = self._apply(edit)
            if view is None:
                continue
            yield self._shot(view, edit=edit)
            others = [term for term in TERMS if term != edit.placement]
            again = replace(edit, placement=others[int(self.rng.integers(len(others)))])
            moved = self._apply(again, seen_as=view) if self._changes else None
            if moved is not None:
                yield self._shot(moved, before=view, edit=again)
            return

    def _apply(self, edit: Edit, seen_as: View | None = None) -> View | None:
        """The picture after an edit, which is taken back at once; None where it cannot be made or leaves a mess.

        Args:
            edit: the edit.
            seen_as: take the picture from where this one was taken; None = from where the edit shows best.
        """
        result = self.simulator.apply(edit)
        if result.view is None:
            self.refused[f"edit: {result.refused}"] += 1
            return None
        view = result.view if seen_as is None else self._look_again(seen_as, 0.0)
        self.simulator.undo()
        scene = result.view.scene
        subject, reference = scene.by_id(edit.subject_id), scene.by_id(edit.reference_id)
        truth = relation(subject, reference, scene.camera, self.config.validity)
        found = invalid_reasons(scene, subject, reference, truth, self.config.validity)
        mess = [reason for reason in (OVERLAPPING, FLOATING) if reason in found]
        self.refused.update(f"edit: {reason}" for reason in mess)
        return None if mess else view

    def _look_again(self, view: View, turn: float) -> View | None:
        """A picture of the scene as it is now from where `view` was taken, turned by `turn` degrees."""
        camera = view.scene.camera
        x, y, z = camera.position
        return self.simulator.look_from((x, y - EYE_ABOVE_AGENT_M, z), (camera.yaw + turn) % 360.0, camera.horizon)

    def _shot(self, view: View, *, before: View | None = None, edit: Edit | None = None) -> Shot:
        """Put what the picture decides into words, a few facts of each family, varied."""
        questions, validity = self.config.questions, self.config.validity
        if before is None:
            facts = facts_of(view.scene, validity, [family for family in questions.families if family != "change"])
        else:
            facts = facts_of_change(before.scene, view.scene, validity)
        colors = colors_of(view.image, view.ids, view.scene)
        names = names_of(view.scene, colors)
        rejected: Counter[str] = Counter()
        askable: dict[str, list[Fact]] = {}
        for fact in facts:
            rejected.update(f"{fact.family}: {reason}" for reason in fact.reasons)
            if fact.answerable:
                askable.setdefault(fact.family, []).append(fact)
        candidates = {}
        for family, found in askable.items():
            candidates[family], nameless = self._worded(found, view, names)
            rejected.update({f"{family}: {NOT_NAMEABLE}": nameless} if nameless else {})
        return Shot(view, before, colors, candidates, rejected, edit)

    def _worded(
        self, facts: list[Fact], view: View, names: Mapping[str, Name | None]
    ) -> tuple[tuple[Question, ...], int]:
        """Questions on some of the facts, as varied as they are, and how many could not be put into words."""
        questions: list[Question] = []
        worded = nameless = 0
        for fact in varied(facts, self.rng):
            asked = questions_of(fact, view.scene, names, self.rng, self.config.validity)
            nameless += not asked
            fitting = [question for question in asked if question.kind in self.config.questions.kinds]
            questions += fitting
            worded += bool(fitting)
            if worded == FACTS_PER_FAMILY:
                break
        return tuple(questions), nameless

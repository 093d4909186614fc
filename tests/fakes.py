"""Stand-ins: a room in memory for simulators, a stage without labels, a cell of a comparison without a run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rls3.runtime.compare_grid import Cell
from rls3.sampling.choices import Choices
from rls3.sampling.offer import Situation
from rls3.sampling.session import StepOutcome
from rls3.scene.cells import cell_of
from rls3.scene.edit import DISTANCES, NUM_VIEWS, PLACEMENTS, TERMS, Edit
from rls3.scene.geometry import bounds, distance, frame_part, projected_hull, viewer_axes
from rls3.scene.model import Camera, EngineInfo, MaskStats, Scene, SceneObject, Vec3

PIXELS = 64
_OFFSETS = {
    "left": (-1, 0),
    "right": (1, 0),
    "behind": (0, 1),
    "front": (0, -1),
    "above": (0, 0),
    "on": (0, 0),
    "between": (1, 1),
}


def make_object(kind: str, center: Vec3, size: Vec3, *, movable: bool = True, number: int = 1) -> SceneObject:
    """A box-shaped object."""
    name = f"{kind}|{number}"
    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    corners = np.array(center) + signs * np.array(size) / 2
    return SceneObject(name, name, kind, center, size, center, (0.0, 0.0, 0.0), corners, movable=movable)


def camera_at(target: Vec3, view: int) -> Camera:
    """Camera at 1.5 m height, 3 m from a target, looking at it from side `view`."""
    _, ahead = viewer_axes(45.0 * view)
    return Camera((target[0] - 3 * ahead[0], 1.5, target[2] - 3 * ahead[2]), 45.0 * view, 15.0, 60.0, PIXELS, PIXELS)


def make_room(name: str = "FloorPlan1", spawn_seed: int | None = None) -> Scene:
    """A kitchen of nine objects: a floor, a pair of chairs, fixtures and single movable things."""
    shift = np.random.default_rng(spawn_seed).uniform(-0.3, 0.3, 6)
    objects = (
        make_object("Floor", (0.0, -0.05, 0.0), (8.0, 0.1, 8.0), movable=False),
        make_object("Fridge", (-2.0, 0.9, 2.0), (0.8, 1.8, 0.8), movable=False),
        make_object("Sink", (2.0, 0.5, 2.0), (0.6, 1.0, 0.5), movable=False),
        make_object("Chair", (1.0, 0.5, -2.0), (0.5, 1.0, 0.5)),
        make_object("Chair", (2.0, 0.5, -2.0), (0.5, 1.0, 0.5), number=2),
        make_object("Stool", (shift[0], 0.3, shift[1]), (0.5, 0.6, 0.5)),
        make_object("Pot", (1.0 + shift[2], 0.2, shift[3]), (0.4, 0.4, 0.4)),
        make_object("Toaster", (-1.0 + shift[4], 0.2, shift[5]), (0.3, 0.3, 0.3)),
        make_object("Fork", (-2.0, 0.01, 0.0), (0.03, 0.02, 0.1)),
    )
    return Scene(name, objects, camera_at((0.0, 0.5, 0.0), 0), EngineInfo("fake", "1"), masks=None)


@dataclass(frozen=True)
class FakeView:
    """A picture in which everything is a rectangle."""

    scene: Scene
    image: NDArray[np.uint8]
    ids: NDArray[np.int16]


@dataclass(frozen=True)
class FakeResult:
    """As `rls3.thor.simulator.EditResult`."""

    view: FakeView | None
    refused: str | None


class FakeSimulator:
    """Edits `make_room` without an engine; places subjects exactly where they are wanted.

    Args:
        refuse: reason to refuse an edit, or None to make it; "below" and "under" are always refused.
        hide: whether the subject shows no pixel after an edit, which makes the sample invalid.
    """

    def __init__(
        self,
        refuse: Callable[[Edit], str | None] = lambda edit: None,
        hide: Callable[[Edit], bool] = lambda edit: False,
    ) -> None:
        self.restarts = 0
        self.closed = False
        self.loaded: list[tuple[str, int | None]] = []
        self.scene = make_room()
        self._before = self.scene
        self._refuse, self._hide = refuse, hide

    def reset(self, scene: str, *, spawn_seed: int | None = None) -> Scene:
        self.loaded.append((scene, spawn_seed))
        self.scene = self._before = make_room(scene, spawn_seed)
        return self.scene

    def apply(self, edit: Edit) -> FakeResult:
        reason = "no_room" if edit.placement in ("below", "under") else self._refuse(edit)
        if reason is not None:
            return FakeResult(None, reason)
        self._before = self.scene
        reference = self.scene.by_id(edit.reference_id)
        camera = camera_at(reference.center, edit.view)
        subject = _placed(self.scene.by_id(edit.subject_id), reference, edit)
        objects = tuple(subject if thing.id == subject.id else thing for thing in self.scene.objects)
        self.scene = replace(self.scene, objects=objects, camera=camera)
        hidden = frozenset({edit.subject_id} if self._hide(edit) else ())
        return FakeResult(picture_of(self.scene, hidden), None)

    def undo(self) -> None:
        self.scene = self._before

    def glance(self, rng: np.random.Generator) -> FakeView:
        self.scene = replace(self.scene, camera=camera_at((0.0, 0.5, 0.0), int(rng.integers(NUM_VIEWS))))
        return picture_of(self.scene)

    def can_view(self, reference_id: str) -> tuple[bool, ...]:
        blocked = 2 if reference_id.startswith("Fridge") else NUM_VIEWS
        return tuple(view < blocked for view in range(NUM_VIEWS))

    def close(self) -> None:
        self.closed = True


def _placed(subject: SceneObject, reference: SceneObject, edit: Edit) -> SceneObject:
    """1.2 m to one side on the floor, or on top of the reference."""
    sideways, away = _OFFSETS[edit.placement]
    right, ahead = (np.array(axis) for axis in viewer_axes(45.0 * edit.view))
    center = np.array(reference.center) + 1.2 * (sideways * right + away * ahead)
    top = reference.center[1] + reference.size[1] / 2 if edit.placement in ("above", "on") else 0.0
    center[1] = top + subject.size[1] / 2
    moved = (float(center[0]), float(center[1]), float(center[2]))
    return replace(subject, center=moved, position=moved, corners=subject.corners + center - np.array(subject.center))


def picture_of(scene: Scene, hidden: frozenset[str] = frozenset()) -> FakeView:
    """Every object but the floor as the rectangle round its projected box, far ones first."""
    ids = np.full((PIXELS, PIXELS), -1, np.int16)
    for index, thing in sorted(enumerate(scene.objects), key=lambda pair: -distance(scene.camera, pair[1])):
        outline = frame_part(projected_hull(thing, scene.camera), scene.camera)
        if thing.type != "Floor" and thing.id not in hidden and len(outline):
            x0, y0, x1, y1 = (int(edge) for edge in bounds(outline))
            ids[y0 : y1 + 1, x0 : x1 + 1] = index
    masks = {}
    for index in np.unique(ids[ids >= 0]):
        rows, columns = np.nonzero(ids == index)
        box = (int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max()))
        masks[scene.objects[index].id] = MaskStats(len(rows), box, cut=False)
    image = np.repeat((ids + 1).astype(np.uint8)[..., None] * 20, 3, axis=-1)
    return FakeView(replace(scene, masks=masks), image, ids)


class FakeStage:
    """Slots that all show the same room; an edit is valid if `valid` says so, and never changes anything.

    Only the placements that are terms are on offer.

    Attributes:
        edits: every edit made, by sample id, in order.
        looks: sample ids of pictures without an edit, in order; every other one is valid.
        versions: the policy version that made each.
        subjects, references: ids on offer.
        views: first view of each reference, and one past the last.
    """

    subjects: tuple[str, ...] = ("Stool|1", "Pot|1", "Toaster|1")
    references: tuple[str, ...] = ("Fridge|1", "Sink|1")
    views: tuple[tuple[int, int], ...] = ((0, 2), (1, 5))

    def __init__(self, num_slots: int, valid: Callable[[Edit], bool] = lambda edit: True) -> None:
        self.num_slots = num_slots
        self.edits: dict[str, Edit] = {}
        self.looks: list[str] = []
        self.versions: dict[str, int] = {}
        self._valid = valid
        self._scene = make_room(spawn_seed=0)
        self._episodes = [-1] * num_slots
        self._steps = [0] * num_slots

    def reset(self, slots: Sequence[int]) -> list[Situation]:
        for slot in slots:
            self._episodes[slot] += 1
            self._steps[slot] = 0
        return [self._situation(slot) for slot in slots]

    def step(self, slots: Sequence[int], edits: Sequence[Edit], policy_version: int) -> list[StepOutcome]:
        return [self._step(slot, edit, policy_version) for slot, edit in zip(slots, edits, strict=True)]

    def look(self, slots: Sequence[int], policy_version: int) -> list[StepOutcome]:
        return [self._look(slot, policy_version) for slot in slots]

    def terms(self, edit: Edit) -> tuple[str, ...]:
        return (edit.placement,)

    def _step(self, slot: int, edit: Edit, policy_version: int) -> StepOutcome:
        name = self._name(slot, policy_version)
        assert name not in self.edits
        self.edits[name] = edit
        return self._outcome(name, slot, self._valid(edit), self.terms(edit))

    def _look(self, slot: int, policy_version: int) -> StepOutcome:
        name = self._name(slot, policy_version)
        assert name not in self.looks
        self.looks.append(name)
        return self._outcome(name, slot, len(self.looks) % 2 == 1, ("left",))

    def _name(self, slot: int, policy_version: int) -> str:
        name = f"fake-0-{slot:03d}-{self._episodes[slot]:05d}-{self._steps[slot]:03d}"
        self.versions[name] = policy_version
        self._steps[slot] += 1
        return name

    def _outcome(self, name: str, slot: int, valid: bool, terms: tuple[str, ...]) -> StepOutcome:
        reasons = () if valid else ("wanted",)
        groups = (cell_of(terms),) if valid else ()
        return StepOutcome(name, valid, reasons, terms, groups, self._situation(slot), restarts=int(not valid))

    def _situation(self, slot: int) -> Situation:
        subjects, references = self.subjects, self.references
        views = np.ones((len(references), NUM_VIEWS), np.bool_)
        for row, (first, past) in enumerate(self.views):
            views[row] = (np.arange(NUM_VIEWS) >= first) & (np.arange(NUM_VIEWS) < past)
        apart = np.array([[subject != reference for reference in references] for subject in subjects])
        terms = np.isin(PLACEMENTS, TERMS)
        legal = (apart[..., None] & views)[:, :, None] & terms[:, None]
        distances = np.repeat(apart[..., None], len(DISTANCES), axis=2)
        return Situation(self._scene, subjects, references, views, Choices(legal, distances), self._steps[slot])


ENDLESS = 99
"""Rounds of a fake cell that works until it is interrupted."""


def run_fake_cell(cell: Cell) -> None:
    """Says that it works; fails for "ppo" with seed 4, and notes in its folder when it is interrupted."""
    cell.folder.mkdir(parents=True)
    (cell.folder / "began").touch()
    sys.stdout.write(f"working on {cell.name}\n")
    if cell.arm == "ppo" and cell.config.run.seed == 4:
        raise ValueError("no luck with seed 4")
    try:
        while cell.config.loop.rounds == ENDLESS:
            time.sleep(0.05)
    except KeyboardInterrupt:
        (cell.folder / "interrupted").touch()
        raise

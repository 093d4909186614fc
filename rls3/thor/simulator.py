"""Edits in AI2-THOR: choose where to look from, put an object there, take the picture, take it back."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, replace
from typing import Final

import ai2thor.build
import numpy as np
from numpy.typing import NDArray

from rls3.config import SimConfig
from rls3.scene.edit import NUM_VIEWS, Edit, Placement, implied
from rls3.scene.framing import DISTANCE_FACTORS, camera_distance
from rls3.scene.model import Camera, Scene, SceneObject, Vec3
from rls3.scene.placement import MARGIN_DEG, strays, target_points, turned
from rls3.scene.relations import relation_at
from rls3.thor.houses import scene_id_of
from rls3.thor.looks import check_looks
from rls3.thor.metadata import UNKNOWN_BUILD, scene_from_metadata
from rls3.thor.picture import View, view_from_event
from rls3.thor.session import EngineSession, Looks
from rls3.thor.viewpoint import Points, eye_at, horizon_for, lines_are_free, standing_places, view_yaw
from rls3.thor.views import look_around
from rls3.thor.whereabouts import Whereabouts

NOT_MOVABLE: Final = "not_movable"
NO_TARGET: Final = "no_target"
NO_VIEWPOINT: Final = "no_viewpoint"
PLACE_TAKEN: Final = "place_taken"
REFUSALS = (NOT_MOVABLE, NO_TARGET, NO_VIEWPOINT, PLACE_TAKEN)
"""Why a simulator refuses an edit: the subject cannot move, the relation cannot hold, nowhere to look from, no room."""

STANDING_TRIES = 3


@dataclass(frozen=True)
class EditResult:
    """What became of an edit: a view, or one of `REFUSALS`."""

    view: View | None
    refused: str | None


class Simulator:
    """One engine behind the AI2-THOR client, one scene at a time; started by the first `reset`.

    The same calls give the same scenes and pictures. When the engine is lost it is replaced, the scene rebuilt and
    the step repeated once; a second loss raises `EngineLostError`.

    Args:
        sim: which engine, picture size, timeouts.
    """

    def __init__(self, sim: SimConfig) -> None:
        self._sim = sim
        self._engine = EngineSession(sim)
        self._scene: Scene | None = None
        self._whereabouts = Whereabouts(self._engine)
        self._before: tuple[Scene, Looks] | None = None
        self._reachable: Points = np.empty((0, 3))
        self._scene_id = ""

    @property
    def restarts(self) -> int:
        """How often a lost engine was replaced."""
        return self._engine.restarts

    @property
    def scene(self) -> Scene:
        """The scene as it is now, seen from the last camera, without masks.

        Raises:
            RuntimeError: nothing was loaded yet.
        """
        if self._scene is None:
            raise RuntimeError("no scene is loaded; call reset first")
        return self._scene

    @property
    def reachable(self) -> Points:
        """Positions (N, 3) where the agent can stand, metres, sorted by x, then z."""
        return self._reachable

    def reset(self, scene: str, *, spawn_seed: int | None = None) -> Scene:
        """Load a scene as it naturally is.

        Args:
            scene: scene name such as "FloorPlan1", or the path of a ProcTHOR house file (*.json).
            spawn_seed: seed by which small objects are put on other receptacles; None leaves them.

        Raises:
            ConfigError: no such scene, or a wrong house file.
            EngineStartError: the engine cannot be started.
            HeldOutError: the embedded engine shows looks of the other side of the split, see `check_looks`.
        """
        self._scene_id, self._before = scene_id_of(scene), None
        event = self._engine.load(scene, spawn_seed)
        self._scene = scene_from_metadata(event.metadata, scene_id=self._scene_id, build=self._build)
        check_looks(self._scene)
        self._whereabouts.begin(self._scene)
        points = self._engine.act("GetReachablePositions").metadata["actionReturn"] or []
        self._reachable = np.array(sorted((p["x"], p["y"], p["z"]) for p in points), np.float64).reshape(-1, 3)
        return self._scene

    def apply(self, edit: Edit) -> EditResult:
        """Make an edit and take the picture; a refused edit changes nothing.

        Raises:
            KeyError: the scene has no such object.
            EngineLostError: the engine was lost twice.
        """
        scene = self.scene
        subject, reference = scene.by_id(edit.subject_id), scene.by_id(edit.reference_id)
        if not subject.movable or subject.held or subject.id == reference.id:
            return EditResult(None, NOT_MOVABLE)
        subject = turned(subject, edit.turn)
        yaw = view_yaw(edit.view)
        camera = Camera((0.0, 0.0, 0.0), yaw, 0.0, self._sim.field_of_view, self._sim.width, self._sim.height)
        points = target_points(scene, subject, reference, edit.placement, camera)
        if not points:
            return EditResult(None, NO_TARGET)
        target = (points[0][0], points[0][1] + subject.size[1] / 2, points[0][2])
        gap = math.dist(target[::2], reference.center[::2]) - (max(subject.size[::2]) + max(reference.size[::2])) / 2
        distance = DISTANCE_FACTORS[edit.distance] * camera_distance(reference, self._sim.field_of_view, subject, gap)
        place = self._stand(reference, yaw, distance, subject=subject, target=target)
        if place is None:
            return EditResult(None, NO_VIEWPOINT)
        landed = self._place(subject, reference, edit.placement, points, yaw)
        if landed is None:
            return EditResult(None, PLACE_TAKEN)
        looks = self._engine.looks
        self._engine.dress(_looks_after(edit, scene, looks))
        view = self._take(place, yaw, (reference.center, landed.center))
        if view is None:
            self._engine.dress(looks)
            self._recover()
            return EditResult(None, NO_VIEWPOINT)
        self._before = scene, looks
        return EditResult(view, None)

    def undo(self) -> None:
        """Put everything that the last edit moved or changed back exactly as it was; nothing to undo is no error."""
        if self._before is not None:
            scene, looks = self._before
            self._restore(scene)
            self._engine.dress(looks)
            self._before = None

    def look(self, reference_id: str, view: int) -> View | None:
        """A picture of an object from a side, without an edit; None when there is nowhere to stand."""
        reference = self.scene.by_id(reference_id)
        yaw, distance = view_yaw(view), camera_distance(reference, self._sim.field_of_view)
        place = self._stand(reference, yaw, distance)
        return None if place is None else self._take(place, yaw, (reference.center,))

    def look_from(self, position: Vec3, yaw: float, horizon: float) -> View | None:
        """A picture from a reachable position, metres and degrees; None when something stands there now."""
        if not self._engine.stand(position, yaw, horizon).metadata["lastActionSuccess"]:
            return None
        return self._picture()

    def glance(self, rng: np.random.Generator) -> View | None:
        """A picture from a random place in which two named objects show; None when none was found in 40 tries."""
        return next(look_around(self, rng), None)

    def can_view(self, reference_id: str) -> tuple[bool, ...]:
        """From which of the NUM_VIEWS sides an object can be looked at, by geometry alone."""
        reference = self.scene.by_id(reference_id)
        distance = camera_distance(reference, self._sim.field_of_view)
        places = [
            (view, eye_at(place))
            for view in range(NUM_VIEWS)
            for place in standing_places(self._reachable, reference.center, view_yaw(view), distance)
        ]
        free = self._sees(reference, [eye for _, eye in places])
        seen = {view for (view, _), clear in zip(places, free, strict=True) if clear}
        return tuple(view in seen for view in range(NUM_VIEWS))

    def close(self) -> None:
        """Stop the engine; a later `reset` starts it again."""
        self._engine.close()
        self._scene = None

    @property
    def _build(self) -> str:
        if self._sim.engine == "unity" and self._sim.executable is None:
            return str(self._sim.commit_id or ai2thor.build.COMMIT_ID)
        return UNKNOWN_BUILD

    def _places(self, reference: SceneObject, aim: Vec3, yaw: float, distance: float, moving: str = "") -> list[Vec3]:
        """Places to stand, best first, from where nothing stands before the reference."""
        places = standing_places(self._reachable, aim, yaw, distance)
        free = self._sees(reference, [eye_at(place) for place in places], moving)
        return [place for place, clear in zip(places, free, strict=True) if clear]

    def _sees(self, reference: SceneObject, eyes: list[Vec3], moving: str = "") -> NDArray[np.bool_]:
        """(K,) from which points nothing stands before the reference."""
        return lines_are_free(eyes, reference.center, self.scene.objects, {reference.id, *reference.parents, moving})

    def _stand(
        self,
        reference: SceneObject,
        yaw: float,
        distance: float,
        *,
        subject: SceneObject | None = None,
        target: Vec3 | None = None,
    ) -> Vec3 | None:
        """Put the agent where it has reference and target before it; where it stands, None when it cannot."""
        aim = reference.center if target is None else _between(reference.center, target)
        moving = "" if subject is None else subject.id
        places = self._places(reference, aim, yaw, distance, moving)
        if not places:  # where `can_view` found some
            usual = camera_distance(reference, self._sim.field_of_view)
            places = self._places(reference, reference.center, yaw, usual, moving)
        if target is not None:
            free = lines_are_free([eye_at(place) for place in places], target, self.scene.objects, {moving})
            places = [places[row] for row in np.argsort(~free, kind="stable")]
        for place in places[:STANDING_TRIES]:
            if self._engine.stand(place, yaw, 0.0).metadata["lastActionSuccess"]:
                return place
        return None

    def _place(
        self, subject: SceneObject, reference: SceneObject, placement: Placement, points: tuple[Vec3, ...], yaw: float
    ) -> SceneObject | None:
        """Put the subject where the relation holds once it has come to rest, else where it comes nearest to it."""
        self._engine.watch([subject.id])
        others: list[tuple[bool, bool, int]] = []
        for number, point in enumerate(points):
            landed = self._engine.place(subject.id, point, subject.rotation)
            if landed is None:
                continue
            result = relation_at(landed.center, landed, reference, yaw)
            astray, unclear = strays(placement, result.terms), result.margin < MARGIN_DEG
            if not astray and not unclear:
                return landed
            others.append((implied(placement) not in (None, *result.terms), unclear, number))
        if not others:
            return None
        landed = self._engine.place(subject.id, points[min(others)[-1]], subject.rotation)
        if landed is None:
            self._recover()
        return landed

    def _take(self, place: Vec3, yaw: float, targets: tuple[Vec3, ...]) -> View | None:
        """The picture from a place, tilted towards the targets; None when something stands there now."""
        return self.look_from(place, yaw, horizon_for(eye_at(place), yaw, targets))

    def _picture(self) -> View:
        view = view_from_event(self._engine.observe(picture=True), scene_id=self._scene_id, build=self._build)
        self._see(replace(view.scene, masks=None))
        return view

    def _recover(self) -> None:
        """Take back what an edit that failed half-way has moved."""
        wanted = self.scene
        metadata = self._engine.observe(picture=False).metadata
        self._see(scene_from_metadata(metadata, scene_id=self._scene_id, build=self._build))
        self._restore(wanted)

    def _see(self, scene: Scene) -> None:
        self._scene = scene
        self._whereabouts.note(scene)

    def _restore(self, wanted: Scene) -> None:
        self._whereabouts.bring_back(self.scene, wanted)
        self._see(replace(wanted, camera=self.scene.camera, masks=None))


def _looks_after(edit: Edit, scene: Scene, looks: Looks) -> Looks:
    """The looks that an edit leads to; the same edit of the same scene always leads to the same."""
    if edit.change == "none":
        return looks
    seed = zlib.crc32(f"{scene.id} {edit}".encode()) >> 1  # AI2-THOR's seeds are signed
    return replace(looks, light=seed) if edit.change == "light" else replace(looks, materials=seed)


def _between(a: Vec3, b: Vec3) -> Vec3:
    return ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2)

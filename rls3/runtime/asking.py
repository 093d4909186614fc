"""What can be asked in a held-out scene: as it naturally is, and rearranged by random edits.

A scene is visited several times, its small objects spawned anew each time. A visit takes pictures from random reachable
places, and pictures of random edits, each taken back at once; of each picture some pairs of well shown objects are
labelled. What a visit brings depends on suite seed, scene and the visit's number alone, not on who made it or when.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from rls3.config import Config
from rls3.samples.labelling import Picture, Provenance, make_sample
from rls3.samples.record import Sample
from rls3.sampling.offer import offer
from rls3.scene.edit import Edit
from rls3.scene.reasons import FLOATING, OVERLAPPING
from rls3.scene.split import spawn_seed
from rls3.scene.validity import askable_pairs
from rls3.thor.simulator import Simulator
from rls3.thor.views import natural_views

NATURAL, REARRANGED = "natural", "rearranged"
"""Where a held-out question's picture is from; its record carries it as `sampler`."""
PAIRS_PER_PICTURE = 16


def visit_seed(seed: int, scene: str, number: int) -> int:
    """The seed of a visit to a scene, derived from the suite's; never one that training uses."""
    return spawn_seed(scene, seed + zlib.crc32(f"{scene}-{number}".encode()))


def visit_candidates(config: Config, simulator: Simulator, scene: str, number: int) -> list[Sample]:
    """The valid questions that one visit to a scene brings.

    Args:
        config: sections evaluation, validity and sampler are used.
        simulator: a driven engine; the scene is loaded into it.
        scene: scene name.
        number: which visit.
    """
    return list(_Visit(config, simulator, scene, number).questions())


class _Visit:
    """One visit to a scene."""

    def __init__(self, config: Config, simulator: Simulator, scene: str, number: int) -> None:
        self._config, self._simulator, self._scene, self._number = config, simulator, scene, number
        self._seed = visit_seed(config.evaluation.seed, scene, number)
        self._rng = np.random.default_rng(self._seed)

    def questions(self) -> Iterator[Sample]:
        """Questions on the natural pictures, then on those of edits."""
        config = self._config
        views = natural_views(self._simulator, self._scene, seed=self._seed, count=config.evaluation.views)
        for place, view in enumerate(views):
            yield from self._labelled(view, self._askable(view), NATURAL, place)
        situation = offer(self._simulator, self._simulator.scene, config.sampler, self._rng)
        for place in range(config.evaluation.edits):
            action = situation.choices.draw(self._rng)
            if action is not None:
                yield from self._edited(situation.edit(situation.choices.plain(action)), place)

    def _edited(self, edit: Edit, place: int) -> Iterator[Sample]:
        """Questions on the moved object, unless it overlaps what it was put beside or floats."""
        view = self._simulator.apply(edit).view
        if view is None:
            return
        pairs = [pair for pair in self._askable(view) if edit.subject_id in pair]
        tried = self._sample(view, (edit.subject_id, edit.reference_id), REARRANGED, place, 0, edit)
        if not {FLOATING, OVERLAPPING}.intersection(tried.invalid):
            yield from self._labelled(view, pairs, REARRANGED, place, edit)
        self._simulator.undo()

    def _askable(self, view: Picture) -> list[tuple[str, str]]:
        return [(one.id, other.id) for one, other in askable_pairs(view.scene, self._config.validity)]

    def _labelled(
        self, view: Picture, pairs: Sequence[tuple[str, str]], source: str, place: int, edit: Edit | None = None
    ) -> Iterator[Sample]:
        """The valid questions on some of these pairs, drawn at random."""
        for index in self._rng.permutation(len(pairs))[:PAIRS_PER_PICTURE]:
            sample = self._sample(view, pairs[index], source, place, int(index), edit)
            if sample.valid:
                yield sample

    def _sample(
        self, view: Picture, pair: tuple[str, str], source: str, place: int, index: int, edit: Edit | None
    ) -> Sample:
        config = self._config
        provenance = Provenance(
            sample_id=f"{source}-{config.evaluation.seed}-{self._scene}-{self._number:02d}-{place:03d}-{index:03d}",
            sampler=source,
            seed=config.evaluation.seed,
            slot=0,
            episode=self._number,
            step=place,
            placement=edit.words if edit else "",
            view=edit.view if edit else -1,
        )
        return make_sample(view, *pair, provenance=provenance, validity=config.validity, rng=self._rng)

"""Which of many candidate questions a pool asks: every stratum as often as scenes allow, and no text tells its answer.

A cell is a relation term in a kind of room, natural or rearranged, with a number of terms and in a distance band; a
question of several terms is in several cells. Questions are chosen one after another: of those that would not help a
reader of the text alone, one from the emptiest cell.

What a text gives away is counted cue by cue. A cue is something an option says, alone or of a noun in a role ("above",
"above of the lamp that is asked about", "third option"). Its tilt is how often it marked the right option so far, less
how often it would by chance, in standard deviations of chance. A question may be asked when it hardly leans along with
the tilts of its cues: so no cue comes to tell more than chance does, whichever way a reader adds the cues up.
(Rejection against a learned reader, as `rls3.scene.language.balance` does it for data sets, needs far more candidates
than twenty rooms have.)

Who knows rooms guesses well without having read the pool: pictures hang behind and above. Where such a reader's guesses
are given, they are cues too, so that its first guess comes to be right as seldom as its last.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from rls3.samples.record import Sample
from rls3.scene.edit import TERMS
from rls3.scene.language import terms_of

DISTANCES_M = (1.5, 2.5, 4.0)
"""Borders of the distance bands: camera to the middle of the subject."""
MOST_PER_PICTURE = 4
"""Questions on one picture: more would hardly be independent."""

MOST_LEANING = 3.0
"""How far a question may lean along with the tilts, in lengths of its own leanings, as many draws by chance would: with
less, answers come to alternate, which a reader can learn as well; with more, what rooms are like shows."""
GUESS_WEIGHT = 8.0
"""How much the guesses of a reader count, who adds up what many other cues tell."""

Cell = tuple[str, ...]
Point = tuple[float, float, float]


@dataclass(frozen=True)
class Candidate:
    """What the choice looks at: the fields of `Sample` under the same names, columns of its files, and one more.

    `guessed` is each option's place, from 0, in the order in which somebody who knows rooms and does not look would
    guess; () where nobody was asked.
    """

    sample_id: str
    sampler: str
    scene_id: str
    scene_type: str
    episode: int
    step: int
    terms: tuple[str, ...]
    options: tuple[str, ...]
    answer: int
    subject_type: str
    reference_type: str
    subject_position: Point
    camera_position: Point
    guessed: tuple[int, ...] = ()

    @classmethod
    def of(cls, sample: Sample) -> Candidate:
        """A sample's fields."""
        return cls(**{name: getattr(sample, name) for name in COLUMNS})

    @property
    def distance_m(self) -> float:
        """From the camera to the middle of the subject, metres."""
        return math.dist(self.camera_position, self.subject_position)


COLUMNS = tuple(field.name for field in fields(Candidate) if field.name != "guessed")


def band(value: float, borders: Sequence[float], unit: str) -> str:
    """Text of the band a value is in; the texts of one series sort by size."""
    for low, high in zip((0, *borders), borders, strict=False):
        if value < high:
            return f"{low:g} to {high:g} {unit}"
    return f"over {borders[-1]:g} {unit}"


STRATA: Mapping[str, Callable[[Candidate], tuple[str, ...]]] = {
    "relation": lambda candidate: candidate.terms,
    "room": lambda candidate: (candidate.scene_type.replace("_", " "),),
    "terms": lambda candidate: (f"{len(candidate.terms)} of 3",),
    "distance": lambda candidate: (band(candidate.distance_m, DISTANCES_M, "m"),),
    "arrangement": lambda candidate: (candidate.sampler,),
}
"""The dimensions of the cells: name -> which of its members a question belongs to."""


def cells_of(candidate: Candidate) -> list[Cell]:
    """The cells a question belongs to, one per term."""
    relation, *others = (members(candidate) for members in STRATA.values())
    return [(term, *(member for (member,) in others)) for term in relation]


def stratified(candidates: Sequence[Candidate], count: int, *, seed: int) -> list[str]:
    """Ids, sorted, of `count` questions, or of as many as can be asked without giving answers away.

    Args:
        candidates: questions on directions with four options of one shape.
        count: how many are wanted.
        seed: decides among equals.
    """
    if not candidates:
        return []
    chooser = _Chooser(candidates, np.random.default_rng(seed))
    return sorted(candidates[index].sample_id for index in chooser.choices(count))


class _Chooser:
    """The candidates as arrays, and what was chosen so far."""

    def __init__(self, candidates: Sequence[Candidate], rng: np.random.Generator) -> None:
        cells = _numbered([cells_of(each) for each in candidates])
        self._cells = np.array([[*row, *row[:1] * (len(TERMS) - len(row))] for row in cells])
        self._filled = np.zeros(1 + self._cells.max(), np.int64)
        cues = [_leanings(each) for each in candidates]
        numbers = _numbered([list(row) for row in cues])
        self._starts = np.cumsum([0, *(len(row) for row in numbers[:-1])])
        self._cues = np.array([number for row in numbers for number in row])
        self._leanings = np.array([value for row in cues for value in row.values()])
        self._excess = np.zeros(1 + self._cues.max())
        self._variance = np.ones(1 + self._cues.max())
        self._allowed = MOST_LEANING * np.sqrt(np.add.reduceat(self._leanings**2, self._starts))
        pictures = _numbered([[(c.scene_id, c.sampler, str(c.episode), str(c.step))] for c in candidates])
        self._pictures = np.array(pictures)[:, 0]
        self._asked_of = np.zeros(1 + self._pictures.max(), np.int64)
        self._open = np.ones(len(candidates), np.bool_)
        self._draw = rng.random(len(candidates))

    def choices(self, count: int) -> Iterator[int]:
        """Indices of up to `count` candidates, one after another."""
        for _ in range(count):
            tilts = self._excess / np.sqrt(self._variance)
            along = np.add.reduceat(tilts[self._cues] * self._leanings, self._starts)
            fresh = self._open & (self._asked_of[self._pictures] < MOST_PER_PICTURE)
            able = np.flatnonzero(fresh & (along <= self._allowed))
            if not len(able):
                return
            filled = self._filled[self._cells[able]].min(axis=1)
            best = able[np.lexsort((self._draw[able], filled))[0]]
            self._take(int(best))
            yield int(best)

    def _take(self, index: int) -> None:
        self._open[index] = False
        self._asked_of[self._pictures[index]] += 1
        self._filled[np.unique(self._cells[index])] += 1
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self._cues)
        own = slice(self._starts[index], end)
        self._excess[self._cues[own]] += self._leanings[own]
        self._variance[self._cues[own]] += self._leanings[own] ** 2


def _leanings(candidate: Candidate) -> dict[Cell, float]:
    """What a question adds to its cues: 1 where a cue marks the right option, less what is expected by chance."""
    found: defaultdict[Cell, float] = defaultdict(float)
    for index, option in enumerate(candidate.options):
        excess = (index == candidate.answer) - 1 / len(candidate.options)
        for said in dict.fromkeys((option, *terms_of(option))):
            found[said, ""] += excess
            found[said, "subject", candidate.subject_type] += excess
            found[said, "reference", candidate.reference_type] += excess
            found[said, candidate.subject_type, candidate.reference_type] += excess
        found["place", str(index)] += excess
        if candidate.guessed:
            guess = f"guess {candidate.guessed[index]}"
            for among in ("", candidate.sampler, f"{len(candidate.terms)} terms"):
                found[guess, among] += GUESS_WEIGHT * excess
    return dict(found)


def _numbered(rows: Sequence[Sequence[Cell]]) -> list[list[int]]:
    """The same rows with whole numbers, from 0, in place of equal entries."""
    numbers: dict[Cell, int] = {}
    return [[numbers.setdefault(entry, len(numbers)) for entry in row] for row in rows]

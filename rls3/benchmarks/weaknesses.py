"""Where a model fails: accuracy by relation, by number of terms, by what is asked about, by distance and clutter."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rls3.samples.record import Sample
from rls3.samples.scores import Score, Tally
from rls3.scene.naming import noun

LEAST_QUESTIONS = 8
"""Object types with fewer questions are left out: their accuracy says nothing."""
DISTANCES_M = (1.5, 2.5, 4.0)
"""Borders of the distance bands: camera to the middle of the subject."""
CLUTTER = (8, 16)
"""Borders of the clutter bands: objects that show in the picture."""

Groups = dict[str, dict[str, Tally]]


def weaknesses(samples: Sequence[Sample], scores: Sequence[Score]) -> Groups:
    """Right answers by group: "relation", "terms", "room", "arrangement", "distance", "clutter", "object".

    A question counts under each of its terms and under both of its objects. Objects come worst first, other groups in
    their natural order.

    Args:
        samples: direction questions with their scenes.
        scores: `scores[i]` belongs to `samples[i]`.
    """
    right = [score.correct(sample) for sample, score in zip(samples, scores, strict=True)]
    groups = {name: _tallies(samples, right, keys) for name, keys in _KEYS.items()}
    known = {name: hits for name, hits in groups["object"].items() if hits.total >= LEAST_QUESTIONS}
    groups["object"] = dict(sorted(known.items(), key=lambda entry: (entry[1].accuracy, entry[0])))
    return groups


def _tallies(
    samples: Sequence[Sample], right: Iterable[bool], keys: Callable[[Sample], Iterator[str]]
) -> dict[str, Tally]:
    counts: dict[str, list[int]] = {}
    for sample, ok in zip(samples, right, strict=True):
        for key in keys(sample):
            found = counts.setdefault(key, [0, 0])
            found[0] += ok
            found[1] += 1
    return {key: Tally(*counts[key]) for key in sorted(counts)}


def _distance(sample: Sample) -> Iterator[str]:
    away = math.dist(sample.camera_position, sample.subject_position)
    yield _band(away, DISTANCES_M, "m")


def _clutter(sample: Sample) -> Iterator[str]:
    shown = len(sample.masks or {})
    yield _band(shown, CLUTTER, "objects")


def _band(value: float, borders: Sequence[float], unit: str) -> str:
    """Text of the band a value is in; the texts of one series sort by size."""
    for low, high in zip((0, *borders), borders, strict=False):
        if value < high:
            return f"{low:g} to {high:g} {unit}"
    return f"over {borders[-1]:g} {unit}"


def _objects(sample: Sample) -> Iterator[str]:
    yield from {noun(sample.subject_type), noun(sample.reference_type)}


_KEYS: Mapping[str, Callable[[Sample], Iterator[str]]] = {
    "relation": lambda sample: iter(sample.terms),
    "terms": lambda sample: iter((f"{len(sample.terms)} of 3",)),
    "room": lambda sample: iter((sample.scene_type.replace("_", " "),)),
    "arrangement": lambda sample: iter((sample.sampler,)),
    "distance": _distance,
    "clutter": _clutter,
    "object": _objects,
}

"""Where a model fails: accuracy by relation, by number of terms, by what is asked about, by distance and clutter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rls3.benchmarks.strata import STRATA, Candidate, band
from rls3.samples.record import Sample
from rls3.samples.scores import Score, Tally
from rls3.scene.naming import noun

LEAST_QUESTIONS = 8
"""Object types with fewer questions are left out: their accuracy says nothing."""
CLUTTER = (8, 16)
"""Borders of the clutter bands: objects that show in the picture."""

Groups = dict[str, dict[str, Tally]]


def weaknesses(samples: Sequence[Sample], scores: Sequence[Score]) -> Groups:
    """Right answers by group: those of `STRATA`, "clutter" and "object".

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


def _clutter(sample: Sample) -> Iterator[str]:
    shown = len(sample.masks or {})
    yield band(shown, CLUTTER, "objects")


def _objects(sample: Sample) -> Iterator[str]:
    yield from {noun(sample.subject_type), noun(sample.reference_type)}


def _members(dimension: str) -> Callable[[Sample], Iterator[str]]:
    return lambda sample: iter(STRATA[dimension](Candidate.of(sample)))


_KEYS: Mapping[str, Callable[[Sample], Iterator[str]]] = {
    **{dimension: _members(dimension) for dimension in STRATA},
    "clutter": _clutter,
    "object": _objects,
}

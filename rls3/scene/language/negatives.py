"""What differs from the truth in exactly one thing, and sets of statements that give the true one no shape of its own.

A reader who sees only the options must not find the truth by comparing them. The foils of "above and left" that differ
in one term would all resemble the truth more than each other; so the statements of a contrast are either a pair, or all
values of one term, or all combinations of two.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rls3.scene.edit import OPPOSITES
from rls3.scene.facts import NO, YES, Fact
from rls3.scene.language.statements import Statement, truth_of

AXES: tuple[tuple[str, str], ...] = (("above", "below"), ("front", "behind"), ("left", "right"))
_VERTICAL, _DEPTH, _SIDE = AXES
_OTHER_VALUE: dict[tuple[str, ...], tuple[str, ...]] = {
    ("nearer",): ("farther",),
    ("farther",): ("nearer",),
    ("object",): ("camera",),
    ("camera",): ("object",),
    YES: NO,
    NO: YES,
}
_OTHER_PLACE = {"on": "under", "under": "on", "in": "under"}
"""A place that a thing cannot be in at the same time."""
_MOST_NEIGHBOURS = 3
"""Numbers or bands in a row offered at most: the more, the rarer the outer ones."""


@dataclass(frozen=True)
class Contrast:
    """Statements of which exactly one is true, none likelier than another by its shape alone.

    Attributes:
        stem: the question that asks for the difference, a key of `wording.STEMS`.
        statements: the true one first.
    """

    stem: str
    statements: tuple[Statement, ...]


def hard_negatives(fact: Fact, bands: Sequence[str]) -> tuple[Statement, ...]:
    """Statements that differ from an answerable fact in exactly one thing and are false by its margin.

    One term is replaced by its opposite, one word, band or number by its neighbour, or two objects swap their roles.

    Args:
        fact: the truth.
        bands: the distance bands, nearest first.
    """
    truth = truth_of(fact)
    if truth.in_terms:
        return (*(replace(truth, value=_flipped(truth.value, term)) for term in truth.value), *_swapped(truth))
    match fact.predicate:
        case "nearest":
            return tuple(replace(truth, value=(other,)) for other in fact.about if other != fact.value[0])
        case "count" | "band":
            return tuple(replace(truth, value=value) for value in _neighbours(fact, bands))
    denied = replace(truth, value=_OTHER_VALUE[fact.value])
    if fact.value != YES or fact.predicate == "touching":
        return (denied,)
    if fact.predicate == "between":
        return (denied, *_middles(truth)[1:])
    if fact.predicate in _OTHER_PLACE:
        return (denied, replace(truth, predicate=_OTHER_PLACE[fact.predicate]), *_swapped(truth))
    return (denied, *_swapped(truth))


def choices(fact: Fact, bands: Sequence[str], rng: np.random.Generator) -> tuple[Contrast, ...]:
    """Contrasts that a short question asks for; none where the fact says only what is not so.

    Args:
        fact: the truth.
        bands: the distance bands, nearest first.
        rng: draws which terms vary and which numbers are offered.
    """
    truth = truth_of(fact)
    if truth.in_terms:
        return (Contrast(truth.word, _two_axes(truth, rng)),)
    match fact.predicate:
        case "nearest":
            return (Contrast("which", (truth, *hard_negatives(fact, bands))),)
        case "count" | "band":
            return (Contrast(fact.predicate, _row(fact, bands, rng)),)
        case "cause":
            return (Contrast("cause", (truth, *hard_negatives(fact, bands))),)
        case "touching":
            return (Contrast("touching", (truth, *hard_negatives(fact, bands))),)
        case "nearer" | "bigger" | "taller":
            return (Contrast("which", (truth, *_swapped(truth))),)
    if fact.value == NO:
        return ()
    if fact.predicate == "between":
        return (Contrast("which", _middles(truth)),)
    elsewhere = replace(truth, predicate=_OTHER_PLACE[fact.predicate])
    return Contrast("place", (truth, elsewhere)), Contrast("which", (truth, *_swapped(truth)))


def sentences(fact: Fact, bands: Sequence[str], rng: np.random.Generator) -> tuple[Statement, ...]:
    """Statements to be told apart as whole sentences, the true one first; each foil differs in exactly one thing.

    Args:
        fact: the truth.
        bands: the distance bands, nearest first.
        rng: draws the contrast.
    """
    truth = truth_of(fact)
    found: list[tuple[Statement, ...]]
    if truth.in_terms:
        found = [(truth, foil) for foil in hard_negatives(fact, bands)]
        if places := _one_place(truth.value):
            found.append((truth, *(replace(truth, value=value) for value in places if value != truth.value)))
    else:
        found = [contrast.statements for contrast in choices(fact, bands, rng)]
        if fact.value in (YES, NO):
            found.append((truth, replace(truth, value=_OTHER_VALUE[fact.value])))
    return found[int(rng.integers(len(found)))]


def _two_axes(truth: Statement, rng: np.random.Generator) -> tuple[Statement, ...]:
    """Four statements of one shape: all combinations along two axes, or all four directions of one place."""
    terms = truth.value
    used = [axis for axis in AXES if set(axis) & set(terms)]
    values: list[tuple[str, ...]]
    if len(terms) == 1:
        others = [axis for axis in AXES if axis not in used]
        values = [(term,) for term in (*used[0], *others[rng.integers(len(others))])]
    elif len(terms) == 2 and terms[0] in _VERTICAL and rng.random() < 0.5:
        values = _one_place(terms)
    else:
        fixed = used[rng.integers(3)] if len(terms) == 3 else ()
        values = list(itertools.product(*([t for t in axis if axis != fixed or t in terms] for axis in used)))
    return (truth, *(replace(truth, value=value) for value in values if value != terms))


def _one_place(terms: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The values that differ in the one level term: () where there are two such terms or none."""
    vertical, level = terms[: terms[0] in _VERTICAL], terms[terms[0] in _VERTICAL :]
    return [(*vertical, term) for term in (*_DEPTH, *_SIDE)] if len(level) == 1 else []


def _flipped(terms: tuple[str, ...], term: str) -> tuple[str, ...]:
    return tuple(OPPOSITES[each] if each == term else each for each in terms)


def _swapped(truth: Statement) -> tuple[Statement, ...]:
    """The statement with the roles of its two objects exchanged, where that is another statement of the same frame."""
    if len(truth.about) != 2 or truth.family == "perspective":
        return ()
    return (replace(truth, about=truth.about[::-1]),)


def _middles(truth: Statement) -> tuple[Statement, ...]:
    """Each of three objects between the other two, the true one first."""
    a, b, c = truth.about
    return (truth, replace(truth, about=(b, a, c)), replace(truth, about=(c, a, b)))


def _scale(fact: Fact, bands: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The values of a fact that have an order: distance bands, or the numbers about a count."""
    if fact.predicate == "band":
        return tuple((band,) for band in bands)
    number = int(fact.value[0])
    return tuple((str(n),) for n in range(1, number + _MOST_NEIGHBOURS))


def _neighbours(fact: Fact, bands: Sequence[str]) -> Sequence[tuple[str, ...]]:
    scale = _scale(fact, bands)
    place = scale.index(fact.value)
    return [scale[i] for i in (place - 1, place + 1) if 0 <= i < len(scale)]


def _row(fact: Fact, bands: Sequence[str], rng: np.random.Generator) -> tuple[Statement, ...]:
    """Two or three neighbouring values, the true one at any place among them."""
    scale, truth = _scale(fact, bands), truth_of(fact)
    length = int(rng.integers(2, _MOST_NEIGHBOURS + 1))
    place = scale.index(fact.value)
    starts = [start for start in range(place - length + 1, place + 1) if 0 <= start <= len(scale) - length]
    start = starts[rng.integers(len(starts))]
    values = scale[start : start + length]
    return (truth, *(replace(truth, value=value) for value in values if value != fact.value))

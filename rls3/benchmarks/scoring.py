"""From answers to figures: accuracy as published, with a 95 % bootstrap interval for each."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rls3.benchmarks.item import Item

RESAMPLES = 2000


@dataclass(frozen=True)
class Graded:
    """One item with what its answer is worth.

    Attributes:
        item: the question.
        points: 1 right, 0 wrong or unanswered; a number's answer earns something between.
        answered: whether an answer could be read.
    """

    item: Item
    points: float
    answered: bool


@dataclass(frozen=True)
class Figure:
    """One reported number: a weighted mean of means, which covers every aggregate the benchmarks publish.

    Attributes:
        name: what it is, e.g. "accuracy" or "relation: left of".
        strata: for each stratum its weight and the points of its units (items, pairs or groups), 0..1.
        divisor: the weighted sum of means is divided by it.
    """

    name: str
    strata: tuple[tuple[float, NDArray[np.float64]], ...]
    divisor: float = 1.0

    @property
    def value(self) -> float:
        """The figure, 0..1; NaN when a stratum is empty."""
        means = [weight * (points.mean() if len(points) else float("nan")) for weight, points in self.strata]
        return float(sum(means) / self.divisor)

    @property
    def units(self) -> int:
        """How many items, pairs or groups it rests on."""
        return sum(len(points) for _, points in self.strata)

    def interval(self, seed: int) -> tuple[float, float]:
        """95 % percentile bootstrap interval (Efron 1979), units resampled within each stratum.

        Points take few different values, so a resample is one multinomial draw: exact, and quick for any size.
        """
        rng = np.random.default_rng((seed, zlib.crc32(self.name.encode())))
        total = np.zeros(RESAMPLES)
        for weight, points in self.strata:
            if not len(points):
                return (float("nan"), float("nan"))
            values, counts = np.unique(points, return_counts=True)
            draws = rng.multinomial(len(points), counts / len(points), size=RESAMPLES)
            total += weight * (draws @ values) / len(points)
        low, high = np.quantile(total / self.divisor, (0.025, 0.975))
        return (float(low), float(high))


def mean(name: str, graded: Iterable[Graded]) -> Figure:
    """Mean points of items."""
    return Figure(name, ((1.0, _points(graded)),))


def mean_of_means(name: str, parts: Iterable[Iterable[Graded]]) -> Figure:
    """Unweighted mean of the parts' means."""
    strata = tuple((1.0, _points(part)) for part in parts)
    return Figure(name, strata, divisor=float(max(len(strata), 1)))


def all_right(name: str, graded: Iterable[Graded], key: Callable[[Item], str]) -> Figure:
    """Share of groups whose every item is right; `key` names an item's group."""
    worst: dict[str, float] = {}
    for entry in graded:
        group = key(entry.item)
        worst[group] = min(worst.get(group, 1.0), entry.points)
    return Figure(name, ((1.0, np.array([float(points == 1.0) for points in worst.values()])),))


def split_by(graded: Sequence[Graded], key: Callable[[Item], str]) -> dict[str, list[Graded]]:
    """Items by what `key` says of them, in order of first appearance; items it gives "" are left out."""
    parts: dict[str, list[Graded]] = {}
    for entry in graded:
        if name := key(entry.item):
            parts.setdefault(name, []).append(entry)
    return parts


def means_by(title: str, graded: Sequence[Graded], key: Callable[[Item], str]) -> list[Figure]:
    """One mean per value of `key`, named "title: value"."""
    return [mean(f"{title}: {name}", part) for name, part in split_by(graded, key).items()]


def _points(graded: Iterable[Graded]) -> NDArray[np.float64]:
    return np.array([entry.points for entry in graded], dtype=np.float64)

"""Which of a round's valid samples train: all but what floods a cell, or those the VLM has most to lose on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from rls3.samples.record import Sample
from rls3.scene.cells import cell_of

LEAST_LOSS = 1e-3
"""Nats: what is known to the last digit keeps a chance, so that the draw is defined."""


def curated(
    samples: Sequence[Sample], *, cell_share: float, rng: np.random.Generator, hard_share: float | None = None
) -> list[Sample]:
    """The samples that train, in the order they came.

    Args:
        samples: valid, scored.
        cell_share: largest share of one relation cell among them, 0..1: of each cell at most that share of all valid
            samples trains, and at least one.
        rng: draws which.
        hard_share: share of the samples to draw, each with probability proportional to the VLM's loss on it
            (Katharopoulos and Fleuret, ICML 2018; Karamcheti et al. 2021 tell how it fails); None = all.
    """
    order = _drawn(samples, hard_share, rng)
    most = max(1, math.floor(cell_share * len(order)))
    taken: Counter[str] = Counter()
    kept = []
    for index in order:
        cell = cell_of(samples[index].terms)
        if taken[cell] < most:
            taken[cell] += 1
            kept.append(index)
    return [samples[index] for index in sorted(kept)]


def _drawn(samples: Sequence[Sample], hard_share: float | None, rng: np.random.Generator) -> Sequence[int]:
    """Indices in random order: all of them, or a share by loss, without replacement."""
    if hard_share is None or not samples:
        return [int(index) for index in rng.permutation(len(samples))]
    losses = np.array([max(LEAST_LOSS, -math.log(max(1e-12, s.success_probability))) for s in samples])
    count = max(1, round(hard_share * len(samples)))
    return [int(index) for index in rng.choice(len(samples), count, replace=False, p=losses / losses.sum())]

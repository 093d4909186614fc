"""What people would ask about a scene as it naturally is: where a small thing is, relative to a large one."""

from __future__ import annotations

import numpy as np

from rls3.config import ValidityConfig
from rls3.samples.labelling import Picture, Provenance, make_sample, unseen_sample
from rls3.samples.record import Sample
from rls3.scene.figure import spoken_pairs
from rls3.scene.model import Scene

NOTHING_TO_ASK = "nothing_to_ask"
"""Why a natural picture makes no sample: it shows no small thing and no large one that people would locate it by."""
PAIRS_TRIED = 12
"""Pairs of a picture that are tried before it is given up."""


def natural_sample(
    picture: Picture | None, scene: Scene, provenance: Provenance, validity: ValidityConfig, rng: np.random.Generator
) -> Sample:
    """The first valid question, in random order, on a small thing relative to a large one; else the record of none.

    Args:
        picture: of the scene as it is, in which two named objects show; None when there was no such place.
        scene: as it is, for the record of a picture that could not be taken.
        provenance: where in the run it was made.
        validity: thresholds.
        rng: draws pairs, foils and the order of options.
    """
    pairs = [] if picture is None else list(spoken_pairs(picture.scene, validity))
    if picture is None or not pairs:
        return unseen_sample(scene, NOTHING_TO_ASK, provenance)
    samples = (
        make_sample(picture, *(thing.id for thing in pairs[index]), provenance=provenance, validity=validity, rng=rng)
        for index in rng.permutation(len(pairs))[:PAIRS_TRIED]
    )
    tried = next(samples)
    if tried.valid:
        return tried
    return next((sample for sample in samples if sample.valid), tried)

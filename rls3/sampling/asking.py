"""What people would ask about a scene as it naturally is: where a smaller thing is, relative to a larger."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from rls3.config import ValidityConfig
from rls3.samples.labelling import Picture, Provenance, make_sample, unseen_sample
from rls3.samples.record import Sample
from rls3.scene.figure import volume
from rls3.scene.model import Scene
from rls3.scene.naming import uniquely_named
from rls3.scene.validity import askable_pairs

NOTHING_TO_ASK = "nothing_to_ask"
"""Why a natural picture makes no sample: from no place tried, two things show under names of their own."""
PAIRS_TRIED = 12
"""Pairs of a picture that are tried before it is given up."""


def natural_sample(
    picture: Picture | None, scene: Scene, provenance: Provenance, validity: ValidityConfig, rng: np.random.Generator
) -> Sample:
    """The first valid question, in random order, on a smaller thing relative to a larger; else an invalid one.

    Args:
        picture: of the scene as it is, in which two named objects show; None when there was no such place.
        scene: as it is, for the record of a picture that could not be taken.
        provenance: where in the run it was made.
        validity: thresholds.
        rng: draws pairs, foils and the order of options.
    """
    pairs = [] if picture is None else spoken_pairs(picture.scene, validity)
    if picture is None or not pairs:
        return unseen_sample(scene, NOTHING_TO_ASK, provenance)
    samples = (
        make_sample(picture, *pairs[index], provenance=provenance, validity=validity, rng=rng)
        for index in rng.permutation(len(pairs))[:PAIRS_TRIED]
    )
    tried = next(samples)
    if tried.valid:
        return tried
    return next((sample for sample in samples if sample.valid), tried)


def spoken_pairs(scene: Scene, validity: ValidityConfig) -> list[tuple[str, str]]:
    """Ids of the smaller and the larger of two things that may be asked about; of any two named ones if there are none.

    People locate the smaller thing by the larger, see `rls3.scene.figure`.
    """
    pairs = [(one.id, other.id) for one, other in askable_pairs(scene, validity) if volume(one) < volume(other)]
    if pairs:
        return pairs
    named = [thing for thing in scene.objects if thing.id in (scene.masks or ()) and uniquely_named(scene, thing)]
    return [(one.id, other.id) for one, other in pairwise(named)]

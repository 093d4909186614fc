"""The reasons why a picture or a fact must not teach, and how the flaws of single objects become reasons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

IN_HAND: Final = "in_hand"
STRUCTURAL: Final = "structural"
BEHIND_CAMERA: Final = "behind_camera"
SUBJECT_TOO_SMALL: Final = "subject_too_small"
REFERENCE_TOO_SMALL: Final = "reference_too_small"
SUBJECT_TOO_LARGE: Final = "subject_too_large"
REFERENCE_TOO_LARGE: Final = "reference_too_large"
SUBJECT_CUT: Final = "subject_cut_by_frame"
REFERENCE_CUT: Final = "reference_cut_by_frame"
SUBJECT_OCCLUDED: Final = "subject_occluded"
REFERENCE_OCCLUDED: Final = "reference_occluded"
TOO_FAR: Final = "too_far"
AMBIGUOUS_RELATION: Final = "ambiguous_relation"
NAME_NOT_UNIQUE: Final = "name_not_unique"
OVERLAPPING: Final = "overlapping"
FLOATING: Final = "floating"
SUPPORT_DISPUTED: Final = "support_disputed"
WITHOUT_MASKS: Final = "without_masks"
FOREIGN_FRAME: Final = "foreign_frame"

REASONS = (
    IN_HAND,
    STRUCTURAL,
    BEHIND_CAMERA,
    SUBJECT_TOO_SMALL,
    REFERENCE_TOO_SMALL,
    SUBJECT_TOO_LARGE,
    REFERENCE_TOO_LARGE,
    SUBJECT_CUT,
    REFERENCE_CUT,
    SUBJECT_OCCLUDED,
    REFERENCE_OCCLUDED,
    TOO_FAR,
    AMBIGUOUS_RELATION,
    NAME_NOT_UNIQUE,
    OVERLAPPING,
    FLOATING,
    SUPPORT_DISPUTED,
    WITHOUT_MASKS,
    FOREIGN_FRAME,
)
"""Every reason a picture can give; those of edits without a picture are `rls3.thor.simulator.REFUSALS`."""

FLAWS = (
    IN_HAND,
    STRUCTURAL,
    BEHIND_CAMERA,
    SUBJECT_TOO_SMALL,
    SUBJECT_TOO_LARGE,
    SUBJECT_CUT,
    SUBJECT_OCCLUDED,
    TOO_FAR,
    FLOATING,
)
"""What can be wrong with one object: bit k of its flaws, as said of the first object of a fact."""
_REFERENCE_FLAWS = tuple(flaw.replace("subject_", "reference_") for flaw in FLAWS)


def reasons(subject: int, references: Iterable[int] = (), others: Iterable[str] = ()) -> tuple[str, ...]:
    """The flaws of a fact's objects and its own, in the order of `REASONS`.

    Args:
        subject: flaws of its first object, as bits.
        references: flaws of its other objects.
        others: reasons that are not one object's.
    """
    found = set(others)
    found.update(flaw for bit, flaw in enumerate(FLAWS) if subject >> bit & 1)
    for bits in references:
        found.update(flaw for bit, flaw in enumerate(_REFERENCE_FLAWS) if bits >> bit & 1)
    return tuple(reason for reason in REASONS if reason in found) if found else ()

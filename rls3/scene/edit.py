"""An edit: one object, put somewhere relative to another, seen from one of several sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Term = Literal["left", "right", "front", "behind", "above", "below"]
"""The six relation terms, always of the viewer's frame ("behind" = farther from the camera)."""

TERMS: tuple[Term, ...] = get_args(Term)

NUM_VIEWS = 8
"""Sides from which a reference object may be looked at: view k has the camera's yaw at k * 45 degrees."""


@dataclass(frozen=True)
class Edit:
    """Move `subject_id` so that it stands `placement` of `reference_id`, as seen from view `view`.

    Attributes:
        subject_id: AI2-THOR object id of the object that moves.
        reference_id: AI2-THOR object id of the object that stays.
        placement: wanted relation in the viewer's frame.
        view: 0 .. NUM_VIEWS - 1.
    """

    subject_id: str
    reference_id: str
    placement: Term
    view: int

"""An edit: one object, put somewhere relative to another, and how the result is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Term = Literal["left", "right", "front", "behind", "above", "below"]
"""The six relation terms, always of the viewer's frame ("behind" = farther from the camera)."""

TERMS: tuple[Term, ...] = get_args(Term)

Placement = Literal[Term, "on", "under", "between"]
"""Where a subject is wanted. "above" and "below" are higher and lower in the room, near the reference; "on" is on top
of it, "under" on the floor straight below it, "between" half way to the next thing that leaves room."""

PLACEMENTS: tuple[Placement, ...] = get_args(Placement)

Distance = Literal["middle", "near", "far"]
DISTANCES: tuple[Distance, ...] = get_args(Distance)
"""From how far the result is looked at, the usual first."""

TURNS_DEG = (0, 90, 180, 270)
"""By how much the subject may be turned, clockwise seen from above."""

Change = Literal["none", "light", "materials"]
CHANGES: tuple[Change, ...] = get_args(Change)
"""What else an edit changes: nothing, the colour and strength of the lamps, or what everything is made of."""

USUAL = (0, 0, 0)
"""The usual distance, no turn and no change, as numbers."""

NUM_VIEWS = 8
"""Sides from which a reference object may be looked at: view k has the camera's yaw at k * 45 degrees."""

_IMPLIED: dict[Placement, Term] = {"on": "above", "under": "below"}


@dataclass(frozen=True)
class Edit:
    """Move `subject_id` so that it stands `placement` of `reference_id`, as seen from view `view`.

    Attributes:
        subject_id: AI2-THOR object id of the object that moves.
        reference_id: AI2-THOR object id of the object that stays.
        placement: where the subject is wanted, in the viewer's frame.
        view: 0 .. NUM_VIEWS - 1.
        distance: of the camera.
        turn: one of TURNS_DEG.
        change: of the room.
    """

    subject_id: str
    reference_id: str
    placement: Placement
    view: int
    distance: Distance = "middle"
    turn: int = 0
    change: Change = "none"

    @property
    def words(self) -> str:
        """The edit but for ids and view as a record keeps it: "left", or "left, far, turn 90, light"."""
        rest = (
            self.distance if self.distance != "middle" else "",
            f"turn {self.turn}" if self.turn else "",
            self.change if self.change != "none" else "",
        )
        return ", ".join((self.placement, *filter(None, rest)))


def implied(placement: Placement) -> Term | None:
    """The term that a placement leads to; None for "between", which may lead to any."""
    return placement if placement in TERMS else _IMPLIED.get(placement)

"""An edit: one object, put somewhere relative to another, how the result is looked at, and which is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Term = Literal["left", "right", "front", "behind", "above", "below"]
"""The six relation terms, always of the viewer's frame ("behind" = farther from the camera)."""

TERMS: tuple[Term, ...] = get_args(Term)

OPPOSITES: dict[str, Term] = {
    "left": "right",
    "right": "left",
    "front": "behind",
    "behind": "front",
    "above": "below",
    "below": "above",
}
"""Term -> where the second thing is relative to the first, if the first is there relative to the second."""

Placement = Literal[Term, "on", "under", "between"]
"""Where a subject is wanted. "above" and "below" are higher and lower in the room, near the reference; "on" is on top
of it, "under" on the floor straight below it, "between" half way to the next thing that leaves room."""

PLACEMENTS: tuple[Placement, ...] = get_args(Placement)

Asked = Literal["subject", "reference"]
ASKED: tuple[Asked, ...] = get_args(Asked)
"""Of which of the two the sample asks where it is, relative to the other: the one that moved, or the one that stays.
Rooms hold more large things that stay than large things that move, and a VLM must know them from both sides."""

Distance = Literal["middle", "near", "far"]
DISTANCES: tuple[Distance, ...] = get_args(Distance)
"""From how far the result is looked at, the usual first."""

TURNS_DEG = (0, 90, 180, 270)
"""By how much the subject may be turned, clockwise seen from above."""

Change = Literal["none", "light", "materials"]
CHANGES: tuple[Change, ...] = get_args(Change)
"""What else an edit changes: nothing, the colour and strength of the lamps, or what everything is made of."""

UNCHANGED = (0, 0)
"""No turn and no change, as numbers."""

NUM_VIEWS = 8
"""Sides from which a reference object may be looked at: view k has the camera's yaw at k * 45 degrees."""

_IMPLIED: dict[Placement, Term] = {"on": "above", "under": "below"}


@dataclass(frozen=True)
class Edit:
    """Move `subject_id` so that it stands `placement` of `reference_id`, seen from view `view`; ask about one of them.

    Attributes:
        subject_id: AI2-THOR object id of the object that moves.
        reference_id: AI2-THOR object id of the object that stays.
        placement: where the subject is wanted, in the viewer's frame.
        view: 0 .. NUM_VIEWS - 1.
        asked: which of the two is asked about.
        distance: of the camera.
        turn: one of TURNS_DEG.
        change: of the room.
    """

    subject_id: str
    reference_id: str
    placement: Placement
    view: int
    asked: Asked = "subject"
    distance: Distance = "middle"
    turn: int = 0
    change: Change = "none"

    @property
    def about(self) -> tuple[str, str]:
        """Ids of the object that is asked about, and of the one relative to which."""
        pair = (self.subject_id, self.reference_id)
        return pair if self.asked == "subject" else pair[::-1]

    @property
    def words(self) -> str:
        """The edit but for ids and view, as a record keeps it: "left", "left, reference asked, far, turn 90, light"."""
        rest = (
            f"{self.asked} asked" if self.asked != "subject" else "",
            self.distance if self.distance != "middle" else "",
            f"turn {self.turn}" if self.turn else "",
            self.change if self.change != "none" else "",
        )
        return ", ".join((self.placement, *filter(None, rest)))


def implied(placement: Placement, asked: Asked = "subject") -> Term | None:
    """The term that a placement leads to for what is asked about; None for "between", which may lead to any."""
    term = placement if placement in TERMS else _IMPLIED.get(placement)
    return term if term is None or asked == "subject" else OPPOSITES[term]

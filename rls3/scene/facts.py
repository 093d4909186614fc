"""What can be said of a picture with certainty: a fact, its margin, and why it must not be asked.

A fact is language-free: which objects, what holds of them, in whose frame, and how far the scene is from where the
answer would change. `rls3.scene.truth` derives facts from scenes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Family = Literal["direction", "perspective", "support", "between", "nearness", "size", "count", "change"]
FAMILIES: tuple[Family, ...] = get_args(Family)

Unit = Literal["deg", "m", "ratio", "none"]

VIEWER = "viewer"
"""Frame of what depends on the camera: its level right, up, and away from it."""
WORLD = "world"
"""Frame of what does not depend on who looks."""

YES: tuple[str, ...] = ("yes",)
NO: tuple[str, ...] = ("no",)


@dataclass(frozen=True)
class Fact:
    """One thing that is true of a scene.

    Attributes:
        family: kind of relation.
        predicate: what is asked within the family: "direction"; "on", "under", "in", "touching"; "between";
            "nearer", "nearest", "band"; "bigger", "taller"; "count"; "moved", "cause".
        about: object ids in the order the predicate states: subject first, then the reference or references.
        value: the truth: one to three terms, one word, an object id, or a number as text.
        frame: `VIEWER`, `WORLD`, or the id of the object whose own front defines the frame.
        margin: how far the scene is from the nearest boundary at which `value` changes, in `unit`.
        unit: of the margin; "ratio" = how many times larger, less 1.
        share: the margin over what is demanded of it, so that facts of different families compare; a fact with less
            than 1 is not answerable. Infinite where there is no boundary (unit "none").
        reasons: why the fact must not be asked, see `rls3.scene.validity`; whether language can name the objects
            apart is not among them.
    """

    family: Family
    predicate: str
    about: tuple[str, ...]
    value: tuple[str, ...]
    frame: str
    margin: float
    unit: Unit
    share: float
    reasons: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the picture decides the fact, clearly enough to teach."""
        return not self.reasons

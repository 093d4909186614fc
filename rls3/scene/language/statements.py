"""What can be claimed of a scene, true or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from rls3.scene.edit import Term
from rls3.scene.facts import NO, Fact, Family

_DENIED = {
    "on": "not on",
    "under": "not under",
    "in": "not in",
    "touching": "apart",
    "between": "not between",
    "bigger": "smaller",
    "taller": "shorter",
}


@dataclass(frozen=True)
class Statement:
    """Something claimed of a scene; see `Fact` for the fields."""

    family: Family
    predicate: str
    about: tuple[str, ...]
    value: tuple[str, ...]

    @property
    def word(self) -> str:
        """What decides the wording: "direction", "on", "not on", "bigger", "smaller", "nearer", "camera", ..."""
        if self.family == "perspective":
            return "perspective"
        if self.value == NO:
            return _DENIED[self.predicate]
        return self.value[0] if self.predicate in ("nearer", "cause") else self.predicate

    @property
    def terms(self) -> tuple[Term, ...]:
        """The relation terms of the value; empty where it is of another sort."""
        return cast(tuple[Term, ...], self.value) if self.in_terms else ()

    @property
    def in_terms(self) -> bool:
        """Whether the value is one to three relation terms."""
        return self.predicate in ("direction", "moved")


def truth_of(fact: Fact) -> Statement:
    """The fact as a statement."""
    return Statement(fact.family, fact.predicate, fact.about, fact.value)

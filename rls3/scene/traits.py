"""What the types of a scene's objects mean for relations, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rls3.scene.model import SceneObject
from rls3.scene.naming import STRUCTURAL_TYPES

FRONTED_TYPES = frozenset(
    {"ArmChair", "Chair", "Dresser", "Fridge", "Microwave", "OfficeChair", "Sofa", "Television", "Toilet"}
)
"""Types with a front that everybody sees. Their models face +z unturned, in AI2-THOR as in the embedded engine."""
CONTAINER_TYPES = frozenset(
    {
        *("Bathtub", "BathtubBasin", "Bowl", "Box", "Cabinet", "Cup", "Drawer", "Fridge", "GarbageBag", "GarbageCan"),
        *("LaundryHamper", "Microwave", "Mug", "Pot", "Safe", "Sink", "SinkBasin", "WineGlass"),
    }
)
"""What stands within their boxes is in them."""
CLOSING_TYPES = frozenset({"Cabinet", "Drawer", "Fridge", "Microwave", "Safe"})
"""Containers with a door: what is in them may be hidden though nothing stands before it."""
LEGGED_TYPES = frozenset({"Chair", "CoffeeTable", "Desk", "DiningTable", "SideTable", "Stool"})
"""What stands between their legs, on the same floor, is under them."""
EITHER_WORD_TYPES = frozenset({"CoffeeMachine", "Pan", "Plate", "StoveBurner", "Toaster", "Toilet", "TowelHolder"})
"""Of what they bear people say "on" or "in"."""
BOXY_TYPES = frozenset(
    {
        *("Bed", "Book", "Box", "Cabinet", "CounterTop", "Desk", "DiningTable", "Dishwasher", "Dresser", "Fridge"),
        *("LaundryHamper", "Microwave", "Safe", "ShelvingUnit", "SideTable", "StoveOven", "TissueBox", "TVStand"),
        *("WashingMachine",),
    }
)
"""What reaches its box's faces, so that boxes side by side mean things side by side."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Traits:
    """What matters of N objects; (N,) each.

    Attributes:
        held: in the agent's hand.
        movable: pickupable or moveable.
        structural: a part of the building, of `STRUCTURAL_TYPES`.
        opaque: may hide what is behind it: all but floors and ceilings.
        shelf: AI2-THOR's shelf, whose box is the space over the board.
        container, closing, legged, either, boxy: of the types above.
    """

    held: Flags
    movable: Flags
    structural: Flags
    opaque: Flags
    shelf: Flags
    container: Flags
    closing: Flags
    legged: Flags
    either: Flags
    boxy: Flags

    @classmethod
    def of(cls, objects: Sequence[SceneObject]) -> Traits:
        """The traits of these objects."""
        codes = np.array([_code(thing.type) | thing.held | thing.movable << 1 for thing in objects], np.intp)
        return cls(*(codes >> np.arange(10)[:, None] & 1).astype(bool))


@cache
def _code(kind: str) -> int:
    """The traits of a type as bits in the order of `Traits`, after the two that are an object's own."""
    structural = kind in STRUCTURAL_TYPES
    traits = (
        structural,
        kind == "Wall" or not structural,
        kind == "Shelf",
        kind in CONTAINER_TYPES,
        kind in CLOSING_TYPES,
        kind in LEGGED_TYPES,
        kind in EITHER_WORD_TYPES,
        kind in BOXY_TYPES,
    )
    return sum(1 << bit for bit, holds in enumerate(traits, start=2) if holds)

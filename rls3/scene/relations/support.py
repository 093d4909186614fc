"""What is on, under, in, or against what, from boxes; and whether the simulator's claims say the same.

A box tells where a table's top is, but not the height of a seat under a backrest or of a board in a shelf. So three
findings are kept apart: what boxes show (resting on a top, standing in a container), what they allow (somewhere within
another's box), and what they exclude.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from rls3.config import RelationConfig
from rls3.scene.boxes import Array, Boxes
from rls3.scene.model import Scene, SceneObject

SupportWord = Literal["on", "under", "in", "touching"]
SUPPORT_WORDS: tuple[SupportWord, ...] = get_args(SupportWord)

CONTAINER_TYPES = frozenset(
    {
        *("Bathtub", "BathtubBasin", "Bowl", "Box", "Cabinet", "Cup", "Drawer", "Fridge", "GarbageBag", "GarbageCan"),
        *("LaundryHamper", "Microwave", "Mug", "Pot", "Safe", "Sink", "SinkBasin", "WineGlass"),
    }
)
"""What stands within their boxes is in them."""
CLOSING_TYPES = frozenset({"Cabinet", "Drawer", "Fridge", "Microwave", "Safe"})
"""Containers with a door: what is in them may be hidden though nothing stands before it."""
LEGGED_TYPES = frozenset({"CoffeeTable", "Desk", "DiningTable", "SideTable", "Stool", "Chair"})
"""What stands between their legs, on the same floor, is under them."""
EITHER_WORD_TYPES = frozenset({"CoffeeMachine", "Pan", "Plate", "StoveBurner", "Toaster", "Toilet", "TowelHolder"})
"""Of what they bear people say "on" or "in"."""
SLAB_M = 0.06
"""Boxes thinner than this are boards: what begins within them rests on them, metres."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Support:
    """Who carries whom among N objects; (N, N) each, at [subject, reference].

    Only movable things are carried: a drawer is a part of the dresser, not on it.

    Attributes:
        holds: word -> whether boxes say so.
        margin: word -> metres to where that would change; 0 where boxes do not decide.
        carried: boxes say that the reference bears the subject, on it or in it.
        possible: boxes allow that it does.
        claimed: the simulator says that it does.
        disputed: both disagree: claimed yet impossible, or carried while others are claimed.
        borne: (N,) whether the floor, a top, or a receptacle round it, as claimed, bears the object.
    """

    holds: dict[SupportWord, Flags]
    margin: dict[SupportWord, Array]
    carried: Flags
    possible: Flags
    claimed: Flags
    disputed: Flags
    borne: Flags


@dataclass(frozen=True)
class SupportAgreement:
    """How often boxes and the simulator agree on who carries whom; numbers of (object, receptacle) pairs.

    Attributes:
        agreed: said by both.
        allowed: claimed by the simulator, allowed by the boxes, but not shown by them.
        only_claimed: claimed by the simulator, excluded by the boxes.
        only_boxes: shown by the boxes, while the simulator claims other receptacles.
        unclaimed: shown by the boxes, while the simulator claims nothing of the object.
    """

    agreed: int
    allowed: int
    only_claimed: int
    only_boxes: int
    unclaimed: int


def support(objects: Sequence[SceneObject], boxes: Boxes, rule: RelationConfig) -> Support:
    """Who carries whom, by boxes and by the simulator's claims."""
    kinds = _Kinds.of(objects)
    contact = rule.contact_m
    low, high, other_low, other_high = boxes.low[:, None], boxes.high[:, None], boxes.low, boxes.high
    inside, apart = boxes.depth_inside, -boxes.overlap
    free = ~(kinds.held | kinds.held[:, None] | np.eye(len(objects), dtype=bool))
    loose = free & kinds.movable[:, None]

    board_low = np.where(kinds.shelf | kinds.slab, other_low, other_high)
    board_high = np.where(kinds.shelf, other_low, other_high)  # AI2-THOR's shelf box is the space over the board
    rests = contact - np.maximum(np.maximum(board_low - low, low - board_high), 0.0)
    resting = np.minimum(rests, inside)
    entered = np.minimum(np.minimum(low - other_low, other_high - low - 2 * contact) + contact, inside)
    volume = boxes.size.prod(axis=1)
    on_top = (resting > 0) & loose
    within = (entered > 0) & loose & (volume[:, None] < volume)
    contained = within & kinds.container & ~on_top
    somewhere = within & ~kinds.container & (kinds.shelf | (low - other_low >= contact))
    settled = on_top.any(axis=1) | contained.any(axis=1)
    on = on_top | (somewhere & ~settled[:, None])
    carried = on | contained
    possible = carried | within
    claimed = _claims(objects)

    over, lower = low - other_high - contact, other_low - contact
    on_margin = np.where(on, np.where(on_top, resting, entered), np.maximum(apart, np.maximum(over, lower - low)))
    in_margin = np.where(contained, entered, np.maximum(apart, np.maximum(over, lower - high)))
    in_margin = np.where(on_top & ~contained, np.maximum(in_margin, resting), in_margin)
    under, under_margin = _under(boxes, on, on_margin, kinds, rule)
    touching, touching_margin = _touching(boxes, contact)
    through = _through(carried)
    loft = (over > 0) & (apart < 0) & ~carried.any(axis=1)[:, None]  # over it, but nobody knows what bears it
    unclear = (possible & ~carried) | through | loft | (kinds.either & possible) | ~loose
    return Support(
        holds={"on": on, "under": under, "in": contained, "touching": touching},
        margin={
            "on": _decided(on_margin, unclear & ~(on & loose & ~kinds.either)),
            "under": _decided(under_margin, (through | loft).T & ~under),
            "in": _decided(in_margin, unclear & ~(contained & loose & ~kinds.either)),
            "touching": _decided(touching_margin, ~free),
        },
        carried=carried,
        possible=possible,
        claimed=claimed,
        disputed=(claimed & ~possible & loose) | (carried & ~claimed & claimed.any(axis=1)[:, None]),
        borne=_borne(claimed, rests, boxes, kinds.held, contact),
    )


def agreement(scene: Scene, rule: RelationConfig) -> SupportAgreement:
    """How often boxes and the simulator's receptacle claims agree in a scene, for what is movable and not held."""
    found = support(scene.objects, Boxes.of(scene.objects), rule)
    loose = np.array([thing.movable and not thing.held for thing in scene.objects], bool)[:, None]
    silent = ~found.claimed.any(axis=1)[:, None]
    claimed = found.claimed & loose
    return SupportAgreement(
        agreed=int((claimed & found.carried).sum()),
        allowed=int((claimed & found.possible & ~found.carried).sum()),
        only_claimed=int((claimed & ~found.possible).sum()),
        only_boxes=int((found.carried & ~found.claimed & ~silent).sum()),
        unclaimed=int((found.carried & silent).sum()),
    )


@dataclass(frozen=True)
class _Kinds:
    """What matters of N objects' types; (N,) each."""

    held: Flags
    movable: Flags
    shelf: Flags
    slab: Flags
    container: Flags
    legged: Flags
    either: Flags

    @classmethod
    def of(cls, objects: Sequence[SceneObject]) -> _Kinds:
        rows = [
            (
                thing.held,
                thing.movable,
                thing.type == "Shelf",
                thing.size[1] < SLAB_M,
                thing.type in CONTAINER_TYPES,
                thing.type in LEGGED_TYPES,
                thing.type in EITHER_WORD_TYPES,
            )
            for thing in objects
        ]
        return cls(*np.array(rows, bool).reshape(len(objects), 7).T)


def _claims(objects: Sequence[SceneObject]) -> Flags:
    index = {thing.id: i for i, thing in enumerate(objects)}
    claimed = np.zeros((len(objects), len(objects)), bool)
    for i, thing in enumerate(objects):
        for parent in thing.parents:
            for receptacle in (parent, parent.rpartition("|")[0]):  # what is in the basin "Sink|...|SinkBasin" is in it
                if receptacle in index:
                    claimed[i, index[receptacle]] = True
    return claimed


def _through(carried: Flags) -> Flags:
    """Whom others carry in between: the mug on the book on the desk; up to three storeys."""
    storey = carried.astype(np.float32)
    return np.asarray(storey @ (storey + storey @ storey) > 0)


def _decided(margin: Array, undecided: Flags) -> Array:
    return np.where(undecided, 0.0, np.maximum(margin, 0.0))


def _borne(claimed: Flags, rests: Array, boxes: Boxes, held: Flags, contact: float) -> Flags:
    """(N,) whether the floor at height 0, a surface below, or a receptacle round it, as claimed, bears the object."""
    low = boxes.low[:, None]
    around = claimed & (low > boxes.low - contact) & (low < boxes.high + contact)
    carriers = ((rests > 0) | around) & (boxes.overlap > 0) & ~held & ~np.eye(len(held), dtype=bool)
    return np.asarray(carriers.any(axis=1) | (np.abs(boxes.low) <= contact))


def _under(boxes: Boxes, on: Flags, on_margin: Array, kinds: _Kinds, rule: RelationConfig) -> tuple[Flags, Array]:
    """Under = the other is on it, or hangs over it at most `under_within_m` higher, or has it between its legs."""
    low, high, other_low, other_high = boxes.low[:, None], boxes.high[:, None], boxes.low, boxes.high
    contact = rule.contact_m
    inside = np.maximum(boxes.depth_inside, boxes.depth_inside.T)
    gap = other_low - high
    beneath = np.minimum(np.minimum(gap + contact, rule.under_within_m - gap), inside)
    level = contact - np.abs(low - other_low)
    between_legs = np.minimum(np.minimum(level, other_high - high), boxes.depth_inside)
    between_legs = np.where(kinds.legged, between_legs, -np.inf)
    hangs = np.maximum(beneath, between_legs)
    under = on.T | (hangs > 0)
    higher = low - other_high + contact
    margin = np.where(on.T, on_margin.T, np.where(hangs > 0, hangs, np.maximum(-boxes.overlap, higher)))
    return under, margin


def _touching(boxes: Boxes, contact: float) -> tuple[Flags, Array]:
    """Touching = face to face, or one on the other, with a gap or overlap of at most `contact`.

    Boxes that meet at a corner, or that are deep in each other, may hold things that do not touch: undecided.
    """
    common = (boxes.size[:, None] + boxes.size) / 2 - np.abs(boxes.center[:, None] - boxes.center)
    rise = np.minimum(boxes.high[:, None], boxes.high) - np.maximum(boxes.low[:, None], boxes.low)
    depth = np.minimum(rise, boxes.overlap)
    half = np.minimum(boxes.size[:, None], boxes.size) / 2
    facing = (common >= half).sum(axis=2) >= 2
    near = contact - np.abs(depth)
    touching = (near > 0) & facing
    return touching, np.where(touching, near, np.where(depth < 0, -depth - contact, 0.0))

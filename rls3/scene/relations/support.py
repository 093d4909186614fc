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
from rls3.scene.traits import Traits

SupportWord = Literal["on", "under", "in", "touching"]
SUPPORT_WORDS: tuple[SupportWord, ...] = get_args(SupportWord)

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


def support(objects: Sequence[SceneObject], boxes: Boxes, traits: Traits, rule: RelationConfig) -> Support:
    """Who carries whom, by boxes and by the simulator's claims."""
    contact = rule.contact_m
    inside, apart = boxes.depth_inside, -boxes.overlap
    free = ~(traits.held | traits.held[:, None] | np.eye(len(objects), dtype=bool))
    loose = free & traits.movable[:, None]

    low = boxes.low[:, None]
    up, down = low - boxes.low, boxes.high - low
    board = np.where(traits.shelf, boxes.low, boxes.high)  # AI2-THOR's shelf box is the space over the board
    board_low = np.where((2 * boxes.half[1] < SLAB_M), boxes.low, board)
    rests = contact - np.maximum(np.maximum(board_low - low, low - board), 0.0)
    resting = np.minimum(rests, inside)
    entered = np.minimum(np.minimum(up + contact, down - contact), inside)
    volume = boxes.half.prod(axis=0)
    on_top = (resting > 0) & loose
    within = (entered > 0) & loose & (volume[:, None] < volume)
    contained = within & traits.container & ~on_top
    settled = (on_top | contained).any(axis=1, keepdims=True)
    on = on_top | (within & ~traits.container & (traits.shelf | (up >= contact)) & ~settled)
    carried = on | contained
    possible = carried | within
    claimed = _claims(objects)

    over = -down - contact
    clear = np.maximum(apart, np.maximum(over, -up - contact))
    margin = np.where(on_top, resting, np.where(carried, entered, clear))
    through = _through(carried)
    loft = (over > 0) & (apart < 0) & ~carried.any(axis=1, keepdims=True)  # over it, but nobody knows what bears it
    unclear = through | (~carried & (possible | loft)) | (possible & traits.either) | ~loose
    decided = _decided(margin, unclear)
    under, under_margin = _under(boxes, on, margin, traits, rule)
    amid = on & ~on_top & ~traits.shelf  # on a middle board or a seat: part of the carrier is over it
    ceiling = under & ~on.T & carried.any(axis=1) & ~traits.legged  # the board that bears the other is between them
    touching, touching_margin = _touching(boxes, contact)
    return Support(
        holds={"on": on, "under": under, "in": contained, "touching": touching},
        margin={
            "on": np.where(contained, 0.0, decided),  # what is in a bowl, some would say, is on it
            "under": _decided(under_margin, ((through | loft).T & ~under) | amid.T | ceiling),
            "in": decided,
            "touching": _decided(
                touching_margin, ~free | (touching & ~carried & ~carried.T & ~(traits.boxy & traits.boxy[:, None]))
            ),
        },
        carried=carried,
        possible=possible,
        claimed=claimed,
        disputed=(claimed & ~possible & loose) | (carried & ~claimed & claimed.any(axis=1, keepdims=True)),
        borne=_borne(claimed, rests, up, down, boxes, free, contact),
    )


def agreement(scene: Scene, rule: RelationConfig) -> SupportAgreement:
    """How often boxes and the simulator's receptacle claims agree in a scene, for what is movable and not held."""
    traits = Traits.of(scene.objects)
    found = support(scene.objects, Boxes.of(scene.objects), traits, rule)
    loose = (traits.movable & ~traits.held)[:, None]
    silent = ~found.claimed.any(axis=1, keepdims=True)
    claimed = found.claimed & loose
    return SupportAgreement(
        agreed=int((claimed & found.carried).sum()),
        allowed=int((claimed & found.possible & ~found.carried).sum()),
        only_claimed=int((claimed & ~found.possible).sum()),
        only_boxes=int((found.carried & ~found.claimed & ~silent).sum()),
        unclaimed=int((found.carried & silent).sum()),
    )


def _claims(objects: Sequence[SceneObject]) -> Flags:
    index = {thing.id: row for row, thing in enumerate(objects)}
    rows, columns = [], []
    for row, thing in enumerate(objects):
        for parent in thing.parents:
            for receptacle in (parent, parent.rpartition("|")[0]):  # what is in the basin "Sink|...|SinkBasin" is in it
                if receptacle in index:
                    rows.append(row)
                    columns.append(index[receptacle])
    claimed = np.zeros((len(objects), len(objects)), bool)
    claimed[rows, columns] = True
    return claimed


def _through(carried: Flags) -> Flags:
    """Whom others carry in between: the mug on the book on the desk; up to three storeys."""
    storey = carried.astype(np.float32)
    return np.asarray(storey @ (storey + storey @ storey) > 0)


def _decided(margin: Array, undecided: Flags) -> Array:
    return np.where(undecided, 0.0, np.maximum(margin, 0.0))


def _borne(claimed: Flags, rests: Array, up: Array, down: Array, boxes: Boxes, free: Flags, contact: float) -> Flags:
    """(N,) whether the floor at height 0, a surface below, or a receptacle round it, as claimed, bears the object."""
    around = claimed & (up > -contact) & (down > -contact)
    carriers = ((rests > 0) | around) & (boxes.overlap > 0) & free
    return np.asarray(carriers.any(axis=1) | (np.abs(boxes.low) <= contact))


def _under(boxes: Boxes, on: Flags, on_margin: Array, traits: Traits, rule: RelationConfig) -> tuple[Flags, Array]:
    """Under = the other is on it, or hangs over it at most `under_within_m` higher, or has it between its legs."""
    low, high, contact = boxes.low[:, None], boxes.high[:, None], rule.contact_m
    gap = boxes.low - high
    inside = np.maximum(boxes.depth_inside, boxes.depth_inside.T)
    hangs = np.minimum(np.minimum(gap + contact, rule.under_within_m - gap), inside)
    legged = np.flatnonzero(traits.legged)
    level = contact - np.abs(low - boxes.low[legged])
    between_legs = np.minimum(np.minimum(level, boxes.high[legged] - high), boxes.depth_inside[:, legged])
    hangs[:, legged] = np.maximum(hangs[:, legged], between_legs)
    under = on.T | (hangs > 0)
    higher = low - boxes.high + contact
    margin = np.where(on.T, on_margin.T, np.where(hangs > 0, hangs, np.maximum(-boxes.overlap, higher)))
    return under, margin


def _touching(boxes: Boxes, contact: float) -> tuple[Flags, Array]:
    """Touching = face to face, or one on the other, with a gap or overlap of at most `contact`.

    Boxes that meet at a corner, or that are deep in each other, may hold things that do not touch: undecided.
    """
    depth = np.minimum(boxes.common[1], boxes.overlap)
    near = contact - np.abs(depth)
    touching = near > 0
    first, second = np.nonzero(touching)
    least = np.minimum(boxes.half[:, first], boxes.half[:, second])  # half of the smaller one's extent
    touching[first, second] = (boxes.common[:, first, second] >= least).sum(axis=0) >= 2
    return touching, np.where(touching, near, np.where(depth < 0, -depth - contact, 0.0))

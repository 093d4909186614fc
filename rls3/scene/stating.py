"""How each fact of one picture is stated from the table of its scene, and which facts are worth stating."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Literal

import numpy as np

from rls3.scene.facts import NO, VIEWER, WORLD, YES, Fact, Family, Unit
from rls3.scene.reasons import AMBIGUOUS_RELATION, FOREIGN_FRAME, OVERLAPPING, SUPPORT_DISPUTED, WITHOUT_MASKS, reasons
from rls3.scene.relations.between import between, seems_between
from rls3.scene.relations.direction import OWN_TERMS, VIEWER_TERMS
from rls3.scene.relations.measure import band
from rls3.scene.relations.support import SUPPORT_WORDS, SupportWord
from rls3.scene.table import Table
from rls3.scene.traits import CONTAINER_TYPES

Rows = tuple[int, ...]
Stater = Callable[[Table, Rows], Fact]

CANDIDATES = 3
"""Among how many objects "which of these is nearest?" is asked."""

BOARD_TYPES = frozenset({"BathtubBasin", "CounterTop", "Shelf", "SinkBasin", "StoveBurner"})
"""Parts of something higher: people take its height for theirs."""

_MARGINS: dict[str, tuple[Unit, str]] = {
    "direction": ("deg", "min_margin_deg"),
    "moved": ("deg", "min_margin_deg"),
    "cause": ("m", "min_moved_m"),
    "between": ("m", "min_between_margin_m"),
    **dict.fromkeys(SUPPORT_WORDS, ("m", "min_contact_margin_m")),
    **dict.fromkeys(["nearer", "nearest", "band"], ("m", "min_nearer_m")),
    **dict.fromkeys(["bigger", "taller"], ("ratio", "min_size_ratio")),
}
"""Predicate -> unit of its margin, and the threshold that demands the least of it."""
_NO_MARGIN: tuple[Unit, str] = ("none", "")


def stated(
    table: Table,
    family: Family,
    predicate: str,
    rows: Rows,
    *,
    value: tuple[str, ...],
    frame: str,
    margin: float = math.inf,
    others: Collection[str] = (),
    flaws: int = 0,
) -> Fact:
    """A fact with its share of the demanded margin and every reason against it.

    Args:
        table: the scene.
        family, predicate, value, frame, margin: as in `Fact`.
        rows: the objects it is about.
        others: reasons that are not one object's.
        flaws: of the first object in an earlier picture.
    """
    unit, setting = _MARGINS.get(predicate, _NO_MARGIN)
    least: float = getattr(table.thresholds, setting) if setting else 0.0
    share = margin / least if least > 0 else math.inf
    against = [*others]
    if share < 1:
        against.append(AMBIGUOUS_RELATION)
    if table.foreign:
        against.append(FOREIGN_FRAME)
    first, *rest = table.flaws[list(rows)].tolist() or [0]
    about = tuple(table.scene.objects[row].id for row in rows)
    return Fact(
        family,
        predicate,
        about,
        value,
        frame,
        float(margin),
        unit,
        float(share),
        reasons(first | int(flaws), rest, against),
    )


def proposals(table: Table, family: Family, rows: list[int]) -> Iterator[tuple[str, Rows]]:
    """(predicate, objects) of the facts of a family that are worth stating about the objects of these rows.

    "In" is asked of containers, "on" of what can carry, "taller" of what stands by itself, perspective of what has a
    front; what takes three objects is asked of clearly seen ones.
    """
    things = table.scene.objects
    pairs = itertools.permutations(rows, 2)
    clear = [row for row in rows if not table.flaws[row]]
    if family == "direction":
        yield from (("direction", pair) for pair in pairs)
    elif family == "perspective":
        yield from (("direction", pair) for pair in pairs if things[pair[1]].front_yaw is not None)
    elif family == "support":
        for pair, word in itertools.product(pairs, SUPPORT_WORDS):
            carrier = things[pair[1]]
            if (word != "in" or carrier.type in CONTAINER_TYPES) and (word != "on" or carrier.receptacle):
                yield word, pair
    elif family == "between":
        for first, second in itertools.combinations(clear, 2):
            yield from (("between", (row, first, second)) for row in clear if row not in (first, second))
    elif family == "nearness":
        yield from (("nearer", pair) for pair in pairs)
        yield from (("nearest", chosen) for chosen in itertools.combinations(clear, CANDIDATES))
        yield from (("band", (row,)) for row in rows)
    elif family == "size":
        yield from (("bigger", pair) for pair in pairs)
        upright = [row for row in rows if things[row].type not in BOARD_TYPES]
        yield from (("taller", pair) for pair in itertools.permutations(upright, 2))
    elif family == "count":
        kinds = dict.fromkeys(things[row].type for row in rows)
        for kind in kinds:
            yield "count", tuple(r for r, thing in enumerate(things) if thing.type == kind and table.shows[r])


def _direction(table: Table, rows: Rows) -> Fact:
    found = table.directions
    overlapping = [OVERLAPPING] if table.overlapping[rows] else []
    terms, margin = VIEWER_TERMS[found.code[rows]], found.margin[rows]
    return stated(table, "direction", "direction", rows, value=terms, frame=VIEWER, margin=margin, others=overlapping)


def _perspective(table: Table, rows: Rows) -> Fact:
    reference = table.scene.objects[rows[1]]
    found = table.own_directions
    overlapping = [OVERLAPPING] if table.overlapping[rows] else []
    return stated(
        table,
        "perspective",
        "direction",
        rows,
        value=OWN_TERMS[found.code[rows]],
        frame=reference.id,
        margin=found.margin[rows] if reference.front_yaw is not None else 0.0,
        others=overlapping,
    )


def _support(word: SupportWord, table: Table, rows: Rows) -> Fact:
    found = table.support
    disputed = (word in ("on", "in") and found.disputed[rows]) or (word == "under" and found.disputed[rows[::-1]])
    return stated(
        table,
        "support",
        word,
        rows,
        value=YES if found.holds[word][rows] else NO,
        frame=WORLD,
        margin=found.margin[word][rows],
        others=[SUPPORT_DISPUTED] if disputed else [],
    )


def _between(table: Table, rows: Rows) -> Fact:
    """Undecided where the picture, being flat, shows it otherwise, and where one is over, on or in another."""
    subject, first, second = (np.array([row]) for row in rows)
    depth = float(between(table.boxes, subject, first, second)[0])
    honest = bool(seems_between(table.shapes, subject, first, second)[0]) == (depth > 0)
    value, margin = YES if depth > 0 else NO, abs(depth) if honest else 0.0
    stacked = any(table.boxes.overlap[pair] > 0 for pair in itertools.combinations(rows, 2))
    others = [OVERLAPPING] if stacked else []
    return stated(table, "between", "between", rows, value=value, frame=WORLD, margin=margin, others=others)


def _nearer(table: Table, rows: Rows) -> Fact:
    found = table.nearness
    subject, reference = rows
    value = "nearer" if found.distance[subject] < found.distance[reference] else "farther"
    return stated(
        table, "nearness", "nearer", rows, value=(value,), frame=VIEWER, margin=abs(found.lead[subject, reference])
    )


def _nearest(table: Table, rows: Rows) -> Fact:
    found = table.nearness
    best, *others = sorted(rows, key=lambda row: (found.distance[row], row))
    margin = max(0.0, min(float(found.lead[best, row]) for row in others))
    value = table.scene.objects[best].id
    return stated(table, "nearness", "nearest", rows, value=(value,), frame=VIEWER, margin=margin)


def _band(table: Table, rows: Rows) -> Fact:
    value, margin = band(float(table.nearness.distance[rows[0]]), table.thresholds)
    return stated(table, "nearness", "band", rows, value=(value,), frame=VIEWER, margin=margin)


def _size(word: Literal["bigger", "taller"], table: Table, rows: Rows) -> Fact:
    ratio = (table.sizes.bigger if word == "bigger" else table.sizes.taller)[rows]
    value, margin = YES if ratio > 0 else NO, math.expm1(abs(ratio))
    return stated(table, "size", word, rows, value=value, frame=WORLD, margin=margin)


def _count(table: Table, rows: Rows) -> Fact:
    """Without masks nobody knows what is hidden; one that is hardly seen may be counted or not."""
    unseen = [WITHOUT_MASKS] if table.scene.masks is None else []
    return stated(table, "count", "count", rows, value=(str(len(rows)),), frame=VIEWER, others=unseen)


STATERS: dict[tuple[Family, str], Stater] = {
    ("direction", "direction"): _direction,
    ("perspective", "direction"): _perspective,
    **{("support", word): partial(_support, word) for word in SUPPORT_WORDS},
    ("between", "between"): _between,
    ("nearness", "nearer"): _nearer,
    ("nearness", "nearest"): _nearest,
    ("nearness", "band"): _band,
    ("size", "bigger"): partial(_size, "bigger"),
    ("size", "taller"): partial(_size, "taller"),
    ("count", "count"): _count,
}
"""(family, predicate) -> how the fact about objects of given rows is stated."""

"""Relation cells: the sets of one to three terms that a relation can have, 26 in all.

A cell is what a VLM gets right or wrong as one thing: "above, behind and to the left" is another question than "above".
"""

from __future__ import annotations

from collections.abc import Collection

from rls3.scene.edit import TERMS, Term
from rls3.scene.relations.direction import VIEWER_TERMS

CELL_TERMS: dict[str, tuple[Term, ...]] = {"_".join(terms): terms for terms in VIEWER_TERMS if terms}
"""Cell -> its terms, in the order vertical, front/behind, left/right."""
CELLS: tuple[str, ...] = tuple(CELL_TERMS)
"""The names of the cells, such as "left" or "above_behind_left"."""
_BY_TERMS: dict[frozenset[str], str] = {frozenset(terms): cell for cell, terms in CELL_TERMS.items()}


def cell_of(terms: Collection[str]) -> str:
    """The cell of a relation's terms, in whatever order they come.

    Raises:
        ValueError: no relation has these terms.
    """
    found = _BY_TERMS.get(frozenset(terms))
    if found is None:
        raise ValueError(f"no relation has the terms {tuple(terms)}; one has one to three of {TERMS}, no two opposite")
    return found

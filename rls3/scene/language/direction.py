"""Questions, options and captions on a spatial relation, and back from an option to its terms.

All options of a question have the same shape (the same number and kind of terms), so that the text alone gives
nothing away.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import numpy as np

from rls3.scene.edit import TERMS, Term
from rls3.scene.model import SceneObject
from rls3.scene.naming import noun

NUM_OPTIONS = 4

_VERTICAL: tuple[Term, ...] = ("above", "below")
_DEPTH: tuple[Term, ...] = ("front", "behind")
_SIDE: tuple[Term, ...] = ("left", "right")
_ORDER: tuple[Term, ...] = _VERTICAL + _DEPTH + _SIDE
_SHORT: dict[Term, str] = {term: "in front" if term == "front" else term for term in TERMS}
_LONG: dict[Term, str] = {
    "above": "above",
    "below": "below",
    "front": "in front of",
    "behind": "behind",
    "left": "to the left of",
    "right": "to the right of",
}
_TERM_OF_SHORT = {text: term for term, text in _SHORT.items()}


def question(subject: SceneObject, reference: SceneObject) -> str:
    """ "where is the chair relative to the coffee table?"."""
    return f"where is the {noun(subject.type)} relative to the {noun(reference.type)}?"


def caption(subject: SceneObject, reference: SceneObject, terms: tuple[Term, ...]) -> str:
    """ "the pot is above, behind and to the left of the bowl"."""
    return f"the {noun(subject.type)} is {phrase(terms)} the {noun(reference.type)}"


def phrase(terms: tuple[Term, ...]) -> str:
    """The terms as they stand between two nouns: "above, behind and to the left of"."""
    return listed([_LONG[term] for term in _sorted(terms)])


def option_text(terms: tuple[Term, ...]) -> str:
    """The terms as an answer: "above, behind and left"."""
    return listed([_SHORT[term] for term in _sorted(terms)])


def terms_of(option: str) -> tuple[Term, ...]:
    """The terms of an option text, in canonical order.

    Raises:
        ValueError: a word that is no term.
    """
    parts = re.split(r", | and ", option.strip())
    if unknown := [part for part in parts if part not in _TERM_OF_SHORT]:
        allowed = ", ".join(_TERM_OF_SHORT)
        raise ValueError(f"option '{option}' holds '{unknown[0]}', which is no relation; allowed: {allowed}")
    return _sorted(tuple(_TERM_OF_SHORT[part] for part in parts))


def options(terms: tuple[Term, ...], rng: np.random.Generator) -> tuple[tuple[str, ...], int]:
    """The true option among foils of the same shape.

    Args:
        terms: the truth, one to three terms.
        rng: draws the foils and the position of the truth.

    Returns:
        NUM_OPTIONS texts and the index of the true one.
    """
    truth = _sorted(terms)
    others = [candidate for candidate in _same_shape(truth) if candidate != truth]
    foils = [others[i] for i in rng.choice(len(others), NUM_OPTIONS - 1, replace=False)]
    answer = int(rng.integers(NUM_OPTIONS))
    shown = [*foils[:answer], truth, *foils[answer:]]
    return tuple(option_text(each) for each in shown), answer


def vocabulary() -> tuple[str, ...]:
    """Every word the templates use, nouns apart, sorted."""
    texts = [*_SHORT.values(), *_LONG.values(), "and", "where is the relative to the", "the is the"]
    return tuple(sorted({word for text in texts for word in text.split()}))


def _sorted(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=_ORDER.index))


def _same_shape(terms: tuple[Term, ...]) -> list[tuple[Term, ...]]:
    """All term tuples a reader could take for the same kind of answer."""
    if len(terms) == 1:
        return [(term,) for term in _ORDER]
    if len(terms) == 3:
        return list(itertools.product(_VERTICAL, _DEPTH, _SIDE))
    if terms[0] in _VERTICAL:
        return list(itertools.product(_VERTICAL, _DEPTH + _SIDE))
    return list(itertools.product(_DEPTH, _SIDE))


def listed(words: Sequence[str], conjunction: str = "and") -> str:
    """ "above, behind and left"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {conjunction} {words[-1]}"

"""An order of facts in which the rare ones come early."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from rls3.scene.facts import Fact


def varied(facts: Iterable[Fact], rng: np.random.Generator) -> Iterator[Fact]:
    """All facts, by turns of every predicate and value, those of one in random order.

    Of twelve objects hardly any is between two others, and hardly any two touch; drawn at random, nearly all facts
    would say what is not so, and `Balance` would refuse nearly all questions.
    """
    cells: defaultdict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        kind = () if fact.predicate == "nearest" else fact.value  # an object's id is no kind of answer
        cells[fact.family, fact.predicate, *kind].append(fact)
    left = [[cell[i] for i in rng.permutation(len(cell))] for cell in cells.values()]
    while left:
        for place in rng.permutation(len(left)):
            yield left[place].pop()
        left = [cell for cell in left if cell]

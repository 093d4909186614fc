"""What a text gives away of itself: the words it says of which nouns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rls3.scene.language.captions import in_order
from rls3.scene.language.model import Claim
from rls3.scene.language.statements import Statement
from rls3.scene.language.wording import YES_NO
from rls3.scene.naming import Name


def claim_of(statement: Statement, names: Mapping[str, Name]) -> Claim:
    """The claim of a statement; a denial claims nothing, so that it weighs against what it denies."""
    things = tuple(names[each] for each in in_order(statement) if each in names)
    if statement.word not in YES_NO:
        return Claim((), things)
    if statement.terms or statement.predicate in ("count", "band"):
        return Claim(tuple(f"{statement.word}:{value}" for value in statement.value), things)
    return Claim((statement.word,), things)


def claims_of(statements: Sequence[Statement], names: Mapping[str, Name]) -> tuple[Claim, ...]:
    """The claims of a question's options; of numbers and distances also the rank among those offered."""
    claims = tuple(claim_of(statement, names) for statement in statements)
    if statements[0].predicate not in ("count", "band"):
        return claims
    ranks = sorted(range(len(statements)), key=lambda i: _amount(statements[i].value[0]))
    place = {i: f"rank {rank} of {len(statements)}" for rank, i in enumerate(ranks)}
    return tuple(Claim((*claim.words, place[i]), claim.things) for i, claim in enumerate(claims))


def _amount(value: str) -> float:
    """What orders counts and distance bands: the number; "within 1 m" comes before "1 to 2 m"."""
    first = value.split(" ")[0]
    return {"within": 0.0, "beyond": math.inf}[first] if first in ("within", "beyond") else float(first)

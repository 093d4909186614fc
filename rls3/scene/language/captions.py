"""Statements in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rls3.scene.language.direction import listed, phrase
from rls3.scene.language.statements import Statement
from rls3.scene.language.wording import SENTENCES, YES_NO
from rls3.scene.naming import Name, plural

ALONE: Mapping[str, str] = {
    "above": "above",
    "below": "below",
    "front": "in front",
    "behind": "behind",
    "left": "to the left",
    "right": "to the right",
}
WAYS: Mapping[str, str] = {
    "above": "up",
    "below": "down",
    "front": "towards the camera",
    "behind": "away from the camera",
    "left": "to the left",
    "right": "to the right",
}
_SINGULAR = {"is": "is", "has": "has", "does": "does", "rest": "rests", "stand": "stands", "touch": "touches"}
_PLURAL = {"is": "are", "has": "have", "does": "do", "rest": "rest", "stand": "stand", "touch": "touch"}
_SECOND_SINGULAR = {"r_does": "does", "r_contain": "contains", "r_face": "faces"}
_SECOND_PLURAL = {"r_does": "do", "r_contain": "contain", "r_face": "face"}


def sentence(statement: Statement, names: Mapping[str, Name], paraphrase: int, *, described: bool = False) -> str:
    """A statement as a caption: "the pot is above, behind and to the left of the bowl".

    Args:
        statement: what is said.
        names: names of the objects it is about; of a count, of any one of them.
        paraphrase: which of the templates of its word, modulo their number.
        described: add the colours of objects where they are known.
    """
    return _filled(SENTENCES[statement.word], statement, names, paraphrase, described)


def yes_no(statement: Statement, names: Mapping[str, Name], paraphrase: int) -> str:
    """The question whether a statement holds: "is the pot above the bowl?"; for the arguments see `sentence`."""
    return _filled(YES_NO[statement.word], statement, names, paraphrase, False)


def fields(statement: Statement, names: Mapping[str, Name], *, described: bool = False) -> dict[str, str]:
    """What stands for the fields of the templates, see `rls3.scene.language.wording`."""
    spoken = in_order(statement)
    things = [names[each] for each in spoken if each in names]
    called = [each.described if described else each.definite for each in things]
    found = dict(zip("srt", called, strict=False))
    if things:
        found |= _PLURAL if things[0].plural else _SINGULAR
    if len(things) > 1:
        found |= _SECOND_PLURAL if things[1].plural else _SECOND_SINGULAR
        found["each"] = listed(sorted(called))
        found["others"] = listed(sorted(called[1:]))
    return found | _value(statement, things)


def in_order(statement: Statement) -> tuple[str, ...]:
    """The ids of what a statement speaks of, the one it says something of first; of a count, one of the things."""
    if statement.predicate == "nearest":
        return (statement.value[0], *(other for other in statement.about if other != statement.value[0]))
    return statement.about[:1] if statement.predicate == "count" else statement.about


def _value(statement: Statement, things: Sequence[Name]) -> dict[str, str]:
    match statement.word:
        case "direction":
            return {"v": phrase(statement.terms), "w": listed([ALONE[term] for term in statement.value])}
        case "perspective":
            return {"w": listed([ALONE[term] for term in statement.value])}
        case "moved":
            return {"w": listed([WAYS[term] for term in statement.value])}
        case "band":
            return _band(statement.value[0])
        case "nearest":
            return {"nearest": "nearest" if len(things) > 2 else "nearer"}
        case "count":
            number, name = statement.value[0], things[0].noun
            several = plural(name) or name
            one = number == "1"
            return {"w": number, "things": name if one else several, "are": "is" if one else "are", "plural": several}
    return {}


def _band(band: str) -> dict[str, str]:
    """A distance band before "the camera", and as the length of the way."""
    kind, _, length = band.partition(" ")
    if kind == "within":
        return {"w": f"{band} of", "span": f"less than {length}"}
    if kind == "beyond":
        return {"w": f"more than {length} from", "span": f"more than {length}"}
    return {"w": f"{band} from", "span": band}


def _filled(
    templates: Sequence[str], statement: Statement, names: Mapping[str, Name], paraphrase: int, described: bool
) -> str:
    return templates[paraphrase % len(templates)].format_map(fields(statement, names, described=described))

"""Short answers: as options, and as what an open question accepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rls3.scene.language.captions import ALONE, WAYS
from rls3.scene.language.direction import listed, option_text, phrase
from rls3.scene.language.statements import Statement
from rls3.scene.naming import Name, plural

NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def short_answer(statement: Statement, names: Mapping[str, Name], stem: str) -> str:
    """What a statement answers to a question of `wording.STEMS`: "above and left", "the mug", "on", "3", "apart"."""
    match stem:
        case "direction" | "perspective":
            return option_text(statement.terms)
        case "moved":
            return listed([WAYS[term] for term in statement.terms])
        case "which":
            chosen = statement.value[0] if statement.predicate == "nearest" else statement.about[0]
            return names[chosen].definite
        case "place" | "touching":
            return statement.word
        case "cause":
            return "an object" if statement.value == ("object",) else "the camera"
    return statement.value[0]


def accepted_answers(statement: Statement, names: Mapping[str, Name], stem: str) -> tuple[str, ...]:
    """The short answer, then what else says the same."""
    return tuple(dict.fromkeys((short_answer(statement, names, stem), *_variants(statement, names, stem))))


def _variants(statement: Statement, names: Mapping[str, Name], stem: str) -> Iterator[str]:
    match stem:
        case "direction":
            yield listed([ALONE[term] for term in statement.terms])
            yield f"{phrase(statement.terms)} {names[statement.about[1]].definite}"
        case "perspective":
            yield listed([ALONE[term] for term in statement.terms])
        case "moved":
            yield listed([WAYS[term].removeprefix("to the ") for term in statement.terms])
        case "which":
            yield short_answer(statement, names, stem).removeprefix("the ")
        case "place":
            yield f"{statement.word} {names[statement.about[1]].definite}"
        case "touching":
            yield "they are touching" if statement.word == "touching" else "they are apart"
            yield "they touch" if statement.word == "touching" else "they do not touch"
        case "cause":
            yield short_answer(statement, names, stem).split(" ")[1]
        case "count":
            yield from _numbers(int(statement.value[0]), names[statement.about[0]].noun)
        case "band":
            yield statement.value[0].replace(" m", " metres")


def _numbers(number: int, name: str) -> Iterator[str]:
    things = name if number == 1 else plural(name)
    spelled = [NUMBER_WORDS[number]] if number < len(NUMBER_WORDS) else []
    yield from spelled
    yield from (f"{each} {things}" for each in (number, *spelled))

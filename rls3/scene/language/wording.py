"""The templates of every sentence and question, each with its paraphrases.

{s}, {r} and {t} are what the statement's first, second and third object are called; {v} is the value as it stands
between two objects, {w} as it stands alone; {is}, {has}, {does}, {rest}, {stand} and {touch} agree with the first
object, {r_does}, {r_contain} and {r_face} with the second. {each} lists all objects with "and", {others} all but the
first, {any} the answers with "or".
"""

from __future__ import annotations

from collections.abc import Mapping

Templates = tuple[str, ...]


def _compared(comparative: str) -> tuple[Templates, Templates]:
    """Sentences and questions that compare two objects as they really are, not as large as they look."""
    return (
        (
            f"in reality, {{s}} {{is}} {comparative} than {{r}}",
            f"compared with {{r}}, {{s}} {{is}} {comparative} in reality",
            f"of {{s}} and {{r}}, {{s}} {{is}} really the {comparative}",
        ),
        (
            f"in reality, {{is}} {{s}} {comparative} than {{r}}?",
            f"compared with {{r}}, {{is}} {{s}} {comparative} in reality?",
            f"of {{s}} and {{r}}, {{is}} {{s}} really the {comparative}?",
        ),
    )


def _at_distance(comparative: str, preposition: str) -> tuple[Templates, Templates]:
    """Sentences and questions that compare two objects' distances from the camera."""
    return (
        (
            f"{{s}} {{is}} {comparative} {preposition} the camera than {{r}}",
            f"compared with {{r}}, {{s}} {{is}} {comparative} {preposition} the camera",
            f"of {{s}} and {{r}}, {{s}} {{is}} {comparative} {preposition} the camera",
        ),
        (
            f"{{is}} {{s}} {comparative} {preposition} the camera than {{r}}?",
            f"compared with {{r}}, {{is}} {{s}} {comparative} {preposition} the camera?",
            f"of {{s}} and {{r}}, {{is}} {{s}} {comparative} {preposition} the camera?",
        ),
    )


_BOTH: Mapping[str, tuple[Templates, Templates]] = {
    "direction": (
        ("{s} {is} {v} {r}", "relative to {r}, {s} {is} {w}", "seen from the camera, {s} {is} {v} {r}"),
        ("{is} {s} {v} {r}?", "relative to {r}, {is} {s} {w}?", "seen from the camera, {is} {s} {v} {r}?"),
    ),
    "perspective": (
        (
            "from the point of view of {r}, {s} {is} {w}",
            "with the front of {r} as forward, {s} {is} {w}",
            "taking the way {r} {r_face} as forward, {s} {is} {w}",
        ),
        (
            "from the point of view of {r}, {is} {s} {w}?",
            "with the front of {r} as forward, {is} {s} {w}?",
            "taking the way {r} {r_face} as forward, {is} {s} {w}?",
        ),
    ),
    "on": (
        ("{s} {is} on {r}", "{s} {rest} on {r}", "{s} {is} resting on {r}"),
        ("{is} {s} on {r}?", "{does} {s} rest on {r}?", "{is} {s} resting on {r}?"),
    ),
    "under": (
        ("{s} {is} under {r}", "{s} {is} beneath {r}", "{s} {is} underneath {r}"),
        ("{is} {s} under {r}?", "{is} {s} beneath {r}?", "{is} {s} underneath {r}?"),
    ),
    "in": (
        ("{s} {is} in {r}", "{s} {is} inside {r}", "{r} {r_contain} {s}"),
        ("{is} {s} in {r}?", "{is} {s} inside {r}?", "{r_does} {r} contain {s}?"),
    ),
    "touching": (
        ("{s} {is} touching {r}", "{s} {touch} {r}", "{s} {is} in contact with {r}"),
        ("{is} {s} touching {r}?", "{does} {s} touch {r}?", "{is} {s} in contact with {r}?"),
    ),
    "between": (
        (
            "{s} {is} between {r} and {t}",
            "{s} {stand} between {r} and {t}",
            "{s} {is} in the gap between {r} and {t}",
        ),
        (
            "{is} {s} between {r} and {t}?",
            "{does} {s} stand between {r} and {t}?",
            "{is} {s} in the gap between {r} and {t}?",
        ),
    ),
    "nearer": _at_distance("nearer", "to"),
    "farther": _at_distance("farther", "from"),
    "nearest": (
        (
            "of {each}, {s} {is} {nearest} to the camera",
            "among {each}, {s} {is} {nearest} to the camera",
            "compared with {others}, {s} {is} {nearest} to the camera",
        ),
        (
            "of {each}, {is} {s} {nearest} to the camera?",
            "among {each}, {is} {s} {nearest} to the camera?",
            "compared with {others}, {is} {s} {nearest} to the camera?",
        ),
    ),
    "band": (
        ("{s} {is} {w} the camera", "the camera is {w} {s}", "{s} {is} at a distance of {span} from the camera"),
        ("{is} {s} {w} the camera?", "is the camera {w} {s}?", "{is} {s} at a distance of {span} from the camera?"),
    ),
    "bigger": _compared("bigger"),
    "smaller": _compared("smaller"),
    "taller": _compared("taller"),
    "shorter": _compared("shorter"),
    "count": (
        (
            "there {are} exactly {w} {things} in the picture",
            "the picture shows exactly {w} {things}",
            "exactly {w} {things} {are} in view",
        ),
        (
            "{are} there exactly {w} {things} in the picture?",
            "does the picture show exactly {w} {things}?",
            "{are} exactly {w} {things} in view?",
        ),
    ),
    "moved": (
        (
            "between the two pictures, {s} moved {w}",
            "{s} {has} been moved {w}",
            "from the first picture to the second, {s} moved {w}",
        ),
        (
            "between the two pictures, did {s} move {w}?",
            "{has} {s} been moved {w}?",
            "from the first picture to the second, did {s} move {w}?",
        ),
    ),
    "object": (
        (
            "between the two pictures, an object moved",
            "an object has moved from the first picture to the second",
            "the second picture differs because an object moved",
        ),
        (
            "between the two pictures, did an object move?",
            "has an object moved from the first picture to the second?",
            "does the second picture differ because an object moved?",
        ),
    ),
    "camera": (
        (
            "between the two pictures, the camera moved",
            "the camera has moved from the first picture to the second",
            "the second picture differs because the camera moved",
        ),
        (
            "between the two pictures, did the camera move?",
            "has the camera moved from the first picture to the second?",
            "does the second picture differ because the camera moved?",
        ),
    ),
}

_DENIALS: Mapping[str, Templates] = {
    "not on": ("{s} {is} not on {r}", "{s} {does} not rest on {r}", "{s} {is} not on top of {r}"),
    "not under": ("{s} {is} not under {r}", "{s} {is} not beneath {r}", "{s} {is} not underneath {r}"),
    "not in": ("{s} {is} not in {r}", "{s} {is} not inside {r}", "{r} {r_does} not contain {s}"),
    "apart": ("{s} {is} not touching {r}", "{s} {does} not touch {r}", "{s} {is} not in contact with {r}"),
    "not between": (
        "{s} {is} not between {r} and {t}",
        "{s} {does} not stand between {r} and {t}",
        "{s} {is} not in the gap between {r} and {t}",
    ),
}

SENTENCES: Mapping[str, Templates] = {**{word: both[0] for word, both in _BOTH.items()}, **_DENIALS}
"""Captions by a statement's word; the same paraphrase of two words differs in nothing but the word."""

YES_NO: Mapping[str, Templates] = {word: both[1] for word, both in _BOTH.items()}
"""Questions whether a statement holds, by its word; denials are not asked."""

STEMS: Mapping[str, Templates] = {
    "direction": (
        "where {is} {s} relative to {r}?",
        "relative to {r}, where {is} {s}?",
        "seen from the camera, where {is} {s} relative to {r}?",
    ),
    "perspective": (
        "from the point of view of {r}, where {is} {s}?",
        "with the front of {r} as forward, where {is} {s}?",
        "taking the way {r} {r_face} as forward, where {is} {s}?",
    ),
    "moved": (
        "which way did {s} move between the two pictures?",
        "in which direction {has} {s} been moved?",
        "from the first picture to the second, which way did {s} move?",
    ),
    "place": ("{is} {s} {any} {r}?", "where {is} {s}, {any} {r}?", "how {is} {s} placed, {any} {r}?"),
    "touching": (
        "are {s} and {r} {any}?",
        "how are {s} and {r} placed, {any}?",
        "would you say {s} and {r} are {any}?",
    ),
    "which": ("which is {more}, {any}?", "of {each}, which is {more}?", "{any}: which is {more}?"),
    "band": (
        "how far {is} {s} from the camera?",
        "what is the distance from the camera to {s}?",
        "at what distance from the camera {is} {s}?",
    ),
    "count": (
        "how many {plural} are in the picture?",
        "how many {plural} does the picture show?",
        "how many {plural} are in view?",
    ),
    "cause": (
        "what moved between the two pictures?",
        "what has moved from the first picture to the second?",
        "which moved between the two pictures, {any}?",
    ),
}
"""Questions that a short answer settles, by the contrast they ask for."""

CAPTION_PROMPTS: Templates = (
    "which sentence is true of the picture?",
    "which caption fits the picture?",
    "which description matches the picture?",
)
CHANGE_PROMPTS: Templates = (
    "which sentence is true of the two pictures?",
    "which caption fits the two pictures?",
    "which description matches the two pictures?",
)

MORE: Mapping[str, str] = {
    "nearer": "nearer to the camera",
    "farther": "farther from the camera",
    "nearest": "{nearest} to the camera",
    "bigger": "bigger in reality",
    "smaller": "smaller in reality",
    "taller": "taller in reality",
    "shorter": "shorter in reality",
    "on": "on the other",
    "under": "under the other",
    "in": "in the other",
    "between": "between the other two",
}
"""What is asked of several objects: "which is nearer to the camera, the mug or the lamp?"."""

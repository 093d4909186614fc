"""What a question is: its text, its options, and what each of them claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from rls3.scene.facts import Fact

Kind = Literal["multiple_choice", "yes_no", "caption_choice", "open"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Claim:
    """What a reader of the text alone sees claimed: words of certain things, in the order the first word states.

    Attributes:
        words: relation words, such as "direction:above"; a claim of several words is true only if all hold.
        things: the things it speaks of, as the text calls them; the subject first.
    """

    words: tuple[str, ...]
    things: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question with its answer.

    Attributes:
        kind: how it is to be answered.
        text: the question.
        options: what is chosen from; of an open question the accepted answers, the canonical one first.
        answer: index of the true option; of an open question 0.
        caption: a true sentence of the fact.
        fact: what it is about.
        asserted: of a yes/no question the value it states; of the other kinds the true value.
        claims: what each option claims, the true option's first for open questions (which have the alternatives as
            claims, not as options); of a yes/no question the one claim it makes.
    """

    kind: Kind
    text: str
    options: tuple[str, ...]
    answer: int
    caption: str
    fact: Fact
    asserted: tuple[str, ...]
    claims: tuple[Claim, ...]

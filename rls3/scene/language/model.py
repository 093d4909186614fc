"""What a question is: its text, its options, and what each of them claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from rls3.scene.facts import Fact
from rls3.scene.naming import Name

Kind = Literal["multiple_choice", "yes_no", "caption_choice", "open"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Claim:
    """What a reader of the text alone sees claimed.

    Attributes:
        words: relation words, such as "direction:above"; all must hold. None of them: the denial of the other claim.
        things: what is spoken of, the one that something is said of first.
    """

    words: tuple[str, ...]
    things: tuple[Name, ...]


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
        claims: what each option claims; of a yes/no question what it asks; of an open question what the right answer
            would claim, then what wrong ones would.
    """

    kind: Kind
    text: str
    options: tuple[str, ...]
    answer: int
    caption: str
    fact: Fact
    asserted: tuple[str, ...]
    claims: tuple[Claim, ...]

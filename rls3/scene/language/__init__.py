"""Questions, options and captions on what is true of a picture, and the chooser that keeps their answers even.

Texts are lower case; questions end with a question mark, captions and options without a full stop.
"""

from rls3.scene.language.balance import Balance
from rls3.scene.language.captions import sentence
from rls3.scene.language.direction import (
    NUM_OPTIONS,
    caption,
    option_text,
    options,
    phrase,
    question,
    terms_of,
    vocabulary,
)
from rls3.scene.language.model import KINDS, Claim, Kind, Question
from rls3.scene.language.negatives import hard_negatives
from rls3.scene.language.questions import questions_of
from rls3.scene.language.statements import Statement, truth_of
from rls3.scene.language.variety import varied
from rls3.scene.naming import names_of

__all__ = [
    "KINDS",
    "NUM_OPTIONS",
    "Balance",
    "Claim",
    "Kind",
    "Question",
    "Statement",
    "caption",
    "hard_negatives",
    "names_of",
    "option_text",
    "options",
    "phrase",
    "question",
    "questions_of",
    "sentence",
    "terms_of",
    "truth_of",
    "varied",
    "vocabulary",
]

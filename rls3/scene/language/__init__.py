"""Questions, options and captions on what is true of a picture, and the chooser that keeps their answers even.

Texts are lower case; questions end with a question mark, captions and options without a full stop.
"""

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

__all__ = [
    "KINDS",
    "NUM_OPTIONS",
    "Claim",
    "Kind",
    "Question",
    "caption",
    "option_text",
    "options",
    "phrase",
    "question",
    "terms_of",
    "vocabulary",
]

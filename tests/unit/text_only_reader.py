"""Readers who answer questions without the picture: they learn from some, and their accuracy on others is measured."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

Asked = tuple[str, tuple[str, ...], int]
"""Text, options, index of the right one."""

FOLDS = 5


def advantage(asked: Sequence[Asked]) -> float:
    """Accuracy beyond chance of a logistic regression on held-out questions, five-fold cross-validated.

    Each option is scored by the words of itself, of the question, and by pairs of both.
    """
    owner = np.repeat(np.arange(len(asked)), [len(options) for _, options, _ in asked])
    documents = [" ".join(_features(text, options, i)) for text, options, _ in asked for i in range(len(options))]
    vectorizer = HashingVectorizer(
        n_features=2**18, token_pattern=r"\S+", lowercase=False, norm=None, binary=True, alternate_sign=False
    )
    features = vectorizer.transform(documents)
    right = np.array([i == answer for _, options, answer in asked for i in range(len(options))])
    gain = []
    for train, test in KFold(FOLDS, shuffle=True, random_state=0).split(np.arange(len(asked))):
        learned = LogisticRegression(C=0.1, max_iter=300, solver="liblinear")
        learned.fit(features[np.isin(owner, train)], right[np.isin(owner, train)])
        held = np.isin(owner, test)
        scores = learned.decision_function(features[held])
        truth, whose = right[held], owner[held]
        for question in test:
            mine = scores[whose == question]
            best = mine == mine.max()
            gain.append(truth[whose == question][best].mean() - 1 / len(mine))
    return float(np.mean(gain))


def advantage_by_heart(asked: Sequence[Asked]) -> float:
    """Accuracy beyond chance of a reader who knows which option was right oftenest for the very same text."""
    gain = []
    for train, test in KFold(FOLDS, shuffle=True, random_state=0).split(np.arange(len(asked))):
        seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for question in train:
            text, options, answer = asked[question]
            seen[text][options[answer]] += 1
        for question in test:
            text, options, answer = asked[question]
            votes = np.array([seen[text][option] for option in options])
            best = votes == votes.max()
            gain.append(best[answer] / best.sum() - 1 / len(options))
    return float(np.mean(gain))


def _features(text: str, options: tuple[str, ...], i: int) -> list[str]:
    own = [*_grams(options[i], 3), f"place{i}"]
    if len(own) > 20:  # a whole sentence, of which the question says nothing
        return own
    option = "_".join(options[i].split(" "))
    crossed = [f"{gram}#{option}" for gram in _grams(text, 3)]
    return [*own, *crossed, *(f"{word}#{other}" for word in _grams(text, 1) for other in _grams(options[i], 1))]


def _grams(text: str, longest: int) -> list[str]:
    words = re.findall(r"\w+", text)
    return ["_".join(words[i : i + n]) for n in range(1, longest + 1) for i in range(len(words) - n + 1)]

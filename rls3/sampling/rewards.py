"""What an edit is paid, once the VLM has scored the sample it made.

    r = v (a0 + m (a1 4p(1-p) + a2 w)) - (1 - v) b

v: 1 for a valid sample, else 0, so that no scene is paid for being unanswerable. p: the VLM's probability of the
right option; 4p(1-p) is its learnability, 1 at p = 0.5 and 0 where the answer is known or hopeless (Rutherford et
al., "No Regrets: Sampling for Learnability", NeurIPS 2024). w: mean error rate of the sample's relation terms on the
held-out feedback pool. m: margin to the nearest relation boundary, so that ambiguous labels are paid less.
"""

from __future__ import annotations

from collections.abc import Mapping

from rls3.config import RewardConfig
from rls3.samples.record import Sample
from rls3.samples.scores import Score


def margin_weight(margin_deg: float, full_margin_deg: float) -> float:
    """m: grows linearly from 0 at a relation boundary to 1 at `full_margin_deg` degrees from it."""
    return min(1.0, max(0.0, margin_deg) / full_margin_deg)


def learnability(success: float) -> float:
    """4p(1-p) of a success probability, 0..1."""
    return 4.0 * success * (1.0 - success)


def term_weakness(sample: Sample, weakness: Mapping[str, float]) -> float:
    """w: mean error rate, 0..1, over the sample's relation terms; 0 for a sample without terms."""
    return sum(weakness[term] for term in sample.terms) / len(sample.terms) if sample.terms else 0.0


def edit_reward(sample: Sample, score: Score | None, weakness: Mapping[str, float], config: RewardConfig) -> float:
    """The reward of the edit that made `sample`.

    Args:
        sample: the record.
        score: what the VLM made of it; may be None for an invalid sample, which has no question to score.
        weakness: error rate per relation term, 0..1.
        config: the weights a0 (feasible), a1 (learnability), a2 (weakness), b (invalid) and the full margin.

    Raises:
        ValueError: a valid sample without a score, or with another sample's score.
    """
    if not sample.valid:
        return -config.invalid
    if score is None or score.sample_id != sample.sample_id:
        got = "no score" if score is None else f"the score of '{score.sample_id}'"
        raise ValueError(
            f"valid sample '{sample.sample_id}' came with {got}; score every valid sample before paying it"
        )
    gain = config.learnability * learnability(score.success(sample))
    gain += config.weakness * term_weakness(sample, weakness)
    return config.feasible + margin_weight(sample.margin, config.full_margin_deg) * gain

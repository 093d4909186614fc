"""What an edit is paid, once the VLM has scored the sample it made.

    r = v (a0 + m (a1 4p(1-p) + a2 w + a3 d)) - (1 - v) b

v: 1 for a valid sample, else 0, so that no scene is paid for being unanswerable. p: the VLM's probability of the
right option; 4p(1-p) is its learnability, 1 at p = 0.5 and 0 where the answer is known or hopeless (Rutherford et
al., "No Regrets: Sampling for Learnability", NeurIPS 2024). w: mean error rate of the sample's relation terms on the
held-out feedback pool. d: how far the sample's terms lag behind an even share of the run's samples; negative for terms
that flood it. Without it a policy settles on whatever is easiest to place (ours; RLS3's own figures show "above" and
"below" starved). m: margin to the nearest relation boundary, so that ambiguous labels are paid less.
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


def term_mean(sample: Sample, values: Mapping[str, float]) -> float:
    """Mean of a per-term figure over the sample's relation terms; 0 for a sample without terms."""
    return sum(values[term] for term in sample.terms) / len(sample.terms) if sample.terms else 0.0


def coverage_deficit(counts: Mapping[str, int]) -> dict[str, float]:
    """d per term: 1 - n / mean, cut to -1..1, for n valid samples of each term so far; 0 before there is any."""
    mean = sum(counts.values()) / len(counts)
    return {term: max(-1.0, 1.0 - n / mean) if mean else 0.0 for term, n in counts.items()}


def edit_reward(
    sample: Sample,
    score: Score | None,
    weakness: Mapping[str, float],
    deficit: Mapping[str, float],
    config: RewardConfig,
) -> float:
    """The reward of the edit that made `sample`.

    Args:
        sample: the record.
        score: what the VLM made of it; may be None for an invalid sample, which has no question to score.
        weakness: error rate per relation term, 0..1.
        deficit: `coverage_deficit` of the run so far.
        config: the weights a0 (feasible), a1 (learnability), a2 (weakness), a3 (deficit), b (invalid), the full margin.

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
    gain += config.weakness * term_mean(sample, weakness) + config.deficit * term_mean(sample, deficit)
    return config.feasible + margin_weight(sample.margin, config.full_margin_deg) * gain

"""The second model of reward `rho`: fine-tuned once on held-out questions, and only where the reward asks for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rls3.config import load_config
from rls3.samples.scores import Score
from rls3.vlm.reference import reference_of
from rls3.vlm.trainer import VLMTrainer
from rls3.vlm.vilt import new_vilt
from tests.factories import left_or_right


def test_the_reference_is_what_a_fit_on_the_feedback_pool_makes_and_stays_so(tmp_path: Path) -> None:
    new_vilt(hidden=32, layers=2, heads=2, seed=1).save(tmp_path)
    settings = [f"vlm.base={tmp_path}", "vlm.learning_rate=3e-3", "vlm.batch_size=8", "reward.reference_epochs=12"]
    assert reference_of(load_config([], settings)) is None
    config = load_config([], [*settings, "reward.rho=1"])
    reference, feedback, asked = reference_of(config), left_or_right(24, first=500), left_or_right(8)
    assert reference is not None
    scores = [Score(sample.sample_id, (0.25,) * 4, 7) for sample in asked]
    first = reference.beside(scores, asked, feedback)
    assert [(score.probabilities, score.vlm_version) for score in first] == [((0.25,) * 4, 7)] * 8
    assert reference.beside(scores, asked, feedback) == first
    alone = VLMTrainer(
        config.vlm.model_copy(update={"epochs": 12, "replay_share": 0.0}), config.run.seed, config.validity
    )
    alone.fit(feedback)
    assert [score.reference for score in first] == [score.probabilities for score in alone.score(asked)]
    known = [score.reference[sample.answer] for score, sample in zip(first, asked, strict=True) if score.reference]
    assert np.mean(known) > 0.4, "it learned from the pool what is asked here"

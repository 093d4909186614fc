"""The second model of reward `rho`: what the VLM would say had it been fine-tuned on held-out data.

Mindermann et al., "Prioritized Training on Points that are Learnable, Worth Learning, and Not Yet Learnt", ICML 2022:
the loss of a model trained on a hold-out set stands for what cannot be reduced, such as a wrong label's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rls3.config import Config, ValidityConfig, VlmConfig
from rls3.samples.record import Sample
from rls3.samples.scores import Score
from rls3.vlm.trainer import VLMTrainer


class Reference:
    """A model of its own, fine-tuned on the feedback pool when it is first asked; then it stays as it is.

    Args:
        config: the student it begins as, and how it is fine-tuned.
        epochs: passes over the pool.
        seed: as of the trainer.
        validity: as of the trainer.
    """

    def __init__(self, config: VlmConfig, epochs: int, seed: int, validity: ValidityConfig) -> None:
        changes = {"epochs": epochs, "patience": 0, "replay_share": 0.0}
        self._trainer = VLMTrainer(config.model_copy(update=changes), seed, validity)

    def beside(self, scores: Sequence[Score], samples: Sequence[Sample], feedback: Sequence[Sample]) -> list[Score]:
        """The scores with this model's probabilities beside them.

        Args:
            scores: of the VLM.
            samples: whose scores they are, in the same order.
            feedback: questions of the feedback pool.
        """
        if self._trainer.version == 0:
            self._trainer.fit(feedback)
        ours = self._trainer.score(samples)
        return [replace(score, reference=own.probabilities) for score, own in zip(scores, ours, strict=True)]


def reference_of(config: Config) -> Reference | None:
    """The second model where `reward.rho` asks for it."""
    if not config.reward.rho:
        return None
    return Reference(config.vlm, config.reward.reference_epochs, config.run.seed, config.validity)

"""Which of all that could be asked about the pictures of `rls3 generate` is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from rls3.config import Config
from rls3.runtime.visit import Shot, Visit
from rls3.samples.labelling import Provenance, question_sample
from rls3.samples.record import Sample
from rls3.scene.language import Balance, Question


class Chooser:
    """Chooses the questions of one visit after another: families in turn, answers that no text foretells.

    Args:
        config: what to ask for.
        state: of an earlier chooser to go on after; None = from the beginning.

    Attributes:
        visits: how many were dealt with.
    """

    def __init__(self, config: Config, state: Any = None) -> None:
        self.visits = 0
        self._config = config
        self._balance = Balance()
        self._asked: Counter[str] = Counter(dict.fromkeys(config.questions.families, 0))
        if state is not None:
            self.visits = state["visits"]
            self._asked.update(state["asked"])
            self._balance.restore(state["balance"])

    def state(self, complete: bool = False) -> Any:
        """JSON value from which another chooser goes on; of a complete data set only the counts."""
        counts = {"visits": self.visits, "asked": dict(self._asked)}
        return counts if complete else counts | {"balance": self._balance.state()}

    def choose(self, found: Visit, most: int) -> list[Sample]:
        """The samples of the next visit, `most` at most."""
        samples: list[Sample] = []
        rng = np.random.default_rng((self._config.run.seed, self.visits, 2))
        for number, shot in enumerate(found.shots):
            room = min(self._config.questions.per_picture, most - len(samples))
            for place, question in enumerate(self._questions(shot, room, rng)):
                samples.append(self._sample(shot, question, number, place))
        self.visits += 1
        return samples

    @staticmethod
    def rejected(found: Visit) -> Counter[str]:
        """What of a visit could not be used, by reason."""
        total = Counter(found.refused)
        for shot in found.shots:
            total.update(shot.rejected)
        return total

    def _questions(self, shot: Shot, room: int, rng: np.random.Generator) -> Iterator[Question]:
        """Questions on different facts of one picture, from the families asked about least so far."""
        left = {family: list(questions) for family, questions in shot.candidates.items()}
        order = {family: place for place, family in enumerate(self._asked)}
        for _ in range(room):
            for family in sorted(left, key=lambda name: (self._asked[name], order[name])):
                question = self._balance.choose(left[family], rng) if left[family] else None
                if question is not None:
                    self._asked[family] += 1
                    left[family] = [other for other in left[family] if other.fact != question.fact]
                    yield question
                    break
            else:
                return

    def _sample(self, shot: Shot, question: Question, number: int, place: int) -> Sample:
        sampler, seed = self._config.questions.sampler, self._config.run.seed
        provenance = Provenance(
            sample_id=f"{sampler}-{seed}-visit{self.visits:05d}-{number:02d}-{place:02d}",
            sampler=sampler,
            seed=seed,
            slot=0,
            episode=self.visits,
            step=number,
            placement=shot.edit.words if shot.edit else "",
            view=shot.edit.view if shot.edit else -1,
        )
        return question_sample(shot.view, question, provenance=provenance, colors=shot.colors, before=shot.before)

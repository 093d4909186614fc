"""Which edits are legal: the mask of an action, whose branches are chosen one after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
BRANCHES = ("subject", "reference", "placement", "view")
"""The branches of an action that are masked, in the order in which they are chosen."""


@dataclass(frozen=True)
class Choices:
    """Legal edits among S subjects, R references, P placements and V views.

    Branches are chosen in the order of `BRANCHES`, each among what at least one legal edit has, given those before it:
    such a choice never ends in nothing.

    Attributes:
        legal: (S, R, P, V), subject first.
    """

    legal: Flags

    @property
    def exhausted(self) -> bool:
        """Whether no edit is legal."""
        return not self.legal.any()

    def padded(self, num_subjects: int, num_references: int) -> Choices:
        """The same among more subjects and references, none of which is legal."""
        subjects, references = self.legal.shape[:2]
        more = [(0, num_subjects - subjects), (0, num_references - references), (0, 0), (0, 0)]
        return Choices(np.pad(self.legal, more))

    def check(self, action: Sequence[int]) -> None:
        """Refuse an action (subject, reference, placement, view) that is not legal.

        Raises:
            ValueError: which branch, what is legal there, and given what.
        """
        given = ""
        for name, choice, legal in zip(BRANCHES, action, self._branches(action), strict=True):
            if not 0 <= choice < len(legal) or not legal[choice]:
                raise ValueError(
                    f"action {[int(each) for each in action]} is masked out: {name} {int(choice)} is not one of "
                    f"{np.flatnonzero(legal).tolist()}{given and ' for' + given}; "
                    "choose where observation['action_mask'] is 1"
                )
            given += f" {name} {int(choice)}"

    def draw(self, rng: np.random.Generator, placement: int | None = None) -> tuple[int, int, int, int] | None:
        """A legal action, each branch drawn uniformly from what is legal given those before it.

        Args:
            rng: of the draws.
            placement: the only one to draw; None = any.

        Returns:
            subject, reference, placement, view; None when no edit is legal.
        """
        wanted = self
        if placement is not None:
            only = np.arange(self.legal.shape[2]) == placement
            wanted = Choices(self.legal & only[:, None])
        if wanted.exhausted:
            return None
        action: list[int] = []
        for legal in wanted._branches(action):
            action.append(int(rng.choice(np.flatnonzero(legal))))
        subject, reference, chosen, view = action
        return subject, reference, chosen, view

    def _branches(self, action: Sequence[int]) -> Iterator[Flags]:
        """The legal choices of each branch; of the action only what comes before that branch is looked at."""
        left = self.legal
        for place in range(len(BRANCHES)):
            yield np.asarray(left.reshape(len(left), -1).any(axis=1))
            left = left[action[place]] if place + 1 < len(BRANCHES) else left

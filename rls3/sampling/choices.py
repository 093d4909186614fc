"""Which edits are legal: the mask of an action, whose branches are chosen one after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rls3.scene.edit import ASKED, CHANGES, DISTANCES, NUM_VIEWS, PLACEMENTS, TURNS_DEG, UNCHANGED

Flags = NDArray[np.bool_]
BRANCHES = ("subject", "reference", "asked", "placement", "view", "distance", "turn", "change")
"""The branches of an action in the order in which they are chosen."""
NUM_PLACED = 5
"""Of these, how many say what goes where, is asked about and seen from which side; the others how, given the pair."""
NUM_CHOICES = (len(ASKED), len(PLACEMENTS), NUM_VIEWS, len(DISTANCES), len(TURNS_DEG), len(CHANGES))
"""Choices per branch, after subject and reference."""

Action = tuple[int, ...]


@dataclass(frozen=True)
class Choices:
    """Legal edits among S subjects and R references.

    Branches are chosen in the order of `BRANCHES`, each among what at least one legal edit has, given those before it:
    such a choice never ends in nothing. Either of a pair may be asked about; turns and changes are always legal.

    Attributes:
        legal: (S, R, placements, NUM_VIEWS), subject first.
        distances: (S, R, distances) for each pair.
    """

    legal: Flags
    distances: Flags

    @classmethod
    def read(cls, mask: NDArray[np.float32], num_subjects: int, num_references: int) -> Choices:
        """Back from what `flat` gave."""
        pairs = (num_subjects, num_references)
        legal, distances = np.split(mask > 0, [num_subjects * num_references * len(PLACEMENTS) * NUM_VIEWS])
        return cls(legal.reshape(*pairs, len(PLACEMENTS), NUM_VIEWS), distances.reshape(*pairs, len(DISTANCES)))

    @property
    def exhausted(self) -> bool:
        """Whether no edit is legal."""
        return not self.legal.any()

    def flat(self, num_subjects: int, num_references: int) -> NDArray[np.float32]:
        """0 and 1, table after table, among more subjects and references, none of which is legal."""
        subjects, references = self.legal.shape[:2]
        more = [(0, num_subjects - subjects), (0, num_references - references)]
        tables = [np.pad(self.legal, [*more, (0, 0), (0, 0)]), np.pad(self.distances, [*more, (0, 0)])]
        return np.concatenate([table.ravel() for table in tables]).astype(np.float32)

    def check(self, action: Sequence[int]) -> None:
        """Refuse an action that is not legal.

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

    def draw(self, rng: np.random.Generator, placement: int | None = None) -> Action | None:
        """A legal action, each branch drawn uniformly from what is legal given those before it.

        Args:
            rng: of the draws.
            placement: the only one to draw; None = any.

        Returns:
            a number per branch; None when no edit is legal.
        """
        wanted = self
        if placement is not None:
            only = np.arange(self.legal.shape[2]) == placement
            wanted = Choices(self.legal & only[:, None], self.distances)
        if wanted.exhausted:
            return None
        action: list[int] = []
        for legal in wanted._branches(action):
            action.append(int(rng.choice(np.flatnonzero(legal))))
        return tuple(action)

    def plain(self, action: Action) -> Action:
        """The same thing in the same place, itself asked about, as it stands, from the first distance that is legal."""
        subject, reference, _, placement, view, *_ = action
        distance = int(np.flatnonzero(self.distances[subject, reference])[0])
        return (subject, reference, ASKED.index("subject"), placement, view, distance, *UNCHANGED)

    def _branches(self, action: Sequence[int]) -> Iterator[Flags]:
        """The legal choices of each branch; of the action only what comes before that branch is looked at."""
        left = self.legal
        for name in BRANCHES[:NUM_PLACED]:
            if name == "asked":
                yield np.ones(len(ASKED), np.bool_)
                continue
            yield np.asarray(left.reshape(len(left), -1).any(axis=1))
            left = left[action[BRANCHES.index(name)]]
        yield self.distances[action[0], action[1]]
        for size in NUM_CHOICES[-2:]:
            yield np.ones(size, np.bool_)

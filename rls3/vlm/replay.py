"""Memory of earlier rounds against forgetting: a uniform sample of all examples seen so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rls3.vlm.data import Example


class Reservoir:
    """Reservoir sampling (Vitter's algorithm R, 1985): after n examples each is kept with probability capacity / n.

    Args:
        capacity: most examples kept.
        seed: of the draws.
    """

    def __init__(self, capacity: int, seed: int) -> None:
        self._capacity = capacity
        self._rng = np.random.default_rng(seed)
        self._kept: list[Example] = []
        self._seen = 0

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, examples: Sequence[Example]) -> None:
        """Offer examples in order."""
        for example in examples:
            self._seen += 1
            if len(self._kept) < self._capacity:
                self._kept.append(example)
            elif (place := int(self._rng.integers(self._seen))) < self._capacity:
                self._kept[place] = example

    def draw(self, count: int) -> list[Example]:
        """`count` distinct examples, or all when fewer are kept."""
        count = min(count, len(self._kept))
        return [self._kept[i] for i in self._rng.choice(len(self._kept), count, replace=False)] if count else []

    def state(self) -> dict[str, Any]:
        """Everything needed to go on exactly; plain types, arrays and examples."""
        return {"kept": list(self._kept), "seen": self._seen, "rng": self._rng.bit_generator.state}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take over what `state` returned."""
        self._kept = list(state["kept"])
        self._seen = state["seen"]
        self._rng.bit_generator.state = state["rng"]

"""What sampling asks of a simulator whose scene it edits."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from rls3.samples.labelling import Picture
from rls3.scene.edit import Edit
from rls3.scene.model import Scene


class EditResult(Protocol):
    """What a simulator made of an edit: a view, or the reason why it refused."""

    @property
    def view(self) -> Picture | None:
        """The picture after the edit; None when it was refused."""
        ...

    @property
    def refused(self) -> str | None:
        """Why nothing happened; None when the edit was made."""
        ...


class EditableSimulator(Protocol):
    """What a session asks of a simulator; `rls3.thor.simulator.Simulator` is one."""

    @property
    def restarts(self) -> int:
        """How often the engine was started again."""
        ...

    def reset(self, scene: str, *, spawn_seed: int | None = None) -> Scene:
        """Load a scene, its small objects spawned by seed."""
        ...

    def apply(self, edit: Edit) -> EditResult:
        """Make an edit and look at it; a refused edit changes nothing."""
        ...

    def undo(self) -> object:
        """Take the last edit back."""
        ...

    def glance(self, rng: np.random.Generator) -> Picture | None:
        """A picture of the scene as it is, from a random place; None when nothing to ask about shows anywhere."""
        ...

    def can_view(self, reference_id: str) -> tuple[bool, ...]:
        """From which of the NUM_VIEWS sides the object can be looked at."""
        ...

    def close(self) -> None:
        """Stop the engine."""
        ...

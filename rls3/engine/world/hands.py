"""An agent's hand: where it is, and what it holds."""

from __future__ import annotations

from dataclasses import dataclass

from rls3.engine.geometry import Vector


@dataclass(frozen=True)
class Hand:
    """An agent's hand in the frame of its camera: right, up, ahead, metres; Euler angles, degrees; the id it holds."""

    position: Vector = (0.0, -0.16, 0.38)
    rotation: Vector = (0.0, 0.0, 0.0)
    holds: str | None = None

"""The actions of AI2-THOR that the engine does. Importing the package registers them all."""

from __future__ import annotations

from rls3.engine.actions import (
    cameras,
    enabling,
    hand_motion,
    hands,
    house,
    lighting,
    many_states,
    materials,
    navigation,
    paths,
    placing,
    poses,
    protocol,
    queries,
    releasing,
    session,
    spatial,
    states,
    stepping,
    teleporting,
)
from rls3.engine.actions.registry import ACTIONS, action, find

__all__ = [
    "ACTIONS",
    "action",
    "cameras",
    "enabling",
    "find",
    "hand_motion",
    "hands",
    "house",
    "lighting",
    "many_states",
    "materials",
    "navigation",
    "paths",
    "placing",
    "poses",
    "protocol",
    "queries",
    "releasing",
    "session",
    "spatial",
    "states",
    "stepping",
    "teleporting",
]

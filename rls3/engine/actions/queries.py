"""Questions about the scene, and what the metadata is limited to."""

from __future__ import annotations

from typing import Any

from rls3.engine.actions.registry import action
from rls3.engine.errors import ActionError
from rls3.engine.records import object_record
from rls3.engine.session import Session


@action(query=True)
def get_scene_bounds(session: Session) -> list[list[float]]:
    """Return the lower and the upper corner of the scene, metres."""
    low, high = session.world.bounds()
    return [low.tolist(), high.tolist()]


@action(query=True)
def get_object_metadata(session: Session, object_ids: list[Any]) -> list[dict[str, Any]]:
    """Return the records of some objects, without what depends on the agent."""
    return [dict(object_record(session.object(str(object_id)))) for object_id in object_ids]


@action()
def set_object_filter(session: Session, object_ids: list[Any]) -> None:
    """Limit the metadata's `objects` to these ids."""
    session.world.filter = frozenset(str(object_id) for object_id in object_ids)


@action()
def set_object_filter_for_type(session: Session, object_types: list[Any]) -> None:
    """Limit the metadata's `objects` to objects of these types."""
    wanted = set(object_types)
    session.world.filter = frozenset(k for k, o in session.world.objects.items() if o.type.name in wanted)


@action()
def reset_object_filter(session: Session) -> None:
    """Show all objects again."""
    session.world.filter = None


@action()
def set_random_seed(session: Session, seed: int) -> None:
    """Set the seed of actions that draw at random and have none of their own."""
    if seed < 0:
        raise ActionError(f"seed must not be below 0, got {seed}")
    session.seed = seed

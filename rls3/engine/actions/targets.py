"""Which object an action means: by its id, or by a point of the agent's picture."""

from __future__ import annotations

from rls3.engine.errors import ActionError, ArgumentError
from rls3.engine.session import Session
from rls3.engine.sight.visibility import visible_objects
from rls3.engine.world.objects import SceneObject


def find_target(
    session: Session, object_id: str | None, x: float | None, y: float | None, force_action: bool
) -> SceneObject:
    """Return the object that an action is about.

    Args:
        session: the scene and the acting agent.
        object_id: its id, or None when it is given by its place in the picture.
        x: place in the picture, 0 (left) to 1 (right).
        y: place in the picture, 0 (top) to 1 (bottom).
        force_action: whether it may be out of sight or out of reach.

    Raises:
        ArgumentError: neither an id nor a place is given.
        ActionError: there is no such object, or the agent does not see it from near enough.
    """
    if object_id is None and (x is None or y is None):
        raise ArgumentError("MissingArguments", "the action is missing the following arguments: objectId, or x and y")
    if object_id is None:
        object_id = _seen_at(session, x or 0.0, y or 0.0)
    item = session.object(object_id)
    if not item.present:
        raise ActionError(f"{object_id} is disabled or sliced: there is nothing left to act on")
    if not force_action and object_id not in visible_objects(session, session.active_agent, None):
        raise ActionError("Target object not found within the specified visibility.")
    return item


def _seen_at(session: Session, x: float, y: float) -> str:
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise ActionError(f"x and y must both be in [0:1], not (x={x}, y={y})")
    name = session.view.of_agent(session.world, session.active_agent, session.optics).name_at(x, y)
    if name not in session.world.objects:
        raise ActionError(f"Target object not found within the specified visibility: no object at x={x}, y={y}")
    return name

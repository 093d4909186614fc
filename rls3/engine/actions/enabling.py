"""Taking objects out of the scene and bringing them back."""

from __future__ import annotations

from rls3.engine.actions.registry import action
from rls3.engine.errors import ActionError, ArgumentError
from rls3.engine.physics.holding import let_go
from rls3.engine.physics.loads import load_of
from rls3.engine.physics.settling import settle_down
from rls3.engine.physics.stability import steady_carriers
from rls3.engine.session import Session
from rls3.engine.world.objects import SceneObject


@action()
def disable_object(session: Session, object_id: str) -> None:
    """Hide an object; what it carried falls down."""
    item = session.object(object_id)
    if not item.state.enabled:
        raise ActionError(f"{object_id} is already disabled")
    _take_out(session, [item], keep=True)


@action()
def disable_all_objects_of_type(session: Session, object_type: str) -> None:
    """Hide all objects of a type; what they carried falls down."""
    found = [o for o in session.world.listed_objects() if o.type.name == object_type]
    if not found:
        raise ActionError(f"no object of type {object_type} is in the scene")
    _take_out(session, found, keep=True)


@action()
def enable_object(session: Session, object_id: str) -> None:
    """Show a hidden object again, if its place is still free; it falls if what carried it is gone."""
    item = session.object(object_id)
    if item.state.enabled:
        raise ActionError(f"{object_id} is already enabled")
    hit = session.physics.collisions(item.boxes, {object_id})
    agent = session.physics.agent_in_the_way(item.boxes)
    if hit or agent is not None:
        raise ActionError(f"{object_id} cannot be enabled: {[*hit, f'agent {agent}'][0]} is in its place")
    session.world.put(item.changed(enabled=True))
    settle_down(session.world, session.physics, [session.object(object_id)])


@action()
def remove_from_scene(
    session: Session,
    object_id: str | None = None,
    object_ids: list[str] | None = None,
) -> None:
    """Take objects out of the scene for good; what they carried falls down."""
    wanted = [object_id] if object_id is not None else object_ids or []
    if not wanted:
        raise ArgumentError(
            "MissingArguments", "action: RemoveFromScene is missing the following arguments: objectId or objectIds"
        )
    _take_out(session, [session.object(each) for each in dict.fromkeys(wanted)], keep=False)


def _take_out(session: Session, items: list[SceneObject], *, keep: bool) -> None:
    """Disable or remove objects, out of hands if need be, and let fall what stood on them or was held with them."""
    world = session.world
    gone = dict.fromkeys(o.object_id for o in items)
    loose: dict[str, SceneObject] = {}
    for item in items:
        if item.state.held_by is not None:
            loose |= {o.object_id: o for o in let_go(world, item.state.held_by)}
    for item in items:
        if item.present:
            load = load_of(world, session.physics, item)
            below = steady_carriers(world, session.physics, item, load.ids)
            loose |= {o.object_id: o for o in (*load.carried, *below)}
    for key in gone:
        if keep:
            world.put(session.object(key).changed(enabled=False))
        else:
            world.remove(key)
    settle_down(world, session.physics, [o for key, o in loose.items() if key not in gone])

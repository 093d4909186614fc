"""Opening and switching objects."""

from __future__ import annotations

from dataclasses import replace

from rls3.engine.actions.registry import action
from rls3.engine.errors import ActionError
from rls3.engine.session import Session


@action()
def open_object(session: Session, object_id: str, openness: float = 1.0, force_action: bool = False) -> None:
    """Open an object by a fraction."""
    if not 0 <= openness <= 1:
        raise ActionError(f"openness must be within [0, 1], got {openness}")
    _set_openness(session, object_id, openness, force_action)


@action()
def close_object(session: Session, object_id: str, force_action: bool = False) -> None:
    """Close an object."""
    _set_openness(session, object_id, 0.0, force_action)


@action()
def toggle_object_on(session: Session, object_id: str, force_action: bool = False) -> None:
    """Switch an object on."""
    _set_toggled(session, object_id, True, force_action)


@action()
def toggle_object_off(session: Session, object_id: str, force_action: bool = False) -> None:
    """Switch an object off."""
    _set_toggled(session, object_id, False, force_action)


def _set_openness(session: Session, object_id: str, openness: float, force: bool) -> None:
    item = session.object(object_id)
    if not item.type.openable:
        raise ActionError(f"{object_id} is not an Openable object")
    if item.state.openness == openness and not force:
        raise ActionError(f"{object_id} already has openness {openness:g}")
    session.world.put(replace(item, state=replace(item.state, openness=openness)))


def _set_toggled(session: Session, object_id: str, on: bool, force: bool) -> None:
    item = session.object(object_id)
    if not item.type.toggleable:
        raise ActionError(f"{object_id} is not a Toggleable object")
    if item.state.toggled == on and not force:
        raise ActionError(f"can't toggle object {'on' if on else 'off'} if it's already {'on' if on else 'off'}!")
    session.world.put(replace(item, state=replace(item.state, toggled=on)))

"""One state for many objects at once (SetObjectStates)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rls3.engine.actions.registry import action
from rls3.engine.actions.states import CHANGES
from rls3.engine.errors import ActionError
from rls3.engine.physics.reshaping import reshape
from rls3.engine.session import Session
from rls3.engine.world.objects import SceneObject

#: By the name of `stateChange`: the argument that holds the wanted state, the flag and the field of the state, and the
#: actions that bring it about and take it back.
STATES: Mapping[str, tuple[str, str, str, str, str]] = {
    "toggleable": ("isToggled", "toggleable", "toggled", "ToggleObjectOn", "ToggleObjectOff"),
    "openable": ("isOpen", "openable", "openness", "OpenObject", "CloseObject"),
    "breakable": ("isBroken", "breakable", "broken", "BreakObject", ""),
    "canFillWithLiquid": ("isFilledWithLiquid", "fillable", "filled", "FillObjectWithLiquid", "EmptyLiquidFromObject"),
    "dirtyable": ("isDirty", "dirtyable", "dirty", "DirtyObject", "CleanObject"),
    "cookable": ("isCooked", "cookable", "cooked", "CookObject", ""),
    "sliceable": ("isSliced", "sliceable", "sliced", "SliceObject", ""),
    "canBeUsedUp": ("isUsedUp", "usable_up", "used_up", "UseUpObject", ""),
}


@action(need="hands")
def set_object_states(session: Session, SetObjectStates: dict[str, Any]) -> None:  # noqa: N803 - AI2-THOR's spelling
    """Bring all objects of a type, or all that have a property, into a state."""
    request = SetObjectStates
    kind, change = request.get("objectType") or None, request.get("stateChange") or None
    if (kind is None) == (change is None):
        raise ActionError("SetObjectStates needs either objectType or stateChange, and not both")
    if change is not None and change not in STATES:
        raise ActionError(f"Unknown stateChange {change!r}; allowed: {', '.join(STATES)}")
    rows = [STATES[change]] if change is not None else [row for row in STATES.values() if row[0] in request]
    if not rows or not all(isinstance(request.get(row[0]), bool) for row in rows):
        allowed = " or ".join(row[0] for row in rows or STATES.values())
        raise ActionError(f"SetObjectStates needs true or false for {allowed}")
    for row in rows:
        for item in session.world.active_objects():
            if getattr(item.type, row[1]) and kind in (None, item.type.name):
                _bring(session, session.object(item.object_id), row, bool(request[row[0]]))


def _bring(session: Session, item: SceneObject, row: tuple[str, str, str, str, str], wanted: bool) -> None:
    _, _, field, on, off = row
    if not item.present or bool(getattr(item.state, field)) == wanted:
        return
    name = on if wanted else off
    if not name:
        raise ActionError(f"{item.object_id} is {field} already, which cannot be undone")
    if field == "openness":
        reshape(session.world, session.physics, item, openness=float(wanted))
    elif name == "FillObjectWithLiquid":
        reshape(session.world, session.physics, item, filled="water")
    else:
        CHANGES[name](session, item)

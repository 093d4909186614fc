"""One state for many objects at once (SetObjectStates)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from rls3.engine.actions.registry import action
from rls3.engine.actions.states import CHANGES
from rls3.engine.errors import ActionError
from rls3.engine.physics.reshaping import reshape
from rls3.engine.session import Session
from rls3.engine.world.objects import SceneObject


class StateChange(NamedTuple):
    """One state that objects can be brought into.

    Attributes:
        argument: AI2-THOR's name of the wanted state.
        flag: of the object types that have it.
        field: of `ObjectState`.
        on: the action that brings it about.
        off: the action that takes it back, None where nothing does.
    """

    argument: str
    flag: str
    field: str
    on: str
    off: str | None = None


#: By the name of `stateChange`.
STATES: Mapping[str, StateChange] = {
    "toggleable": StateChange("isToggled", "toggleable", "toggled", "ToggleObjectOn", "ToggleObjectOff"),
    "openable": StateChange("isOpen", "openable", "openness", "OpenObject", "CloseObject"),
    "breakable": StateChange("isBroken", "breakable", "broken", "BreakObject"),
    "canFillWithLiquid": StateChange(
        "isFilledWithLiquid", "fillable", "filled", "FillObjectWithLiquid", "EmptyLiquidFromObject"
    ),
    "dirtyable": StateChange("isDirty", "dirtyable", "dirty", "DirtyObject", "CleanObject"),
    "cookable": StateChange("isCooked", "cookable", "cooked", "CookObject"),
    "sliceable": StateChange("isSliced", "sliceable", "sliced", "SliceObject"),
    "canBeUsedUp": StateChange("isUsedUp", "usable_up", "used_up", "UseUpObject"),
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
    asked = [STATES[change]] if change is not None else [each for each in STATES.values() if each.argument in request]
    if not asked or not all(isinstance(request.get(each.argument), bool) for each in asked):
        allowed = " or ".join(each.argument for each in asked or STATES.values())
        raise ActionError(f"SetObjectStates needs true or false for {allowed}")
    for each in asked:
        for item in session.world.active_objects():
            if getattr(item.type, each.flag) and kind in (None, item.type.name):
                _bring(session, session.object(item.object_id), each, wanted=request[each.argument])


def _bring(session: Session, item: SceneObject, change: StateChange, *, wanted: bool) -> None:
    """Bring an object into a state, or out of it, unless it is there already."""
    if not item.present or bool(getattr(item.state, change.field)) == wanted:
        return
    name = change.on if wanted else change.off
    if name is None:
        raise ActionError(f"{item.object_id} is {change.field} already, which cannot be undone")
    if change.field == "openness":
        reshape(session.world, session.physics, item, openness=float(wanted))
    elif name == "FillObjectWithLiquid":
        reshape(session.world, session.physics, item, filled="water")
    else:
        CHANGES[name](session, item)

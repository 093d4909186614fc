"""Opening, switching, filling and other changes of an object's state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, get_args

from rls3.engine.actions.registry import action
from rls3.engine.actions.targets import find_target
from rls3.engine.errors import ActionError
from rls3.engine.physics.reshaping import PIECES, cut, reshape
from rls3.engine.session import Session
from rls3.engine.world.heating import heated_by
from rls3.engine.world.objects import Liquid, SceneObject
from rls3.engine.world.switching import controlled_by

Change = Callable[[Session, SceneObject], None]
LIQUIDS: tuple[Liquid, ...] = get_args(Liquid)


@action(need="hands")
def open_object(
    session: Session,
    object_id: str | None = None,
    x: float | None = None,
    y: float | None = None,
    openness: float = 1.0,
    force_action: bool = False,
    move_magnitude: float | None = None,
) -> None:
    """Open an object by a fraction; `moveMagnitude` is the old name of `openness`, of which 0 meant wide open."""
    wanted = openness if move_magnitude is None else move_magnitude or 1.0
    if not 0 <= wanted <= 1:
        raise ActionError(f"openness must be in [0:1], not {wanted}")
    _set_openness(session, find_target(session, object_id, x, y, force_action), wanted, force_action)


@action(need="hands")
def close_object(
    session: Session,
    object_id: str | None = None,
    x: float | None = None,
    y: float | None = None,
    force_action: bool = False,
) -> None:
    """Close an object."""
    _set_openness(session, find_target(session, object_id, x, y, force_action), 0.0, force_action)


def _set_openness(session: Session, item: SceneObject, openness: float, force: bool) -> None:
    if not item.type.openable:
        raise ActionError(f"{item.object_id} is not an Openable object")
    if item.state.openness == openness and not force:
        state = "closed" if openness == 0 else f"open to openness {openness:g}"
        raise ActionError(f"object already {state}: {item.object_id}")
    try:
        reshape(session.world, session.physics, item, openness=openness)
    except ActionError as error:
        raise ActionError(f"Object failed to open/close successfully: {error}") from error


@action(need="hands")
def fill_object_with_liquid(
    session: Session,
    object_id: str | None = None,
    x: float | None = None,
    y: float | None = None,
    fill_liquid: str | None = None,
    force_action: bool = False,
) -> None:
    """Fill an object with water, coffee or wine."""
    item = find_target(session, object_id, x, y, force_action)
    liquid = next((name for name in LIQUIDS if name == fill_liquid), None)
    if liquid is None:
        raise ActionError(f"Unknown fillLiquid {fill_liquid!r}; allowed: {', '.join(LIQUIDS)}")
    if item.state.filled is not None:
        raise ActionError(f"{item.object_id} is already Filled!")
    _set(session, item, flag="fillable", wanted="CanBeFilled", field="filled", value=liquid)


def _toggle(session: Session, item: SceneObject, *, on: bool) -> None:
    """Switch an object and what it controls."""
    word, others = "on" if on else "off", session.world.active_objects()
    if not item.type.toggleable:
        raise ActionError(f"{item.object_id} is not a Toggleable object")
    if item.type.name == "StoveBurner" and any(item in controlled_by(session.world, o) for o in others):
        raise ActionError(f"{item.object_id} is switched by its StoveKnob; toggle that")
    if item.state.toggled == on:
        raise ActionError(f"can't toggle object {word} if it's already {word}!")
    if item.type.name == "Microwave" and on and item.state.openness > 0:
        raise ActionError(f"{item.object_id} must be closed to Toggle On!")
    for each in (item, *controlled_by(session.world, item)):
        reshape(session.world, session.physics, each, toggled=on)
        if on and each.type.heat_source:
            for food in heated_by(session.world, session.object(each.object_id), session.containment):
                reshape(session.world, session.physics, food, cooked=True)


def _slice(session: Session, item: SceneObject) -> None:
    """Let slices of their own take an object's place."""
    if not item.type.sliceable or item.type.name not in PIECES:
        raise ActionError(f"{item.object_id} Does not have the CanBeSliced property!")
    if item.state.held_by is not None:
        raise ActionError(f"target object cannot be sliced if it is in the agent's hand: {item.object_id}")
    cut(session.world, session.physics, item)


def _break(session: Session, item: SceneObject) -> None:
    """Break an object; an egg runs out."""
    if not item.type.breakable or item.state.unbreakable:
        raise ActionError(f"{item.object_id} does not have the CanBreak property!!")
    if item.state.broken:
        raise ActionError(f"{item.object_id} is already broken!")
    if item.type.name in PIECES and item.state.held_by is None:
        session.world.put(item.changed(broken=True))
        cut(session.world, session.physics, session.object(item.object_id))
    else:
        reshape(session.world, session.physics, item, broken=True, filled=None)


def _set(session: Session, item: SceneObject, *, flag: str, wanted: str, field: str, value: Any) -> None:
    """Change one field of the state of an object whose type has the flag."""
    if not getattr(item.type, flag):
        raise ActionError(f"{item.object_id} does not have the {wanted} property!")
    if getattr(item.state, field) == value:
        raise ActionError(f"{item.object_id} is already {_word(field, value)}!")
    reshape(session.world, session.physics, item, **{field: value})


def _word(field: str, value: Any) -> str:
    words = {"filled": ("empty", "filled"), "dirty": ("clean", "dirty"), "used_up": ("unused", "used up")}
    return words.get(field, (f"not {field}", field))[bool(value)]


CHANGES: Mapping[str, Change] = {
    "ToggleObjectOn": partial(_toggle, on=True),
    "ToggleObjectOff": partial(_toggle, on=False),
    "SliceObject": _slice,
    "BreakObject": _break,
    "CookObject": partial(_set, flag="cookable", wanted="CanBeCooked", field="cooked", value=True),
    "DirtyObject": partial(_set, flag="dirtyable", wanted="CanBeDirty", field="dirty", value=True),
    "CleanObject": partial(_set, flag="dirtyable", wanted="CanBeDirty", field="dirty", value=False),
    "UseUpObject": partial(_set, flag="usable_up", wanted="CanBeUsedUp", field="used_up", value=True),
    "EmptyLiquidFromObject": partial(_set, flag="fillable", wanted="CanBeFilled", field="filled", value=None),
}
"""The actions that change one object's state and need nothing but the object."""


def _register(name: str, change: Change) -> None:
    @action(name=name, need="hands")
    def handler(
        session: Session,
        object_id: str | None = None,
        x: float | None = None,
        y: float | None = None,
        force_action: bool = False,
    ) -> None:
        change(session, find_target(session, object_id, x, y, force_action))


for _name, _change in CHANGES.items():
    _register(_name, _change)

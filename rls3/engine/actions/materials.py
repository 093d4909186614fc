"""Random materials and colours."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rls3.engine.actions.registry import action
from rls3.engine.errors import ActionError
from rls3.engine.session import Session
from rls3.engine.world.paint import ROOM_TYPES, Paint, Palette

#: Splits by the scene's number within its kind of room: up to this number, which materials a scene is meant for.
_SPLITS = ((20, "train"), (25, "val"), (99, "test"))
_GROUPS = ("kitchen", "kitchen", "livingroom", "bedroom", "bathroom")


@action()
def randomize_materials(
    session: Session,
    use_train_materials: bool | None = None,
    use_val_materials: bool | None = None,
    use_test_materials: bool | None = None,
    use_external_materials: bool | None = None,
    in_room_types: list[str] | None = None,
) -> dict[str, Any] | None:
    """Give everything other materials of the same kind; which ones depends on the scene's split."""
    asked = {
        "train": use_train_materials,
        "val": use_val_materials,
        "test": use_test_materials,
        "external": use_external_materials,
    }
    rooms = _room_types(session, in_room_types)
    split = _split(session.world.scene_name)
    if split is not None and asked[split] is False:
        raise ActionError(
            f"Inside of RandomizeMaterials, cannot set use{split.capitalize()}Materials=false "
            f"inside of a {split} scene."
        )
    usual = {split, "external"} if split == "train" else {split}
    chosen = {k: (split is None or k in usual) if wish is None else wish for k, wish in asked.items()}
    palette = Palette(frozenset(k for k, used in chosen.items() if used), frozenset(rooms))
    generator = session.generator()
    _repaint(
        session,
        lambda old: Paint(int(generator.integers(2**31)), palette, None if old is None else old.colors),
    )
    if split is None:
        return None
    return {
        "chosenRoomTypes": rooms,
        **{f"use{k.capitalize()}Materials": used for k, used in chosen.items()},
        "totalMaterialsConsidered": palette.count(),
    }


@action()
def reset_materials(session: Session) -> None:
    """Give everything its own materials again."""
    _repaint(session, lambda old: None if old is None or old.colors is None else Paint(colors=old.colors))


@action()
def randomize_colors(session: Session) -> None:
    """Give everything other colours."""
    generator = session.generator()
    _repaint(session, lambda old: replace(old or Paint(), colors=int(generator.integers(2**31))))


@action()
def reset_colors(session: Session) -> None:
    """Give everything its own colours again."""
    _repaint(session, lambda old: None if old is None or old.materials is None else replace(old, colors=None))


def _repaint(session: Session, change: Callable[[Paint | None], Paint | None]) -> None:
    world = session.world
    pieces = tuple(replace(p, paint=change(p.paint)) for p in world.shell.pieces)
    objects = {k: o.changed(paint=change(o.state.paint)) for k, o in world.objects.items()}
    world.replace_scene(replace(world.shell, pieces=pieces), objects)


def _room_types(session: Session, wanted: list[str] | None) -> list[str]:
    """Return the room types that materials are meant for.

    Raises:
        ActionError: one is unknown, or the scene's own is not among them.
    """
    if wanted is None:
        return list(ROOM_TYPES)
    unknown = [name for name in wanted if name.lower() not in ROOM_TYPES]
    if unknown or not wanted:
        raise ActionError(
            f"inRoomTypes contains unknown room type: {', '.join(unknown) or 'none at all'}. Valid room types include "
            "Bedroom, Bathroom, LivingRoom, Kitchen, RoboTHOR"
        )
    chosen = [name.lower() for name in wanted]
    number = _number(session.world.scene_name)
    if number is not None and (group := _GROUPS[number // 100]) not in chosen:
        scene = session.world.scene_name
        raise ActionError(f'inRoomTypes must include "{group}" inside of a {group} scene: {scene}.')
    return chosen


def _split(scene: str) -> str | None:
    """Return the split that a scene belongs to, None for houses."""
    number = _number(scene)
    return None if number is None else next(name for last, name in _SPLITS if number % 100 <= last)


def _number(scene: str) -> int | None:
    found = re.fullmatch(r"FloorPlan(\d+)(_physics)?", scene)
    return int(found.group(1)) if found else None

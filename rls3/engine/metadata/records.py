"""Records of vectors, boxes and objects in the form of AI2-THOR's metadata."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rls3.engine.geometry import CORNER_SIGNS, Array
from rls3.engine.world.objects import SceneObject

#: AI2-THOR lists the corners of oriented boxes in another order than those of aligned ones: indices into CORNER_SIGNS.
_ORIENTED_ORDER = (2, 6, 7, 3, 0, 4, 5, 1)


def vector(values: Sequence[float] | Array) -> dict[str, float]:
    """Return a position or angle as AI2-THOR's map."""
    x, y, z = (float(v) for v in values)
    return {"x": x, "y": y, "z": z}


def box_record(low: Array, high: Array) -> dict[str, Any]:
    """Return an axis-aligned box as AI2-THOR's map of corners, centre and size."""
    center, half = (low + high) / 2, (high - low) / 2
    return {
        "cornerPoints": (center + CORNER_SIGNS * half).tolist(),
        "center": vector(center),
        "size": vector(2 * half),
    }


@lru_cache(maxsize=512)
def object_record(item: SceneObject) -> dict[str, Any]:
    """Return the 42 keys of an object that do not depend on the agent, and an extra `sizeSource`.

    The record is shared between calls: copy it before changing it.
    """
    kind, state = item.type, item.state
    low, high = item.aabb
    return {
        "name": item.name,
        "position": vector(item.position),
        "rotation": vector(item.rotation),
        "visible": False,
        "isInteractable": False,
        "receptacle": kind.receptacle,
        "toggleable": kind.toggleable,
        "isToggled": state.toggled,
        "breakable": kind.breakable and not state.unbreakable,
        "isBroken": state.broken,
        "canFillWithLiquid": kind.fillable,
        "isFilledWithLiquid": state.filled is not None,
        "fillLiquid": state.filled,
        "dirtyable": kind.dirtyable,
        "isDirty": state.dirty,
        "canBeUsedUp": kind.usable_up,
        "isUsedUp": state.used_up,
        "cookable": kind.cookable,
        "isCooked": state.cooked,
        "temperature": "RoomTemp",
        "isHeatSource": kind.heat_source,
        "isColdSource": kind.cold_source,
        "sliceable": kind.sliceable,
        "isSliced": state.sliced,
        "openable": kind.openable,
        "isOpen": state.openness > 0,
        "openness": state.openness,
        "pickupable": kind.pickupable,
        "isPickedUp": state.held_by is not None,
        "moveable": kind.moveable,
        "mass": kind.mass if item.movable else 0.0,
        "salientMaterials": list(kind.salient_materials) if item.movable else None,
        "receptacleObjectIds": None,
        "distance": 0.0,
        "objectType": kind.name,
        "objectId": item.object_id,
        "assetId": item.asset_id,
        "parentReceptacles": None,
        "controlledObjects": None,
        "isMoving": False,
        "axisAlignedBoundingBox": box_record(low, high),
        "objectOrientedBoundingBox": _oriented_box(item) if item.movable else None,
        "sizeSource": item.size_source,
    }


def _oriented_box(item: SceneObject) -> dict[str, Any]:
    return {"cornerPoints": item.oriented_corners[list(_ORIENTED_ORDER)].tolist()}

"""The keys and kinds of values of an event, for each kind of agent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.thor.client import EMBEDDED

NUMBER = (int, float)
VECTOR = {"x": NUMBER, "y": NUMBER, "z": NUMBER}
TEXTS, LIST, NOTHING = [str], list, type(None)
BOX = {"cornerPoints": [[NUMBER]], "center": VECTOR, "size": VECTOR}
FLAGS = """
visible isInteractable receptacle toggleable isToggled breakable isBroken canFillWithLiquid isFilledWithLiquid dirtyable
isDirty canBeUsedUp isUsedUp cookable isCooked isHeatSource isColdSource sliceable isSliced openable isOpen pickupable
isPickedUp moveable isMoving
"""
LISTS = """
thirdPartyCameras collidedObjects inventoryObjects flatSurfacesOnGrid distances normals isOpenableGrid
segmentedObjectIds objectIdsInBox actionStringsReturn actionFloatsReturn actionVector3sReturn
"""
OBJECT: dict[str, Any] = {
    **dict.fromkeys(["name", "objectId", "objectType", "assetId", "temperature"], str),
    **dict.fromkeys(["position", "rotation"], VECTOR),
    **dict.fromkeys(["distance", "mass", "openness"], NUMBER),
    **dict.fromkeys(FLAGS.split(), bool),
    **dict.fromkeys(
        ["salientMaterials", "receptacleObjectIds", "parentReceptacles", "controlledObjects"], (TEXTS, NOTHING)
    ),
    "fillLiquid": (str, NOTHING),
    "axisAlignedBoundingBox": BOX,
    "objectOrientedBoundingBox": ({"cornerPoints": [[NUMBER]]}, NOTHING),
}
AGENT = {
    "name": str,
    "position": VECTOR,
    "rotation": VECTOR,
    "cameraHorizon": NUMBER,
    "isStanding": bool,
    "inHighFrictionArea": bool,
}
WRAPPER: dict[str, Any] = {
    "objects": [OBJECT],
    "agent": AGENT,
    "heldObjectPose": dict.fromkeys(["position", "rotation", "localPosition", "localRotation"], VECTOR),
    "arm": NOTHING,
    "cameraPosition": VECTOR,
    "sceneBounds": BOX,
    "errorCode": NOTHING,
    "colors": NOTHING,
    "actionReturn": NOTHING,
    "visibleRange": (dict, NOTHING),
    **dict.fromkeys(["isSceneAtRest", "collided", "lastActionSuccess"], bool),
    **dict.fromkeys(["fov", "cameraOrthSize", "actionFloatReturn", "currentTime"], NUMBER),
    **dict.fromkeys(["screenWidth", "screenHeight", "agentId", "actionIntReturn"], int),
    **dict.fromkeys(["sceneName", "lastAction", "errorMessage", "depthFormat"], str),
    **dict.fromkeys(LISTS.split(), LIST),
}
JOINT = {
    "name": str,
    "position": VECTOR,
    "rootRelativePosition": VECTOR,
    **dict.fromkeys(["rotation", "rootRelativeRotation", "localRotation"], VECTOR),
}
ARM = {
    "joints": [JOINT],
    "heldObjects": TEXTS,
    "pickupableObjects": TEXTS,
    "handSphereCenter": VECTOR,
    "handSphereRadius": NUMBER,
}
THROWN = {
    **dict.fromkeys(["numSimObjHits", "numFloorHits", "numStructureHits", "lastVelocity"], NUMBER),
    "launcherPosition": VECTOR,
}


def misfits(value: Any, form: Any, path: str) -> list[str]:
    """Paths where a value lacks a key of the form or is of another kind; a tuple lists alternatives."""
    if isinstance(form, tuple):
        return [] if any(not misfits(value, each, path) for each in form) else [path]
    if isinstance(form, dict):
        if not isinstance(value, dict):
            return [path]
        missing = [f"{path}.{key} is missing" for key in form if key not in value]
        return missing + [m for k, f in form.items() if k in value for m in misfits(value[k], f, f"{path}.{k}")]
    if isinstance(form, list):
        if not isinstance(value, list):
            return [path]
        return [m for i, each in enumerate(value) for m in misfits(each, form[0], f"{path}[{i}]")]
    fits = isinstance(value, form) and (form is bool or form is int or not isinstance(value, bool))
    return [] if fits else [f"{path} is {value!r}"]


def contents(event):
    """The event's metadata as a plain dictionary: reading it by key guards keys that are no longer used."""
    return dict(event.metadata.items())


def test_the_default_agents_event(either):
    assert misfits(contents(either.step("Pass")), WRAPPER, "metadata") == []


def test_the_event_of_an_agent_with_an_arm(either):
    either.reset(agentMode="arm")
    assert misfits(contents(either.step("Pass")), {**WRAPPER, "arm": ARM}, "metadata") == []


def test_the_drones_event(either):
    either.reset(agentMode="drone")
    form = {
        **WRAPPER,
        "agent": {**AGENT, "isStanding": NOTHING, "launcherPosition": VECTOR},
        "objects": [{**OBJECT, **THROWN}],
    }
    assert misfits(contents(either.step("Pass")), form, "metadata") == []


@pytest.mark.skipif(not EMBEDDED, reason="only the embedded engine names itself")
def test_no_picture_is_taken_for_unitys(either):
    engine = either.last_event.metadata["engine"]
    assert engine["name"] == "rls3-engine"
    assert engine["version"]

"""Reading AI2-THOR 5.x metadata into a scene."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rls3.errors import UnsupportedMetadataError
from rls3.scene.model import Camera, EngineInfo, MaskStats, Scene, SceneObject, Vec3

UNKNOWN_BUILD = "unknown"
_SCENE_KEYS = ("objects", "agent", "fov", "cameraPosition", "screenWidth", "screenHeight", "sceneName")
_OBJECT_KEYS = (
    "objectId",
    "name",
    "objectType",
    "position",
    "rotation",
    "axisAlignedBoundingBox",
    "objectOrientedBoundingBox",
    "parentReceptacles",
    "pickupable",
    "moveable",
    "receptacle",
    "isPickedUp",
)


def scene_from_metadata(
    metadata: Mapping[str, Any],
    *,
    scene_id: str | None = None,
    camera_size: tuple[int, int] | None = None,
    masks: Mapping[str, MaskStats] | None = None,
    build: str = UNKNOWN_BUILD,
) -> Scene:
    """A scene out of one event's metadata.

    Objects without a bounding box are left out: nothing can be said of where they are.

    Args:
        metadata: `event.metadata` of AI2-THOR 5.x, live or recorded.
        scene_id: the scene's name; None = the metadata's own.
        camera_size: (width, height) of the picture, pixels; None = the metadata's screen.
        masks: object id -> mask of the picture; None = a picture without masks.
        build: AI2-THOR build, for engines that do not state name and version themselves.

    Raises:
        UnsupportedMetadataError: keys of AI2-THOR 5.x are missing.
    """
    _require(metadata, _SCENE_KEYS, "the metadata")
    agent = metadata["agent"]
    _require(agent, ("rotation", "cameraHorizon"), "metadata['agent']")
    width, height = camera_size or (metadata["screenWidth"], metadata["screenHeight"])
    camera = Camera(
        position=_vector(metadata["cameraPosition"]),
        yaw=float(agent["rotation"]["y"]),
        horizon=float(agent["cameraHorizon"]),
        field_of_view=float(metadata["fov"]),
        width=int(width),
        height=int(height),
    )
    objects = tuple(
        object_from_metadata(record)
        for record in metadata["objects"]
        if record.get("axisAlignedBoundingBox", {}) is not None
    )
    return Scene(scene_id or sim_scene_id(metadata["sceneName"]), objects, camera, _engine(metadata, build), masks)


def object_from_metadata(record: Mapping[str, Any]) -> SceneObject:
    """One object out of an entry of `metadata["objects"]`.

    Raises:
        UnsupportedMetadataError: keys of AI2-THOR 5.x are missing.
    """
    _require(record, _OBJECT_KEYS, f"object '{record.get('objectId', '?')}'")
    box = record["axisAlignedBoundingBox"]
    oriented = record["objectOrientedBoundingBox"]
    return SceneObject(
        id=record["objectId"],
        name=record["name"],
        type=record["objectType"],
        center=_vector(box["center"]),
        size=_vector(box["size"]),
        position=_vector(record["position"]),
        rotation=_vector(record["rotation"]),
        corners=np.array((oriented or box)["cornerPoints"], np.float64),
        parents=tuple(record["parentReceptacles"] or ()),
        movable=bool(record["pickupable"] or record["moveable"]),
        receptacle=bool(record["receptacle"]),
        held=bool(record["isPickedUp"]),
    )


def sim_scene_id(scene_name: str) -> str:
    """The scene's name without the suffix that the engine adds: "FloorPlan7_physics" -> "FloorPlan7"."""
    return scene_name.removesuffix("_physics")


def _engine(metadata: Mapping[str, Any], build: str) -> EngineInfo:
    stated = metadata.get("engine")
    if stated:
        return EngineInfo(str(stated["name"]), str(stated["version"]))
    return EngineInfo("unity", build)


def _require(record: Mapping[str, Any], keys: tuple[str, ...], what: str) -> None:
    if missing := [key for key in keys if key not in record]:
        raise UnsupportedMetadataError(
            f"{what} lacks {', '.join(missing)}: rls3 reads AI2-THOR 5.x metadata; choose the engine with sim.engine, "
            "sim.executable or sim.commit_id"
        )


def _vector(value: Mapping[str, float]) -> Vec3:
    return (float(value["x"]), float(value["y"]), float(value["z"]))

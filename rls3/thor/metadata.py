"""Reading AI2-THOR 5.x metadata into a scene."""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rls3.errors import UnsupportedMetadataError, UnusableObjectError
from rls3.scene.model import Camera, EngineInfo, MaskStats, Scene, SceneObject, Vec3
from rls3.scene.traits import FRONTED_TYPES

UNKNOWN_BUILD = "unknown"
UPRIGHT_DEG = 10.0
"""An object tilted by more lies on its side or back: nobody would say where it faces, degrees."""
_SCENE_KEYS = ("objects", "agent", "fov", "cameraPosition", "screenWidth", "screenHeight", "sceneName")
_AGENT_KEYS = ("rotation", "cameraHorizon")
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
_REMEDY = "rls3 reads AI2-THOR 5.x metadata; choose the engine with sim.engine, sim.executable or sim.commit_id"


def read_metadata(path: Path) -> dict[str, Any]:
    """The metadata of one recorded event out of a JSON file, gzipped where the name ends in ".gz".

    Raises:
        UnsupportedMetadataError: the file is missing, damaged, or holds no JSON object.
    """
    try:
        content = path.read_bytes()
        value = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
    except (OSError, EOFError, ValueError, zlib.error) as error:  # gzip has three ways to say "damaged"
        raise UnsupportedMetadataError(f"'{path}' cannot be read as JSON metadata: {error}") from None
    if not isinstance(value, dict):
        raise UnsupportedMetadataError(f"'{path}' holds a {type(value).__name__}, not the metadata of an event")
    return value


def scene_from_metadata(
    metadata: Mapping[str, Any],
    *,
    masks: Mapping[str, MaskStats | NDArray[np.bool_]] | None = None,
    scene_id: str | None = None,
    camera_size: tuple[int, int] | None = None,
    build: str = UNKNOWN_BUILD,
) -> Scene:
    """A scene out of one event's metadata.

    Objects that cannot be used (no bounding box, a pose that is not a number) are left out; `Scene.left_out` says why.

    Args:
        metadata: `event.metadata` of AI2-THOR 5.x, live or recorded.
        masks: object id -> its mask in the picture, as `event.instance_masks` gives them or counted already; None = a
            picture without masks, to be judged by projection.
        scene_id: the scene's name; None = the metadata's own.
        camera_size: (width, height) of the picture, pixels; None = the metadata's screen.
        build: AI2-THOR build, for engines that do not state name and version themselves.

    Raises:
        UnsupportedMetadataError: keys of AI2-THOR 5.x are missing, or the camera is none.
    """
    _require(metadata, _SCENE_KEYS, "the metadata")
    records = metadata["objects"]
    if not isinstance(records, Sequence) or not all(isinstance(record, Mapping) for record in records):
        raise UnsupportedMetadataError(f"metadata['objects'] is not a list of objects; {_REMEDY}")
    if records:
        missing = [key for key in _OBJECT_KEYS if not any(key in record for record in records)]
        _refuse(missing, "every object")
    objects: list[SceneObject] = []
    left_out: dict[str, str] = {}
    for number, record in enumerate(records):
        try:
            objects.append(object_from_metadata(record))
        except UnusableObjectError as error:
            left_out[str(record.get("objectId") or f"object number {number}")] = str(error)
    camera = _camera(metadata, camera_size or (metadata["screenWidth"], metadata["screenHeight"]))
    name = scene_id or sim_scene_id(metadata["sceneName"])
    return Scene(name, tuple(objects), camera, _engine(metadata, build), _counted(masks), left_out)


def object_from_metadata(record: Mapping[str, Any]) -> SceneObject:
    """One object out of an entry of `metadata["objects"]`.

    Raises:
        UnusableObjectError: keys are missing, it has no bounding box, or a pose is not a number.
    """
    what = f"object '{record.get('objectId', '?')}'"
    if missing := [key for key in _OBJECT_KEYS if key not in record]:
        raise UnusableObjectError(f"{what} lacks {', '.join(missing)}")
    box = record["axisAlignedBoundingBox"]
    if not box:
        raise UnusableObjectError(f"{what} has no bounding box: nothing can be said of where it is")
    oriented = record["objectOrientedBoundingBox"]
    outline = oriented if oriented and oriented.get("cornerPoints") else box
    rotation = _vector(record["rotation"], f"rotation of {what}")
    return SceneObject(
        id=record["objectId"],
        name=record["name"],
        type=record["objectType"],
        center=_vector(box.get("center"), f"bounding box of {what}"),
        size=_vector(box.get("size"), f"bounding box of {what}"),
        position=_vector(record["position"], f"position of {what}"),
        rotation=rotation,
        corners=_corners(outline.get("cornerPoints"), what),
        parents=tuple(record["parentReceptacles"] or ()),
        movable=bool(record["pickupable"] or record["moveable"]),
        receptacle=bool(record["receptacle"]),
        held=bool(record["isPickedUp"]),
        materials=tuple(record.get("salientMaterials") or ()),
        front_yaw=_front_yaw(record["objectType"], rotation),
        asset=str(record.get("assetId") or ""),
    )


def sim_scene_id(scene_name: str) -> str:
    """The scene's name without the suffix that the engine adds: "FloorPlan7_physics" -> "FloorPlan7"."""
    return scene_name.removesuffix("_physics")


def _camera(metadata: Mapping[str, Any], size: tuple[int, int]) -> Camera:
    agent = metadata["agent"]
    _require(agent, _AGENT_KEYS, "metadata['agent']")
    try:
        camera = Camera(
            position=_vector(metadata["cameraPosition"], "cameraPosition"),
            yaw=_number(_part(agent["rotation"], "y"), "agent.rotation"),
            horizon=_number(agent["cameraHorizon"], "agent.cameraHorizon"),
            field_of_view=_number(metadata["fov"], "fov"),
            width=int(_number(size[0], "screenWidth")),
            height=int(_number(size[1], "screenHeight")),
        )
    except UnusableObjectError as error:
        raise UnsupportedMetadataError(f"the metadata has no camera: {error}") from None
    if not 0 < camera.field_of_view < 180 or camera.width < 1 or camera.height < 1:
        raise UnsupportedMetadataError(
            f"the metadata has no camera: fov {camera.field_of_view:g} must be between 0 and 180 degrees, and the "
            f"screen {camera.width} x {camera.height} have pixels"
        )
    return camera


def _front_yaw(kind: str, rotation: Vec3) -> float | None:
    tilt = max(abs((angle + 180.0) % 360.0 - 180.0) for angle in (rotation[0], rotation[2]))
    return rotation[1] % 360.0 if kind in FRONTED_TYPES and tilt <= UPRIGHT_DEG else None


def _counted(masks: Mapping[str, MaskStats | NDArray[np.bool_]] | None) -> dict[str, MaskStats] | None:
    if masks is None:
        return None
    return {
        key: mask if isinstance(mask, MaskStats) else MaskStats.of(np.asarray(mask, bool))
        for key, mask in masks.items()
        if isinstance(mask, MaskStats) or np.any(mask)
    }


def _engine(metadata: Mapping[str, Any], build: str) -> EngineInfo:
    stated = metadata.get("engine")
    if stated:
        return EngineInfo(str(stated["name"]), str(stated["version"]))
    return EngineInfo("unity", build)


def _require(record: Any, keys: tuple[str, ...], what: str) -> None:
    if not isinstance(record, Mapping):
        raise UnsupportedMetadataError(f"{what} is a {type(record).__name__}, not a map of keys; {_REMEDY}")
    _refuse([key for key in keys if key not in record], what)


def _refuse(missing: list[str], what: str) -> None:
    if missing:
        raise UnsupportedMetadataError(f"{what} lacks {', '.join(missing)}: {_REMEDY}")


def _corners(points: Any, what: str) -> NDArray[np.float64]:
    try:
        corners = np.array(points, np.float64)
    except (TypeError, ValueError):
        corners = np.empty(0)
    if corners.shape != (8, 3) or not np.isfinite(corners).all():
        raise UnusableObjectError(f"bounding box of {what} has no eight corners of numbers")
    return corners


def _vector(value: Any, what: str) -> Vec3:
    x, y, z = (_number(_part(value, axis), what) for axis in "xyz")
    return (x, y, z)


def _part(value: Any, axis: str) -> Any:
    return value.get(axis) if isinstance(value, Mapping) else None


def _number(value: Any, what: str) -> float:
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    raise UnusableObjectError(f"{what} holds {value}, which is not a number")

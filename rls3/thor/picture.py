"""Reading an ai2thor event into a picture with exact masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rls3.scene.model import MaskStats, Scene, SceneObject
from rls3.thor.metadata import scene_from_metadata

NOBODY = -1


@dataclass(frozen=True)
class View:
    """A scene with its picture.

    Attributes:
        scene: what is in it, with mask statistics.
        image: (H, W, 3) uint8 RGB, top row first, contiguous, the caller's own.
        ids: (H, W) int16 index into `scene.objects`, -1 where none of them shows.
    """

    scene: Scene
    image: NDArray[np.uint8]
    ids: NDArray[np.int16]


def view_from_event(event: Any, *, scene_id: str, build: str) -> View:
    """The picture, masks and scene of an event that was rendered with instance segmentation.

    Args:
        event: an ai2thor event.
        scene_id: name of the scene.
        build: AI2-THOR build, for engines that do not state their version.
    """
    height, width = event.frame.shape[:2]
    scene = scene_from_metadata(event.metadata, scene_id=scene_id, camera_size=(width, height), build=build)
    ids = object_indices(event.instance_segmentation_frame, event.object_id_to_color, scene.objects)
    masked = Scene(scene.id, scene.objects, scene.camera, scene.engine, mask_stats(ids, scene.objects))
    return View(masked, np.array(event.frame, np.uint8, order="C"), ids)


def object_indices(
    colors: NDArray[np.uint8], color_of: dict[str, tuple[int, int, int]], objects: tuple[SceneObject, ...]
) -> NDArray[np.int16]:
    """Which object covers each pixel.

    Args:
        colors: (H, W, 3) instance colours.
        color_of: object id -> colour.
        objects: what to look for.

    Returns:
        (H, W) int16 index into `objects`, -1 for anything else.
    """
    packed = colors.astype(np.int32) @ np.array([65536, 256, 1], np.int32)
    known = sorted((_pack(color_of[o.id]), i) for i, o in enumerate(objects) if o.id in color_of)
    if not known:
        return np.full(packed.shape, NOBODY, np.int16)
    keys, indices = (np.array(column) for column in zip(*known, strict=True))
    slot = np.minimum(np.searchsorted(keys, packed), len(keys) - 1)
    return np.where(keys[slot] == packed, indices[slot], NOBODY).astype(np.int16)


def mask_stats(ids: NDArray[np.int16], objects: tuple[SceneObject, ...]) -> dict[str, MaskStats]:
    """Pixel count and box of every object that shows in an index picture (H, W)."""
    shown = np.flatnonzero(np.bincount(ids[ids >= 0].ravel(), minlength=len(objects)))
    return {objects[index].id: MaskStats.of(ids == index) for index in shown}


def _pack(color: tuple[int, int, int]) -> int:
    return int(color[0]) * 65536 + int(color[1]) * 256 + int(color[2])

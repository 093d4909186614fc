"""Third-party cameras."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rls3.engine.actions.registry import PartialVector, action
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Vector
from rls3.engine.session import Session
from rls3.engine.world.cameras import FAR, NEAR, ThirdPartyCamera

#: Unity's names of colours.
NAMED_COLORS = {
    "red": "ff0000",
    "cyan": "00ffff",
    "blue": "0000ff",
    "darkblue": "0000a0",
    "lightblue": "add8e6",
    "purple": "800080",
    "yellow": "ffff00",
    "lime": "00ff00",
    "fuchsia": "ff00ff",
    "white": "ffffff",
    "silver": "c0c0c0",
    "grey": "808080",
    "black": "000000",
    "orange": "ffa500",
    "brown": "a52a2a",
    "maroon": "800000",
    "green": "008000",
    "olive": "808000",
    "navy": "000080",
    "teal": "008080",
    "aqua": "00ffff",
    "magenta": "ff00ff",
}
#: Unity's ways of smoothing edges; the engine has one, which all of them mean.
ANTI_ALIASING = ("none", "fxaa", "smaa", "taa")
#: How far below the ceiling the camera of the map is, metres.
CEILING_GAP = 0.02


@action()
def add_third_party_camera(
    session: Session,
    position: PartialVector,
    rotation: PartialVector,
    field_of_view: float = 90.0,
    skybox_color: str | None = None,
    orthographic: bool = False,
    orthographic_size: float | None = None,
    near_clipping_plane: float = NEAR,
    far_clipping_plane: float = FAR,
    anti_aliasing: str = "none",
) -> None:
    """Add a camera that every later reply carries a picture of."""
    _check_available(near_clipping_plane, anti_aliasing)
    camera = ThirdPartyCamera(
        _merged((0.0, 0.0, 0.0), position),
        _merged((0.0, 0.0, 0.0), rotation),
        field_of_view,
        orthographic,
        far=far_clipping_plane,
    )
    session.world.cameras.append(_finished(camera, skybox_color, orthographic_size))


@action()
def update_third_party_camera(
    session: Session,
    third_party_camera_id: int = 0,
    position: PartialVector | None = None,
    rotation: PartialVector | None = None,
    field_of_view: float | None = None,
    skybox_color: str | None = None,
    orthographic: bool | None = None,
    orthographic_size: float | None = None,
    near_clipping_plane: float = NEAR,
    far_clipping_plane: float | None = None,
    anti_aliasing: str = "none",
) -> None:
    """Change a camera; what is not given stays."""
    _check_available(near_clipping_plane, anti_aliasing)
    count = len(session.world.cameras)
    if not 0 <= third_party_camera_id < count:
        raise ActionError(
            f"thirdPartyCameraId: {third_party_camera_id} (int: default=0) must in 0 <= thirdPartyCameraId < {count}; "
            "AddThirdPartyCamera makes one"
        )
    old = session.world.cameras[third_party_camera_id]
    camera = replace(
        old,
        position=_merged(old.position, position),
        rotation=_merged(old.rotation, rotation),
        field_of_view=old.field_of_view if field_of_view is None else field_of_view,
        orthographic=old.orthographic if orthographic is None else orthographic,
        far=old.far if far_clipping_plane is None else far_clipping_plane,
    )
    session.world.cameras[third_party_camera_id] = _finished(camera, skybox_color, orthographic_size)


@action(query=True)
def get_map_view_camera_properties(session: Session) -> dict[str, object]:
    """Return the parameters of a camera under the ceiling that sees the whole scene from above."""
    low, high = session.bounds
    middle = (low + high) / 2
    return {
        "position": {"x": float(middle[0]), "y": session.world.shell.height - CEILING_GAP, "z": float(middle[2])},
        "rotation": {"x": 90.0, "y": 0.0, "z": 0.0},
        "orthographic": True,
        "orthographicSize": float(max(high[0] - low[0], high[2] - low[2]) / 2),
    }


def _finished(camera: ThirdPartyCamera, skybox_color: str | None, orthographic_size: float | None) -> ThirdPartyCamera:
    """Return the camera with its sky and extent.

    Raises:
        ActionError: a parameter is out of its range.
    """
    if not 0 < camera.field_of_view < 180:
        raise ActionError(f"fov must be set to (0, 180) noninclusive, got {camera.field_of_view:g}")
    if camera.far <= 0:
        raise ActionError(f"farClippingPlane must be above 0 metres, got {camera.far:g}")
    if skybox_color is not None:
        camera = replace(camera, sky_color=_color(skybox_color))
    if orthographic_size is None:
        return camera
    if not camera.orthographic:
        raise ActionError(
            f"orthographicSize(: {orthographic_size:g}) can only be set when orthographic=True.\n"
            "Otherwise, we use assume perspective camera setting.\nHint: call .step(..., orthographic=True)."
        )
    if orthographic_size <= 0:
        raise ActionError(f"orthographicSize must be above 0 metres, got {orthographic_size:g}")
    return replace(camera, orthographic_size=orthographic_size)


def _merged(old: Sequence[float], new: PartialVector | None) -> Vector:
    given = new or PartialVector()
    return (given.get("x", old[0]), given.get("y", old[1]), given.get("z", old[2]))


def _color(text: str) -> Vector:
    """Return linear RGB 0..1 of one of Unity's colour names or of "#rrggbb"."""
    code = NAMED_COLORS.get(text.lower(), text.removeprefix("#"))
    if not re.fullmatch(r"[0-9a-fA-F]{6}", code):
        raise ActionError(
            f"Invalid skyboxColor: {text}! Cannot be parsed as an HTML color: "
            f"it must be #rrggbb or one of {', '.join(NAMED_COLORS)}"
        )
    red, green, blue = ((int(code[i : i + 2], 16) / 255) ** 2.2 for i in (0, 2, 4))
    return (red, green, blue)


def _check_available(near: float, anti_aliasing: str) -> None:
    if near > NEAR:
        raise ActionError(
            f"nearClippingPlane {near:g} is not available in this engine, which draws all that is near; "
            f"leave it out or give at most {NEAR}"
        )
    if anti_aliasing not in ANTI_ALIASING:
        raise ActionError(f"antiAliasing must be one of {', '.join(ANTI_ALIASING)}, got {anti_aliasing!r}")

"""Third-party cameras."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rls3.engine.actions.registry import PartialVector, action
from rls3.engine.errors import ActionError
from rls3.engine.geometry import Vector
from rls3.engine.session import Session
from rls3.engine.world import FAR, NEAR, ThirdPartyCamera

NAMED_COLORS = {
    "black": "#000000",
    "white": "#ffffff",
    "red": "#ff0000",
    "green": "#00ff00",
    "blue": "#0000ff",
    "gray": "#808080",
}
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
    camera = ThirdPartyCamera(_whole(position, "position"), _whole(rotation, "rotation"))
    _apply(camera, session, None, field_of_view, skybox_color, orthographic, orthographic_size, far_clipping_plane)
    _check_available(near_clipping_plane, anti_aliasing)


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
    count = len(session.world.cameras)
    if not 0 <= third_party_camera_id < count:
        raise ActionError(
            f"thirdPartyCameraId {third_party_camera_id} must in 0 <= thirdPartyCameraId < {count}; "
            "AddThirdPartyCamera makes one"
        )
    old = session.world.cameras[third_party_camera_id]
    camera = replace(old, position=_merged(old.position, position), rotation=_merged(old.rotation, rotation))
    _apply(
        camera,
        session,
        third_party_camera_id,
        old.field_of_view if field_of_view is None else field_of_view,
        skybox_color,
        old.orthographic if orthographic is None else orthographic,
        orthographic_size,
        old.far if far_clipping_plane is None else far_clipping_plane,
    )
    _check_available(near_clipping_plane, anti_aliasing)


@action(query=True)
def get_map_view_camera_properties(session: Session) -> dict[str, object]:
    """Return the parameters of a camera under the ceiling that sees the whole scene from above."""
    low, high = session.world.bounds()
    middle = (low + high) / 2
    return {
        "position": {"x": float(middle[0]), "y": session.world.shell.height - CEILING_GAP, "z": float(middle[2])},
        "rotation": {"x": 90.0, "y": 0.0, "z": 0.0},
        "orthographic": True,
        "orthographicSize": float(max(high[0] - low[0], high[2] - low[2]) / 2),
    }


def _apply(
    camera: ThirdPartyCamera,
    session: Session,
    number: int | None,
    field_of_view: float,
    skybox_color: str | None,
    orthographic: bool,
    orthographic_size: float | None,
    far: float,
) -> None:
    if not 0 < field_of_view < 180:
        raise ActionError(f"fov must be set to (0, 180) noninclusive, got {field_of_view}")
    if orthographic_size is not None and not orthographic:
        raise ActionError("orthographicSize needs orthographic=True")
    if orthographic_size is not None and orthographic_size <= 0:
        raise ActionError(f"orthographicSize must be above 0 metres, got {orthographic_size}")
    if far <= 0:
        raise ActionError(f"farClippingPlane must be above 0 metres, got {far}")
    camera = replace(
        camera,
        field_of_view=field_of_view,
        orthographic=orthographic,
        orthographic_size=camera.orthographic_size if orthographic_size is None else orthographic_size,
        far=far,
        sky_color=camera.sky_color if skybox_color is None else _color(skybox_color),
    )
    if number is None:
        session.world.cameras.append(camera)
    else:
        session.world.cameras[number] = camera


def _whole(value: PartialVector, name: str) -> Vector:
    missing = [axis for axis in "xyz" if axis not in value]
    if missing:
        raise ActionError(f"{name} of a new camera needs x, y and z; missing: {', '.join(missing)}")
    return (value["x"], value["y"], value["z"])


def _merged(old: Sequence[float], new: PartialVector | None) -> Vector:
    given = new or PartialVector()
    return (given.get("x", old[0]), given.get("y", old[1]), given.get("z", old[2]))


def _color(text: str) -> Vector:
    """Return linear RGB 0..1 of a colour name or of "#rrggbb"."""
    code = NAMED_COLORS.get(text.lower(), text)
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", code):
        raise ActionError(f"skyboxColor must be #rrggbb or one of {', '.join(NAMED_COLORS)}, got {text!r}")
    red, green, blue = ((int(code[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5))
    return (red, green, blue)


def _check_available(near: float, anti_aliasing: str) -> None:
    if near > NEAR:
        raise ActionError(
            f"nearClippingPlane {near} is not available in this engine, which draws all that is near; "
            f"leave it out or give at most {NEAR}"
        )
    if anti_aliasing != "none":
        raise ActionError(f"antiAliasing {anti_aliasing!r} is not available in this engine; allowed: 'none'")

"""From where an object can be seen: pictures aimed at it from any eye, and which poses would show it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from rls3.engine.geometry import Array, Vector, footprint_distances
from rls3.engine.render.scene import RenderCamera
from rls3.engine.session import Session
from rls3.engine.sight.visibility import within_reach
from rls3.engine.world.agents import Agent
from rls3.engine.world.cameras import FAR
from rls3.engine.world.objects import SceneObject

#: Rows and columns of an aimed picture, pixels.
AIM_PIXELS = 64
#: An aimed picture is at most this wide, degrees; what lies beyond is not looked for.
WIDEST_AIM = 120.0
#: An object counts as seen when it would fill this many pixels of the agent's picture.
PIXELS_TO_SEE = 2.0


@dataclass(frozen=True)
class Aim:
    """What of an object is seen from one eye: unit directions (n, 3) towards it, each standing for `solid_angle` sr."""

    directions: Array
    solid_angle: Array

    def shows_in(self, agent: Agent, session: Session) -> bool:
        """Return whether a picture by this agent, whose eye it is, would show the object."""
        camera = RenderCamera(agent.eye, agent.yaw, agent.horizon)
        right, up, ahead = np.array(camera.axes())
        depth = self.directions @ ahead
        tangent = math.tan(math.radians(session.settings.field_of_view) / 2)
        aspect = session.width / session.height
        inside = depth > 0
        inside &= np.abs(self.directions @ right) <= depth * tangent * aspect
        inside &= np.abs(self.directions @ up) <= depth * tangent
        pixel = (2 * tangent / session.height) ** 2  # solid angle of a pixel on the optical axis; others have less
        return bool(self.solid_angle[inside].sum() >= PIXELS_TO_SEE * pixel)


def aim_at(session: Session, eye: Vector, item: SceneObject) -> Aim:
    """Return what of an object is seen from an eye: nothing where that is too far for the visibility scheme, or where
    there is nothing left of the object to see.

    Args:
        session: the scene and the visibility settings.
        eye: a camera's position, metres.
        item: the object.
    """
    if not item.present or not _near(session, eye, item):
        return Aim(np.zeros((0, 3)), np.zeros(0))
    middle = item.oriented_corners.mean(axis=0)
    offset = middle - np.asarray(eye)
    distance = float(np.linalg.norm(offset))
    radius = float(np.linalg.norm(item.oriented_corners - middle, axis=1).max())
    half = math.degrees(math.asin(radius / distance)) if radius < distance else 90.0
    view = min(2.2 * half, WIDEST_AIM)
    yaw = math.degrees(math.atan2(offset[0], offset[2]))
    pitch = -math.degrees(math.asin(max(-1.0, min(1.0, offset[1] / max(distance, 1e-9)))))
    camera = RenderCamera(eye, yaw, pitch, 0.0, view, far=FAR)
    picture = session.view.look(session.world, camera, AIM_PIXELS, AIM_PIXELS)
    points = picture.points_of(item.object_id)
    if session.settings.visibility_scheme == "Distance":
        points = points[within_reach(points, eye, session)]
    rays = points - np.asarray(eye)
    length = np.linalg.norm(rays, axis=1, keepdims=True)
    directions = rays / np.maximum(length, 1e-9)
    cosine = directions @ np.array(camera.axes()[2])
    side = 2 * math.tan(math.radians(view) / 2) / AIM_PIXELS
    return Aim(directions, side**2 * cosine**3)


def _near(session: Session, eye: Vector, item: SceneObject) -> bool:
    if session.settings.visibility_scheme == "Distance":
        return True  # decided point by point
    distance = footprint_distances(item.boxes, np.array([[eye[0], eye[2]]]))
    return bool(distance.min(initial=math.inf) <= session.settings.visibility_distance)


def facing(agent: Agent, item: SceneObject) -> Agent:
    """Return the agent turned so that an object's middle is in the middle of its picture."""
    dx, dy, dz = (float(b) - a for a, b in zip(agent.eye, item.oriented_corners.mean(axis=0), strict=True))
    flat = math.hypot(dx, dz)
    return replace(agent, yaw=math.degrees(math.atan2(dx, dz)), horizon=-math.degrees(math.atan2(dy, flat)))

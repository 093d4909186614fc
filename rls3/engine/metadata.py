"""The metadata of a reply, as AI2-THOR 5.0 sends it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from rls3.engine.agents import AGENT_RADIUS
from rls3.engine.geometry import rotation_matrix
from rls3.engine.records import box_record, object_record, vector
from rls3.engine.session import Session
from rls3.engine.world import SceneObject

if TYPE_CHECKING:
    from rls3.engine.view import Picture

#: Where a held object is, in the agent camera's frame turned level: right, up, ahead, metres.
HAND = (0.0, -0.16, 0.38)


@lru_cache(maxsize=1)
def engine_record() -> dict[str, str]:
    """Return the extra key by which data of this engine is told from Unity's."""
    return {"name": "rls3-engine", "version": version("rls3")}


@dataclass(frozen=True)
class MetadataBuilder:
    """Builds the records of one reply."""

    session: Session

    @staticmethod
    def of(session: Session) -> MetadataBuilder:
        """Return the builder of a session's present state."""
        return MetadataBuilder(session)

    def cameras(self) -> list[dict[str, Any]]:
        """Return the records of the third-party cameras."""
        return [
            {
                "thirdPartyCameraId": number,
                "position": vector(camera.position),
                "rotation": vector(camera.rotation),
                "fieldOfView": camera.field_of_view,
            }
            for number, camera in enumerate(self.session.world.cameras)
        ]

    def agent(self, number: int, picture: Picture | None) -> dict[str, Any]:
        """Return the whole record of one agent, without the fields that speak of the action.

        Args:
            number: the agent.
            picture: what it sees, which decides `visible`; without one a small one is rendered if anything is near.
        """
        session, agent = self.session, self.session.world.agents[number]
        low, high = session.world.bounds()
        hand = rotation_matrix((0.0, agent.yaw, 0.0)) @ HAND + agent.eye
        return {
            "objects": self._objects(number, picture),
            "isSceneAtRest": True,
            "agent": {
                "name": "agent" if number == 0 else f"agent{number}",
                "position": vector(agent.position),
                "rotation": vector((0.0, agent.yaw, 0.0)),
                "cameraHorizon": agent.horizon,
                "isStanding": agent.standing,
                "inHighFrictionArea": False,
            },
            "heldObjectPose": {
                "position": vector(hand),
                "rotation": vector((0.0, agent.yaw, 0.0)),
                "localPosition": vector(HAND),
                "localRotation": vector((0.0, 0.0, 0.0)),
            },
            "arm": None,
            "fov": session.settings.field_of_view,
            "cameraPosition": vector(agent.eye),
            "cameraOrthSize": -1.0,
            "thirdPartyCameras": self.cameras(),
            "collided": False,
            "collidedObjects": [],
            "inventoryObjects": [],
            "sceneName": session.world.scene_name,
            "screenWidth": session.width,
            "screenHeight": session.height,
            "depthFormat": "Meters",
            "flatSurfacesOnGrid": [],
            "distances": [],
            "normals": [],
            "isOpenableGrid": [],
            "segmentedObjectIds": [],
            "objectIdsInBox": [],
            "actionIntReturn": 0,
            "actionFloatReturn": 0.0,
            "actionStringsReturn": None,
            "actionFloatsReturn": None,
            "actionVector3sReturn": None,
            "visibleRange": None,
            "currentTime": 0.0,
            "sceneBounds": box_record(low, high),
            "engine": engine_record(),
        }

    def _objects(self, number: int, picture: Picture | None) -> list[dict[str, Any]]:
        world = self.session.world
        eye = world.agents[number].position
        relations = self.session.containment
        shown = [o for o in world.active_objects() if world.filter is None or o.object_id in world.filter]
        visible = self._visible(number, shown, picture)
        records = []
        for item in shown:
            seen = item.object_id in visible
            record = dict(object_record(item))
            record["visible"] = seen
            record["isInteractable"] = seen
            record["distance"] = math.dist(item.position, eye)
            record["parentReceptacles"] = relations.parents.get(item.object_id)
            if item.type.receptacle:
                record["receptacleObjectIds"] = relations.children.get(item.object_id, [])
            records.append(record)
        return records

    def _visible(self, number: int, shown: list[SceneObject], picture: Picture | None) -> frozenset[str]:
        """Return the ids of objects near the agent that have a pixel in its picture."""
        if not self.session.initialized:
            return frozenset()
        near = {o.object_id for o in shown if self._near(o, number)}
        if near and picture is None:
            picture = self.session.view.glance(self.session, number)
        return frozenset(near & picture.names_in_view) if picture is not None else frozenset()

    def _near(self, item: SceneObject, number: int) -> bool:
        """Return whether the object comes within the visibility distance of the agent's axis, seen from above."""
        x, y, z = self.session.world.agents[number].position
        reach = self.session.settings.visibility_distance
        low, high = item.aabb
        flat = math.hypot(max(low[0] - x, x - high[0], 0.0), max(low[2] - z, z - high[2], 0.0))
        if self.session.settings.visibility_scheme == "Distance":
            return flat <= reach and low[1] - y <= reach
        return flat <= reach + AGENT_RADIUS

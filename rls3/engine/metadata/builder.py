"""The metadata of a reply, as AI2-THOR 5.0 sends it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import version
from typing import Any

import numpy as np

from rls3.engine.geometry import euler_angles, forward
from rls3.engine.metadata.arm import arm_record
from rls3.engine.metadata.records import box_record, object_record, vector
from rls3.engine.pictures.picture import Picture
from rls3.engine.session import Session
from rls3.engine.sight.visibility import visible_objects
from rls3.engine.world.agents import Agent
from rls3.engine.world.heating import temperature
from rls3.engine.world.switching import controlled_by

#: How far ahead of a drone's middle its launcher is, metres.
LAUNCHER_AHEAD = 0.1


@lru_cache(maxsize=1)
def engine_record() -> dict[str, str]:
    """Return the extra key by which data of this engine is told from Unity's."""
    return {"name": "rls3-engine", "version": version("rls3")}


@dataclass(frozen=True)
class MetadataBuilder:
    """Builds the records of one reply, of a session's present state."""

    session: Session

    def cameras(self) -> list[dict[str, Any]]:
        """Return the records of the third-party cameras."""
        return [
            {
                "thirdPartyCameraId": number,
                "position": vector(camera.position),
                "rotation": vector([angle % 360.0 for angle in camera.rotation]),
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
        return {
            "objects": self._objects(number, picture),
            "isSceneAtRest": True,
            "agent": _body_record(agent),
            "heldObjectPose": _hand_record(agent),
            "arm": arm_record(agent) if agent.mode.arm else None,
            "fov": session.settings.field_of_view,
            "cameraPosition": vector(agent.eye),
            "cameraOrthSize": -1.0,
            "thirdPartyCameras": self.cameras(),
            "collided": False,
            "collidedObjects": [],
            "inventoryObjects": self._inventory(agent),
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
            "actionStringsReturn": [],
            "actionFloatsReturn": [],
            "actionVector3sReturn": [],
            "visibleRange": None,
            "currentTime": session.seconds,
            "sceneBounds": self.bounds,
            "engine": engine_record(),
        }

    @cached_property
    def bounds(self) -> dict[str, Any]:
        """The box round all that is drawn."""
        return box_record(*self.session.bounds)

    def _inventory(self, agent: Agent) -> list[dict[str, str]]:
        if agent.hand.holds is None:
            return []
        item = self.session.object(agent.hand.holds)
        return [{"objectId": item.object_id, "objectType": item.type.name}]

    def _objects(self, number: int, picture: Picture | None) -> list[dict[str, Any]]:
        session, world = self.session, self.session.world
        agent = world.agents[number]
        relations = session.containment
        wanted = [o for o in world.listed_objects() if world.filter is None or o.object_id in world.filter]
        visible = visible_objects(session, number, picture, frozenset(o.object_id for o in wanted))
        records = []
        for item in wanted:
            seen = item.object_id in visible
            record = dict(object_record(item))
            record["visible"] = seen
            record["isInteractable"] = seen
            record["distance"] = math.dist(item.position, agent.position)
            record["temperature"] = temperature(world, item, relations)
            if item.type.toggleable:
                record["controlledObjects"] = [o.object_id for o in controlled_by(world, item)]
            record["parentReceptacles"] = relations.parents.get(item.object_id)
            if item.type.receptacle:
                record["receptacleObjectIds"] = relations.children.get(item.object_id, [])
            if agent.mode.flies:
                record.update(_flight_record())
            records.append(record)
        return records


def _body_record(agent: Agent) -> dict[str, Any]:
    record = {
        "name": "agent",
        "position": vector(agent.position),
        "rotation": vector((0.0, agent.yaw, 0.0)),
        "cameraHorizon": agent.horizon,
        "isStanding": agent.standing if agent.mode.crouches else None,
        "inHighFrictionArea": False,
    }
    if agent.mode.flies:
        record["launcherPosition"] = vector(
            np.asarray(agent.position) + LAUNCHER_AHEAD * np.asarray(forward(agent.yaw))
        )
    return record


def _hand_record(agent: Agent) -> dict[str, Any]:
    pose = agent.hand_pose
    return {
        "position": vector(pose[:3, 3]),
        "rotation": vector(euler_angles(pose[:3, :3])),
        "localPosition": vector(agent.hand.position),
        "localRotation": vector(agent.hand.rotation),
    }


def _flight_record() -> dict[str, Any]:
    """Return the keys that objects have beside a drone, which might have thrown them."""
    return {
        "numSimObjHits": 0,
        "numFloorHits": 0,
        "numStructureHits": 0,
        "lastVelocity": 0.0,
        "isCaught": False,
        "launcherPosition": vector((0.0, 0.0, 0.0)),
    }

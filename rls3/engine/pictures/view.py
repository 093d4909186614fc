"""Pictures of the world: what the renderer is given, and which pictures are kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rls3.assets.model import AssetModel, Part
from rls3.engine.geometry import Vector, pose_matrix
from rls3.engine.pictures.bodies import BODY
from rls3.engine.pictures.lighting import scene_lighting
from rls3.engine.pictures.picture import Labels, Picture
from rls3.engine.render.renderer import Renderer
from rls3.engine.render.scene import Instance, RenderCamera
from rls3.engine.world.cameras import FAR
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.paint import painted_parts
from rls3.engine.world.world import World

KEPT_PICTURES = 8
#: Number, position and yaw of each agent that is drawn.
Bodies = tuple[tuple[int, Vector, float], ...]
OUT_OF_SIGHT = (0.0, -1000.0, 0.0)
#: Height of the picture from which `visible` is told when the client wants none, pixels.
GLANCE_ROWS = 96


@dataclass(frozen=True)
class Optics:
    """How pictures are taken, as the client set it.

    Attributes:
        width: pixels.
        height: pixels.
        field_of_view: vertical, of the agents' cameras, degrees.
        bodies: whether agents see each other.
    """

    width: int
    height: int
    field_of_view: float
    bodies: bool


class View:
    """Renders worlds, keeping the last pictures for replies that show the same again."""

    def __init__(self, device: str) -> None:
        self._renderer = Renderer(device=device)
        self._shown: tuple[World, int, Bodies] | None = None
        self._labels = Labels((), (), {})
        self._pictures: OrderedDict[tuple[RenderCamera, int, int, Vector | None, Bodies], Picture] = OrderedDict()

    def of_agent(self, world: World, number: int, optics: Optics) -> Picture:
        """Return what an agent sees."""
        camera, bodies = _agent_camera(world, number, optics), _bodies(world, number, optics)
        return self._picture(world, camera, optics.width, optics.height, bodies=bodies)

    def seen(self, world: World, number: int, optics: Optics) -> Picture:
        """Return what an agent sees, enough to tell which objects are in view: its last picture, or a small one."""
        camera, bodies = _agent_camera(world, number, optics), _bodies(world, number, optics)
        self._show(world, bodies)
        kept = self._pictures.get((camera, optics.width, optics.height, None, bodies))
        if kept is not None:
            return kept
        width = max(1, round(GLANCE_ROWS * optics.width / optics.height))
        return self._picture(world, camera, width, GLANCE_ROWS, bodies=bodies)

    def look(self, world: World, camera: RenderCamera, width: int, height: int) -> Picture:
        """Return what any camera sees of the scene without its agents."""
        return self._picture(world, camera, width, height)

    def of_camera(self, world: World, number: int, optics: Optics) -> Picture:
        """Return what a third-party camera sees."""
        camera = world.cameras[number]
        pitch, yaw, roll = camera.rotation
        size = camera.orthographic_size if camera.orthographic else None
        wanted = RenderCamera(camera.position, yaw, pitch, roll, camera.field_of_view, size, camera.far)
        bodies = _bodies(world, None, optics)
        return self._picture(world, wanted, optics.width, optics.height, camera.sky_color, bodies)

    def forget(self) -> None:
        """Drop all kept pictures."""
        self._shown = None

    def _picture(
        self,
        world: World,
        camera: RenderCamera,
        width: int,
        height: int,
        sky: Vector | None = None,
        bodies: Bodies = (),
    ) -> Picture:
        self._show(world, bodies)
        key = (camera, width, height, sky, bodies)
        if key not in self._pictures:
            lighting = scene_lighting(world)
            self._renderer.set_lighting(lighting if sky is None else replace(lighting, sky=sky))
            frame = self._renderer.render(camera, width, height)
            self._pictures[key] = Picture(frame, self._labels, camera)
            if len(self._pictures) > KEPT_PICTURES:
                self._pictures.popitem(last=False)
        return self._pictures[key]

    def _show(self, world: World, bodies: Bodies) -> None:
        shown = self._shown
        if shown is not None and shown[0] is world and shown[1:] == (world.revision, bodies):
            return
        pieces = [(p.key, painted_parts(p.parts, p.paint, p.name), np.eye(4)) for p in world.shell.pieces]
        placed = [(o.object_id, _drawn(o), o.pose) for o in world.active_objects()]
        drawn: list[tuple[str, AssetModel | tuple[Part, ...], NDArray[np.float64]]] = [*pieces, *placed]
        drawn += [(f"agent {number}", BODY, pose_matrix(position, (0.0, yaw, 0.0))) for number, position, yaw in bodies]
        self._renderer.set_instances([Instance(key, model, pose, i) for i, (key, model, pose) in enumerate(drawn)])
        self._labels = Labels.of(world, len(bodies))
        if shown is None or shown[0] is not world or shown[1] != world.revision:
            self._pictures.clear()
        self._shown = (world, world.revision, bodies)


def _drawn(item: SceneObject) -> AssetModel | tuple[Part, ...]:
    if item.state.paint is None:
        return item.model
    return painted_parts(item.model.parts, item.state.paint, item.type.name)


def _bodies(world: World, viewer: int | None, optics: Optics) -> Bodies:
    """Return the agents' bodies, the viewer's own out of sight; an agent that is alone has none."""
    if len(world.agents) == 1 or not optics.bodies:
        return ()
    return tuple((n, OUT_OF_SIGHT if n == viewer else a.position, a.yaw) for n, a in enumerate(world.agents))


def _agent_camera(world: World, number: int, optics: Optics) -> RenderCamera:
    agent = world.agents[number]
    return RenderCamera(agent.eye, agent.yaw, agent.horizon, 0.0, optics.field_of_view, far=FAR)

"""Pictures of the world: what the renderer is given, and how its frames are sent over the wire."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rls3.assets.model import AssetModel, Part
from rls3.engine.bodies import BODY, BODY_NAME
from rls3.engine.colors import BACKGROUND, Color, distinct_colors
from rls3.engine.geometry import Array, Vector, pose_matrix
from rls3.engine.lighting import scene_lighting
from rls3.engine.paint import painted_parts
from rls3.engine.render.renderer import Renderer
from rls3.engine.render.scene import Frame, Instance, RenderCamera
from rls3.engine.world import FAR, SceneObject, World

if TYPE_CHECKING:
    from rls3.engine.session import Session

KEPT_PICTURES = 8
#: Number, position and yaw of each agent that is drawn.
Bodies = tuple[tuple[int, Vector, float], ...]
OUT_OF_SIGHT = (0.0, -1000.0, 0.0)
#: Height of the picture from which `visible` is told when the client wants none, pixels.
GLANCE_ROWS = 96


@dataclass(frozen=True)
class Labels:
    """Names and colours of what is drawn.

    Attributes:
        names: instance name by renderer index: object ids, and class names for the shell.
        types: class name by renderer index.
        colors: colour by name, instances and classes.
    """

    names: tuple[str, ...]
    types: tuple[str, ...]
    colors: Mapping[str, Color]

    @staticmethod
    def of(world: World, bodies: int = 0) -> Labels:
        """Return the labels of a world's shell pieces, active objects and agents' bodies, in the order drawn."""
        objects = world.active_objects()
        pieces, agents = [p.name for p in world.shell.pieces], [BODY_NAME] * bodies
        names = [*pieces, *(o.object_id for o in objects), *agents]
        types = [*pieces, *(o.type.name for o in objects), *agents]
        return Labels(tuple(names), tuple(types), distinct_colors([*names, *types, BODY_NAME]))

    @cached_property
    def instance_lut(self) -> NDArray[np.uint32]:
        """(n + 1,) RGBA bytes by renderer index; the last, which index -1 picks, is the background."""
        return self._lut(self.names)

    @cached_property
    def class_lut(self) -> NDArray[np.uint32]:
        """(n + 1,) RGBA bytes of the class by renderer index, background last."""
        return self._lut(self.types)

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The metadata's `colors` list."""
        return [{"name": name, "color": list(color)} for name, color in self.colors.items()]

    def _lut(self, names: tuple[str, ...]) -> NDArray[np.uint32]:
        rows = [(*self.colors[name], 255) for name in names] + [(*BACKGROUND, 255)]
        return np.array(rows, dtype=np.uint8).view(np.uint32).ravel()


@dataclass(frozen=True)
class Picture:
    """A rendered frame with its labels; the byte methods give the wire format, bottom row first.

    Attributes:
        frame: colour, depth, normals and renderer indices, top row first.
        labels: what the renderer indices stand for.
        camera: what it was taken with.
    """

    frame: Frame
    labels: Labels
    camera: RenderCamera

    def rgb_bytes(self) -> bytes:
        """H x W x 3 uint8."""
        return self.frame.rgb[::-1].tobytes()

    def depth_bytes(self) -> bytes:
        """H x W float32, metres along the optical axis."""
        return self.frame.depth[::-1].tobytes()

    def normal_bytes(self) -> bytes:
        """H x W x 3 uint8, normals in the camera's frame."""
        return self.frame.normals[::-1].tobytes()

    def instance_bytes(self) -> bytes:
        """H x W x 4 uint8, instance colours, alpha 255."""
        return self.labels.instance_lut.take(self.frame.ids[::-1], mode="wrap").tobytes()

    def class_bytes(self) -> bytes:
        """H x W x 4 uint8, class colours, alpha 255."""
        return self.labels.class_lut.take(self.frame.ids[::-1], mode="wrap").tobytes()

    @cached_property
    def names_in_view(self) -> frozenset[str]:
        """Names of all instances with at least one pixel."""
        return frozenset(self.labels.names[i] for i in np.unique(self.frame.ids) if i >= 0)

    def points_of(self, name: str) -> Array:
        """Return (n, 3) world positions of the pixels of one instance of a perspective picture, metres."""
        rows, columns = np.nonzero(self.frame.ids == self.labels.names.index(name))
        height, width = self.frame.ids.shape
        right, up, ahead = np.array(self.camera.axes())
        tangent = math.tan(math.radians(self.camera.fov) / 2)
        across = (2 * columns + 1 - width) / height * tangent
        upwards = (height - 2 * rows - 1) / height * tangent
        rays = ahead + across[:, None] * right + upwards[:, None] * up
        points: Array = np.asarray(self.camera.position) + self.frame.depth[rows, columns, None] * rays
        return points


class View:
    """Renders a session's world, keeping the last pictures for replies that show the same again."""

    def __init__(self, device: str) -> None:
        self._renderer = Renderer(device=device)
        self._shown: tuple[World, int, Bodies] | None = None
        self._labels = Labels((), (), {})
        self._pictures: OrderedDict[tuple[RenderCamera, int, int, Vector | None, Bodies], Picture] = OrderedDict()

    def of_agent(self, session: Session, number: int) -> Picture:
        """Return what an agent sees."""
        camera = _agent_camera(session, number)
        return self._picture(session.world, camera, session.width, session.height, bodies=_bodies(session, number))

    def seen(self, session: Session, number: int) -> Picture:
        """Return what an agent sees, enough to tell which objects are in view: its last picture, or a small one."""
        camera, bodies = _agent_camera(session, number), _bodies(session, number)
        self._show(session.world, bodies)
        kept = self._pictures.get((camera, session.width, session.height, None, bodies))
        if kept is not None:
            return kept
        width = max(1, round(GLANCE_ROWS * session.width / session.height))
        return self._picture(session.world, camera, width, GLANCE_ROWS, bodies=bodies)

    def look(self, session: Session, camera: RenderCamera, width: int, height: int) -> Picture:
        """Return what any camera sees of the scene without its agents."""
        return self._picture(session.world, camera, width, height)

    def of_camera(self, session: Session, number: int) -> Picture:
        """Return what a third-party camera sees."""
        camera = session.world.cameras[number]
        pitch, yaw, roll = camera.rotation
        size = camera.orthographic_size if camera.orthographic else None
        wanted = RenderCamera(camera.position, yaw, pitch, roll, camera.field_of_view, size, camera.far)
        bodies = _bodies(session, None)
        return self._picture(session.world, wanted, session.width, session.height, camera.sky_color, bodies)

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


def _bodies(session: Session, viewer: int | None) -> Bodies:
    """Return the agents' bodies, the viewer's own out of sight; an agent that is alone has none."""
    agents = session.world.agents
    if len(agents) == 1 or not session.settings.agents_visible:
        return ()
    return tuple((n, OUT_OF_SIGHT if n == viewer else a.position, a.yaw) for n, a in enumerate(agents))


def _agent_camera(session: Session, number: int) -> RenderCamera:
    agent = session.world.agents[number]
    return RenderCamera(agent.eye, agent.yaw, agent.horizon, 0.0, session.settings.field_of_view, far=FAR)

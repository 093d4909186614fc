"""Pictures of the world: what the renderer is given, and how its frames are sent over the wire."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rls3.assets.model import AssetModel, Part
from rls3.engine.colors import BACKGROUND, Color, distinct_colors
from rls3.engine.geometry import Vector
from rls3.engine.lighting import scene_lighting
from rls3.engine.paint import painted_parts
from rls3.engine.render.renderer import Renderer
from rls3.engine.render.scene import Frame, Instance, RenderCamera
from rls3.engine.world import FAR, SceneObject, World

if TYPE_CHECKING:
    from rls3.engine.session import Session

KEPT_PICTURES = 8
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
    def of(world: World) -> Labels:
        """Return the labels of a world's shell pieces and active objects, in the order of `instances`."""
        objects = world.active_objects()
        names = [p.name for p in world.shell.pieces] + [o.object_id for o in objects]
        types = [p.name for p in world.shell.pieces] + [o.type.name for o in objects]
        return Labels(tuple(names), tuple(types), distinct_colors([*names, *types]))

    @cached_property
    def instance_lut(self) -> NDArray[np.uint8]:
        """(n + 1, 4) RGBA by renderer index; the last row, which index -1 picks, is the background."""
        return self._lut(self.names)

    @cached_property
    def class_lut(self) -> NDArray[np.uint8]:
        """(n + 1, 4) RGBA of the class by renderer index, background last."""
        return self._lut(self.types)

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The metadata's `colors` list."""
        return [{"name": name, "color": list(color)} for name, color in self.colors.items()]

    def _lut(self, names: tuple[str, ...]) -> NDArray[np.uint8]:
        rows = [(*self.colors[name], 255) for name in names] + [(*BACKGROUND, 255)]
        return np.array(rows, dtype=np.uint8)


@dataclass(frozen=True)
class Picture:
    """A rendered frame with its labels; the byte methods give the wire format, bottom row first."""

    frame: Frame
    labels: Labels

    def rgb_bytes(self) -> bytes:
        """H x W x 3 uint8."""
        return self.frame.rgb[::-1].tobytes()

    def depth_bytes(self) -> bytes:
        """H x W float32, metres along the optical axis."""
        return self.frame.depth[::-1].tobytes()

    def instance_bytes(self) -> bytes:
        """H x W x 4 uint8, instance colours, alpha 255."""
        return self.labels.instance_lut[self.frame.ids[::-1]].tobytes()

    def class_bytes(self) -> bytes:
        """H x W x 4 uint8, class colours, alpha 255."""
        return self.labels.class_lut[self.frame.ids[::-1]].tobytes()

    @cached_property
    def names_in_view(self) -> frozenset[str]:
        """Names of all instances with at least one pixel."""
        return frozenset(self.labels.names[i] for i in np.unique(self.frame.ids) if i >= 0)


class View:
    """Renders a session's world, keeping the last pictures for replies that show the same again."""

    def __init__(self, device: str) -> None:
        self._renderer = Renderer(device=device)
        self._shown: tuple[World, int] | None = None
        self._labels = Labels((), (), {})
        self._pictures: OrderedDict[tuple[RenderCamera, int, int, Vector | None], Picture] = OrderedDict()

    def of_agent(self, session: Session, number: int) -> Picture:
        """Return what an agent sees."""
        return self._picture(session.world, _agent_camera(session, number), session.width, session.height)

    def glance(self, session: Session, number: int) -> Picture:
        """Return a small picture of what an agent sees, enough to tell which objects are in view."""
        width = max(1, round(GLANCE_ROWS * session.width / session.height))
        return self._picture(session.world, _agent_camera(session, number), width, GLANCE_ROWS)

    def of_camera(self, session: Session, number: int) -> Picture:
        """Return what a third-party camera sees."""
        camera = session.world.cameras[number]
        pitch, yaw, roll = camera.rotation
        size = camera.orthographic_size if camera.orthographic else None
        wanted = RenderCamera(camera.position, yaw, pitch, roll, camera.field_of_view, size, camera.far)
        return self._picture(session.world, wanted, session.width, session.height, camera.sky_color)

    def color_table(self, session: Session) -> list[dict[str, Any]]:
        """Return the metadata's `colors`: every instance and class of the scene."""
        self._show(session.world)
        return self._labels.records

    def _picture(
        self, world: World, camera: RenderCamera, width: int, height: int, sky: Vector | None = None
    ) -> Picture:
        self._show(world)
        key = (camera, width, height, sky)
        if key not in self._pictures:
            lighting = scene_lighting(world)
            self._renderer.set_lighting(lighting if sky is None else replace(lighting, sky=sky))
            frame = self._renderer.render(camera, width, height)
            self._pictures[key] = Picture(frame, self._labels)
            if len(self._pictures) > KEPT_PICTURES:
                self._pictures.popitem(last=False)
        return self._pictures[key]

    def _show(self, world: World) -> None:
        if self._shown is not None and self._shown[0] is world and self._shown[1] == world.revision:
            return
        pieces = [(p.key, painted_parts(p.parts, p.paint, "wall"), np.eye(4)) for p in world.shell.pieces]
        placed = [(o.object_id, _drawn(o), o.pose) for o in world.active_objects()]
        drawn: list[tuple[str, AssetModel | tuple[Part, ...], NDArray[np.float64]]] = [*pieces, *placed]
        self._renderer.set_instances([Instance(key, model, pose, i) for i, (key, model, pose) in enumerate(drawn)])
        self._labels = Labels.of(world)
        self._pictures.clear()
        self._shown = (world, world.revision)


def _drawn(item: SceneObject) -> AssetModel | tuple[Part, ...]:
    if item.state.paint is None:
        return item.model
    return painted_parts(item.model.parts, item.state.paint, "floor" if item.type.name == "Floor" else "")


def _agent_camera(session: Session, number: int) -> RenderCamera:
    agent = session.world.agents[number]
    return RenderCamera(agent.eye, agent.yaw, agent.horizon, 0.0, session.settings.field_of_view, far=FAR)

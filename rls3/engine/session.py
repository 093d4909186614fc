"""What one client works with: the settings of Initialize, the world, and what is derived from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from rls3.engine.errors import ActionError
from rls3.engine.geometry import Array
from rls3.engine.houses.assets import AssetDatabase
from rls3.engine.mesh_pack import MeshPack
from rls3.engine.physics.collision import Physics
from rls3.engine.pictures.view import Optics, View
from rls3.engine.world.agents import DEFAULT_MODE, Agent, AgentMode
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.receptacles import Containment, containment
from rls3.engine.world.shell import Shell
from rls3.engine.world.world import Snapshot, World


@dataclass(frozen=True)
class Settings:
    """The parameters of Initialize that the engine acts on; degrees and metres."""

    mode: AgentMode = DEFAULT_MODE
    grid_size: float = 0.25
    field_of_view: float = 90.0
    visibility_distance: float = 1.5
    visibility_scheme: str = "Collider"
    snap_to_grid: bool = True
    rotate_step_degrees: float = 90.0
    agents_visible: bool = True
    render_image: bool = True
    render_depth: bool = False
    render_normals: bool = False
    render_instances: bool = False
    render_classes: bool = False
    fast_emit: bool = False


@dataclass(frozen=True)
class SavedSession:
    """A session's state before an action."""

    world: World
    scene: Snapshot
    settings: Settings
    seed: int
    size: tuple[int, int]


@dataclass
class Session:
    """The state that actions work on.

    Attributes:
        width: picture width, pixels.
        height: picture height, pixels.
        asset_database: file with true asset sizes for houses, if given.
        meshes: shapes in place of the catalogue's, if given.
        device: Warp device of the renderer.
        world: the scene.
        settings: parameters of the last Initialize.
        initialized: whether Initialize came after the last Reset.
        active_agent: number of the agent that acts now.
        seed: last seed of SetRandomSeed.
        seconds: simulated time since the scene was loaded.
    """

    width: int
    height: int
    asset_database: Path | None = None
    meshes: MeshPack | None = None
    device: str = "cpu"
    world: World = field(default_factory=lambda: World("", Shell((), ())))
    settings: Settings = field(default_factory=Settings)
    initialized: bool = False
    active_agent: int = 0
    seed: int = 0
    seconds: float = 0.0
    _physics: tuple[World, Physics] | None = None
    _containment: tuple[World, int, Containment] | None = None
    _bounds: tuple[World, int, tuple[Array, Array]] | None = None

    @cached_property
    def assets(self) -> AssetDatabase:
        """Sizes and types of house assets."""
        return AssetDatabase.load(self.asset_database)

    @cached_property
    def view(self) -> View:
        """The renderer of the present world.

        Raises:
            ActionError: the device does not exist here.
        """
        try:
            return View(self.device)
        except ValueError as error:
            raise ActionError(f"{error}; change the engine's --device") from error

    @property
    def optics(self) -> Optics:
        """How its pictures are taken."""
        return Optics(self.width, self.height, self.settings.field_of_view, self.settings.agents_visible)

    @property
    def physics(self) -> Physics:
        """Collision tests in the present world."""
        if self._physics is None or self._physics[0] is not self.world:
            self._physics = (self.world, Physics(self.world))
        return self._physics[1]

    @property
    def containment(self) -> Containment:
        """Who stands on whom in the present world."""
        cached = self._containment
        if cached is None or cached[0] is not self.world or cached[1] != self.world.revision:
            cached = (self.world, self.world.revision, containment(self.world))
            self._containment = cached
        return cached[2]

    @property
    def bounds(self) -> tuple[Array, Array]:
        """Lower and upper corner of the box round everything that is drawn, metres."""
        cached = self._bounds
        if cached is None or cached[0] is not self.world or cached[1] != self.world.revision:
            cached = (self.world, self.world.revision, self.world.bounds())
            self._bounds = cached
        return cached[2]

    @property
    def agent(self) -> Agent:
        """The agent that acts now."""
        return self.world.agents[self.active_agent]

    @agent.setter
    def agent(self, agent: Agent) -> None:
        self.world.agents[self.active_agent] = agent

    def generator(self) -> np.random.Generator:
        """Return the source of an action's random choices: it follows from the seed, which then moves on."""
        generator = np.random.default_rng(self.seed)
        self.seed = int(generator.integers(2**31))
        return generator

    def object(self, object_id: str) -> SceneObject:
        """Return an object of the scene.

        Raises:
            ActionError: there is none of this id.
        """
        found = self.world.objects.get(object_id)
        if found is None:
            raise ActionError(f"Cannot find object with id {object_id}")
        return found

    def save(self) -> SavedSession:
        """Return the state to come back to when an action fails."""
        return SavedSession(
            self.world, self.world.snapshot(), replace(self.settings), self.seed, (self.width, self.height)
        )

    def restore(self, saved: SavedSession) -> None:
        """Go back to a saved state."""
        self.world = saved.world
        self.world.restore(saved.scene)
        self.settings = saved.settings
        self.seed = saved.seed
        self.width, self.height = saved.size

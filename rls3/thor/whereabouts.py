"""Where the movable objects of a scene are, and how they are brought back."""

from __future__ import annotations

from rls3.scene.model import Scene, SceneObject
from rls3.thor.session import EngineSession, Pose


class Whereabouts:
    """Keeps the engine told of what is not where the scene had it at first, and puts things back.

    Args:
        engine: the scenes are loaded in it.
    """

    def __init__(self, engine: EngineSession) -> None:
        self._engine = engine
        self._home: dict[str, Pose] = {}

    def begin(self, scene: Scene) -> None:
        """Take a scene that was just loaded as where everything belongs."""
        self._home = _poses(scene)

    def note(self, scene: Scene) -> None:
        """Tell the engine where the objects are that have left their first place: a new one will put them there."""
        self._engine.settle({key: pose for key, pose in _poses(scene).items() if self._home.get(key) != pose})

    def bring_back(self, now: Scene, wanted: Scene) -> None:
        """Put all movable objects from where they are now to where they are in `wanted`, carriers before their load."""
        present = {o.id: _pose(o) for o in now.objects}
        strayed = [o for o in wanted.objects if o.movable and o.id in present and present[o.id] != _pose(o)]
        for thing in sorted(strayed, key=lambda o: (o.center[1] - o.size[1] / 2, o.id)):
            self._engine.put(thing.id, _pose(thing))


def _poses(scene: Scene) -> dict[str, Pose]:
    return {o.id: _pose(o) for o in scene.objects if o.movable}


def _pose(thing: SceneObject) -> Pose:
    return thing.position, thing.rotation

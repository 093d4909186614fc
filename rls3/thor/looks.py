"""Held-out scenes and those that may train show no look of an object in common: checked, not promised."""

from __future__ import annotations

from rls3.assets.variants import held_out
from rls3.errors import HeldOutError
from rls3.scene.model import Scene
from rls3.scene.split import held_out_pool, scene_type

ENGINE = "rls3-engine"


def check_looks(scene: Scene) -> None:
    """Check the asset ids of a scene of the embedded engine against its side of the split.

    Not checked: scenes of Unity, which has no such split of its assets; ProcTHOR houses, which name other assets; and
    objects without an asset id or with one that is no look of the catalogue, such as meshes from a pack.

    Raises:
        HeldOutError: an object shows a look of the other side.
    """
    if scene.engine.name != ENGINE or scene_type(scene.id) == "house":
        return
    unseen = held_out_pool(scene.id) is not None
    wrong = sorted({thing.asset for thing in scene.objects if held_out(thing.asset) is (not unseen)})
    if wrong:
        side, other = ("held out", "scenes that train") if unseen else ("for training", "held-out scenes")
        raise HeldOutError(
            f"scene '{scene.id}' is {side}, but {ENGINE} {scene.engine.version} shows looks of {other} in it "
            f"({', '.join(wrong[:3])}); use the engine of this package: leave sim.executable out"
        )

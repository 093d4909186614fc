"""Held-out scenes and training scenes show no look in common, or nothing of them is used."""

from dataclasses import replace

import pytest

from rls3.assets.variants import HELD_OUT, asset_id
from rls3.errors import HeldOutError
from rls3.scene.model import EngineInfo
from rls3.thor.looks import ENGINE, check_looks
from tests.fakes import make_room

SEEN, UNSEEN = asset_id("Mug", HELD_OUT - 1), asset_id("Mug", HELD_OUT)


def room(name: str, look: str, engine: str = ENGINE):
    scene = make_room(name)
    first, *others = scene.objects
    return replace(scene, engine=EngineInfo(engine, "9"), objects=(replace(first, asset=look), *others))


def test_each_side_has_looks_of_its_own():
    check_looks(room("FloorPlan1", SEEN))
    check_looks(room("FloorPlan26", UNSEEN))
    with pytest.raises(HeldOutError, match="'FloorPlan26' is held out, but rls3-engine 9 shows looks of scenes"):
        check_looks(room("FloorPlan26", SEEN))
    with pytest.raises(HeldOutError, match=r"'FloorPlan1' is for training, .* held-out scenes in it \(Mug_12\)"):
        check_looks(room("FloorPlan1", UNSEEN))


def test_where_nothing_is_known_of_looks_nothing_is_checked():
    check_looks(room("FloorPlan26", SEEN, engine="unity"))
    check_looks(room("house_1", UNSEEN))
    check_looks(room("FloorPlan26", "mesh:mug.glb"))

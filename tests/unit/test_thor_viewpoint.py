import json

import numpy as np
import pytest
from scene_factory import thing

from rls3.errors import ConfigError
from rls3.thor.houses import load_scene, scene_id_of
from rls3.thor.viewpoint import horizon_for, lines_are_free, standing_places, view_yaw

GRID = np.array([(x / 4, 0.9, z / 4) for x in range(-12, 13) for z in range(-12, 13)])


def test_the_camera_stands_on_the_views_side():
    assert standing_places(GRID, (0.0, 0.5, 0.0), view_yaw(0), 2.0)[0] == (0.0, 0.9, -2.0)
    assert standing_places(GRID, (0.0, 0.5, 0.0), view_yaw(2), 2.0)[0] == (-2.0, 0.9, 0.0)
    x, _, z = standing_places(GRID, (0.0, 0.5, 0.0), view_yaw(1), 2.0)[0]
    assert (x, z) in {(-1.5, -1.5), (-1.25, -1.5), (-1.5, -1.25)}


def test_no_place_near_the_wish_is_no_place():
    behind = GRID[GRID[:, 2] > 0]
    assert standing_places(behind, (0.0, 0.5, 0.0), 0.0, 2.0) == []
    assert standing_places(np.empty((0, 3)), (0.0, 0.5, 0.0), 0.0, 2.0) == []


def test_an_unknown_view_is_refused():
    with pytest.raises(ValueError, match=r"view 8 does not exist; views are 0 \.\. 7"):
        view_yaw(8)


def test_a_fridge_in_between_blocks_the_line_but_a_box_round_the_eye_does_not():
    eye, end = (0.0, 1.5, -2.0), (0.0, 0.8, 2.0)
    fridge = thing("Fridge", (0.0, 0.9, 0.0), (0.8, 1.8, 0.8))
    table = thing("Table", (0.0, 0.3, 0.0), (0.8, 0.6, 0.8))
    counter = thing("CounterTop", (0.0, 1.0, -2.0), (2.0, 2.0, 2.0))
    aside = (2.0, 1.5, 0.0)
    assert lines_are_free([eye, aside], end, [fridge], ()).tolist() == [False, True]
    assert lines_are_free([eye], end, [fridge], {fridge.id}).all()
    assert lines_are_free([eye], end, [table, counter], ()).all()
    assert lines_are_free([], end, [fridge], ()).shape == (0,)


def test_the_camera_looks_down_between_its_targets():
    assert horizon_for((0.0, 1.5, 0.0), 0.0, [(0.0, 1.5, 2.0), (0.0, -0.5, 2.0)]) == pytest.approx(22.5)
    assert horizon_for((0.0, 1.5, 0.0), 0.0, [(0.0, -9.0, 0.5)]) == 60.0
    assert horizon_for((0.0, 1.5, 0.0), 0.0, [(0.0, 9.0, 0.5)]) == -30.0


def test_house_files(tmp_path):
    house = {"rooms": [], "walls": [], "objects": [], "proceduralParameters": {}}
    good, bad, text = (tmp_path / name for name in ("house_7.json", "bad.json", "text.json"))
    good.write_text(json.dumps(house))
    bad.write_text(json.dumps({"rooms": []}))
    text.write_text("{")
    assert load_scene(str(good)) == house
    assert load_scene("FloorPlan7") == "FloorPlan7"
    assert (scene_id_of(str(good)), scene_id_of("FloorPlan7_physics")) == ("house_7", "FloorPlan7")
    for path, message in [
        (bad, r"bad.json' of sim.scenes is not a ProcTHOR house: it lacks walls, objects, proceduralParameters"),
        (text, "text.json' of sim.scenes is not JSON"),
        (tmp_path / "none.json", "none.json' of sim.scenes does not exist"),
    ]:
        with pytest.raises(ConfigError, match=message):
            load_scene(str(path))

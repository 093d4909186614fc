import json
import os
from pathlib import Path

import pytest
from engine_factory import session_of

from rls3.engine.assets import AssetDatabase, type_from_names
from rls3.engine.errors import ActionError
from rls3.engine.houses import HouseBuilder
from rls3.engine.navigation import WalkSpace
from rls3.engine.physics import Physics
from rls3.engine.server import handle
from rls3.engine.structure import rectangles
from rls3.engine.world import World

FIXTURES = Path(os.environ.get("RLS3_FIXTURES", Path(__file__).parents[2] / "../shared/data"))
HOUSE = FIXTURES / "procthor/two-room/house_100.json"
DATABASE = FIXTURES / "procthor/databases/asset-database.json"
needs_fixtures = pytest.mark.skipif(not HOUSE.exists(), reason=f"no ProcTHOR files under {FIXTURES} (RLS3_FIXTURES)")


def build(database=None):
    return HouseBuilder(AssetDatabase.load(database), json.loads(HOUSE.read_text())).build()


@pytest.mark.parametrize(
    ("asset_id", "object_id", "kind"),
    [
        ("Dresser_224_1", "Dresser|2|0", "Dresser"),
        ("bin_20", "bin|3|2", "GarbageCan"),
        ("Sink_26", "Sink_26|2|1|0", "Sink"),
        ("Bathroom_Faucet_1", "Bathroom_Faucet_1|2|1|1", "Faucet"),
        ("RoboTHOR_dresser_aspelund", "RoboTHORdresseraspelund|3|1", "Dresser"),
        ("Wall_Decor_Photo_3", "Wall_Decor_Photo_3|3|4", "Painting"),
        ("Toilet_Paper_Used_Up", "x|1", "ToiletPaper"),
    ],
)
def test_types_are_read_from_names(asset_id, object_id, kind):
    assert type_from_names(asset_id, object_id) == kind


def test_an_unknown_asset_says_what_to_do():
    with pytest.raises(
        ActionError, match=r"asset 'Zorb_1' of object 'thing\|1' has no known type: start the engine with"
    ):
        type_from_names("Zorb_1", "thing|1")


def test_a_bad_database_says_what_it_needs(tmp_path):
    (tmp_path / "db.json").write_text("[1]")
    with pytest.raises(ActionError, match=r"db\.json cannot be read .* needs ProcTHOR's asset-database\.json"):
        AssetDatabase.load(tmp_path / "db.json")


def test_an_ell_shaped_floor_is_cut_into_rectangles():
    ell = [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0)]
    parts = rectangles(ell)
    assert sum((x1 - x0) * (z1 - z0) for x0, z0, x1, z1 in parts) == pytest.approx(3.0)


def test_a_house_without_walls_fails_and_leaves_the_scene():
    session = session_of()
    reply = handle(session, {"action": "CreateHouse", "sequenceId": 1, "house": {"rooms": []}}).body["agents"][0]
    assert "Exception creating house: KeyError: 'walls'" in reply["errorMessage"]
    assert list(session.world.objects) == ["Floor|0"]


@needs_fixtures
def test_a_house_has_its_own_ids_and_true_sizes():
    house = build(DATABASE)
    bed = house.objects["Bed|3|0"]
    row = next(r for r in json.loads(DATABASE.read_text())["Bed"] if r["assetId"] == "Bed_8")
    assert bed.model.size == pytest.approx(tuple(row["boundingBox"][axis] for axis in "xyz"))
    assert (bed.name, bed.asset_id, bed.size_source) == ("Bed|3|0", "Bed_8", "assetDatabase")
    assert bed.position == pytest.approx((1.290, 0.448, 0.969), abs=0.005)
    assert build().objects["Bed|3|0"].size_source == "typical"


@needs_fixtures
@pytest.mark.parametrize("database", [None, DATABASE])
def test_children_rest_on_what_is_below(database):
    house = build(database)
    world = World("Procedural", house.shell, house.objects.values())
    physics = Physics(world)
    for name in ("ToiletPaper|2|0", "Book|3|2", "Pen|3|3", "bin|3|2", "Plunger|2|3"):
        item = world.objects[name]
        assert physics.support(item.boxes, {name}).owners, f"{name} floats"


@needs_fixtures
def test_the_agent_walks_through_the_open_door():
    house = build(DATABASE)
    world = World("Procedural", house.shell, house.objects.values())
    x, _, z = house.agent.position
    points = WalkSpace(world, Physics(world), 0).reachable((x, z), 0.25, 0.0, None)
    assert any(pz > 4.2 for _, pz in points), "the bathroom is not reached"
    assert any(pz < 3.4 and px < 3.5 for px, pz in points), "the bedroom is not reached"
    assert all(house.shell.contains(px, pz) for px, pz in points)

import json
import math
import os
import re
from pathlib import Path

import numpy as np
import pytest
from engine_factory import session_of
from house_factory import make_house

from rls3.assets.types import OBJECT_TYPES
from rls3.engine.errors import ActionError
from rls3.engine.geometry import CORNER_SIGNS, Boxes, area, inside, rotation_matrix
from rls3.engine.houses.assets import AssetDatabase, type_from_names
from rls3.engine.houses.builder import HouseBuilder
from rls3.engine.houses.templates import house_from_template
from rls3.engine.navigation.walking import WalkSpace
from rls3.engine.physics.collision import Physics
from rls3.engine.physics.stability import at_rest
from rls3.engine.protocol.server import handle
from rls3.engine.world.receptacles import containment
from rls3.engine.world.structure import rectangles
from rls3.engine.world.world import World

FIXTURES = Path(os.environ.get("RLS3_FIXTURES", Path(__file__).parents[2] / "../shared/data"))
HOUSE = FIXTURES / "procthor/two-room/house_100.json"
STAGES = sorted((FIXTURES / "procthor/two-room/partial_houses").glob("*.json"))
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


SIZES = {kind: [(f"{kind}_1", OBJECT_TYPES[kind].size)] for kind in ("DiningTable", "Dresser", "Mug", "Book")}


def broken(change):
    house = make_house(0, SIZES)
    change(house)
    return house


def set_at(path, value):
    """Return a change that puts a value at a path of keys and numbers."""

    def change(house):
        *front, last = path
        for key in front:
            house = house[key]
        house[last] = value

    return change


BAD_HOUSES = [
    (lambda h: h.update(rooms=[]), r"rooms is empty; a house needs at least one room with id, floorPolygon"),
    (lambda h: h.pop("walls"), r"walls must be a list, got None"),
    (lambda h: h["rooms"].pop(), r"walls\[\d+\] names room 'room\|\d', which the house lacks; its rooms: room\|0"),
    (set_at(("doors", 0, "room1"), "room|9"), r"doors\[0\] names room1 'room\|9', which the house lacks"),
    (set_at(("doors", 0, "wall1"), "wall|9"), r"doors\[0\] names wall1 'wall\|9', which the house lacks; its walls"),
    (set_at(("walls", 0, "polygon", 2, "y"), -2.0), r"walls\[0\]\.polygon reaches from -2 to 2\.7 m"),
    (
        set_at(("windows", 0, "holePolygon", 1, "x"), 0.5),
        r"windows\[0\]\.holePolygon needs two points, the lower first, with a positive size",
    ),
    (
        set_at(("rooms", 0, "floorPolygon"), []),
        r"rooms\[0\]\.floorPolygon needs three or more points that enclose an area",
    ),
    (
        set_at(("objects", 0, "position", "x"), "left"),
        r"objects\[0\]\.position needs a finite number 'x', got 'left'",
    ),
    (
        set_at(("objects", 0, "children", 1, "position", "y"), math.nan),
        r"children\[1\]\.position needs .* nan",
    ),
    (set_at(("objects", 0, "position"), 3), r"objects\[0\]\.position must be an object, got 3"),
    (set_at(("objects", 1, "id"), "Mug|0|1"), r"objects holds the id 'Mug\|0\|1' twice; ids must be unique"),
    (set_at(("objects", 1, "assetId"), None), r"objects\[1\] needs a text 'assetId', got None"),
    (set_at(("doors", 0, "openness"), 2), r"doors\[0\] has an openness of 2; it must be within 0 and 1"),
    (
        set_at(("proceduralParameters", "lights"), [{"type": "laser"}]),
        r"proceduralParameters\.lights\[0\] has the type 'laser'; it must be point or directional",
    ),
]


@pytest.mark.parametrize(("change", "message"), BAD_HOUSES)
def test_a_bad_house_is_refused_and_leaves_the_scene(change, message):
    session = session_of()
    request = {"action": "CreateHouse", "sequenceId": 1, "house": broken(change)}
    reply = handle(session, request).body["agents"][0]
    assert not reply["lastActionSuccess"]
    assert re.search("Exception creating house: .*" + message, reply["errorMessage"]), reply["errorMessage"]
    assert list(session.world.objects) == ["Floor|0"]


def test_unknown_materials_are_all_named():
    def change(house):
        house["walls"][0]["material"]["name"] = "Zorb"
        house["rooms"][1]["floorMaterial"]["name"] = "Quux"

    with pytest.raises(ActionError, match=r"^Invalid materials: 'Quux', 'Zorb'\. A material's name must tell its kind"):
        HouseBuilder(AssetDatabase.load(None), broken(change)).build()


def test_an_asset_of_negative_size_is_refused(tmp_path):
    row = {"assetId": "Mug_1", "boundingBox": {"x": 0.1, "y": -0.1, "z": 0.1}}
    (tmp_path / "db.json").write_text(json.dumps({"Mug": [row]}))
    with pytest.raises(ActionError, match=r"size of Mug_1 must be three finite lengths above 0, got \(0\.1, -0\.1, "):
        AssetDatabase.load(tmp_path / "db.json")


def records_of(house):
    """Every object of a house file with its parent's id."""

    def walk(record, parent):
        yield record, parent
        for child in record.get("children") or []:
            yield from walk(child, record["id"])

    for record in house.get("objects") or []:
        yield from walk(record, None)


def assert_equals_the_file(house, assets):
    """Count, ids, parents and boxes of a loaded house are the file's, boxes within 2 cm."""
    loaded = HouseBuilder(assets, house).build()
    world = World("Procedural", loaded.shell, loaded.objects.values())
    records = list(records_of(house))
    openings = [*(house.get("doors") or []), *(house.get("windows") or [])]
    named = {r["id"] for r, _ in records} | {r["id"] for r in [*house["rooms"], *openings]}
    assert set(loaded.objects) == named
    parents = containment(world).parents
    for record, parent in records:
        item = loaded.objects[record["id"]]
        if "openness" in record:  # the table of assets has the sizes of what is as it usually is
            item = item.changed(openness=item.type.rest_openness)
        size = np.array(assets.known[record["assetId"]].size)
        turn = rotation_matrix(tuple(record["rotation"][axis] for axis in "xyz"))
        corners = CORNER_SIGNS * size / 2 @ turn.T + [record["position"][axis] for axis in "xyz"]
        np.testing.assert_allclose(item.aabb, (corners.min(axis=0), corners.max(axis=0)), atol=0.02)
        assert item.size_source == "assetDatabase"
        if parent is not None and world.objects[parent].type.receptacle:
            assert parent in parents.get(record["id"], []), record["id"]


@pytest.mark.parametrize("seed", range(6))
def test_a_made_up_house_equals_its_file(seed, tmp_path):
    generator = np.random.default_rng(seed)
    sizes, rows = {}, {}
    for kind in SIZES:
        typical = np.array(OBJECT_TYPES[kind].size)
        made = [(f"{kind}_{n}", tuple(map(float, typical * generator.uniform(0.8, 1.15, 3)))) for n in range(3)]
        sizes[kind] = made
        rows[kind] = [{"assetId": a, "boundingBox": dict(zip("xyz", size, strict=True))} for a, size in made]
    (tmp_path / "db.json").write_text(json.dumps(rows))
    house = make_house(seed, sizes)
    assert_equals_the_file(house, AssetDatabase.load(tmp_path / "db.json"))


def test_openings_are_holes_and_open_doors_let_the_agent_through():
    house = make_house(1, SIZES)
    loaded = HouseBuilder(AssetDatabase.load(None), house).build()
    world = World("Procedural", loaded.shell, loaded.objects.values())
    walls = Boxes.join([piece.boxes for piece in loaded.shell.pieces if piece.name == "Wall"])
    for record in [*house["doors"], *house["windows"]]:
        center = np.array(loaded.objects[record["id"]].position)
        assert not ((walls.low < center) & (walls.high > center)).all(axis=1).any(), record["id"]
    x, _, z = loaded.agent.position
    reached = WalkSpace(world, Physics(world), 0).reachable((x, z), 0.25, 0.0, None)
    assert {room.room_id for room in loaded.shell.rooms if any(inside(p, room.polygon) for p in reached)} == {
        room["id"] for room in house["rooms"]
    }


TEMPLATE = {
    "layout": """
        0 0 0 0 0 0
        0 2 2 2 2 0
        0 2 2 2 2 0
        0 1 1 1 1 0
        0 1 1 1 1 0
        0 0 0 0 0 0""",
    "objectsLayouts": [
        """
        0 0 0 0 0 0
        0 2 2 2 2 0
        0 2 2 2 = 0
        0 1 1 1 = 0
        0 1 * 1 1 0
        0 0 0 0 0 0"""
    ],
    "rooms": {
        name: {
            "wallTemplate": {"material": {"color": {"r": 1.0, "g": 0.0, "b": 0.0, "a": 1.0}}},
            "floorTemplate": {"roomType": "Bedroom", "floorMaterial": {"name": "DarkWoodFloors"}},
            "wallHeight": 3.0,
        }
        for name in "12"
    },
    "holes": {"=": {"room0": "1", "openness": 1.0, "assetId": "Doorway_1"}},
    "objects": {"*": {"assetId": "Chair_007_1", "rotation": {"axis": {"x": 0, "y": 1, "z": 0}, "degrees": 90}}},
    "proceduralParameters": {"ceilingMaterial": {"name": "ps_mat"}},
    "metadata": {"schema": "1.0.0"},
}


def test_a_template_becomes_a_house():
    session = session_of()
    reply = handle(session, {"action": "GetHouseFromTemplate", "sequenceId": 1, "template": TEMPLATE})
    house = reply.body["agents"][0]["actionReturn"]
    assert {r["id"]: len(r["floorPolygon"]) for r in house["rooms"]} == {"1": 4, "2": 4}
    loaded = HouseBuilder(AssetDatabase.load(None), house).build()
    assert abs(area(loaded.shell.rooms[0].polygon)) == pytest.approx(8.0)
    chair = loaded.objects["*"]
    assert (chair.type.name, chair.rotation[1]) == ("Chair", 90.0)
    assert chair.position[::2] == pytest.approx((2.5, 1.5))
    (door,) = (o for o in loaded.objects.values() if o.type.name == "Doorway")
    assert door.position[::2] == pytest.approx((4.5, 3.0)) and door.state.openness == 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layout": "0 0\n0 1 1"}, r"layout must have rows of equal length"),
        ({"layout": "0 0\n0 0"}, r"layout holds no room; draw one"),
        ({"layout": "0 3\n0 0"}, r"layout draws room '3', which 'rooms' lacks; it has 1, 2"),
        ({"objectsLayouts": ["0 0"]}, r"objectsLayouts\[0\] must have as many rows and columns as 'layout'"),
        ({"layout": "1 0 1"}, r"layout draws room '1' in several pieces"),
    ],
)
def test_a_bad_template_says_why(change, message):
    with pytest.raises(ActionError, match=message):
        house_from_template({**TEMPLATE, **change}, AssetDatabase.load(None))


@needs_fixtures
@pytest.mark.parametrize("path", [HOUSE, *STAGES], ids=lambda path: path.stem)
def test_published_houses_equal_their_files(path):
    assert_equals_the_file(json.loads(path.read_text()), AssetDatabase.load(DATABASE))


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
@pytest.mark.parametrize("path", [HOUSE, *STAGES], ids=lambda path: path.stem)
def test_with_typical_sizes_nothing_floats_or_enters_another(path):
    house = HouseBuilder(AssetDatabase.load(None), json.loads(path.read_text())).build()
    world = World("Procedural", house.shell, house.objects.values())
    physics = Physics(world)
    for item in world.objects.values():
        hangs = item.type.name == "Television"  # this one hangs on its wall, as deep as the table of types has it
        assert hangs or not physics.collisions(item.boxes, {item.object_id}), item.object_id
        assert at_rest(world, physics, item), item.object_id


@needs_fixtures
def test_the_agent_walks_through_the_open_door():
    house = build(DATABASE)
    world = World("Procedural", house.shell, house.objects.values())
    x, _, z = house.agent.position
    points = WalkSpace(world, Physics(world), 0).reachable((x, z), 0.25, 0.0, None)
    assert any(pz > 4.2 for _, pz in points), "the bathroom is not reached"
    assert any(pz < 3.4 and px < 3.5 for px, pz in points), "the bedroom is not reached"
    assert all(house.shell.contains(px, pz) for px, pz in points)

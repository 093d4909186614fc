from dataclasses import replace

import numpy as np
import pytest
from scene_factory import camera, scene, thing

from rls3.assets.types import OBJECT_TYPES
from rls3.scene.colors import colors_of
from rls3.scene.model import MaskStats
from rls3.scene.naming import Name, names_of, noun, plural, uniquely_named

LEFT, RIGHT = (-0.4, 0.8, 0.0), (0.4, 0.8, 0.0)


def phrases(shown, colors=None):
    return {key: name.definite if name else None for key, name in names_of(shown, colors).items()}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("CoffeeTable", "coffee table"),
        ("TVStand", "tv stand"),
        ("CD", "cd"),
        ("Mug", "mug"),
        ("AppleSliced", "apple slice"),
        ("EggCracked", "cracked egg"),
    ],
)
def test_nouns(kind, name):
    assert noun(kind) == name


def test_plurals():
    several = {name: plural(name) for name in map(noun, OBJECT_TYPES)}
    assert {several[n] for n in ("shelf", "butter knife", "watch", "tomato", "box", "television")} == {
        "shelves",
        "butter knives",
        "watches",
        "tomatoes",
        "boxes",
        "televisions",
    }
    assert {name for name, many in several.items() if many is None} == {
        "aluminum foil",
        "blinds",
        "boots",
        "bread",
        "curtains",
        "lettuce",
        "shower glass",
        "toilet paper",
    }


def test_a_second_object_of_the_type_matters_only_where_it_shows():
    first, second = thing("Mug", (0.0, 0.8, 0.0)), thing("Mug", (0.3, 0.8, 0.0), number=1)
    behind = thing("Mug", (0.0, 0.8, -6.0), number=1)
    assert not uniquely_named(scene(first, second), first)
    assert uniquely_named(scene(first, behind), first)
    mask = MaskStats(50, (0, 0, 9, 9), False)
    assert uniquely_named(scene(first, second, masks={first.id: mask}), first)
    assert not uniquely_named(scene(first, second, masks={first.id: mask, second.id: mask}), first)


def test_a_wine_bottle_is_a_bottle_but_no_bottle_a_wine_bottle():
    bottle, wine = thing("Bottle", LEFT), thing("WineBottle", RIGHT)
    assert phrases(scene(bottle, wine)) == {bottle.id: None, wine.id: "the wine bottle"}
    assert not uniquely_named(scene(bottle, wine), bottle) and uniquely_named(scene(bottle, wine), wine)


def test_parts_of_the_building_and_what_is_in_hand_have_no_name():
    floor, mug = thing("Floor", (0.0, 0.0, 0.0), (4.0, 0.02, 4.0)), thing("Mug", LEFT, held=True)
    assert not uniquely_named(scene(floor, view=camera()), floor)
    assert names_of(scene(floor, mug)) == {}


def test_material_tells_apart_only_where_no_rival_may_have_it():
    wooden = replace(thing("Chair", LEFT), materials=("Wood",))
    metal = replace(thing("Chair", RIGHT, number=1), materials=("Metal",))
    assert phrases(scene(wooden, metal)) == {wooden.id: "the wooden chair", metal.id: "the metal chair"}
    mixed, unknown = replace(metal, materials=("Metal", "Wood")), replace(metal, materials=())
    assert set(phrases(scene(wooden, mixed)).values()) == {None}
    assert set(phrases(scene(wooden, unknown)).values()) == {None}


def test_size_tells_apart_by_a_clear_ratio():
    small, large = thing("Mug", LEFT, (0.1, 0.1, 0.1)), thing("Mug", RIGHT, (0.15, 0.15, 0.15), number=1)
    assert phrases(scene(small, large)) == {small.id: "the smaller mug", large.id: "the larger mug"}
    middle = thing("Mug", (0.0, 0.8, 0.0), (0.12, 0.12, 0.12), number=2)
    assert set(phrases(scene(small, middle)).values()) == {None}
    huge = thing("Mug", (0.0, 0.8, 0.0), (0.3, 0.3, 0.3), number=3)
    assert phrases(scene(small, large, huge)) == {
        small.id: "the smallest mug",
        large.id: None,
        huge.id: "the largest mug",
    }


def test_color_tells_apart_where_the_rival_s_is_known_to_differ():
    red, blue = thing("Mug", LEFT), thing("Mug", RIGHT, number=1)
    assert phrases(scene(red, blue), {red.id: "red", blue.id: "blue"})[red.id] == "the red mug"
    assert phrases(scene(red, blue), {red.id: "red"})[red.id] is None


def test_a_support_tells_apart_where_it_is_named_itself_and_really_bears():
    desk = thing("Desk", (-0.4, 0.4, 0.0), (0.6, 0.8, 0.6), receptacle=True)
    shelf = thing("Shelf", (0.6, 0.4, 0.0), (0.6, 0.8, 0.6), receptacle=True)
    on_desk = thing("Mug", (-0.4, 0.9, 0.0), parents=(desk.id,))
    on_shelf = thing("Mug", (0.6, 0.9, 0.0), number=1, parents=(shelf.id,))
    named = names_of(scene(desk, shelf, on_desk, on_shelf))
    assert named[on_desk.id] == Name("mug", "support", place="on the desk", support=desk.id)
    assert named[on_desk.id].definite == "the mug on the desk"
    floating = thing("Mug", (-0.4, 1.4, 0.0), parents=(desk.id,))
    assert names_of(scene(desk, shelf, floating, on_shelf))[floating.id] is None
    second_desk = thing("Desk", (0.6, 0.4, 0.0), (0.6, 0.8, 0.6), number=1)
    assert names_of(scene(desk, second_desk, on_desk, on_shelf))[on_desk.id] is None


@pytest.mark.parametrize(
    ("name", "described"),
    [
        (Name("mug", color="red"), "the red mug"),
        (Name("mug", "color", "red", color="red"), "the red mug"),
        (Name("mug", "size", "smaller", color="red"), "the smaller red mug"),
        (Name("chair", "material", "wooden", color="red"), "the red wooden chair"),
        (Name("mug", "support", place="on the desk", support="Desk|0"), "the mug on the desk"),
    ],
)
def test_descriptions_add_the_color_where_it_belongs(name, described):
    assert name.described == described


@pytest.mark.parametrize(
    ("rgb", "color"),
    [
        ((200, 30, 30), "red"),
        ((240, 150, 30), "orange"),
        ((120, 75, 40), "brown"),
        ((230, 220, 50), "yellow"),
        ((40, 140, 60), "green"),
        ((40, 80, 200), "blue"),
        ((120, 40, 170), "purple"),
        ((240, 120, 180), "pink"),
        ((20, 20, 22), "black"),
        ((128, 130, 126), "gray"),
        ((240, 240, 236), "white"),
    ],
)
def test_the_color_of_a_thing_is_what_most_of_its_pixels_show(rgb, color):
    mug, speck = thing("Mug", LEFT), thing("Mug", RIGHT, number=1)
    image, ids = np.zeros((40, 40, 3), np.uint8), np.full((40, 40), -1, np.int16)
    ids[:20], ids[20, :20] = 0, 1
    image[:16] = rgb
    other = (255, 0, 0) if color == "blue" else (0, 120, 255)
    image[16:] = other
    assert colors_of(image, ids, scene(mug, speck)) == {mug.id: color}
    assert colors_of(image, ids, scene(replace(mug, type="Window"), speck)) == {}
    image[:12:2] = other
    assert mug.id not in colors_of(image, ids, scene(mug, speck))

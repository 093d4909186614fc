"""Every object type builds to its exact size, closed and finite, with surfaces and collision boxes inside."""

from collections import Counter

import numpy as np
import pytest

from rls3.assets import primitives
from rls3.assets.builders.registry import BUILDERS
from rls3.assets.catalogue import build
from rls3.assets.errors import BadOpennessError, BadSizeError, UnknownObjectTypeError
from rls3.assets.material_names import material_for
from rls3.assets.model import AssetModel, Condition, Material
from rls3.assets.polygons import signed_area, triangulate
from rls3.assets.shell import floor, wall
from rls3.assets.types import OBJECT_TYPES
from rls3.assets.variants import HELD_OUT, asset_id, held_out

WALL = material_for("YellowDrywall")
L_SHAPE = [(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (2.0, 2.0), (2.0, 5.0), (0.0, 5.0)]


def is_closed(faces: np.ndarray) -> bool:
    edges = Counter((int(t[i]), int(t[(i + 1) % 3])) for t in faces for i in range(3))
    return all(count == 1 and edges[b, a] == 1 for (a, b), count in edges.items())


def volume(vertices: np.ndarray, faces: np.ndarray) -> float:
    a, b, c = (vertices[faces[:, i]].astype(np.float64) for i in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def fingerprint(model: AssetModel) -> bytes:
    return b"".join(part.vertices.tobytes() + repr(part.material).encode() for part in model.parts)


def test_table_and_builders_agree() -> None:
    assert set(BUILDERS) == set(OBJECT_TYPES)
    assert len(OBJECT_TYPES) >= 110
    assert OBJECT_TYPES["Fridge"].cold_source and OBJECT_TYPES["Fridge"].openable
    assert OBJECT_TYPES["Mug"].fillable and OBJECT_TYPES["Mug"].pickupable and not OBJECT_TYPES["Mug"].moveable
    assert OBJECT_TYPES["Doorframe"].wall_mounted and not OBJECT_TYPES["Doorframe"].receptacle


@pytest.mark.parametrize("name", sorted(OBJECT_TYPES))
def test_type_builds(name: str) -> None:
    looks = set()
    wanted = tuple(1.3 * length for length in OBJECT_TYPES[name].size)
    for variant in range(3):
        model = build(name, size=wanted, variant=variant)
        points = np.concatenate([part.vertices for part in model.parts])
        np.testing.assert_allclose(points.max(axis=0), np.array(wanted) / 2, atol=1e-5)
        np.testing.assert_allclose(points.min(axis=0), -np.array(wanted) / 2, atol=1e-5)
        assert all(np.isfinite(part.vertices).all() and is_closed(part.faces) for part in model.parts)
        assert sum(len(part.faces) for part in model.parts) < 4000
        half = np.array(wanted) / 2 + 1e-6
        assert 1 <= len(model.collision) <= 12
        for box in model.collision:
            assert (np.abs(box.center) + box.half_size <= half).all()
        assert bool(model.surfaces) or not OBJECT_TYPES[name].receptacle
        for surface in model.surfaces:
            assert abs(surface.height) <= half[1]
            assert (np.abs(surface.center) + surface.half_size <= half[[0, 2]]).all()
            assert min(surface.half_size) > 0 and surface.clearance > 0
        looks.add(fingerprint(model))
    assert len(looks) == 3, "variants look the same"


@pytest.mark.parametrize("name", sorted(name for name, kind in OBJECT_TYPES.items() if kind.openable))
def test_what_opens_looks_different_about_the_same_origin(name: str) -> None:
    shut, ajar, wide = (build(name, openness=openness) for openness in (0.0, 0.5, 1.0))
    assert len({fingerprint(model) for model in (shut, ajar, wide)}) == 3
    assert len({model.size for model in (shut, ajar, wide)}) == 1
    for model in (shut, ajar, wide):
        points = np.concatenate([part.vertices for part in model.parts])
        np.testing.assert_allclose((points.min(axis=0), points.max(axis=0)), model.bounds, atol=1e-5)
        assert all(is_closed(part.faces) for part in model.parts)
        low, high = np.array(model.bounds)
        for box in model.collision:
            assert (np.abs(np.array(box.center) - (low + high) / 2) + box.half_size <= (high - low) / 2 + 1e-6).all()
    rest = wide if OBJECT_TYPES[name].rest_openness else shut
    np.testing.assert_allclose(rest.bounds[1], np.array(rest.size) / 2)
    assert build(name) is rest


def test_the_inside_of_a_fridge_is_free_and_its_doors_swing_out() -> None:
    shut, wide = build("Fridge", openness=0.0), build("Fridge", openness=1.0)
    shelves = [surface for surface in shut.surfaces if surface.inside]
    assert len(shelves) >= 3
    for shelf in shelves:
        point = np.array((shelf.center[0], shelf.height + 0.05, shelf.center[1]))
        assert not any((np.abs(point - box.center) < box.half_size).all() for box in shut.collision)
    assert wide.bounds[1][2] > shut.bounds[1][2] + 0.3
    assert wide.bounds[0][1] == pytest.approx(shut.bounds[0][1])


CONDITIONS = {
    "fillable": Condition(filled="wine"),
    "dirtyable": Condition(dirty=True),
    "breakable": Condition(broken=True),
    "cookable": Condition(cooked=True),
    "toggleable": Condition(on=True),
    "usable_up": Condition(used_up=True),
}


@pytest.mark.parametrize("flag", CONDITIONS)
def test_a_condition_shows_on_the_types_that_have_it_and_on_no_others(flag: str) -> None:
    for name, kind in OBJECT_TYPES.items():
        clean, changed = build(name), build(name, condition=CONDITIONS[flag])
        if getattr(kind, flag):
            assert fingerprint(clean) != fingerprint(changed), name
        elif not (flag == "toggleable" and kind.heat_source):
            assert changed is clean, name


def test_what_is_switched_on_shines() -> None:
    for name in ("DeskLamp", "FloorLamp", "Television", "Laptop", "Microwave", "StoveBurner", "Candle", "Toaster"):
        for variant in range(3):
            off, on = (build(name, variant=variant, condition=Condition(on=state)) for state in (False, True))
            assert max(part.material.emission for part in off.parts) < 0.2, name
            assert max(part.material.emission for part in on.parts) > 0.4, name


def test_furniture_carries_things_where_it_is_asked_to() -> None:
    dresser = build("Dresser", size=(1.0, 0.9, 0.5), levels=(0.3, 0.9))
    heights = [surface.height + 0.45 for surface in dresser.surfaces]
    assert heights == pytest.approx([0.3, 0.9])
    on_shelf = np.array((0.2, 0.4 - 0.45, 0.0))
    assert not any((np.abs(on_shelf - box.center) < box.half_size).all() for box in dresser.collision)
    bed = build("Bed", size=(1.6, 1.0, 2.0), levels=(0.7,))
    assert max(surface.height for surface in bed.surfaces) + 0.5 == pytest.approx(0.7, abs=0.02)


def test_build_is_deterministic_and_typical_by_default() -> None:
    assert build("Chair", variant=5) is build("Chair", variant=5)
    assert build("Chair").size == OBJECT_TYPES["Chair"].size


def test_free_space_of_a_table_stays_free() -> None:
    model = build("DiningTable", variant=1)
    under = np.array((0.3, -0.2, 0.0))
    assert not any((np.abs(under - box.center) < box.half_size).all() for box in model.collision)
    assert max(surface.height for surface in model.surfaces) == pytest.approx(model.size[1] / 2, abs=1e-5)


def test_errors_name_what_is_allowed() -> None:
    with pytest.raises(UnknownObjectTypeError, match=r"unknown object type 'Fridg'; nearest: Fridge.*types\.py"):
        build("Fridg")
    with pytest.raises(BadOpennessError, match=r"openness of Fridge must be within 0 .* 1 \(wide open\), got 2"):
        build("Fridge", openness=2)
    with pytest.raises(BadSizeError, match=r"three finite lengths above 0.*leave size out"):
        build("Mug", size=(0.1, 0.0, 0.1))


def test_material_names_map_to_plausible_materials() -> None:
    wood = material_for("WoodFloorsCrossRED")
    assert wood.pattern == "planks" and wood.color[0] > wood.color[2]
    assert min(material_for("PureWhite").color) > 0.7
    drywall = material_for("YellowDrywall")
    assert drywall.pattern == "plain" and drywall.color[0] > drywall.color[2]
    unknown = [material_for(name) for name in ("Xq1", "Xq2")]
    assert all(isinstance(each, Material) for each in unknown) and unknown[0].color != unknown[1].color
    assert material_for("Xq1") == material_for("Xq1")


def test_polygons_are_covered_in_either_sense() -> None:
    for outline in (L_SHAPE, L_SHAPE[::-1]):
        triangles = triangulate(outline)
        areas = [abs(signed_area([outline[i] for i in triangle])) for triangle in triangles]
        assert sum(areas) == pytest.approx(14.0) and min(areas) > 0
        part = floor(outline, 0.0, WALL)
        assert is_closed(part.faces) and part.vertices[:, 1].max() == pytest.approx(0.0)
    with pytest.raises(ValueError, match="three or more points that enclose an area"):
        triangulate([(0.0, 0.0), (1.0, 0.0)])


def test_wall_leaves_its_holes_open() -> None:
    parts = wall((0.0, 1.0), (0.0, 5.0), 2.5, 0.1, [(1.0, 0.0, 2.0, 2.0), (2.5, 1.0, 3.5, 2.0)], WALL)
    assert sum(volume(part.vertices, part.faces) for part in parts) == pytest.approx(
        0.1 * (4 * 2.5 - 2.0 - 1.0), rel=1e-4
    )
    points = np.concatenate([part.vertices for part in parts])
    np.testing.assert_allclose(points.min(axis=0), (-0.05, 0.0, 1.0), atol=1e-5)
    np.testing.assert_allclose(points.max(axis=0), (0.05, 2.5, 5.0), atol=1e-5)
    door = (0.0, 1.0, 2.5)
    assert not any(
        (part.vertices.min(axis=0) < door).all() and (door < part.vertices.max(axis=0)).all() for part in parts
    )
    with pytest.raises(ValueError, match="u0 < u1 and v0 < v1"):
        wall((0.0, 0.0), (1.0, 0.0), 2.5, 0.1, [(1.0, 0.0, 0.5, 2.0)], WALL)


def test_primitives_have_their_volume() -> None:
    for mesh, expected in (
        (primitives.box(1, 2, 3), 6.0),
        (primitives.rounded_box(1, 2, 3, 1e-4), 6.0),
        (primitives.ellipsoid(1, 1, 1, sides=64, rows=32), np.pi / 6),
        (primitives.tube(1.0, 0.5, 2.0, sides=96), 1.5 * np.pi),
        (primitives.sweep([(0, 0, 0), (0, 0, 3)], 0.5, sides=96), 0.75 * np.pi),
        (primitives.prism(L_SHAPE, 0.5), 7.0),
    ):
        assert is_closed(mesh.faces)
        assert volume(mesh.vertices, mesh.faces) == pytest.approx(expected, rel=0.01)


def test_no_material_of_held_out_variants_is_worn_by_others():
    def worn(variants):
        return {part.material for name in BUILDERS for v in variants for part in build(name, variant=v).parts}

    assert not worn(range(3)) & worn(range(HELD_OUT, HELD_OUT + 6))
    assert held_out(asset_id("Mug", HELD_OUT)) and not held_out(asset_id("Mug", HELD_OUT - 1))
    assert held_out("mesh:mug.glb") is None and held_out("") is None

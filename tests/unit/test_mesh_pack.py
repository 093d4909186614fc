import json
import sys

import numpy as np
import pytest

from rls3.config import SimConfig
from rls3.engine.mesh_pack import MeshPack, MeshPackError
from rls3.engine.physics.collision import Physics
from rls3.engine.physics.stability import at_rest
from rls3.engine.scenes import load_scene
from rls3.errors import ConfigError
from rls3.thor.controller import engine_command

trimesh = pytest.importorskip("trimesh", reason="needs rls3[meshes]")


@pytest.fixture
def pack(tmp_path):
    """A table of a top and a foot (OBJ), and a red cup that lies on its side unless z is up (GLB, centimetres)."""
    top = trimesh.creation.box((2.0, 0.1, 1.0)).apply_translation((0, 0.95, 0))
    foot = trimesh.creation.box((0.2, 0.9, 0.2)).apply_translation((0, 0.45, 0))
    trimesh.util.concatenate([top, foot]).export(tmp_path / "table.obj")
    cup = trimesh.creation.cylinder(radius=4, height=10, sections=12)
    cup.visual.face_colors = (200, 20, 20, 255)
    cup.export(tmp_path / "cup.glb")
    mapping = {"DiningTable": ["table.obj"], "Mug": [{"file": "cup.glb", "up": "z", "scale": 0.01}]}
    (tmp_path / "meshes.json").write_text(json.dumps(mapping))
    return tmp_path


def test_a_mesh_is_stretched_to_its_types_size_with_boxes_round_its_pieces(pack):
    model = MeshPack.load(pack).model("DiningTable", (1.6, 0.8, 0.9), 0)
    points = np.concatenate([part.vertices for part in model.parts])
    np.testing.assert_allclose(np.ptp(points, axis=0), (1.6, 0.8, 0.9), atol=1e-5)
    assert len(model.collision) == 2
    under = np.array((0.5, -0.2, 0.2))
    assert not any((np.abs(under - box.center) < box.half_size).all() for box in model.collision)
    assert [surface.height for surface in model.surfaces] == pytest.approx([0.4])


def test_a_mesh_with_a_scale_keeps_its_own_size_and_colour(pack):
    model = MeshPack.load(pack).model("Mug", (0.5, 0.5, 0.5), 0)
    assert model.size == pytest.approx((0.08, 0.1, 0.08), abs=1e-3)
    red, green, blue = model.parts[0].material.color
    assert red > 0.5 > 0.05 > max(green, blue)


def test_meshes_look_as_in_their_file(tmp_path):
    """What points to the right of who looks at the front still does so in the left-handed engine, seen from outside."""
    arrow = trimesh.creation.cone(radius=0.2, height=1.0, sections=8)
    arrow.apply_transform(trimesh.transformations.rotation_matrix(np.pi / 2, (0, 1, 0)))  # tip towards +x
    arrow.export(tmp_path / "arrow.obj")
    (tmp_path / "meshes.json").write_text('{"Statue": ["arrow.obj"]}')
    (part,) = MeshPack.load(tmp_path).model("Statue", (1.0, 0.4, 0.4), 0).parts
    a, b, c = (part.vertices[part.faces[:, i]].astype(float) for i in range(3))
    assert np.einsum("ij,ij->i", a, np.cross(b, c)).sum() > 0
    wide = part.vertices[part.vertices[:, 0] > 0.49]
    assert np.ptp(wide[:, 1]) > 0.3, "the base, at -x in the file, must lie at +x"


def test_a_dressed_room_neither_clips_nor_floats(pack):
    plain, dressed = load_scene("FloorPlan1_physics"), load_scene("FloorPlan1_physics", MeshPack.load(pack))
    worn = [o.object_id for o in dressed.objects.values() if o.model.object_type.startswith("mesh:")]
    assert any(key.startswith("DiningTable") for key in worn)
    assert list(dressed.objects) == list(plain.objects)
    physics = Physics(dressed)
    for item in dressed.objects.values():
        assert at_rest(dressed, physics, item), item.object_id
        assert physics.collisions(item.boxes, {item.object_id}) == []


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("[", r"meshes\.json is not JSON"),
        ('["Mug"]', r"must map object types to lists of files"),
        ('{"Mugg": ["cup.glb"]}', r"unknown object type 'Mugg'; nearest: Mug"),
        ('{"Mug": ["none.obj"]}', r"Mug names .*none\.obj, which does not exist"),
        ('{"Mug": [{"path": "cup.glb"}]}', r"it must be a file name, or an object with file, scale, up"),
        ('{"Mug": [{"file": "cup.glb", "up": "x"}]}', r"'up' of cup\.glb must be 'y' or 'z', got 'x'"),
        ('{"Mug": [{"file": "cup.glb", "scale": -1}]}', r"'scale' of cup\.glb must be above 0, got -1"),
        ('{"Mug": ["meshes.json"]}', r"mesh .*meshes\.json cannot be read"),
        ('{"Mug": ["empty.obj"]}', r"mesh .*empty\.obj (cannot be read|has 0 triangles)"),
    ],
)
def test_a_bad_pack_says_what_is_wrong(pack, mapping, message):
    (pack / "meshes.json").write_text(mapping)
    (pack / "empty.obj").write_text("# nothing\n")
    with pytest.raises(MeshPackError, match=message):
        MeshPack.load(pack)


def test_a_folder_without_mapping_and_a_missing_library_say_so(pack, tmp_path, monkeypatch):
    with pytest.raises(MeshPackError, match=r"elsewhere/meshes\.json cannot be read: No such file"):
        MeshPack.load(tmp_path / "elsewhere")
    monkeypatch.setitem(sys.modules, "trimesh", None)
    with pytest.raises(MeshPackError, match=r"pip install 'rls3\[meshes\]'"):
        MeshPack.load(pack)


def test_the_configuration_names_the_pack_for_the_engine(pack):
    command = engine_command(SimConfig(mesh_pack=pack))
    assert command is not None and command.endswith(f"--mesh-pack {pack}")
    with pytest.raises(ConfigError, match=r"sim\.mesh_pack '.*cup\.glb' is no folder; it must hold meshes"):
        engine_command(SimConfig(mesh_pack=pack / "cup.glb"))

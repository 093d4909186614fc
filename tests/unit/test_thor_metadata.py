"""Reading recorded AI2-THOR metadata; needs real frames (RLS3_FIXTURES)."""

import gzip
import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scene_factory import thing

from rls3.config import ValidityConfig
from rls3.errors import UnsupportedMetadataError, UnusableObjectError
from rls3.scene.geometry import project
from rls3.scene.model import EngineInfo, MaskStats
from rls3.scene.naming import uniquely_named
from rls3.scene.table import Table
from rls3.thor.metadata import object_from_metadata, read_metadata, scene_from_metadata, sim_scene_id
from rls3.thor.picture import mask_stats, object_indices

FIXTURES = Path(os.environ.get("RLS3_FIXTURES", Path(__file__).parents[3] / "shared" / "data"))
needs_frames = pytest.mark.skipif(
    not (FIXTURES / "thor-events").is_dir(), reason=f"no recorded AI2-THOR frames in {FIXTURES} (set RLS3_FIXTURES)"
)


def recorded(name):
    return json.loads(gzip.decompress((FIXTURES / "thor-events" / f"{name}.metadata.json.gz").read_bytes()))


@needs_frames
@pytest.mark.parametrize("frame", ["pickup_mug/00", "open_fridge/02", "look_in_light_book/00"])
def test_every_recorded_object_is_read(frame):
    metadata = recorded(frame)
    scene = scene_from_metadata(metadata)
    assert len(scene.objects) == len(metadata["objects"])
    assert scene.engine == EngineInfo("unity", "unknown")
    assert not scene.id.endswith("_physics")
    assert (scene.camera.width, scene.camera.height, scene.camera.field_of_view) == (300, 300, 90.0)
    for item in scene.objects:
        assert item.corners.shape == (8, 3)
        assert np.allclose(item.corners.mean(axis=0), item.center, atol=0.15)


@needs_frames
def test_the_held_mug_is_known_to_be_held():
    held = [o for o in scene_from_metadata(recorded("pickup_mug/03")).objects if o.held]
    assert [o.type for o in held] == ["Mug"]
    assert held[0].parents == ()


@needs_frames
def test_projection_finds_the_held_mug_in_the_real_picture():
    scene = scene_from_metadata(recorded("pickup_mug/03"))
    mug = next(o for o in scene.objects if o.held)
    (pixel,), (depth,) = project(np.array([mug.center]), scene.camera)
    assert 0.2 < depth < 0.6
    before, after = (
        np.asarray(Image.open(FIXTURES / "thor-events" / "pickup_mug" / f"{n}.png"), int) for n in ("03", "04")
    )
    changed = np.argwhere(np.abs(before[..., :3] - after[..., :3]).sum(axis=2) > 60)
    rows, columns = changed[:, 0], changed[:, 1]
    assert columns.min() <= pixel[0] <= columns.max()
    assert rows.min() <= pixel[1] <= rows.max()


@needs_frames
def test_resting_objects_of_real_rooms_are_not_taken_for_floating():
    scene = scene_from_metadata(recorded("pickup_mug/00"))
    borne = Table(scene, ValidityConfig()).support.borne
    assert np.mean([borne[i] for i, o in enumerate(scene.objects) if o.movable]) > 0.9
    assert not any(uniquely_named(scene, o) for o in scene.objects if o.type == "Floor")


@needs_frames
def test_whole_recorded_scenes_are_read():
    folder = FIXTURES / "thor-scene-objects"
    for name in ("FloorPlan1_physics", "FloorPlan201_physics"):
        objects = json.loads(gzip.decompress((folder / f"{name}.json.gz").read_bytes()))
        assert {object_from_metadata(record).id for record in objects.values()} == set(objects)


def record(**changes):
    box = {"center": {"x": 0, "y": 1, "z": 2}, "size": {"x": 1, "y": 1, "z": 1}, "cornerPoints": [[0, 1, 2]] * 8}
    whole = {
        "objectId": "Mug|1",
        "name": "Mug_1",
        "objectType": "Mug",
        "position": {"x": 0, "y": 1, "z": 2},
        "rotation": {"x": 0, "y": 90, "z": 0},
        "axisAlignedBoundingBox": box,
        "objectOrientedBoundingBox": None,
        "parentReceptacles": None,
        "pickupable": True,
        "moveable": False,
        "receptacle": True,
        "isPickedUp": False,
    }
    return {**whole, **changes}


def metadata_of(*objects, **changes):
    whole = {
        "objects": list(objects),
        "agent": {"rotation": {"x": 0, "y": 45.0, "z": 0}, "cameraHorizon": 30.0},
        "fov": 60.0,
        "cameraPosition": {"x": 0, "y": 1.5, "z": 0},
        "screenWidth": 224,
        "screenHeight": 128,
        "sceneName": "FloorPlan7_physics",
    }
    return {**whole, **changes}


def test_the_engines_own_name_and_the_pictures_size_are_taken():
    stated = metadata_of(record(), engine={"name": "rls3-engine", "version": "0.1.0"})
    scene = scene_from_metadata(stated, camera_size=(64, 32))
    assert (scene.id, scene.engine) == ("FloorPlan7", EngineInfo("rls3-engine", "0.1.0"))
    assert (scene.camera.width, scene.camera.height, scene.camera.yaw, scene.camera.horizon) == (64, 32, 45.0, 30.0)
    assert scene_from_metadata(metadata_of(), build="abc").engine == EngineInfo("unity", "abc")
    assert sim_scene_id("Procedural") == "Procedural"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"axisAlignedBoundingBox": None}, r"object 'Mug\|1' has no bounding box: nothing can be said of where it is"),
        (
            {"position": {"x": float("nan"), "y": 1, "z": 2}},
            r"position of object 'Mug\|1' holds nan, which is not a num",
        ),
        ({"rotation": None}, r"rotation of object 'Mug\|1' holds None, which is not a number"),
        ({"objectOrientedBoundingBox": {"cornerPoints": [[0, 1]]}}, r"box of object 'Mug\|1' has no eight corners"),
        ({"position": ...}, r"object 'Mug\|1' lacks position"),
    ],
)
def test_an_object_that_cannot_be_used_is_left_out_by_name_and_the_others_stay(changes, why):
    bad = {key: value for key, value in record(**changes).items() if value is not ...}
    scene = scene_from_metadata(metadata_of(bad, record(objectId="Mug|2")))
    assert [thing.id for thing in scene.objects] == ["Mug|2"]
    assert list(scene.left_out) == ["Mug|1"]
    with pytest.raises(UnusableObjectError, match=why):
        object_from_metadata(bad)


def test_only_an_upright_object_of_a_type_with_a_front_faces_somewhere():
    chair, mug, fallen = (
        object_from_metadata(
            record(objectType=kind, rotation={"x": tilt, "y": 450.0, "z": 0}, salientMaterials=["Wood"])
        )
        for kind, tilt in (("Chair", 359.0), ("Mug", 0.0), ("Chair", 80.0))
    )
    assert (chair.front_yaw, mug.front_yaw, fallen.front_yaw) == (90.0, None, None)
    assert chair.materials == ("Wood",)


def test_masks_may_be_pictures_or_their_statistics():
    mask = np.zeros((128, 224), bool)
    mask[3:5, 0:7] = True
    shown = scene_from_metadata(metadata_of(record()), masks={"Mug|1": mask, "Hidden|1": np.zeros_like(mask)})
    assert shown.masks == {"Mug|1": MaskStats(14, (0, 3, 6, 4), cut=True)}
    assert scene_from_metadata(metadata_of(record()), masks=shown.masks).masks == shown.masks


def test_other_generations_are_refused_by_name():
    old = record()
    del old["axisAlignedBoundingBox"], old["isPickedUp"]
    with pytest.raises(
        UnsupportedMetadataError,
        match=r"every object lacks axisAlignedBoundingBox, isPickedUp: rls3 reads AI2-THOR 5.x metadata",
    ):
        scene_from_metadata(metadata_of(old, old))
    with pytest.raises(UnsupportedMetadataError, match=r"the metadata lacks fov, cameraPosition: .* sim.commit_id"):
        scene_from_metadata({k: v for k, v in metadata_of().items() if k not in ("fov", "cameraPosition")})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"objects": {"Mug|1": record()}}, r"metadata\['objects'\] is not a list of objects"),
        ({"agent": None}, r"metadata\['agent'\] is a NoneType, not a map of keys"),
        ({"cameraPosition": {"x": float("nan"), "y": 1, "z": 0}}, "has no camera: cameraPosition holds nan"),
        ({"fov": 180.0}, "has no camera: fov 180 must be between 0 and 180 degrees"),
    ],
)
def test_metadata_without_a_usable_camera_or_list_is_refused(changes, message):
    with pytest.raises(UnsupportedMetadataError, match=message):
        scene_from_metadata(metadata_of(record(), **changes))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.json", None, "cannot be read as JSON metadata: .*No such file"),
        ("cut.json.gz", gzip.compress(b"{}")[:-4], "cannot be read as JSON metadata: Compressed file ended"),
        ("plain.json.gz", b"{}", "cannot be read as JSON metadata: Not a gzipped file"),
        ("text.json", b"hello", "cannot be read as JSON metadata: Expecting value"),
        ("list.json", b"[1]", "holds a list, not the metadata of an event"),
    ],
)
def test_a_file_that_is_no_metadata_is_named(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UnsupportedMetadataError, match=f"'.*{name}' {message}"):
        read_metadata(tmp_path / name)


@pytest.mark.skipif(not (FIXTURES / "alfred-traj").is_dir(), reason=f"no ALFRED trajectories in {FIXTURES}")
def test_real_files_of_other_formats_are_refused_by_their_missing_keys():
    trajectory = next((FIXTURES / "alfred-traj").rglob("traj_data.json"))
    for path in (trajectory, FIXTURES / "thor-scene-objects" / "FloorPlan1_physics.json.gz"):
        with pytest.raises(UnsupportedMetadataError, match="lacks objects, agent, fov, cameraPosition, screenWidth"):
            scene_from_metadata(read_metadata(path))


def test_masks_follow_the_instance_colours():
    mug, bowl, hidden = (thing(kind, (0.0, 0.0, 0.0)) for kind in ("Mug", "Bowl", "Pot"))
    colors = np.zeros((4, 6, 3), np.uint8)
    colors[1:3, 2:4] = (1, 2, 3)
    colors[0, 5] = (3, 2, 1)
    colors[3, 0] = (9, 9, 9)
    table = {mug.id: (1, 2, 3), bowl.id: (3, 2, 1), hidden.id: (200, 0, 0), "Wall|1": (9, 9, 9)}
    ids = object_indices(colors, table, (hidden, mug, bowl))
    assert ids.dtype == np.int16
    assert (ids == 1).sum() == 4 and ids[0, 5] == 2 and ids[3, 0] == -1 and ids[0, 0] == -1
    stats = mask_stats(ids, (hidden, mug, bowl))
    assert set(stats) == {mug.id, bowl.id}
    assert (stats[mug.id].pixels, stats[mug.id].box, stats[mug.id].cut) == (4, (2, 1, 3, 2), False)
    assert stats[bowl.id].cut
    assert (object_indices(colors, {}, (mug,)) == -1).all()

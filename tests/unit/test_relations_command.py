"""`rls3 relations`: what it prints, draws and refuses."""

import gzip
import itertools
import json

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from rls3.cli import app
from rls3.errors import ConfigError, UnsupportedMetadataError

LOW, HIGH = -0.5, 0.5


def record(kind, center, size, **changes):
    corners = [[c + s * sign for c, s, sign in zip(center, size, signs, strict=True)] for signs in SIGNS]
    named = [dict(zip("xyz", values, strict=True)) for values in (center, size)]
    return {
        "objectId": f"{kind}|1",
        "name": f"{kind}_1",
        "objectType": kind,
        "position": named[0],
        "rotation": {"x": 0, "y": 0, "z": 0},
        "axisAlignedBoundingBox": {"center": named[0], "size": named[1], "cornerPoints": corners},
        "objectOrientedBoundingBox": None,
        "parentReceptacles": None,
        "salientMaterials": None,
        "pickupable": kind == "Vase",
        "moveable": False,
        "receptacle": True,
        "isPickedUp": False,
        **changes,
    }


SIGNS = list(itertools.product((LOW, HIGH), repeat=3))
FRAME = {
    "objects": [
        record("SideTable", (-0.5, 0.3, 3.0), (0.5, 0.6, 0.5)),
        record("Vase", (-0.5, 0.8, 3.0), (0.2, 0.4, 0.2)),
        record("Sofa", (1.0, 0.4, 3.0), (1.0, 0.8, 0.8)),
        record("Mug", (0.0, 0.5, 2.0), (0.1, 0.1, 0.1), position={"x": float("nan"), "y": 0, "z": 0}),
    ],
    "agent": {"rotation": {"x": 0, "y": 0.0, "z": 0}, "cameraHorizon": 10.0},
    "fov": 60.0,
    "cameraPosition": {"x": 0, "y": 1.2, "z": 0},
    "screenWidth": 120,
    "screenHeight": 90,
    "sceneName": "FloorPlan201_physics",
}


@pytest.fixture
def frame(tmp_path):
    path = tmp_path / "frame.json.gz"
    path.write_bytes(gzip.compress(json.dumps(FRAME).encode()))
    return path


def run(*arguments):
    result = CliRunner().invoke(app, ["relations", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_every_ordered_pair_is_printed_with_its_reasons_and_what_cannot_be_used_is_named(frame):
    result = run(frame)
    told = json.loads(result.stdout)
    assert (told["scene"], told["masks"]) == ("FloorPlan201", "projection")
    assert len(told["pairs"]) == 3 * 2
    pairs = {(pair["subject"], pair["reference"]): pair for pair in told["pairs"]}
    sofa = pairs["Sofa|1", "SideTable|1"]
    assert (sofa["terms"], sofa["valid"], sofa["reasons"]) == (["right"], True, [])
    assert sofa["margin"] == pytest.approx(20.0)
    vase = pairs["Vase|1", "SideTable|1"]
    assert vase["relations"]["on"]["value"] == ["yes"] and vase["relations"]["on"]["valid"]
    assert {fact["predicate"] for fact in told["facts"]} == {"band", "between", "count", "nearest"}
    assert all("without_masks" in fact["reasons"] for fact in told["facts"] if fact["predicate"] == "count")
    assert told["support"]["unclaimed"] == 1
    assert list(told["left_out"]) == ["Mug|1"]
    assert f"'{frame}': position of object 'Mug|1' holds nan, which is not a number; it is left out" in result.stderr


def test_thresholds_are_settings(frame):
    strict = json.loads(run(frame, "--set", "validity.min_margin_deg=21").stdout)
    assert all("ambiguous_relation" in pair["reasons"] for pair in strict["pairs"])


def test_the_relations_are_drawn_on_the_picture(frame, tmp_path):
    gray = np.full((90, 120, 3), 128, np.uint8)
    Image.fromarray(gray).save(tmp_path / "frame.png")
    run(frame, "--image", tmp_path / "frame.png", "--out", tmp_path / "out" / "drawn.png")
    drawn = np.asarray(Image.open(tmp_path / "out" / "drawn.png"))
    assert drawn.shape == (720, 960 + 520, 3)
    assert (drawn[:, :960] != 128).any()
    assert (drawn[:, 960:] < 100).any()  # lines of text


@pytest.mark.parametrize(
    ("content", "options", "error", "message"),
    [
        (FRAME, ["--image", "x.png"], ConfigError, "--image and --out go together"),
        (FRAME, ["--image", "no.png", "--out", "o.png"], ConfigError, "'.*no.png' is no picture that can be read"),
        (FRAME, ["--image", "small.png", "--out", "o.png"], ConfigError, "has 8 x 8 pixels, .* says 120 x 90"),
        ({}, [], UnsupportedMetadataError, "frame.json': the metadata lacks objects, agent, fov"),
    ],
)
def test_wrong_input_is_named(tmp_path, monkeypatch, content, options, error, message):
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (8, 8)).save("small.png")
    (tmp_path / "frame.json").write_text(json.dumps(content))
    with pytest.raises(error, match=message):
        run("frame.json", *options)

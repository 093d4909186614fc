"""`rls3 engine sheet` through the real client."""

import numpy as np
from PIL import Image
from typer.testing import CliRunner

from rls3.cli import app
from rls3.errors import ConfigError


def test_a_sheet_shows_rooms_with_depth_and_masks(tmp_path):
    out = tmp_path / "pictures" / "sheet.png"
    small = ["--set", "sim.width=64", "--set", "sim.height=64"]
    result = CliRunner().invoke(
        app, ["engine", "sheet", "--scenes", "FloorPlan401, FloorPlan28", "--out", str(out), *small]
    )
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == f"2 rooms on {out}"
    sheet = np.asarray(Image.open(out)).astype(int)
    assert sheet.shape == (10 + 22 + 3 * 224 + 10, 10 + 2 * (2 * 224 + 10), 3)
    cells = [sheet[32 + row * 224 :][:224, 10 + column * 224 :][:, :224] for row in range(3) for column in (0, 1)]
    assert all(cell.std(axis=(0, 1)).max() > 2 for cell in cells)
    assert all(len(np.unique(mask.reshape(-1, 3), axis=0)) > 5 for mask in cells[4:])


def test_an_unknown_scene_is_named(tmp_path):
    result = CliRunner().invoke(app, ["engine", "sheet", "--scenes", "FloorPlan99", "--out", str(tmp_path / "a.png")])
    assert isinstance(result.exception, ConfigError)
    assert "the engine has no scene 'FloorPlan99'" in str(result.exception)
    result = CliRunner().invoke(app, ["engine", "sheet", "--scenes", " , "])
    assert "--scenes names no scene; give for example" in str(result.exception)

"""`rls3 dataset ...` in process: what it prints, and what bad input gets."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image
from typer.testing import CliRunner

from rls3.cli import app
from rls3.config import Config
from rls3.errors import ConfigError, Rls3Error, SampleStoreError
from rls3.samples.arrow import VERSION_KEY
from rls3.samples.draw import drawn_samples
from rls3.samples.ledger import MANIFEST, Ledger
from rls3.samples.stats import stats_of
from tests.factories import make_sample

INVALID = make_sample(sample_id="s-3", invalid=("too_far",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files: three records of which one is invalid, and two; with the configuration they were made by."""
    place = tmp_path / "data"
    ledger = Ledger(place)
    ledger.append([make_sample(sample_id="s-1"), make_sample(sample_id="s-2"), INVALID], round_index=0)
    yes = make_sample(
        sample_id="s-4", kind="yes_no", options=("yes", "no"), answer=0, family="size", predicate="bigger"
    )
    ledger.append([yes, make_sample(sample_id="s-5")], round_index=0, rejected={"edit: place_taken": 4})
    (place / "config.yaml").write_text(Config().to_yaml())
    return place


def rls3(*arguments: object) -> tuple[int, str]:
    """Exit code and output; errors of the project are raised, as `main` gets them."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if isinstance(done.exception, Rls3Error):
        raise done.exception
    return done.exit_code, done.output


def cut(folder: Path) -> Path:
    """Truncate the second file."""
    path = folder / "round-0000-0001.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    return path


def test_stats_count_valid_records_and_everything_rejected(folder: Path, tmp_path: Path):
    found = stats_of(Ledger(folder))
    assert (found.rows, found.valid, found.scenes) == (5, 4, 1)
    assert found.relations == {("direction", "kitchen"): 3, ("size bigger", "kitchen"): 1}
    assert found.rejected == {"edit: place_taken": 4, "too_far": 1}
    assert found.positions == {4: (0, 3, 0, 0)} and found.asserted == (1, 0)
    assert found.margins["direction"].tolist() == [4.5] * 3
    code, output = rls3("dataset", "stats", folder, "--out", tmp_path / "stats.png")
    assert code == 0 and "5 records, 4 valid, 1 scenes" in output and "edit: place_taken" in output
    assert np.asarray(Image.open(tmp_path / "stats.png").convert("L")).std() > 20  # something is drawn
    with pytest.raises(ConfigError, match=r"stats.png' exists already; .*--overwrite"):
        rls3("dataset", "stats", folder, "--out", tmp_path / "stats.png")


def test_draws_are_valid_samples_by_seed_in_their_order(folder: Path):
    ledger = Ledger(folder)
    names = [[s.sample_id for s in drawn_samples(ledger, 3, seed=seed)] for seed in (0, 0, 1, 2, 3)]
    assert names[0] == names[1] and len({tuple(each) for each in names}) > 1
    assert all(each == sorted(each) and "s-3" not in each and len(set(each)) == 3 for each in names)
    assert [s.sample_id for s in drawn_samples(ledger, 99, seed=0)] == ["s-1", "s-2", "s-4", "s-5"]


def test_verify_prints_what_disagrees_and_exits_with_1(folder: Path):
    code, output = rls3("dataset", "verify", folder)  # the factory's label is no truth of its own scene
    assert code == 1
    assert "round-0000-0000.parquet': record 's-1': margin is stated as 22.5" in output
    (folder / "config.yaml").unlink()
    with pytest.raises(ConfigError, match=r"nor the folder above it holds the config\.yaml"):
        rls3("dataset", "verify", folder)


@pytest.mark.parametrize("command", [["sheet"], ["stats"], ["export", "--to", "llava"], ["verify"]])
def test_a_truncated_file_is_named_and_the_others_are_used(folder: Path, tmp_path: Path, command: list[str]):
    path = cut(folder)
    out = ["--out", tmp_path / "out"] if command[0] in ("sheet", "export") else []
    code, output = rls3("dataset", command[0], folder, *command[1:], *out)
    assert code == 1
    assert f"'{path}' is no whole Parquet file" in output
    assert command[0] == "verify" or "2 samples in" in output or "3 records, 2 valid" in output


def test_other_peoples_files_are_refused_by_name(folder: Path, tmp_path: Path):
    with pytest.raises(SampleStoreError, match="nowhere' does not exist; give one made by 'rls3 generate'"):
        rls3("dataset", "stats", tmp_path / "nowhere")
    with pytest.raises(SampleStoreError, match=rf"holds no manifest.json.*did you mean '{folder}'"):
        rls3("dataset", "stats", tmp_path)
    file = folder / "round-0000-0001.parquet"
    table = pq.read_table(file)
    for version, told in (
        (b"7", "schema version 7; this rls3 reads version 2"),
        (None, "states no rls3.schema_version"),
    ):
        metadata = {} if version is None else {VERSION_KEY: version}
        pq.write_table(table.replace_schema_metadata(metadata), file)
        _, output = rls3("dataset", "stats", folder)
        assert f"left out: '{file}'" in output and told in output
    pq.write_table(table.drop_columns(["caption"]), file)
    assert "lacks columns of schema version 2: caption" in rls3("dataset", "stats", folder)[1]
    (folder / MANIFEST).write_text(json.dumps({"hello": "world"}))
    with pytest.raises(SampleStoreError, match=r"manifest.json' is not a ledger manifest of rls3"):
        rls3("dataset", "stats", folder)


def test_generate_takes_its_short_options_into_the_configuration(tmp_path: Path):
    with pytest.raises(
        ConfigError, match=r"questions.sampler='ppo': Input should be 'balanced', 'natural' or 'random'"
    ):
        rls3("generate", "--sampler", "ppo", "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()

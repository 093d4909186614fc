"""The ledger counts what it holds, survives a crash between shards, and refuses what it cannot vouch for."""

import io
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from rls3.errors import SampleStoreError
from rls3.samples.arrow import from_batches, to_batch
from rls3.samples.ledger import MANIFEST, Ledger
from rls3.samples.pictures import decode_picture, encode_png
from rls3.samples.record import scene_before, scene_of
from rls3.scene.model import Camera, MaskStats
from tests.factories import make_sample, objects, squares


def samples(count, **overrides):
    return [make_sample(sample_id=f"s-{n:03d}", **overrides) for n in range(count)]


def test_a_sample_survives_the_arrow_round_trip():
    refused = make_sample(sample_id="r", image=None, mask=None, options=(), answer=-1, invalid=("refused",))
    there = [make_sample(sample_id="a"), refused]
    back = from_batches([to_batch(there)])
    assert [s.sample_id for s in back] == ["a", "r"]
    assert np.array_equal(back[0].image, there[0].image) and np.array_equal(back[0].mask, there[0].mask)
    assert back[0].options == there[0].options and back[0].terms == there[0].terms
    assert back[0].subject_position == there[0].subject_position
    assert back[1].image is None and not back[1].valid


def test_a_record_rebuilds_the_scenes_before_and_after_from_its_file(tmp_path: Path):
    sample = make_sample(
        before=squares(left=(10, 10, 10)),
        before_camera=Camera((0.5, 1.0, -2.5), 10.0, 15.0, 50.0, 64, 64),
        colors={"Mug|+00.00|+00.00|+00.00": "red"},
        before_objects=objects()[:2],
        before_masks={"Mug|+00.00|+00.00|+00.00": MaskStats(9, (0, 1, 2, 3), cut=True)},
    )
    ledger = Ledger(tmp_path)
    ledger.append([make_sample(sample_id="plain", masks=None), sample], round_index=0)
    plain, back = ledger.read()
    for there, here in ((scene_of(sample), scene_of(back)), (scene_before(sample), scene_before(back))):
        assert there is not None and here == there  # every pose, size, flag, mask and the camera
        assert all(np.array_equal(a.corners, b.corners) for a, b in zip(there.objects, here.objects, strict=True))
    assert (back.colors, back.before_colors) == (sample.colors, {})
    assert scene_before(plain) is None and scene_of(plain).masks is None
    assert (plain.masks_source, back.masks_source) == ("projection", "instance")


def test_a_file_that_another_program_rewrote_is_still_read(tmp_path: Path):
    ledger = Ledger(tmp_path)
    path = tmp_path / ledger.append(samples(2), round_index=0).file
    table = pq.read_table(path)
    pq.write_table(table.select(sorted(table.column_names)), path)
    assert [s.sample_id for s in ledger.read()] == ["s-000", "s-001"]


def test_png_is_lossless_and_repeatable():
    pixels = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)
    assert np.array_equal(decode_picture(encode_png(pixels)), pixels)
    assert encode_png(pixels) == encode_png(pixels.copy())


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_pictures_of_other_programs_are_read_and_broken_ones_told(form: str):
    out = io.BytesIO()
    Image.fromarray(squares()).save(out, format=form, quality=95)
    pixels = decode_picture(out.getvalue())
    assert pixels.shape == (64, 64, 3) and np.abs(pixels.astype(int) - squares()).mean() < 3
    for broken in (out.getvalue()[:60], b"GIF89a"):
        with pytest.raises(SampleStoreError, match="no whole PNG, JPEG or WebP picture"):
            decode_picture(broken)


def test_counts_come_from_the_shards(tmp_path: Path):
    ledger = Ledger(tmp_path)
    ledger.append(samples(3), round_index=0, restarts=1)
    ledger.append([make_sample(sample_id="x", invalid=("too_far", "in_hand"))], round_index=1)
    reopened = Ledger(tmp_path)
    assert (reopened.rows, reopened.restarts) == (4, 1)
    assert [shard.valid for shard in reopened.shards] == [3, 0]
    assert reopened.shards[1].invalid_reasons == {"in_hand": 1, "too_far": 1}
    assert [s.sample_id for s in reopened.read(round_index=1)] == ["x"]
    assert len(list(reopened.read(batch_rows=2))) == 4
    reopened.verify()


def test_a_crash_before_the_rename_leaves_the_earlier_shards(tmp_path: Path):
    Ledger(tmp_path).append(samples(2), round_index=0)
    (tmp_path / ".round-0001-0001.parquet.part").write_bytes(b"half a shard")
    ledger = Ledger(tmp_path)
    assert ledger.rows == 2
    ledger.append([make_sample(sample_id="later")], round_index=1)
    Ledger(tmp_path).verify()


def test_a_crash_before_the_manifest_leaves_a_file_that_readers_pass_over_and_writers_replace(tmp_path: Path):
    Ledger(tmp_path).append(samples(2), round_index=0)
    manifest = (tmp_path / MANIFEST).read_bytes()
    unnamed = tmp_path / Ledger(tmp_path).append([make_sample(sample_id="lost")], round_index=1).file
    (tmp_path / MANIFEST).write_bytes(manifest)
    assert [s.sample_id for s in Ledger(tmp_path).read()] == ["s-000", "s-001"] and unnamed.exists()
    ledger = Ledger(tmp_path)
    ledger.append([make_sample(sample_id="lost")], round_index=2)
    assert not unnamed.exists() and ledger.rows == 3
    with pytest.raises(SampleStoreError, match=r"twice: \['lost'\]"):  # within the ledger, not only within a call
        Ledger(tmp_path).append([make_sample(sample_id="lost")], round_index=3)
    (tmp_path / MANIFEST).unlink()
    with pytest.raises(SampleStoreError, match="manifest does not name"):
        Ledger(tmp_path)


def test_dropping_a_round_takes_back_its_rows_and_files(tmp_path: Path):
    ledger = Ledger(tmp_path)
    ledger.append(samples(2), round_index=0)
    ledger.append([make_sample(sample_id="late")], round_index=1)
    assert ledger.drop_from(1) == 1
    assert [p.name for p in tmp_path.glob("*.parquet")] == [ledger.shards[0].file]
    assert Ledger(tmp_path).rows == 2


def test_refusals_name_the_trouble(tmp_path: Path):
    ledger = Ledger(tmp_path)
    twice = [make_sample(sample_id="same"), make_sample(sample_id="same")]
    with pytest.raises(SampleStoreError, match=r"new and distinct samples.*twice: \['same'\]"):
        ledger.append(twice, round_index=0)
    shard = ledger.append(samples(2), round_index=0)
    path = tmp_path / shard.file
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(SampleStoreError, match="changed after it was written"):
        ledger.verify()
    path.unlink()
    with pytest.raises(SampleStoreError, match=r"named in manifest\.json but missing"):
        ledger.verify()
    (tmp_path / "foreign.parquet").write_bytes(b"x")
    with pytest.raises(SampleStoreError, match=r"does not name \(foreign.parquet\)"):
        Ledger(tmp_path)


def test_another_schema_is_refused(tmp_path: Path):
    Ledger(tmp_path).append(samples(1), round_index=0)
    content = json.loads((tmp_path / MANIFEST).read_text())
    (tmp_path / MANIFEST).write_text(json.dumps(content | {"schema_version": 99}))
    with pytest.raises(SampleStoreError, match="schema version 99; this rls3 reads version 2"):
        Ledger(tmp_path)
    (tmp_path / MANIFEST).write_text("{}")
    with pytest.raises(SampleStoreError, match="not a ledger manifest"):
        Ledger(tmp_path)

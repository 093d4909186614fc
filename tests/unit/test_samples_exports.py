"""Exports open in other people's readers: Hugging Face `datasets`, WebDataset, LLaVA's and What'sUp's JSON."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rls3.errors import SampleStoreError
from rls3.samples.exports import LETTERS, export
from rls3.samples.ledger import Ledger
from rls3.scene.model import Camera
from tests.factories import make_sample, squares

OTHER = (90, 200, 90)
CHOICE = make_sample(sample_id="a")
CHANGE = make_sample(
    sample_id="b.1",
    kind="yes_no",
    options=("yes", "no"),
    answer=1,
    before=squares(left=OTHER),
    before_camera=Camera((0.5, 1.0, -2.5), 10.0, 15.0, 50.0, 64, 64),
    reward=float("nan"),
)
CAPTIONS = make_sample(sample_id="c", kind="caption_choice", options=("it is right", "it is left"), answer=1)
INVALID = make_sample(sample_id="d", invalid=("too_far",))
REFUSED = make_sample(sample_id="e", image=None, mask=None, invalid=("place_taken",))
SAMPLES = [CHOICE, CHANGE, CAPTIONS, INVALID, REFUSED]


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_hugging_face_datasets_shows_the_pictures_of_a_ledger(tmp_path: Path):
    datasets = pytest.importorskip("datasets")
    Ledger(tmp_path / "data").append(SAMPLES, round_index=0)
    files, cache = str(tmp_path / "data" / "*.parquet"), str(tmp_path / "cache")
    loaded = datasets.load_dataset("parquet", data_files=files, split="train", cache_dir=cache)
    assert loaded["sample_id"][:] == [sample.sample_id for sample in SAMPLES]
    assert np.array_equal(np.asarray(loaded[1]["image"]), CHANGE.image)  # a PIL picture
    assert (
        loaded[1]["before"].getpixel((10, 30)) == OTHER and loaded[0]["before"] is None and loaded[4]["image"] is None
    )
    assert loaded[0]["objects"][0]["id"] == CHOICE.objects[0].id
    assert loaded[0]["objects"][2]["mask"] is None


def test_llava_conversations_name_their_pictures_and_answer_by_letter(tmp_path: Path):
    assert export(SAMPLES, "llava", tmp_path / "out") == 3
    choice, change, _ = json.loads((tmp_path / "out" / "conversations.json").read_text())
    human, gpt = (turn["value"] for turn in choice["conversations"])
    assert human.startswith("<image>\nwhere is the mug relative to the bowl?\nA. right\nB. left\n")
    assert gpt == LETTERS[CHOICE.answer] == "B"
    assert change["conversations"][0]["value"].count("<image>") == len(change["image"]) == 2
    assert change["conversations"][1]["value"] == "no"
    before, after = (np.asarray(Image.open(tmp_path / "out" / name)) for name in change["image"])
    assert np.array_equal(before, CHANGE.before) and np.array_equal(after, CHANGE.image)
    assert choice["image"] == change["image"][1]  # the same pixels are stored once


def test_a_webdataset_reader_opens_the_tars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    webdataset = pytest.importorskip("webdataset")
    monkeypatch.setattr("rls3.samples.exports.TAR_SAMPLES", 2)
    assert export(iter(SAMPLES), "webdataset", tmp_path / "out") == 3
    assert [p.name for p in sorted((tmp_path / "out").iterdir())] == ["000000.tar", "000001.tar"]
    tars = [str(p) for p in sorted((tmp_path / "out").iterdir())]
    read = list(webdataset.WebDataset(tars, shardshuffle=False).decode("rgb8"))
    assert [entry["__key__"] for entry in read] == ["a", "b_1", "c"]
    assert np.array_equal(read[1]["png"], CHANGE.image) and np.array_equal(read[1]["before.png"], CHANGE.before)
    assert read[1]["json"]["sample_id"] == "b.1" and read[1]["json"]["reward"] is None
    assert "objects" not in read[0]["json"] and read[0]["json"]["terms"] == ["left"]


def test_whatsup_lists_put_the_true_caption_first(tmp_path: Path):
    assert export(SAMPLES, "whatsup", tmp_path / "out") == 1
    (entry,) = json.loads((tmp_path / "out" / "captions.json").read_text())
    assert entry["caption_options"] == ["it is left", "it is right"]
    assert np.array_equal(np.asarray(Image.open(tmp_path / "out" / entry["image_path"])), CAPTIONS.image)


@pytest.mark.parametrize("layout", ["llava", "webdataset", "whatsup"])
def test_the_same_samples_give_the_same_bytes(tmp_path: Path, layout):
    for name in ("one", "two"):
        export(SAMPLES, layout, tmp_path / name)
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_nothing_is_overwritten_and_nothing_half_written_stays(tmp_path: Path):
    out = tmp_path / "out"
    export(SAMPLES, "llava", out)
    before = content(out)
    with pytest.raises(SampleStoreError, match=r"is not empty; choose another --out, or .*--overwrite"):
        export(SAMPLES, "llava", out)
    assert content(out) == before
    assert export([CHOICE], "llava", out, overwrite=True) == 1
    (out / "thesis.txt").write_text("precious")
    with pytest.raises(SampleStoreError, match=r"is no export's folder \(it holds 'thesis.txt'\)"):
        export(SAMPLES, "llava", out, overwrite=True)
    with pytest.raises(SampleStoreError, match=r"no sample suits the layout 'whatsup': .*caption_choice"):
        export([CHOICE], "whatsup", tmp_path / "none")

    def broken():
        yield CHOICE
        raise SampleStoreError("the rest is damaged")

    with pytest.raises(SampleStoreError, match="the rest is damaged"):
        export(broken(), "webdataset", tmp_path / "half")
    assert not (tmp_path / "half").exists() and not (tmp_path / "none").exists()

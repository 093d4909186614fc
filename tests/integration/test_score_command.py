"""`rls3 score` on really published files: published figures to the last digit, labels re-derived from structures."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rls3.benchmarks.blink import Blink
from rls3.benchmarks.nlvr import boxes, voted_label
from rls3.benchmarks.registry import BENCHMARKS
from rls3.benchmarks.tables import read_rows

FIXTURES = Path(os.environ.get("RLS3_FIXTURES", Path(__file__).parents[2] / "../shared/data"))

# Accuracy in percent on BLINK's validation items: GPT-4V's as the paper prints them (arXiv 2404.12390), LLaVA's as the
# authors' evaluate.py counts the outputs they published.
PUBLISHED = {
    "GPT4V": {
        "Spatial_Relation": "72.73",
        "Relative_Depth": "59.68",
        "Multi-view_Reasoning": "55.64",
        "Object_Localization": "54.92",
        "Counting": "60.83",
    },
    "llava_v1.5_7b": {
        "Spatial_Relation": "61.54",
        "Relative_Depth": "52.42",
        "Multi-view_Reasoning": "51.88",
        "Object_Localization": "56.56",
        "Counting": "40.00",
    },
}


def needs(folder):
    """The marker of tests that need one of the published folders."""
    return pytest.mark.skipif(not (FIXTURES / folder).exists(), reason=f"no {folder} under {FIXTURES} (RLS3_FIXTURES)")


def rls3_score(*arguments):
    return subprocess.run(
        [sys.executable, "-c", "from rls3.cli import main; main()", "score", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@needs("blink-outputs")
@pytest.mark.parametrize("model", PUBLISHED)
def test_blink_scores_equal_the_published_ones_to_the_last_digit(model, tmp_path):
    folder = FIXTURES / "blink-outputs" / model
    out = tmp_path / "score.json"
    run = rls3_score("--benchmark", "blink", "--data", folder, "--predictions", folder, "--out", out)
    assert run.returncode == 0, run.stderr
    shown = dict(re.findall(r"task: (\S+) +(\d+\.\d\d) %", run.stdout))
    assert shown == PUBLISHED[model]
    lines = {line["name"]: line["value"] for line in json.loads(out.read_text())["lines"]}
    tasks = [value for name, value in lines.items() if name.startswith("task: ")]
    assert lines["mean of tasks"] == pytest.approx(sum(tasks) / 5)


@needs("blink-outputs")
def test_one_task_of_one_model_is_scored_against_the_gold_of_all(tmp_path):
    folder = FIXTURES / "blink-outputs"
    run = rls3_score("--benchmark", "blink", "--data", folder, "--predictions", folder / "GPT4V/Spatial Relation.json")
    assert "blink: 143 items scored" in run.stdout and " 72.73 %" in run.stdout
    assert "part 'Counting': no predictions, its 120 items not scored" in run.stdout


@needs("blink-outputs")
def test_raw_outputs_are_read_as_their_authors_had_a_language_model_read_them():
    same = total = 0
    for path in sorted((FIXTURES / "blink-outputs").glob("*/*.json")):
        rows = json.loads(path.read_text())["val"]
        items = {item.id: item for item in Blink().read(path).items}
        for row in rows:
            found = Blink().answer(items[row["idx"]], row["full_prediction"])
            same += row["prediction"] == ("(Z)" if found is None else f"({'ABCDE'[found]})")
            total += 1
    assert total == 1284
    assert same / total > 0.995


@needs("vsr")
def test_vsr_predictions_in_row_order_are_scored_by_relation_and_meta_category(tmp_path):
    rows = [json.loads(line) for line in (FIXTURES / "vsr/zeroshot/dev.jsonl").read_text().splitlines()]
    wrong = {"on", "under"}
    guesses = [1 - row["label"] if row["relation"] in wrong else row["label"] for row in rows]
    (tmp_path / "preds.txt").write_text("\n".join(map(str, guesses)))
    run = rls3_score("--benchmark", "vsr", "--data", FIXTURES / "vsr", "--predictions", tmp_path / "preds.txt")
    misses = sum(row["relation"] in wrong for row in rows)
    assert f"{100 * (1 - misses / 340):6.2f} %" in run.stdout.splitlines()[1]
    assert re.search(r"relation: on +0\.00 %", run.stdout) and re.search(
        r"meta-category: Proximity +100\.00 %", run.stdout
    )


@needs("vsr")
def test_the_command_says_in_one_line_what_is_wrong(tmp_path):
    (tmp_path / "preds.txt").write_text("1\n0\n")
    run = rls3_score("--benchmark", "vsr", "--data", FIXTURES / "vsr", "--predictions", tmp_path / "preds.txt")
    assert run.returncode == 2
    assert run.stderr.startswith("error: 2 predictions without ids fit no part of the benchmark")
    assert run.stdout == ""


@needs("nlvr")
def test_nlvr_labels_are_what_most_raters_say():
    rows = list(read_rows(FIXTURES / "nlvr/dev/dev.json"))
    assert len(rows) == 989
    assert all(voted_label(row) == row.text("label") for row in rows)
    assert not BENCHMARKS["nlvr"].read(FIXTURES / "nlvr").faulty


TOWERS = re.compile(
    r"there (?:is|are) (?P<bound>exactly |at least )?(?P<count>one|1|two|2) towers? with (?:a|1) "
    r"(?P<color>blue|black|yellow) block at the (?P<end>base|top|bottom)"
)


@needs("nlvr")
def test_nlvr_labels_of_plain_tower_sentences_follow_from_the_boxes():
    colors = {"blue": "#0099ff", "black": "Black", "yellow": "Yellow"}
    checked = 0
    for row in read_rows(FIXTURES / "nlvr/dev/dev.json"):
        said = TOWERS.fullmatch(row.text("sentence").lower().strip(" ."))
        if said is None:
            continue
        end = min if said["end"] == "top" else max
        ends = [end(box, key=lambda thing: thing["y_loc"])["color"] for box in boxes(row, 0) if box]
        count, wanted = ends.count(colors[said["color"]]), 2 if said["count"] in ("two", "2") else 1
        holds = count >= wanted if said["bound"] == "at least " else count == wanted
        assert row.text("label") == str(holds).lower(), row.where
        checked += 1
    assert checked > 80


@needs("nlvr")
def test_nlvr_picture_k_shows_permutation_k_of_the_boxes():
    rows = {row.text("identifier"): row for row in read_rows(FIXTURES / "nlvr/dev/dev.json")}
    shades = {"#0099ff": (0, 153, 255), "Black": (0, 0, 0), "Yellow": (255, 255, 0)}
    items = [
        item for item in BENCHMARKS["nlvr-images"].read(FIXTURES / "nlvr").items if item.pictures[0].path.is_file()
    ]
    assert len(items) > 300
    for item in items[::7]:
        _, number, position, picture = item.id.split("-")
        pixels = item.pictures[0].load()[..., :3].astype(int)
        left = np.linspace(0, pixels.shape[1] - 100, 3).round().astype(int)
        for start, box in zip(left, boxes(rows[f"{number}-{position}"], int(picture)), strict=True):
            for thing in box:
                x, y = start + thing["x_loc"] + thing["size"] // 2, thing["y_loc"] + thing["size"] // 2
                assert np.abs(pixels[y, x] - shades[thing["color"]]).max() < 60, item.id


@needs("shapeworld")
def test_all_shapeworld_labels_follow_from_the_centres_of_their_shapes():
    reading = BENCHMARKS["shapeworld"].read(FIXTURES / "shapeworld")
    assert (len(reading.items), len(reading.faulty)) == (500, 0)
    assert {item.pictures[0].path.is_file() for item in reading.items} == {True}


@needs("shapeworld")
def test_a_turned_shapeworld_label_is_found_and_depth_is_left_out(tmp_path):
    source = FIXTURES / "shapeworld/relational-spatial_twoshapes"
    captions = (source / "caption.txt").read_text().split("\n\n")[0].splitlines()
    labels = (source / "agreement.txt").read_text().split()[0].split(";")
    with gzip.open(source / "world_model.json.gz", "rt") as stream:
        world = json.load(stream)[0]
    turned = "1.0" if labels[0] == "0.0" else "0.0"
    (tmp_path / "caption.txt").write_text("\n".join([*captions, "a cross is behind a square ."]) + "\n\n")
    (tmp_path / "agreement.txt").write_text(";".join([turned, *labels[1:], "1.0"]) + "\n")
    with gzip.open(tmp_path / "world_model.json.gz", "wt") as stream:
        json.dump([world], stream)
    reading = BENCHMARKS["shapeworld"].read(tmp_path)
    assert (len(reading.items), reading.notes) == (4, ("1 captions on depth are left out",))
    assert "the shapes of its world say otherwise" in reading.faulty[0].reason
    assert list(reading.parts.values()) == [6], "row order counts the captions that are left out"

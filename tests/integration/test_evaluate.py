"""`rls3 evaluate`: a saved model answers a benchmark's published files through the command."""

import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from rls3.cli import app
from rls3.errors import ConfigError
from rls3.runtime.evaluate import GAP, side_by_side
from tests.unit.model_factory import save_clip, save_llava


@pytest.fixture
def whatsup(tmp_path):
    """Eight pictures in the published form of What'sUp A: four prepositions of two object pairs."""
    rows = []
    (tmp_path / "pictures").mkdir()
    for subject in ("mug", "bowl"):
        for preposition in ("left", "right", "on", "under"):
            name = f"{subject}_{preposition}_chair.jpeg"
            color = tuple(np.random.default_rng(len(rows)).integers(0, 256, 3).tolist())
            Image.new("RGB", (48, 40), color).save(tmp_path / "pictures" / name)
            others = [p for p in ("left", "right", "on", "under") if p != preposition]
            captions = [f"a {subject} {p} a chair" for p in (preposition, *others)]
            rows.append({"image_path": f"data/pictures/{name}", "caption_options": captions})
    (tmp_path / "controlled_images_dataset.json").write_text(json.dumps(rows))
    return tmp_path


def evaluate(model: Path | str, data: Path, *more: str):
    arguments = ["evaluate", "--model", str(model), "--benchmark", "whatsup", "--data", str(data), *more]
    return CliRunner().invoke(app, [*arguments, "--set", f"run.output={data / 'runs'}"])


@pytest.mark.parametrize("maker", [save_clip, save_llava])
def test_a_saved_model_is_scored_by_the_benchmarks_own_figures(maker, whatsup, tmp_path):
    model = maker(tmp_path / "model")
    outs = [tmp_path / f"{n}.json" for n in range(2)]
    for out in outs:
        done = evaluate(model, whatsup, "--out", str(out))
        assert done.exit_code == 0, done.output
    cards = [json.loads(out.read_text()) for out in outs]
    assert cards[0] == cards[1]
    assert cards[0]["items"] == 8
    assert {"A individual accuracy", "A pair accuracy", "A set accuracy"} <= {
        line["name"] for line in cards[0]["lines"]
    }
    with sqlite3.connect(whatsup / "runs" / "mlflow.db") as store:
        logged = dict(store.execute("select key, value from metrics"))
    assert logged["whatsup/A individual accuracy"] == cards[0]["lines"][0]["value"]


def test_a_blind_model_answers_the_same_text_alike(whatsup, tmp_path):
    """Each subject's four questions differ in the picture alone: seen grey, all four are right or none is."""
    rows = json.loads((whatsup / "controlled_images_dataset.json").read_text())
    for row in rows:
        subject = Path(row["image_path"]).name.split("_")[0]
        row["caption_options"].sort(key=lambda text: ("left", "right", "on", "under").index(text.split()[2]))
        assert row["caption_options"][0] == f"a {subject} left a chair"
    (whatsup / "controlled_images_dataset.json").write_text(json.dumps(rows))
    out = tmp_path / "blind.json"
    done = evaluate(save_clip(tmp_path / "model"), whatsup, "--blind", "--out", str(out))
    assert done.exit_code == 0, done.output
    card = json.loads(out.read_text())
    assert card["lines"][0]["value"] in (0.0, 0.5, 1.0)
    assert "blind: every picture is grey" in card["notes"]


def test_our_own_suite_is_generated_once_and_read_afterwards(tmp_path):
    """The real way in small: engine, choice of questions, answers, score; then the same questions without pictures."""
    folder, out = tmp_path / "suite", tmp_path / "score.json"
    settings = ["suite.scenes=1", "suite.visits=1", "suite.views=16", "suite.edits=8", "suite.questions=12"]
    settings += ["sim.width=96", "sim.height=96", f"run.output={tmp_path / 'runs'}"]
    arguments = ["evaluate", "--model", "rls3-vilt-base", "--benchmark", "rls3-suite", "--data", str(folder)]
    arguments += ["--processes", "1", "--out", str(out), *(part for text in settings for part in ("--set", text))]
    cards, written = [], []
    for blind in ([], ["--blind"]):
        done = CliRunner().invoke(app, [*arguments, *blind])
        assert done.exit_code == 0, done.output
        cards.append(json.loads(out.read_text()))
        written.append({path.name: path.stat().st_mtime_ns for path in folder.glob("[!.]*")})
    assert written[0] == written[1]
    assert [card["items"] for card in cards] == [12, 12]
    assert "room: kitchen" in {line["name"] for line in cards[0]["lines"]}
    assert any("because no picture shows such a pair" in note for note in cards[0]["notes"])
    assert cards[0]["leaks"] == [], "the packaged model was trained in other scenes"


def test_a_published_benchmark_needs_its_folder(tmp_path):
    arguments = ["evaluate", "--model", str(save_clip(tmp_path / "model")), "--benchmark", "blink"]
    done = CliRunner().invoke(app, [*arguments, "--set", f"run.output={tmp_path}"])
    assert isinstance(done.exception, ConfigError)
    assert "benchmark 'blink' needs --data: the folder with" in str(done.exception)


def test_a_student_of_six_words_is_refused(whatsup):
    done = evaluate("rls3-vilt-base", whatsup)
    assert isinstance(done.exception, ConfigError)
    assert "answers with the six relation terms alone" in str(done.exception)


def test_pictures_of_one_question_stand_side_by_side():
    left, right = np.zeros((10, 20, 3), np.uint8), np.full((20, 20, 3), 7, np.uint8)
    joined = side_by_side([left, right])
    assert joined.shape == (10, 20 + GAP + 10, 3)
    assert (joined[:, :20] == 0).all() and (joined[:, 20 : 20 + GAP] == 255).all() and (joined[:, 28:] == 7).all()
    assert side_by_side([left]) is not None and np.array_equal(side_by_side([left]), left)


def test_weaknesses_of_the_packaged_model_are_found_in_held_out_rooms(tmp_path, monkeypatch):
    settings = ("evaluation.scenes=1", "evaluation.views=4", "evaluation.questions=12", "evaluation.edits=4")
    sizes = ("sim.width=96", "sim.height=96")
    picture = tmp_path / "weaknesses.png"
    arguments = ["weaknesses", "--model", "rls3-vilt-base", "--picture", str(picture), "--processes", "1"]
    done = CliRunner().invoke(app, [*arguments, *(part for text in (*settings, *sizes) for part in ("--set", text))])
    assert done.exit_code == 0, done.output
    assert "relation" in done.output and "kitchen" in done.output
    assert picture.exists()
    monkeypatch.delattr("rls3.runtime.weaknesses.SimulatorWorkers")
    again = CliRunner().invoke(app, [*arguments, *(part for text in (*settings, *sizes) for part in ("--set", text))])
    assert again.output == done.output, "nobody was asked a second time"

"""Absent files, wrong rows, faulty items and predictions that do not fit: each is said."""

import json

import pytest

from rls3.benchmarks.errors import BenchmarkDataError, PredictionError
from rls3.benchmarks.leaks import Provenance, find_leaks
from rls3.benchmarks.pictures import FilePicture, decode
from rls3.benchmarks.predictions import match, read_predictions
from rls3.benchmarks.reading import only
from rls3.benchmarks.registry import BENCHMARKS, find_benchmark
from rls3.benchmarks.scorecard import score_predictions
from tests.benchmark_files import make_item, vsi_row, vsr_row, write_json, write_lines

VSR = BENCHMARKS["vsr"]


@pytest.fixture
def vsr(tmp_path):
    """Two VSR splits of three and two rows."""
    write_lines(tmp_path / "zeroshot" / "test.jsonl", [vsr_row(), vsr_row(0, caption="b"), vsr_row(caption="c")])
    write_lines(tmp_path / "random" / "dev.jsonl", [vsr_row(image="2.jpg"), vsr_row(0, image="3.jpg")])
    return VSR.read(tmp_path)


def test_every_benchmark_says_which_files_it_lacks_and_where_they_are_published(tmp_path):
    for name, benchmark in BENCHMARKS.items():
        if name == "rls3-suite":
            continue  # published nowhere, but generated
        with pytest.raises(BenchmarkDataError, match=f"benchmark '{name}' needs .* published at http"):
            benchmark.read(tmp_path)
    with pytest.raises(BenchmarkDataError, match="does not exist; give the folder"):
        VSR.read(tmp_path / "nowhere")


def test_an_unknown_benchmark_names_the_nearest():
    with pytest.raises(BenchmarkDataError, match=r"no benchmark 'blnk' \(did you mean 'blink'\?\); there are 3dsr"):
        find_benchmark("blnk")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (vsr_row("yes"), r"test.jsonl, line 2: field 'label' must be a whole number from 0 to 1, got str 'yes'"),
        (vsr_row(2), r"line 2: field 'label' must be a whole number from 0 to 1, got int 2"),
        (vsr_row(caption=7), r"line 2: field 'caption' must be text, got int 7"),
        ({"image": "1.jpg", "label": 1}, r"line 2: no field 'relation'; the row has 'image', 'label'"),
        ([1, 2], r"line 2: a row must be an object, got list"),
    ],
)
def test_a_row_of_wrong_type_is_named_by_file_line_and_field(tmp_path, row, message):
    write_lines(tmp_path / "random" / "test.jsonl", [vsr_row(), row])
    with pytest.raises(BenchmarkDataError, match=message):
        VSR.read(tmp_path)


def test_broken_json_is_named_by_line(tmp_path):
    path = write_lines(tmp_path / "random" / "test.jsonl", [vsr_row(), vsr_row()])
    path.write_text(path.read_text() + '{"image": \n')
    with pytest.raises(BenchmarkDataError, match=r"test.jsonl, line 3: broken JSON"):
        VSR.read(tmp_path)
    path.write_text('[{"a": 1},\n {"a" 2}]')
    with pytest.raises(BenchmarkDataError, match=r"test.jsonl, line 2: broken JSON"):
        VSR.read(tmp_path)


def test_fields_with_a_form_of_their_own_say_it(tmp_path):
    bad = {"idx": "val_IQ_Test_1", "answer": "B)x"}
    with pytest.raises(BenchmarkDataError, match=r"field 'answer' must look like '\(A\)', got 'B\)x'"):
        BENCHMARKS["blink"].read(write_json(tmp_path / "a" / "IQ.json", {"val": [bad]}))
    with pytest.raises(BenchmarkDataError, match="field 'idx' must look like 'val_Relative_Depth_12'"):
        BENCHMARKS["blink"].read(write_json(tmp_path / "b" / "IQ.json", {"val": [{"idx": "7", "answer": "(A)"}]}))
    write_lines(tmp_path / "c" / "test.jsonl", [vsi_row(0, "smell", "A", None)])
    with pytest.raises(BenchmarkDataError, match="field 'question_type' must be one of object_rel_direction_easy"):
        BENCHMARKS["vsi-bench"].read(tmp_path / "c")
    write_json(tmp_path / "d" / "coco_qa_one_obj.json", [[1, "true caption"]])
    with pytest.raises(BenchmarkDataError, match=r"entry 1: a row must be \[picture id, true caption, false caption\]"):
        BENCHMARKS["coco-spatial"].read(tmp_path / "d")


def test_pictures_say_what_is_wrong_with_them(tmp_path):
    with pytest.raises(BenchmarkDataError, match="unpack the benchmark's pictures there"):
        FilePicture(tmp_path / "1.jpg").load()
    with pytest.raises(BenchmarkDataError, match="is a video; put its frames as pictures into the folder"):
        FilePicture(tmp_path / "1.mp4").load()
    with pytest.raises(BenchmarkDataError, match="row 3: these 4 bytes are no picture"):
        decode(b"abcd", "row 3")


def test_faulty_items_are_named_and_left_out(tmp_path):
    row = {"image": "1.jpg", "question": "?", "options": ["left of", "right of"], "answer": "left of"}
    rows = [{**row, "id": 1}, {**row, "id": 2, "answer": "above"}, {**row, "id": 3, "options": ["left of", "left of"]}]
    write_lines(tmp_path / "test.jsonl", [*rows, {**row, "id": 4}, {**row, "id": 4}])
    reading = BENCHMARKS["spatialmqa"].read(tmp_path)
    assert [item.id for item in reading.items] == ["test/1"]
    assert {entry.id: entry.reason.partition(": ")[2] for entry in reading.faulty} == {
        "test/2": "its gold 'above' is not among its options ['left of', 'right of']",
        "test/3": "its option 'left of' repeats",
        "test/4": "its id 'test/4' repeats",
    }
    answers = write_lines(tmp_path / "answers.jsonl", [{"output": "left"}] * 5)
    card = score_predictions(BENCHMARKS["spatialmqa"], reading, match(read_predictions(answers), reading))
    assert (card.items, card.headline.value, len(card.faulty)) == (1, 1.0, 4)


def test_an_nlvr_label_against_its_raters_and_a_shapeworld_label_against_its_world_are_faulty(tmp_path):
    row = {"sentence": "x", "directory": "0", "identifier": "1-0", "label": "false", "evals": {"r0": "true"}}
    write_lines(tmp_path / "nlvr" / "dev.json", [row])
    (entry,) = BENCHMARKS["nlvr"].read(tmp_path / "nlvr").faulty
    assert entry.reason.endswith("its label is false, its raters say true")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "1\n0\n0\n"),
        ("a.csv", "id,prediction\nzeroshot/test/1,false\nzeroshot/test/0,true\nzeroshot/test/2,no\n"),
        ("b.csv", "zeroshot/test/0,1\nzeroshot/test/1,0\nzeroshot/test/2,0\n"),
        ("c.csv", "1\n0\n0\n"),
        ("a.json", '{"zeroshot/test/0": true, "zeroshot/test/1": "No.", "zeroshot/test/2": 0}'),
        ("b.json", '{"test": [{"response": "Yes"}, {"response": "No"}, {"response": "(A)"}]}'),
        ("a.jsonl", '{"pred": 1}\n{"pred": 0}\n{"pred": 0}\n'),
    ],
)
def test_predictions_are_read_in_every_form_by_id_or_row_order(tmp_path, vsr, name, text):
    path = tmp_path / name
    path.write_text(text)
    card = score_predictions(VSR, vsr, match(read_predictions(path), vsr))
    assert card.headline.value == pytest.approx(2 / 3)
    assert card.notes[-1] == "part 'random/dev': no predictions, its 2 items not scored"


def test_missed_items_are_counted_never_silently_scored(tmp_path, vsr):
    path = write_json(tmp_path / "a.json", {"zeroshot/test/0": 1, "somebody's": 1})
    matched = match(read_predictions(path), vsr)
    with pytest.raises(PredictionError, match=r"miss 2 of 3 items \(first zeroshot/test/1, zeroshot/test/2\)"):
        score_predictions(VSR, vsr, matched)
    card = score_predictions(VSR, vsr, matched, allow_missing=True)
    assert (card.headline.value, card.missing, card.unanswered, card.unknown) == (pytest.approx(1 / 3), 2, 0, 1)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"id": "zeroshot/test/0", "pred": 1}] * 2, "id 'zeroshot/test/0' has an answer already"),
        ([{"id": "x1", "pred": 1}], "none of 1 ids is an item's, such as 'x1'; items are called"),
        ([{"id": "zeroshot/test/0", "pred": 1}, {"pred": 1}], "line 2: no id, but 1 of 2 predictions have one"),
        ([{"pred": 1}] * 4, r"4 predictions without ids fit no part .* random/dev 2, zeroshot/test 3; all 5"),
        ([{"pred": [1]}], r"line 1: field 'pred' must be text or a number, got list"),
        ([{"guess": 1}], r"line 1: no answer; the row has 'guess', .* --answer-field"),
    ],
)
def test_predictions_that_do_not_fit_say_why(tmp_path, vsr, rows, message):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(PredictionError, match=message):
        match(read_predictions(path), vsr)


def test_files_that_are_no_predictions_are_refused(tmp_path, vsr):
    with pytest.raises(PredictionError, match="no predictions at"):
        read_predictions(tmp_path / "none.csv")
    (tmp_path / "a.xlsx").write_text("x")
    with pytest.raises(PredictionError, match=r"is no predictions file; known are .csv"):
        read_predictions(tmp_path / "a.xlsx")
    (tmp_path / "a.csv").write_text("id,prediction\n1\n")
    with pytest.raises(PredictionError, match=r"a.csv, line 2: 2 columns expected, got 1"):
        read_predictions(tmp_path / "a.csv")
    (tmp_path / "a.jsonl").write_text("{}\n{\n")
    with pytest.raises(PredictionError, match="line 2: broken JSON"):
        read_predictions(tmp_path / "a.jsonl")
    (tmp_path / "b.csv").write_text("id,prediction\n")
    with pytest.raises(PredictionError, match="holds no predictions"):
        read_predictions(tmp_path / "b.csv")
    with pytest.raises(PredictionError, match="no field 'mine'"):
        read_predictions(write_json(tmp_path / "a.json", [{"pred": 1}]), answer_field="mine")


def test_one_part_can_be_chosen(vsr):
    assert len(only(vsr, "random/dev").items) == 2
    with pytest.raises(BenchmarkDataError, match="no part 'dev' in these files; there are random/dev, zeroshot/test"):
        only(vsr, "dev")


def test_the_leak_check_finds_scenes_pictures_and_questions_seen_in_training(vsr):
    items = [make_item(id="a", scene="FloorPlan7"), make_item(id="b", scene="FloorPlan21"), make_item(id="c")]
    (leak,) = find_leaks(items, Provenance.of_scenes(["FloorPlan7_physics", "FloorPlan8"]))
    assert (leak.kind, leak.items, leak.shared) == ("scene", ("a",), ("FloorPlan7",))
    unnamed = [make_item(id="d", scene="FloorPlan*")]
    assert find_leaks(unnamed, Provenance.of_scenes(["FloorPlan8"])), "no plan is known to be disjoint from it"
    assert not find_leaks(unnamed, Provenance.of_scenes(["house_1"]))
    training = Provenance.of_items(only(vsr, "zeroshot/test").items[:1])
    leaks = {leak.kind: leak.items for leak in find_leaks(vsr.items, training)}
    assert leaks == {
        "picture": ("zeroshot/test/0", "zeroshot/test/1", "zeroshot/test/2"),
        "question": ("zeroshot/test/0",),
    }
